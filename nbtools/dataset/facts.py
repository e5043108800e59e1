"""What is known of an item when a value of it is checked."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from nbtools.dataset.core import Core
from nbtools.labels.kinds.base import ItemFacts
from nbtools.store.rows import ItemRow


def facts_of(ds: Core, row: ItemRow) -> ItemFacts:
    """Return what a value about an item can be checked against; a text is read when it is asked for."""
    texts, columns = partial(_text, ds, row), partial(columns_of, row)
    return ItemFacts(row.kind, row.width, row.height, row.duration, texts, columns)


def columns_of(row: ItemRow) -> dict[str, Any]:
    """Return what is known of an item by name: its attributes and, where it is a row of a table, its columns."""
    try:
        own = json.loads(row.text) if row.kind == "record" and row.text is not None else {}
    except ValueError:
        own = {}
    return {**row.attributes, **(own if isinstance(own, dict) else {})}


def whole_text(text: str) -> str:
    """Return a text without halves of characters, which no message can carry, as a page shows it."""
    return text.encode("utf-8", "replace").decode()


def shown_text(data: bytes) -> str:
    """Return the bytes of a text file as the page shows them, and as offsets into it count."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, "replace")


def _text(ds: Core, row: ItemRow) -> str | None:
    if row.text is not None:
        return whole_text(row.text)
    if row.kind != "text" or row.path is None:
        return None
    return shown_text(Path(ds.file(row.path)).read_bytes())
