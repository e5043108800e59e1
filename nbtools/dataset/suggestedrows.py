"""A table of what a model proposes, in any form in which it may be handed over, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nbtools.dataset.recording import is_missing
from nbtools.errors import LabelError, did_you_mean
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import Task
from nbtools.versions.words import say

_ITEM = ("item", "id")
_OWN = (*_ITEM, "value", "score", "scores")


class Row(NamedTuple):
    """What is proposed for one item."""

    item: str
    value: Any
    score: Any
    scores: Any


def rows_of(task: Task, table: Any) -> list[Row]:
    """Return the rows of a table in which something is proposed.

    Raises
    ------
    LabelError
        If it is no such table, or a column has the name of a retired option or nearly
        that of one.
    """
    if hasattr(table, "columns") and hasattr(table, "itertuples"):
        columns = [str(name) for name in table.columns]
        rows = _of_dicts(task, columns, (dict(zip(columns, row, strict=True)) for row in table.itertuples(index=False)))
    elif isinstance(table, Mapping) or (hasattr(table, "items") and hasattr(table, "index")):
        rows = [_of_pair(task, item, value) for item, value in table.items()]
    else:
        rows = _of_list(task, table)
    return [row for row in rows if not (is_missing(row.value) and is_missing(row.scores))]


def _of_list(task: Task, table: Any) -> list[Row]:
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


def _of_pair(task: Task, item: object, value: Any) -> Row:
    # No answer to a `choice` is a mapping: this is what each option is worth.
    if task.kind == "choice" and isinstance(value, Mapping):
        return Row(str(item), None, None, value)
    return Row(str(item), value, None, None)


def _of_dicts(task: Task, columns: Sequence[str], rows: Iterator[dict[str, Any]]) -> list[Row]:
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
        made.append(Row(str(row[item or ""]), row.get(value or ""), row.get("score"), scores))
    return made


def _option_columns(task: Task, columns: Sequence[str]) -> list[str]:
    names = {name for option in task.offered for name in (option.id, option.name)}
    return [name for name in columns if name in names and name not in (*_OWN, task.name)]


def _tell_strange(task: Task, columns: Sequence[str], options: Sequence[str], *, certain: bool) -> None:
    """Refuse a column that is nearly an option's, where the table is `certain` to have such; say what is left."""
    lacking = [one.name for one in task.offered if one.id not in options and one.name not in options]
    strange = [name for name in columns if name not in (*_OWN, task.name, *options)]
    retired = {word for one in task.options if one.retired for word in (one.id, one.name)}
    gone = next((name for name in strange if name in retired), None)
    if gone is not None and certain:
        raise LabelError(
            f"the table has a column {gone!r}, which is retired from {task.name!r} (there are "
            f"{', '.join(option.name for option in task.offered)}): the other columns alone would say something else"
        )
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
