"""The order of a session's items, ranked beside the person's work."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from nbtools import orders
from nbtools.dataset import Dataset
from nbtools.dataset.ordering import Line
from nbtools.dataset.session import Session
from nbtools.errors import LabelError, OrderError, QueryError
from nbtools.orders.wanted import Wanted
from nbtools.storage import new_ulid
from tests.store.making import item, make

IDS = [item(number) for number in range(40)]


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    ds = make(tmp_path, 40, lambda number: {"site": f"s{number % 2}", "size": str(40 - number)})
    ds.task("species", "choice", ["jay", "rook"])
    return ds


class Page:
    """What a page does, without one: follows the cursor, labels, and hears of the order."""

    def __init__(self, ds: Dataset, who: str | None = "anna", **wanted: Any) -> None:
        where = wanted.pop("where", None)
        items = wanted.pop("items", None)
        mode = wanted.pop("mode", "new")
        self.heard = threading.Event()
        self.session = Session(
            ds,
            "species",
            annotator=who,
            wanted=Wanted(**wanted),
            tell=self.heard.set,
            where=where,
            items=items,
            mode=mode,
        )
        self.cursor: list[int] | None = None

    @property
    def line(self) -> Line:
        """What is said of the order."""
        assert self.session._ordering is not None
        assert self.session._ordering.line is not None
        return self.session._ordering.line

    def wait(self) -> Line:
        """Wait for the next line on the order."""
        assert self.heard.wait(20)
        self.heard.clear()
        return self.line

    def fetch(self, count: int) -> list[int]:
        """Return the positions of the next items."""
        page = self.session.fetch(self.cursor, count)
        self.cursor = page.cursor
        return [view["position"] for view in page.items]

    def label(self, *numbers: int, value: str = "jay") -> list[dict[str, Any]]:
        """Label items."""
        acts = [
            {"act": new_ulid(), "item": IDS[number], "kind": "label", "schema": 1, "status": "labeled", "value": value}
            for number in numbers
        ]
        return self.session.record(acts)

    def all(self) -> list[int]:
        """Return the positions of everything, from the start."""
        self.cursor = None
        found = self.fetch(15)
        while (more := self.session.fetch(self.cursor, 15)).items:
            self.cursor = more.cursor
            found += [view["position"] for view in more.items]
        return found


def whys(ds: Dataset) -> dict[int, Any]:
    return {IDS.index(act.item or ""): act.why for act in ds._index.history("species") if act.origin == "person"}


def by_number(scores: Callable[[int], float]) -> Callable[[Sequence[str], Any], list[float]]:
    def mine(ids: Sequence[str], context: Any) -> list[float]:
        return [scores(IDS.index(one)) for one in ids]

    return mine


def test_without_an_order_items_come_as_they_are_and_nothing_is_written(ds: Dataset) -> None:
    page = Page(ds)
    assert page.all() == list(range(40))
    assert page.session.describe()["order"] is None
    page.label(3)
    assert whys(ds) == {3: None}


def test_shuffled_is_the_same_for_the_same_seed(ds: Dataset) -> None:
    first = Page(ds, order="shuffled").all()
    assert sorted(first) == list(range(40)) != first
    assert Page(ds, "ben", order="shuffled").all() == first
    assert Page(ds, order=orders.Shuffled(1)).all() != first


def test_leaving_items_out_shuffles_none_of_the_others(ds: Dataset) -> None:
    first = Page(ds, order="shuffled").all()
    ds.exclude(IDS[7])
    Page(ds).label(9)
    assert Page(ds, order="shuffled").all() == [one for one in first if one not in (7, 9)]


def test_by_column_numbers_in_texts_count_as_numbers(ds: Dataset) -> None:
    assert Page(ds, order="column:size").all() == list(range(39, -1, -1))
    assert Page(ds, order=orders.Column("size", descending=True)).all() == list(range(40))
    assert Page(ds, order="column:site").all() == [*range(0, 40, 2), *range(1, 40, 2)]
    with pytest.raises(QueryError, match=r"'sites' is no column to order by; did you mean 'site'\?"):
        Page(ds, order="column:sites")


def test_items_and_where_are_put_in_order_too(ds: Dataset) -> None:
    assert Page(ds, order="column:size", where="site = 's0'").all() == list(range(38, -1, -2))
    assert Page(ds, order="column:size", items=[IDS[3], IDS[20], IDS[5]]).all() == [20, 5, 3]


def test_a_label_says_why_its_item_was_shown(ds: Dataset) -> None:
    page = Page(ds, order=orders.Uncertainty("margin", {one: [number / 39] for number, one in enumerate(IDS)}))
    assert page.fetch(4) == [19, 20, 18, 21]
    page.label(19, 21, 2)
    assert whys(ds) == {
        19: {"order": "margin", "rank": 1, "score": 0.974359, "round": 1},
        21: {"order": "margin", "rank": 4, "score": 0.923077, "round": 1},
        2: None,  # nobody handed it out
    }
    line = page.line
    assert (line.name, line.round, line.failed) == ("margin", 1, None)


def test_why_is_not_believed_from_the_page_and_stays_small(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float))
    (number,) = page.fetch(1)
    act = {"act": new_ulid(), "item": IDS[number], "kind": "label", "schema": 1, "status": "skipped", "value": None}
    page.session.record([{**act, "why": {"gold": True}}])
    (written,) = [one for one in ds._index.history("species") if one.type == "label"]
    assert written.why == {"order": "mine", "rank": 1, "score": 39.0, "round": 1}
    assert len(json.dumps(written.why)) < 80


def test_after_so_many_labels_the_rest_is_ranked_anew_and_what_was_handed_out_stays(ds: Dataset) -> None:
    calls: list[list[int]] = []

    def rank(ids: Sequence[str], context: orders.Context) -> list[float]:
        calls.append(sorted(IDS.index(one) for one in ids))
        sign = 1 if len(context.labels) < 2 else -1
        return [sign * float(IDS.index(one)) for one in ids]

    page = Page(ds, order=rank, every=2)
    assert page.fetch(4) == [39, 38, 37, 36]
    page.label(39)
    page.label(38)
    line = page.wait()
    assert (line.name, line.round, line.failed) == ("rank", 2, None)
    assert calls == [list(range(40)), list(range(38))]
    assert page.fetch(3) == [0, 1, 2]
    page.label(37, 0)
    assert page.wait().round == 3
    assert whys(ds)[37]["round"] == 1
    assert whys(ds)[0] == {"order": "rank", "rank": 1, "score": -0.0, "round": 2}
    # A page that is opened anew gets what it had not labeled first.
    page.cursor = None
    assert page.fetch(4) == [36, 1, 2, 3]
    assert sorted(page.all()) == [one for one in range(40) if one not in (39, 38, 37, 0)]


def test_what_was_asked_for_again_is_not_taken_as_handed_out(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float), every=1)
    assert page.fetch(1) == [39]
    cursor = page.cursor
    assert page.fetch(10)[-1] == 29
    page.cursor = cursor
    assert page.fetch(2) == [38, 37]
    page.label(39)
    page.wait()
    assert page.fetch(2) == [36, 35]


def test_what_a_ranker_leaves_out_follows_in_the_order_of_before(ds: Dataset) -> None:
    assert Page(ds, order=lambda ids, _: [ids[5], ids[1]]).all()[:5] == [5, 1, 0, 2, 3]


def test_skipped_items_come_last_in_that_order(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float))
    acts = [{"act": new_ulid(), "item": IDS[n], "kind": "label", "schema": 1, "status": "skipped", "value": None}
            for n in (39, 12, 20)]  # fmt: skip
    page.session.record(acts)
    assert page.all()[-3:] == [39, 20, 12]


def test_a_ranker_that_raises_leaves_the_order_as_it_is_and_says_so(ds: Dataset) -> None:
    def rank(ids: Sequence[str], context: orders.Context) -> list[str]:
        if context.round > 1:
            raise ZeroDivisionError("no\nway")
        return list(reversed(ids))

    page = Page(ds, order=rank, every=1)
    assert page.fetch(2) == [39, 38]
    page.label(39)
    line = page.wait()
    assert (line.round, line.failed) == (1, "ZeroDivisionError: no way")
    assert page.session.describe()["order"] == {
        "text": "The items could not be ordered by rank: ZeroDivisionError: no way. The order of {at} stays.",
        "at": line.at,
        "failed": True,
    }
    assert page.fetch(2) == [37, 36]
    page.label(38)
    page.wait()
    assert whys(ds)[38]["round"] == 1


def test_a_ranker_that_raises_at_first_leaves_the_order_of_the_dataset(ds: Dataset) -> None:
    page = Page(ds, order="margin")
    assert page.fetch(2) == [0, 1]
    page.label(0)
    line = page.line
    assert (line.round, line.at) == (0, None)
    assert "and none are known: ds.suggest takes a table" in str(line.failed)
    assert whys(ds) == {0: None}


def test_a_ranker_that_stalls_is_given_up(ds: Dataset) -> None:
    let_go = threading.Event()
    runs: list[int] = []

    def rank(ids: Sequence[str], context: orders.Context) -> list[str]:
        runs.append(context.round)
        if len(runs) > 1:
            let_go.wait(20)
        return list(reversed(ids))

    try:
        page = Page(ds, order=orders.Ranker(rank, seconds=0.05), every=1)
        page.label(0)
        assert page.wait().failed == "it took longer than 0.05 s"
        page.label(1)
        # Beside one that still runs no other is begun.
        assert runs == [1, 2]
        assert page.fetch(2) == [39, 38]
    finally:
        let_go.set()


def test_a_random_share_is_mixed_in(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float), random_share=0.3)
    page.label(*page.all())
    found = list(whys(ds).values())
    assert 4 < found.count({"random": True}) < 20
    assert all(one == {"random": True} or one["order"] == "mine" for one in found)


def test_gold_is_mixed_in_and_nothing_in_the_messages_tells_it(ds: Dataset) -> None:
    ds.record("species", dict.fromkeys(IDS[30:], "rook"), origin="adjudication", annotator="judge")
    page = Page(ds, gold=True, gold_share=0.25)
    assert page.session.counts()["total"] == 40
    first = page.session.fetch(None, 16)
    plain = Page(ds, order="shuffled").session.fetch(None, 16)
    assert [view.keys() for view in first.items] == [view.keys() for view in plain.items]
    told = json.dumps([first.items, page.session.describe(), page.label(*[one["position"] for one in first.items])])
    assert "gold" not in told
    assert "judge" not in told
    assert [one["position"] >= 30 for one in first.items].count(True) == 4
    assert {number for number, why in whys(ds).items() if why == {"gold": True}} == {
        one["position"] for one in first.items if one["position"] >= 30
    }


def test_gold_has_no_more_than_its_share_and_the_rest_is_not_asked_for(ds: Dataset) -> None:
    page = Page(ds, gold=IDS[20:], gold_share=0.2)
    assert page.session.counts() == {"total": 25, "labeled": 0, "skipped": 0, "left": 25}
    assert len(page.all()) == 25
    ben = Page(ds, "ben", gold=IDS[20:], gold_share=0.2)
    assert {one for one in page.all() if one >= 20} != {one for one in ben.all() if one >= 20}


def test_gold_need_not_be_of_the_selection(ds: Dataset) -> None:
    gold = {IDS[1]: "jay", IDS[3]: "rook"}
    assert sum(one in (1, 3) for one in Page(ds, where="site = 's0'", gold=gold, gold_share=0.1).all()) == 2
    assert sorted(Page(ds, items=IDS[10:14], gold=gold, gold_share=0.5).all()) == [1, 3, 10, 11, 12, 13]


def test_gold_stays_gold_when_the_rest_is_ranked_anew(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float), every=3, gold=IDS[:10], gold_share=0.25)
    before = page.session.counts()["total"]
    done: list[int] = []
    while batch := page.fetch(3):
        page.label(*batch)
        done += batch
        if page.session.counts()["left"]:
            page.wait()
    assert len(done) == len(set(done)) == before == 40
    assert {number for number, why in whys(ds).items() if why == {"gold": True}} == set(range(10))


def test_each_annotator_s_gold_is_told(ds: Dataset) -> None:
    answers = dict.fromkeys(IDS[30:], "rook")
    for who, value in (("anna", "rook"), ("ben", "jay")):
        page = Page(ds, who, gold=answers, gold_share=0.25)
        page.label(*page.all(), value=value)
    table = ds.gold("species", answers)
    assert table.to_dict("records") == [
        {"annotator": "anna", "n": 10, "correct": 10, "share": 1.0},
        {"annotator": "ben", "n": 10, "correct": 0, "share": 0.0},
    ]
    assert ds.gold("species").empty
    ds.record("species", {IDS[30]: "jay"}, origin="adjudication", annotator="judge")
    assert ds.gold("species")["share"].tolist() == [0.0, 1.0]


def test_who_labels_is_said_later(ds: Dataset) -> None:
    Page(ds, "anna").label(*range(5))
    page = Page(ds, None, order=by_number(lambda number: -number), gold=IDS[20:], gold_share=0.2)
    page.session.introduce("anna")
    assert page.line.round == 1, "what was ranked holds for whoever labels"
    found = page.all()
    assert [one for one in found if one < 20] == list(range(5, 20))
    assert len(found) == 19


def test_what_is_ranked_anew_follows_when_the_items_are_others(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float))
    assert page.fetch(1) == [39]
    ds.exclude(IDS[38])
    assert page.session.counts()["total"] == 39
    assert page.wait().round == 2
    assert page.all()[:3] == [39, 37, 36]


def test_an_order_for_a_review_goes_through_each_once(ds: Dataset) -> None:
    ds.record("species", dict.fromkeys(IDS[:6], "jay"))
    page = Page(ds, order=by_number(float), mode="review", every=2)
    assert page.fetch(2) == [5, 4]
    page.label(5, 4)
    page.wait()
    assert page.fetch(9) == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"order": "margins"}, "order='margins' is none of"),
        ({"order": "margin", "every": 0}, "every=0: a number of labels such as 50"),
        ({"random_share": 1.5}, "random_share=1.5: a share from 0 to 1"),
        ({"gold": True, "gold_share": 1}, "gold_share=1: a share above 0 and below 1"),
        ({"gold": "abc"}, "gold='abc': True for all adjudicated items"),
        ({"gold": True}, "gold=True takes the adjudicated items of 'species', and there are none: ds.record"),
        ({"gold": IDS[:2], "mode": "review"}, "leave it out of a review"),
    ],
)
def test_what_cannot_be_so_is_refused(ds: Dataset, wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(OrderError, match=words):
        Page(ds, **wanted)


def test_a_gold_answer_is_an_answer(ds: Dataset) -> None:
    with pytest.raises(LabelError, match=f"the gold answer of {IDS[0]}: "):
        Page(ds, gold={IDS[0]: "crow"})


def test_a_ranker_is_told_what_there_is(ds: Dataset) -> None:
    ds.record("species", {IDS[3]: "rook"}, annotator="ben")
    seen: list[orders.Context] = []

    def rank(ids: Sequence[str], context: orders.Context) -> Sequence[str]:
        seen.append(context)
        return ids

    Page(ds, order=rank, every=None)
    (context,) = seen
    assert context.labels == {IDS[3]: {"ben": "rook"}}
    assert context.attributes[IDS[4]] == {"site": "s0", "size": "36"}
    assert (context.task, context.options, context.round, context.needed) == ("species", ("jay", "rook"), 1, 40)


def test_uncertainty_and_disagreement_come_from_suggestions(ds: Dataset) -> None:
    sure = [{"id": one, "jay": number / 39, "rook": 1 - number / 39} for number, one in enumerate(IDS)]
    ds.suggest("species", sure, model="resnet")
    assert Page(ds, order="margin").fetch(4) == [19, 20, 18, 21]
    # A model that is only sure of its own value; the newest counts.
    ds.suggest("species", [{"id": IDS[7], "value": "jay", "score": 0.5}], model="vit")
    assert Page(ds, order="entropy").fetch(3) == [7, 19, 20]
    ds.suggest("species", [{"id": IDS[0], "value": "jay", "score": 0.9}], model="vit")
    assert Page(ds, order=orders.Disagreement("suggestions")).fetch(2) == [0, 7]


def test_items_that_are_added_meanwhile_are_put_in_order(ds: Dataset) -> None:
    page = Page(ds, order="column:size")
    assert page.fetch(2) == [39, 38]
    ds.exclude(IDS[37])
    assert page.all() == [one for one in range(39, -1, -1) if one != 37]


def test_what_a_ranker_chose_is_told_from_what_chance_did(ds: Dataset) -> None:
    """A split names what it tests on of the first."""
    page = Page(ds, order=by_number(float), random_share=0.3, gold=IDS[:4], gold_share=0.2)
    page.label(*page.all())
    ben = Page(ds, "ben", order="shuffled")
    ben.label(*ben.fetch(9))
    # Corrected by a later kernel, which no longer knows why.
    Page(ds).label(39, value="rook")
    chosen = ds._index.ranked("species")
    acts = [act for act in ds._index.history("species") if act.origin == "person"]
    ranked = {act.item for act in acts if act.annotator == "anna" and (act.why or {}).get("order") == "mine"}
    assert IDS[39] in ranked
    assert 15 < len(ranked) < 36
    assert {act.act for act in acts if act.annotator == "anna" and act.item in ranked} == chosen


def test_a_grid_is_in_that_order_too_and_its_labels_say_why(ds: Dataset) -> None:
    page = Page(ds, order=by_number(float), gold=IDS[:4], gold_share=0.1)
    views, total = page.session.grid(0, 12, unlabeled=True, fresh=True)
    found = [view["position"] for view in views]
    assert (total, len(found)) == (40, 12)
    assert [one for one in found if one >= 4] == list(range(39, 39 - sum(one >= 4 for one in found), -1))
    page.label(*found)
    told = whys(ds)
    assert {one for one in found if told[one] == {"gold": True}} == {one for one in found if one < 4} != set()
    assert told[39] == {"order": "mine", "rank": 1, "score": 39.0, "round": 1}


def test_an_order_without_a_ranker_loads_nothing_heavy(ds: Dataset) -> None:
    ds.record("species", {IDS[0]: "jay"}, origin="adjudication", annotator="judge")
    program = f"""
import sys
from nbtools.dataset import Dataset
from nbtools.dataset.ordering import Line
from nbtools.dataset.session import Session
from nbtools.orders.wanted import Wanted
for order in ("shuffled", "column:size", "sequential"):
    wanted = Wanted(order, random_share=0.1, gold=True)
    assert len(Session(Dataset({str(ds.path)!r}), "species", annotator="anna", wanted=wanted).fetch(None, 9).items) == 9
assert not {{"numpy", "pandas", "pyarrow", "skactiveml"}} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
