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
from nbtools.items.catalogue import PARTS, joined_of, part_names, records
from nbtools.items.fold import FoldedItem, fold_items, fold_parts
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
            if names != known:
                _follow(connection, folder, names, known, on_progress)
            catch_up(connection, ActLog(folder), on_progress, at_once=50_000)
        finally:
            connection.close()


def _follow(
    connection: sqlite3.Connection,
    folder: Folder,
    names: Sequence[str],
    known: Sequence[str],
    on_progress: Progress | None,
) -> None:
    """Take in what the catalogue is now, with as little work as what it was before allows."""
    apart, before = _apart(folder, names), list(_apart(folder, known))
    new = list(apart)[len(before) :]
    total, more = sum(apart.values()), sum(apart[name] for name in new)
    # Where several times as much is new as was there, to make all anew is quicker.
    if list(apart)[: len(before)] != before or more > 3 * (total - more):
        _fill(connection, folder, names, total, on_progress)
    elif new:
        _grow(connection, folder, names, new, on_progress)
    else:
        # Parts were joined: their rows are what they were.
        with writing(connection):
            _name_parts(connection, names)


def _apart(folder: Folder, names: Sequence[str]) -> dict[str, int]:
    """Return parts with those in the place of a joined one that it was made of, and how many rows each has.

    One that is there beside the joined one is about to go, and adds nothing to it.
    """
    parts = (joined_of(folder, name) or [(name, _rows(folder, name))] for name in names)
    return dict(itertools.chain.from_iterable(parts))


def _fill(
    connection: sqlite3.Connection, folder: Folder, names: Sequence[str], total: int, on_progress: Progress | None
) -> None:
    """Make the tables of items anew."""
    batches = fold_parts(folder, names)
    # The fold has read everything once when the first batch comes: only then is the index locked.
    first = next(batches, [])
    with writing(connection):
        connection.execute("DROP INDEX item_id")
        for table in ("item", "attribute"):
            connection.execute(f"DELETE FROM {table}")
        attributes = _insert(connection, itertools.chain([first], batches), total, on_progress)
        connection.execute("CREATE UNIQUE INDEX item_id ON item (id)")
        connection.executemany("INSERT INTO attribute VALUES (?)", [(name,) for name in sorted(attributes)])
        for table in ("head", "excluded"):
            connection.execute(f"UPDATE {table} SET position = (SELECT position FROM item WHERE id = {table}.item)")
        _name_parts(connection, names)
        _name_generation(connection)


def _grow(
    connection: sqlite3.Connection,
    folder: Folder,
    names: Sequence[str],
    new: Sequence[str],
    on_progress: Progress | None,
) -> None:
    """Make the tables of items what `_fill` would, where all that is new comes after what they were made of.

    Then an item that is there keeps its position, and only those that the new parts speak of are others.
    """
    places, end = _places(connection, folder, new)
    batches = fold_items(folder, names, places)
    first = next(batches, [])
    with writing(connection):
        again = json.dumps([place for place in places.values() if place < end])
        old = connection.execute(
            "SELECT attributes FROM item WHERE position IN (SELECT value FROM json_each(?))", (again,)
        )
        before = _named(said for (said,) in old)
        connection.execute("DELETE FROM item WHERE position IN (SELECT value FROM json_each(?))", (again,))
        attributes = _insert(connection, itertools.chain([first], batches), len(places), on_progress)
        gone = _unsaid(connection, before - attributes)
        connection.executemany("DELETE FROM attribute WHERE name = ?", [(name,) for name in gone])
        connection.executemany("INSERT OR IGNORE INTO attribute VALUES (?)", [(name,) for name in attributes])
        for table in ("head", "excluded"):
            connection.execute(
                f"UPDATE {table} SET position = (SELECT position FROM item WHERE id = {table}.item) "
                "WHERE position IS NULL"
            )
        _name_parts(connection, names)
        _name_generation(connection)


def _places(connection: sqlite3.Connection, folder: Folder, new: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return the position of each item that new parts speak of, and from which on items are new.

    As in the fold of all parts, new items come in the order of the rows that say what
    they are, and one of which no row says it has no position.
    """
    seen: set[str] = set()
    said: dict[str, None] = {}
    for item, kind in itertools.chain.from_iterable(records(folder, name, ("id", "kind")) for name in new):
        seen.add(item)
        if kind is not None:
            said[item] = None
    query = "SELECT id, position FROM item WHERE id IN (SELECT value FROM json_each(?))"
    places: dict[str, int] = dict(connection.execute(query, (json.dumps(list(seen)),)))
    (end,) = connection.execute("SELECT coalesce(max(position) + 1, 0) FROM item").fetchone()
    fresh = (item for item in said if item not in places)
    return places | dict(zip(fresh, itertools.count(end), strict=False)), end


def _unsaid(connection: sqlite3.Connection, names: set[str]) -> set[str]:
    """Return which of some attributes no item has."""
    for (said,) in connection.execute("SELECT attributes FROM item") if names else ():
        names.difference_update(json.loads(said))
        if not names:
            break
    return names


def _name_parts(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    connection.execute("DELETE FROM part")
    connection.executemany("INSERT INTO part VALUES (?)", [(name,) for name in names])


def _name_generation(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (new_ulid(),))


def _report(done: int, total: int | None) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


def _rows(folder: Folder, name: str) -> int:
    try:
        return int(pq.read_metadata(folder.path(f"{PARTS}/{name}")).num_rows)
    except (pa.ArrowException, OSError):
        return 0  # the fold says what is wrong with it


def _insert(
    connection: sqlite3.Connection, batches: Iterable[list[FoldedItem]], total: int, on_progress: Progress | None
) -> set[str]:
    """Insert items; return the names of the attributes that they have."""
    attributes: set[str] = set()
    done = 0
    for batch in batches:
        connection.executemany(_INSERT, batch)
        attributes |= _named(row.attributes for row in batch)
        done += len(batch)
        if on_progress is not None:
            on_progress(done, total)
    return attributes


def _named(attributes: Iterable[str]) -> set[str]:
    return {name for said in set(attributes) for name in json.loads(said)}


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
