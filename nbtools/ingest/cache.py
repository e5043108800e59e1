"""What is remembered of raw files, so that an unchanged one is not read again."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from nbtools.storage import Folder

PATH = "metadata/cache/scan.sqlite"
_VERSION = 4
# A file written this shortly before it was hashed may change again without any
# of its times showing it (git calls such an entry racy): it is read once more.
_RACY_NS = 2_000_000_000
_TABLES = ("hashed", "made", "part", "known")
_SCHEMA = """
create table if not exists hashed (path text primary key, size integer, mtime_ns integer, ctime_ns integer,
    ino integer, seen_ns integer, id text) without rowid;
create table if not exists known (parts text, said text);
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


class ScanCache:
    """``metadata/cache/scan.sqlite``: safe to delete, made anew when it is broken.

    One that cannot be read or written only costs time. It is used by one thread, and
    closed at the end (it is a context manager).

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    """

    def __init__(self, folder: Folder) -> None:
        self._path = folder.path(PATH)
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def hashed(self) -> dict[tuple[str, int, int, int, int], str]:
        """Return the id of every file that is remembered and cannot have changed since, by how it looks.

        The key is the beginning of a `RawFile`: path, size, mtime, ctime, inode.
        """
        found = self._all("select * from hashed where mtime_ns + ? < seen_ns", _RACY_NS)
        return {row[:5]: row[6] for row in found}

    def remember(self, rows: Iterable[Hashed]) -> None:
        """Keep ids of raw files."""
        self._write(("insert or replace into hashed values (?, ?, ?, ?, ?, ?, ?)", rows))

    def made(self) -> dict[str, tuple[int, int, int]]:
        """Return size, mtime and inode of the raw files that `add` copied, by path below raw/."""
        return {row[0]: (row[1], row[2], row[3]) for row in self._all("select path, size, mtime_ns, ino from made")}

    def remember_made(self, rows: Iterable[tuple[str, int, int, int]]) -> None:
        """Keep which raw files are copies of ours: path, size, mtime, inode."""
        self._write(("insert or replace into made values (?, ?, ?, ?)", rows))

    def known(self) -> tuple[list[str], dict[str, Any]]:
        """Return what an ingest knew of the catalogue at its end, and the parts that say so; none if that fails."""
        try:
            ((parts, said),) = self._all("select parts, said from known")
            return json.loads(parts), json.loads(said)
        except (ValueError, TypeError):
            return [], {}

    def known_parts(self) -> list[str]:
        """Return the parts that what is kept says; none if that fails."""
        try:
            return list(json.loads(self._all("select parts from known")[0][0]))
        except (IndexError, ValueError, TypeError):
            return []

    def remember_known(self, parts: Sequence[str], said: Mapping[str, Any]) -> None:
        """Keep what is known of the catalogue: reading it here takes a tenth of what importing pyarrow does."""
        # Long lists in one text: SQLite takes three times as long to hand out single values.
        row = (json.dumps(parts), json.dumps(said, ensure_ascii=False, separators=(",", ":")))
        self._write(("delete from known", [()]), ("insert into known values (?, ?)", [row]))

    def forget(self, items: Iterable[str]) -> None:
        """Drop what is remembered of some items, and of the catalogue that had them, down to the bytes."""
        with contextlib.suppress(sqlite3.Error):
            self._connected().execute("pragma secure_delete = on")
        self._write(
            ("delete from hashed where id = ?", [(item,) for item in items]),
            ("delete from known", [()]),
        )
        try:
            self._connected().execute("vacuum")
        except sqlite3.Error:
            self.__exit__()
            self._path.unlink(missing_ok=True)

    def _all(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        try:
            return self._connected().execute(query, given).fetchall()
        except sqlite3.Error:
            return []

    def _write(self, *statements: tuple[str, Iterable[tuple[Any, ...]]]) -> None:
        with contextlib.suppress(sqlite3.Error), self._connected() as connection:
            for query, rows in statements:
                connection.executemany(query, rows)

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = self._prepared()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._path.unlink(missing_ok=True)
                self._connection = self._prepared()
        return self._connection

    def _prepared(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30)
        try:
            if connection.execute("pragma user_version").fetchone()[0] != _VERSION:
                connection.executescript("".join(f"drop table if exists {name};" for name in _TABLES))
                connection.executescript(f"{_SCHEMA} pragma user_version = {_VERSION};")
            connection.execute("pragma synchronous = off")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
