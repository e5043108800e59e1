"""Suggestions of models: handed over as a table, checked whole, kept beside the labels and never among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from nbtools.dataset import tasks
from nbtools.dataset.core import Core
from nbtools.dataset.facts import facts_of
from nbtools.dataset.inbox import now
from nbtools.dataset.pointing import pointed
from nbtools.dataset.recording import facts_of_all, is_missing, plain
from nbtools.errors import LabelError, did_you_mean
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts
from nbtools.labels.suggestion import Suggestion, best_of, model_name, score_of, scores_of
from nbtools.labels.task import Task, check
from nbtools.store.index import Index
from nbtools.store.rows import ItemRow
from nbtools.store.suggestions import write_suggestions
from nbtools.versions.words import counted, say

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 5_000
_ITEM = ("item", "id")
_OWN = (*_ITEM, "value", "score", "scores")


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
            a column has nearly the name of an option; nothing is written then.
        NotSavedError
            If the disk refuses.
        """
        self._index.refresh()
        declared = tasks.found(self, task)
        made = _made(self, declared, _rows(declared, table), model_name(model))
        known: dict[str, Suggestion] = {}
        for start in range(0, len(made), _BATCH):
            items = [one.item for one in made[start : start + _BATCH]]
            known |= self._index.suggested(task, items, made[0].model)
        new = [one for one in made if one.item not in known or known[one.item].said != one.said]
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


class _Row(NamedTuple):
    item: str
    value: Any
    score: Any
    scores: Any


def _made(ds: Core, task: Task, rows: Sequence[_Row], model: str) -> list[Suggestion]:
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


def _suggestion(task: Task, item: str, row: _Row, model: str, facts: ItemFacts, at: str) -> Suggestion:
    scores = None if is_missing(row.scores) else scores_of(task, plain(row.scores))
    given = best_of(scores) if scores is not None and is_missing(row.value) else row.value
    value = check(task, plain(given), facts)
    score = None if row.score is None else score_of(plain(row.score))
    if score is None and scores is not None and isinstance(value, str):
        score = scores.get(value)
    return Suggestion(item, model, value, score, scores, task.schema, at)


def _rows(task: Task, table: Any) -> list[_Row]:
    """Return the rows of a table in which something is proposed."""
    if hasattr(table, "columns") and hasattr(table, "itertuples"):
        columns = [str(name) for name in table.columns]
        rows = _of_dicts(task, columns, (dict(zip(columns, row, strict=True)) for row in table.itertuples(index=False)))
    elif isinstance(table, Mapping) or (hasattr(table, "items") and hasattr(table, "index")):
        rows = [_of_pair(task, item, value) for item, value in table.items()]
    else:
        rows = _of_list(task, table)
    return [row for row in rows if not (is_missing(row.value) and is_missing(row.scores))]


def _of_list(task: Task, table: Any) -> list[_Row]:
    given = list(table) if isinstance(table, Sequence) and not isinstance(table, str | bytes) else None
    if given is not None and all(isinstance(one, Mapping) for one in given):
        columns = list(dict.fromkeys(str(name) for one in given for name in one))
        return _of_dicts(task, columns, ({str(name): cell for name, cell in one.items()} for one in given))
    if given is not None and all(isinstance(one, Sequence) and len(one) == 2 for one in given):
        return [_of_pair(task, item, value) for item, value in given]
    raise LabelError(
        "suggestions are a DataFrame, a Series, a mapping of item to value, a list of dicts or pairs, "
        f"and this is {type(table).__name__}: {str(table)[:80]!r}"
    )


def _of_pair(task: Task, item: object, value: Any) -> _Row:
    # No answer to a `choice` is a mapping: this is what each option is worth.
    if task.kind == "choice" and isinstance(value, Mapping):
        return _Row(str(item), None, None, value)
    return _Row(str(item), value, None, None)


def _of_dicts(task: Task, columns: Sequence[str], rows: Iterator[dict[str, Any]]) -> list[_Row]:
    item = next((name for name in _ITEM if name in columns), None)
    value = next((name for name in ("value", task.name) if name in columns), None)
    options = _option_columns(task, columns)
    _tell_strange(task, columns, options, certain=bool(options) or value is None)
    if columns and (
        item is None or (value is None and not (task.kind == "choice" and (options or "scores" in columns)))
    ):
        likeliest = ", or of a choice one column for each option" if kind_of(task.kind).has_options else ""
        raise LabelError(
            f"a table of suggestions has a column 'item' or 'id' and a column 'value' or {task.name!r}{likeliest}; "
            f"this one has {', '.join(columns)}"
        )
    made = []
    for row in rows:
        given = {name: row[name] for name in options if not is_missing(row.get(name))}
        scores = given or row.get("scores")
        made.append(_Row(str(row[item or ""]), row.get(value or ""), row.get("score"), scores))
    return made


def _option_columns(task: Task, columns: Sequence[str]) -> list[str]:
    names = {name for option in task.offered for name in (option.id, option.name)}
    return [name for name in columns if name in names and name not in (*_OWN, task.name)]


def _tell_strange(task: Task, columns: Sequence[str], options: Sequence[str], *, certain: bool) -> None:
    """Refuse a column that is nearly an option's, where the table is `certain` to have such; say what is left."""
    lacking = [one.name for one in task.offered if one.id not in options and one.name not in options]
    strange = [name for name in columns if name not in (*_OWN, task.name, *options)]
    near = next(((name, hint) for name in strange if (hint := did_you_mean(name, lacking))), None)
    if near is not None:
        there = ", ".join(option.name for option in task.offered)
        words = f"{near[0]!r}, which is no option of {task.name!r} (there are {there}){near[1]}"
        if certain:
            remedy = f"Rename it, or leave it out: table.drop(columns={near[0]!r})"
            raise LabelError(f"the table has a column {words} {remedy}")
        say(f"passed over: the column {words}")
    elif options and lacking and strange:
        columns_ = ", ".join(map(repr, strange))
        say(f"{task.name}: no column is for {', '.join(map(repr, lacking))}; passed over, as no options: {columns_}")
