"""The local index: items in order, and what the log comes to; all of it can be made again."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from nbtools.errors import DatasetError, UnknownItemError
from nbtools.labels.act import Act
from nbtools.labels.current import rank
from nbtools.storage import Folder
from nbtools.store.child import Progress, run_build
from nbtools.store.database import Inode, connect, discard, inode, writing
from nbtools.store.fold import fold
from nbtools.store.log import ActLog
from nbtools.store.place import index_path
from nbtools.store.rows import ITEM_COLUMNS, ITEMS, Head, ItemRow, item_row, stored_act, stored_acts
from nbtools.store.where import select_positions

T = TypeVar("T")
_PARTS = "metadata/items"
_BATCH = 500
_ATTEMPTS = 4
_PATIENCE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT)
_HEADS = (
    "SELECT act.body, act.writer, act.line, head.conflict FROM head "
    "JOIN series ON series.number = head.series JOIN act ON act.id = head.act"
)
_ACTS = "SELECT act.body, act.writer, act.line FROM act JOIN series ON series.number = act.series"

_indexes: weakref.WeakSet[Index] = weakref.WeakSet()
_abandoned: list[sqlite3.Connection] = []


class _Held:
    """A connection that is closed with the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, which: Inode) -> None:
        self.connection = connection
        self.which = which
        self._process = os.getpid()

    def __del__(self) -> None:
        if self._process == os.getpid():
            self.connection.close()
        else:  # SQLite's connections must not cross into a child, not even to be closed there
            _abandoned.append(self.connection)


class Index:
    """The index of a dataset.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    owner : str
        The dataset's id; an index that is another's is not believed.
    """

    def __init__(self, folder: Folder, owner: str = "") -> None:
        self._folder = folder
        self._owner = owner
        self._path = index_path(folder, owner)
        self._journals = ActLog(folder)
        self._filled: Inode | None = None
        self._begin()
        _indexes.add(self)

    # Bringing it up to date

    def refresh(self, on_progress: Progress | None = None) -> None:
        """Take in what was added to the catalogue and to the log; next to nothing if nothing was.

        Parameters
        ----------
        on_progress : callable, optional
            Called with what is done and, where that is known, the total.

        Raises
        ------
        DatasetError
            If a part of the catalogue cannot be read.
        """
        self._try(lambda connection: self._fill(connection, on_progress), fill=False)

    def stamp(self) -> tuple[object, ...]:
        """Return what stays the same as long as positions and exclusions do."""

        def read(connection: sqlite3.Connection) -> tuple[object, ...]:
            query = "SELECT value FROM meta WHERE key IN ('generation', 'marks') ORDER BY key"
            return (self._filled, *(value for (value,) in connection.execute(query)))

        return self._try(read)

    # Items

    def count(self) -> int:
        """Return how many items are in: all but the excluded ones."""

        def read(connection: sqlite3.Connection) -> int:
            (out,) = connection.execute("SELECT count(*) FROM excluded WHERE position IS NOT NULL").fetchone()
            return _total(connection) - int(out)

        return self._try(read)

    def total(self) -> int:
        """Return how many items there are, the excluded ones included."""
        return self._try(_total)

    def attributes(self) -> list[str]:
        """Return the names of the attributes that any item has, sorted."""
        return self._all("SELECT name FROM attribute ORDER BY name", (), lambda row: str(row[0]))

    def item(self, item: str) -> ItemRow | None:
        """Return an item by its whole id."""
        found = self._items("item.id = ?", (item,))
        return found[0] if found else None

    def at(self, position: int) -> ItemRow | None:
        """Return the item at a position."""
        found = self._items("item.position = ?", (position,))
        return found[0] if found else None

    def find(self, prefix: str) -> str:
        """Return the id that begins so.

        Raises
        ------
        UnknownItemError
            If no id does, or several do.
        """
        text = prefix.lower() if isinstance(prefix, str) else ""
        query = "SELECT id FROM item WHERE id >= ? AND id < ? ORDER BY id LIMIT 3"
        found = self._all(query, (text, text + "g"), lambda row: str(row[0])) if text else []
        if len(found) == 1 or text in found:
            return found[0]
        if found:
            raise UnknownItemError(f"several ids begin with {prefix!r}, such as {found[0]} and {found[1]}: give more of it")
        raise UnknownItemError(f"no item's id begins with {str(prefix)[:80]!r}; ds.items() lists them")

    def rows(self, where: str | None = None, limit: int | None = None, *, excluded: bool = False) -> Iterator[ItemRow]:
        """Yield items in order.

        Parameters
        ----------
        where : str, optional
            A SQL expression over the items' columns and attributes.
        limit : int, optional
            How many at most.
        excluded : bool
            Whether excluded items are among them.

        Raises
        ------
        QueryError
            If the expression cannot be evaluated.
        """
        left = self.total() if limit is None else limit
        positions = self.positions(where) if where is not None else range(self.total())
        for start in range(0, len(positions), _BATCH):
            for row in self.rows_at(positions[start : start + _BATCH]):
                if left <= 0:
                    return
                if excluded or not row.excluded:
                    left -= 1
                    yield row

    def rows_at(self, positions: Sequence[int]) -> list[ItemRow]:
        """Return the items at some positions, in that order; those not there are left out."""
        found = {row.position: row for row in self._items("item.position IN (SELECT value FROM json_each(?))",
                                                           (json.dumps(list(positions)),))}  # fmt: skip
        return [found[position] for position in positions if position in found]

    def positions(self, where: str) -> list[int]:
        """Return the positions of the items for which an expression holds, in order.

        Raises
        ------
        QueryError
            If the expression cannot be evaluated.
        """
        attributes = self.attributes()
        return self._try(lambda _: select_positions(self._path, attributes, where))

    def positions_of(self, items: Sequence[str]) -> dict[str, int]:
        """Return the position of each id that is there."""
        query = "SELECT id, position FROM item WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._all(query, (json.dumps(list(items)),), lambda row: (str(row[0]), int(row[1]))))

    def excluded_positions(self) -> list[int]:
        """Return the positions of the excluded items."""
        return self._all("SELECT position FROM excluded WHERE position IS NOT NULL", (), lambda row: int(row[0]))

    def labeled_positions(self, task: str) -> list[int]:
        """Return the positions of the items that anyone has labeled."""
        query = (
            "SELECT DISTINCT position FROM head JOIN series ON series.number = head.series "
            "WHERE task = ? AND status = 'labeled' AND position IS NOT NULL"
        )
        return self._all(query, (task,), lambda row: int(row[0]))

    def excluded(self) -> dict[str, str | None]:
        """Return the reason of each exclusion, by item."""
        return dict(self._all("SELECT item, reason FROM excluded ORDER BY item", (), lambda row: (row[0], row[1])))

    # Acts

    def act(self, act: str) -> Act | None:
        """Return an act by its id."""
        found = self._all("SELECT body, writer, line FROM act WHERE id = ?", (act,), stored_act)
        return found[0] if found else None

    def acts(self, task: str, item: str, annotator: str) -> list[Act]:
        """Return all acts of one annotator on one item, in no order."""
        query = f"{_ACTS} WHERE series.task = ? AND series.annotator = ? AND act.item = ?"
        return self._try(lambda connection: stored_acts(connection.execute(query, (task, annotator, item))))

    def head(self, task: str, item: str, annotator: str) -> Head | None:
        """Return what is current of one annotator on one item."""
        return self.heads_of(task, annotator, [item]).get(item)

    def heads_of(self, task: str, annotator: str, items: Sequence[str]) -> dict[str, Head]:
        """Return what is current of one annotator on some items."""
        query = f"{_HEADS} WHERE series.task = ? AND series.annotator = ? AND head.item IN (SELECT value FROM json_each(?))"
        found = self._all(query, (task, annotator, json.dumps(list(items))), _head)
        return {head.act.item or "": head for head in found}

    def latest_heads(self, task: str, items: Sequence[str]) -> dict[str, Head]:
        """Return the latest label of some items, whosever; an import's only where no person has labeled."""
        query = f"{_HEADS} WHERE series.task = ? AND head.status = 'labeled' AND head.item IN (SELECT value FROM json_each(?))"
        found = self._all(query, (task, json.dumps(list(items))), _head)
        found.sort(key=lambda head: (head.act.origin != "import", rank(head.act)))
        return {head.act.item or "": head for head in found}

    def heads(self, task: str) -> Iterator[Head]:
        """Yield everything that is current of a task, in the order of items and annotators."""
        query = f"{_HEADS} WHERE series.task = ? ORDER BY head.position IS NULL, head.position, head.item, series.annotator"
        return iter(self._all(query, (task,), _head))

    def history(self, task: str | None = None) -> list[Act]:
        """Return every act, of one task or of all, in the order in which they came."""
        condition, given = (" WHERE series.task = ?", (task,)) if task is not None else ("", ())
        return self._all(f"{_ACTS}{condition}", given, stored_act)

    def turns(self, task: str, annotator: str, since: int) -> tuple[int, list[tuple[int, str]]]:
        """Return what became current after a turn: the last turn, and (position, status) each.

        Parameters
        ----------
        task, annotator : str
            Whose acts.
        since : int
            0, or the last turn that was returned.
        """

        def read(connection: sqlite3.Connection) -> tuple[int, list[tuple[int, str]]]:
            query = "SELECT number FROM series WHERE task = ? AND annotator = ?"
            series = connection.execute(query, (task, annotator)).fetchone()
            (turn,) = connection.execute("SELECT coalesce(max(turn), 0) FROM head").fetchone()
            if series is None or turn == since:
                return turn, []
            condition = "series = ? AND position IS NOT NULL" + (f" AND turn > {int(since)}" if since else "")
            by = "NOT INDEXED" if since else "INDEXED BY head_status"
            return turn, connection.execute(f"SELECT position, status FROM head {by} WHERE {condition}", series).fetchall()

        return self._try(read)

    def used(self, task: str) -> frozenset[str]:
        """Return the ids of the options that some current label of a task holds."""
        query = (
            "SELECT DISTINCT head.value FROM head JOIN series ON series.number = head.series "
            "WHERE series.task = ? AND head.status = 'labeled'"
        )
        values = [json.loads(value) for value in self._all(query, (task,), lambda row: str(row[0]))]
        return frozenset(one for value in values for one in (value if isinstance(value, list) else [value]))

    def counts(self, task: str) -> dict[str, int]:
        """Return how many labels there are of each status."""
        query = "SELECT status, count(*) FROM head JOIN series ON series.number = head.series WHERE task = ? GROUP BY 1"
        return dict(self._all(query, (task,), lambda row: (str(row[0]), int(row[1]))))

    # The file

    def _begin(self) -> None:
        self._local = threading.local()

    def _items(self, condition: str, given: tuple[object, ...]) -> list[ItemRow]:
        return self._all(f"SELECT {ITEM_COLUMNS} FROM {ITEMS} WHERE {condition}", given, item_row)

    def _all(self, query: str, given: tuple[object, ...], made: Callable[..., T]) -> list[T]:
        return self._try(lambda connection: [made(row) for row in connection.execute(query, given)])

    def _try(self, work: Callable[[sqlite3.Connection], T], *, fill: bool = True) -> T:
        """Do something with the index; if it turns out to be damaged, make it again and do it again."""
        for attempt in range(_ATTEMPTS):
            held = self._connected()
            try:
                if fill and self._filled != held.which:
                    self._fill(held.connection, None)
                result = work(held.connection)
                if fill or inode(self._path) == held.which:
                    return result
            except (sqlite3.DatabaseError, ValueError) as error:
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
                if isinstance(error, ValueError) and not isinstance(error, sqlite3.Error | UnicodeError):
                    raise
                if code & 0xFF in _PATIENCE or attempt == _ATTEMPTS - 1:
                    raise
                self._local.held = None
                discard(self._path, held.which)
        raise DatasetError(f"the index at {self._path} is replaced again and again: let one process at a time do that")

    def _connected(self) -> _Held:
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or held.which != inode(self._path):
            self._local.held = None
            held = self._local.held = _Held(*connect(self._path, self._owner))
        return held

    def _fill(self, connection: sqlite3.Connection, on_progress: Progress | None) -> None:
        which = self._local.held.which
        names = list(self._folder.sizes(_PARTS, ".parquet"))
        if names != [name for (name,) in connection.execute("SELECT name FROM part ORDER BY name")]:
            run_build(self._folder.root, self._path, self._owner, on_progress)
        self._fold(connection, on_progress)
        self._filled = which

    def _fold(self, connection: sqlite3.Connection, on_progress: Progress | None) -> None:
        sizes = self._journals.sizes()
        known = _known(connection)
        if known == sizes:
            return
        if any(offset > sizes.get(name, -1) for name, offset in known.items()):
            raise sqlite3.DatabaseError("the index knows acts that the log has not")
        total = sum(sizes.values())
        for scanned in self._journals.scan(known, sizes):
            start = known.get(scanned.name, 0)
            with writing(connection):
                now = _known(connection, scanned.name).get(scanned.name, 0)
                if now == start:
                    fold(connection, scanned)
                    known[scanned.name] = scanned.offset
            if now != start:  # another process was quicker
                return self._fold(connection, on_progress)
            if on_progress is not None:
                on_progress(sum(known.values()), total)


def _total(connection: sqlite3.Connection) -> int:
    (last,) = connection.execute("SELECT max(position) FROM item").fetchone()
    return 0 if last is None else int(last) + 1


def _known(connection: sqlite3.Connection, name: str | None = None) -> dict[str, int]:
    condition, given = (" WHERE name = ?", (name,)) if name is not None else ("", ())
    return dict(connection.execute(f"SELECT name, offset FROM journal{condition}", given).fetchall())


def _head(row: tuple[bytes, str, int, int]) -> Head:
    return Head(stored_act(row[:3]), bool(row[3]))


def _begin_again() -> None:
    for index in list(_indexes):
        index._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_again)
