"""Items and current labels as a front end has them: what JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from nbtools.errors import SchemaError, did_you_mean
from nbtools.labels.act import Act
from nbtools.labels.current import resolve
from nbtools.labels.kinds import kind_of
from nbtools.labels.suggestion import Suggestion
from nbtools.labels.task import Task
from nbtools.store.index import Index
from nbtools.store.rows import Head, ItemRow

_OF_OPTION = ("id", "name", "key", "color", "description", "group", "picture")
_OF_SUGGESTION = ("table", "model", "value", "score")
_PLAIN = ("position", "id", "kind", "media_type", "bytes", "width", "height", "duration", "text")


class Heads(Protocol):
    """Where what is current is looked up: the index of a dataset, or what stands in for one."""

    def latest_heads(self, task: str, items: Sequence[str]) -> dict[str, Head]:
        """Return the latest label of some items, whosever."""

    def heads_of(self, task: str, annotator: str, items: Sequence[str]) -> dict[str, Head]:
        """Return what is current of one annotator on some items."""


def views(
    index: Heads,
    rows: Sequence[ItemRow],
    task: Task,
    annotator: str | None,
    show: Sequence[str],
    *,
    review: bool,
    again: bool,
    suggested: Mapping[str, Suggestion] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Return items as the front end has them, each with what is current of it.

    Parameters
    ----------
    index : Heads
        Where heads are looked up.
    rows : sequence of ItemRow
        The items.
    task, annotator : Task, str
        Whose labels are current.
    show : sequence of str
        The attributes to go with an item.
    review : bool
        Whether an item without a label of the annotator's own shows the latest of others.
    again : bool
        Whether the items were skipped before.
    suggested : mapping of str to Suggestion
        What is proposed for the items, by id.
    """
    items = [row.id for row in rows]
    heads: dict[str, Head] = {}
    if review:
        heads |= index.latest_heads(task.name, items)
    if annotator is not None:
        heads |= index.heads_of(task.name, annotator, items)
    given = kind_of(task.kind).attributes(task)
    return [_view(row, heads.get(row.id), suggested.get(row.id), show, given, again=again) for row in rows]


def shown_task(task: Task) -> dict[str, Any]:
    """Return a task as the front end has it."""
    options = [{key: getattr(option, key) for key in _OF_OPTION} for option in task.offered]
    about = {"name": task.name, "kind": task.kind, "schema": task.schema, "title": task.title}
    return {**about, "options": options, "settings": task.settings}


def current_of(acts: Mapping[str, Act]) -> dict[str, Any] | None:
    """Return what is current as the front end has it."""
    head, conflicts = resolve(acts.values())
    return None if head is None else shown(head, conflict=bool(conflicts))


def shown(head: Act, *, conflict: bool) -> dict[str, Any]:
    """Return a current act as the front end has it."""
    said = {"act": head.act, "value": head.value, "status": head.status, "flagged": head.flagged}
    return said | {"unsure": head.unsure, "comment": head.comment, "conflict": conflict}


def shown_attributes(index: Index, show: Sequence[str]) -> tuple[str, ...]:
    """Return the attributes that are to be shown, checked against those there are.

    Raises
    ------
    SchemaError
        If one is not there. Before the first ingest there are none to check against.
    """
    known = index.attributes()
    for name in show:
        if known and name not in known:
            hint = did_you_mean(str(name), known)
            raise SchemaError(f"show={name!r} is no attribute{hint}; there are {', '.join(known)}")
    return tuple(show)


def _view(
    row: ItemRow,
    head: Head | None,
    suggestion: Suggestion | None,
    show: Sequence[str],
    given: Sequence[str],
    *,
    again: bool,
) -> dict[str, Any]:
    named = row.sources[0] if row.sources else row.path or row.id
    return {
        **{key: getattr(row, key) for key in _PLAIN},
        "name": named.rsplit("/", 1)[-1],
        "attributes": {name: row.attributes[name] for name in show if name in row.attributes},
        "given": {name: row.attributes[name] for name in given if name in row.attributes},
        "suggestion": None if suggestion is None else {name: getattr(suggestion, name) for name in _OF_SUGGESTION},
        "current": None if head is None else shown(head.act, conflict=head.conflict),
        "again": again,
    }
