"""The catalogue into the index, in a process of its own: ``python -m nbtools.store.build ROOT SQLITE OWNER``.

Parquet is read here and nowhere else, so that no kernel of a Labeler pays for pyarrow.
A long log is taken in here too, with more memory than a kernel should take.
Progress is written to standard output, ``done total`` a line.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nbtools.errors import NbtoolsError
from nbtools.items.catalogue import PARTS, joined_of, part_names
from nbtools.items.fold import FoldedItem, fold_parts
from nbtools.storage import Folder, new_ulid
from nbtools.store.child import DAMAGED
from nbtools.store.database import connect, held, writing
from nbtools.store.fold import catch_up
from nbtools.store.log import ActLog, Progress

_COLUMNS = FoldedItem._fields
_INSERT = f"INSERT INTO item ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def build(root: Path, path: Path, owner: str, on_progress: Progress | None = None) -> None:
    """Bring an index up to date; of several at once one works.

    Parameters
    ----------
    root : Path
        The dataset's folder.
    path : Path
        The index.
    owner : str
        The dataset's id.
    on_progress : callable, optional
        Called with what is done and the total: first rows, then bytes of the log.

    Raises
    ------
    DatasetError
        If a part of the catalogue cannot be read.
    """
    folder = Folder(root)
    with held(path.with_name(path.name + ".build")):
        connection = connect(path, owner).connection
        try:
            names = part_names(folder)
            connection.execute("PRAGMA cache_size = -200000")
            known = [name for (name,) in connection.execute("SELECT name FROM part ORDER BY name")]
            if names != known and _apart(folder, names) == _apart(folder, known):
                # Parts were joined: their rows are what they were.
                with writing(connection):
                    _name_parts(connection, names)
            elif names != known:
                _fill(connection, folder, names, on_progress)
            catch_up(connection, ActLog(folder), on_progress, at_once=50_000)
        finally:
            connection.close()


def _apart(folder: Folder, names: Sequence[str]) -> list[str]:
    """Return parts with those in the place of a joined one that it was made of.

    One that is there beside the joined one is about to go, and adds nothing to it.
    """
    parts = ([one for one, _ in joined_of(folder, name)] or [name] for name in names)
    return list(dict.fromkeys(itertools.chain.from_iterable(parts)))


def _name_parts(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    connection.execute("DELETE FROM part")
    connection.executemany("INSERT INTO part VALUES (?)", [(name,) for name in names])


def _fill(connection: sqlite3.Connection, folder: Folder, names: Sequence[str], on_progress: Progress | None) -> None:
    total = sum(_rows(folder, name) for name in names)
    batches = fold_parts(folder, names)
    # The fold has read everything once when the first batch comes: only then is the index locked.
    first = next(batches, [])
    with writing(connection):
        connection.execute("DROP INDEX item_id")
        for table in ("item", "attribute"):
            connection.execute(f"DELETE FROM {table}")
        attributes: set[str] = set()
        done = _insert(connection, first, attributes)
        for batch in batches:
            done += _insert(connection, batch, attributes)
            if on_progress is not None:
                on_progress(done, total)
        connection.execute("CREATE UNIQUE INDEX item_id ON item (id)")
        _name_parts(connection, names)
        connection.executemany("INSERT INTO attribute VALUES (?)", [(name,) for name in sorted(attributes)])
        for table in ("head", "excluded"):
            connection.execute(f"UPDATE {table} SET position = (SELECT position FROM item WHERE id = {table}.item)")
        connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (new_ulid(),))


def _report(done: int, total: int | None) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


def _rows(folder: Folder, name: str) -> int:
    try:
        return int(pq.read_metadata(folder.path(f"{PARTS}/{name}")).num_rows)
    except (pa.ArrowException, OSError):
        return 0  # the fold says what is wrong with it


def _insert(connection: sqlite3.Connection, batch: Iterable[FoldedItem], attributes: set[str]) -> int:
    rows = list(batch)
    connection.executemany(_INSERT, rows)
    for said in {row.attributes for row in rows}:
        attributes.update(json.loads(said))
    return len(rows)


def _passes(error: sqlite3.DatabaseError) -> bool:
    """Tell whether an error is not of the file but of the moment."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL)


def main(arguments: Sequence[str]) -> int:
    """Build, and say in one line what went wrong."""
    root, path, owner = arguments
    try:
        build(Path(root), Path(path), owner, _report)
    except (NbtoolsError, sqlite3.Error, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return DAMAGED if isinstance(error, sqlite3.DatabaseError) and not _passes(error) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
