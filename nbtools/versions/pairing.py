"""Two sorted tables side by side, a piece at a time: so comparing two versions takes the memory of two pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import DatasetError

Rows = np.ndarray[Any, Any]


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
    left, right = _Pieces(old), _Pieces(new)
    while left.piece is not None and right.piece is not None:
        end = min(left.last, right.last)
        yield left.until(end), right.until(end)
    while left.piece is not None:
        yield left.until(left.last), right.empty
    while right.piece is not None:
        yield left.empty, right.until(right.last)


def matches(old: pa.Table, new: pa.Table) -> tuple[Rows, Rows]:
    """Return which rows of two pieces have an id that the other has too, as masks; those rows are in one order."""
    found = pc.index_in(new["id"].combine_chunks(), value_set=old["id"].combine_chunks())
    before = np.zeros(old.num_rows, bool)
    before[pc.drop_null(found).to_numpy()] = True
    return before, pc.is_valid(found).to_numpy(zero_copy_only=False)


def picked(table: pa.Table, rows: Rows) -> pa.Table:
    """Return some rows of a table; the table itself where that is all of them."""
    return table if rows.all() else table.filter(pa.array(rows))


def differing(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Rows:
    """Return where two columns of one length differ; nothing (null) equals nothing."""
    left, right = _comparable(one), _comparable(other)
    if left.type != right.type:
        left, right = left.cast(pa.string()), right.cast(pa.string())
    known = pc.is_valid(left).to_numpy(), pc.is_valid(right).to_numpy()
    unequal = pc.fill_null(pc.not_equal(left, right), fill_value=False).to_numpy()
    different: Rows = unequal | (known[0] != known[1])
    return different


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
        count = piece.num_rows if end >= self.last else pc.sum(pc.less_equal(piece["id"], end)).as_py()
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
                rising = pc.all(pc.less(ids[:-1], ids[1:])).as_py() is not False
                if ids.null_count or not rising or ids[0].as_py() <= self._before:
                    raise DatasetError("the items of a version are not in the order of their ids: it was tampered with")
                self._before = self.last = ids[-1].as_py()
                self.piece = piece
                return
        self.piece = None


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # Lists of options are compared as one text; what separates them is in no option.
    return pc.binary_join(column.cast(pa.list_(pa.string())), "\x1f") if pa.types.is_list(column.type) else column
