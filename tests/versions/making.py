"""Items, labels and versions for tests, made in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from nbtools.labels.task import Task, declare
from nbtools.storage import Folder
from nbtools.versions.content import Handed
from nbtools.versions.freezing import Order, freeze
from nbtools.versions.record import Record
from nbtools.versions.tables import ITEM_SCHEMA, LABEL_SCHEMA

SPECIES = declare("species", "choice", ["jay", "rook", "magpie"])


def digest(what: object) -> str:
    """Return 64 hex digits that stand for something."""
    return hashlib.sha256(str(what).encode()).hexdigest()


def item(number: int) -> str:
    """Return the id of the item of a number."""
    return digest(number)[:32]


def items(numbers: Sequence[int], **more: Callable[[int], Any]) -> pa.Table:
    """Return items as they are handed; `more` says what else a column holds, by number."""
    made = {
        "id": item,
        "kind": lambda _: "image",
        "path": lambda number: f"processed/{item(number)}.png",
        "recipe": lambda _: 0,
        "sha256": digest,
        "bytes": lambda number: 10 + number,
        "sources": lambda number: json.dumps([f"raw/{number}.png"]),
        "attributes": lambda _: "{}",
    } | more
    schema = ITEM_SCHEMA.set(ITEM_SCHEMA.get_field_index("sources"), pa.field("sources", pa.string()))
    schema = schema.append(pa.field("attributes", pa.string()))
    rows = [{name: how(number) for name, how in made.items()} for number in numbers]
    return pa.Table.from_pylist(rows, schema=schema)


def labels(rows: Sequence[Mapping[str, Any]], task: str = "species") -> pa.Table:
    """Return labels as they are handed; a row says at least `item` (a place in the items) and `value`."""
    usual = {"task": task, "schema": 1, "annotator": "p1", "status": "labeled", "flagged": False, "unsure": False,
             "origin": "person", "identity": "python", "at": "2026-01-01T00:00:00Z"}  # fmt: skip
    schema = LABEL_SCHEMA.set(LABEL_SCHEMA.get_field_index("item"), pa.field("item", pa.int64()))
    made = [{**usual, "act": f"act-{at}", **row, "value": json.dumps(row["value"])} for at, row in enumerate(rows)]
    return pa.Table.from_pylist(made, schema=schema)


def handed(
    numbers: Sequence[int], said: Mapping[int, str] | None = None, *, task: Task = SPECIES, **more: Callable[[int], Any]
) -> Handed:
    """Return items and what one annotator says of them: number → value."""
    rows = [{"item": numbers.index(number), "value": value} for number, value in (said or {}).items()]
    return Handed(items(numbers, **more), labels(rows, task.name), {}, {task.name: task})


def made(folder: Folder, what: Handed, message: str = "m", truth: Mapping[str, str] | None = None) -> Record:
    """Freeze what is handed, and return the version's record."""
    order = Order(message, "anna", "the dataset", truth or {}, None)
    return freeze(folder, lambda: what, order, lambda path: Path(folder.root / path)).record
