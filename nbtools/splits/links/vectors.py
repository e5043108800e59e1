"""Near-duplicates by embeddings that a model of the user's has made."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.links import Links, make_links

_BLOCK = 2048
MOST = 20_000_000


def near_vectors(embeddings: Any, *, cosine: float = 0.95, kind: str = "near embedding") -> Links:
    """Link items whose embeddings point nearly the same way: all such pairs, block by block.

    Parameters
    ----------
    embeddings : array-like of float, shape (n, d)
        One row for each item. A row of NaN is an item without one.
    cosine : float
        The least cosine similarity, above 0 and up to 1.
    kind : str
        What it makes of two items, for reasons and reports.

    Raises
    ------
    SplitError
        If it is no such table or number, a row is all zeros, or so many pairs are near that
        the threshold says nothing.
    """
    if isinstance(cosine, bool) or not 0 < cosine <= 1:
        raise SplitError(f"cosine={cosine!r}: the least similarity of two that are linked, such as 0.95")
    table = np.asarray(embeddings, np.float32)
    if table.ndim != 2:
        raise SplitError(f"embeddings have the shape {table.shape}: one row for each item is wanted, shape (n, d)")
    rows = np.flatnonzero(~np.isnan(table).any(axis=1))
    lengths = np.linalg.norm(table[rows], axis=1)
    if (lengths == 0).any() or not np.isfinite(lengths).all():
        odd = rows[(lengths == 0) | ~np.isfinite(lengths)][0]
        raise SplitError(f"the embedding at position {odd} is all zeros or infinite and points nowhere: make it NaN")
    unit = table[rows] / lengths[:, None]
    found: list[tuple[Any, Any, Any]] = []
    total = 0
    for start in range(0, len(unit), _BLOCK):
        near = unit[start : start + _BLOCK] @ unit[start:].T
        left, right = np.nonzero(near >= cosine - 1e-6)
        later = left < right
        left, right = left[later], right[later]
        total += len(left)
        if total > MOST:
            raise SplitError(
                f"over {MOST:,} pairs have a cosine of {cosine} or more: raise it, or these embeddings tell too little"
            )
        found.append((left + start, right + start, near[left, right]))
    joined = [np.concatenate([part[column] for part in found] or [np.empty(0)]) for column in range(3)]
    left, right = joined[0].astype(np.int64), joined[1].astype(np.int64)
    return make_links(kind, rows[left], rows[right], np.minimum(joined[2], 1.0).astype(np.float64), "cosine")
