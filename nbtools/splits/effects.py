"""How far splits differ, as effect sizes: they do not grow with the number of items, as tests of significance do."""

from __future__ import annotations

import numpy as np

from nbtools.splits.columns import Array

_LEAST = 1e-6


def total_variation(counts: Array) -> Array:
    """Return, for each split, half the sum of absolute differences from how all items are distributed.

    Parameters
    ----------
    counts : ndarray of int, shape (levels, splits)
        Items.

    Returns
    -------
    ndarray of float, shape (splits,)
        0: as all items; 1: nothing in common; NaN for an empty split.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        own = counts / counts.sum(axis=0)
        every = counts.sum(axis=1) / counts.sum()
    apart: Array = np.abs(own - every[:, None])
    return np.asarray(apart.sum(axis=0) / 2)


def cramers_v(counts: Array) -> float:
    """Return Cramér's V of levels and splits: 0 for independent, 1 where one tells the other.

    Parameters
    ----------
    counts : ndarray of int, shape (levels, splits)
        Items; rows and columns of nothing do not count.
    """
    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    least = min(table.shape) - 1
    if least < 1:
        return 0.0
    total = table.sum()
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    return float(np.sqrt(((table - expected) ** 2 / expected).sum() / total / least))


def population_stability(counts: Array, reference: int) -> Array:
    """Return the population stability index of each split against one of them.

    The sum of (p - q)·ln(p / q) over levels, in which no share is below a millionth.

    Parameters
    ----------
    counts : ndarray of int, shape (levels, splits)
        Items.
    reference : int
        The split to compare with.

    Returns
    -------
    ndarray of float, shape (splits,)
    """
    shares = np.maximum(counts / np.maximum(counts.sum(axis=0), 1), _LEAST)
    base = shares[:, [reference]]
    return np.asarray(((shares - base) * np.log(shares / base)).sum(axis=0))


def kolmogorov_smirnov(one: Array, other: Array) -> float:
    """Return the largest difference of two distributions' cumulative shares, 0 to 1; NaN if one has no values.

    Parameters
    ----------
    one, other : ndarray of float
        Values, without NaN.
    """
    if not len(one) or not len(other):
        return float("nan")
    every = np.concatenate([one, other])
    first = np.searchsorted(np.sort(one), every, side="right") / len(one)
    second = np.searchsorted(np.sort(other), every, side="right") / len(other)
    return float(np.abs(first - second).max())


def tenths(values: Array, reference: Array) -> Array:
    """Return in which tenth of a reference each value lies, shape (n,).

    Parameters
    ----------
    values, reference : ndarray of float
        Without NaN.
    """
    inner = np.unique(np.quantile(reference, np.linspace(0, 1, 11)[1:-1])) if len(reference) else np.empty(0)
    return np.searchsorted(inner, values, side="right")
