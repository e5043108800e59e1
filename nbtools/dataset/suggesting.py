"""Suggestions of models: handed over as a table, checked whole, kept beside the labels and never among them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nbtools.dataset import tasks
from nbtools.dataset.core import Core
from nbtools.dataset.facts import facts_of
from nbtools.dataset.inbox import now
from nbtools.dataset.pointing import pointed
from nbtools.dataset.recording import facts_of_all, is_missing, plain
from nbtools.dataset.suggestedrows import Row, rows_of
from nbtools.errors import LabelError, did_you_mean
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts
from nbtools.labels.suggestion import Suggestion, best_of, model_name, score_of, scores_of
from nbtools.labels.task import Task, check
from nbtools.store.index import Index
from nbtools.store.rows import ItemRow
from nbtools.store.suggestions import write_suggestions
from nbtools.versions.words import counted

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 5_000


@dataclass(frozen=True)
class Suggested:
    """What a call has written.

    Attributes
    ----------
    task, model : str
        For which task, by what.
    written, unchanged : int
        How many suggestions are new, and how many this model had made already.
    """

    task: str
    model: str
    written: int
    unchanged: int

    def __repr__(self) -> str:
        """Say it in words, and the next sensible call."""
        said = f"{counted(self.written, 'suggestion')} of {self.model} for {self.task}"
        said += f", {self.unchanged:,} there already" if self.unchanged else ""
        return f"{said}\nnext: nbtools.Labeler(ds, {self.task!r})"

    def _repr_html_(self) -> str:
        import html

        return f"<pre>{html.escape(repr(self))}</pre>"


class Suggesting(Core):
    """What a dataset can do with what models propose."""

    def suggest(self, task: str, table: object, *, model: str) -> Suggested:
        """Hand over what a model proposes; a Labeler shows it, and nothing counts it as said.

        Suggestions are kept in ``metadata/suggestions/``. Of one model the newest for an
        item counts; of several models the page shows what came in the newest table.
        What became of a suggestion is in the act of whoever labeled the item. The same
        again writes nothing.

        Parameters
        ----------
        task : str
            The task's name.
        table : DataFrame, Series, mapping, list of dict or pairs
            Items, given as ``ds.record`` takes them, with values. A table has the columns
            ``item`` or ``id`` and ``value`` or the task's name; it may have ``score`` (how
            sure the model is, mostly from 0 to 1) and, for a task with options, one
            column for each option with its probability. Of a ``choice`` the value may then
            be left out: it is the likeliest option. A missing value is passed over.
        model : str
            What proposes, such as ``resnet-7``; another name for another training.

        Raises
        ------
        UnknownItemError
            If an item is not there; nothing is written then.
        LabelError
            If a value does not fit the task or its item, a score is no finite number, or
            a column has the name of a retired option or nearly that of one; nothing is
            written then.
        NotSavedError
            If the disk refuses.
        """
        self._index.refresh()
        made, new = _looked_through(self, tasks.found(self, task), table, model_name(model))
        written = write_suggestions(self._folder, task, new)
        self._index.refresh()
        return Suggested(task, model_name(model), written, len(made) - len(new))

    def suggestions(self, task: str, model: str | None = None) -> pd.DataFrame:
        """Return what models propose: of each model the newest suggestion for each item that is in.

        Parameters
        ----------
        task : str
            The task's name.
        model : str, optional
            Of this model only.

        Returns
        -------
        DataFrame
            ``item``, ``model``, ``value``, ``score``, ``scores`` (by option, None where none were
            given) and ``at``; the newest of an item first.
        """
        import pandas as pd

        self._index.refresh()
        tasks.found(self, task)
        found = list(self._index.suggestions(task, model))
        columns: dict[str, Any] = {
            name: pd.Series([getattr(one, name) for one in found], dtype=object)
            for name in ("item", "model", "value", "score", "scores", "at")
        }
        columns["score"] = columns["score"].astype(float)
        columns["at"] = pd.to_datetime(columns["at"], utc=True, format="ISO8601").dt.as_unit("ms")
        return pd.DataFrame(columns)


def checked_model(index: Index, task: str, show: object) -> Literal[False] | str | None:
    """Return of which model suggestions are shown: None for all, False for none.

    Raises
    ------
    LabelError
        If that model has suggested nothing.
    """
    if isinstance(show, bool):
        return None if show else False
    known = index.suggesting_models(task)
    if not isinstance(show, str) or show not in known:
        hint = did_you_mean(str(show), known)
        there = f"there are {', '.join(known)}" if known else "there are no suggestions: ds.suggest hands some over"
        raise LabelError(
            f"show_suggestions={show!r} is True, False or a model that has made some for {task!r}; {there}{hint}"
        )
    return show


def shown_suggestions(ds: Core, task: Task, rows: Sequence[ItemRow], model: str | None) -> dict[str, Suggestion]:
    """Return what is proposed for some items, as far as it is an answer to the task as it is now."""
    found = ds._index.suggested(task.name, [row.id for row in rows], model)
    fits = ((row, fitting(task, found[row.id], facts_of(ds, row))) for row in rows if row.id in found)
    return {row.id: one for row, one in fits if one is not None}


def fitting(task: Task, suggestion: Suggestion, item: ItemFacts) -> Suggestion | None:
    """Return a suggestion with its value as it would be kept now; None where it is no answer any more."""
    try:
        value = check(task, suggestion.value, item)
    except LabelError:
        return None
    told = suggestion
    return Suggestion(told.item, told.model, value, told.score, told.scores, told.schema, told.at, told.table)


def _looked_through(ds: Core, task: Task, table: object, model: str) -> tuple[list[Suggestion], list[Suggestion]]:
    """Return what a table proposes, and what of it is new."""
    try:
        made = _made(ds, task, rows_of(task, table), model)
    except LabelError:
        # What was handed over before an option was retired can be once more: it is there already.
        for before in tasks.earlier(ds, task):
            with contextlib.suppress(LabelError):
                made = _made(ds, before, rows_of(before, table), model)
                if not _new(ds, task, made):
                    return made, []
        raise
    return made, _new(ds, task, made)


def _new(ds: Core, task: Task, made: Sequence[Suggestion]) -> list[Suggestion]:
    known: dict[str, Suggestion] = {}
    for start in range(0, len(made), _BATCH):
        items = [one.item for one in made[start : start + _BATCH]]
        known |= ds._index.suggested(task.name, items, made[0].model)
    return [one for one in made if one.item not in known or known[one.item].said != one.said]


def _made(ds: Core, task: Task, rows: Sequence[Row], model: str) -> list[Suggestion]:
    items = pointed(ds, [row.item for row in rows])
    facts = facts_of_all(ds, task, items)
    at = now()
    made: dict[str, Suggestion] = {}
    for item, row in zip(items, rows, strict=True):
        try:
            one = _suggestion(task, item, row, model, facts.get(item, UNKNOWN), at)
        except LabelError as error:
            raise LabelError(f"item {item}: {error}") from error
        if made.setdefault(item, one) != one:
            raise LabelError(
                f"the item {item} is given two suggestions, {made[item].value!r} and {one.value!r}: leave one, or hand "
                "them over as two models"
            )
    return list(made.values())


def _suggestion(task: Task, item: str, row: Row, model: str, facts: ItemFacts, at: str) -> Suggestion:
    scores = None if is_missing(row.scores) else scores_of(task, plain(row.scores))
    given = best_of(scores) if scores is not None and is_missing(row.value) else row.value
    value = check(task, plain(given), facts)
    score = None if row.score is None else score_of(plain(row.score))
    if score is None and scores is not None and isinstance(value, str):
        score = scores.get(value)
    return Suggestion(item, model, value, score, scores, task.schema, at)
