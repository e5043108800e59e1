"""Rows that are items, as they lie in processed/: ``records-<ulid>.parquet``, never rewritten."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from nbtools.items.ids import plain
from nbtools.storage import Folder, new_ulid

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
    import pyarrow.parquet as pq

    names = list(dict.fromkeys(name for _, values in rows for name in values))
    columns = {ITEM_COLUMN: pa.array([item for item, _ in rows], pa.string())}
    for name in names:
        cells = [values.get(name) for _, values in rows]
        try:
            columns[name] = pa.array(cells)
        except (pa.ArrowException, OverflowError, ValueError, TypeError):
            # A column of JSON may hold anything: where that fits no type, each cell is JSON text.
            columns[name] = pa.array([json.dumps(plain(cell), ensure_ascii=False) for cell in cells], pa.string())
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    path = f"processed/records-{new_ulid()}.parquet"
    folder.create(path, buffer.getvalue())
    return path
