import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.orders.mixing import GOLD, RANDOM, RANKED, REST, Arrangement, Mix, arranged, room_for_gold

MANY = settings(max_examples=60, deadline=None)


def mixed(ranked: list[int], rest: list[int] | None = None, **more: object) -> Arrangement:
    given: dict[str, object] = {"rng": random.Random(7), "name": "margin", "round": 2, "scores": ()} | more
    scores = given.pop("scores")
    return arranged(ranked, scores, rest or [], **given)  # type: ignore[arg-type]


@MANY
@given(st.data())
def test_every_slot_comes_once_and_what_was_shown_stays_at_the_front(data: st.DataObject) -> None:
    slots = data.draw(st.permutations(range(data.draw(st.integers(0, 60)))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(slots)), min_size=2, max_size=2)))
    ranked, rest, gold = slots[: cuts[0]], slots[cuts[0] : cuts[1]], slots[cuts[1] :]
    shown = data.draw(st.lists(st.sampled_from(slots), unique=True) if slots else st.just([]))
    mix = Mix(data.draw(st.sampled_from([0.0, 0.1, 0.5])), gold, data.draw(st.sampled_from([0.0, 0.05, 0.5])))
    found = mixed(ranked, rest, shown=shown, mix=mix, scores=[float(one) for one in ranked])
    assert found.slots[: len(shown)].tolist() == shown
    assert found.begin == len(shown)
    assert len(set(found.slots)) == len(found.slots) == len(found.kinds) == len(found.ranks) == len(found.scores)
    assert {*ranked, *rest} <= {*found.slots}
    assert all(slot in gold for slot, kind in zip(found.slots, found.kinds, strict=True) if kind == GOLD)
    assert [found.place(slot) for slot in found.slots] == list(range(len(found.slots)))
    # A rank and a score are those that the ranker gave, wherever the item stands now.
    for place in range(len(shown), len(found.slots)):
        if found.kinds[place] == RANKED:
            assert ranked[found.ranks[place] - 1] == found.slots[place] == found.scores[place]


def test_without_shares_it_is_the_ranking_and_then_the_rest() -> None:
    found = mixed([3, 1], [0, 2], scores=[0.5, float("nan")])
    assert found.slots.tolist() == [3, 1, 0, 2]
    assert [found.why(place) for place in range(4)] == [
        {"order": "margin", "rank": 1, "score": 0.5, "round": 2},
        {"order": "margin", "rank": 2, "round": 2},
        None,
        None,
    ]


def test_the_ranked_keep_their_order_between_the_random() -> None:
    found = mixed(list(range(1000)), mix=Mix(random_share=0.2))
    ranked = [slot for slot, kind in zip(found.slots, found.kinds, strict=True) if kind == RANKED]
    drawn = [slot for slot, kind in zip(found.slots, found.kinds, strict=True) if kind == RANDOM]
    assert ranked == sorted(ranked)
    assert 150 < len(drawn) < 250
    # At random from all, not from the front of the ranking: half of the first draws are from its lower half.
    assert 30 < sum(slot >= 500 for slot in drawn[:100]) < 80
    assert found.why(found.kinds.index(RANDOM)) == {"random": True}


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 0.5])
def test_of_each_stretch_one_is_gold(share: float) -> None:
    found = mixed(list(range(190)), mix=Mix(gold=range(1000, 1000 + room_for_gold(190, share)), gold_share=share))
    places = [place for place, kind in enumerate(found.kinds) if kind == GOLD]
    assert len(places) == pytest.approx(len(found.slots) * share, abs=1)
    assert [found.slots[place] for place in places] == list(range(1000, 1000 + len(places)))
    assert all(number - share < place * share < number + 1 for number, place in enumerate(places))
    assert found.why(places[0]) == {"gold": True}


def test_gold_that_was_shown_is_not_mixed_in_again() -> None:
    found = mixed([1, 2, 3], shown=[9], mix=Mix(gold=[9, 8], gold_share=0.25))
    assert sorted(found.slots) == [1, 2, 3, 8, 9]
    assert found.kinds[0] == REST
    assert found.kinds.count(GOLD) == 1


def test_gold_for_which_there_is_no_stretch_stands_at_the_end() -> None:
    assert mixed([1, 2], mix=Mix(gold=[7, 8, 9], gold_share=0.1)).slots[-2:].tolist() == [8, 9]
