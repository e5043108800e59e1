"""Rows that are items, as they lie in processed/: ``records-<ulid>.parquet``, never rewritten."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import DatasetError
from nbtools.items.ids import plain
from nbtools.storage import Folder, new_ulid

if TYPE_CHECKING:
    import pyarrow as pa

ITEM_COLUMN = "_item"


def write_records(folder: Folder, rows: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """Write rows to a new file of records; they are on the disk on return.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    rows : sequence of (str, dict)
        The id and the columns of each row, as they came. The id becomes the column
        ``_item``.

    Returns
    -------
    str
        The path of the file, relative to the dataset.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    import pyarrow as pa

    names = list(dict.fromkeys(name for _, values in rows for name in values))
    columns = {ITEM_COLUMN: pa.array([item for item, _ in rows], pa.string())}
    for name in names:
        cells = [values.get(name) for _, values in rows]
        try:
            columns[name] = pa.array(cells)
        except (pa.ArrowException, OverflowError, ValueError, TypeError):
            # A column of JSON may hold anything: where that fits no type, each cell is JSON text.
            columns[name] = pa.array([json.dumps(plain(cell), ensure_ascii=False) for cell in cells], pa.string())
    path = f"processed/records-{new_ulid()}.parquet"
    folder.create(path, records_bytes(pa.table(columns)))
    return path


def read_records(folder: Folder, path: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a file of records, or some of its columns.

    Raises
    ------
    DatasetError
        If it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(folder.path(path)) as file:
            return file.read(columns=None if columns is None else list(columns))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error


def records_bytes(table: pa.Table) -> bytes:
    """Return a file of records as its bytes."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def emptied(table: pa.Table, ids: Collection[str]) -> pa.Table:
    """Return records with nothing in the rows of some items; every other row keeps its place."""
    import pyarrow as pa
    import pyarrow.compute as pc

    out = pc.is_in(table[ITEM_COLUMN], value_set=pa.array(list(ids), pa.string()))
    kept = pc.invert(out)
    columns = [pc.if_else(kept, column, pa.nulls(len(table), column.type)) for column in table.columns]
    fields = [field.with_nullable(True) for field in table.schema]  # noqa: FBT003 - pyarrow takes it so
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
