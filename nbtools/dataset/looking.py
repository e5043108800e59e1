"""What a browser of versions is told of columns, values, items and changes: what JSON can hold."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from nbtools.dataset.core import Core
from nbtools.labels.current import rank
from nbtools.versions.record import Record, read_record

if TYPE_CHECKING:
    import pyarrow as pa

    from nbtools.versions.browse.compare import Changes
    from nbtools.versions.browse.items import ItemRows, Rows

MOST_FACETS = 12
MOST_BARS = 12
MOST_CELLS = 60
_EXACT = 2**53
_LONGEST = 300
_FIXED = ("id", "source", "split", "kind", "media_type", "bytes", "width", "height", "duration", "text")
_UNSHOWN = ("path", "row", "recipe", "sha256", "media_type")

Facets: TypeAlias = dict[str, dict[str | None, int]]


def columns_of(table: ItemRows) -> list[dict[str, Any]]:
    """Return the columns that people look at: name, and what they hold (text, number, truth or list)."""
    shown = [name for name in table.columns if name not in _UNSHOWN]
    return [{"name": name, "holds": _holds(table.schema.field(name).type), "own": name in _FIXED} for name in shown]


def facets_of(table: ItemRows, rows: Rows | None) -> dict[str, Any]:
    """Return the most frequent values of each column that tells items apart, and the size of all together."""
    from nbtools.versions.browse.compare import tasks_of
    from nbtools.versions.browse.select import facets, total_bytes

    found = []
    for name, counts in _in_order(facets(table, rows), tasks_of(table))[:MOST_FACETS]:
        bars = list(counts.items())
        shown, others = bars[:MOST_BARS], bars[MOST_BARS:]
        missing = [one for one in others if one[0] is None]
        rest = [one for one in others if one[0] is not None]
        values = [[value, count] for value, count in [*shown, *missing]]
        found.append({"column": name, "values": values, "others": [len(rest), sum(count for _, count in rest)]})
    return {"facets": found, "bytes": total_bytes(table, rows)}


def summary_of(changes: Changes) -> dict[str, Any]:
    """Return how much is different, and for each task a grid of labels before and after."""
    counts = {name: len(getattr(changes, name)) for name in ("added", "removed", "replaced", "moved")}
    grids = [_grid(task, found.counts()) for task, found in changes.relabeled.items()]
    return {"counts": counts, "relabeled": grids}


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as JSON can hold it, long texts cut."""
    return {name: plain(value) for name, value in row.items() if name not in ("sha256", "recipe", "row")}


def item_of(ds: Core, record: Record, row: dict[str, Any]) -> dict[str, Any]:
    """Return an item of a version, its labels in it (of a split: in the version that it deals out), and all acts since.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    record : Record
        Of the version.
    row : dict
        All that its table says of the item.
    """
    item = str(row["id"])
    ds._index.refresh()
    acts = sorted(ds._index.acts_of(item), key=rank)
    history = [
        {
            "task": act.task or act.type,
            "annotator": act.annotator,
            "value": plain(act.value),
            "status": act.status or act.type,
            "origin": act.origin,
            "comment": act.comment,
            "at": act.received_at,
        }
        for act in acts
    ]
    return {"row": row, "labels": _labels(ds, record, item), "history": history}


def plain(value: Any, most: int = _LONGEST) -> Any:
    """Return a value of a table as JSON can hold it and a browser reads it exactly."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value if len(value) <= most else f"{value[: most - 1]}…"
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one, most) for one in value[:100]]
    return plain(json.dumps(value, default=str, ensure_ascii=False), most)


def _in_order(counted: Facets, tasks: Sequence[str]) -> list[tuple[str, dict[str | None, int]]]:
    """Return labels first, then attributes, and of what every version has only what tells items apart."""
    own = sorted((one for one in counted.items() if one[0] not in _FIXED), key=lambda one: one[0] not in tasks)
    return [*own, *((name, counts) for name, counts in counted.items() if name in _FIXED and len(counts) > 1)]


def _labels(ds: Core, record: Record, item: str) -> list[dict[str, Any]]:
    from nbtools.versions.tables import LABELS

    version = record.name.version
    if LABELS not in (read_record(ds._folder, version) if record.name.is_split else record).files:
        return []
    import pyarrow.parquet as pq

    columns = ["task", "annotator", "value", "status", "origin", "comment", "at"]
    path = ds._folder.path(f"{version.path}/{LABELS}")
    table: pa.Table = pq.read_table(path, columns=columns, filters=[("item", "=", item)])
    return [{**row, "value": _read(row["value"])} for row in table.to_pylist()]


def _read(value: str | None) -> Any:
    try:
        return plain(None if value is None else json.loads(value))
    except ValueError:
        return value


def _grid(task: str, counts: dict[tuple[str | None, str | None], int]) -> dict[str, Any]:
    """Return the labels that took part most, and how many items went from each to each other."""
    took: dict[str | None, int] = {}
    for pair, count in counts.items():
        for value in pair:
            took[value] = took.get(value, 0) + count
    labels = sorted(took, key=lambda value: (value is not None, -took[value], value or ""))
    # Those that took part most come first; having no label at all is no label, and comes last.
    shown = sorted(labels[:MOST_CELLS], key=lambda value: (value is None, -took[value], value or ""))
    place = {value: at for at, value in enumerate(shown)}
    cells = [[place[was], place[now], count] for (was, now), count in counts.items() if was in place and now in place]
    return {
        "task": task,
        "total": sum(counts.values()),
        "labels": shown,
        "cells": cells,
        "labeled": sum(count for (was, _), count in counts.items() if was is None),
        "unshown": len(labels) - len(shown),
    }


def _holds(kind: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return "truth"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return "list"
    return "number" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else "text"
