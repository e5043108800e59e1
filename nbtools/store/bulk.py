"""Everything that the index holds, as Arrow tables; for what handles a million rows at once.

A million rows as Python tuples would take seconds and gigabytes. So SQLite puts each
column of some thousand rows together as one string and one list of lengths, and
Arrow takes these as its own buffers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from nbtools.store.index import Index

_ROWS = 1 << 14
_WHOLE = {pa.int32(), pa.int64(), pa.bool_()}
_TEXT = pa.string()
ITEMS: Mapping[str, pa.DataType] = {
    "id": _TEXT,
    "kind": _TEXT,
    "path": _TEXT,
    "row": pa.int64(),
    "recipe": pa.int32(),
    "sha256": _TEXT,
    "content": _TEXT,
    "media_type": _TEXT,
    "bytes": pa.int64(),
    "width": pa.int32(),
    "height": pa.int32(),
    "duration": pa.float64(),
    "text": pa.large_string(),
    "sources": _TEXT,
    "attributes": _TEXT,
}
LABELS: Mapping[str, pa.DataType] = {
    "series": pa.int32(),
    "schema": pa.int32(),
    "position": pa.int64(),
    "value": _TEXT,
    "status": _TEXT,
    "flagged": pa.bool_(),
    "unsure": pa.bool_(),
    "comment": _TEXT,
    "origin": _TEXT,
    "identity": _TEXT,
    "at": _TEXT,
    "act": _TEXT,
}


class Everything(NamedTuple):
    """What the index held at one moment.

    Attributes
    ----------
    items : Table
        All items, in order of position; `sources` and `attributes` are JSON.
    labels : Table
        All that is current and not cleared; `series` and `position` say of whom and what.
    series : mapping of int to (str, str)
        The task and the annotator of each series.
    excluded : mapping of int to (str, str or None)
        The id and the reason of each item that is out, by position.
    """

    items: pa.Table
    labels: pa.Table
    series: Mapping[int, tuple[str, str]]
    excluded: Mapping[int, tuple[str, str | None]]


def everything(index: Index) -> Everything:
    """Return what the index holds, brought up to date by the caller.

    Notes
    -----
    Half of the items are read by a second thread, over a connection of its own. The
    table of items is only ever filled, or grown, as a whole, under a new name (its
    generation): halves of one generation belong together.
    """

    def half(connection: sqlite3.Connection) -> tuple[object, pa.Table]:
        return _generation(connection), _items(connection, 1)

    def read(connection: sqlite3.Connection) -> tuple[object, Everything]:
        generation = _generation(connection)
        series = {number: (task, who) for number, task, who in connection.execute("SELECT * FROM series")}
        out = connection.execute("SELECT position, item, reason FROM excluded WHERE position IS NOT NULL")
        excluded = {position: (item, reason) for position, item, reason in out}
        items = _items(connection, 0)
        starts = range(0, _end(connection, "head", "turn"), _ROWS)
        labels = _table(connection, "head", "turn", LABELS, starts, "AND status != 'cleared' AND position IS NOT NULL")
        return generation, Everything(items, labels, series, excluded)

    with ThreadPoolExecutor(1) as pool:
        while True:
            later = pool.submit(index.snapshot, half)
            generation, found = index.snapshot(read)
            other, items = later.result()
            if other == generation:
                return found._replace(items=pa.concat_tables([found.items, items]))


def _generation(connection: sqlite3.Connection) -> object:
    return connection.execute("SELECT value FROM meta WHERE key IN ('birth', 'generation') ORDER BY key").fetchall()


def _end(connection: sqlite3.Connection, name: str, key: str) -> int:
    (last,) = connection.execute(f"SELECT max({key}) FROM {name}").fetchone()
    return 0 if last is None else last + 1


def _items(connection: sqlite3.Connection, half: int) -> pa.Table:
    starts = range(0, _end(connection, "item", "position"), _ROWS)
    middle = len(starts) // 2
    return _table(connection, "item", "position", ITEMS, starts[middle:] if half else starts[:middle])


def _table(
    connection: sqlite3.Connection,
    name: str,
    key: str,
    columns: Mapping[str, pa.DataType],
    starts: range,
    more: str = "",
) -> pa.Table:
    packed = [part for column, kind in columns.items() for part in _packed(column, kind)]
    query = f"SELECT {', '.join(packed)} FROM {name} WHERE {key} >= ? AND {key} < ? {more}"
    batches = [_unpacked(connection.execute(query, (at, at + _ROWS)).fetchone(), columns) for at in starts]
    return pa.Table.from_batches(batches, pa.schema(columns))


def _packed(column: str, kind: pa.DataType) -> Sequence[str]:
    if kind in _WHOLE:
        return (f"group_concat(coalesce({column}, -1))",)
    if kind == pa.float64():
        return (f"group_concat(CASE WHEN {column} IS NULL THEN 'nan' ELSE printf('%!.17g', {column}) END)",)
    lengths = f"group_concat(coalesce(length(CAST({column} AS BLOB)), -1))"
    return lengths, f"CAST(group_concat({column}, '') AS BLOB)"


def _unpacked(found: Sequence[Any], columns: Mapping[str, pa.DataType]) -> pa.RecordBatch:
    parts = iter(found)
    arrays = [_array(kind, parts) for kind in columns.values()]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(columns))


def _array(kind: pa.DataType, parts: Iterator[Any]) -> pa.Array:
    numbers = next(parts) or ""
    if kind == pa.float64():
        values = np.array(numbers.split(",") if numbers else [], np.float64)
        return pa.array(values, kind, mask=np.isnan(values))
    values = np.fromstring(numbers, np.int64, sep=",")
    if kind in _WHOLE:
        return pa.array(values, pa.int64(), mask=values < 0).cast(kind)
    known = values >= 0
    wide = np.int64 if kind == pa.large_string() else np.int32
    offsets = np.zeros(len(values) + 1, wide)
    np.cumsum(np.where(known, values, 0), out=offsets[1:])
    present = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [present, pa.py_buffer(offsets), pa.py_buffer(next(parts) or b"")])
