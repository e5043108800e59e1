"""Dealing in blocks is the step-by-step rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.splits.deal import _apportion, _squares, _table, deal
from nbtools.splits.strata import Tally


def stock_of(units: list[dict[int, int]], weights: list[int], strata: int) -> Tally:
    """Return the tally of units that are given as stratum → count."""
    pairs = [[*sorted(unit.items()), (strata, weight)] for unit, weight in zip(units, weights, strict=True)]
    flat = [pair for unit in pairs for pair in unit]
    codes = np.array([pair[0] for pair in flat], np.int64)
    counts = np.array([pair[1] for pair in flat], np.int64)
    totals = np.bincount(codes, counts, minlength=strata + 1).astype(np.int64)
    return Tally(np.cumsum([0, *map(len, pairs)]), codes, counts, totals, np.bincount(codes, minlength=strata + 1))


@given(
    st.integers(1, 400),
    st.integers(1, 3),
    st.sampled_from([[0.8, 0.1, 0.1], [0.5, 0.5], [0.25] * 4, [0.9, 0.06, 0.04]]),
    st.dictionaries(st.integers(0, 2), st.integers(1, 3), max_size=3),
    st.integers(0, 40),
)
@settings(max_examples=120)
def test_a_block_is_dealt_as_its_units_would_be_one_by_one(
    units: int, heavy: int, shares: list[float], held: dict[int, int], before: int
) -> None:
    weight = max(heavy, sum(held.values()))
    weights = np.full(units + before, weight)
    stock = stock_of([held] * (units + before), weights.tolist(), 3)
    fixed = np.concatenate([np.full(units, -1), np.arange(before) % len(shares)]).astype(np.int64)
    entry = ([*sorted(held), 3], [*(held[one] for one in sorted(held)), weight], weight)
    table = _table(weights, stock, fixed, shares)
    squares = next(iter(_squares(np.array([0]), stock, table)))
    at_once = _apportion(table.marginals(entry, squares), squares, table, weight, units)
    steps = [0] * len(shares)
    for _ in range(units):
        costs = table.marginals(entry, squares)
        best = costs.index(min(costs))
        steps[best] += 1
        table.put(best, entry, 1)
    assert sum(at_once) == units
    assert max(abs(one - other) for one, other in zip(at_once, steps, strict=True)) <= 1  # ties, by rounding
    result = deal(weights, stock, np.arange(units + before, dtype=np.uint64), fixed, shares)
    assert list(np.bincount(result[:units], minlength=len(shares))) == at_once
    assert (result[units:] == fixed[units:]).all()


def test_units_that_hold_as_many_of_one_stratum_as_they_weigh_are_no_block() -> None:
    stock = stock_of([{0: 5}, {0: 3}, {0: 5}, {0: 3}], [5, 3, 5, 3], 1)
    result = deal(np.array([5, 3, 5, 3]), stock, np.arange(4, dtype=np.uint64), np.full(4, -1), [0.5, 0.5])
    assert sorted(result[[0, 2]]) == [0, 1]
    assert sorted(result[[1, 3]]) == [0, 1]


@pytest.mark.parametrize("count", [3, 4, 7, 9])
def test_a_small_class_is_spread_over_all_splits(count: int) -> None:
    stock = stock_of([{0: 1}] * count + [{1: 1}] * 100, [1] * (count + 100), 2)
    result = deal(
        np.ones(count + 100, np.int64), stock, np.arange(count + 100, dtype=np.uint64), np.full(count + 100, -1),
        [0.9, 0.05, 0.05],
    )  # fmt: skip
    assert set(result[:count]) == {0, 1, 2}
