"""Candidates: the things on one item that are compared or ranked, each in a column of its own.

A column is one of a row of a table, or an attribute of any item. It holds what is to be
shown itself, or names another item of the dataset, such as a picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import ItemFacts

if TYPE_CHECKING:
    from nbtools.labels.task import Task

SHOWS = ("text", "items")
MOST = 20
_LONGEST = 200


def columns(settings: Mapping[str, Any], most: int = MOST) -> list[str]:
    """Return the setting that names the columns of the candidates.

    Raises
    ------
    SchemaError
        If it does not name two or more of them.
    """
    given = settings["of"]
    shown = repr(given)[:80]
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise SchemaError(f'of={shown}: it is a list of columns or attributes, such as ["answer_a", "answer_b"]')
    for name in given:
        if not (isinstance(name, str) and 0 < len(name) <= _LONGEST and name.isprintable()):
            raise SchemaError(f"of={shown}: a column's name is text on one line, and {str(name)[:80]!r} is none")
    if len(set(given)) < len(given) or not 2 <= len(given) <= most:
        raise SchemaError(f"of={shown}: it names {'2' if most == 2 else f'2 to {most}'} columns, each once")
    return list(given)


def present(task: Task, item: ItemFacts) -> list[str]:
    """Return the candidates that an item has: the columns that are not empty, in the order of the task."""
    found = item.read_columns()
    return [name for name in task.settings["of"] if found.get(name) not in (None, "")]


def missing(task: Task, item: ItemFacts) -> LabelError:
    """Return the refusal of an item that lacks what is to be compared."""
    there, of = set(present(task, item)), task.settings["of"]
    lacking = ", ".join(repr(name) for name in of if name not in there)
    return LabelError(f"{task.name!r} is about {', '.join(of)}, and this item has no {lacking}: skip it")
