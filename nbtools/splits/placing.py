"""What the strategies share: what they are handed, read and checked, and units dealt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array, Column, read_columns, settle_missing
from nbtools.splits.deal import deal
from nbtools.splits.hashing import Hashes, hash_ids
from nbtools.splits.history import read_before, settle
from nbtools.splits.ids import Ids, read_ids, told_apart
from nbtools.splits.links import Links, read_links
from nbtools.splits.plan import NEW, OUT, Plan, Removal
from nbtools.splits.strata import read_strata, tally
from nbtools.splits.units import Units, make_units


@dataclass(frozen=True, eq=False)
class Given:
    """What a strategy decides upon, read and checked.

    Attributes
    ----------
    ids : Ids
        The items, shape (n,).
    hashes : ndarray of uint64, shape (n,)
        One for each item: the order of units that are alike.
    groups, strata : list of Column
        What keeps items together, and what is to be alike in all splits.
    links : tuple of Links
        Pairs that keep items together.
    units : Units
        Which items stay together.
    """

    ids: Ids
    hashes: Hashes
    groups: list[Column]
    strata: list[Column]
    links: tuple[Links, ...]
    units: Units

    def settled(self, extends: Any, names: Sequence[str]) -> tuple[Array, Array, list[Removal]]:
        """Return where each item was before, where each unit stays, and who is taken out; see `settle`."""
        before = read_before(extends, self.ids, names)
        return before, *settle(self.units, before, names, self.groups, self.links, self.ids)

    def plan(
        self,
        recipe: str,
        shares: Mapping[str, float],
        codes: Array,
        before: Array | None = None,
        removals: Sequence[Removal] = (),
        **more: Any,
    ) -> Plan:
        """Return the plan that these were brought to."""
        return Plan(
            recipe=recipe,
            names=tuple(shares),
            shares=tuple(shares.values()),
            ids=self.ids,
            codes=codes,
            before=np.full(len(self.ids), NEW) if before is None else before,
            units=self.units,
            removals=sorted(removals, key=lambda removal: removal.row),
            strata=self.strata,
            groups=self.groups,
            links=self.links,
            **more,
        )


def read_given(
    ids: Any,
    groups: Any = None,
    strata: Any = None,
    links: Any = None,
    *,
    seed: object = 0,
    missing: str | None = None,
    bins: int = 10,
) -> Given:
    """Read what a strategy is handed.

    Parameters
    ----------
    ids, groups, strata, links
        As in `LedgerSplit.plan`.
    seed, missing, bins
        As in `LedgerSplit`.

    Raises
    ------
    SplitError
        If there are no items, one comes twice, or something else of this cannot be.
    """
    items = read_ids(ids)
    if not len(items):
        raise SplitError("there are no items to split: ids is empty")
    hashes = told_apart(items, hash_ids(items, seed))
    columns = [settle_missing(column, missing, items.array) for column in read_columns(groups, len(items), "group")]
    pairs = read_links(links, items)
    units = make_units(len(items), columns, pairs)
    return Given(items, hashes, columns, read_strata(strata, len(items), bins), pairs, units)


def dealt(given: Given, fixed: Array, out: Sequence[int], shares: list[float]) -> Array:
    """Return the split of each item, -2 for those that are out.

    Parameters
    ----------
    given : Given
        Items, units and strata.
    fixed : ndarray of int, shape (u,)
        The split that each unit has already, -1 if none.
    out : sequence of int
        Positions of items in no split.
    shares : list of float
        What part of the items each split is to have.
    """
    units = given.units
    of = units.of.copy()
    of[out] = -1
    weights = np.bincount(of[of >= 0], minlength=len(units))
    # A unit is known by the smallest hash in it: neither rows nor names of groups decide.
    lowest = np.full(len(units), np.iinfo(np.uint64).max)
    np.minimum.at(lowest, units.of, given.hashes)
    result = deal(weights, tally(given.strata, of, len(units)), lowest, fixed, shares)
    return np.where(of >= 0, result[of], OUT)


def refuse_few(units: Units, before: Array, parts: int) -> None:
    """Refuse fewer units than splits, unless some items are placed already.

    Raises
    ------
    SplitError
        If they are so few.
    """
    if len(units) >= parts or (before != NEW).any():
        return
    joined = f"all {len(units.of):,} items are one unit" if len(units) == 1 else f"the items are {len(units)} units"
    raise SplitError(f"{joined}, and {parts} splits need as many: group by something finer, or ask for fewer splits")


def refuse_rare(strata: Sequence[Column], before: Array, parts: int, rare: str | None) -> None:
    """Refuse strata of one item that is not placed yet, unless `rare` lets them be.

    Raises
    ------
    SplitError
        If there is one, or `rare` is no such choice.
    """
    if rare is not None:
        if rare != "keep":
            raise SplitError(f"rare={rare!r} is no choice: it is 'keep' or None")
        return
    for column in strata:
        sizes = np.bincount(column.codes, minlength=len(column.levels))
        if column.kind == "bins" or not (sizes == 1).any():
            continue
        alone = (sizes[column.codes] == 1) & (before[column.rows] == NEW)
        if alone.any():
            value = column.levels[column.codes[alone][0]]
            raise SplitError(
                f"one item only has {column.name} {value!r}, and it cannot be in {parts} splits "
                f'({int(alone.sum())} such in all): get more, merge it into another, or pass rare="keep"'
            )
