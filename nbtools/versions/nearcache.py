"""Pairs of texts that read alike, found once for the items of a version and kept in its cache."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from nbtools.errors import DatasetError
from nbtools.storage import Folder

if TYPE_CHECKING:
    import pyarrow as pa

    from nbtools.splits.links import Links

CACHE = "metadata/cache"
_CALLED = "near-texts-"
_KEPT = 4
# Counted up when other pairs would be found.
_ALGORITHM = 1


def texts_once(folder: Folder, items: pa.Table, find: Callable[[], Links]) -> Links:
    """Return links of texts: those that were kept for just these items, or what is found now.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    items : Table
        With the columns ``id`` and ``sha256``, in the order that the links count.
    find : callable
        Finds them.
    """
    digest = hashlib.sha256(str(_ALGORITHM).encode())
    for name in ("id", "sha256"):
        digest.update("\n".join(value or "" for value in items[name].to_pylist()).encode())
    path = f"{CACHE}/{_CALLED}{digest.hexdigest()[:32]}.parquet"
    found = _kept(folder, path, items.num_rows)
    if found is None:
        found = find()
        _keep(folder, path, found)
    return found


def _kept(folder: Folder, path: str, count: int) -> Links | None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from nbtools.splits.links import Links

    try:
        table = pq.read_table(folder.path(path))
        kind, unit = (table.schema.metadata[name].decode() for name in (b"kind", b"unit"))
        left, right, measure = (table[name].to_numpy() for name in ("left", "right", "measure"))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError, DatasetError):
        return None  # a cache: made again
    if len(left) and not (left.min() >= 0 and max(left.max(), right.max()) < count):
        return None
    pair = right >= 0
    return Links(kind, left[pair], right[pair], measure[pair], unit, np.asarray(left[~pair]))


def _keep(folder: Folder, path: str, found: Links) -> None:
    """Keep them; an item that says too little has no other beside it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    alone = np.full(len(found.unlinked), -1)
    columns = {
        "left": np.concatenate([found.left, found.unlinked]).astype(np.int64),
        "right": np.concatenate([found.right, alone]).astype(np.int64),
        "measure": np.concatenate([found.measure, np.zeros(len(alone))]),
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns, metadata={"kind": found.kind, "unit": found.unit}), buffer)
    folder.replace(path, buffer.getvalue())
    others = [folder.path(f"{CACHE}/{name}") for name in folder.sizes(CACHE, ".parquet") if name.startswith(_CALLED)]
    with contextlib.suppress(OSError):
        for old in sorted(others, key=lambda one: one.stat().st_mtime_ns)[:-_KEPT]:
            old.unlink()
