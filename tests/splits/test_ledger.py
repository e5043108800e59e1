"""What LedgerSplit promises, of every dataset."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold, train_test_split

from nbtools.splits import LedgerSplit, Plan
from nbtools.splits.history import pairs_of
from tests.splits.cases import Case, cases

THREE = {"train": 0.8, "val": 0.1, "test": 0.1}


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_rows_changes_nothing(case: Case, random: object) -> None:
    plan = case.plan()
    order = list(range(len(case.ids)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert case.rows(order).plan().assignments.reindex(case.ids).equals(plan.assignments)


def test_nothing_depends_on_the_day_or_the_process() -> None:
    ids = [f"item {number}" for number in range(40)]
    strata = [["a", "b"][number % 2 :] for number in range(40)]
    names = LedgerSplit({"train": 0.7, "test": 0.3}).assign(ids, [number // 2 for number in range(40)], strata)
    assert "".join(name[1] for name in names[::2]) == "errrrrererererrrerrr"
    names = LedgerSplit({"train": 0.5, "test": 0.5}, seed="b").assign(np.arange(-8, 8))
    assert "".join(name[1] for name in names) == "eerereererererrr"


@given(cases())
@settings(max_examples=60)
def test_what_belongs_together_is_in_one_split(case: Case) -> None:
    plan = case.plan()
    left, right = pairs_of(plan.groups, plan.links)
    size = len(case.ids)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(size, size))
    count, component = connected_components(graph, directed=False)
    together = pd.DataFrame({"component": component, "split": plan.assigned}).groupby("component")["split"].nunique()
    assert (together == 1).all()
    assert len(plan.units) == count
    assert (plan.codes >= 0).all()
    assert plan.counts == {"stay": 0, "placed": size, "moved": 0, "quarantined": 0}


@given(cases())
@settings(max_examples=60)
def test_a_fresh_split_is_as_near_to_its_ratios_as_its_largest_unit_lets_it(case: Case) -> None:
    plan = case.plan()
    largest = plan.units.sizes.max()
    for name, share in zip(plan.names, plan.shares, strict=True):
        over = len(plan.positions(name)) - share * len(case.ids)
        assert over < largest + 1e-6
        assert -over < (len(plan.names) - 1) * largest + 1e-6


@given(cases(), st.data())
@settings(max_examples=60)
def test_no_old_item_moves_whatever_comes_and_goes(case: Case, data: st.DataObject) -> None:
    size = len(case.ids)
    known: dict[str, str] = {}
    for _ in range(4):
        kept = sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=12)))
        plan = case.rows(kept).plan(known)
        _check_growth(plan, known, case)
        known |= {str(item): str(split) for item, split in plan.assignments.items()}
        case = Case(case.ratios, case.ids, case.groups, case.strata, [*case.links, _link(case, data)])


def _link(case: Case, data: st.DataObject) -> tuple[str, str]:
    return data.draw(st.tuples(st.sampled_from(case.ids), st.sampled_from(case.ids)))


def _check_growth(plan: Plan, known: dict[str, str], case: Case) -> None:
    now = plan.assignments
    listed = plan.quarantine.set_index("id")
    for item, split in now.items():
        was = known.get(str(item))
        if was is not None and was != split:
            assert split == "quarantine"
            assert was != "test"
            assert listed["was"].to_dict()[item] == was
            assert listed["keeps"].to_dict()[item] != was
    assert plan.counts["moved"] == 0
    assert set(listed.index) == set(now[now == "quarantine"].index)
    active = plan.codes >= 0
    largest = np.bincount(plan.units.of[active]).max()
    for number, (name, share) in enumerate(zip(plan.names, plan.shares, strict=True)):
        joined = np.isin(plan.units.of, plan.units.of[(plan.before == number) & (plan.codes == number)])
        prior = (joined & active).sum() - share * active.sum()  # who belongs with an old item has no choice either
        assert (now == name).sum() - share * active.sum() <= max(prior, largest) + 1e-6


@given(cases(linked=False))
@settings(max_examples=60)
def test_the_same_again_is_the_same(case: Case) -> None:
    first = case.plan()
    again = case.plan(first.assignments)
    assert (again.assigned == first.assigned).all()
    assert again.counts == {"stay": len(case.ids), "placed": 0, "moved": 0, "quarantined": 0}


@given(st.integers(3, 9), st.integers(0, 5), st.lists(st.integers(3, 40), min_size=1, max_size=6))
@settings(max_examples=60)
def test_every_class_that_can_be_in_every_split_is(parts: int, seed: int, sizes: list[int]) -> None:
    labels = [f"class {number}" for number, size in enumerate(sizes) for _ in range(size)]
    ratios = dict.fromkeys("abcdefghi"[:parts], 1 / parts) if seed % 2 else THREE
    parts = len(ratios)
    assume(len(labels) * min(ratios.values()) >= len(sizes))  # else not every split has a place for every class
    names = LedgerSplit(ratios, seed=seed).assign(np.arange(len(labels)), strata=labels)
    table = pd.crosstab(np.array(labels), names).reindex(columns=list(ratios), fill_value=0)
    for number, size in enumerate(sizes):
        assert size < parts or (table.loc[f"class {number}"] > 0).all()


def test_changed_ratios_touch_only_what_is_new() -> None:
    old = LedgerSplit(THREE).plan(np.arange(1000)).assignments
    new = LedgerSplit({"train": 0.5, "val": 0.25, "test": 0.25}).plan(np.arange(1500), extends=old)
    assert new.counts == {"stay": 1000, "placed": 500, "moved": 0, "quarantined": 0}
    assert new.summary == "extends: 1,000 stay, 500 placed, 0 moved"
    placed = new.assignments.iloc[1000:].value_counts().to_dict()
    assert placed == {"val": 250, "test": 250}


def test_one_row_more_moves_nobody_and_with_train_test_split_it_moves_many() -> None:
    ids = np.arange(2001)
    _, before = train_test_split(ids[:2000], test_size=0.2, random_state=0)
    _, after = train_test_split(ids, test_size=0.2, random_state=0)
    assert len(set(before) - set(after)) > 100
    first = LedgerSplit({"train": 0.8, "test": 0.2}).plan(ids[:2000])
    assert LedgerSplit({"train": 0.8, "test": 0.2}).plan(ids, extends=first.assignments).counts["stay"] == 2000


def test_unlabeled_items_are_placed_and_labels_that_come_later_move_none() -> None:
    ids = np.arange(100)
    first = LedgerSplit({"train": 0.8, "test": 0.2}).plan(ids, strata=["jay"] * 50 + [None] * 50)
    assert first.assignments.value_counts().to_dict() == {"train": 80, "test": 20}
    assert first.assignments.iloc[:50].value_counts().to_dict() == {"train": 40, "test": 10}
    later = LedgerSplit({"train": 0.8, "test": 0.2}).plan(ids, strata=["jay"] * 100, extends=first.assignments)
    assert later.counts["stay"] == 100


def test_a_new_link_takes_the_train_side_out_and_says_why() -> None:
    old = {"a": "train", "b": "test", "c": "val", "d": "train", "e": "train"}
    links = [("a", "b"), ("c", "d")]
    plan = LedgerSplit(THREE).plan(list("abcdef"), extends=old, links=links)
    assert list(plan.assigned[:5]) == ["quarantine", "test", "val", "quarantine", "train"]
    assert plan.quarantine.to_dict("records") == [
        {"id": "a", "was": "train", "keeps": "test", "reason": "leak: is linked (given link) to 'b', which is in test"},
        {"id": "d", "was": "train", "keeps": "val", "reason": "leak: is linked (given link) to 'c', which is in val"},
    ]
    assert plan.summary == "extends: 3 stay, 1 placed, 0 moved, 2 in quarantine"
    again = LedgerSplit(THREE).plan(list("abcdef"), extends=plan.assignments, links=links)
    assert list(again.assigned) == list(plan.assigned)
    assert again.counts == {"stay": 6, "placed": 0, "moved": 0, "quarantined": 2}


def test_a_corrected_group_names_the_value_that_joins_two_splits() -> None:
    groups = {"patient": ["7", "7", "8"], "site": ["n", "m", "m"]}
    plan = LedgerSplit({"train": 0.5, "test": 0.5}).plan(
        ["a", "b", "c"], groups, extends={"a": "test", "b": "train", "c": "train"}
    )
    assert list(plan.quarantine["reason"]) == [
        "leak: shares patient '7' with 'a', which is in test",
        "leak: through others shares site 'm' with 'a', which is in test",
    ]


def test_balance_is_not_far_from_that_of_scikit_learn() -> None:
    off: dict[str, list[float]] = {"own": [], "peer": []}
    for seed in range(6):
        rng = np.random.default_rng(seed)
        groups, labels = rng.integers(0, 60, 600), rng.choice(list("abcd"), 600, p=[0.5, 0.3, 0.15, 0.05])
        for name, splitter in (("peer", StratifiedGroupKFold(5)), ("own", LedgerSplit({"train": 0.8, "test": 0.2}))):
            train, test = next(splitter.split(labels, labels, groups))
            assert not set(groups[train]) & set(groups[test])
            off[name].append(max(abs(float(np.mean(np.isin(np.flatnonzero(labels == c), test))) - 0.2) for c in "abcd"))
    assert np.mean(off["own"]) <= 2 * np.mean(off["peer"])


def test_growth_in_steps_ends_as_balanced_as_all_at_once() -> None:
    rng = np.random.default_rng(1)
    ids, labels = np.arange(3000), rng.choice(list("abc"), 3000, p=[0.7, 0.2, 0.1])
    known = None
    for start, end in pairwise([0, 100, 1000, 1100, 3000]):
        assert end > start
        known = LedgerSplit(THREE).plan(ids[:end], strata=labels[:end], extends=known).assignments
    assert known is not None
    table = pd.crosstab(labels, known.to_numpy(), normalize="index")
    assert (table - pd.Series(THREE)).abs().to_numpy().max() < 0.005
