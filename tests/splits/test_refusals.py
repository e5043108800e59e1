"""Bad input is refused, with the value and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbtools.errors import SplitError
from nbtools.splits import HashSplit, KFoldSplit, LedgerSplit, PredefinedSplit, TimeSplit

HALVES = {"train": 0.5, "test": 0.5}
IDS = ["a", "b", "c", "d"]


def refused(call: Callable[[], object], message: str) -> None:
    """Check that a call is refused with these words."""
    with pytest.raises(SplitError, match=message):
        call()


@pytest.mark.parametrize(
    ("ratios", "message"),
    [
        ({"train": 1.2, "test": -0.2}, "ratio of 'test' is -0.2: it is a number above 0"),
        ({"train": 1.0, "test": 0.0}, "leave out a split of nothing"),
        ({"train": float("nan"), "test": 0.5}, "ratio of 'train' is nan"),
        ({"train": float("inf"), "test": 0.5}, "ratio of 'train' is inf"),
        ({"train": "0.5", "test": 0.5}, "ratio of 'train' is '0.5'"),
        ({"train": True, "test": 0.5}, "ratio of 'train' is True"),
        ({"train": 0.8, "test": 0.1}, r'add up to 0.9, not to 1: {"train": 0.888889, "test": 0.111111}, say'),
        ({"train": 80, "val": 10, "test": 10}, 'not to 1: {"train": 0.8, "val": 0.1, "test": 0.1}, say'),
        ({"train": 1.0}, "has 1 split: name two or more"),
        ({}, "has 0 split"),
        ([0.8, 0.2], "a mapping from name to share"),
        ({"../x": 0.5, "test": 0.5}, "'../x' cannot be the name of a split"),
        ({"quarantine": 0.5, "test": 0.5}, "'quarantine' cannot be the name"),
        ({7: 0.5, "test": 0.5}, "7 cannot be the name"),
        ({"Test": 0.5, "test": 0.5}, "would be one file where case does not count"),
    ],
)
def test_ratios(ratios: Any, message: str) -> None:
    refused(lambda: LedgerSplit(ratios).assign(IDS), message)
    refused(lambda: HashSplit(ratios).assign(IDS), message)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([], "there are no items to split"),
        (["a", "b", "a"], "'a' more than once, and 1 repeats"),
        ([1, 2, "2"], "the number 1 and the text '2': 7 and '7' look alike"),
        ([1, "1", "b"], "the number 1 and the text '1'"),
        (["a", None], "None, which is no id"),
        ([1.0, 2.0], "1.0, which is no id"),
        (np.array([1.0, 2.0]), "such as 1.0 are no ids"),
        ([True, False], "True, which is no id"),
        (np.array([["a"], ["b"]]), r"shape \(2, 1\)"),
        ("abc", "is no list of ids"),
        (7, "is no list of ids"),
    ],
)
def test_ids(ids: Any, message: str) -> None:
    refused(lambda: LedgerSplit(HALVES).assign(ids), message)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["x", "y", None, "z"], r"1 of 4 items have no value in the group column 'group', the first is 'c'"),
        (["x", "y", "nan", "z"], 'missing="alone"'),
        (["x", "", " ", "None"], "3 of 4 items have no value"),
        ({"site": [1.0, np.nan, 2.0, 3.0]}, "group column 'site'"),
        ([["x"], [], ["y"], ["z", None]], "the first is 'b'"),
        (["x", "x", "x", "x"], "all 4 items are one unit, and 2 splits need as many"),
        (["x", "y"], "group column 'group' has 2 values for 4 items"),
        ([7, "7", 8, 9], "int 7 and the text '7'"),
        ([True, 1, 2, 3], "make the column one type|truth values and numbers"),
        ("site", "groups='site' is no column|group='site' is no column"),
        (pd.DataFrame([[1, 2]] * 4, columns=["a", "a"]), "two group columns are named 'a'"),
    ],
)
def test_groups(groups: Any, message: str) -> None:
    refused(lambda: LedgerSplit(HALVES).assign(IDS, groups), message)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LedgerSplit(HALVES).assign(IDS, strata=["x", "x", "x", "y"]), "one item only has stratum 'y'"),
        (lambda: LedgerSplit(HALVES).assign(IDS, strata={"s": [["x"], ["x", "y"], [], []]}), 'or pass rare="keep"'),
        (lambda: LedgerSplit(HALVES, rare="drop").assign(IDS), "rare='drop' is no choice"),
        (lambda: LedgerSplit(HALVES, missing="drop").assign(IDS, IDS), "missing='drop' is none of 'alone', 'together'"),
        (lambda: LedgerSplit(HALVES, bins=1).assign(IDS, strata=IDS), "bins=1: numbers are cut into 2"),
        (lambda: LedgerSplit(HALVES).assign(range(30), strata=[*np.arange(29.0), np.inf]), "holds infinity"),
        (lambda: LedgerSplit(HALVES).assign([1]), "all 1 items are one unit"),
        (lambda: LedgerSplit({"a": 0.3, "b": 0.3, "c": 0.4}).assign([1, 2]), "the items are 2 units, and 3 splits"),
        (lambda: LedgerSplit(HALVES).assign([1, 2], extends={"1": "train"}), "text ids such as '1', and the items int"),
        (lambda: LedgerSplit(HALVES).assign(IDS, extends={"a": "tets"}), "the split 'tets'; did you mean 'test'"),
        (lambda: LedgerSplit(HALVES).assign(IDS, extends={"a": None}), "the split None"),
        (lambda: LedgerSplit(HALVES).assign(IDS, extends=["train"]), "extends=list is no Series"),
        (lambda: LedgerSplit(HALVES).assign(IDS, extends=pd.Series(["train"] * 2, ["a", "a"])), "holds 'a' twice"),
        (lambda: LedgerSplit(HALVES).plan(IDS).positions("trian"), "no split 'trian'; did you mean 'train'"),
        (lambda: next(LedgerSplit(HALVES).split(7)), "X=7 has no rows"),
        (lambda: HashSplit(HALVES).assign(IDS, {"a": IDS, "b": IDS}), "one group for each item, not a, b"),
        (lambda: HashSplit(HALVES).assign(IDS, [["x"], ["y"], ["z"], []]), "missing="),
        (lambda: HashSplit(HALVES).assign(IDS, [["x"], ["y"], ["z"], ["x"]]), "Use LedgerSplit"),
        (lambda: KFoldSplit(1).assign(IDS), "folds=1: at least 2"),
        (lambda: KFoldSplit(2, test=1.0).assign(IDS), "test=1.0"),
        (lambda: KFoldSplit(5).assign(IDS), "the items are 4 units, and 5 splits"),
        (lambda: TimeSplit().assign(IDS, range(4)), "takes ratios or cutoffs=, one of the two"),
        (lambda: TimeSplit(HALVES, straddling="x").assign(IDS, range(4)), "straddling='x' is none of"),
        (lambda: TimeSplit(HALVES, undated="x").assign(IDS, range(4)), "undated='x' is none of"),
        (lambda: TimeSplit(HALVES).assign(IDS, [1, 2, 3]), "3 times for 4 items"),
        (lambda: TimeSplit(HALVES).assign(IDS, "when"), "times='when' is no column"),
        (lambda: TimeSplit(HALVES).assign(IDS, ["2024-01-01", "yesterday", "x", "y"]), "times are dates, texts"),
        (lambda: TimeSplit(HALVES).assign(IDS, [1, 1, 1, 1]), "fewer different times than the 2 splits"),
        (lambda: TimeSplit(HALVES).assign(IDS, [1, 2, 3, np.nan]), "1 items have no time, the first is 'd'"),
        (lambda: TimeSplit(HALVES).assign(IDS, [1, 2, 3, np.nan]), 'Choose: undated="drop" or "first"'),
        (lambda: TimeSplit(HALVES, gap=-1).assign(IDS, range(4)), "gap=-1 is no length of time"),
        (lambda: TimeSplit(HALVES, gap="x").assign(IDS, pd.date_range("2024", periods=4)), "gap='x' is no length"),
        (lambda: TimeSplit(cutoffs={"a": 1, "b": 2}).assign(IDS, range(4)), "None for the first"),
        (lambda: TimeSplit(cutoffs={"a": None, "b": "x"}).assign(IDS, range(4)), "'x' is no time to begin at"),
        (lambda: TimeSplit(cutoffs={"a": None, "b": 2, "c": 1}).assign(IDS, range(4)), "do not follow each other"),
        (lambda: TimeSplit(HALVES).assign(IDS, range(4), extends={"a": "train"}), "name them with cutoffs="),
        (lambda: next(TimeSplit(HALVES, time="wehn").split(pd.DataFrame({"when": [1]}))), "did you mean 'when'"),
        (lambda: PredefinedSplit().assign(IDS), "name one of column=, folders= and lists="),
        (lambda: PredefinedSplit(column="splt").assign(IDS, {"split": IDS}), "did you mean 'split'"),
        (lambda: PredefinedSplit(column="split").assign(IDS), "no table with columns was handed over"),
        (lambda: PredefinedSplit(column=["train"]).assign(IDS), "1 values for 4 items"),
        (lambda: PredefinedSplit(column=["train"] * 4).assign(IDS), "names 1 split 'train': two or more"),
        (lambda: PredefinedSplit(lists={"train": ["a"], "test": ["b"]}).assign(IDS), "2 of 4 items are in no split"),
        (lambda: PredefinedSplit(lists={"train": IDS, "test": ["b"]}).assign(IDS), "is in the lists of 'train' and"),
        (lambda: PredefinedSplit(lists={"train": [1], "test": [2]}).assign(IDS), "look alike and are not equal"),
    ],
)  # fmt: skip
def test_the_rest(call: Callable[[], object], message: str) -> None:
    refused(call, message)


def test_the_reason_for_a_policy_goes_away_once_it_is_chosen() -> None:
    groups = ["x", "x", None, "", "y"]
    alone = LedgerSplit(HALVES, missing="alone").plan(list("abcde"), groups)
    together = LedgerSplit(HALVES, missing="together").plan(list("abcde"), groups)
    assert (len(alone.units), len(together.units)) == (4, 3)
    assert together.units.of[2] == together.units.of[3]


def test_ids_that_share_a_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.splits.placing.hash_ids", lambda ids, _: np.zeros(len(ids), np.uint64))
    assert sorted(LedgerSplit(HALVES).assign(IDS)) == ["test", "test", "train", "train"]
    forth = LedgerSplit(HALVES).plan(IDS).assignments.to_dict()
    assert LedgerSplit(HALVES).plan(IDS[::-1]).assignments.to_dict() == forth
