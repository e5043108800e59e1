"""The tasks of two copies of a dataset: compared schema by schema, and united where both have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nbtools.dataset import tasks
from nbtools.dataset.core import Core
from nbtools.errors import LabelError, NbtoolsError, SchemaError
from nbtools.labels.act import Act
from nbtools.labels.task import Task, check
from nbtools.labels.unite import same, unite
from nbtools.storage import Folder
from nbtools.store.tasks import read_task, save_task, schemas, task_names

# A number out of all proportion would leave no room for the next one.
_HIGHEST = 100_000


@dataclass(slots=True)
class SchemaMerge:
    """What becomes of the tasks.

    Attributes
    ----------
    united : list of Task
        Schemas that hold the options of both copies.
    new : list of Task
        Schemas of the other's, as they are there.
    tasks : dict of str to list of Task
        Every schema of either copy, by the name of the task.
    said : list of str
        What changes, in words.
    kept : list of str
        Where the two say different things of an option: what is kept.
    """

    united: list[Task] = field(default_factory=list)
    new: list[Task] = field(default_factory=list)
    tasks: dict[str, list[Task]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def save(self, ds: Core) -> None:
        """Write the new schemas, and the acts that say so.

        Raises
        ------
        NotSavedError
            If the disk refuses.
        """
        # First what holds the options of both: no moment is without one of them.
        for task in self.united:
            save_task(ds._folder, task)
            tasks.keep_act(ds, read_task(ds._folder, task.name, task.schema))
        # The acts that say so come with the other's journals.
        for task in self.new:
            save_task(ds._folder, task)

    def holds(self, act: Act) -> bool:
        """Tell whether a schema act says what a schema of either copy says."""
        try:
            said = Task.from_json(act.value)
        except NbtoolsError:  # of a kind that nobody knows, it may be, too
            return False
        known = (task for task in self.tasks.get(act.task or "", ()) if task.schema == act.schema == said.schema)
        return said.name == act.task and any(same(said, task) for task in known)

    def fits(self, act: Act) -> bool:
        """Tell whether a label is an answer to its task, in some schema that it has or had."""
        schemas_ = self.tasks.get(act.task or "", [])
        if act.status != "labeled":
            return bool(schemas_) and act.value is None
        return self.answers(act.task or "", act.value)

    def answers(self, task: str, value: object) -> bool:
        """Tell whether a value is an answer to a task, in some schema that it has or had."""
        return any(_answers(one, value) for one in self.tasks.get(task, []))


def _answers(task: Task, value: object) -> bool:
    try:
        return bool(check(task, value) == value)
    except LabelError:
        return False


def merge_schemas(ds: Core, other: Folder, without: Sequence[str]) -> SchemaMerge:
    """Compare the tasks of two copies; nothing is written.

    Parameters
    ----------
    ds : Core
        The dataset; its index is up to date.
    other : Folder
        The other copy.
    without : sequence of str
        Tasks that are left out.

    Raises
    ------
    SchemaError
        If a task there cannot be one with what has its name here.
    """
    merge = SchemaMerge()
    ours, theirs = task_names(ds._folder), task_names(other)
    for name in without:
        if name not in theirs:
            raise SchemaError(f"without={name!r}: there is no such task in {other.root}; there are {', '.join(theirs)}")
    attributes = set(ds._index.attributes())
    for name in theirs:
        if name in without:
            continue
        if name in attributes:
            raise SchemaError(
                f"{name!r} is an attribute here and a task there, and tasks and attributes share one table: "
                f"leave it out with without=[{name!r}]"
            )
        _task(merge, name, _all(ds._folder, name), _all(other, name))
    for name in ours:
        merge.tasks.setdefault(name, _all(ds._folder, name))
    return merge


def _all(folder: Folder, name: str) -> list[Task]:
    found = [read_task(folder, name, number) for number in schemas(folder, name) if number <= _HIGHEST]
    return [task for task in found if task is not None]


def _task(merge: SchemaMerge, name: str, ours: list[Task], theirs: list[Task]) -> None:
    merge.tasks[name] = [*ours, *theirs]
    if not theirs:
        return
    if not ours:
        merge.new += theirs
        merge.said.append(f"task {name!r} is new: {', '.join(option.name for option in theirs[-1].offered)}")
        return
    numbered = {task.schema: task for task in theirs}
    base = None
    for task in ours:
        if task.schema not in numbered or not same(task, numbered[task.schema]):
            break
        base = task
    united = unite(ours[-1], theirs[-1], base)
    merge.kept += united.remarks
    if same(united.task, ours[-1]):
        if ours[-1].schema not in numbered:
            merge.united.append(ours[-1])  # killed before its act was written, it is written now
        return
    if base is ours[-1] and same(united.task, theirs[-1]):
        merge.new += [task for task in theirs if task.schema > ours[-1].schema]
        merge.said.append(f"task {name!r}: schema {theirs[-1].schema}, as it is there")
    else:
        merge.united.append(united.task)
        added = f" ({', '.join(united.added)} added)" if united.added else ""
        merge.said.append(f"task {name!r}: changed on both sides, united as schema {united.task.schema}{added}")
    merge.tasks[name].append(united.task)
