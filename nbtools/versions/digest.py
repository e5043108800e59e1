"""Logical digests: what a version holds, whatever file format or library wrote it down.

A digest is the SHA-256 of lines in UTF-8. Each field of a row is followed by a tab,
each row by a newline; nothing (null) is an empty field. No field can hold either:
ids, names and hashes have no such characters, and values are JSON, which escapes
them. So anyone can compute it again with nothing but the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

_ROWS = 65_536
LABEL_FIELDS = ("task", "schema", "item", "annotator", "value", "status", "flagged", "unsure")


def items_digest(items: pa.Table) -> str:
    """Return the digest of (id, recipe, sha256).

    Parameters
    ----------
    items : Table
        Sorted by id.
    """
    return _of_lines([[items["id"], items["recipe"], items["sha256"]]])


def attributes_digest(ids: pa.ChunkedArray, attributes: Mapping[str, pa.ChunkedArray]) -> str:
    """Return the digest of (attribute, id, value) for every value that there is.

    Parameters
    ----------
    ids : ChunkedArray
        Sorted.
    attributes : mapping of str to ChunkedArray
        The JSON of each item's value, null where it has none.
    """
    return _of_lines([_named(name, ids, attributes[name]) for name in sorted(attributes)])


def labels_digest(labels: pa.Table) -> str:
    """Return the digest of what was answered, by whom.

    Parameters
    ----------
    labels : Table
        Sorted by task, item and annotator.
    """
    return _of_lines([[labels[name] for name in LABEL_FIELDS]])


def values_digest(ids: pa.ChunkedArray, values: pa.ChunkedArray) -> str:
    """Return the digest of (id, value): what a task came to.

    Parameters
    ----------
    ids : ChunkedArray
        Sorted.
    values : ChunkedArray
        The JSON of each item's value, null where it has none.
    """
    known = pc.is_valid(values)
    return _of_lines([[ids.filter(known), values.filter(known)]])


def _named(name: str, ids: pa.ChunkedArray, values: pa.ChunkedArray) -> Sequence[pa.ChunkedArray]:
    known = pc.is_valid(values)
    kept = ids.filter(known)
    return [pa.chunked_array([pa.repeat(pa.scalar(name), len(kept))]), kept, values.filter(known)]


def _of_lines(tables: Sequence[Sequence[pa.ChunkedArray]]) -> str:
    digest = hashlib.sha256()
    for columns in tables:
        for batch in pa.table(list(columns), [str(at) for at in range(len(columns))]).to_batches(_ROWS):
            fields = [_text(column) for column in batch.columns]
            lines = pc.binary_join_element_wise(*fields, b"\n", b"\t", null_handling="replace", null_replacement=b"")
            _, offsets, data = lines.buffers()
            if data is not None:
                end = int.from_bytes(memoryview(offsets)[4 * len(lines) : 4 * len(lines) + 4], "little")
                digest.update(memoryview(data)[:end])
    return digest.hexdigest()


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    return column.cast(pa.string()).cast(pa.binary())
