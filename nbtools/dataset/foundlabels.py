"""Labels that came with the data: found by an ingest, or carried from an item to what replaced it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nbtools.dataset.labeling import Labeling
from nbtools.labels.names import IMPORTER
from nbtools.labels.task import Task
from nbtools.versions.words import counted, say

if TYPE_CHECKING:
    from nbtools.ingest.report import Report


def record_found(ds: Labeling, report: Report) -> None:
    """Record the labels that an ingest found, each new name as an option more.

    Raises
    ------
    SchemaError, LabelError
        If they cannot be options, or labels, of their task.
    NotSavedError
        If the disk refuses.
    """
    found: dict[str, dict[str, str]] = {}
    for label in report.found_labels:
        found.setdefault(label.task, {})[label.item] = label.value
    known = ds.tasks() if found else {}
    for name, values in found.items():
        task = known.get(name)
        options = task.options if task is not None else ()
        new = sorted(set(values.values()) - {word for option in options for word in (option.id, option.name)})
        if new or task is None:
            ds.task(name, task.kind if task is not None else "choice", [*options, *new])
        ds.record(
            name, values if task is None else _without_retired(ds, task, values), origin="import", source="ingest"
        )


def _without_retired(ds: Labeling, task: Task, values: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is retired: what was found before is recorded, and what is found now is no answer any more."""
    retired = {word for option in task.options if option.retired for word in (option.id, option.name)}
    out = [item for item, value in values.items() if value in retired]
    new = set(out) - set(ds._index.heads_of(task.name, IMPORTER, out))
    if new:
        names = ", ".join(sorted({repr(values[item]) for item in new}))
        say(f"{counted(len(new), 'item')} found as {names}, which is retired from {task.name!r}: left unlabeled")
    return {item: value for item, value in values.items() if value not in retired}


def carry_labels(ds: Labeling, report: Report) -> None:
    """Record what was said of items for those that replaced them.

    Raises
    ------
    LabelError
        If it is no answer any more.
    NotSavedError
        If the disk refuses.
    """
    ds._index.refresh()
    pairs = {before: after for before, after in report.replacements if before != after}
    for task in ds.tasks() if pairs else ():
        for head in list(ds._index.heads(task)):
            after = pairs.get(head.act.item or "")
            if after is not None and head.act.status == "labeled":
                ds.record(
                    task,
                    {after: head.act.value},
                    annotator=head.act.annotator,
                    origin="import",
                    source=f"carried from {head.act.item}",
                )
