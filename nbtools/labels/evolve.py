"""How a task changes: the next schema, in which no label moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.options import Option, clean, given, listed, no_option
from nbtools.labels.task import Task, check, fitting, set_up

_SHOWN_BY = ("key", "color", "description", "group", "picture")


def evolve(
    old: Task,
    options: Sequence[str | Mapping[str, Any] | Option],
    *,
    title: str | None = None,
    guidelines: str | None = None,
    settings: Mapping[str, Any] | None = None,
    rename: Mapping[str, str] | None = None,
    retire: Sequence[str] = (),
    values: Sequence[Any] = (),
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
    guidelines : str, optional
        How to answer, as Markdown; unchanged unless given, "" for none.
    settings : mapping, optional
        Settings of the kind that are to change; the others stay.
    rename : mapping, optional
        Present name or id of an option → its new name.
    retire : sequence of str
        Options that are not offered any more; their labels stay.
    values : sequence of object
        The values that labels of the task hold.

    Returns
    -------
    Task or None
        None if there is nothing new.

    Raises
    ------
    SchemaError
        If an option that labels hold is missing, an option or setting cannot be so, or
        a setting would make labels impossible that there are.
    """
    used = frozenset[str]().union(*(kind_of(old.kind).used(value) for value in values))
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
    fitting(old.kind, merged)
    set_anew = _settings(old, settings or {})
    asked = title if title is not None else old.title
    guide = guidelines or None if guidelines is not None else old.guidelines
    if (merged, set_anew, asked, guide) == (old.options, old.settings, old.title, old.guidelines):
        return None
    new = Task(old.name, old.kind, merged, old.schema + 1, asked, set_anew, guide)
    kind_of(new.kind).fits(new)
    if set_anew != old.settings or bool(merged) != bool(old.options):
        _refuse_to_lose(old, new, values)
    return new


def _settings(old: Task, given: Mapping[str, Any]) -> dict[str, Any]:
    known = kind_of(old.kind).defaults
    return {**old.settings, **set_up(old.kind, {**{k: v for k, v in old.settings.items() if k in known}, **given})}


def _refuse_to_lose(old: Task, new: Task, values: Sequence[Any]) -> None:
    """Refuse settings under which labels that there are would be none."""
    for value in values:
        try:
            check(new, value)
        except LabelError as error:
            raise SchemaError(
                f"labels of {old.name!r} hold {kind_of(old.kind).words(old, value)!r}, which the new settings "
                f"refuse: {error}. Label those items anew first, or declare a task of another name"
            ) from error


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
    raise SchemaError(no_option(task.name, task.options, wanted))


def _lost(task: str, names: Sequence[str]) -> str:
    one = names[0]
    return (
        f"labels of {task!r} hold {', '.join(map(repr, names))}, which the new options lack. To give it another name: "
        f'rename={{{one!r}: "…"}}; to turn its labels into another\'s: merge={{{one!r}: "…"}}; '
        f"to offer it no more and keep its labels: retire=[{one!r}]"
    )
