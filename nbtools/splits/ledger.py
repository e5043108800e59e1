"""LedgerSplit: what was decided stays, and the rest fills what is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array, Column, read_columns, settle_missing
from nbtools.splits.deal import deal
from nbtools.splits.hashing import Hashes, hash_ids
from nbtools.splits.history import read_before, settle
from nbtools.splits.ids import Ids, read_ids, refuse_repeats
from nbtools.splits.links import read_links
from nbtools.splits.plan import NEW, OUT, Plan
from nbtools.splits.ratios import check_ratios
from nbtools.splits.splitter import Splitter, ids_of
from nbtools.splits.strata import read_strata, tally
from nbtools.splits.units import Units, make_units

RARE = ("keep",)


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
    array(['test', 'train'], dtype='<U10')
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
        items, hashes = _items(ids, self.seed)
        group_columns = [settle_missing(column, self.missing) for column in read_columns(groups, len(items), "group")]
        strata_columns = read_strata(strata, len(items), self.bins)
        pairs = read_links(links, items)
        units = make_units(len(items), group_columns, pairs)
        before = read_before(extends, items, names)
        self._check(units, before, strata_columns, names)
        fixed, removals = settle(units, before, names, group_columns, pairs, items)
        codes = _dealt(
            units,
            strata_columns,
            hashes,
            fixed,
            [removal.row for removal in removals],
            [shares[name] for name in names],
        )
        place = np.array([names.index(name) for name in shares])
        back = np.append(np.argsort(place), [OUT, NEW])
        return Plan(
            recipe=repr(self),
            names=tuple(shares),
            shares=tuple(shares.values()),
            ids=items,
            codes=back[codes],
            before=back[before],
            units=units,
            removals=removals,
            strata=strata_columns,
            groups=group_columns,
            links=pairs,
        )

    def _check(self, units: Units, before: Array, strata: Sequence[Column], names: Sequence[str]) -> None:
        if self.rare is not None and self.rare not in RARE:
            raise SplitError(f"rare={self.rare!r} is none of {', '.join(map(repr, RARE))}")
        if len(units) < len(names) and (before == NEW).all():
            joined = (
                f"all {len(units.of):,} items are one unit" if len(units) == 1 else f"the items are {len(units)} units"
            )
            raise SplitError(
                f"{joined}, and {len(names)} splits need as many: group by something finer, or ask for fewer splits"
            )
        for column in strata if self.rare is None else ():
            sizes = np.bincount(column.codes, minlength=len(column.levels))
            alone = (sizes[column.codes] == 1) & (before[column.rows] == NEW)
            if alone.any() and column.kind != "bins":
                value = column.levels[column.codes[alone][0]]
                raise SplitError(
                    f"one item only has {column.name} {value!r}, and it cannot be in {len(names)} splits "
                    f'({int(alone.sum())} such in all): get more, merge it into another, or pass rare="keep"'
                )

    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803
        return self.plan(ids_of(X), groups, y)


def _items(ids: Any, seed: object) -> tuple[Ids, Hashes]:
    items = read_ids(ids)
    if not len(items):
        raise SplitError("there are no items to split: ids is empty")
    hashes = hash_ids(items, seed)
    refuse_repeats(items, hashes)
    return items, hashes


def _dealt(
    units: Units, strata: Sequence[Column], hashes: Hashes, fixed: Array, out: list[int], shares: list[float]
) -> Array:
    """Return the split of each item, -2 for those that are out."""
    of = units.of.copy()
    of[out] = -1
    weights = np.bincount(of[of >= 0], minlength=len(units))
    # A unit is known by the smallest hash in it: neither rows nor names of groups decide.
    lowest = np.full(len(units), np.iinfo(np.uint64).max)
    np.minimum.at(lowest, units.of, hashes)
    dealt = deal(weights, tally(list(strata), of, len(units)), lowest, fixed, shares)
    return np.where(of >= 0, dealt[of], OUT)
