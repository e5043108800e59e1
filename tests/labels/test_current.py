import random

from hypothesis import given
from hypothesis import strategies as st

from nbtools.labels.act import Act
from nbtools.labels.current import Answer, answer_of, before, distinct, latest, rank, resolve


def act(name: str, value: str | None, follows: str | None = None, at: str = "", *, undoes: str | None = None) -> Act:
    status = "labeled" if value is not None else "cleared"
    return Act(
        name, task="t", item="i", annotator="a", value=value, status=status, supersedes=follows, undoes=undoes,
        received_at=at or None, writer="w", line=int(name[1:]),
    )  # fmt: skip


def naive(acts: list[Act]) -> tuple[str | None, set[str]]:
    """Return head and conflicts as the rule reads, without any table."""
    unique: list[Act] = []
    for one in sorted(acts, key=rank):
        if one.act not in [other.act for other in unique]:
            unique.append(one)
    names = [one.act for one in unique]
    chain: list[Act] = []
    roots = [one for one in unique if one.supersedes not in names]
    candidates = roots or unique
    while candidates:
        chain.append(min(candidates, key=rank))
        candidates = [one for one in unique if one.supersedes == chain[-1].act and one not in chain]
    if not chain:
        return None, set()
    head = chain[-1]
    said = (head.value, head.status)
    return head.act, {one.act for one in unique if one not in chain and (one.value, one.status) != said}


@st.composite
def sets_of_acts(draw: st.DrawFn) -> list[Act]:
    count = draw(st.integers(0, 8))
    acts = []
    for number in range(count):
        follows = draw(st.sampled_from([None, "a99", *(f"a{other}" for other in range(count))]))
        value = draw(st.sampled_from(["x", "y", None]))
        acts.append(act(f"a{number}", value, follows, draw(st.sampled_from(["", "1", "2"]))))
    return acts


@given(sets_of_acts(), st.randoms(use_true_random=False))
def test_the_head_is_that_of_the_rule_in_any_order_and_with_any_repeated(acts: list[Act], rng: random.Random) -> None:
    head, conflicts = resolve(acts)
    expected = naive(acts)
    assert ((head and head.act), {one.act for one in conflicts}) == expected
    shuffled = acts + rng.choices(acts, k=len(acts)) if acts else []
    rng.shuffle(shuffled)
    again = resolve(shuffled)
    assert ((again.head and again.head.act), {one.act for one in again.conflicts}) == expected


def test_an_act_that_follows_the_head_is_the_head() -> None:
    acts = [act("a1", "x"), act("a2", "y", "a1"), act("a3", "x", "a2")]
    assert resolve(acts).head == acts[2]


def test_of_two_that_follow_the_same_act_the_first_is_current_and_the_other_a_conflict() -> None:
    acts = [act("a1", "x"), act("a3", "z", "a1", "2"), act("a2", "y", "a1", "1")]
    assert resolve(acts) == (acts[2], (acts[1],))


def test_two_that_say_the_same_are_no_conflict() -> None:
    acts = [act("a1", "x"), act("a2", "y", "a1"), act("a3", "y", "a1")]
    assert resolve(acts) == (acts[1], ())


def test_an_act_whose_predecessor_is_lost_counts_as_the_first() -> None:
    alone = act("a5", "x", "a4")
    assert resolve([alone]).head == alone


def test_of_one_id_twice_the_first_counts() -> None:
    first, second = act("a1", "x", at="1"), act("a1", "y", at="2")
    assert resolve([second, first]).head is not None
    assert distinct([second, first])["a1"].value == "x"


def test_acts_in_a_circle_have_a_head() -> None:
    circle = [act("a1", "x", "a2"), act("a2", "y", "a1")]
    assert resolve(circle) == (circle[1], ())


def test_a_clock_that_runs_back_does_not_change_the_chain() -> None:
    acts = [act("a1", "x", at="9"), act("a2", "y", "a1", at="1")]
    assert resolve(acts).head == acts[1]


def test_undo_brings_back_what_was_before_and_redo_what_was_undone() -> None:
    one, two = act("a1", "x"), act("a2", "y", "a1")
    known = {"a1": one, "a2": two}
    assert before(known, "a2") == Answer("x", "labeled")
    undo = act("a3", "x", "a2", undoes="a2")
    assert before(known | {"a3": undo}, "a3") == Answer("y", "labeled")


def test_undoing_the_first_act_clears() -> None:
    assert before({"a1": act("a1", "x")}, "a1") == Answer(None, "cleared") == answer_of(None)


def test_of_excluding_and_including_the_last_counts() -> None:
    acts = [act("a2", "y", at="2"), act("a1", "x", at="1")]
    assert latest(acts) == acts[0]
    assert latest([]) is None
