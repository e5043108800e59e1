"""The versions of a dataset in a row, with their splits, as a front end draws them: what JSON can hold."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any

from nbtools.dataset.core import Core
from nbtools.errors import NbtoolsError
from nbtools.versions.names import VERSIONS, foreign_names, own_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.words import changes_in_words

_PARTS = ("folds", "quarantine")


def mark_of(ds: Core) -> str:
    """Return what stays the same as long as no version is made or deleted; next to nothing to find out."""
    try:
        with os.scandir(ds._folder.path(VERSIONS)) as entries:
            found = [f"{entry.name} {entry.stat(follow_symlinks=False).st_mtime_ns}" for entry in entries]
    except OSError:
        return ""
    return hashlib.sha256("\n".join(sorted(found)).encode("utf-8", "replace")).hexdigest()[:16]


def timeline(ds: Core) -> dict[str, Any]:
    """Return the versions, oldest first, and what else lies beside them.

    Returns
    -------
    dict
        ``mark``, as `mark_of`; ``versions``, each with what its record says and its
        ``splits``; ``foreign``, folders made by hand; ``damaged``, what is wrong with
        versions of which the record cannot be read, by name.
    """
    mark = mark_of(ds)
    versions: dict[int, dict[str, Any]] = {}
    damaged = {}
    for name in own_names(ds._folder):
        try:
            record = read_record(ds._folder, name)
        except NbtoolsError as error:
            damaged[str(name)] = str(error)
            continue
        if not name.is_split:
            versions[name.major] = _version(record) | {"splits": []}
        elif name.major in versions:
            versions[name.major]["splits"].append(_version(record) | {"parts": _parts(record)})
    return {
        "mark": mark,
        "versions": list(versions.values()),
        "foreign": foreign_names(ds._folder),
        "damaged": damaged,
    }


def _version(record: Record) -> dict[str, Any]:
    counts = record.counts
    labels = counts.get("labels")
    labeled = {task: _count(_mapping(said).get("labeled")) for task, said in _mapping(labels).items()}
    return {
        "name": str(record.name),
        "parent": None if record.parent is None else str(record.parent),
        "message": record.message,
        "author": record.author,
        "created": record.created,
        "items": _count(counts.get("items")) or _rows(record),
        "bytes": _count(counts.get("bytes")),
        "labeled": labeled,
        "changed": _changed(record),
        "labels_only": record.changed.get("labels_only") is True,
        "same_as": record.said.get("same_as") if isinstance(record.said.get("same_as"), str) else None,
    }


def _changed(record: Record) -> str:
    try:
        return changes_in_words(record.changed)
    except (TypeError, ValueError):
        return ""  # a record that a person wrote; what is wrong with it, `verify` says


def _rows(record: Record) -> int:
    return sum(_parts(record).values())


def _parts(record: Record) -> dict[str, int]:
    parts = {name.removesuffix(".parquet"): said.rows or 0 for name, said in record.files.items()}
    return {
        name: rows for name, rows in parts.items() if record.name.is_split and name not in _PARTS and "." not in name
    }


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
