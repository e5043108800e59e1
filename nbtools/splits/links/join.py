"""Pairs of rows whose keys are equal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbtools.splits.links import Array, Links, make_links


def equal_items(hashes: object, *, kind: str = "equal item") -> Links:
    """Link items whose hashes of content are equal: each to the first that has it.

    Parameters
    ----------
    hashes : array-like
        One for each item, shape (n,); nothing is known of an item that has None or NaN.
    kind : str
        What equal hashes make of two items, for reasons and reports.
    """
    import pandas as pd

    codes, _ = pd.factorize(np.asarray(hashes, object))
    first, other = first_and_others(codes)
    return make_links(kind, first, other, np.ones(len(first)), "")


def first_and_others(codes: Array) -> tuple[Array, Array]:
    """Return, for each further row of a code, the code's first row and that row; codes below 0 are none."""
    rows = np.flatnonzero(codes >= 0)
    _, first, back = np.unique(codes[rows], return_index=True, return_inverse=True)
    leader = rows[first][back]
    further = leader != rows
    return leader[further], rows[further]


def pairs_within(keys: Array) -> Iterator[tuple[Array, Array]]:
    """Yield pairs of positions whose neighboring keys are equal, in portions.

    Parameters
    ----------
    keys : ndarray, shape (n,)
        Sorted.
    """
    change = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts, ends = np.append(0, change), np.append(change, len(keys))
    long = ends - starts > 1
    starts, ends = starts[long], ends[long]
    last = np.repeat(ends, ends - starts)
    active = np.arange(int((ends - starts).sum())) + np.repeat(starts - _before(ends - starts), ends - starts)
    step = 1
    while len(active):
        inside = active + step < last
        active, last = active[inside], last[inside]
        if len(active):
            yield active, active + step
        step += 1


def _before(lengths: Array) -> Array:
    return np.cumsum(lengths) - lengths
