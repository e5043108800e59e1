"""The index as a file that may go away at any moment: opened, filled, and made again."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable
from typing import TypeVar

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.store.child import Progress, run_build
from nbtools.store.database import Inode, connect, discard, inode, writing
from nbtools.store.fold import fold
from nbtools.store.log import ActLog
from nbtools.store.place import index_path

T = TypeVar("T")
_PARTS = "metadata/items"
_ATTEMPTS = 4
_PATIENCE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT)

_indexes: weakref.WeakSet[Local] = weakref.WeakSet()
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


class Local:
    """The file of an index, one connection for each thread.

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

    def _begin(self) -> None:
        self._local = threading.local()

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


def _known(connection: sqlite3.Connection, name: str | None = None) -> dict[str, int]:
    condition, given = (" WHERE name = ?", (name,)) if name is not None else ("", ())
    return dict(connection.execute(f"SELECT name, offset FROM journal{condition}", given).fetchall())


def _begin_again() -> None:
    for index in list(_indexes):
        index._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_again)
