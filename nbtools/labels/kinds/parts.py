"""What kinds share whose value is a list of parts, each with an id of its own: spans of a text, shapes on a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import LabelError
from nbtools.labels.options import chosen

if TYPE_CHECKING:
    from nbtools.labels.task import Task

MOST = 10_000
_ID_LENGTH = 40


def list_of(task: Task, value: object, what: str, example: str = "") -> Sequence[Any]:
    """Return a value that is a list of not too many parts.

    Parameters
    ----------
    task : Task
        What is answered.
    value : object
        What was given.
    what : str
        What the parts are called.
    example : str
        How one is written, if the message should say so.

    Raises
    ------
    LabelError
        If it is no list, or too long.
    """
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        such = f", such as {example}" if example else ""
        raise LabelError(f"{task.name!r} takes a list of {what}{such}, and {str(value)[:80]!r} is none")
    if len(value) > MOST:
        raise LabelError(f"{task.name!r} takes {MOST:,} {what} at most, and this has {len(value):,}: leave some out")
    return value


def mapping_of(task: Task, value: object, keys: Sequence[str], where: str) -> Mapping[str, Any]:
    """Return a value that is a mapping with no other than some keys.

    Raises
    ------
    LabelError
        If it is none, or has another key.
    """
    if not isinstance(value, Mapping):
        raise LabelError(f"{task.name!r}: {where} is {str(value)[:80]!r}: it is a mapping of {', '.join(keys)}")
    for key in value:
        if key not in keys:
            raise LabelError(f"{task.name!r}: {where} has no {str(key)[:80]!r}; it has {', '.join(keys)}: leave it out")
    return value


def id_of(task: Task, part: Mapping[str, Any], where: str) -> str | None:
    """Return the id that a part was given, None where it has none yet.

    Raises
    ------
    LabelError
        If it cannot be one.
    """
    name = part.get("id")
    if name is None or (
        isinstance(name, str) and 0 < len(name) <= _ID_LENGTH and name.isascii() and name.isprintable()
    ):
        return name
    raise LabelError(f"{task.name!r}: {where} has the id {str(name)[:80]!r}: it is 1 to 40 plain characters")


def label_of(task: Task, value: object, where: str) -> str | None:
    """Return the id of the option that a part is labeled with, None where the task has no options.

    Raises
    ------
    LabelError
        If there is no such option, or none can be given.
    """
    if not task.options:
        if value is None:
            return None
        raise LabelError(
            f"{task.name!r}: {where} has the label {str(value)[:80]!r}, and the task has no options: leave it out"
        )
    try:
        return chosen(task.name, task.options, value)
    except LabelError as error:
        raise LabelError(f"{where}: {error}") from None


def give_ids(parts: Sequence[dict[str, Any]]) -> None:
    """Give each part without an id the next free one, the same for the same parts in the same order."""
    taken = {one["id"] for one in parts}
    number = 0
    for one in parts:
        while one["id"] is None:
            number += 1
            if f"s{number}" not in taken:
                one["id"] = f"s{number}"
