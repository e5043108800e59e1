"""Two sorted tables side by side, a piece at a time: so comparing two versions takes the memory of two pieces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import DatasetError
from nbtools.items.ids import ID_LENGTH

Rows = np.ndarray[Any, Any]
_ID = ID_LENGTH


def pairs(old: Iterator[pa.Table], new: Iterator[pa.Table]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield pieces of two tables that hold the same range of ids.

    Parameters
    ----------
    old, new : iterator of Table
        The pieces of each, with a column ``id``; sorted by it, each id once.

    Raises
    ------
    DatasetError
        If the ids are not sorted.
    """
    left, right = _Pieces(_ahead(old)), _Pieces(_ahead(new))
    while left.piece is not None and right.piece is not None:
        end = min(left.last, right.last)
        yield left.until(end), right.until(end)
    while left.piece is not None:
        yield left.until(left.last), right.empty
    while right.piece is not None:
        yield left.empty, right.until(right.last)


def matches(old: pa.Table, new: pa.Table) -> tuple[Rows, Rows]:
    """Return which rows of two pieces have an id that the other has too, as masks; those rows are in one order."""
    before, after = np.zeros(old.num_rows, bool), np.zeros(new.num_rows, bool)
    if not (old.num_rows and new.num_rows):
        return before, after
    left, right = words(old["id"]), words(new["id"])
    if left is None or right is None:
        found = pc.index_in(new["id"].combine_chunks(), value_set=old["id"].combine_chunks())
        before[pc.drop_null(found).to_numpy()] = True
        return before, truths(pc.is_valid(found))
    # Both are sorted, so no table of hashes is needed. Some ids share their first eight digits; then the one is not
    # where it was looked for, but a few rows further on.
    first, last = left[:, 0].byteswap(), left.shape[0] - 1
    wanted = right[:, 0].byteswap()
    at = np.searchsorted(first, wanted)
    open_ = np.flatnonzero(at <= last)
    while len(open_):
        here = at[open_]
        same = _equal(left, here, right, open_)
        after[open_[same]] = True
        before[here[same]] = True
        at[open_] += 1
        further = ~same & (here < last)
        open_ = open_[further][first[here[further] + 1] == wanted[open_[further]]]
    return before, after


def words(ids: pa.ChunkedArray) -> Rows | None:
    """Return ids of 32 bytes as rows of four numbers; None where one is longer or shorter, or there is none.

    Returns
    -------
    array of uint64, shape (n, 4), or None
        In the order of bytes of a file, least significant first.
    """
    flat = ids.combine_chunks()
    if flat.null_count or not pa.types.is_string(flat.type):
        return None
    _, ends, data = flat.buffers()
    offsets = np.frombuffer(ends, "<i4")[flat.offset : flat.offset + len(flat) + 1]
    if data is None or not (np.diff(offsets) == _ID).all():
        return None
    whole: Rows = np.frombuffer(data, "<u8", count=len(flat) * _ID // 8, offset=offsets[0]).reshape(-1, _ID // 8)
    return whole


def truths(column: pa.Array | pa.ChunkedArray) -> Rows:
    """Return where a column without nulls is true; `to_numpy` would import pandas, a tenth of a second."""
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    data = flat.buffers()[1]
    bits = np.unpackbits(np.frombuffer(data or b"", np.uint8), bitorder="little")
    found: Rows = bits[flat.offset : flat.offset + len(flat)].view(bool)
    return found


def mask(rows: Rows) -> pa.Array:
    """Return a mask for Arrow; `pa.array` would import pandas as well."""
    return pa.Array.from_buffers(pa.bool_(), len(rows), [None, pa.py_buffer(np.packbits(rows, bitorder="little"))])


def picked(table: pa.Table, rows: Rows) -> pa.Table:
    """Return some rows of a table; the table itself where that is all of them."""
    return table if rows.all() else table.filter(mask(rows))


def differing(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Rows:
    """Return where two columns of one length differ; nothing (null) equals nothing."""
    left, right = _comparable(one), _comparable(other)
    if left.type != right.type:
        left, right = left.cast(pa.string()), right.cast(pa.string())
    unequal = pc.not_equal(left, right)
    if not unequal.null_count:
        return truths(unequal)
    known = truths(pc.is_valid(left)), truths(pc.is_valid(right))
    both = known[0] & known[1]
    different: Rows = known[0] != known[1]
    different[both] = truths(unequal.drop_null())
    return different


def _ahead(pieces: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Yield pieces, of which the next is read while one is looked at."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece


class _Pieces:
    """The pieces of one table, of which the first is used up from its beginning."""

    def __init__(self, pieces: Iterator[pa.Table]) -> None:
        self._pieces = pieces
        self._before = ""
        self.piece: pa.Table | None = None
        self.empty: pa.Table | None = None
        self.last = ""
        self._next()

    def until(self, end: str) -> pa.Table:
        """Take what has an id up to one."""
        piece = self.piece
        assert piece is not None
        ids = piece["id"]
        count = bisect_right(range(piece.num_rows), end, key=lambda row: ids[row].as_py())
        self.piece = piece.slice(count)
        if count == piece.num_rows:
            self._next()
        return piece.slice(0, count)

    def _next(self) -> None:
        for piece in self._pieces:
            if self.empty is None:
                self.empty = piece.slice(0, 0)
            if piece.num_rows:
                ids = piece["id"].combine_chunks()
                if ids.null_count or not _rising(ids) or ids[0].as_py() <= self._before:
                    raise DatasetError("the items of a version are not in the order of their ids: it was tampered with")
                self._before = self.last = ids[-1].as_py()
                self.piece = piece
                return
        self.piece = None


def _equal(left: Rows, here: Rows, right: Rows, there: Rows) -> Rows:
    """Return which of some rows are equal, number by number: a reduction over four would take longer."""
    same: Rows = left[here, 0] == right[there, 0]
    for at in range(1, left.shape[1]):
        same &= left[here, at] == right[there, at]
    return same


def _rising(ids: pa.Array) -> bool:
    numbers = words(pa.chunked_array([ids]))
    if numbers is not None:
        first = numbers[:, 0].byteswap()
        if (first[:-1] < first[1:]).all():
            return True
    return bool(truths(pc.less(ids[:-1], ids[1:])).all())


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # Lists of options are compared as one text; what separates them is in no option.
    return pc.binary_join(column.cast(pa.list_(pa.string())), "\x1f") if pa.types.is_list(column.type) else column
