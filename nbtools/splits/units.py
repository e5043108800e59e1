"""Units: the items that must stay together, as connected components of groups and links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nbtools.splits.columns import Array, Column
from nbtools.splits.links import Links


class Units(NamedTuple):
    """Which unit each item is of, and how many items each has."""

    of: Array
    sizes: Array

    def __len__(self) -> int:
        """Return how many units there are."""
        return len(self.sizes)


def make_units(count: int, groups: Sequence[Column], links: Sequence[Links] = ()) -> Units:
    """Return the connected components of items over group values and links.

    Parameters
    ----------
    count : int
        Number of items.
    groups : sequence of Column
        Items that share a value are together.
    links : sequence of Links
        Pairs of items that are together.
    """
    if not groups and not any(len(link.left) for link in links):
        return Units(np.arange(count), np.ones(count, np.int64))
    if len(groups) == 1 and groups[0].kind == "one" and len(groups[0].rows) == count and not links:
        return _by_one_column(groups[0])
    roots = components(count, *joined(edges(groups, links)))
    _, of = np.unique(roots, return_inverse=True)
    return Units(of, np.bincount(of))


def _by_one_column(column: Column) -> Units:
    of = np.empty(column.count, np.int64)
    of[column.rows] = column.codes
    return Units(of, np.bincount(of, minlength=len(column.levels)))


def edges(groups: Sequence[Column], links: Sequence[Links] = ()) -> Iterator[tuple[Array, Array]]:
    """Yield, for each group column and each kind of link, which positions it joins: two arrays."""
    for column in groups:
        first = np.zeros(len(column.levels), np.int64)
        first[column.codes[::-1]] = column.rows[::-1]
        yield column.rows, first[column.codes]
    for link in links:
        yield link.left, link.right


def joined(pairs: Iterator[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Return the pairs of several sources as one."""
    listed = list(pairs)
    empty = np.empty(0, np.int64)
    return tuple(np.concatenate([empty, *(pair[side] for pair in listed)]) for side in (0, 1))  # type: ignore[return-value]


def components(count: int, left: Array, right: Array) -> Array:
    """Return the smallest position in the connected component of each of `count` nodes.

    In each round every root hooks itself below the smallest root it has an edge to,
    and all paths are halved until they are flat (Shiloach and Vishkin, 1982).

    Parameters
    ----------
    count : int
        Number of nodes.
    left, right : ndarray of int, shape (m,)
        The ends of each edge.
    """
    parent = np.arange(count)
    left, right = left.astype(np.int64), right.astype(np.int64)
    while True:
        low, high = np.minimum(parent[left], parent[right]), np.maximum(parent[left], parent[right])
        apart = low != high
        if not apart.any():
            return parent
        left, right = low[apart], high[apart]
        np.minimum.at(parent, right, left)
        while not np.array_equal(flat := parent[parent], parent):
            parent = flat
