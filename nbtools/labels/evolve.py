"""How a task changes: the next schema, in which no label moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.dividing import Parts, divided, read_parts
from nbtools.labels.kinds import kind_of
from nbtools.labels.options import Option, clean, given, listed, no_option
from nbtools.labels.task import Task, check, fitting, set_up

_SHOWN_BY = ("key", "color", "description", "group", "picture")


class Changes(NamedTuple):
    """What is to become of options: those of a form have their field's name before theirs."""

    rename: Mapping[str, str] = MappingProxyType({})
    retire: Sequence[str] = ()
    split: Parts = MappingProxyType({})

    def whole(self, form: Task) -> Changes:
        """Return the same with the ids of the options."""
        rename = {_in_field(form, one).id: new for one, new in self.rename.items()}
        split = {_in_field(form, one).id: parts for one, parts in self.split.items()}
        return Changes(rename, [_in_field(form, one).id for one in self.retire], split)

    def of(self, field: str) -> Changes:
        """Return what is of one field, without its name."""
        start = f"{field}."
        rename = {one.removeprefix(start): new for one, new in self.rename.items() if one.startswith(start)}
        split = {one.removeprefix(start): parts for one, parts in self.split.items() if one.startswith(start)}
        return Changes(rename, [one.removeprefix(start) for one in self.retire if one.startswith(start)], split)


def evolve(
    old: Task,
    options: Sequence[str | Mapping[str, Any] | Option],
    *,
    title: str | None = None,
    guidelines: str | None = None,
    settings: Mapping[str, Any] | None = None,
    rename: Mapping[str, str] | None = None,
    retire: Sequence[str] = (),
    split: Parts | None = None,
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
    split : mapping, optional
        An option → the options that take its place, each as options are given; it is
        retired and names them.
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
    changes = Changes(rename or {}, retire, split or {})
    if kind_of(old.kind).has_fields:
        settings = {**(settings or {}), "fields": _fields(old, settings or {}, changes, values)}
        changes, values = Changes(), ()
    merged = _options(old, options, changes, values)
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


def _options(
    old: Task, options: Sequence[str | Mapping[str, Any] | Option], changes: Changes, values: Sequence[Any]
) -> tuple[Option, ...]:
    """Return the options as they are to be: those that are wanted, those that have to stay, and what is split."""
    used = frozenset[str]().union(*(kind_of(old.kind).used(value) for value in values))
    named = {find(old, one).id: clean(new) for one, new in changes.rename.items()}
    parted = read_parts(changes.split, {one: find(old, one).id for one in changes.split})
    retired = {find(old, one).id for one in changes.retire} | set(parted)
    wanted = [_matched(old, given(one), named) for one in listed(options)]
    present = {option.id for option in wanted}
    # What a split has made stays with what was split, also where a notebook that is run again does not know of it yet.
    parts = {part for option in old.options for part in option.parts or ()}
    beside = [option for option in old.options if option.id in parts - present]
    missing = [option for option in old.options if option.id not in present | parts]
    lost = [option.name for option in missing if option.id in used and not option.retired and option.id not in retired]
    if lost:
        raise SchemaError(_lost(old.name, lost))
    kept = [option for option in missing if option.id in used or option.retired or option.id in retired]
    standing = [replace(one, retired=one.retired or one.id in retired) for one in [*wanted, *kept]]
    return tuple(divided(standing, parted, [replace(one, retired=one.retired or one.id in retired) for one in beside]))


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
    if kind_of(task.kind).has_fields:
        return _in_field(task, wanted)
    for option in task.options:
        if wanted in (option.id, option.name):
            return option
    raise SchemaError(no_option(task.name, task.options, wanted))


def holds(task: Task, value: Any, option: str) -> bool:
    """Tell whether a value holds an option, given by id; of a form with its field's name before it.

    Parameters
    ----------
    task : Task
        The task that the value answers.
    value : object
        As a label holds it; None holds nothing.
    option : str
        As `find` returns the option's id.
    """
    # Whatever holds it would be another if it became another; so it is for a form's fields too.
    return value is not None and kind_of(task.kind).merged(task, value, {option: ""}) != value


def _in_field(form: Task, wanted: str) -> Option:
    """Return an option of a field, with the field's name before its id."""
    from nbtools.labels.kinds.fields import fields_of

    name, _, option = wanted.partition(".")
    tasks = {field.name: field.task for field in fields_of(form)}
    if name not in tasks or not option:
        raise SchemaError(
            f"{wanted[:80]!r} is no option of a field of {form.name!r}: write field.option; "
            f"its fields are {', '.join(tasks)}"
        )
    found = find(tasks[name], option)
    return replace(found, id=f"{name}.{found.id}")


def _fields(old: Task, settings: Mapping[str, Any], changes: Changes, values: Sequence[Any]) -> list[Any]:
    """Return the fields of a form as they are to be, each evolved as a task of its own."""
    from nbtools.labels.kinds.fields import declared, fields_of, visible

    before = {field.name: field for field in fields_of(old)}
    changes = changes.whole(old)
    wanted = settings.get("fields", old.settings["fields"])
    if isinstance(wanted, str | Mapping) or not isinstance(wanted, Sequence):
        return declared(wanted)  # which says what they may be
    found = []
    for one in wanted:
        field = before.get(one["name"]) if isinstance(one, Mapping) and isinstance(one.get("name"), str) else None
        if field is None or one.get("kind") != field.task.kind:
            found.append(one)
            continue
        held = [value[field.name] for value in values if field.name in value]
        task = _field(field.task, one, changes.of(field.name), held)
        found.append(
            {**field._replace(task=task).to_json(), "when": one.get("when"), "required": one.get("required", True)}
        )
    fields = declared(found)
    _refuse_to_hide(
        old, {field.name: field.task.kind for field in fields}, lambda value: visible(fields, value), values
    )
    return found


def _field(old: Task, one: Mapping[str, Any], changes: Changes, values: Sequence[Any]) -> Task:
    own = ("name", "kind", "options", "title", "when", "required")
    settings = {key: value for key, value in one.items() if key not in own}
    try:
        new = evolve(
            old,
            one.get("options") or (),
            title=one.get("title"),
            settings=settings,
            values=values,
            **changes._asdict(),
        )
    except SchemaError as error:
        raise SchemaError(f"the field {old.name!r}: {error}") from error
    return new or old


def _refuse_to_hide(
    old: Task,
    kinds: Mapping[str, str],
    visible: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    values: Sequence[Any],
) -> None:
    """Refuse fields that labels hold and that are gone, of another kind, or not asked any more where they were."""
    known = {field["name"]: field["kind"] for field in old.settings["fields"]}
    for value in values:
        shown = visible(value)
        for name in value:
            if name in known and kinds.get(name) != known[name]:
                raise SchemaError(
                    f"labels of {old.name!r} hold the field {name!r} of kind {known[name]!r}, "
                    "which the new fields lack: keep it, with required=False to leave it open"
                )
            if name in known and name not in shown:
                raise SchemaError(
                    f"labels of {old.name!r} hold {name!r} where it would not be asked any more "
                    f"({kind_of(old.kind).words(old, value)!r}): widen its when="
                )


def _lost(task: str, names: Sequence[str]) -> str:
    one = names[0]
    return (
        f"labels of {task!r} hold {', '.join(map(repr, names))}, which the new options lack. To give it another name: "
        f'rename={{{one!r}: "…"}}; to turn its labels into another\'s: merge={{{one!r}: "…"}}; '
        f"to offer it no more and keep its labels: retire=[{one!r}]; or others in its place: "
        f'split={{{one!r}: ["…", "…"]}}'
    )
