"""The tables that `ds.sql` knows: each is made when a query names it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.errors import DatasetError, NbtoolsError, NotSavedError
from nbtools.storage import Folder
from nbtools.store.tasks import task_names
from nbtools.versions.names import VersionName, own_names
from nbtools.versions.pieces import SPLIT, part_names
from nbtools.versions.record import read_record

if TYPE_CHECKING:
    import pyarrow as pa

    from nbtools.query import Source

CACHE = "metadata/cache"
_CACHED = "items-"
_VERSION = 1
_KEPT = 2


def sources(ds: Core) -> dict[str, Source]:
    """Return the tables of a dataset, by the names that a query has for them.

    Parameters
    ----------
    ds : Core
        The dataset; its index is up to date.
    """
    found: dict[str, Source] = {
        "items": partial(_items, ds),
        "labels": partial(_labels, ds),
        "versions": partial(_versions, ds._folder),
    }
    for name in own_names(ds._folder):
        if name.is_split:
            found[_word(name)] = partial(_split, ds._folder, name)
        else:
            found[f"{_word(name)}_items"] = partial(_opened, ds._folder, f"{name.path}/items.parquet")
            found[f"{_word(name)}_labels"] = partial(_frozen_labels, ds._folder, name)
    return found


def _word(name: VersionName) -> str:
    return str(name).replace(".", "_")


def _items(ds: Core) -> Any:
    """Return the items that are in, from a copy in the cache where there is one of this moment.

    A million items take seconds to be read from the index, and of a Parquet file only
    the columns that a query names are read.
    """
    folder = ds._folder
    stamp = json.dumps([_VERSION, ds.id, ds._index.stamp()], default=str)
    name = f"{_CACHED}{hashlib.sha256(stamp.encode()).hexdigest()[:32]}.parquet"
    if not folder.exists(f"{CACHE}/{name}"):
        table = _read_items(ds)
        try:
            _keep(folder, name, table)
        except NotSavedError:
            return table
    with contextlib.suppress(DatasetError):
        return _opened(folder, f"{CACHE}/{name}")
    return _read_items(ds)


def forget_items(folder: Folder) -> None:
    """Remove the copies in the cache; they are made again when a query needs one."""
    for name in folder.sizes(CACHE, ".parquet"):
        if name.startswith(_CACHED):
            folder.path(f"{CACHE}/{name}").unlink(missing_ok=True)


def _read_items(ds: Core) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    from nbtools.store.bulk import everything
    from nbtools.versions.columns import lists, spread
    from nbtools.versions.tables import ITEM_SCHEMA

    found = everything(ds._index)
    kept = np.full(found.items.num_rows, fill_value=True)
    kept[[position for position in found.excluded if position < len(kept)]] = False
    items = found.items.filter(pa.array(kept))
    plain = {name: items[name] for name in ITEM_SCHEMA.names} | {"sources": lists(items["sources"])}
    table = pa.table(plain).cast(ITEM_SCHEMA)
    for name, (_, column) in spread(items["attributes"]).items():
        table = table.append_column(name, column)
    return table


def _keep(folder: Folder, name: str, table: pa.Table) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    written = pa.BufferOutputStream()
    pq.write_table(table, written, compression="lz4", use_dictionary=["kind", "media_type"])
    folder.replace(f"{CACHE}/{name}", written.getvalue())
    copies = [folder.path(f"{CACHE}/{old}") for old in folder.sizes(CACHE, ".parquet") if old.startswith(_CACHED)]
    with contextlib.suppress(OSError):
        # Another process may be about to read the last one.
        for old in sorted(copies, key=lambda path: path.stat().st_mtime_ns)[:-_KEPT]:
            old.unlink()


def _labels(ds: Core) -> pa.Table:
    from nbtools.versions.tables import LABEL_SCHEMA

    rows = [(task, label) for task in task_names(ds._folder) for label in ds._index.labels(task)]
    told: dict[str, list[Any]] = {
        "task": [task for task, _ in rows],
        "value": [_value(label.value) for _, label in rows],
        "flagged": [bool(label.flagged) for _, label in rows],
        "unsure": [bool(label.unsure) for _, label in rows],
    }
    for name in LABEL_SCHEMA.names:
        if name not in told:
            told[name] = [getattr(label, name) for _, label in rows]
    return _table(LABEL_SCHEMA, told)


def _frozen_labels(folder: Folder, name: VersionName) -> pa.Table:
    from nbtools.versions.columns import encoded
    from nbtools.versions.tables import LABELS, read_table

    table = read_table(folder, name, LABELS)
    if "value" not in table.column_names:
        return table
    import pyarrow as pa

    codes, distinct = encoded(table["value"])
    plain = pa.array([_value(text) for text in distinct], pa.string())
    return table.set_column(table.column_names.index("value"), "value", plain.take(codes))


def _value(text: str | None) -> str | None:
    """Return the JSON of a value as a query compares it: a text is that text."""
    from nbtools.versions.columns import canonical_json

    try:
        found = json.loads(text or "null")
    except ValueError:
        return text
    return found if isinstance(found, str | None) else canonical_json(found)


def _versions(folder: Folder) -> pa.Table:
    import pyarrow as pa

    texts = ("version", "split_of", "parent", "created", "author", "message", "damaged")
    numbers = ("items", "bytes", "added", "removed")
    schema = pa.schema([*((name, pa.string()) for name in texts), *((name, pa.int64()) for name in numbers)])
    rows = [_described(folder, name) for name in own_names(folder)]
    return _table(schema, {name: [row.get(name) for row in rows] for name in schema.names})


def _described(folder: Folder, name: VersionName) -> dict[str, Any]:
    said = {"version": str(name), "split_of": str(name.version) if name.is_split else None}
    try:
        record = read_record(folder, name)
    except NbtoolsError as error:
        return said | {"damaged": str(error)}
    return said | {
        "parent": record.parent and str(record.parent),
        "created": record.created,
        "author": record.author,
        "message": record.message,
        **{key: _number(record.counts.get(key)) for key in ("items", "bytes")},
        **{key: _number(record.changed.get(key)) for key in ("added", "removed")},
    }


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _split(folder: Folder, name: VersionName) -> pa.Table:
    import pyarrow as pa

    record = read_record(folder, name)
    parts = [
        part.append_column(SPLIT, pa.array([file] * part.num_rows, pa.string()))
        for file in part_names(record)
        for part in [_opened(folder, f"{name.path}/{file}.parquet").to_table()]
    ]
    if not parts:
        raise DatasetError(f"{name.path} names no part that could be read: bring it back from a backup")
    return pa.concat_tables(parts, promote_options="permissive")


def _opened(folder: Folder, path: str) -> Any:
    import pyarrow as pa
    import pyarrow.dataset

    try:
        return pyarrow.dataset.dataset(folder.path(path), format="parquet")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error


def _table(schema: pa.Schema, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(columns[name], schema.field(name).type) for name in schema.names})
