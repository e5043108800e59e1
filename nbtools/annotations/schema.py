"""What is asked, as the file has it: each change of the options is a line of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from nbtools.annotations.modes import Mode
from nbtools.dataset.inbox import now
from nbtools.errors import SchemaError
from nbtools.items.ids import canonical
from nbtools.labels.act import Act
from nbtools.labels.evolve import evolve
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import Task


class Schemas:
    """The task as it is asked now and as it was asked before.

    Parameters
    ----------
    mode : Mode
        What is asked now.
    read : iterable of Act
        The acts of the file.
    current : iterable of Act
        Those of them that are current.
    path : Path or None
        The file, for messages.

    Attributes
    ----------
    mode : Mode
        What is asked now, its task numbered as the file goes on.

    Raises
    ------
    SchemaError
        If labels in the file do not fit what is asked now.
    """

    def __init__(self, mode: Mode, read: Iterable[Act], current: Iterable[Act], path: Path | None) -> None:
        self._tasks = {task.schema: task for task in map(_declared, read) if task is not None}
        old = self._tasks[max(self._tasks)] if self._tasks else None
        task = mode.task if old is None else _next(old, mode, current, path)
        self._saved = task.schema in self._tasks
        self._tasks[task.schema] = task
        self.mode = replace(mode, task=task)

    def get(self, number: int) -> Task | None:
        """Return the task as it was at a schema."""
        return self._tasks.get(number)

    def unsaved(self) -> list[Act]:
        """Return what the file does not say yet of the task: one act, or none."""
        if self._saved:
            return []
        task = self.mode.task
        said = task.to_json()
        act = "schema-" + hashlib.sha256(canonical(said)).hexdigest()[:32]
        return [Act(act, "schema", task.name, task.schema, identity="python", value=said, received_at=now())]

    def saved(self) -> None:
        """Say that the file has it."""
        self._saved = True


def _declared(act: Act) -> Task | None:
    if act.type != "schema":
        return None
    try:
        return Task.from_json(act.value)
    except SchemaError:
        return None


def _next(old: Task, mode: Mode, current: Iterable[Act], path: Path | None) -> Task:
    asked = mode.task
    if old.kind != asked.kind:
        raise SchemaError(
            f"{path} holds annotations of kind {old.kind!r}, and this call asks for {asked.kind!r}: "
            "ask as before, or give another file in save="
        )
    values = [act.value for act in current if act.status == "labeled"]
    held = frozenset[str]().union(*(kind_of(old.kind).used(value) for value in values))
    # Where there are no options, what is used is named by settings, which are looked at below.
    lost = sorted(held - set(mode.objects)) if old.options else []
    if lost:
        raise SchemaError(
            f"{path} holds labels {', '.join(map(repr, lost[:5]))} that are no option any more: "
            "put them back into options=, or give another file in save="
        )
    return evolve(old, asked.options, settings=asked.settings, values=values) or old
