"""How a task changes: the next schema, in which no label moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbtools.errors import SchemaError
from nbtools.labels.task import Option, Task, check_options, clean, given, listed, no_option

_SHOWN_BY = ("key", "color", "description")


def evolve(
    old: Task,
    options: Sequence[str | Mapping[str, Any] | Option],
    *,
    title: str | None = None,
    rename: Mapping[str, str] | None = None,
    retire: Sequence[str] = (),
    used: frozenset[str] = frozenset(),
) -> Task | None:
    """Return the task with these options, as its next schema.

    Parameters
    ----------
    old : Task
        The task as it is.
    options : sequence of str, mapping or Option
        The options as they are to be, by id or present name; others are new.
    title : str, optional
        The question; unchanged unless given.
    rename : mapping, optional
        Present name or id of an option → its new name.
    retire : sequence of str
        Options that are not offered any more; their labels stay.
    used : frozenset of str
        Ids of the options that some label holds.

    Returns
    -------
    Task or None
        None if there is nothing new.

    Raises
    ------
    SchemaError
        If an option that labels hold is missing, or an option cannot be so.
    """
    named = {find(old, one).id: clean(new) for one, new in (rename or {}).items()}
    retired = {find(old, one).id for one in retire}
    wanted = [_matched(old, given(one), named) for one in listed(options)]
    present = {option.id for option in wanted}
    missing = [option for option in old.options if option.id not in present]
    lost = [option.name for option in missing if option.id in used and not option.retired and option.id not in retired]
    if lost:
        raise SchemaError(_lost(old.name, lost))
    kept = [option for option in missing if option.id in used or option.retired or option.id in retired]
    merged = tuple(replace(one, retired=one.retired or one.id in retired) for one in [*wanted, *kept])
    check_options(merged)
    if merged == old.options and title in (None, old.title):
        return None
    return Task(old.name, old.kind, merged, old.schema + 1, title if title is not None else old.title)


def _matched(old: Task, one: Option, named: Mapping[str, str]) -> Option:
    # A notebook that is run again names an option as it did the first time: by its id.
    for option in old.options:
        new_name = named.get(option.id, option.name)
        if one.name in (option.id, option.name, new_name):
            set_again = {key: getattr(one, key) for key in _SHOWN_BY if getattr(one, key) is not None}
            return replace(option, name=new_name, **set_again)
    return one


def find(task: Task, wanted: str) -> Option:
    """Return an option by id or present name.

    Raises
    ------
    SchemaError
        If there is none.
    """
    for option in task.options:
        if wanted in (option.id, option.name):
            return option
    raise SchemaError(no_option(task, wanted))


def _lost(task: str, names: Sequence[str]) -> str:
    one = names[0]
    return (
        f"labels of {task!r} hold {', '.join(map(repr, names))}, which the new options lack. To give it another name: "
        f'rename={{{one!r}: "…"}}; to turn its labels into another\'s: merge={{{one!r}: "…"}}; '
        f"to offer it no more and keep its labels: retire=[{one!r}]"
    )
