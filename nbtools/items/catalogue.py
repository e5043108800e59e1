"""The catalogue: one row for each time an item was seen, in parts that are never rewritten.

A part is a Parquet file ``metadata/items/<ulid>.parquet``. Parts are only ever
added, so that two ingests at once are safe, and what an item is now is the fold of
all its rows (`nbtools.items.fold`), in the order of the parts' names and of the rows.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nbtools.errors import DatasetError
from nbtools.items.sighting import COLUMNS, PARTS, SUFFIX, Sighting, part_names
from nbtools.storage import Folder, new_ulid

__all__ = [
    "COLUMNS",
    "PARTS",
    "SCHEMA",
    "Sighting",
    "arrow_array",
    "joined_of",
    "part_names",
    "read_batches",
    "read_part",
    "records",
    "write_part",
]

BATCH_ROWS = 16_384
# The key in the metadata of a part that was joined of others (`nbtools.items.compacting`).
JOINED = "nbtools:joined"
_ULID = 26  # a part from which something was erased has more behind it

_TEXT_FIELDS = ("id", "sha256", "content", "kind", "media_type", "path", "text", "source", "state", "attributes")
_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys((*_TEXT_FIELDS, "replaces", "added"), pa.string()),
    **dict.fromkeys(("recipe", "width", "height"), pa.int32()),
    **dict.fromkeys(("row", "bytes"), pa.int64()),
    "duration": pa.float64(),
}


SCHEMA = pa.schema([pa.field(name, _TYPES[name]) for name in COLUMNS])


def write_part(folder: Folder, rows: Sequence[Sighting]) -> str:
    """Add rows to the catalogue; they are on the disk on return.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    rows : sequence of Sighting
        In the order in which they are to be folded.

    Returns
    -------
    str
        The name of the new part, or ``""`` where there was nothing to write.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    if not rows:
        return ""
    arrays = [arrow_array(values, _TYPES[name]) for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True)]
    table = pa.Table.from_arrays(arrays, schema=SCHEMA)
    buffer = io.BytesIO()
    # Hashes do not repeat: a dictionary of them would only cost.
    pq.write_table(
        table, buffer, compression="zstd", use_dictionary=["kind", "media_type", "state", "attributes", "added"]
    )
    existing = part_names(folder)
    # Parts are folded in the order of their names: this one comes last, whatever the clock says.
    name = new_ulid(after=existing[-1][:_ULID] if existing else "") + SUFFIX
    folder.create(f"{PARTS}/{name}", buffer.getvalue())
    return name


def read_part(folder: Folder, name: str, columns: Sequence[str] = COLUMNS) -> pa.Table:
    """Return one part as a table.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    name : str
        One of `part_names`.
    columns : sequence of str
        Which columns; all unless given.

    Raises
    ------
    DatasetError
        If the part cannot be read or lacks a column.
    """
    batches = list(read_batches(folder, name, columns))
    return pa.Table.from_batches(batches, pa.schema([SCHEMA.field(column) for column in columns]))


def read_batches(folder: Folder, name: str, columns: Sequence[str] = COLUMNS) -> Iterator[pa.RecordBatch]:
    """Yield a part in batches of at most `BATCH_ROWS` rows, so that memory stays bounded.

    A part that was joined with others since it was listed is read from the joined one.

    Raises
    ------
    DatasetError
        If the part cannot be read or lacks a column.
    """
    wanted = pa.schema([SCHEMA.field(column) for column in columns])
    try:
        opened, start, count = _opened(folder, name)
        with opened as file:
            batches = file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns))
            for batch in _cut(batches, start, count):
                yield batch.select(list(columns)).cast(wanted)
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise DatasetError(
            f"the catalogue part {PARTS}/{name} cannot be read: {error}. Bring it back from a backup; "
            "nothing else holds what it held"
        ) from error


def joined_of(folder: Folder, name: str) -> list[tuple[str, int]]:
    """Return of which parts a part was joined, and how many rows each had; nothing if it was not.

    Raises
    ------
    DatasetError
        If the part cannot be read.
    """
    try:
        footer = pq.read_metadata(folder.path(f"{PARTS}/{name}"))
        said = json.loads((footer.metadata or {}).get(JOINED.encode(), b"[]"))
        parts = [(str(one), int(rows)) for one, rows in said]
        # A part that holds fewer rows than it says stands for no other one.
        return parts if sum(rows for _, rows in parts) == footer.num_rows else []
    except FileNotFoundError:
        return []
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise DatasetError(f"the catalogue part {PARTS}/{name} cannot be read: {error}") from error


def _opened(folder: Folder, name: str) -> tuple[pq.ParquetFile, int, int]:
    """Return the file in which the rows of a part are, from which on, and how many."""
    try:
        file = pq.ParquetFile(folder.path(f"{PARTS}/{name}"))
    except FileNotFoundError:
        for there in part_names(folder):
            start = 0
            for one, rows in joined_of(folder, there):
                if one == name:
                    return pq.ParquetFile(folder.path(f"{PARTS}/{there}")), start, rows
                start += rows
        raise
    return file, 0, file.metadata.num_rows


def _cut(batches: Iterator[pa.RecordBatch], start: int, count: int) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        piece = batch.slice(start, count)
        start = max(start - batch.num_rows, 0)
        count -= piece.num_rows
        if piece.num_rows:
            yield piece
        if not count:
            return


def records(folder: Folder, name: str, columns: Sequence[str] = COLUMNS) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a part as plain tuples, in order.

    Raises
    ------
    DatasetError
        If the part cannot be read or lacks a column.
    """
    for batch in read_batches(folder, name, columns):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def arrow_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Return values as an array; pa.array would import pandas, half a second, to see that they are a list."""
    import numpy as np

    here = pa.py_buffer(np.packbits([value is not None for value in values], bitorder="little"))
    if kind != pa.string():
        data = np.array([0 if value is None else value for value in values], kind.to_pandas_dtype())
        return pa.Array.from_buffers(kind, len(values), [here, pa.py_buffer(data)])
    texts = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    return pa.Array.from_buffers(kind, len(values), [here, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))])
