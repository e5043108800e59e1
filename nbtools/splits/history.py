"""What was decided before: who stays, and who cannot, because a new link joins two splits."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbtools.errors import SplitError, did_you_mean
from nbtools.splits.columns import Array, Column
from nbtools.splits.ids import Ids, read_ids
from nbtools.splits.links import Links
from nbtools.splits.plan import NEW, OUT, Removal
from nbtools.splits.ratios import QUARANTINE, protection
from nbtools.splits.units import Units, edges, joined

# How a reason begins.
LEAK = "leak: "


def read_before(extends: Any, ids: Ids, names: Sequence[str]) -> Array:
    """Return the number of the split that each item was in; -1 for new items, -2 for quarantined ones.

    Parameters
    ----------
    extends : Series or mapping from id to split, or None
        The split that is extended. Ids that are not there any more are passed over.
    ids : Ids
        The items, shape (n,).
    names : sequence of str
        The splits there are now.

    Raises
    ------
    SplitError
        If it is no Series, its ids are of another kind, or it holds another split.
    """
    before = np.full(len(ids), NEW)
    if extends is None or not len(extends):
        return before
    if isinstance(extends, Mapping):
        keys, splits = list(extends), list(extends.values())
    elif hasattr(extends, "index") and hasattr(extends, "to_numpy") and not hasattr(extends, "columns"):
        keys, splits = extends.index, extends.to_numpy()
    else:
        raise SplitError(f"extends={type(extends).__name__} is no Series from id to split: plan.assignments is one")
    known = read_ids(keys, "the ids of extends")
    if known.kind != ids.kind:
        raise SplitError(
            f"extends has {known.kind} ids such as {known.array[0]!r}, and the items {ids.kind} ids such as "
            f"{ids.array[0]!r}: not one would be found again, and all would move. Make both the same type"
        )
    place = {name: number for number, name in enumerate(names)} | {QUARANTINE: OUT}
    import pandas as pd

    codes, distinct = pd.factorize(np.asarray(splits, object))
    for name in [*distinct, *([None] if (codes < 0).any() else [])]:
        if name not in place:
            raise SplitError(
                f"extends holds the split {name!r}{did_you_mean(str(name), names)}; there are {', '.join(names)}. "
                "Old items stay where they are: give it a ratio, or start anew without extends"
            )
    index = known.index()
    if not index.is_unique:
        raise SplitError(f"extends holds {index[index.duplicated()][0]!r} twice: an item is in one split")
    found = index.get_indexer(ids.index())
    before[found >= 0] = np.array([place[name] for name in distinct])[codes[found[found >= 0]]]
    return before


def settle(
    units: Units, before: Array, names: Sequence[str], groups: Sequence[Column], links: Sequence[Links], ids: Ids
) -> tuple[Array, list[Removal]]:
    """Return the split that each unit has already, -1 if none, and who is taken out of which.

    Where a unit has members in two splits, those of the less protected one are
    quarantined: train before others, and test never.

    Parameters
    ----------
    units : Units
        Which items stay together.
    before : ndarray of int, shape (n,)
        As `read_before` returns it.
    names : sequence of str
        The splits.
    groups, links
        What joins the items: the reasons name it.
    ids : Ids
        The items.
    """
    rank = protection(names)
    by_rank = np.array([rank[name] for name in names])
    old = np.flatnonzero(before >= 0)
    highest = np.full(len(units), -1)
    np.maximum.at(highest, units.of[old], by_rank[before[old]])
    back = np.argsort(by_rank)
    fixed = np.where(highest >= 0, back[highest], NEW)
    out = old[before[old] != fixed[units.of[old]]]
    removals = [
        Removal(int(row), None, None, "in quarantine before, and nothing moves back by itself")
        for row in np.flatnonzero(before == OUT)
    ]
    if len(out):
        removals += _conflicts(out, units, before, fixed, names, groups, links, ids)
    return fixed, sorted(removals, key=lambda removal: removal.row)


def _conflicts(
    out: Array,
    units: Units,
    before: Array,
    fixed: Array,
    names: Sequence[str],
    groups: Sequence[Column],
    links: Sequence[Links],
    ids: Ids,
) -> list[Removal]:
    keepers = np.flatnonzero((before >= 0) & (before == fixed[units.of]) & np.isin(units.of, units.of[out]))
    reached = _nearest(keepers, units, out, groups, links)
    removals = []
    for row in out.tolist():
        kept = names[fixed[units.of[row]]]
        other, why = reached[row]
        removals.append(Removal(row, names[before[row]], kept, f"{LEAK}{why} {ids.array[other]!r}, which is in {kept}"))
    return removals


def _nearest(
    keepers: Array, units: Units, out: Array, groups: Sequence[Column], links: Sequence[Links]
) -> dict[int, tuple[int, str]]:
    """Return for each item that is out the item it is joined to, and by what: breadth first from those that stay."""
    wanted = np.zeros(len(units), bool)
    wanted[units.of[out]] = True
    neighbors: dict[Any, list[tuple[Any, str]]] = {}
    for number, column in enumerate(groups):
        inside = np.flatnonzero(wanted[units.of[column.rows]])
        for row, code in zip(column.rows[inside].tolist(), column.codes[inside].tolist(), strict=True):
            value = (number, code)
            why = f"shares {column.name} {str(column.levels[code])!r} with"
            neighbors.setdefault(row, []).append((value, why))
            neighbors.setdefault(value, []).append((row, why))
    for link in links:
        for left, right, measure in zip(link.left.tolist(), link.right.tolist(), link.measure.tolist(), strict=True):
            if wanted[units.of[left]]:
                why = f"is a {link.kind} ({measure:g} {link.unit}) of" if link.unit else f"is linked ({link.kind}) to"
                neighbors.setdefault(left, []).append((right, why))
                neighbors.setdefault(right, []).append((left, why))
    reached: dict[Any, tuple[int, str]] = {row: (row, "") for row in keepers.tolist()}
    queue: deque[Any] = deque(reached)
    while queue:
        node = queue.popleft()
        origin, how = reached[node]
        for other, why in neighbors.get(node, ()):
            if other not in reached:
                # What joins an item itself is named, and not what joins others on the way to it.
                chained = isinstance(node, int) and how != ""
                reached[other] = (origin, f"through others {why}" if chained else how or why)
                queue.append(other)
    return reached


def pairs_of(groups: Sequence[Column], links: Sequence[Links]) -> tuple[Array, Array]:
    """Return every pair of positions that groups and links join."""
    return joined(edges(groups, links))
