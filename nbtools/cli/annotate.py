"""`task`, `label` and `demo`: what is asked, and the page on which it is answered."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from nbtools.cli.output import Progress, Result, counted, table
from nbtools.cli.parser import Command, UsageError
from nbtools.cli.serving import serve, serve_arguments, system_user
from nbtools.dataset import Dataset
from nbtools.errors import did_you_mean
from nbtools.labels.kinds import KINDS
from nbtools.labels.task import Task
from nbtools.orders.naming import NAMES, order_of
from nbtools.orders.plain import Column

_DEMO_PATH = "nbtools-demo"


def _task_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="TASK", help="its name, a column name; without one, lists all tasks")
    parser.add_argument("options", nargs="*", metavar="OPTION", help="an answer, or NAME=K to choose it by the key K")
    parser.add_argument("--kind", choices=KINDS, help="what answers it: one option (choice), any number of them, …")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the kind, such as max=7; the README lists them",
    )
    parser.add_argument("--title", help="the question as people see it")
    parser.add_argument("--guidelines", metavar="FILE.md", help="how to answer, shown beside the item; '' for none")
    parser.add_argument(
        "--rename", nargs=2, action="append", default=[], metavar=("OPTION", "NAME"), help="no label changes"
    )
    parser.add_argument(
        "--retire", action="append", default=[], metavar="OPTION", help="not offered any more; its labels stay"
    )
    parser.add_argument(
        "--merge", nargs=2, action="append", default=[], metavar=("OPTION", "INTO"), help="its labels become INTO's"
    )
    parser.add_argument(
        "--split",
        nargs="+",
        action="append",
        default=[],
        metavar=("OPTION", "PART"),
        help="retire it, and offer its parts in its place",
    )


def _task(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    tasks = dataset.tasks()
    if given.name is None:
        text = table([_row(task) for task in tasks.values()]) if tasks else _no_task(dataset)
        return Result(text, [task.to_json() for task in tasks.values()])
    rename, merge, old = dict(given.rename), dict(given.merge), tasks.get(given.name)
    settings = dict(_setting(one) for one in given.set)
    split = {option: parts for option, *parts in given.split}
    changes = (given.options, given.kind, given.title, rename, merge, given.retire, split, settings)
    if not any(changes) and given.guidelines is None:
        task = dataset.task(given.name)
    else:
        options = _options([option.name for option in old.options if not option.retired] if old else [], given.options)
        change = {"title": given.title, "rename": rename, "merge": merge, "retire": given.retire, "split": split}
        change["guidelines"] = Path(given.guidelines) if given.guidelines else given.guidelines
        task = dataset.task(given.name, given.kind, options, **change, **settings)
    return Result(f"{table([_row(task)])}\n\nnext: nbtools label {given.folder} {task.name}", task.to_json())


def _setting(word: str) -> tuple[str, Any]:
    name, equals, value = word.partition("=")
    if not equals or name in ("name", "kind", "options", "title", "guidelines", "rename", "merge", "retire", "split"):
        raise UsageError(f"--set {word}: it takes the name of a setting and its value, such as --set max=7")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value  # a word needs no quotes


def _options(there: list[str], words: list[str]) -> list[str | dict[str, str]]:
    # What is there stays: to drop an option is a matter of its own, and has a word of its own.
    keyed = [re.fullmatch(r"(.+)=(.)", word) for word in words]
    given: dict[str, str | dict[str, str]] = {
        (found[1] if found else word): ({"name": found[1], "key": found[2]} if found else word)
        for word, found in zip(words, keyed, strict=True)
    }
    return [given.pop(name, name) for name in there] + list(given.values())


def _row(task: Task) -> dict[str, object]:
    options = [f"{option.name}={option.key}" if option.key else option.name for option in task.offered]
    asked = options or [field["name"] for field in task.settings.get("fields", ())]
    return {"task": task.name, "kind": task.kind, "schema": task.schema, "options or fields": asked}


def _no_task(dataset: Dataset) -> str:
    return f"{dataset.name} has no task yet. Make one: nbtools task {dataset.path} species jay rook"


def _label_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("task", nargs="?", metavar="TASK", help="unless given, the only one, or the page asks")
    parser.add_argument("--annotator", help="whose labels these are; the system's user unless given")
    parser.add_argument("--order", metavar="NAME", help=f"which item comes next: {', '.join(NAMES)}")
    serve_arguments(parser)


def _label(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    names = list(dataset.tasks())
    if not names:
        raise UsageError(_no_task(dataset))
    if given.task is not None and given.task not in names:
        hint = did_you_mean(given.task, names)
        raise UsageError(f"{dataset.name} has no task {given.task!r}{hint}\nThere are: {', '.join(names)}")
    task = given.task or (names[0] if len(names) == 1 else None)
    return _serve(dataset, task, given, given.annotator, _order(dataset, given.order))


def _order(dataset: Dataset, name: str | None) -> str | None:
    order = order_of(name)
    if isinstance(order, Column):
        dataset.items([order.column], limit=1)  # which says what columns there are
    return None if order is None else name


def _serve(
    dataset: Dataset,
    task: str | None,
    given: argparse.Namespace,
    annotator: str | None = None,
    order: str | None = None,
) -> Result:
    from nbtools.serve import Dashboard

    who = annotator or system_user()
    return serve(Dashboard("annotate", dataset.path, dataset.name, task, who, order=order), given)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", default=_DEMO_PATH, help=f"the demo's folder; ./{_DEMO_PATH} unless given")
    serve_arguments(parser)


def _demo(given: argparse.Namespace) -> Result:
    from nbtools.demo import TASK, make_demo

    drawing, ingesting = Progress("drawing"), Progress("ingesting")
    dataset = make_demo(Path(given.path), on_draw=drawing, on_ingest=ingesting)
    drawing.clear()
    ingesting.clear()
    print(f"{dataset.name}: {counted(len(dataset), 'handwritten digit')} in {dataset.path}", flush=True)
    return _serve(dataset, TASK, given)


TASK = Command("task", "make a task (what is asked of each item), change it, or list all", _task_arguments, _task)
LABEL = Command("label", "open the page on which you label", _label_arguments, _label)
DEMO = Command(
    "demo", "label 1,797 handwritten digits: makes the dataset, or opens it again", _demo_arguments, _demo, folder=False
)
