"""HashSplit: the split of an item follows from its id alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array
from nbtools.splits.hashing import shares
from nbtools.splits.placing import read_given
from nbtools.splits.plan import Plan
from nbtools.splits.ratios import check_ratios
from nbtools.splits.splitter import Splitter, ids_of


class HashSplit(Splitter):
    """Splits that need no memory: BLAKE2b of the seed and the id, over 2^64, against the ratios.

    Nothing ever moves while seed and ratios stay, whoever computes it and whatever else
    is there. The price: sizes are as chance has them, and nothing is balanced.

    Parameters
    ----------
    ratios : mapping of str to float
        The name of each split → its share; they add up to one. Their order counts.
    seed : int or str
        Another seed gives other splits.
    missing : {"alone", "together"}, optional
        What to do with items that have no group: each goes by its own id, or all are
        one. It must be chosen where there are any.
    """

    def __init__(self, ratios: Mapping[str, float], *, seed: int | str = 0, missing: str | None = None) -> None:
        self.ratios = ratios
        self.seed = seed
        self.missing = missing

    def assign(self, ids: Any, groups: Any = None) -> Array:
        """Return the name of each item's split, shape (n,): `plan` in short."""
        return self.plan(ids, groups).assigned

    def plan(self, ids: Any, groups: Any = None, strata: Any = None, *, links: Any = None) -> Plan:
        """Say who goes where.

        Parameters
        ----------
        ids : array-like
            All items, shape (n,), in any order. Whole numbers go by their digits.
        groups : array-like, optional
            One value for each item, which is hashed in the place of its id, shape (n,).
        strata, links
            What the report compares and finds leaks by; they decide nothing.

        Raises
        ------
        SplitError
            If something of this cannot be, or there is more than one group for an item:
            what belongs together then depends on who else is there.
        """
        ratios = check_ratios(self.ratios)
        given = read_given(ids, groups, strata, links, missing=self.missing)
        items, columns = given.ids, given.groups
        if len(columns) > 1 or any(column.kind == "several" for column in columns):
            raise SplitError(
                f"HashSplit takes one group for each item, not {', '.join(column.name for column in columns)}: "
                "which items hang together through several depends on who else is there. Use LedgerSplit"
            )
        numbers = np.empty(len(items))
        alone = columns[0].missing if columns else np.arange(len(items))
        numbers[alone] = shares([str(one) for one in items.array[alone]], self.seed)
        for column in columns:
            numbers[column.rows] = shares([str(level) for level in column.levels], self.seed)[column.codes]
        bounds = np.cumsum(list(ratios.values()))[:-1]
        return given.plan(repr(self), ratios, np.searchsorted(bounds, numbers, side="right"))

    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803
        return self.plan(ids_of(X), groups, y)
