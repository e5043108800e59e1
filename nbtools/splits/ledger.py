"""LedgerSplit: what was decided stays, and the rest fills what is lacking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbtools.splits.columns import Array
from nbtools.splits.placing import dealt, read_given, refuse_few, refuse_rare
from nbtools.splits.plan import NEW, OUT, Plan
from nbtools.splits.ratios import check_ratios
from nbtools.splits.splitter import Splitter, ids_of


class LedgerSplit(Splitter):
    """Splits that never leak and never move: old items stay, new ones fill what is lacking.

    Items that share a value of any group, or are linked, are one unit and go to one
    split. Units are dealt rarest stratum first, then large ones first, each to the
    split whose strata it brings nearest to their targets, among those that lack
    items (Sechidis et al., 2011, with old assignments kept). With the largest unit w
    and k splits no split has w items more than its share, or (k - 1)·w fewer.

    Parameters
    ----------
    ratios : mapping of str to float
        The name of each split → its share of the items; they add up to one.
    seed : int or str
        Decides between units that are alike. Once there is something to extend, that
        and not the seed says where old items are.
    missing : {"alone", "together"}, optional
        What to do with items that have no value in a group column: each is a group of
        its own, or all are one. There is no default: it must be chosen.
    bins : int
        Into how many quantiles numbers are cut that are stratified by.
    rare : {"keep"}, optional
        A stratum of one item cannot be in two splits, and is an error; ``keep`` takes it
        as it is.

    Examples
    --------
    >>> LedgerSplit({"train": 0.5, "test": 0.5}).assign(["a", "b"], extends={"a": "test"})
    array(['test', 'train'], dtype='<U5')
    """

    def __init__(
        self,
        ratios: Mapping[str, float],
        *,
        seed: int | str = 0,
        missing: str | None = None,
        bins: int = 10,
        rare: str | None = None,
    ) -> None:
        self.ratios = ratios
        self.seed = seed
        self.missing = missing
        self.bins = bins
        self.rare = rare

    def assign(
        self, ids: Any, groups: Any = None, strata: Any = None, extends: Any = None, *, links: Any = None
    ) -> Array:
        """Return the name of each item's split: `plan` in short.

        Parameters
        ----------
        ids, groups, strata, extends, links
            As in `plan`.

        Returns
        -------
        ndarray of str, shape (n,)
            In the order of `ids`; ``quarantine`` for an item that a new link has
            made a leak.

        Raises
        ------
        SplitError
            As in `plan`.
        """
        return self.plan(ids, groups, strata, extends, links=links).assigned

    def plan(self, ids: Any, groups: Any = None, strata: Any = None, extends: Any = None, *, links: Any = None) -> Plan:
        """Say who goes where.

        Parameters
        ----------
        ids : array-like
            All items, texts or whole numbers, shape (n,), each once, in any order.
        groups : array-like, DataFrame or mapping, optional
            What keeps items together: one column of shape (n,), or several. A cell that is a
            list holds several values.
        strata : array-like, DataFrame or mapping, optional
            What is to be alike in all splits: likewise. Items without a value are placed
            all the same.
        extends : Series or mapping, optional
            Id → split, as decided before: these items stay.
        links : Links, DataFrame or sequence of pairs of ids, optional
            Pairs that keep items together.

        Returns
        -------
        Plan
            Who goes where, and who had to be taken out because a new link joins two
            splits.

        Raises
        ------
        SplitError
            If something of this cannot be, with the value and what to do.
        """
        shares = check_ratios(self.ratios)
        # In the order of the names, so that that of the ratios changes nothing.
        names = sorted(shares)
        given = read_given(ids, groups, strata, links, seed=self.seed, missing=self.missing, bins=self.bins)
        before, fixed, removals = given.settled(extends, names)
        refuse_few(given.units, before, len(names))
        refuse_rare(given.strata, before, len(names), self.rare)
        codes = dealt(given, fixed, [removal.row for removal in removals], [shares[name] for name in names])
        back = np.array([*(list(shares).index(name) for name in names), OUT, NEW])
        return given.plan(repr(self), shares, back[codes], back[before], removals)

    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803
        return self.plan(ids_of(X), groups, y)
