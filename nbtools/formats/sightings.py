"""The items of a version as a part of a catalogue."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.versions.record import Record
from nbtools.versions.tables import ITEM_SCHEMA

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_READINGS = 64
_DICTIONARIES = ["kind", "media_type", "state", "attributes", "added"]


def sightings_part(items: pa.Table, version: Record) -> bytes:
    """Return a version's items as the catalogue has them: a row for each source, with everything in it.

    Parameters
    ----------
    items : Table
        The version's `items.parquet`.
    version : Record
        The version, which says which columns are tasks.

    Returns
    -------
    bytes
        Of a Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from nbtools.items.catalogue import SCHEMA

    tasks = {*version.truth, *(version.said.get("tasks") or {})}
    names = [name for name in items.column_names if name not in ITEM_SCHEMA.names and name not in tasks]
    attributes = pa.array(_objects(_attributes(items, names, version), len(items)), pa.string())
    row, source = _sources(items["sources"])
    columns: dict[str, Any] = {name: items[name].take(row) for name in ITEM_SCHEMA.names if name in SCHEMA.names}
    columns |= {"source": source, "attributes": attributes.take(row)}
    columns |= {name: pa.repeat(value, len(row)) for name, value in (("state", "present"), ("added", version.created))}
    columns["replaces"] = pa.nulls(len(row), pa.string())
    table = pa.table({name: columns[name] for name in SCHEMA.names}).cast(SCHEMA)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", use_dictionary=_DICTIONARIES)
    return buffer.getvalue()


def _attributes(items: pa.Table, names: Sequence[str], version: Record) -> dict[str, list[Any]]:
    """Return attributes as the catalogue had them.

    A column has one type: of values of several types it holds the JSON of those that
    are no text, and of whole numbers among others it makes others. Which reading is
    the right one is told by the version's digest.
    """
    plain = [_readings(items[name].to_pylist()) for name in names]
    for read in itertools.islice(itertools.product(*plain), _MOST_READINGS):
        found = dict(zip(names, read, strict=True))
        if _digest(items, found) == version.digests.get("attributes_digest"):
            return found
    return {name: readings[0] for name, readings in zip(names, plain, strict=True)}


def _readings(values: list[Any]) -> list[list[Any]]:
    """Return what a column may have been: as it is, or with what is not text, or with whole numbers, made so again."""
    found = [values]
    for read in (_from_json, _whole):
        made = [read(value) for value in values]
        if any(one is not value for one, value in zip(made, values, strict=True)):
            found.append(made)
    return found


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _from_json(value: Any) -> Any:
    if isinstance(value, str):
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(value)
            return value if isinstance(found, str | None) else found
    return value


def _digest(items: pa.Table, attributes: Mapping[str, Sequence[Any]]) -> str:
    import pyarrow as pa

    from nbtools.versions.columns import canonical_json
    from nbtools.versions.digest import attributes_digest

    written = {
        name: pa.chunked_array([[None if value is None else canonical_json(value) for value in values]], pa.string())
        for name, values in attributes.items()
    }
    return attributes_digest(items["id"], written)


def _objects(attributes: Mapping[str, Sequence[Any]], count: int) -> list[str]:
    """Return each row as a JSON object of what is not null."""
    if not attributes:
        return ["{}"] * count
    rows = zip(*attributes.values(), strict=True)
    objects = ({name: one for name, one in zip(attributes, row, strict=True) if one is not None} for row in rows)
    return [json.dumps(one, ensure_ascii=False) for one in objects]


def _sources(sources: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Return the sources of all items one below the other, and the row of the item of each; none is one too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = sources.combine_chunks()
    known = pc.greater(pc.fill_null(pc.list_value_length(lists), 0), 0)
    lists = pc.if_else(known, lists, pa.scalar([None], lists.type))
    return pc.list_parent_indices(lists), pc.list_flatten(lists)
