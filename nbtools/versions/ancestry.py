"""Which split of an earlier version a new one carries on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nbtools.storage import Folder
from nbtools.versions.names import VersionName, own_names
from nbtools.versions.pieces import part_names
from nbtools.versions.record import Record, read_record

if TYPE_CHECKING:
    from pandas import Series

FOLDS = "folds.parquet"
QUARANTINED = "quarantine.parquet"


def carried_on(folder: Folder, record: Record, names: Iterable[str]) -> Record | None:
    """Return the newest split, of the nearest version before this one, that has the same parts.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        The version that is to be split.
    names : iterable of str
        The names of the parts.

    Raises
    ------
    DatasetError
        If a record cannot be read.
    """
    wanted = set(names)
    known = own_names(folder)
    for version in _ancestors(folder, record, known):
        for name in reversed(known):
            if name.is_split and name.version == version:
                split = read_record(folder, name)
                if set(split.said.get("names", ())) == wanted:
                    return split
    return None


def assignments(folder: Folder, record: Record) -> Series[str]:
    """Return the part of each item of a split, by id: its fold where there are any, ``quarantine`` where it is in none.

    Raises
    ------
    DatasetError
        If a table cannot be read.
    """
    import pandas as pd

    from nbtools.versions.tables import read_table

    parts = [*part_names(record), *(["quarantine"] if QUARANTINED in record.files else [])]
    ids = {part: read_table(folder, record.name, f"{part}.parquet", ["id"])["id"].to_pylist() for part in parts}
    found = {item: part for part, items in ids.items() for item in items}
    if FOLDS in record.files:
        table = read_table(folder, record.name, FOLDS, ["id", "fold"])
        found |= dict(zip(table["id"].to_pylist(), table["fold"].to_pylist(), strict=True))
    return pd.Series(found, name="split", dtype=object)


def _ancestors(folder: Folder, record: Record, known: Iterable[VersionName]) -> Iterator[VersionName]:
    there = set(known)
    above = record.parent
    # Names only grow, so that a circle cannot be.
    while above is not None and above in there and above < record.name:
        yield above
        record = read_record(folder, above)
        above = record.parent
