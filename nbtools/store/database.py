"""The file of the index: made, opened, and made again whenever it is not what it should be.

It is a cache that anyone may delete, damage or replace at any moment, while others
have it open. Two rules make that safe. A new file is made beside the old one, under
a lock, and moved to its place, after the write-ahead log of the old one is gone. And
the lock's own file names the inode, so that a file put there by another hand is
known, and never read together with a write-ahead log that is not its own.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from nbtools.storage import new_ulid

VERSION = 3
BUSY_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE part (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE attribute (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE item (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, recipe INTEGER, sha256 TEXT, content TEXT, kind TEXT NOT NULL,
    media_type TEXT, path TEXT, row INTEGER, text TEXT, bytes INTEGER, width INTEGER, height INTEGER, duration REAL,
    sources TEXT NOT NULL, attributes TEXT NOT NULL);
CREATE UNIQUE INDEX item_id ON item (id);
CREATE TABLE journal (name TEXT PRIMARY KEY, offset INTEGER NOT NULL, skipped INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE series (number INTEGER PRIMARY KEY, task TEXT NOT NULL, annotator TEXT NOT NULL, UNIQUE (task, annotator));
CREATE TABLE act (
    id TEXT NOT NULL UNIQUE, series INTEGER NOT NULL, item TEXT NOT NULL, writer TEXT NOT NULL, line INTEGER NOT NULL,
    body TEXT NOT NULL);
CREATE INDEX act_item ON act (series, item);
CREATE TABLE head (
    turn INTEGER PRIMARY KEY AUTOINCREMENT, series INTEGER NOT NULL, item TEXT NOT NULL, position INTEGER,
    status TEXT NOT NULL, value TEXT NOT NULL, conflict INTEGER NOT NULL, act TEXT NOT NULL, flagged INTEGER NOT NULL,
    unsure INTEGER NOT NULL, comment TEXT, at TEXT, origin TEXT, identity TEXT, schema INTEGER);
CREATE UNIQUE INDEX head_item ON head (series, item);
CREATE INDEX head_status ON head (series, status, position);
CREATE TABLE excluded (
    item TEXT PRIMARY KEY, position INTEGER, act TEXT NOT NULL, reason TEXT) WITHOUT ROWID;
CREATE TABLE suggested (number INTEGER PRIMARY KEY, task TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (task, name));
CREATE TABLE suggestion (
    item TEXT NOT NULL, suggested INTEGER NOT NULL, model TEXT NOT NULL, value TEXT NOT NULL, score REAL, scores TEXT,
    schema INTEGER, at TEXT, PRIMARY KEY (item, suggested)) WITHOUT ROWID;
"""
_KEPT = ("-wal", "-shm", "-journal")
Inode = tuple[int, int]


class Opened(NamedTuple):
    """A connection, which file it is to, and what that file was called when it was made.

    An inode's number is used again once nobody holds the file; a ULID is not.
    """

    connection: sqlite3.Connection
    which: Inode
    birth: str


def inode(path: Path) -> Inode | None:
    """Return which file is at the path now, or None."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def connect(path: Path, owner: str) -> Opened:
    """Open the index, made anew if there is none or it is not this dataset's.

    Parameters
    ----------
    path : Path
        Of the file; its folder is there.
    owner : str
        The dataset's id.

    Returns
    -------
    Opened
        Its connection is in autocommit mode, to be used by one thread at a time.
    """
    with _locked(path, shared=True):
        found = _opened(path, owner)
    if found is None:
        with _locked(path, shared=False):
            found = _opened(path, owner)
            if found is None:
                _make(path, owner)
                found = _opened(path, owner)
    if found is None:
        raise sqlite3.OperationalError(f"{path} was made and could not be opened")
    return found


def discard(path: Path, which: Inode) -> None:
    """Throw away a damaged file, unless another has done so by now."""
    with _locked(path, shared=False):
        if inode(path) == which:
            _remove(path)


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what is inside in one transaction, which begins with the right to write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def held(path: Path) -> Iterator[int]:
    """Hold a lock file, alone; it is let go when the process ends, however it ends."""
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def uri(path: Path, mode: str) -> str:
    """Return the path as SQLite takes it together with a mode."""
    return f"file:{quote(os.fsencode(path))}?mode={mode}"


@contextlib.contextmanager
def _locked(path: Path, *, shared: bool) -> Iterator[None]:
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(_lock(path), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _opened(path: Path, owner: str) -> Opened | None:
    which = inode(path)
    if which is None or _recorded(path) != f"{which[0]}:{which[1]}":
        return None
    try:
        connection = sqlite3.connect(
            uri(path, "rw"), uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error:
        return None
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -8000")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        said = dict(connection.execute("SELECT key, value FROM meta")) if version == VERSION else {}
    except sqlite3.DatabaseError:
        said = {}
    if said.get("owner") != owner or "birth" not in said:
        connection.close()
        return None
    return Opened(connection, which, said["birth"])


def _make(path: Path, owner: str) -> None:
    _remove(path)
    made = path.with_name(f".{new_ulid()}.sqlite")
    connection = sqlite3.connect(made, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        connection.execute(
            "INSERT INTO meta VALUES ('owner', ?), ('birth', ?), ('generation', '')", (owner, new_ulid())
        )
    finally:
        connection.close()
    which = inode(made)
    if which is not None:
        _lock(path).write_text(f"{which[0]}:{which[1]}")
    made.replace(path)


def _remove(path: Path) -> None:
    for name in (path.name, *(path.name + ending for ending in _KEPT)):
        path.with_name(name).unlink(missing_ok=True)


def _lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _recorded(path: Path) -> str:
    return _lock(path).read_text()
