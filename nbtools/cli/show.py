"""`show`: what a dataset holds, its items, its labels, or one item."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from nbtools.cli.output import Result, cell, counted, number, printable, table
from nbtools.cli.parser import Command, UsageError
from nbtools.dataset import Dataset
from nbtools.labels.names import RESERVED

if TYPE_CHECKING:
    from pandas import DataFrame

_LIMIT = 20
# What a table of items shows of the columns that every dataset has, and which these are.
_BRIEF = ("id", "kind", "bytes", "sources")
_LABEL = ("item", "annotator", "value", "status", "at")
_WHERE_SET = ("flagged", "unsure", "comment", "conflict")
_EVERYWHERE = frozenset(RESERVED) - frozenset(_BRIEF)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="an item: its id, or as much of it as no other begins with")
    parser.add_argument("--items", action="store_true", help="a table of items")
    parser.add_argument("--labels", metavar="TASK", help="a table of the labels of a task")
    parser.add_argument("--history", action="store_true", help="with --labels: every act, not only what is current")
    parser.add_argument(
        "--sql", metavar="QUERY", help="what a SELECT comes to; over items, labels, versions, v1_items …"
    )
    parser.add_argument("--columns", metavar="A,B,…", help="with --items: which columns")
    parser.add_argument(
        "--where", metavar="EXPRESSION", help="only items for which it holds, such as \"kind = 'image'\""
    )
    parser.add_argument(
        "--limit", type=int, default=_LIMIT, metavar="N", help=f"rows at most; {_LIMIT} unless given, 0: all"
    )


def _show(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    if given.limit < 0:
        raise UsageError(f"--limit takes 0 (all) or more, not {given.limit}")
    if given.id is not None:
        return _item(dataset, given.id)
    if given.sql is not None:
        return _sql(dataset, given)
    if given.labels is not None:
        return _labels(dataset, given)
    if given.items or given.where or given.columns:
        return _items(dataset, given)
    return _summary(dataset, given.folder)


def _summary(dataset: Dataset, folder: str) -> Result:
    kinds = dataset.items(columns=["kind"])["kind"].value_counts().to_dict()
    total = sum(kinds.values())
    tasks = [_progress(dataset, name) for name in dataset.tasks()]
    lines = [f"{printable(dataset.name)} · {counted(total, 'item')} · {dataset.path}"]
    lines += [", ".join(f"{number(count)} {kind}" for kind, count in kinds.items())] if len(kinds) > 1 else []
    lines += ["", table(tasks)] if tasks else []
    if not total:
        lines += ["", f"next: nbtools add {folder} FILES, then nbtools ingest {folder}"]
    elif not tasks:
        lines += ["", f"next: nbtools task {folder} species jay rook"]
    else:
        lines += ["", f"next: nbtools label {folder}"]
    data = {
        "id": dataset.id,
        "name": dataset.name,
        "path": str(dataset.path),
        "items": total,
        "kinds": kinds,
        "tasks": tasks,
    }
    return Result("\n".join(lines), data)


def _progress(dataset: Dataset, task: str) -> dict[str, object]:
    labels = dataset.labels(task)
    counts = labels["status"].value_counts()
    return {
        "task": task,
        "items labeled": int(labels.loc[labels["status"] == "labeled", "item"].nunique()),
        "labels": int(counts.get("labeled", 0)),
        "skipped": int(counts.get("skipped", 0)),
        "annotators": int(labels["annotator"].nunique()),
    }


def _items(dataset: Dataset, given: argparse.Namespace) -> Result:
    wanted = [name.strip() for name in given.columns.split(",")] if given.columns else None
    found = dataset.items(columns=wanted, where=given.where, limit=given.limit or None)
    brief = [name for name in found.columns if name not in _EVERYWHERE] if wanted is None else wanted
    return _table(found, brief, given.limit)


def _labels(dataset: Dataset, given: argparse.Namespace) -> Result:
    found = dataset.labels(given.labels, history=given.history)
    always = (*_LABEL, "type", "act") if given.history else _LABEL
    brief = [name for name in found.columns if name in always or (name in _WHERE_SET and found[name].any())]
    shown = found.head(given.limit) if given.limit else found
    return _table(shown, brief, given.limit, len(found))


def _sql(dataset: Dataset, given: argparse.Namespace) -> Result:
    found = dataset.sql(given.sql)
    if found.columns.tolist() == ["explain_key", "explain_value"]:
        return Result("\n".join(found["explain_value"]), found.to_dict("records"))
    shown = found.head(given.limit) if given.limit else found
    return _table(shown, list(shown.columns), given.limit, len(found))


def _table(found: DataFrame, columns: list[str], limit: int, total: int | None = None) -> Result:
    rows = [_plain(row) for row in found.to_dict("records")]
    text = table(rows, columns) if rows else "nothing to show"
    if limit and len(rows) == limit and total != limit:
        text += f"\n… the first {limit}{f' of {number(total)}' if total else ''}; all: --limit 0"
    return Result(text, rows)


def _item(dataset: Dataset, prefix: str) -> Result:
    if not re.fullmatch(r"[0-9a-f]{1,32}", prefix.lower()):
        raise UsageError(f"{prefix!r} is no item's id, which has 32 digits of 0-9 and a-f; `--items` lists them")
    found = dataset.items(where=f"id LIKE '{prefix.lower()}%'", limit=2)
    if len(found) != 1:
        several = " and ".join(found["id"])
        why = f"several ids begin with {prefix!r}, such as {several}" if len(found) else f"no id begins with {prefix!r}"
        raise UsageError(f"{why}; `nbtools show {dataset.path} --items` lists them")
    row = _plain(found.to_dict("records")[0])
    labels = [one for task in dataset.tasks() for one in _labels_of(dataset, task, row["id"])]
    lines = [f"{name:<12} {cell(value)}" for name, value in row.items() if value is not None]
    lines += ["", table(labels, ("task", "annotator", "status", "value"))] if labels else ["", "no labels yet"]
    return Result("\n".join(lines), {"item": row, "labels": labels})


def _labels_of(dataset: Dataset, task: str, item: str) -> list[dict[str, Any]]:
    labels = dataset.labels(task)
    return [{"task": task, **_plain(row)} for row in labels[labels["item"] == item].to_dict("records")]


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Return a row as what JSON can hold: numpy's numbers as Python's, what is missing as None."""
    return {str(name): _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple):
        return [_plain_value(one) for one in value]
    if isinstance(value, dict):
        return _plain(value)
    if hasattr(value, "isoformat") and value == value:  # noqa: PLR0124 - NaT
        return value.isoformat(sep=" ", timespec="seconds") if hasattr(value, "hour") else value.isoformat()
    return None if value is None or value != value else value  # noqa: PLR0124 - NaN and NaT


SHOW = Command("show", "what a dataset holds; its items, its labels, or one item", _arguments, _show)
