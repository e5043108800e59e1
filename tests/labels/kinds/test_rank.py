from typing import Any

import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.evolve import evolve
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import ItemFacts
from nbtools.labels.suggestion import Suggestion, outcome
from nbtools.labels.task import check, declare

FIXED = declare("order", "rank", ["a", "b", "c"])
TIES = declare("order", "rank", settings={"of": ["x", "y", "z"], "ties": True})
TOP = declare("order", "rank", ["a", "b", "c"], settings={"top": 2})


def item(**columns: Any) -> ItemFacts:
    return ItemFacts("record", read_columns=lambda: columns)


def test_the_best_stands_first_and_those_that_are_even_in_the_order_of_the_task() -> None:
    assert check(FIXED, ("c", "a", "b")) == ["c", "a", "b"]
    assert check(TIES, [["z", "x"], ["y"]]) == [["x", "z"], "y"]
    assert check(TOP, ["c", "a"]) == ["c", "a"]
    assert (TIES.settings["shuffle"], FIXED.settings["shuffle"]) == (True, False)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("abc", "takes a list, the best first"),
        (["a", "b"], "ranks 3 of 3, and 'c' wait for a place"),
        (["a", "b", "d"], "'d' is no option of 'order'"),
        (["a", "a", "b"], "'a' is there twice"),
        (["a", ["b", "c"]], "takes no ties"),
        ([["a"], [], "b"], "takes names, or lists of those that are even"),
        ([], "ranks 3 of 3"),
        ([1, 2, 3], "takes names"),
    ],
)
def test_what_is_no_order_is_refused(value: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(FIXED, value)


def test_a_top_few_are_that_many() -> None:
    with pytest.raises(LabelError, match="ranks 2 of 3"):
        check(TOP, ["a"])
    with pytest.raises(LabelError, match="ranks the best 2, and this ranks 3"):
        check(TOP, ["a", "b", "c"])


def test_an_item_is_ranked_by_what_it_has() -> None:
    assert check(TIES, ["y", "x"], item(x="1", y="2", z=None)) == ["y", "x"]
    with pytest.raises(LabelError, match="ranks 3 of 3, and 'z' wait"):
        check(TIES, ["y", "x"], item(x="1", y="2", z="3"))
    with pytest.raises(LabelError, match="this item has no 'z': skip it"):
        check(TIES, ["y", "x", "z"], item(x="1", y="2"))
    with pytest.raises(LabelError, match="'w' is no candidate of 'order', which has x, y, z"):
        check(TIES, ["w"])


@pytest.mark.parametrize(
    ("options", "settings", "words"),
    [
        (["a"], {}, "ranks 2 to 20 options"),
        ([], {}, "ranks 2 to 20 options"),
        (["a", "b"], {"of": ["x", "y"]}, "has both: leave out one"),
        ([], {"of": ["x"]}, "2 to 20 columns"),
        (["a", "b"], {"top": 0}, "whole number from 1"),
        (["a", "b"], {"ties": "yes"}, "True or False"),
    ],
)
def test_tasks_that_cannot_be_are_refused(options: list[str], settings: dict[str, object], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("t", "rank", options, settings=settings)


def test_options_that_become_one_stand_where_the_better_stood() -> None:
    kind = kind_of("rank")
    assert kind.merged(FIXED, ["c", "a", "b"], {"b": "c"}) == ["c", "a"]
    assert kind.merged(TIES, [["x", "y"], "z"], {"y": "x"}) == ["x", "z"]
    assert kind.used(["c", ["a", "b"]]) == {"a", "b", "c"}
    with pytest.raises(SchemaError, match="ranks 2 to 20 options"):
        evolve(FIXED, ["a"], retire=["b", "c"])


def test_tables_show_the_order() -> None:
    assert kind_of("rank").words(FIXED, ["c", ["a", "b"]]) == "c > a = b"
    assert kind_of("rank").words(FIXED, {"ranking": ["c", "a", "b"], "shown": ["a", "b", "c"]}) == "c > a > b"


def test_how_they_stood_is_kept_and_no_part_of_the_answer() -> None:
    kind = kind_of("rank")
    there = {"ranking": ["y", ["x", "z"]], "shown": ["z", "y", "x"]}
    kept = check(TIES, {**there, "ranking": ["y", ("z", "x")]})
    assert kept == there == check(TIES, kept)
    assert check(TIES, {"ranking": kept["ranking"], "shown": None}) == check(TIES, there["ranking"]) == kept["ranking"]
    assert kind.answer(kept) == kind.truth(kept) == kind.answer(["y", ["x", "z"]]) == ["y", ["x", "z"]]
    assert kind.used({"ranking": ["c", "a"], "shown": ["a", "b", "c"]}) == {"a", "c"}
    merged = kind.merged(FIXED, {"ranking": ["c", "a", "b"], "shown": ["b", "a", "c"]}, {"b": "c"})
    assert merged == {"ranking": ["c", "a"], "shown": ["c", "a"]}
    suggested = Suggestion("a" * 32, "m", ["y", ["x", "z"]])
    assert outcome(TIES, suggested, kept, "labeled", rejected=False)["outcome"] == "accepted"


def test_an_option_that_was_retired_may_have_stood_there() -> None:
    task = evolve(FIXED, ["a", "b"], retire=["c"])
    assert task is not None
    assert check(task, {"ranking": ["b", "a"], "shown": ["c", "a", "b"]})["shown"] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("abc", "shown is 'abc': it names each candidate once, in the order in which they stood; leave it out if unk"),
        (["a", "b"], "shown is"),
        (["a", "b", "c", "c"], "shown is"),
        (["a", "b", "c", "d"], "shown is"),
        (["a", "b", ["c"]], "shown is"),
        (7, "shown is '7'"),
    ],
)
def test_how_they_cannot_have_stood_is_refused(shown: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(FIXED, {"ranking": ["c", "a", "b"], "shown": shown})
    with pytest.raises(LabelError, match="the value has no 'order'; it has ranking, shown: leave it out"):
        check(FIXED, {"order": ["c", "a", "b"]})
