"""Datasets made in a moment: a catalogue of text items, without an ingest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbtools.dataset import Dataset
from nbtools.items.catalogue import Sighting, write_part
from nbtools.labels.act import Act
from nbtools.storage import new_ulid


def sighting(number: int, attributes: dict[str, Any] | None = None, **more: Any) -> Sighting:
    """Return what the catalogue says of the text item of a number."""
    data = f"item {number}".encode()
    digest = hashlib.sha256(data).hexdigest()
    given: dict[str, Any] = {
        "id": digest[:32],
        "sha256": digest,
        "kind": "text",
        "media_type": "text/plain",
        "path": f"processed/{digest[:32]}.txt",
        "bytes": len(data),
        "source": f"raw/w{number % 3}/{number}.txt",
        "attributes": json.dumps(attributes or {"writer": f"w{number % 3}"}),
        "added": "2026-01-01T00:00:00.000Z",
    }
    return Sighting(**(given | more))


def item(number: int) -> str:
    """Return the id of the item of a number."""
    return sighting(number).id


def make(root: Path, count: int = 10, attributes: Callable[[int], dict[str, Any]] | None = None) -> Dataset:
    """Return a dataset of `count` text items, in order."""
    dataset = Dataset.create(root / "ds")
    rows = [sighting(number, attributes(number) if attributes else None) for number in range(count)]
    for number, row in enumerate(rows):
        (dataset.path / str(row.path)).write_bytes(f"item {number}".encode())
    write_part(dataset._folder, rows)
    return dataset


def label(number: int, value: Any, *, who: str = "anna", task: str = "species", **more: Any) -> Act:
    """Return an act of labeling the item of a number."""
    given: dict[str, Any] = {
        "act": new_ulid(),
        "task": task,
        "schema": 1,
        "item": item(number),
        "annotator": who,
        "identity": "python",
        "value": value,
        "status": "labeled",
        "origin": "person",
        "received_at": "2026-01-01T00:00:00.000Z",
    }
    return Act(**(given | more))
