"""What the index hands out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nbtools.labels.act import Act, parse_line

_ORDER = "position, id, kind, media_type, path, recipe, row, text, bytes, width, height, duration, sha256, content"
ITEM_COLUMNS = (
    ", ".join(f"item.{name}" for name in _ORDER.split(", "))
    + ", item.sources, item.attributes, excluded.item IS NOT NULL"
)
ITEMS = "item LEFT JOIN excluded ON excluded.item = item.id"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as it is now.

    Attributes
    ----------
    position : int
        Its place in the order, from 0.
    id, kind, media_type, path, recipe, row, text, bytes, width, height, duration, sha256, content
        As in the catalogue.
    sources : tuple of str
        The raw files it is found in, in order.
    attributes : mapping
        By name; a list where sources disagree.
    excluded : bool
        Whether it was taken out.
    """

    position: int
    id: str
    kind: str
    media_type: str | None
    path: str | None
    recipe: int
    row: int | None
    text: str | None
    bytes: int | None
    width: int | None
    height: int | None
    duration: float | None
    sha256: str | None
    content: str | None
    sources: tuple[str, ...]
    attributes: Mapping[str, Any]
    excluded: bool


class Head(NamedTuple):
    """A current act.

    Attributes
    ----------
    act : Act
        What is current.
    conflict : bool
        Whether another act, off the chain, says something else.
    """

    act: Act
    conflict: bool


class Label(NamedTuple):
    """A current label, as one row of a table.

    Attributes
    ----------
    item, annotator : str
        Of which item, by whom.
    value : str
        JSON of option ids.
    status, flagged, unsure, comment, at, origin, identity, conflict, schema, act
        As in the act; `at` is when the server received it.
    """

    item: str
    annotator: str
    value: str
    status: str
    flagged: int
    unsure: int
    comment: str | None
    at: str | None
    origin: str | None
    identity: str | None
    conflict: int
    schema: int | None
    act: str


def item_row(found: tuple[Any, ...]) -> ItemRow:
    """Return the item that a row of `ITEM_COLUMNS` is."""
    *plain, sources, attributes, excluded = found
    return ItemRow(*(*plain, tuple(json.loads(sources)), json.loads(attributes), bool(excluded)))


def stored_act(found: tuple[str, str, int]) -> Act:
    """Return the act of a row (body, writer, line)."""
    body, writer, line = found
    act = parse_line(body, writer, line)
    if act is None:
        raise sqlite3.DatabaseError(f"the index holds no act for byte {line} of {writer}")
    return act


def stored_acts(found: Iterable[tuple[str, str, int]]) -> list[Act]:
    """Return the acts of rows (body, writer, line)."""
    return [stored_act(row) for row in found]
