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
from nbtools.store.child import run_build
from nbtools.store.database import BUSY_SECONDS, Opened, connect, discard, inode
from nbtools.store.fold import catch_up, is_behind
from nbtools.store.log import ActLog, Progress
from nbtools.store.place import index_path

T = TypeVar("T")
_ATTEMPTS = 4
_MOMENT = 0.1
_PATIENCE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT)

_indexes: weakref.WeakSet[Local] = weakref.WeakSet()
_abandoned: list[sqlite3.Connection] = []


class _Held:
    """A connection that is closed with the thread that opened it."""

    def __init__(self, opened: Opened) -> None:
        self.connection, self.which, self.birth = opened
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
        self._filled: str | None = None
        self.start_over()
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
        self._try(lambda _: self._fill(self._local.held, on_progress), fill=False)

    def refresh_at_once(self) -> bool:
        """Take in what can be taken in without waiting for another process, or for much work.

        Returns
        -------
        bool
            Whether all is taken in. What is not yet comes with the next `refresh`.
        """
        return self._try(self._catch_up_at_once)

    def stamp(self) -> tuple[object, ...]:
        """Return what stays the same as long as positions and exclusions do."""

        def read(connection: sqlite3.Connection) -> tuple[object, ...]:
            query = "SELECT value FROM meta WHERE key IN ('birth', 'generation', 'marks') ORDER BY key"
            return tuple(value for (value,) in connection.execute(query))

        return self._try(read)

    def snapshot(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Read several things as they were at one moment.

        Parameters
        ----------
        work : callable
            Reads by the connection that it is given; called again where the index had to be made again.
        """

        def read(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                connection.execute("ROLLBACK")

        return self._try(read)

    def discard(self) -> None:
        """Throw the file away: it holds what was erased. Whoever has it open makes it again."""
        which = inode(self._path)
        if which is not None:
            discard(self._path, which)
        self._local.held = None

    def start_over(self) -> None:
        """Open nothing of what was open: this is another process."""
        self._local = threading.local()

    def _all(self, query: str, given: tuple[object, ...], made: Callable[..., T]) -> list[T]:
        return self._try(lambda connection: [made(row) for row in connection.execute(query, given)])

    def _try(self, work: Callable[[sqlite3.Connection], T], *, fill: bool = True) -> T:
        """Do something with the index; if it turns out to be damaged, make it again and do it again."""
        for _ in range(_ATTEMPTS):
            held = self._connected()
            try:
                if fill and self._filled != held.birth:
                    self._fill(held, None)
                result = work(held.connection)
                if fill or inode(self._path) == held.which:
                    return result
            except (sqlite3.ProgrammingError, sqlite3.DataError):
                raise
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _PATIENCE:
                    raise DatasetError(
                        f"the index at {self._path} cannot be written now: {error}. Try again"
                    ) from error
                self._local.held = None
                discard(self._path, held.which)
        raise DatasetError(
            f"the index at {self._path} was damaged or replaced {_ATTEMPTS} times in a row: "
            "look at what else writes there, then delete it"
        )

    def _connected(self) -> _Held:
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or held.which != inode(self._path):
            self._local.held = None
            try:
                held = self._local.held = _Held(connect(self._path, self._owner))
            except (OSError, sqlite3.Error) as error:
                raise DatasetError(f"no index can be made at {self._path}: {error}") from error
        return held

    def _catch_up_at_once(self, connection: sqlite3.Connection) -> bool:
        if is_behind(self._folder, connection, self._journals):
            return False
        _wait(connection, _MOMENT)
        try:
            catch_up(connection, self._journals)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _PATIENCE:
                raise
            return False
        finally:
            _wait(connection, BUSY_SECONDS)
        return True

    def _fill(self, held: _Held, on_progress: Progress | None) -> None:
        if is_behind(self._folder, held.connection, self._journals):
            run_build(self._folder.root, self._path, self._owner, on_progress)
        catch_up(held.connection, self._journals, on_progress)
        self._filled = held.birth


def _wait(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def _begin_again() -> None:
    for index in list(_indexes):
        index.start_over()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_again)
