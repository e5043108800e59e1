"""What is remembered of raw files, so that an unchanged one is not read again."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from nbtools.ingest.scan import RawFile
from nbtools.storage import Folder

PATH = "metadata/cache/scan.sqlite"
_VERSION = 1
# A file written this shortly before it was hashed may change again without any
# of its times showing it (git calls such an entry racy): it is read once more.
_RACY_NS = 2_000_000_000
_SCHEMA = """
create table if not exists hashed (path text primary key, size integer, mtime_ns integer, ctime_ns integer,
    ino integer, seen_ns integer, id text) without rowid;
create table if not exists made (path text primary key, size integer, mtime_ns integer, ino integer) without rowid;
"""


class Hashed(NamedTuple):
    """The id of a raw file, and what the file looked like when it was computed."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    ino: int
    seen_ns: int
    id: str

    def holds(self, file: RawFile) -> bool:
        """Tell whether the file is surely still the one that was hashed."""
        same = (self.size, self.mtime_ns, self.ctime_ns, self.ino) == file[1:5]
        return same and self.mtime_ns + _RACY_NS < self.seen_ns


class ScanCache:
    """``metadata/cache/scan.sqlite``: safe to delete, made anew when it is broken.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    """

    def __init__(self, folder: Folder) -> None:
        self._path = folder.path(PATH)
        self._lock = threading.Lock()

    def hashed(self) -> dict[str, Hashed]:
        """Return what is remembered, by path below raw/."""
        return {row[0]: Hashed._make(row) for row in self._all("select * from hashed")}

    def remember(self, rows: Iterable[Hashed]) -> None:
        """Keep ids of raw files."""
        self._write("insert or replace into hashed values (?, ?, ?, ?, ?, ?, ?)", rows)

    def made(self) -> dict[str, tuple[int, int, int]]:
        """Return size, mtime and inode of the raw files that `add` copied, by path below raw/."""
        return {row[0]: (row[1], row[2], row[3]) for row in self._all("select path, size, mtime_ns, ino from made")}

    def remember_made(self, rows: Iterable[tuple[str, int, int, int]]) -> None:
        """Keep which raw files are copies of ours: path, size, mtime, inode."""
        self._write("insert or replace into made values (?, ?, ?, ?)", rows)

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        try:
            with self._open() as connection:
                return connection.execute(query).fetchall()
        except sqlite3.Error:
            return []

    def _write(self, query: str, rows: Iterable[tuple[Any, ...]]) -> None:
        # A cache that cannot be written only costs time: the next ingest reads more.
        with contextlib.suppress(sqlite3.Error), self._open() as connection, connection:
            connection.executemany(query, rows)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            connection = self._connect()
            try:
                yield connection
            finally:
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._prepared()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            return self._prepared()

    def _prepared(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30)
        try:
            if connection.execute("pragma user_version").fetchone()[0] != _VERSION:
                connection.executescript("drop table if exists hashed; drop table if exists made;")
            connection.executescript(f"{_SCHEMA} pragma user_version = {_VERSION}; pragma synchronous = off;")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
