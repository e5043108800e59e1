"""The items of a version or a split, sorted by id, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.versions.names import VersionName
from nbtools.versions.record import Record
from nbtools.versions.tables import ITEMS, read_table

SPLIT = "split"
# What lies beside the parts of a split and is none of them.
_NO_PARTS = ("folds", "pairs", "quarantine")
# Small enough that the memory of one piece is used again for the next.
_ROWS = 32_768


def pieces(folder: Folder, record: Record, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the items of a version; those of a split have a column ``split``, the name of their part.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        Of the version or split.
    columns : sequence of str
        Which columns; ``id`` among them.

    Raises
    ------
    DatasetError
        If a table cannot be read or lacks a column.
    """
    if record.name.is_split:
        yield from sliced(_parts(folder, record, [name for name in columns if name != SPLIT]))
    else:
        yield from _batches(folder, record.name, columns)


def are_named_by_bytes(folder: Folder, name: VersionName) -> bool:
    """Tell whether the id of every item of a version is the beginning of the SHA-256 of its bytes.

    It is for a file that is as it came (recipe 0). Then equal ids are equal bytes, and
    half of the table need not be read to compare two versions. What is in the table is
    known from the statistics that Parquet keeps of each column.

    Raises
    ------
    DatasetError
        If the table cannot be read.
    """
    path = f"{name.path}/{ITEMS}"
    try:
        found = pq.read_metadata(folder.path(path))
        places = {found.schema.column(at).path: at for at in range(found.num_columns)}
        groups = [found.row_group(at) for at in range(found.num_row_groups)]
        for group in groups:
            recipe, row = (group.column(places[column]).statistics for column in ("recipe", "row"))
            if recipe is None or row is None or row.null_count != group.num_rows:
                return False
            if not recipe.has_min_max or recipe.null_count or (recipe.min, recipe.max) != (0, 0):
                return False
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error
    return True


def sliced(table: pa.Table) -> Iterator[pa.Table]:
    """Yield a table that is in memory in pieces; at least one."""
    for start in range(0, max(table.num_rows, 1), _ROWS):
        yield table.slice(start, _ROWS)


def part_names(record: Record) -> list[str]:
    """Return the names of the parts of a split, as its files are called."""
    named = (file.removesuffix(".parquet") for file in record.files if file.endswith(".parquet"))
    return [name for name in named if name not in _NO_PARTS]


def _parts(folder: Folder, record: Record, columns: Sequence[str]) -> pa.Table:
    tables = [
        part.append_column(SPLIT, pa.array([name] * part.num_rows, pa.string()))
        for name in part_names(record)
        for part in [read_table(folder, record.name, f"{name}.parquet", columns)]
    ]
    if not tables:
        raise DatasetError(f"{record.name.path} names no part that could be read: bring it back from a backup")
    return pa.concat_tables(tables, promote_options="permissive").sort_by("id")


def _batches(folder: Folder, name: VersionName, columns: Sequence[str]) -> Iterator[pa.Table]:
    path = f"{name.path}/{ITEMS}"
    try:
        with pq.ParquetFile(folder.path(path)) as file:
            known = [file.schema_arrow.field(column).name for column in columns]
            yield pa.Table.from_batches([], file.schema_arrow).select(known)
            for batch in file.iter_batches(_ROWS, columns=known):
                yield pa.Table.from_batches([batch]).select(known)
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error
