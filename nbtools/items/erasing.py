"""The catalogue written anew without what was erased."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nbtools.items.catalogue import read_part, records
from nbtools.items.sighting import PARTS, SUFFIX, Sighting, part_names
from nbtools.storage import Folder, sync_folder

_ULID = 26


def sightings(folder: Folder, ids: Collection[str]) -> Iterator[Sighting]:
    """Yield every row that the catalogue has of some items.

    Raises
    ------
    DatasetError
        If a part cannot be read.
    """
    for name in part_names(folder):
        if any(item in ids for (item,) in records(folder, name, ("id",))):
            yield from (Sighting(*row) for row in records(folder, name) if row[0] in ids)


def erase_rows(folder: Folder, ids: Collection[str]) -> None:
    """Take the rows of some items out of the catalogue; again: nothing.

    A part that held one is replaced by another, whose name sorts in its place: so
    every index notices, and the order of the items stays.

    Raises
    ------
    DatasetError
        If a part cannot be read.
    NotSavedError
        If the disk refuses.
    """
    wanted = pa.array(sorted(ids), pa.string())
    for name in part_names(folder):
        table = read_part(folder, name)
        out = pc.is_in(table["id"], value_set=wanted)
        replaced = pc.is_in(table["replaces"], value_set=wanted)
        if pc.any(out).as_py() or pc.any(replaced).as_py():
            at = table.schema.get_field_index("replaces")
            silent = pc.if_else(replaced, pa.scalar(None, pa.string()), table["replaces"])
            kept = table.set_column(at, table.schema.field(at), silent).filter(pc.invert(out))
            _replace(folder, name, kept)


def _replace(folder: Folder, name: str, kept: Any) -> None:
    if len(kept):
        buffer = io.BytesIO()
        pq.write_table(kept, buffer, compression="zstd")
        # A hyphen sorts before the point of the ending: after what came before the part, and before what came after.
        new = f"{name[:_ULID]}-{hashlib.sha256(buffer.getvalue()).hexdigest()[:16]}{SUFFIX}"
        with contextlib.suppress(FileExistsError):
            folder.create(f"{PARTS}/{new}", buffer.getvalue())
    old = folder.path(f"{PARTS}/{name}")
    old.unlink(missing_ok=True)
    sync_folder(old.parent)
