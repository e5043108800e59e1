"""Columns of a table, joined to items at any later time."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.errors import SourceError, did_you_mean
from nbtools.store.tasks import task_names

if TYPE_CHECKING:
    from pandas import DataFrame

_BATCH = 8_192


@dataclass(frozen=True, slots=True)
class Attached:
    """What `attach` did.

    Attributes
    ----------
    attributes : tuple of str
        The attributes that the table brought.
    written : int
        Items that say something new.
    unchanged : int
        Items that said it already.
    unmatched : list
        The first hundred values of the table that no item goes by.
    """

    attributes: tuple[str, ...]
    written: int
    unchanged: int
    unmatched: list[Any]

    def __repr__(self) -> str:
        """Say it in a few lines, and what to type next."""
        lines = [f"{', '.join(self.attributes)}: {self.written:,} items changed, {self.unchanged:,} as they were"]
        if self.unmatched:
            shown = ", ".join(repr(value) for value in self.unmatched[:5])
            lines.append(f"! rows that match no item, such as {shown}")
        return "\n".join([*lines, "ds.items()"])

    def _repr_html_(self) -> str:
        import html

        return f"<pre>{html.escape(repr(self))}</pre>"


def attach(
    ds: Core, table: DataFrame | str | os.PathLike[str], on: str, column: str | None, rename: Mapping[str, str]
) -> Attached:
    """Join the columns of a table to the items; see `Dataset.attach`.

    Raises
    ------
    SourceError
        If the table cannot be read, or lacks the column.
    SchemaError
        If a column cannot be an attribute.
    NotSavedError
        If the disk refuses.
    """
    from nbtools.ingest.describe import attribute_name

    rows = _rows(ds, table)
    names = list(dict.fromkeys(name for row in rows for name in row))
    key = column if column is not None else on
    if key not in names:
        raise SourceError(
            f"the table has no column {key!r}{did_you_mean(key, names)}; it has {', '.join(names)}: "
            "say by column= which of them names the file or item"
        )
    tasks = task_names(ds._folder)
    attributes = {name: attribute_name(name, rename, tasks) for name in names if name != key}
    items = _by_key(ds, on, [row.get(key) for row in rows])
    said: dict[str, dict[str, Any]] = {}
    unmatched = []
    for row in rows:
        found = items.get(_text(row.get(key)), ())
        if not found:
            unmatched.append(row.get(key))
        for item in found:
            said.setdefault(item, {}).update(_values(row, attributes))
    written = _write(ds, said)
    return Attached(tuple(attributes.values()), written, len(said) - written, unmatched[:100])


def _rows(ds: Core, table: DataFrame | str | os.PathLike[str]) -> list[dict[str, Any]]:
    from nbtools.ingest.tables import Row, Table, typed_columns

    if not isinstance(table, str | os.PathLike):
        return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    place = Path(table).expanduser()
    inside = ds.raw / os.fspath(table)
    place = inside if not place.exists() and inside.is_file() else place
    if not place.is_file():
        raise SourceError(f"there is no table at {os.fspath(table)!r}")
    rows = [row.cells for row in Table(place.name, place).rows() if isinstance(row, Row)]
    if place.suffix.lower() in (".csv", ".tsv"):
        names = list(dict.fromkeys(name for row in rows for name in row))
        typed = typed_columns(rows, names)
        return [{name: typed[name][at] for name in names} for at in range(len(rows))]
    return rows


def _values(row: Mapping[str, Any], attributes: Mapping[str, str]) -> dict[str, Any]:
    from nbtools.ingest.describe import as_attribute

    return {name: as_attribute(row.get(column)) for column, name in attributes.items()}


def _by_key(ds: Core, on: str, wanted: Iterable[Any]) -> dict[str, list[str]]:
    """Return the items that each value of the key column means."""
    from nbtools.ingest.tables import match_forms

    values = {_text(value) for value in wanted}
    rows = list(ds._index.rows(excluded=True))
    if on == "id":
        return {row.id: [row.id] for row in rows if row.id in values}
    found: dict[str, list[str]] = defaultdict(list)
    if on in ds._index.attributes():
        for row in rows:
            value = row.attributes.get(on)
            for one in value if isinstance(value, list) else [value]:
                if one is not None and _text(one) in values:
                    found[_text(one)].append(row.id)
        return found
    best: dict[str, list[str]] = {}
    for form in match_forms():
        named: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            for source in row.sources:
                for text in {form(source), form(source.removeprefix("raw/"))} & values:
                    named[text].append(row.id)
        best = max(best, named, key=len)
    return best


def _text(value: Any) -> str:
    return str(value).strip().replace("\\", "/").removeprefix("./")


def _write(ds: Core, said: Mapping[str, dict[str, Any]]) -> int:
    """Write what is news, and return of how many items."""
    from nbtools.items.catalogue import write_part
    from nbtools.items.sighting import Sighting

    added = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    news = []
    for item, values in said.items():
        row = ds._index.item(item)
        known = row.attributes if row is not None else {}
        changed = {name: value for name, value in values.items() if known.get(name) != value}
        if changed:
            attributes = json.dumps(changed, ensure_ascii=False, sort_keys=True)
            news.append(Sighting(id=item, attributes=attributes, added=added))
    for start in range(0, len(news), _BATCH):
        write_part(ds._folder, news[start : start + _BATCH])
    return len(news)
