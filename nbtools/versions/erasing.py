"""The one exception to immutable: rows of erased items are taken out of versions and splits.

``version.json`` stays as it was. What was taken out, when and why is said by files
``erased-<ulid>.json`` beside it, made before the first row goes: keyed hashes of the
ids, and what the tables are afterwards.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nbtools.items.erased import Blocked, Erasure
from nbtools.storage import Folder, new_ulid
from nbtools.versions.digest import items_digest, labels_digest
from nbtools.versions.erased import notes, read_erased
from nbtools.versions.names import VersionName, own_names
from nbtools.versions.record import read_record
from nbtools.versions.tables import ITEMS, LABELS, read_table, write_table

_ITEM = ("id", "item", "left", "right")
_REASON = "reason"
_NAMED = re.compile(r"'?\b([0-9a-f]{32})\b'?")


def announce_records(folder: Folder, blocked: Blocked, path: str, old: str, new: bytes, gone: Collection[str]) -> None:
    """Note in every version that a file of rows is about to be written anew without some items.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    blocked : Blocked
        What was erased.
    path : str
        Of the file of rows, relative to the dataset.
    old : str
        The SHA-256 that it has; a version that expects another is not told.
    new : bytes
        What it will be.
    gone : collection of str
        The items that go.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    erasure = max((blocked[item] for item in gone), key=lambda one: one.name)
    said = {path: {"bytes": len(new), "sha256": hashlib.sha256(new).hexdigest()}}
    for name in own_names(folder):
        known = read_record(folder, name).said.get("records")
        first = known.get(path) if isinstance(known, Mapping) else None
        now = read_erased(folder, name).records.get(path)
        expected = now.sha256 if now is not None else first.get("sha256") if isinstance(first, Mapping) else None
        if expected == old:
            folder.create(f"{name.path}/erased-{new_ulid()}.json", erasure.told((), records=said))


def erase_from_versions(folder: Folder, blocked: Blocked) -> dict[str, int]:
    """Take the rows of erased items out of every version and split; again: nothing.

    Returns
    -------
    dict of str to int
        By the name of the version: how many items it had of them.

    Raises
    ------
    DatasetError
        If a table of a version cannot be read.
    NotSavedError
        If the disk refuses; what was done until then stays done.
    """
    wanted = pa.array(sorted(blocked), pa.string())
    names = own_names(folder, deleted=True)
    return {str(name): gone for name in names if (gone := _erase(folder, name, blocked, wanted))}


def _erase(folder: Folder, name: VersionName, blocked: Blocked, wanted: pa.Array) -> int:
    gone: set[str] = set()
    new: dict[str, bytes] = {}
    files: dict[str, dict[str, Any]] = {}
    digests: dict[str, str] = {}
    for file in folder.sizes(name.path, ".parquet"):
        table = read_table(folder, name, file)
        named = [table[column] for column in _ITEM if column in table.column_names]
        masks = [pc.is_in(column, value_set=wanted) for column in named]
        out = reduce(pc.or_, masks) if masks else None
        kept = table if out is None else table.filter(pc.invert(out))
        kept, told = _unnamed(kept, blocked)
        if kept.num_rows == table.num_rows and not told:
            continue
        gone |= told
        for column, mask in zip(named, masks, strict=True):
            gone.update(column.filter(mask).to_pylist())
        buffer = io.BytesIO()
        write_table(buffer, kept)
        new[file] = buffer.getvalue()
        digest = hashlib.sha256(new[file]).hexdigest()
        files[file] = {"bytes": len(new[file]), "sha256": digest, "rows": kept.num_rows}
        digests |= _digest_of(file, kept)
    _say(folder, name, _by_erasure(blocked, gone), {"files": files, "digests": digests})
    for file, data in new.items():
        path = f"{name.path}/{file}"
        folder.replace(path, data)
        folder.path(path).chmod(0o444)
    return len(gone)


def _unnamed(table: pa.Table, blocked: Blocked) -> tuple[pa.Table, set[str]]:
    """Return a table whose reasons name no erased item, and the items that they named."""
    if _REASON not in table.column_names:
        return table, set()
    found: set[str] = set()

    def without(match: re.Match[str]) -> str:
        if match[1] not in blocked:
            return match[0]
        found.add(match[1])
        return "an item that was erased"

    reasons = [None if reason is None else _NAMED.sub(without, reason) for reason in table[_REASON].to_pylist()]
    at = table.column_names.index(_REASON)
    return table.set_column(at, table.schema.field(at), pa.array(reasons, table.schema.field(at).type)), found


def _digest_of(file: str, table: pa.Table) -> dict[str, str]:
    if file == ITEMS:
        return {"items_digest": items_digest(table)}
    return {"labels_digest": labels_digest(table)} if file == LABELS else {}


def _by_erasure(blocked: Blocked, gone: Collection[str]) -> dict[Erasure, set[str]]:
    found: dict[Erasure, set[str]] = defaultdict(set)
    for item in gone:
        found[blocked[item]].add(item)
    return found


def _say(
    folder: Folder, name: VersionName, erased: Mapping[Erasure, Collection[str]], after: Mapping[str, Any]
) -> None:
    # Killed after this, it is said already when it is done again.
    said = {(found.get("erasure"), item) for found in notes(folder, name) for item in found.get("items", ())}
    known = read_erased(folder, name).files
    # An item may be gone since long, and named in a reason still.
    told = all(file in known and known[file].sha256 == one["sha256"] for file, one in after["files"].items())
    for erasure, items in erased.items():
        new = [item for item in items if (erasure.name, *erasure.hashed([item])) not in said]
        if new or not told:
            data = erasure.told(new, erasure=erasure.name, **after)
            folder.create(f"{name.path}/erased-{new_ulid()}.json", data)
