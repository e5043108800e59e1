"""The report counts right, and asks for what has to be confirmed."""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from scipy.stats.contingency import association
from sklearn.datasets import load_digits

from nbtools.errors import MissingExtraError, SplitError
from nbtools.splits import (
    LedgerSplit,
    Plan,
    PredefinedSplit,
    TimeSplit,
    adversarial_validation,
    equal_items,
    make_report,
    near_hashes,
    near_texts,
)
from nbtools.splits.effects import cramers_v, kolmogorov_smirnov, population_stability, total_variation
from tests.splits.cases import Case, cases

THREE = {"train": 0.8, "val": 0.1, "test": 0.1}
TABLES = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=6)


@given(TABLES)
@settings(max_examples=60)
def test_cramers_v_is_as_scipy_has_it(rows: list[list[int]]) -> None:
    table = np.array(rows)
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    expected = association(kept, method="cramer") if min(kept.shape) > 1 else 0.0
    assert cramers_v(table) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
@settings(max_examples=60)
def test_ks_is_as_scipy_has_it(one: list[int], other: list[int]) -> None:
    first, second = np.array(one, float), np.array(other, float)
    with np.errstate(all="ignore"):  # its p-value, of which nothing is used
        expected = ks_2samp(first, second, method="asymp").statistic
    assert kolmogorov_smirnov(first, second) == pytest.approx(expected)


def test_effect_sizes_of_known_tables() -> None:
    counts = np.array([[80, 10, 0], [20, 0, 0]])
    assert total_variation(counts)[:2] == pytest.approx([90 / 110 - 0.8, 1 - 90 / 110])
    assert total_variation(np.array([[5, 0], [0, 5]])).tolist() == [0.5, 0.5]
    assert np.isnan(total_variation(counts)[2])
    same = population_stability(np.array([[8, 4], [2, 1]]), 0)
    assert same.tolist() == [0.0, 0.0]
    other = population_stability(np.array([[5, 8], [5, 2]]), 0)[1]
    assert other == pytest.approx(0.3 * np.log(8 / 5) + -0.3 * np.log(2 / 5))


@given(cases())
@settings(max_examples=30)
def test_counts_add_up_and_every_value_missing_somewhere_is_named(case: Case) -> None:
    plan = case.plan()
    report = plan.report
    assert sum(part.items for part in report.parts) == len(case.ids)
    assert all(leak.count == 0 for leak in report.leaks)
    names = pd.Series(plan.assigned)
    for column, one in zip(plan.strata, report.balances, strict=True):
        table = pd.crosstab(
            np.array([str(column.levels[code]) for code in column.codes]), names[column.rows].to_numpy()
        )
        table = table.reindex(columns=list(plan.names), fill_value=0)
        assert table.reindex(one.values).to_numpy().tolist() == one.counts
        empty = {(value, split) for value in table.index for split in plan.names if not table.loc[value, split]}
        assert {(cell.value, cell.split) for cell in one.empty} == empty
        assert bool(empty) == any(said.startswith(f"{one.column} is missing") for said in report.to_confirm)
    assert json.loads(json.dumps(report.as_dict(), allow_nan=False))["items"] == len(case.ids)


def test_the_text_begins_with_effect_sizes_and_names_the_worst_cell() -> None:
    plan = LedgerSplit(THREE).plan(np.arange(100), strata={"species": ["jay"] * 95 + ["rook"] * 5})
    assert repr(plan.report).splitlines() == [
        (
            "100 items in 100 units: train 80 (80.0 %, asked 80.0 %) · val 10 (10.0 %, asked 10.0 %) · "
            "test 10 (10.0 %, asked 10.0 %)"
        ),
        (
            "species: total variation at most 0.050 (val), Cramér's V 0.115, PSI at most 0.065 (val); "
            "worst: rook in train, 3 of 5 (60.0 %, asked 80.0 %)"
        ),
        "largest unit: 1 items (1.0 %)",
        "leaks across splits: none",
    ]
    assert plan.report.to_confirm == []
    assert plan.report.balances[0].smallest is not None
    assert plan.report.balances[0].smallest.items == 1


def test_numbers_have_ks_and_values_of_data_are_no_markup() -> None:
    rng = np.random.default_rng(0)
    plan = LedgerSplit(THREE).plan(
        np.arange(300), strata={"weight": rng.normal(size=300), "<b>": rng.choice(["<i>", "&"], 300)}
    )
    weight, markup = plan.report.balances
    assert (weight.kind, len(weight.values)) == ("bins", 10)
    assert 0 < weight.distance["test"] < 0.3
    assert markup.distance == {}
    shown = plan.report._repr_html_()
    assert "<i>" not in shown
    assert "&lt;i&gt;" in shown
    assert "<b>to" not in shown


def test_a_split_far_from_what_was_asked_is_to_be_confirmed() -> None:
    groups = ["a"] * 60 + [f"g{number}" for number in range(40)]
    plan = LedgerSplit({"train": 0.5, "test": 0.5}).plan(np.arange(100), {"site": groups})
    assert plan.report.to_confirm[0].startswith("train has 60.0 % of the items, and 50.0 % were asked") or (
        plan.report.to_confirm[0].startswith("train has 40.0 %")
    )
    assert plan.report.to_confirm[-1] == (
        "one unit has 60 items, 60.0 % of all, held together by site: a (60 items); "
        "without it the largest part has 1 items"
    )


def test_what_holds_a_large_component_together_is_named() -> None:
    ids = [f"item {number}" for number in range(40)]
    pairs = [(ids[number], ids[number + 1]) for number in range(9)]
    plan = LedgerSplit({"train": 0.5, "test": 0.5}).plan(
        ids, {"pair": [number // 2 for number in range(40)]}, links=pairs
    )
    component = plan.report.component
    assert component.items == 10
    assert component.ids == ids[:10]
    weakest = "item 0 and item 1, item 1 and item 2, item 2 and item 3"
    assert component.held_by == [f"given link: 9 pairs; the weakest {weakest}; without it the largest part has 2 items"]
    both = LedgerSplit({"train": 0.5, "test": 0.5}).plan(ids, {"a": ["x"] * 9 + ids[9:], "b": ["y"] * 9 + ids[9:]})
    assert both.report.component.held_by == ["several columns or links that each would hold it together alone"]


def test_of_links_the_item_that_is_in_most_and_the_weakest_pairs_are_named() -> None:
    hashes = [0] * 6 + [7] + [(number + 1) * 0x9E3779B97F4A7C15 % 2**64 for number in range(20)]
    plan = LedgerSplit({"train": 0.5, "test": 0.5}).plan(range(27), links=near_hashes(hashes))
    (held,) = plan.report.component.held_by
    assert held.startswith(
        "near image: 6 pairs, 6 of them with 0; the weakest 0 and 6 (3 bits differ), 0 and 1 (0 bits"
    )
    assert held in plan.report.to_confirm[0], "and it is asked before it is saved"


def test_leaks_of_a_split_that_came_with_the_data_are_listed() -> None:
    ids = list("abcdef")
    told = ["train", "train", "test", "test", "train", "test"]
    plan = PredefinedSplit(column=told).plan(ids, groups={"patient": list("112345")})
    links = [equal_items(["h", "i", "h", "j", "k", None]), near_texts(["ok"] * 6)]
    report = make_report(plan, links=links)
    assert [(leak.kind, leak.count, leak.what) for leak in report.leaks] == [
        ("patient", 0, "values"),
        ("equal item", 1, "pairs"),
        ("near text", 0, "pairs"),
    ]
    assert report.leaks[1].examples == [
        {"left": "a", "right": "c", "left_split": "train", "right_split": "test", "measure": 1.0}
    ]
    assert report.unlinked == {"near text": 6}
    assert "1 pairs of equal item are in more than one split" in report.to_confirm
    assert "leaks across splits: 1 pairs of equal item" in repr(report)
    assert "near text: 6 items say too little to be compared" in repr(report)
    patients = PredefinedSplit(column=told).plan(ids, groups={"patient": list("121345")})
    assert patients.report.leaks[0].examples == [{"value": "1", "splits": ["train", "test"]}]
    assert [part.target for part in report.parts] == [None, None]


def test_splits_in_time_are_told_with_their_overlap() -> None:
    days = pd.date_range("2024-01-01", periods=10)
    clean = TimeSplit({"train": 0.8, "test": 0.2}).plan(np.arange(10), days).report
    assert str(clean.overlaps[0]) == (
        "train ends 2024-01-08T00:00:00+00:00, test begins 2024-01-09T00:00:00+00:00: no overlap"
    )
    plan = LedgerSplit({"train": 0.5, "test": 0.5}).plan(np.arange(10), extends=dict.fromkeys(range(5), "test"))
    (mixed,) = make_report(plan, times=np.arange(10)).overlaps
    assert (mixed.items, mixed.first, mixed.last) == (5, 0.0, 9.0)
    assert plan.report.overlaps == []


def test_a_split_without_items_and_without_strata() -> None:
    plan = LedgerSplit(THREE).plan([1, 2, 3], extends={1: "train", 2: "train", 3: "train"})
    assert "val has no items" in plan.report.to_confirm
    assert plan.report.balances == []
    unlabeled = LedgerSplit(THREE).plan([1, 2, 3], strata={"species": [None, "", None]}).report
    assert (unlabeled.balances[0].counts, unlabeled.balances[0].without) == ([], 3)
    assert unlabeled.balances[0].worst is None


def digits(last: float | None) -> tuple[Plan, np.ndarray]:
    """Return a plan of some digits, by chance or by who wrote last."""
    data = load_digits().data[:600]
    ids = np.arange(len(data))
    if last is None:
        return LedgerSplit({"train": 0.8, "test": 0.2}).plan(ids), data
    return TimeSplit({"train": 1 - last, "test": last}).plan(ids, ids), data


def test_a_classifier_tells_other_writers_and_not_chance() -> None:
    chance, shifted = (adversarial_validation(*digits(last), folds=3) for last in (None, 0.2))
    assert 0.4 < chance.auc < 0.6
    assert shifted.auc > chance.auc + 0.05
    assert repr(shifted).startswith("test is told from train with an AUC of 0.")
    assert shifted.features[0][0].startswith("column ")


def test_adversarial_validation_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = LedgerSplit({"train": 0.8, "test": 0.2}).plan(np.arange(10))
    with pytest.raises(SplitError, match="2 units in train or test are too few for 5 folds: pass folds=2"):
        adversarial_validation(plan, np.zeros((10, 1)))
    with pytest.raises(SplitError, match=r"the shape \(9, 1\)"):
        adversarial_validation(plan, np.zeros((9, 1)))
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(MissingExtraError, match=r"nbtools-data\[demo\]"):
        adversarial_validation(plan, np.zeros((10, 1)))
