"""Many small parts of the catalogue, joined into one.

The joined part holds the rows of its parts in their order, and says in its metadata
which rows were whose. It is named so that it sorts where they are, it is made before
the first of them goes, and they go from the last to the first. So at every moment the
parts that are there come to the same: to say again what was said changes nothing. And
who has listed a part that is gone by now reads its rows from the joined one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from nbtools.items.catalogue import JOINED, SCHEMA, joined_of, read_batches
from nbtools.items.erased import read_blocked
from nbtools.items.erasing import erase_rows
from nbtools.items.sighting import PARTS, SUFFIX, part_names
from nbtools.storage import Folder, sync_folder

_FEWEST = 16
_LARGE = 32 << 20
_ULID = 26


class Run(NamedTuple):
    """Parts that follow each other and are to be one: their names in order, and their bytes."""

    names: tuple[str, ...]
    bytes: int


def small_parts(folder: Folder, before: float) -> list[Run]:
    """Return which parts are worth joining: sixteen or more small ones in a row.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    before : float
        Only parts written before that, in seconds since 1970.
    """
    runs: list[list[tuple[str, int]]] = [[]]
    for name, size in folder.sizes(PARTS, SUFFIX).items():
        with contextlib.suppress(FileNotFoundError):
            if size <= _LARGE and folder.path(f"{PARTS}/{name}").stat().st_mtime < before:
                runs[-1].append((name, size))
                continue
        runs.append([])
    return [Run(tuple(name for name, _ in run), sum(size for _, size in run)) for run in runs if len(run) >= _FEWEST]


def join_parts(folder: Folder, run: Run) -> None:
    """Join parts into one; again, or by another process at once: the same.

    Raises
    ------
    DatasetError
        If a part cannot be read; all parts are as they were then.
    ErasedError
        If it cannot be known what was erased.
    NotSavedError
        If the disk refuses.
    """
    read_blocked(folder)
    named = hashlib.sha256("\n".join(run.names).encode()).hexdigest()[:16]
    # As a part from which something was erased, it sorts just before the last of those that it takes the place of.
    joined = f"{PARTS}/{run.names[-1][:_ULID]}-{named}{SUFFIX}"
    if not folder.exists(joined):
        with contextlib.suppress(FileExistsError):
            folder.create(joined, _joined(folder, run.names))
    _drop(folder, run.names)
    # What was erased while the parts were read is in the joined one: whoever erases later finds it there.
    if blocked := read_blocked(folder):
        erase_rows(folder, set(blocked))


def finish(folder: Folder) -> None:
    """Remove parts that are in a joined one and were left by a process that was killed.

    Raises
    ------
    DatasetError
        If a part cannot be read.
    """
    there = set(part_names(folder))
    for name in sorted(there):
        left = [one for one, _ in joined_of(folder, name) if one in there]
        _drop(folder, left)


def _joined(folder: Folder, names: tuple[str, ...]) -> bytes:
    rows: list[tuple[str, int]] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for name in names:
            count = 0
            for batch in read_batches(folder, name):
                count += batch.num_rows
                yield batch
            rows.append((name, count))

    buffer = io.BytesIO()
    repeated = ["kind", "media_type", "state", "attributes", "added"]
    with pq.ParquetWriter(buffer, SCHEMA, compression="zstd", use_dictionary=repeated) as writer:
        for batch in _grouped(batches()):
            writer.write_table(batch)
        writer.add_key_value_metadata({JOINED: json.dumps(rows)})
    return buffer.getvalue()


def _grouped(batches: Iterator[pa.RecordBatch], at_least: int = 100_000) -> Iterator[pa.Table]:
    """Yield batches in tables of many rows: a group of rows for each of many small parts would be no gain."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= at_least:
            yield pa.Table.from_batches(held, SCHEMA)
            held = []
    if held:
        yield pa.Table.from_batches(held, SCHEMA)


def _drop(folder: Folder, names: tuple[str, ...] | list[str]) -> None:
    # From the last on: of what is left, the order in which items appear first stays what it was.
    for name in sorted(names, reverse=True):
        folder.path(f"{PARTS}/{name}").unlink(missing_ok=True)
        sync_folder(folder.path(PARTS))
