"""Acts into the index: each act once, and what is current now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nbtools.labels.act import Act
from nbtools.labels.current import latest, rank, resolve
from nbtools.storage import Folder
from nbtools.store.database import writing
from nbtools.store.log import ITEMS, ActLog, Progress, Scanned
from nbtools.store.rows import stored_act, stored_acts
from nbtools.store.suggestions import missing, take_in

Group = tuple[int, str]
PARTS = "metadata/items"
_MUCH = 4 << 20
_HEAD = """
INSERT OR REPLACE INTO head (series, item, position, status, value, conflict, act, flagged, unsure, comment, at, origin,
    identity, schema)
VALUES (?1, ?2, (SELECT position FROM item WHERE id = ?2), ?3, ?4, ?13, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
"""
_OF_GROUP = "SELECT body, writer, line FROM act WHERE series = ? AND item = ?"


def is_behind(folder: Folder, connection: sqlite3.Connection, log: ActLog) -> bool:
    """Tell whether there is more to take in than a process that serves a person should."""
    names = list(folder.sizes(PARTS, ".parquet"))
    if names != [name for (name,) in connection.execute("SELECT name FROM part ORDER BY name")]:
        return True
    known = _offsets(connection)
    acts = sum(size - known.get(name, 0) for name, size in log.sizes().items())
    return acts + sum(missing(folder, connection).values()) > _MUCH


def catch_up(
    connection: sqlite3.Connection, log: ActLog, on_progress: Progress | None = None, *, at_once: int = 5_000
) -> None:
    """Take in what the log, and the suggestions beside it, have more than the index.

    Parameters
    ----------
    connection : Connection
        Of the index.
    log : ActLog
        The log.
    on_progress : callable, optional
        Called with the bytes that are taken in and all that there are.
    at_once : int
        Acts in one transaction, about. Many cost memory, and keep others waiting;
        few write the same pages of the index again and again.

    Raises
    ------
    sqlite3.DatabaseError
        If the index knows acts or suggestions that are not there.
    """
    while not _catch_up_once(connection, log, on_progress, at_once):
        continue
    take_in(connection, log.folder)


def _catch_up_once(connection: sqlite3.Connection, log: ActLog, on_progress: Progress | None, at_once: int) -> bool:
    """Return False if another process took something in at the same time."""
    # In this order: the log only grows, so that what is known can never be more than there is.
    known = _offsets(connection)
    sizes = log.sizes()
    if any(offset > sizes.get(name, -1) for name, offset in known.items()):
        raise sqlite3.DatabaseError("the index knows acts that the log has not")
    for parts in _batches(log.scan(known, sizes), at_once):
        with writing(connection):
            now = _offsets(connection)
            if any(now.get(part.name, 0) != known.get(part.name, 0) for part in parts):
                return False
            for part in parts:
                fold(connection, part)
        known |= {part.name: part.offset for part in parts}
        if on_progress is not None:
            on_progress(sum(known.values()), sum(sizes.values()))
    return True


def _batches(parts: Iterable[Scanned], at_once: int) -> Iterator[list[Scanned]]:
    batch: list[Scanned] = []
    acts = 0
    for part in parts:
        batch.append(part)
        acts += len(part.acts)
        if acts >= at_once:
            yield batch
            batch, acts = [], 0
    if batch:
        yield batch


def _offsets(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT name, offset FROM journal").fetchall())


def fold(connection: sqlite3.Connection, scanned: Scanned) -> None:
    """Take in what was read from a journal, inside a transaction.

    Parameters
    ----------
    connection : Connection
        Of the index.
    scanned : Scanned
        What follows the part of the journal that the index knows.
    """
    folder = scanned.name.partition("/")[0]
    pairs = [pair for pair in zip(scanned.acts, scanned.lines, strict=True) if _belongs(pair[0], folder)]
    series = _Series(connection)
    groups = _insert(connection, [(act, series.of(act), line) for act, line in pairs])
    if folder == ITEMS:
        _exclude(connection, groups)
    else:
        _update_heads(connection, groups)
    connection.execute(
        "INSERT INTO journal VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET offset = ?2, skipped = skipped + ?3",
        (scanned.name, scanned.offset, scanned.skipped + len(scanned.acts) - len(pairs)),
    )


def _belongs(act: Act, folder: str) -> bool:
    # What lies in the folder of one task cannot speak of another.
    if folder == ITEMS:
        return act.type in ("exclude", "include")
    return act.type in ("label", "schema") and act.task == folder


class _Series:
    """The numbers of (task, annotator), so that a million rows need not repeat them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], int] = {}

    def of(self, act: Act) -> int:
        key = ITEMS if act.type in ("exclude", "include") else act.task or "", _annotator(act)
        if key not in self._known:
            self._connection.execute("INSERT OR IGNORE INTO series (task, annotator) VALUES (?, ?)", key)
            query = "SELECT number FROM series WHERE task = ? AND annotator = ?"
            (self._known[key],) = self._connection.execute(query, key).fetchone()
        return self._known[key]


def _annotator(act: Act) -> str:
    return act.annotator or "" if act.type == "label" else ""


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[Act, int, str]]) -> dict[Group, list[Act]]:
    """Insert acts; return the groups that they touch, each with the acts it was given."""
    before = connection.total_changes
    connection.executemany(
        "INSERT OR IGNORE INTO act VALUES (?, ?, ?, ?, ?, ?)",
        [(act.act, number, act.item or "", act.writer, act.line, line) for act, number, line in rows],
    )
    groups: dict[Group, list[Act]] = {}
    for act, number, _ in rows:
        groups.setdefault((number, act.item or ""), []).append(act)
    if connection.total_changes - before < len(rows):
        for act, number, line in rows:
            moved = _keep_first(connection, act, number, line)
            # Two acts say to the update that the group is to be resolved from what is stored.
            groups.update({group: [act, act] for group in moved})
    return groups


def _keep_first(connection: sqlite3.Connection, act: Act, number: int, line: str) -> list[Group]:
    """Of two acts with one id keep the first; return the groups that this changes."""
    query = "SELECT series, item, body, writer, line FROM act WHERE id = ?"
    series, item, *stored = connection.execute(query, (act.act,)).fetchone()
    there = stored_act((stored[0], stored[1], stored[2]))
    if (there.writer, there.line) == (act.writer, act.line):
        return []
    if rank(act) < rank(there):
        connection.execute(
            "UPDATE act SET series = ?, item = ?, writer = ?, line = ?, body = ? WHERE id = ?",
            (number, act.item or "", act.writer, act.line, line, act.act),
        )
    return [(series, item), (number, act.item or "")]


def _update_heads(connection: sqlite3.Connection, groups: dict[Group, list[Act]]) -> None:
    labels = {group: acts for group, acts in groups.items() if group[1]}
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (series INTEGER, item TEXT)")
    connection.execute("DELETE FROM temp.touched")
    connection.executemany("INSERT INTO temp.touched VALUES (?, ?)", labels)
    known = set(connection.execute("SELECT series, item FROM temp.touched JOIN head USING (series, item)"))
    rows: list[tuple[Any, ...]] = []
    for group, acts in labels.items():
        alone = len(acts) == 1 and group not in known
        resolved = resolve(acts if alone else stored_acts(connection.execute(_OF_GROUP, group)))
        head = resolved.head
        if head is None:
            connection.execute("DELETE FROM head WHERE series = ? AND item = ?", group)
            _mark(connection)
        else:
            rows.append((*group, *_columns(head), bool(resolved.conflicts)))
    connection.executemany(_HEAD, rows)


def _columns(head: Act) -> tuple[Any, ...]:
    comment = None if head.comment is None else head.comment.encode("utf-8", "replace").decode()
    return (
        *(head.status or "cleared", json.dumps(head.value), head.act, head.flagged, head.unsure, comment),
        *(head.received_at, head.origin, head.identity, head.schema),
    )


def _exclude(connection: sqlite3.Connection, groups: Iterable[Group]) -> None:
    for group in groups:
        last = latest(stored_acts(connection.execute(_OF_GROUP, group)))
        item = group[1]
        connection.execute("DELETE FROM excluded WHERE item = ?", (item,))
        if last is not None and last.type == "exclude":
            connection.execute(
                "INSERT INTO excluded VALUES (?1, (SELECT position FROM item WHERE id = ?1), ?2, ?3)",
                (item, last.act, last.comment),
            )
    _mark(connection)


def _mark(connection: sqlite3.Connection) -> None:
    """Say that who follows the turns of heads has to look at everything again."""
    connection.execute("INSERT INTO meta VALUES ('marks', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1")
