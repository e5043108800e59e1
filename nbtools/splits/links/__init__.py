"""Links: pairs of items that show the same, or nearly so, and must not be split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.ids import Ids, read_ids

if TYPE_CHECKING:
    from pandas import DataFrame

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of items, by position, each once.

    Attributes
    ----------
    kind : str
        How they were found, such as ``near image``.
    left, right : ndarray of int, shape (m,)
        Positions of the two; left is the smaller.
    measure : ndarray of float, shape (m,)
        How near they are, as `unit` has it.
    unit : str
        What the measure is, such as ``bits that differ``.
    unlinked : ndarray of int
        Positions of items that say too little to be compared.
    """

    kind: str
    left: Array
    right: Array
    measure: Array
    unit: str = ""
    unlinked: Array = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.left)

    def __repr__(self) -> str:
        """Return what was found, in a line."""
        aside = f", {len(self.unlinked):,} items say too little to be compared" if len(self.unlinked) else ""
        return f"Links({self.kind}: {len(self):,} pairs{aside})"

    def table(self, ids: Any) -> DataFrame:
        """Return the pairs as a table: left, right (ids), measure, kind.

        Parameters
        ----------
        ids : array-like
            The ids of the items, in the order in which they were compared.
        """
        import pandas as pd

        named = read_ids(ids).array
        columns = {"left": named[self.left], "right": named[self.right], "measure": self.measure, "kind": self.kind}
        return pd.DataFrame(columns)


def make_links(kind: str, left: Array, right: Array, measure: Array, unit: str, unlinked: Array | None = None) -> Links:
    """Return pairs in order: the smaller position first, and sorted.

    Parameters
    ----------
    kind, left, right, measure, unit, unlinked
        As in `Links`; the pairs in any order.
    """
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    order = np.lexsort((high, low))
    aside = np.empty(0, np.int64) if unlinked is None else unlinked
    return Links(kind, low[order], high[order], np.asarray(measure)[order], unit, aside)


def read_links(given: Any, ids: Ids) -> tuple[Links, ...]:
    """Return links as they are handed to a splitter.

    Parameters
    ----------
    given : Links, sequence of Links, DataFrame, sequence of pairs of ids, or None
        Of a DataFrame the first two columns are ids. A pair of which one is not
        there joins nothing.
    ids : Ids
        The items.

    Raises
    ------
    SplitError
        If they are none of these, or of other items.
    """
    if given is None:
        return ()
    listed = [given] if isinstance(given, Links) else given
    if not hasattr(listed, "columns") and len(listed) and all(isinstance(one, Links) for one in listed):
        for one in listed:
            if len(one) and one.right.max() >= len(ids):
                raise SplitError(
                    f"{one!r} names position {one.right.max():,}, and there are {len(ids):,} items: "
                    "links are made from the same items in the same order"
                )
        return tuple(listed)
    return (_given(listed, ids),)


def _given(pairs: Any, ids: Ids) -> Links:
    if hasattr(pairs, "columns"):
        sides = [pairs.iloc[:, 0], pairs.iloc[:, 1]] if len(pairs.columns) > 1 else []
    else:
        sides = _sides(pairs)
    if len(sides) != 2:
        raise SplitError(f"links={pairs!r} is no table of two columns of ids, nor a list of pairs of ids")
    index = ids.index()
    found = []
    for side in sides:
        named = read_ids(side, "links")
        if len(named) and named.kind != ids.kind:
            raise SplitError(
                f"links name {named.array[0]!r}, which is {named.kind}, and the ids are {ids.kind}, "
                f"such as {ids.array[0]!r}: 7 and '7' look alike and are not equal"
            )
        found.append(index.get_indexer(named.array))
    there = (found[0] >= 0) & (found[1] >= 0) & (found[0] != found[1])
    left, right = found[0][there], found[1][there]
    return make_links("given link", left, right, np.ones(len(left)), "")


def _sides(pairs: Sequence[Any]) -> list[Any]:
    try:
        listed = [(first, second) for first, second in pairs]
    except (TypeError, ValueError):
        return []
    return [[pair[0] for pair in listed], [pair[1] for pair in listed]]
