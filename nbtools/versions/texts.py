"""The texts of text files, so that a version's table says what is in them without the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import UnsafePathError
from nbtools.media import text_encoding

MOST = 64 << 10
Progress = Callable[[int, int | None], None]
_EVERY = 1_000


def with_texts(
    items: pa.Table,
    before: Callable[[], pa.Table | None],
    locate: Callable[[str], Path],
    on_progress: Progress | None = None,
) -> pa.Table:
    """Return items, those of text files with the first 64 KB of their text.

    Parameters
    ----------
    items : Table
        With the columns of `ITEM_SCHEMA`.
    before : callable
        Returns the columns ``sha256`` and ``text`` of an earlier version, or None: what
        is the same is not read again.
    locate : callable
        Where the file of a path lies.
    on_progress : callable, optional
        Called with the number of files read and of all.

    Notes
    -----
    A file that cannot be read leaves no text; `verify` says what is wrong with it.
    """
    wanted = pc.and_(pc.equal(items["kind"], "text"), pc.and_(pc.is_null(items["row"]), pc.is_null(items["text"])))
    rows = np.flatnonzero(pc.fill_null(wanted, fill_value=False).to_numpy())
    if not len(rows):
        return items
    texts = _known(items["sha256"].take(pa.array(rows)), before())
    paths = items["path"].take(pa.array(rows)).to_pylist()
    for at, path in enumerate(paths):
        if texts[at] is None and path is not None:
            texts[at] = _read(locate, path)
        if on_progress is not None and at % _EVERY == 0:
            on_progress(at, len(paths))
    taken = np.full(items.num_rows, -1, np.int64)
    taken[rows] = np.arange(len(rows))
    column = pa.array(texts, pa.large_string()).take(pa.array(taken, mask=taken < 0))
    return items.set_column(items.schema.get_field_index("text"), "text", pc.coalesce(items["text"], column))


def _known(sha256: pa.ChunkedArray, before: pa.Table | None) -> list[str | None]:
    if before is None:
        return [None] * len(sha256)
    there = before.filter(pc.is_valid(before["text"]))
    found = pc.index_in(sha256, value_set=there["sha256"].combine_chunks())
    known: list[str | None] = there["text"].take(found).to_pylist()
    return known


def _read(locate: Callable[[str], Path], path: str) -> str | None:
    try:
        with locate(path).open("rb") as file:
            data = file.read(MOST)
        return data.decode(text_encoding(data), "ignore")
    except (OSError, UnsafePathError):
        return None
