"""What a model proposes for an item: never counted as said; and what became of it."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbtools.errors import LabelError
from nbtools.labels.kinds import kind_of
from nbtools.labels.options import chosen
from nbtools.labels.task import Task

FORMAT = 1
OUTCOMES = ("accepted", "corrected", "rejected", "ignored")
_LONGEST = 200
_NEEDED = ("item", "model", "value")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One proposal of one model.

    Attributes
    ----------
    item, model : str
        For which item, by what.
    value : object
        As a label's value.
    score : float or None
        How sure the model is; mostly from 0 to 1, but any finite number.
    scores : mapping of str to float, or None
        The probability of each option that was given one, by the option's id.
    schema : int or None
        The schema of the task that it was checked against.
    at : str or None
        When it was handed over: RFC 3339, UTC.
    table : str
        The ULID of the table that it came in. Not written.
    """

    item: str
    model: str
    value: Any
    score: float | None = None
    scores: Mapping[str, float] | None = None
    schema: int | None = None
    at: str | None = None
    table: str = field(default="", compare=False)

    @property
    def said(self) -> str:
        """What it says, as one text: the same for the same proposal."""
        return json.dumps([self.value, self.score, dict(self.scores or {})], sort_keys=True)

    def to_line(self, task: str) -> bytes:
        """Return it as one line of JSON, newline included."""
        found = {"format": FORMAT, "task": task, **{name: getattr(self, name) for name in _WRITTEN}}
        told = {name: value for name, value in found.items() if value is not None or name == "value"}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8", "backslashreplace") + b"\n"


_WRITTEN = ("model", "schema", "item", "value", "score", "scores", "at")


def parse_suggestion(line: bytes, task: str, table: str = "") -> Suggestion | None:
    """Return the suggestion on a line, or None if there is none of this task.

    Parameters
    ----------
    line : bytes
        One line of a file, as anybody may have written it.
    task : str
        The task in whose folder the file lies.
    table : str
        The file's ULID.
    """
    try:
        found = json.loads(line, parse_constant=_refused)
        if found["format"] != FORMAT or found.get("task", task) != task or any(name not in found for name in _NEEDED):
            return None
        item, at, schema = found["item"], found.get("at"), found.get("schema")
        if not isinstance(item, str) or not isinstance(at, str | None) or not isinstance(schema, int | None):
            return None
        model = model_name(found["model"])
        score = None if found.get("score") is None else score_of(found["score"])
        scores = {str(name): score_of(one) for name, one in (found.get("scores") or {}).items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # LabelError is a ValueError
        return None
    return Suggestion(item, model, found["value"], score, scores or None, schema, at, table)


def model_name(name: object) -> str:
    """Return the name of a model as it is kept.

    Raises
    ------
    LabelError
        If it cannot be one.
    """
    text = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not 0 < len(text) <= _LONGEST or not text.isprintable():
        raise LabelError(
            f"model={str(name)[:80]!r}: it is text on one line, of 1 to {_LONGEST} characters, that tells this model "
            "from others, such as 'resnet-7'"
        )
    return text


def score_of(score: object) -> float:
    """Return a score as it is kept.

    Raises
    ------
    LabelError
        If it is no finite number.
    """
    number = math.nan if isinstance(score, bool) or not isinstance(score, int | float) else float(score)
    if not math.isfinite(number):
        raise LabelError(
            f"the score is {str(score)[:80]!r}: a finite number, mostly from 0 to 1; leave it out where there is none"
        )
    return number


def scores_of(task: Task, scores: object) -> dict[str, float]:
    """Return the score of each option, by its id, in the order of the options.

    Raises
    ------
    LabelError
        If they are none, or one is none of the task's options.
    """
    if not kind_of(task.kind).has_options or not isinstance(scores, Mapping) or not scores:
        raise LabelError(
            f"the scores of {task.name!r} are {str(scores)[:80]!r}: they map options to numbers, such as "
            '{"jay": 0.9, "rook": 0.1}, for a task that has options'
        )
    found = {chosen(task.name, task.options, option): score_of(score) for option, score in scores.items()}
    return {option.id: found[option.id] for option in task.options if option.id in found}


def best_of(scores: Mapping[str, float]) -> str:
    """Return the option with the highest score; of equals the first."""
    return max(scores, key=lambda option: scores[option])


def outcome(task: Task, suggestion: Suggestion, value: object, status: str | None, *, rejected: bool) -> dict[str, Any]:
    """Return what an act says of the suggestion that was shown when it was made.

    Parameters
    ----------
    task : Task
        What was answered.
    suggestion : Suggestion
        What was shown.
    value, status : object, str
        Of the act, the value as it is kept.
    rejected : bool
        Whether the person had said that the suggestion is wrong.

    Returns
    -------
    dict
        ``table``, ``model``, ``score`` and ``outcome``: ``accepted`` where the label says the
        same, else ``rejected`` where the person said so, ``corrected`` where the label
        says something else, and ``ignored`` where nothing was said. What was suggested
        is there as ``value`` unless it was accepted.
    """
    about = {"table": suggestion.table, "model": suggestion.model, "score": suggestion.score}
    told = {name: one for name, one in about.items() if one is not None}
    answer = kind_of(task.kind).answer
    if status == "labeled" and answer(value) == answer(suggestion.value):
        return told | {"outcome": "accepted"}
    became = "rejected" if rejected else "corrected" if status == "labeled" else "ignored"
    return told | {"value": suggestion.value, "outcome": became}


def _refused(constant: str) -> float:
    raise ValueError(constant)
