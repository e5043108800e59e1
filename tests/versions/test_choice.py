"""The line of Python of a choice, and which control a refusal belongs to."""

from __future__ import annotations

import pytest

from nbtools.splits import HashSplit, KFoldSplit, PredefinedSplit, TimeSplit
from nbtools.versions.choice import Choice, control, python_line
from nbtools.versions.decided import Decided

HALVES = {"train": 0.5, "test": 0.5}


def called(choice: Choice) -> dict[str, object]:
    """Return what the line of Python of a choice calls ``split`` with."""
    given: dict[str, object] = {}

    class Called:
        def version(self, name: str) -> Called:
            given["version"] = name
            return self

        def split(self, first: object, **more: object) -> None:
            given.update({"first": first, **more})

    class Nbtools:
        TimeSplit, KFoldSplit, HashSplit, PredefinedSplit = TimeSplit, KFoldSplit, HashSplit, PredefinedSplit

        @staticmethod
        def Dataset(_: str) -> Called:  # noqa: N802 -- its name
            return Called()

    eval(python_line("birds", "v2", choice), {"nbtools": Nbtools})
    return given


def test_the_line_names_only_what_was_chosen() -> None:
    start = 'nbtools.Dataset("birds").version("v2").split('
    bare = Choice("ledger", {"ratios": HALVES, "seed": None, "gap": "7D", "folds": 5})
    assert python_line("birds", "v2", bare) == start + '{"train": 0.5, "test": 0.5})'
    decided = Decided(frozenset({("a", "b")}), frozenset({("a", "c"), ("b", "c")}))
    settings = {"ratios": HALVES, "seed": 'a "b"', "missing": "alone", "rare": "keep"}
    full = Choice("ledger", settings, ("species", "sex"), ("site",), near_duplicates=True, fresh=True, decided=decided)
    assert called(full) == {
        "version": "v2",
        "first": HALVES,
        "stratify": ["species", "sex"],
        "groups": "site",
        "seed": 'a "b"',
        "missing": "alone",
        "rare": "keep",
        "near_duplicates": True,
        "links": [("a", "b")],
        "dismissed": [("a", "c"), ("b", "c")],
        "fresh": True,
    }


@pytest.mark.parametrize(
    "choice",
    [
        Choice("hash", {"ratios": HALVES, "seed": 7}),
        Choice("time", {"ratios": HALVES, "time": "taken", "gap": "7D", "straddling": "later"}),
        Choice("time", {"cutoffs": {"train": None, "test": "2024-05-01"}, "time": "taken", "undated": "drop"}),
        Choice("time", {"cutoffs": {"train": None, "test": 17}, "time": "year", "gap": 2.5}),
        Choice("folds", {"folds": 4, "test": 0.2, "seed": "b", "missing": "together", "rare": "keep"}),
        Choice("predefined", {"column": "official", "rest": "drop"}),
        Choice("predefined", {"folders": "source"}),
    ],
    ids=lambda choice: choice.strategy,
)
def test_the_line_makes_the_same_splitter(choice: Choice) -> None:
    made = called(choice)["first"]
    assert repr(made) == repr(choice.splitter())
    assert all(vars(made)[name] == value for name, value in choice.given.items())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("3 of 9 items have no value in the group column 'site'. Choose: missing=\"alone\"", "missing"),
        ("one item only has species 'jay': get more, or pass rare=\"keep\"", "rare"),
        ("group column 'site' holds the int 7 and the text '7'", "groups"),
        ("stratum column 'age' holds infinity", "stratify"),
        ("stratify='specie' is no column of this version", "stratify"),
        ("all 9 items are one unit, and 3 splits need as many", "groups"),
        ("the ratios add up to .9", "ratios"),
        ('3 items have no time, the first is \'a1\'. Choose: undated="drop" or "first"', "undated"),
        ("the splits cannot begin at these times: there are fewer different times than the 3 splits", "ratios"),
        ("'x' is no time to begin at, where the times are such as 7", "cutoffs"),
        ("gap='x' is no length of time", "gap"),
        ("time='when': there is no such column", "time"),
        ('5 of 9 items are in no split. Choose: rest="drop"', "rest"),
        ("the data names 1 split 'train'", "column"),
    ],
)
def test_a_refusal_belongs_to_the_control_that_it_names(words: str, name: str) -> None:
    strategy = "time" if name in ("undated", "cutoffs", "gap", "time") else "ledger"
    assert control(words, Choice(strategy, {"ratios": HALVES}, groups=("site",))) == name
