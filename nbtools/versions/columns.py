"""Values that are JSON, as columns: each different value is looked at once, however many rows hold it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def canonical_json(value: Any) -> str:
    """Return a value as JSON in one form: keys sorted, no spaces, no escape that UTF-8 does not need."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A lone surrogate has no UTF-8.
    return text if _encodes(text) else json.dumps(value, sort_keys=True, separators=(",", ":"))


def typed(values: Sequence[Any], kind: pa.DataType | None = None) -> pa.Array:
    """Return values as an array of the narrowest type that holds them all.

    Parameters
    ----------
    values : sequence
        What JSON can hold; None where there is nothing.
    kind : DataType, optional
        The type to take if they fit it.

    Notes
    -----
    Values of several types become text: a text stays as it is, the others are JSON.
    """
    try:
        return pa.array(values, kind or _common({type(value) for value in values if value is not None}))
    except (pa.ArrowException, OverflowError, UnicodeEncodeError, TypeError, ValueError):
        return pa.array([_as_text(value) for value in values], pa.string())


def spread(texts: pa.ChunkedArray) -> Mapping[str, tuple[pa.Array, pa.Array]]:
    """Return the columns that JSON objects have in common.

    Parameters
    ----------
    texts : ChunkedArray
        One JSON object per row.

    Returns
    -------
    mapping of str to (Array, Array)
        By key, sorted: the canonical JSON of each row's value and the value itself,
        both null where it has none.
    """
    codes, distinct = encoded(texts)
    objects = [json.loads(text) for text in distinct]
    names = sorted({name for one in objects for name in one})
    columns = {}
    for name in names:
        values = [one.get(name) for one in objects]
        written = pa.array([None if value is None else canonical_json(value) for value in values], pa.string())
        columns[name] = (written.take(codes), typed(values).take(codes))
    return columns


def lists(texts: pa.ChunkedArray) -> pa.Array:
    """Return JSON lists of strings as an array of lists; those of one plain string, the usual ones, are not parsed."""
    flat = texts.combine_chunks()
    plain = np.logical_and(
        pc.equal(pc.count_substring(flat, '"'), 2).to_numpy(zero_copy_only=False),
        pc.invert(pc.match_substring(flat, "\\")).to_numpy(zero_copy_only=False),
    )
    one = pc.binary_slice(flat.filter(pa.array(plain)).cast(pa.binary()), 2, -2).cast(pa.string())
    several = [json.loads(text) for text in flat.filter(pa.array(~plain)).to_pylist()]
    sizes = np.ones(len(flat), np.int32)
    sizes[~plain] = [len(found) for found in several]
    offsets = np.zeros(len(flat) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    order = np.empty(offsets[-1], np.int64)
    is_plain = np.repeat(plain, sizes)
    order[is_plain] = np.arange(len(one))
    order[~is_plain] = np.arange(len(one), len(order))
    rest = pa.array([source for found in several for source in found], pa.string())
    values = pa.concat_arrays([one, rest]).take(pa.array(order))
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def encoded(texts: pa.ChunkedArray) -> tuple[pa.Array, list[Any]]:
    """Return a column as numbers into a list of its different values."""
    found = pc.dictionary_encode(texts.combine_chunks())
    return found.indices, found.dictionary.to_pylist()


def _common(kinds: set[type]) -> pa.DataType:
    if kinds <= {str}:
        return pa.string()
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds <= {int, float}:
        return pa.float64()
    if kinds == {list}:
        return pa.list_(pa.string())
    raise TypeError(f"no type holds {kinds}")


def _as_text(value: Any) -> str | None:
    if isinstance(value, str) and _encodes(value):
        return value
    return None if value is None else canonical_json(value)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
