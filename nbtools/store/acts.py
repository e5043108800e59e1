"""What the index knows of acts."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from nbtools.labels.act import STATUSES, Act
from nbtools.labels.current import rank
from nbtools.store.local import Local
from nbtools.store.rows import Head, Label, stored_act, stored_acts

_HEADS = (
    "SELECT act.body, act.writer, act.line, head.conflict FROM head "
    "JOIN series ON series.number = head.series JOIN act ON act.id = head.act"
)
_ACTS = "SELECT act.body, act.writer, act.line FROM act JOIN series ON series.number = act.series"
_THESE = "(SELECT value FROM json_each(?))"


class Acts(Local):
    """Acts, and what is current."""

    def act(self, act: str) -> Act | None:
        """Return an act by its id."""
        found = self._all("SELECT body, writer, line FROM act WHERE id = ?", (act,), stored_act)
        return found[0] if found else None

    def known_acts(self, acts: Sequence[str]) -> set[str]:
        """Return those of some ids that are there."""
        query = f"SELECT id FROM act WHERE id IN {_THESE}"
        return set(self._all(query, (json.dumps(list(acts)),), lambda row: str(row[0])))

    def bulk(self, bulk: str) -> list[Act]:
        """Return the acts that one call has written."""
        query = "SELECT body, writer, line FROM act WHERE json_extract(body, '$.bulk') = ?"
        return self._all(query, (bulk,), stored_act)

    def ranked(self, task: str) -> set[str]:
        """Return the ids of all acts of an annotator on an item that was shown to them because a ranker chose it."""
        # What is shuffled is chosen by chance. A label that was corrected later is of the same item all the same.
        query = (
            "SELECT other.id FROM act JOIN series ON series.number = act.series "
            "JOIN act AS other ON other.series = act.series AND other.item = act.item WHERE series.task = ? "
            """AND act.body LIKE '%"order"%' AND json_extract(act.body, '$.why.order') != 'shuffled'"""
        )
        return set(self._all(query, (task,), lambda row: str(row[0])))

    def schema_acts(self) -> list[Act]:
        """Return the acts that declare and change tasks."""
        query = "SELECT body, writer, line FROM act WHERE item = ''"
        return [act for act in self._all(query, (), stored_act) if act.type == "schema"]

    def acts(self, task: str, item: str, annotator: str) -> list[Act]:
        """Return all acts of one annotator on one item, in no order."""
        query = f"{_ACTS} WHERE series.task = ? AND series.annotator = ? AND act.item = ?"
        return self._try(lambda connection: stored_acts(connection.execute(query, (task, annotator, item))))

    def acts_of(self, item: str) -> list[Act]:
        """Return all acts about one item, of whichever task and annotator, in no order."""
        # Naming the series lets SQLite look an item up in the index over both.
        query = f"{_ACTS} WHERE act.series IN (SELECT number FROM series) AND act.item = ?"
        return self._all(query, (item,), stored_act)

    def head(self, task: str, item: str, annotator: str) -> Head | None:
        """Return what is current of one annotator on one item."""
        return self.heads_of(task, annotator, [item]).get(item)

    def heads_of(self, task: str, annotator: str, items: Sequence[str]) -> dict[str, Head]:
        """Return what is current of one annotator on some items."""
        query = f"{_HEADS} WHERE series.task = ? AND series.annotator = ? AND head.item IN {_THESE}"
        found = self._all(query, (task, annotator, json.dumps(list(items))), _head)
        return {head.act.item or "": head for head in found}

    def latest_heads(self, task: str, items: Sequence[str]) -> dict[str, Head]:
        """Return the latest label of some items, whosever; an import's only where no person has labeled."""
        query = f"{_HEADS} WHERE series.task = ? AND head.status = 'labeled' AND head.item IN {_THESE}"
        found = self._all(query, (task, json.dumps(list(items))), _head)
        found.sort(key=lambda head: (head.act.origin != "import", rank(head.act)))
        return {head.act.item or "": head for head in found}

    def heads(self, task: str) -> Iterator[Head]:
        """Yield everything that is current of a task, in the order of items and annotators."""
        query = (
            f"{_HEADS} WHERE series.task = ? ORDER BY head.position IS NULL, head.position, head.item, series.annotator"
        )
        return iter(self._all(query, (task,), _head))

    def labels(self, task: str) -> list[Label]:
        """Return what is current of a task and not cleared, of items that are in, in the order of items."""
        query = (
            "SELECT head.item, annotator, value, status, flagged, unsure, comment, at, origin, identity, conflict, "
            "schema, head.act FROM head JOIN series ON series.number = head.series "
            "WHERE task = ? AND status != 'cleared' AND head.item NOT IN (SELECT item FROM excluded) "
            "ORDER BY position IS NULL, position, head.item, annotator"
        )
        return self._all(query, (task,), Label._make)

    def history(self, task: str | None = None) -> list[Act]:
        """Return every act, of one task or of all, in the order in which they came."""
        condition, given = (" WHERE series.task = ?", (task,)) if task is not None else ("", ())
        return self._all(f"{_ACTS}{condition}", given, stored_act)

    def turns(self, task: str, annotator: str, since: int) -> tuple[int, dict[str, array[int]]]:
        """Return what became current after a turn: the last turn, and the positions by status.

        Parameters
        ----------
        task, annotator : str
            Whose acts.
        since : int
            0, or the last turn that was returned.
        """

        def read(connection: sqlite3.Connection) -> tuple[int, dict[str, array[int]]]:
            query = "SELECT number FROM series WHERE task = ? AND annotator = ?"
            series = connection.execute(query, (task, annotator)).fetchone()
            (turn,) = connection.execute("SELECT coalesce(max(turn), 0) FROM head").fetchone()
            if series is None or turn == since:
                return turn, {}
            few = 0 < since < turn
            condition = "series = ? AND status = ? AND position IS NOT NULL" + (f" AND turn > {since}" if few else "")
            query = f"SELECT position FROM head {'NOT INDEXED' if few else 'INDEXED BY head_status'} WHERE {condition}"
            # Half a million tuples would cost a hundred megabytes, the numbers alone cost four.
            found = {status: connection.execute(query, (*series, status)) for status in STATUSES}
            return turn, {status: array("q", (row[0] for row in rows)) for status, rows in found.items()}

        return self._try(read)

    def answers(self, task: str) -> dict[str, Any]:
        """Return what was settled by adjudication: item → value."""
        query = (
            "SELECT head.item, head.value FROM head JOIN series ON series.number = head.series "
            "WHERE series.task = ? AND head.status = 'labeled' AND head.origin = 'adjudication' ORDER BY head.turn"
        )
        return dict(self._all(query, (task,), lambda row: (str(row[0]), json.loads(row[1]))))

    def values(self, task: str) -> list[Any]:
        """Return the values that current labels of a task hold, each once."""
        query = (
            "SELECT DISTINCT head.value FROM head JOIN series ON series.number = head.series "
            "WHERE series.task = ? AND head.status = 'labeled'"
        )
        return self._all(query, (task,), lambda row: json.loads(row[0]))

    def counts(self, task: str) -> dict[str, int]:
        """Return how many labels there are of each status."""
        query = "SELECT status, count(*) FROM head JOIN series ON series.number = head.series WHERE task = ? GROUP BY 1"
        return dict(self._all(query, (task,), lambda row: (str(row[0]), int(row[1]))))


def _head(row: tuple[str, str, int, int]) -> Head:
    return Head(stored_act(row[:3]), bool(row[3]))
