"""Which rows are looked at, in which order, and what there is among them. Values in, row numbers out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import VersionError, did_you_mean

Rows = np.ndarray[Any, np.dtype[Any]]

MOST_VALUES = 200
_SAMPLE = 4_096
_SEARCHED = ("source", "path", "text")
_ID_BEGINNING = re.compile(r"[0-9a-f]{4,32}")
# Of each item another one, so that counting them says nothing.
_DISTINCT = {"id", "source", "path", "row", "recipe", "sha256", "bytes", "width", "height", "duration", "text"}


class Columns(Protocol):
    """A table of which single columns can be had."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column whole."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: a column holds a value.

    Attributes
    ----------
    column : str
        Its name.
    value : str or None
        The value as text; None for rows that have none. Of a list, one of its values.
    """

    column: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows, and their order.

    Attributes
    ----------
    find : str
        What their source, path or text holds, upper and lower case alike, or their id begins with; all where empty.
    filters : tuple of Filter
        What all of them hold.
    sort : str or None
        The column to sort by; None for the order of the version. What has no value comes last.
    descending : bool
        Whether the largest comes first.
    """

    find: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str | None = None
    descending: bool = False

    @property
    def everything(self) -> bool:
        """Whether it leaves all rows as they are."""
        return not self.find.strip() and not self.filters and self.sort is None


def select(table: Columns, wanted: Selection, among: Rows | None = None) -> Rows:
    """Return the numbers of the rows that are wanted, in order.

    Parameters
    ----------
    table : Columns
        What is selected from.
    wanted : Selection
        Which rows.
    among : array of int32, optional
        Only of these, which are sorted; of all unless given.

    Returns
    -------
    array of int32

    Raises
    ------
    VersionError
        If there is no such column.
    """
    rows = np.arange(table.count, dtype=np.int32) if among is None else among
    for one in wanted.filters:
        rows = rows[_holding(_taken(table, one.column, rows), one.value)]
    word = wanted.find.strip()
    if word:
        rows = rows[_found(table, word, rows)]
    return rows if wanted.sort is None else rows[_order(_taken(table, wanted.sort, rows), wanted.descending)]


def facets(table: Columns, rows: Rows | None = None) -> dict[str, dict[str | None, int]]:
    """Return, for each column that tells rows apart, how many of them hold each value.

    Parameters
    ----------
    table : Columns
        What is counted.
    rows : array of int32, optional
        Only these.

    Returns
    -------
    dict of str to dict
        By column, in the table's order, then by value as text, the most frequent first;
        None for those that have no value. Of a list each of its values counts. Columns
        with more than 200 different values are left out.
    """
    found = {}
    for name in table.columns:
        if name in _DISTINCT or _tells_little(table.column(name)):
            continue
        column = table.column(name) if rows is None else _taken(table, name, rows)
        counts = _counts(column)
        if len(counts) <= MOST_VALUES and set(counts) != {None}:
            found[name] = counts
    return found


def total_bytes(table: Columns, rows: Rows | None = None) -> int | None:
    """Return the size of some items together; None where no size is known."""
    if "bytes" not in table.columns:
        return None
    column = table.column("bytes") if rows is None else _taken(table, "bytes", rows)
    size = pc.sum(column).as_py()
    return None if size is None else int(size)


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as people read it: lists joined, null where there is nothing."""
    if _is_list(column):
        return pc.binary_join(column.cast(pa.list_(pa.string())), ", ")
    return column.cast(pa.string())


def _taken(table: Columns, name: str, rows: Rows) -> pa.ChunkedArray:
    if name not in table.columns:
        raise VersionError(f"there is no column {name!r:.60}{did_you_mean(name, table.columns)}")
    column = table.column(name)
    if len(rows) == table.count and (len(rows) == 0 or (rows[0] == 0 and rows[-1] == table.count - 1)):
        return column
    # Chunk by chunk: taking from a column of many chunks would copy all of it first.
    ends = np.cumsum([len(chunk) for chunk in column.chunks])
    at = np.searchsorted(rows, [0, *ends])
    begins = [0, *ends[:-1]]
    parts = [
        chunk.take(pa.array(rows[low:high] - begin))
        for chunk, begin, low, high in zip(column.chunks, begins, at[:-1], at[1:], strict=True)
    ]
    return pa.chunked_array(parts, column.type)


def _holding(column: pa.ChunkedArray, value: str | None) -> Rows:
    if value is None:
        return _mask(pc.is_null(column))
    if _is_list(column):
        chunks = [_list_holding(chunk, value) for chunk in column.chunks]
        return np.concatenate(chunks) if chunks else np.zeros(0, bool)
    return _mask(pc.equal(column.cast(pa.string()), value))


def _list_holding(chunk: pa.Array, value: str) -> Rows:
    hit = _mask(pc.equal(pc.list_flatten(chunk).cast(pa.string()), value))
    held = np.zeros(len(chunk), bool)
    held[pc.list_parent_indices(chunk).to_numpy()[hit]] = True
    return held


def _found(table: Columns, word: str, rows: Rows) -> Rows:
    held = np.zeros(len(rows), bool)
    for name in _SEARCHED:
        if name in table.columns:
            column = _taken(table, name, rows)
            held |= _mask(pc.match_substring(column, word, ignore_case=True))
    if _ID_BEGINNING.fullmatch(word.lower()):
        held |= _mask(pc.starts_with(_taken(table, "id", rows), word.lower()))
    return held


def _order(column: pa.ChunkedArray, descending: bool) -> Rows:  # noqa: FBT001 -- two words would not say more
    plain = as_text(column) if _is_list(column) else column
    order = pc.sort_indices(plain, sort_keys=[("", "descending" if descending else "ascending")])
    found: Rows = order.to_numpy()
    return found


def _counts(column: pa.ChunkedArray) -> dict[str | None, int]:
    if _is_list(column):
        missing = column.null_count
        flat = pa.chunked_array([pc.list_flatten(chunk) for chunk in column.chunks], column.type.value_type)
        return _counts(flat) | ({None: missing} if missing else {})
    counted = pc.value_counts(column.cast(pa.string()))
    values = counted.field("values").to_pylist()
    found = dict(zip(values, counted.field("counts").to_pylist(), strict=True))
    return dict(sorted(found.items(), key=lambda one: (one[0] is None, -one[1], one[0] or "")))


def _tells_little(column: pa.ChunkedArray) -> bool:
    """Tell, from a few rows, whether there is hardly a value twice."""
    sample = column.slice(0, _SAMPLE)
    if _is_list(sample):
        return False
    return bool(pa.types.is_floating(sample.type)) or int(pc.count_distinct(sample).as_py()) > MOST_VALUES


def _mask(found: pa.ChunkedArray | pa.Array) -> Rows:
    filled = pc.fill_null(found, fill_value=False)
    held: Rows = np.asarray(filled).astype(bool)
    return held


def _is_list(column: pa.ChunkedArray | pa.Array) -> bool:
    return bool(pa.types.is_list(column.type) or pa.types.is_large_list(column.type))
