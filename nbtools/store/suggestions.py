"""Suggestions on disk: files of JSON lines, each made once, one or more for a table that was handed over.

``metadata/suggestions/<task>/<ulid>.jsonl``. Of several suggestions of one model for one
item the one in the newest file counts. Nothing is locked and nothing changes, so two
folders merge by copying files.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence

from nbtools.items.erased import read_blocked
from nbtools.labels.names import is_name
from nbtools.labels.suggestion import Suggestion, parse_suggestion
from nbtools.storage import Folder, new_ulid
from nbtools.store.database import writing
from nbtools.store.gate import Gate

SUGGESTIONS = "metadata/suggestions"
_SUFFIX = ".jsonl"
_FILE = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\.jsonl")
# Lines in a file: so much is held in memory, and read in one go.
_AT_ONCE = 50_000
_INSERT = "INSERT OR IGNORE INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
Name = tuple[str, str]


def write_suggestions(folder: Folder, task: str, suggestions: Sequence[Suggestion]) -> int:
    """Write suggestions, but for items that were erased; they are on the disk on return.

    Returns
    -------
    int
        How many were written.

    Raises
    ------
    NotSavedError
        If the disk refuses; whole files that were written until then count.
    """
    last, written = "", 0
    with Gate(folder).passing():
        # An erasure waits until this is over, and finds what was written; one that is over is on the list.
        blocked = read_blocked(folder)
        kept = [one for one in suggestions if one.item not in blocked]
        for start in range(0, len(kept), _AT_ONCE):
            last = new_ulid(last)
            lines = [one.to_line(task) for one in kept[start : start + _AT_ONCE]]
            folder.create(f"{SUGGESTIONS}/{task}/{last}{_SUFFIX}", b"".join(lines))
            written += len(lines)
    return written


def files(folder: Folder) -> dict[Name, int]:
    """Return the size in bytes of each file that is whole, by task and name, in the order in which they were made."""
    found = {
        (task, name): size
        for task in folder.folders(SUGGESTIONS)
        if is_name(task)
        for name, size in folder.sizes(f"{SUGGESTIONS}/{task}", _SUFFIX).items()
        if size > 0 and _FILE.fullmatch(name)
    }
    return dict(sorted(found.items(), key=lambda one: (one[0][1], one[0][0])))


def read(folder: Folder, name: Name) -> Iterator[tuple[Suggestion, bytes]]:
    """Yield the suggestions of a file, each with its line; a line that is none is passed over."""
    task, file = name
    with folder.path(f"{SUGGESTIONS}/{task}/{file}").open("rb") as lines:
        for line in lines:
            found = parse_suggestion(line, task, file.removesuffix(_SUFFIX)) if line.endswith(b"\n") else None
            if found is not None:
                yield found, line


def missing(folder: Folder, connection: sqlite3.Connection) -> dict[Name, int]:
    """Return the files that the index does not know, with their sizes.

    Raises
    ------
    sqlite3.DatabaseError
        If the index knows files that are gone.
    """
    # In this order: files only come, so that what is known can never be more than there is.
    known = set(connection.execute("SELECT task, name FROM suggested"))
    there = files(folder)
    if not known <= there.keys():
        raise sqlite3.DatabaseError("the index knows suggestions that are gone")
    return {name: size for name, size in there.items() if name not in known}


def take_in(connection: sqlite3.Connection, folder: Folder) -> None:
    """Take into the index what it does not know, a file at a time.

    Raises
    ------
    sqlite3.DatabaseError
        If the index knows files that are gone.
    """
    for name in missing(folder, connection):
        rows = [_row(one) for one, _ in read(folder, name)]
        with writing(connection):
            connection.execute("INSERT OR IGNORE INTO suggested (task, name) VALUES (?, ?)", name)
            query = "SELECT number FROM suggested WHERE task = ? AND name = ?"
            (number,) = connection.execute(query, name).fetchone()
            connection.executemany(_INSERT, ((item, number, *rest) for item, *rest in rows))


def take_over(folder: Folder, name: Name, lines: Sequence[bytes]) -> None:
    """Write lines of another copy under the name that their file has there; what is here of that name stays.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    task, file = name
    with contextlib.suppress(FileExistsError):
        folder.create(f"{SUGGESTIONS}/{task}/{file}", b"".join(lines))


def _row(one: Suggestion) -> tuple[object, ...]:
    scores = None if one.scores is None else json.dumps(dict(one.scores))
    return one.item, one.model, json.dumps(one.value), one.score, scores, one.schema, one.at
