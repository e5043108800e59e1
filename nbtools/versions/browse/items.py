"""The items of a version or a split as rows of which any can be read at once, in memory for a few of them.

Parquet is read from the beginning of a group, so a page of a sorted table would cost
all of it. The columns that are looked at are therefore copied, once and in the
background, into a file without a name that is mapped into memory. It goes with the
process; a folder that cannot be written is no hindrance.
"""

from __future__ import annotations

import mmap
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.versions.pieces import SPLIT, part_names
from nbtools.versions.record import Record
from nbtools.versions.tables import ITEMS

Rows = np.ndarray[Any, np.dtype[Any]]

# Made of others: the first source, and the beginning of the text.
SOURCE, TEXT = "source", "text"
PREVIEW = 200
_HIDDEN = {"content", "sources", TEXT}
_HEAD_ROWS = 1_024
_BATCH_ROWS = 32_768
_BATCH_BYTES = 16 << 20


class ItemRows:
    """The items of a version, or of all parts of a split.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        Of the version or split.

    Raises
    ------
    DatasetError
        If a table cannot be read.

    Attributes
    ----------
    count : int
        How many there are.
    columns : list of str
        What is known of each: the columns of the table but for ``content`` and
        ``sources``; ``source``, the first of these; ``text``, its first 200
        characters; ``split``, the part, of a split.
    """

    def __init__(self, folder: Folder, record: Record) -> None:
        self.record = record
        self._folder = folder
        self._counts: list[tuple[str, str | None, int]] = []
        for name, part in _files(record):
            with _opened(folder, record, name) as file:
                if not self._counts:
                    self._head = _shown(next(_batches(file, _HEAD_ROWS), _nothing(file)), part)
                self._counts.append((name, part, file.metadata.num_rows))
        self.count = sum(count for _, _, count in self._counts)
        self._copy: list[pa.RecordBatch] | None = None
        self._mapped: mmap.mmap | None = None
        self._starts = np.zeros(0, np.int64)
        self._failed: Exception | None = None
        self._copying = threading.Thread(target=self._make_copy, name=f"rows of {record.name}", daemon=True)
        self._copying.start()

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        return self._head.schema

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.schema.names)

    def take(self, rows: Rows) -> pa.Table:
        """Return some rows, in the order in which they are asked for.

        Parameters
        ----------
        rows : array of int, shape (n,)
            Their numbers, from 0.
        """
        if not len(rows):
            return self.schema.empty_table()
        if self._copy is None and int(rows.max()) < self._head.num_rows:
            return self._head.take(pa.array(rows))
        copy, starts = self._copied()
        which = np.searchsorted(starts, rows, side="right") - 1
        parts = [copy[at].take(pa.array(rows[which == at] - starts[at])) for at in np.unique(which)]
        back = np.empty(len(rows), np.int64)
        back[np.argsort(which, kind="stable")] = np.arange(len(rows))
        return pa.Table.from_batches(parts, self.schema).take(pa.array(back))

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column whole; it lies in the file, not in memory."""
        copy, _ = self._copied()
        return pa.chunked_array([batch.column(name) for batch in copy], self.schema.field(name).type)

    def find(self, item: str) -> int | None:
        """Return the number of an item's row; None where it is not there."""
        at = pc.index(self.column("id"), item).as_py()
        return None if at < 0 else int(at)

    def rest(self) -> None:
        """Give back the memory through which columns were read; the next reading takes it again."""
        pa.default_memory_pool().release_unused()
        if self._mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def whole(self, row: int) -> dict[str, Any]:
        """Return all that is kept of an item: its sources and its whole text beside the columns."""
        start = 0
        for name, part, count in self._counts:
            if row < start + count:
                with _opened(self._folder, self.record, name) as file:
                    found: dict[str, Any] = self.take(np.array([row])).to_pylist()[0]
                    return found | _whole(file, row - start) | ({} if part is None else {SPLIT: part})
            start += count
        raise IndexError(row)

    def _copied(self) -> tuple[list[pa.RecordBatch], Rows]:
        self._copying.join()
        if self._copy is None:
            raise DatasetError(f"{self.record.name.path} cannot be read: {self._failed}. Bring it back from a backup")
        return self._copy, self._starts

    def _make_copy(self) -> None:
        try:
            schema = self.schema
            with tempfile.TemporaryFile() as file:
                with pa.ipc.new_file(file, schema) as writer:
                    for name, part, _ in self._counts:
                        with _opened(self._folder, self.record, name) as opened:
                            for table in _tables(opened, part):
                                writer.write_table(table.select(schema.names).cast(schema))
                file.flush()
                self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            mapped = pa.ipc.open_file(pa.BufferReader(pa.py_buffer(self._mapped)))
            copy = [mapped.get_batch(at) for at in range(mapped.num_record_batches)]
            self._starts = np.cumsum([0, *(batch.num_rows for batch in copy[:-1])])
            self._copy = copy
            self.rest()
        except Exception as error:  # noqa: BLE001 -- whoever waits for the copy is told
            self._failed = error


def _files(record: Record) -> list[tuple[str, str | None]]:
    if not record.name.is_split:
        return [(ITEMS, None)]
    found: list[tuple[str, str | None]] = [(f"{part}.parquet", part) for part in part_names(record)]
    if not found:
        raise DatasetError(f"{record.name.path} names no part that could be read: bring it back from a backup")
    return found


def _opened(folder: Folder, record: Record, name: str) -> pq.ParquetFile:
    path = f"{record.name.path}/{name}"
    try:
        file = pq.ParquetFile(folder.path(path))
        file.schema_arrow.field("id")
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error
    return file


def _tables(file: pq.ParquetFile, part: str | None) -> Iterator[pa.Table]:
    about = file.metadata
    size = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    rows = _BATCH_BYTES * about.num_rows // size if size else _BATCH_ROWS
    return (_shown(table, part) for table in _batches(file, min(max(rows, 256), _BATCH_ROWS)))


def _nothing(file: pq.ParquetFile) -> pa.Table:
    return file.schema_arrow.empty_table()


def _batches(file: pq.ParquetFile, size: int) -> Iterator[pa.Table]:
    columns = [name for name in file.schema_arrow.names if name != "content"]
    return (pa.Table.from_batches([batch]) for batch in file.iter_batches(batch_size=size, columns=columns))


def _shown(table: pa.Table, part: str | None) -> pa.Table:
    """Return the columns that are looked at."""
    made: dict[str, Any] = {"id": table["id"], SOURCE: _first_source(table)}
    if part is not None:
        made[SPLIT] = pa.array([part] * table.num_rows, pa.string())
    made |= {name: table[name] for name in table.column_names if name not in _HIDDEN and name not in made}
    if TEXT in table.column_names:
        made[TEXT] = pc.utf8_slice_codeunits(table[TEXT].cast(pa.large_string()), 0, PREVIEW).cast(pa.string())
    return pa.table(made)


def _first_source(table: pa.Table) -> pa.Array | pa.ChunkedArray:
    if "sources" not in table.column_names:
        return table["path"] if "path" in table.column_names else table["id"]
    lists = table["sources"].combine_chunks()
    offsets = lists.offsets.to_numpy()
    first = pa.array(offsets[:-1], mask=np.diff(offsets) == 0)
    return lists.values.take(first).cast(pa.string())


def _whole(file: pq.ParquetFile, row: int) -> dict[str, Any]:
    columns = [name for name in ("sources", TEXT) if name in file.schema_arrow.names]
    start = 0
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if row < start + rows:
            # In small steps: the texts of a group may be gigabytes.
            for batch in file.iter_batches(batch_size=_HEAD_ROWS, row_groups=[group], columns=columns):
                if row < start + batch.num_rows:
                    found: dict[str, Any] = batch.slice(row - start, 1).to_pylist()[0]
                    return found
                start += batch.num_rows
        start += rows
    raise IndexError(row)
