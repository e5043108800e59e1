"""What a task becomes where two copies of a dataset have changed it, each on its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from nbtools.errors import SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.fields import declared, fields_of
from nbtools.labels.options import Option
from nbtools.labels.task import Task, fitting

_FIELDS = ("name", "key", "color", "description", "retired", "group", "picture", "parts")
_SAID = {"name": "is called", "key": "has the key", "color": "has the color"}
_SAID |= {"description": "is described as", "group": "is in"}


class United(NamedTuple):
    """A task that holds the options of two.

    Attributes
    ----------
    task : Task
        The task; its schema is that of `ours` where nothing is new.
    added : tuple of str
        Names of the options that only the other had.
    remarks : tuple of str
        Where the two say different things of one option: what was kept.
    """

    task: Task
    added: tuple[str, ...]
    remarks: tuple[str, ...]


def unite(ours: Task, theirs: Task, base: Task | None) -> United:
    """Return our task with what the other has more.

    Parameters
    ----------
    ours, theirs : Task
        The same task, as it is here and there.
    base : Task or None
        As it was when both were the same; what only one of them has changed since
        then is changed.

    Raises
    ------
    SchemaError
        If they are of different kinds, or options of the two cannot stand side by side.
    """
    if ours.kind != theirs.kind:
        raise SchemaError(
            f"{ours.name!r} is of kind {ours.kind!r} here and of kind {theirs.kind!r} there, so that their labels "
            f"cannot be one task's: leave it out with without=[{ours.name!r}], or record the labels "
            "of one of them under another name"
        )
    remarks: list[str] = []
    # The order of who has changed it, unless that one has fewer: what is missing there would stand elsewhere each time.
    theirs_first = base is not None and same(ours, base) and set(_by_id(theirs)) >= set(_by_id(ours))
    first, second = (theirs, ours) if theirs_first else (ours, theirs)
    ids = dict.fromkeys(option.id for option in (*first.options, *second.options))
    here, there, then = _by_id(ours), _by_id(theirs), _by_id(base)
    options = [_option(ours.name, here.get(one), there.get(one), then.get(one), remarks) for one in ids]
    options = _without_double_keys(options, here, remarks)
    titles = (ours.title, theirs.title, base.title if base is not None else None)
    title = titles[1] if titles[0] == titles[2] else titles[0]
    guides = (ours.guidelines, theirs.guidelines, base.guidelines if base is not None else None)
    guide = guides[1] if guides[0] == guides[2] else guides[0]
    settings = _settings(ours, theirs, base, remarks)
    inner: list[str] = []
    if kind_of(ours.kind).has_fields:
        settings["fields"] = _fields(ours, theirs, base, inner, remarks)
    united = Task(ours.name, ours.kind, tuple(options), max(ours.schema, theirs.schema) + 1, title, settings, guide)
    try:
        fitting(united.kind, united.options)
    except SchemaError as error:
        raise SchemaError(
            f"the options of {ours.name!r} here and there cannot stand side by side: {error}. "
            f"In one of the copies: ds.task({ours.name!r}, rename={{'…': '…'}})"
        ) from error
    added = (*(option.name for option in options if option.id not in here), *inner)
    return United(ours if same(united, ours) else united, added, tuple(remarks))


def same(one: Task, other: Task) -> bool:
    """Tell whether two schemas ask the same, whatever their numbers."""
    mine = (one.kind, one.options, one.title, one.settings, one.guidelines)
    return mine == (other.kind, other.options, other.title, other.settings, other.guidelines)


def _settings(ours: Task, theirs: Task, base: Task | None, remarks: list[str]) -> dict[str, Any]:
    then = base.settings if base is not None else {}
    kept = {**theirs.settings, **ours.settings}
    for name, mine in ours.settings.items():
        if name == "fields":
            continue
        other, before = theirs.settings.get(name, mine), then.get(name, mine)
        if mine == before:
            kept[name] = other
        elif other not in (mine, before):
            remarks.append(f"{ours.name!r} has {name}={mine!r} here and {name}={other!r} there: kept as it is here")
    return kept


def _fields(ours: Task, theirs: Task, base: Task | None, added: list[str], remarks: list[str]) -> list[Any]:
    """Return the fields of two forms: those of both united, each as a task of its own, and those that one has."""
    here, there = ({field.name: field for field in fields_of(task)} for task in (ours, theirs))
    then = {field.name: field for field in fields_of(base)} if base is not None else {}
    found = []
    for name in dict.fromkeys((*here, *there)):
        mine, other, before = here.get(name), there.get(name), then.get(name)
        if mine is None or other is None:
            added += [name] if mine is None else []
            found.append((mine or there[name]).to_json())
            continue
        united = unite(mine.task, other.task, before.task if before is not None else None)
        added += [f"{name}.{one}" for one in united.added]
        remarks += united.remarks
        theirs_now = before is not None and (mine.when, mine.required) == (before.when, before.required)
        found.append((other if theirs_now else mine)._replace(task=united.task).to_json())
    return [field.to_json() for field in declared(found)]


def _by_id(task: Task | None) -> dict[str, Option]:
    return {option.id: option for option in task.options} if task is not None else {}


def _option(task: str, here: Option | None, there: Option | None, then: Option | None, remarks: list[str]) -> Option:
    if here is None or there is None:
        return here or there  # type: ignore[return-value]
    changed: dict[str, Any] = {}
    for name in _FIELDS:
        ours, theirs = getattr(here, name), getattr(there, name)
        before = getattr(then, name) if then is not None else None
        if ours == theirs:
            continue
        if ours == before or (then is None and ours is None):
            changed[name] = theirs
        elif theirs != before and theirs is not None and name in _SAID:
            said = f"{_SAID[name]} {ours!r} here and {_SAID[name].split()[0]} {theirs!r} there"
            remarks.append(f"option {here.id!r} of {task!r} {said}: kept as it is here")
    return replace(here, **changed)


def _without_double_keys(options: list[Option], here: dict[str, Option], remarks: list[str]) -> list[Option]:
    taken = {one.key.lower() for one in options if one.key and one.id in here}
    kept = []
    for option in options:
        key = (option.key or "").lower()
        if key and option.id not in here and key in taken:
            remarks.append(f"option {option.name!r} comes without its key {option.key!r}, which is taken here")
            kept.append(replace(option, key=None))
        else:
            kept.append(option)
            taken.add(key)
    return kept
