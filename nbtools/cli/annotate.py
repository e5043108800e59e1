"""`task`, `label` and `demo`: what is asked, and the page on which it is answered."""

from __future__ import annotations

import argparse
import getpass
import re
from functools import partial
from pathlib import Path

from nbtools.cli.output import Progress, Result, counted, table
from nbtools.cli.parser import Command, UsageError
from nbtools.dataset import Dataset
from nbtools.labels.names import did_you_mean
from nbtools.labels.task import KINDS, Task

_DEMO_PATH = "nbtools-demo"


def _task_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="TASK", help="its name, a column name; without one, lists all tasks")
    parser.add_argument("options", nargs="*", metavar="OPTION", help="an answer, or NAME=K to choose it by the key K")
    parser.add_argument("--kind", choices=KINDS, help="choice: one answer to each item; choices: any number of them")
    parser.add_argument("--title", help="the question as people see it")


def _task(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    if given.name is None:
        tasks = list(dataset.tasks())
        text = table([_row(task) for task in tasks]) if tasks else _no_task(dataset)
        return Result(text, [task.to_json() for task in tasks])
    known = {task.name: task for task in dataset.tasks()}
    if not given.options:
        if given.name not in known:
            hint = did_you_mean(given.name, known)
            raise UsageError(f"{dataset.name} has no task {given.name!r}{hint}. To make it, name its options too")
        return Result(table([_row(known[given.name])]), known[given.name].to_json())
    kind = given.kind or (known[given.name].kind if given.name in known else KINDS[0])
    options = [_option(word) for word in given.options]
    task = dataset.task(given.name, kind=kind, options=options, title=given.title)
    return Result(f"{table([_row(task)])}\n\nnext: nbtools label {given.folder} {task.name}", task.to_json())


def _option(word: str) -> str | dict[str, str]:
    with_key = re.fullmatch(r"(.+)=(.)", word)
    return {"name": with_key[1], "key": with_key[2]} if with_key else word


def _row(task: Task) -> dict[str, object]:
    options = [f"{option.name}={option.key}" if option.key else option.name for option in task.offered]
    return {"task": task.name, "kind": task.kind, "schema": task.schema, "options": options}


def _no_task(dataset: Dataset) -> str:
    return f"{dataset.name} has no task yet. Make one: nbtools task {dataset.path} species jay rook"


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    from nbtools.serve import PORT

    parser.add_argument("--port", type=int, default=PORT, help=f"always the same one, {PORT} unless given")
    parser.add_argument("--no-browser", action="store_true", help="only say the address")


def _label_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", nargs="?", metavar="TASK", help="unless given, the only one, or the page asks")
    parser.add_argument("--annotator", help="whose labels these are; the system's user unless given")
    _serve_arguments(parser)


def _label(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    names = [task.name for task in dataset.tasks()]
    if not names:
        raise UsageError(_no_task(dataset))
    if given.task is not None and given.task not in names:
        hint = did_you_mean(given.task, names)
        raise UsageError(f"{dataset.name} has no task {given.task!r}{hint}. There are: {', '.join(names)}")
    return _serve(dataset, given.task or (names[0] if len(names) == 1 else None), given, given.annotator)


def _serve(dataset: Dataset, task: str | None, given: argparse.Namespace, annotator: str | None = None) -> Result:
    from nbtools.serve import Dashboard, address, serve_dashboard

    dashboard = Dashboard("annotate", dataset.path, dataset.name, task, annotator or _system_user())
    serve_dashboard(
        dashboard, port=given.port, open_browser=not given.no_browser, say=partial(print, flush=True)
    )
    return Result("", {"folder": str(dataset.path), "task": task, "address": address(given.port)})


def _system_user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None  # a container may run under a number that has no name; the page then asks


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", default=_DEMO_PATH, help=f"the demo's folder; ./{_DEMO_PATH} unless given")
    _serve_arguments(parser)


def _demo(given: argparse.Namespace) -> Result:
    from nbtools.demo import TASK, make_demo

    progress = Progress("preparing digits:")
    dataset = make_demo(Path(given.path), on_progress=progress)
    progress.clear()
    print(f"{dataset.name}: {counted(len(dataset), 'handwritten digit')} in {dataset.path}", flush=True)
    return _serve(dataset, TASK, given)


TASK = Command("task", "make a task (what is asked of each item), add options to it, or list all", _task_arguments, _task)
LABEL = Command("label", "open the page on which you label", _label_arguments, _label)
DEMO = Command(
    "demo", "label 1,797 handwritten digits: makes the dataset, or opens it again", _demo_arguments, _demo, folder=False
)
