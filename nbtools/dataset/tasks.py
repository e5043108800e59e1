"""Declares tasks, and changes them so that no label moves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nbtools.dataset.core import Core
from nbtools.dataset.inbox import now
from nbtools.errors import SchemaError, did_you_mean
from nbtools.labels.act import Act
from nbtools.labels.dividing import Parts
from nbtools.labels.evolve import evolve, find, holds
from nbtools.labels.kinds import kind_of
from nbtools.labels.names import check_name, is_name
from nbtools.labels.options import Option
from nbtools.labels.task import Task, declare
from nbtools.storage import new_ulid
from nbtools.store.tasks import read_task, save_task, schemas, task_names
from nbtools.versions.words import counted, say

Options = Sequence[str | Mapping[str, Any] | Option]


def found(ds: Core, name: str) -> Task:
    """Return a task that is there.

    Raises
    ------
    SchemaError
        If it is not.
    """
    task = _lookup(ds, name)
    if task is None:
        known = task_names(ds._folder)
        listed = f"there are {', '.join(known)}" if known else "there are none yet"
        raise SchemaError(
            f"there is no task {name!r}, {listed}{did_you_mean(str(name), known) or '.'} "
            f'To declare it: ds.task({str(name)!r}, kind="choice", options=["…", "…"])'
        )
    return task


class Change(NamedTuple):
    """What is to be different, beside the options; as in ``ds.task``."""

    title: str | None
    guidelines: str | None
    settings: Mapping[str, Any]
    rename: Mapping[str, str]
    merge: Mapping[str, str]
    retire: Sequence[str]
    split: Parts


def declared(
    ds: Core,
    name: str,
    kind: str | None,
    options: Options | None,
    change: Change,
) -> Task:
    """Return the task as it is wanted, declared or changed if it has to be.

    Raises
    ------
    SchemaError
        If it cannot be so.
    NotSavedError
        If the disk refuses.
    """
    while True:
        old = _lookup(ds, name)
        if old is None:
            check_name(name, "task", ds._index.attributes())
            new: Task | None = _first(name, kind or "choice", options or (), change)
        else:
            if kind not in (None, old.kind):
                raise SchemaError(f"{name!r} is of kind {old.kind!r}; for {kind!r} declare a task of another name")
            new = _evolved(ds, old, options, change)
            _merge(ds, old, change.merge)
        if new is None:
            keep_act(ds, old)
            return found(ds, name)
        if save_task(ds._folder, new):
            keep_act(ds, new)
            if old is not None:
                say(_changed(old, new))
                _tell_held(ds, new, [find(old, name).id for name in change.split])
            return new


def _evolved(ds: Core, old: Task, options: Options | None, change: Change) -> Task | None:
    # Before anything is written: a change that cannot be so changes nothing.
    into = {find(old, one).id: find(old, other).id for one, other in change.merge.items()}
    both = [name for name in change.split if find(old, name).id in into]
    if both:
        raise SchemaError(f"{both[0]!r} cannot be split and merged at once: do one after the other")
    return evolve(
        old,
        old.options if options is None else options,
        title=change.title,
        guidelines=change.guidelines,
        settings=change.settings,
        rename=change.rename,
        retire=[*change.retire, *change.merge],
        split=change.split,
        values=[kind_of(old.kind).merged(old, value, into) for value in ds._index.values(old.name)],
    )


def _first(name: str, kind: str, options: Options, change: Change) -> Task:
    words = {"title": change.title, "guidelines": change.guidelines}
    return declare(name, kind, options, settings=change.settings, **words)


def bring_back(ds: Core) -> None:
    """Write again the schemas that the log knows and whose files are gone."""
    for act in ds._index.schema_acts():
        if act.schema is not None and act.schema not in schemas(ds._folder, act.task or ""):
            save_task(ds._folder, Task.from_json(act.value))


def _lookup(ds: Core, name: str) -> Task | None:
    if not is_name(name):
        return None
    if not schemas(ds._folder, name):
        bring_back(ds)
    return read_task(ds._folder, name)


def keep_act(ds: Core, task: Task | None) -> None:
    """Write the act that says of a schema what its file says, unless it is there.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    # The file decides, and the act says so in the log; killed between the two, the next call makes up for it.
    if task is None:
        return
    text = json.dumps(task.to_json(), sort_keys=True, ensure_ascii=False)
    act = "schema-" + hashlib.sha256(f"{ds.id} {text}".encode()).hexdigest()[:32]
    ds._index.refresh()
    if ds._index.act(act) is None:
        said = Act(act=act, type="schema", task=task.name, schema=task.schema, value=task.to_json())
        ds._log.append(task.name, [_with_time(said)])
        ds._index.refresh()


def _with_time(act: Act) -> Act:
    return Act.from_json({**act.to_json(), "identity": "python", "received_at": now()})


def _merge(ds: Core, task: Task, merge: Mapping[str, str]) -> None:
    into = {find(task, one).id: find(task, other).id for one, other in merge.items()}
    for one, other in into.items():
        if other in into:
            raise SchemaError(f"{other!r} cannot be merged and be merged into at once: do one after the other")
        if one == other:
            raise SchemaError(f"{one!r} cannot be merged into itself")
    bulk, kind = new_ulid(), kind_of(task.kind)
    acts = [
        Act(
            act=new_ulid(),
            task=task.name,
            schema=task.schema,
            item=head.item,
            annotator=head.annotator,
            identity="python",
            value=kind.merged(task, head.value, into),
            status="labeled",
            flagged=head.flagged,
            unsure=head.unsure,
            comment=head.comment,
            origin="correction",
            supersedes=head.act,
            received_at=now(),
            bulk=bulk,
        )
        for head, _ in ds._index.heads(task.name)
        if head.status == "labeled" and kind.merged(task, head.value, into) != head.value
    ]
    ds._log.append(task.name, acts)
    ds._index.refresh()
    if acts:
        say(f"{counted(len(acts), 'label')} of {task.name!r} merged; to take that back: ds.revert({bulk!r})")


def earlier(ds: Core, task: Task) -> Iterator[Task]:
    """Yield a task as it was declared before, the latest first."""
    for number in reversed(schemas(ds._folder, task.name)):
        found = read_task(ds._folder, task.name, number) if number < task.schema else None
        if found is not None:
            yield found


def _tell_held(ds: Core, task: Task, split: Sequence[str]) -> None:
    """Say how many labels hold the options that were split, by id, and how they are asked for anew."""
    for option in split:
        heads = (head for head, _ in ds._index.heads(task.name) if head.status == "labeled")
        held = sum(holds(task, head.value, option) for head in heads)
        if held:
            # Under its present name: it may have got another one in the same call.
            name = find(task, option).name
            name = f"{option.partition('.')[0]}.{name}" if kind_of(task.kind).has_fields else name
            holding = f"ds.labels({task.name!r}, holding={name!r})['item']"
            call = f'nbtools.Labeler(ds, {task.name!r}, {holding}, mode="review")'
            say(f"{counted(held, 'label')} of {task.name!r} left with {name!r}; to ask for them anew: {call}")


def _changed(old: Task, new: Task) -> str:
    before, after = old.names(), new.names()
    was = {option.id: option.parts for option in old.options}
    split = {one.id: one.parts for one in new.options if one.parts and one.parts != was.get(one.id)}
    parts = {part for into in split.values() for part in into}
    said = [f"split {after[one]!r} into {', '.join(repr(after[part]) for part in into)}" for one, into in split.items()]
    said += [f"added {name!r}" for one, name in after.items() if one not in before and one not in parts]
    said += [f"dropped {name!r}" for one, name in before.items() if one not in after]
    said += [f"renamed {before[one]!r} to {name!r}" for one, name in after.items() if before.get(one, name) != name]
    gone = {option.id for option in old.options if option.retired} | set(split)
    said += [f"retired {option.name!r}" for option in new.options if option.retired and option.id not in gone]
    said += [
        _set(name, value, old.settings.get(name))
        for name, value in new.settings.items()
        if old.settings.get(name) != value
    ]
    said += ["guidelines"] if old.guidelines != new.guidelines else []
    return f"{new.name}: schema {new.schema} ({', '.join(said) or 'order, keys or words changed'})"


def _set(name: str, value: Any, before: Any) -> str:
    if name != "fields":
        return f"{name}={value!r}"
    return f"fields: {', '.join(one['name'] for one in value if one not in (before or ()))}"
