"""What the other strategies promise, and scikit-learn's contract of all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, cross_val_score
from sklearn.model_selection import PredefinedSplit as Sklearns

from nbtools.splits import HashSplit, KFoldSplit, LedgerSplit, PredefinedSplit, TimeSplit
from nbtools.splits.splitter import Splitter

THREE = {"train": 0.8, "val": 0.1, "test": 0.1}
ROWS = pd.DataFrame({"x": np.arange(60), "when": np.arange(60), "set": ["train", "dev", "test"] * 20})
SPLITTERS: list[Splitter] = [
    LedgerSplit(THREE, seed=3),
    HashSplit({"train": 0.5, "test": 0.5}),
    TimeSplit({"past": 0.7, "future": 0.3}, time="when"),
    KFoldSplit(4, test=0.2),
    PredefinedSplit(column="set"),
]


@pytest.mark.parametrize("splitter", SPLITTERS, ids=lambda one: type(one).__name__)
def test_scikit_learn_takes_it(splitter: Splitter) -> None:
    labels = np.array(["a", "b"] * 30)
    groups = np.repeat(np.arange(30), 2)
    pairs = list(splitter.split(ROWS, labels, groups))
    assert len(pairs) == splitter.get_n_splits(ROWS, labels, groups)
    for train, test in pairs:
        assert train.dtype == test.dtype == np.intp
        assert len(train)
        assert len(test)
        assert not set(train) & set(test)
    model = DummyClassifier()
    assert len(cross_val_score(model, ROWS, labels, groups=groups, cv=splitter)) == len(pairs)
    assert GridSearchCV(model, {"strategy": ["prior"]}, cv=splitter).fit(ROWS, labels, groups=groups).best_index_ == 0


@pytest.mark.parametrize("splitter", SPLITTERS, ids=lambda one: type(one).__name__)
def test_the_repr_makes_an_equal_splitter(splitter: Splitter) -> None:
    again = eval(repr(splitter))
    assert vars(again) == vars(splitter)
    assert repr(again) == repr(splitter)


def test_the_repr_shows_what_differs_from_the_defaults() -> None:
    assert (
        repr(LedgerSplit({"a": 0.5, "b": 0.5}, missing="alone")) == "LedgerSplit({'a': 0.5, 'b': 0.5}, missing='alone')"
    )
    assert repr(PredefinedSplit(column="set")) == "PredefinedSplit(column='set')"


def test_the_index_of_a_table_is_taken_for_ids() -> None:
    table = pd.DataFrame({"x": range(40)}, index=[f"item {number}" for number in range(40)])
    _, test = next(LedgerSplit(THREE).split(table))
    shuffled = table.sample(frac=1, random_state=0)
    _, again = next(LedgerSplit(THREE).split(shuffled))
    assert set(table.index[test]) == set(shuffled.index[again])


# HashSplit


@given(st.sets(st.text(min_size=1), min_size=1, max_size=60), st.data())
@settings(max_examples=40)
def test_a_hash_does_not_care_who_else_is_there(ids: set[str], data: st.DataObject) -> None:
    every = sorted(ids)
    some = data.draw(st.lists(st.sampled_from(every), unique=True, min_size=1))
    known = dict(zip(every, HashSplit(THREE).assign(every), strict=True))
    assert list(HashSplit(THREE).assign(some)) == [known[one] for one in some]


@pytest.mark.parametrize("seed", range(4))
def test_sizes_by_hash_are_as_chance_has_them(seed: int) -> None:
    groups = np.random.default_rng(seed).integers(0, 2000, 20_000)
    names = HashSplit(THREE, seed=seed).assign(np.arange(20_000), groups)
    assert pd.Series(names).groupby(groups).nunique().max() == 1
    squares = float((np.bincount(groups) ** 2).sum())
    for name, share in THREE.items():
        assert abs((names == name).sum() - share * 20_000) <= 5 * np.sqrt(share * (1 - share) * squares)


def test_a_hash_is_what_anyone_can_compute() -> None:
    from hashlib import blake2b

    digest = blake2b(b"nbtools.splits/1 0 p7", digest_size=8).digest()
    share = int.from_bytes(digest, "little") / 2**64
    expected = "train" if share < 0.8 else "val" if share < 0.9 else "test"
    assert list(HashSplit(THREE).assign(["p7"])) == [expected]
    assert list(HashSplit(THREE).assign([1, 2], ["p7", "p7"])) == [expected] * 2


def test_numbers_go_by_their_digits_and_those_without_a_group_by_their_id() -> None:
    assert (HashSplit(THREE).assign(np.arange(50)) == HashSplit(THREE).assign([str(n) for n in range(50)])).all()
    alone = HashSplit(THREE, missing="alone").assign(["a", "b"], ["p7", None])
    assert list(alone) == [*HashSplit(THREE).assign(["p7"]), *HashSplit(THREE).assign(["b"])]


# TimeSplit


def test_time_by_ratios_is_as_scikit_learn_has_the_last_fold() -> None:
    _, own = next(TimeSplit({"train": 0.75, "test": 0.25}).split(np.zeros((40, 1))))
    *_, (_, peer) = TimeSeriesSplit(3).split(np.zeros((40, 1)))
    assert (own == peer).all()


@given(st.lists(st.integers(0, 50), min_size=8, max_size=60), st.integers(0, 5))
@settings(max_examples=80)
def test_what_is_trained_on_lies_before_what_is_tested_on(times: list[int], gap: int) -> None:
    if len(set(times)) < 4:
        return
    plan = TimeSplit({"train": 0.6, "val": 0.2, "test": 0.2}, gap=gap).plan(np.arange(len(times)), times)
    numbers = np.array(times)
    for name, before in (("val", "train"), ("test", "val")):
        start = plan.cutoffs[name]
        earlier = numbers[plan.positions(before)]
        assert (numbers[plan.positions(name)] >= start).all()
        assert (earlier < start - gap).all() if gap else (earlier < start).all()
    assert set(plan.quarantine["reason"]) <= {"within the gap before a cut-off"}


def test_cut_offs_are_times_and_equal_times_stay_together() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01", "2024-03-01", "2024-04-01"])
    splitter = TimeSplit(cutoffs={"train": None, "val": "2024-02-15", "test": "2024-03-02T00:00+01:00"}, gap="20D")
    plan = splitter.plan(list("abcde"), days)
    assert list(plan.assigned) == ["train", "quarantine", "quarantine", "quarantine", "test"]
    assert plan.cutoffs["val"] == pd.Timestamp("2024-02-15", tz="UTC")
    whole = TimeSplit(cutoffs={"train": None, "val": "2024-02-15", "test": "2024-03-02"}).assign(list("abcde"), days)
    assert list(whole) == ["train", "train", "val", "val", "test"]
    texts = ["2024-01-01", "2024-02-01", "2024-03-01T00:00", "2024-03-01", "2024-04-01"]
    again = TimeSplit(cutoffs={"train": None, "val": "2024-02-15", "test": "2024-03-02"}).assign(list("abcde"), texts)
    assert (again == whole).all()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("drop", ["quarantine", "quarantine"]), ("earlier", ["train", "train"]), ("later", ["test", "test"])],
)
def test_a_group_on_both_sides_of_a_cut_off_goes_by_the_rule(rule: str, expected: list[str]) -> None:
    splitter = TimeSplit(cutoffs={"train": None, "test": 5}, straddling=rule)
    names = splitter.assign(list("abcd"), [1, 9, 2, 8], ["p", "p", "q", "r"])
    assert list(names[:2]) == expected
    assert list(names[2:]) == ["train", "test"]


def test_items_without_a_time_go_by_the_rule() -> None:
    times = [1.0, np.nan, 9.0]
    assert list(TimeSplit(cutoffs={"a": None, "b": 5}, undated="first").assign([1, 2, 3], times)) == ["a", "a", "b"]
    plan = TimeSplit(cutoffs={"a": None, "b": 5}, undated="drop").plan([1, 2, 3], times)
    assert list(plan.quarantine["reason"]) == ["has no time"]


def test_growth_in_time_keeps_the_cut_offs() -> None:
    splitter = TimeSplit({"train": 0.5, "test": 0.5})
    first = splitter.plan(np.arange(10), np.arange(10))
    grown = splitter.plan(np.arange(20), np.arange(20), extends=first.assignments)
    assert grown.cutoffs == first.cutoffs == {"test": 5.0}
    assert grown.counts == {"stay": 10, "placed": 10, "moved": 0, "quarantined": 0}
    assert set(grown.assigned[10:]) == {"test"}


# KFoldSplit


@given(st.integers(2, 6), st.sampled_from([0.0, 0.2]), st.integers(0, 3))
@settings(max_examples=25)
def test_every_item_is_validated_on_once_or_is_in_the_test_set(folds: int, test: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, labels = rng.integers(0, 40, 200), rng.choice(["a", "b"], 200)
    splitter = KFoldSplit(folds, test=test, seed=seed)
    plan = splitter.plan(np.arange(200), groups, labels)
    pairs = list(splitter.split(np.zeros((200, 1)), labels, groups))
    held = plan.positions("test") if test else np.empty(0, np.intp)
    assert sorted(np.concatenate([held, *(inside for _, inside in pairs)])) == list(range(200))
    for train, inside in pairs:
        assert not set(groups[train]) & set(groups[inside])
        assert not set(groups[held]) & set(groups[train])
        assert len(train) + len(inside) + len(held) == 200
    sizes = [len(inside) for _, inside in pairs]
    assert max(sizes) - min(sizes) <= 2 * np.bincount(groups).max()


def test_folds_grow_and_a_test_set_decided_elsewhere_stays() -> None:
    ledger = LedgerSplit({"train": 0.8, "test": 0.2}).plan(np.arange(100)).assignments
    held = ledger[ledger == "test"]
    plan = KFoldSplit(4).plan(np.arange(100), extends=held)
    assert set(plan.positions("test")) == set(held.index)
    assert [len(plan.positions(f"fold{number}")) for number in (1, 2, 3, 4)] == [20] * 4
    grown = KFoldSplit(4).plan(np.arange(140), extends=plan.assignments)
    assert grown.counts == {"stay": 100, "placed": 40, "moved": 0, "quarantined": 0}
    assert [len(grown.positions(f"fold{number}")) for number in (1, 2, 3, 4)] == [30] * 4
    more = KFoldSplit(4, test=0.25).plan(np.arange(200), extends=grown.assignments)
    assert (more.counts["stay"], len(more.positions("test"))) == (140, 50)


@pytest.mark.parametrize("wrapped", [np.array, list, pd.Series, lambda values: {"patient": values}])
def test_nested_folds_never_see_the_outer_test_fold(wrapped: object) -> None:
    groups = np.repeat(np.arange(30), 4)
    given = wrapped(groups)  # type: ignore[operator]
    for train, test, inner in KFoldSplit(3).nested(np.zeros((120, 1)), None, given, inner=2):
        assert len(inner) == 2
        for learn, choose in inner:
            assert set(learn) | set(choose) == set(train)
            assert not set(groups[learn]) & set(groups[choose])
            assert not set(groups[choose]) & set(groups[test])


# PredefinedSplit


def test_the_column_of_a_dataset_is_read_as_it_is_called() -> None:
    plan = PredefinedSplit(column="set").plan(range(4), {"set": ["Training", "dev", "TEST", "extra"]})
    assert plan.names == ("train", "val", "test", "extra")
    assert list(plan.assigned) == ["train", "val", "test", "extra"]
    renamed = PredefinedSplit(column="set", names={"0": "train", "1": "test"}).assign(range(2), {"set": [0, 1]})
    assert list(renamed) == ["train", "test"]


def test_folders_name_the_split() -> None:
    paths = ["data/train/jay/1.jpg", "data\\valid\\2.jpg", "Test/3.jpg", "4.jpg", "other/train.jpg"]
    plan = PredefinedSplit(folders=paths, rest="drop").plan(list("abcde"))
    assert list(plan.assigned) == ["train", "val", "test", "quarantine", "quarantine"]
    assert list(plan.quarantine["reason"]) == ["the data names no split for it"] * 2
    held = PredefinedSplit(folders="path", names={"held_out": "test"}, rest="train")
    assert list(held.assign([1, 2], {"path": ["held_out/a", "b/c"]})) == ["test", "train"]


def test_official_lists_may_name_what_is_not_there() -> None:
    names = PredefinedSplit(lists={"train": ["a", "x"], "test": pd.Series(["b"])}, rest="other").assign(["a", "b", "c"])
    assert list(names) == ["train", "test", "other"]


def test_it_yields_what_scikit_learns_own_does() -> None:
    told = ["train", "test", "train", "test", "train"]
    (train, test), (learn, held) = (
        next(PredefinedSplit(column=told).split(np.zeros(5))),
        next(Sklearns([-1, 0, -1, 0, -1]).split()),
    )
    assert (train == learn).all()
    assert (test == held).all()
