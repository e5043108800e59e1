"""The tables of a version: what their columns are, and Parquet in and out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.versions.names import VersionName

if TYPE_CHECKING:
    from pandas import DataFrame

ITEMS = "items.parquet"
LABELS = "labels.parquet"
EXCLUDED = "excluded.parquet"

_TEXT = pa.string()
# What every table of items begins with; attributes follow, then a column per task.
ITEM_SCHEMA = pa.schema(
    {
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
        # The texts of a row group may be more than two gigabytes.
        "text": pa.large_string(),
        "sources": pa.list_(_TEXT),
    }
)
# One row per task, item and annotator; `value` is the JSON of option ids.
LABEL_SCHEMA = pa.schema(
    {
        "task": _TEXT,
        "schema": pa.int32(),
        "item": _TEXT,
        "annotator": _TEXT,
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
)
EXCLUDED_SCHEMA = pa.schema({"item": _TEXT, "reason": _TEXT})

_ROW_GROUP = 131_072
# Hashes and names do not repeat: a dictionary of them would only cost.
_DISTINCT = {"id", "item", "path", "sha256", "content", "text", "act", "at", "bytes", "row", "duration", "comment"}


def write_table(path: Path | BinaryIO, table: pa.Table) -> None:
    """Write a table as Parquet, without waiting for the disk.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    repeated = [field.name for field in table.schema if field.name not in _DISTINCT and not _is_list(field)]
    pq.write_table(
        table, path, compression="zstd", compression_level=1, use_dictionary=repeated, row_group_size=_ROW_GROUP
    )


def read_table(folder: Folder, name: VersionName, file: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return one of a version's tables.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    name : VersionName
        Of which version.
    file : str
        ``items.parquet``, or another that its record names.
    columns : sequence of str, optional
        Which columns; all unless given.

    Raises
    ------
    DatasetError
        If it cannot be read or lacks a column.
    """
    path = f"{name.path}/{file}"
    try:
        with pq.ParquetFile(folder.path(path)) as opened:
            # Without this a column that is not there would be passed over.
            wanted = None if columns is None else [opened.schema_arrow.field(column).name for column in columns]
            return opened.read(columns=wanted)
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error


def as_frame(table: pa.Table) -> DataFrame:
    """Return a table as a DataFrame; whole numbers of which some are missing stay whole."""
    import pandas as pd

    whole: dict[pa.DataType, Any] = {pa.int32(): pd.Int64Dtype(), pa.int64(): pd.Int64Dtype()}
    frame: DataFrame = table.to_pandas(types_mapper=whole.get, split_blocks=True)
    return frame


def _is_list(field: pa.Field) -> bool:
    return bool(pa.types.is_list(field.type))
