"""`metadata/tasks/<task>/<n>.json`: each schema of each task, written once.

The number decides between two who change a task at once: the file is made, never
replaced, and who comes second reads what the first has written.
"""

from __future__ import annotations

import json
import re

from nbtools.errors import DatasetError
from nbtools.labels.task import Task
from nbtools.storage import Folder

TASKS = "metadata/tasks"
_NUMBERED = re.compile(r"([1-9]\d{0,8})\.json")


def task_names(folder: Folder) -> list[str]:
    """Return the sorted names of the tasks there are."""
    return [name for name in folder.folders(TASKS) if schemas(folder, name)]


def schemas(folder: Folder, name: str) -> list[int]:
    """Return the numbers of a task's schemas, in order."""
    found = (_NUMBERED.fullmatch(file) for file in folder.sizes(f"{TASKS}/{name}", ".json"))
    return sorted(int(match[1]) for match in found if match)


def read_task(folder: Folder, name: str, schema: int | None = None) -> Task | None:
    """Return a task as it is, or as it was in one schema; None if there is none.

    Raises
    ------
    DatasetError
        If the file cannot be understood.
    """
    numbers = schemas(folder, name)
    wanted = schema if schema is not None else max(numbers, default=0)
    if wanted not in numbers:
        return None
    path = f"{TASKS}/{name}/{wanted}.json"
    try:
        task = Task.from_json(json.loads(folder.read(path)))
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be understood: {error}. Bring it back from a backup") from error
    if task.name != name or task.schema != wanted:
        raise DatasetError(f"{path} speaks of {task.name!r}, schema {task.schema}: bring it back from a backup")
    return task


def save_task(folder: Folder, task: Task) -> bool:
    """Write a schema; False if its number is taken.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    content = json.dumps(task.to_json(), ensure_ascii=False, indent=2)
    try:
        folder.create(f"{TASKS}/{task.name}/{task.schema}.json", content.encode() + b"\n")
    except FileExistsError:
        return False
    return True
