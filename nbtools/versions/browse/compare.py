"""What changed between two versions, as numbers of rows: so that what changed can be looked at as the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import VersionError
from nbtools.versions.browse.items import ItemRows
from nbtools.versions.browse.select import as_text
from nbtools.versions.pairing import differing, matches, pairs
from nbtools.versions.pieces import SPLIT

Rows = np.ndarray[Any, np.dtype[Any]]
Value = str | None

_PIECE = 131_072
_BYTES = ("recipe", "sha256")


@dataclass(frozen=True, slots=True)
class Relabeled:
    """The items whose label of one task is another one.

    Attributes
    ----------
    old, new : array of int32, shape (n,)
        Their rows in either version.
    before, after : array of int32, shape (n,)
        Their labels, as places in `values`.
    values : list of (str or None)
        Labels as text; None where there was or is none.
    """

    old: Rows
    new: Rows
    before: Rows
    after: Rows
    values: list[Value]

    def counts(self) -> dict[tuple[Value, Value], int]:
        """Return how many went from each label to each other one, the most first."""
        width = len(self.values)
        found, counts = np.unique(self.before.astype(np.int64) * width + self.after, return_counts=True)
        order = np.argsort(-counts, kind="stable").tolist()
        pairs_ = [(divmod(int(found[at]), width), int(counts[at])) for at in order]
        return {(self.values[was], self.values[now]): count for (was, now), count in pairs_}

    def cell(self, before: Value, after: Value) -> Rows:
        """Return the rows, in the new version, of those that went from one label to another; sorted."""
        place = {value: at for at, value in enumerate(self.values)}
        kept = (self.before == place.get(before, -1)) & (self.after == place.get(after, -1))
        found: Rows = np.sort(self.new[kept])
        return found

    @property
    def rows(self) -> Rows:
        """Their rows in the new version, sorted."""
        found: Rows = np.sort(self.new)
        return found

    def labeled(self, among: Rows) -> int:
        """Return how many of some rows of the new version, all of them relabeled, had no label before."""
        none = self.values.index(None) if None in self.values else -1
        return int(np.isin(among, self.new[self.before == none]).sum())


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different in a version from another one, by row.

    Attributes
    ----------
    added : array of int32
        Rows of the new version; all arrays are sorted.
    removed : array of int32
        Rows of the old version.
    replaced, moved : array of int32
        Rows of the new version: items with other bytes, and in another part of a split.
    relabeled : dict of str to Relabeled
        By task, of the items that both versions hold.
    """

    added: Rows
    removed: Rows
    replaced: Rows
    moved: Rows
    relabeled: dict[str, Relabeled]


def compare(old: ItemRows, new: ItemRows) -> Changes:
    """Return what is different in one version from another.

    Parameters
    ----------
    old, new : ItemRows
        Both of versions, or both of splits.

    Raises
    ------
    VersionError
        If one is a version and the other a split.
    DatasetError
        If a table cannot be read, or is not in the order of its ids.
    """
    if old.record.name.is_split != new.record.name.is_split:
        raise VersionError(f"{old.record.name} and {new.record.name} are no two of a kind: compare versions or splits")
    tasks = [task for task in tasks_of(new) if task in tasks_of(old)]
    matched = _matched(old, new)
    was, now = matched
    return Changes(
        added=_others(now, new.count),
        removed=_others(was, old.count),
        replaced=np.sort(now[_any_differ(old, new, matched, _BYTES)]),
        moved=np.sort(now[_any_differ(old, new, matched, (SPLIT,))]),
        relabeled={task: _relabeled(old, new, matched, task) for task in tasks},
    )


def tasks_of(items: ItemRows) -> list[str]:
    """Return the tasks that have a column in a version or split."""
    said = items.record.said.get("tasks") or items.record.truth or items.record.counts.get("labels") or {}
    return [name for name in said if name in items.columns]


def _matched(old: ItemRows, new: ItemRows) -> tuple[Rows, Rows]:
    """Return the rows of the items that both hold, in the order of the new version."""
    found: tuple[list[Rows], list[Rows]] = ([], [])
    for left, right in pairs(_pieces(old), _pieces(new)):
        before, after = matches(left, right)
        found[0].append(left["row"].to_numpy()[before])
        found[1].append(right["row"].to_numpy()[after])
    was, now = (np.concatenate([np.zeros(0, np.int32), *rows]) for rows in found)
    order = np.argsort(now, kind="stable")
    return was[order], now[order]


def _pieces(items: ItemRows) -> Iterator[pa.Table]:
    """Yield ids and row numbers in the order of the ids; the parts of a split stand one after the other."""
    table = pa.table({"id": items.column("id"), "row": pa.array(np.arange(items.count, dtype=np.int32))})
    if items.record.name.is_split:
        table = table.sort_by("id")
    for start in range(0, max(table.num_rows, 1), _PIECE):
        yield table.slice(start, _PIECE)


def _any_differ(old: ItemRows, new: ItemRows, matched: tuple[Rows, Rows], columns: Sequence[str]) -> Rows:
    found = np.zeros(len(matched[0]), bool)
    for name in columns:
        if name in old.columns and name in new.columns:
            found |= differing(_column(old, name, matched[0]), _column(new, name, matched[1]))
    return found


def _relabeled(old: ItemRows, new: ItemRows, matched: tuple[Rows, Rows], task: str) -> Relabeled:
    before, after, values = _coded(old.column(task), new.column(task))
    was, now = before[matched[0]], after[matched[1]]
    kept = np.flatnonzero(was != now)
    return Relabeled(matched[0][kept], matched[1][kept], was[kept], now[kept], values)


def _coded(old: pa.ChunkedArray, new: pa.ChunkedArray) -> tuple[Rows, Rows, list[Value]]:
    """Return two columns as numbers into one list of their values: a few bytes a row, whatever the values are."""
    both = [pc.dictionary_encode(as_text(one).combine_chunks(), null_encoding="encode") for one in (old, new)]
    values: dict[Value, int] = {}
    codes = []
    for one in both:
        place = [values.setdefault(value, len(values)) for value in one.dictionary.to_pylist()]
        codes.append(np.array(place, np.int32)[one.indices.to_numpy()])
    return codes[0], codes[1], list(values)


def _column(items: ItemRows, name: str, rows: Rows) -> pa.ChunkedArray:
    whole = as_text(items.column(name))
    taken: pa.ChunkedArray = whole if _is_all(rows, items.count) else whole.take(pa.array(rows))
    return taken


def _is_all(rows: Rows, count: int) -> bool:
    return len(rows) == count and bool((rows == np.arange(count)).all())


def _others(rows: Rows, count: int) -> Rows:
    kept = np.ones(count, bool)
    kept[rows] = False
    return np.flatnonzero(kept).astype(np.int32)
