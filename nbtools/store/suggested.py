"""What the index knows of suggestions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nbtools.labels.suggestion import Suggestion
from nbtools.store.local import Local

_COLUMNS = (
    "suggestion.item, suggestion.model, suggestion.value, suggestion.score, suggestion.scores, suggestion.schema, "
    "suggestion.at, suggested.name"
)
_JOINED = "suggestion JOIN suggested ON suggested.number = suggestion.suggested"


class Suggested(Local):
    """Suggestions: of each item and model the newest."""

    def has_suggestions(self, task: str) -> bool:
        """Tell whether any model has suggested anything for a task."""
        return bool(self._all("SELECT 1 FROM suggested WHERE task = ? LIMIT 1", (task,), lambda row: row))

    def suggested(self, task: str, items: Sequence[str], model: str | None = None) -> dict[str, Suggestion]:
        """Return the newest suggestion for each of some items that have one.

        Parameters
        ----------
        task : str
            The task's name.
        items : sequence of str
            Whole ids.
        model : str, optional
            Of this model; of whichever unless given.
        """
        condition = "suggested.task = ?1 AND suggestion.item IN (SELECT value FROM json_each(?2))"
        query = (
            f"SELECT {_COLUMNS} FROM {_JOINED} WHERE {condition} AND suggestion.model = ifnull(?3, suggestion.model)"
        )
        found = self._all(f"{query} ORDER BY suggested.name", (task, json.dumps(list(items)), model), _suggestion)
        return {one.item: one for one in found}

    def suggestion(self, task: str, item: str, table: str) -> Suggestion | None:
        """Return the suggestion for an item that came in a table; a newer one may be there."""
        condition = "suggested.task = ? AND suggested.name = ? AND suggestion.item = ?"
        query = f"SELECT {_COLUMNS} FROM {_JOINED} WHERE {condition}"
        found = self._all(query, (task, f"{table}.jsonl", item), _suggestion)
        return found[0] if found else None

    def suggestions(self, task: str, model: str | None = None) -> Iterator[Suggestion]:
        """Yield the newest suggestion of each model for each item that is in: in the order of items, the newest first.

        Parameters
        ----------
        task : str
            The task's name.
        model : str, optional
            Of this model; of all unless given.
        """
        # SQLite takes the other columns from the row in which max() found its value.
        inner = (
            f"SELECT {_COLUMNS.replace(', suggested.name', '')}, max(suggested.name) AS name, item.position "
            f"FROM {_JOINED} JOIN item ON item.id = suggestion.item "
            "WHERE suggested.task = ?1 AND suggestion.model = ifnull(?2, suggestion.model) "
            "AND suggestion.item NOT IN (SELECT item FROM excluded) GROUP BY suggestion.item, suggestion.model"
        )
        names = "item, model, value, score, scores, schema, at, name"
        query = f"SELECT {names} FROM ({inner}) ORDER BY position, name DESC"
        return iter(self._all(query, (task, model), _suggestion))

    def suggesting_models(self, task: str) -> list[str]:
        """Return the models that have suggested something for a task, sorted."""
        query = f"SELECT DISTINCT suggestion.model FROM {_JOINED} WHERE suggested.task = ? ORDER BY 1"
        return self._all(query, (task,), lambda row: str(row[0]))


def _suggestion(row: tuple[Any, ...]) -> Suggestion:
    item, model, value, score, scores, schema, at, name = row
    probabilities = None if scores is None else json.loads(scores)
    return Suggestion(item, model, json.loads(value), score, probabilities, schema, at, name.removesuffix(".jsonl"))
