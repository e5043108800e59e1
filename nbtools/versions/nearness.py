"""Items of a version that show the same, or nearly so: what must not be split."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import DatasetError, MediaError
from nbtools.storage import Folder
from nbtools.versions.nearcache import texts_once
from nbtools.versions.places import Locate, Places

if TYPE_CHECKING:
    import pyarrow as pa

    from nbtools.splits.links import Links

COLUMNS = ("id", "kind", "path", "sha256", "content", "text")
CACHE = "metadata/cache/difference-hashes.parquet"
Progress = Callable[[int, "int | None"], None]
_BATCH = 256
# A hash is of 64 bits, and Parquet's whole numbers have a sign.
_SIGN, _RANGE = 1 << 63, 1 << 64


def equal_links(items: pa.Table) -> Links:
    """Link items whose content, or whose bytes where that is not known, are equal.

    Parameters
    ----------
    items : Table
        With the columns id, content and sha256.
    """
    import pyarrow.compute as pc

    from nbtools.splits.links.join import equal_items

    return equal_items(pc.coalesce(items["content"], items["sha256"], items["id"]).to_pandas())


def near_links(folder: Folder, items: pa.Table, locate: Locate, on_progress: Progress | None = None) -> list[Links]:
    """Link images that look alike, and texts that share most of their words.

    Each image is hashed once, and known again by its bytes; texts are compared once for each version.

    Parameters
    ----------
    folder : Folder
        The dataset's folder, where hashes are kept.
    items : Table
        With the columns `COLUMNS`.
    locate : callable
        Where the file of a path lies.
    on_progress : callable, optional
        Called with the number of images that were hashed and of all.

    Raises
    ------
    MissingExtraError
        If there are texts, and the extra ``neardup`` is not installed.
    UnsafePathError
        If a path of the version leads out of the dataset.
    """
    from nbtools.splits.links.images import near_hashes
    from nbtools.splits.links.texts import near_texts

    rows = items.select(COLUMNS).to_pylist()
    images = [row for row in rows if row["kind"] == "image" and row["path"] and row["sha256"]]
    found: list[Links] = []
    if images:
        known = _hashes(folder, images, locate, on_progress)
        found.append(near_hashes([known.get(row["sha256"] or "") for row in rows]))
    if any(row["kind"] == "text" and row["text"] for row in rows):
        texts = [row["text"] if row["kind"] == "text" else None for row in rows]
        found.append(texts_once(folder, items, lambda: near_texts(texts)))
    return found


def _hashes(
    folder: Folder, images: Sequence[Mapping[str, Any]], locate: Locate, on_progress: Progress | None
) -> dict[str, int | None]:
    known = _kept(folder)
    places = Places(locate)
    missing = {row["sha256"]: places.find(row["path"]) for row in images if row["sha256"] not in known}
    waiting = list(missing.items())
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            known |= dict(zip([sha256 for sha256, _ in batch], pool.map(_hash, [p for _, p in batch]), strict=True))
            if on_progress is not None:
                on_progress(min(start + _BATCH, len(waiting)), len(waiting))
    if waiting:
        _keep(folder, known)
    return known


def _hash(path: Path) -> int | None:
    from nbtools.media.dhash import difference_hash

    try:
        return difference_hash(path)
    except (MediaError, OSError):
        return None  # `verify` says what is wrong with it; it is like no other


def _kept(folder: Folder) -> dict[str, int | None]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(folder.path(CACHE), columns=["sha256", "hash"])
        return {
            sha256: None if number is None else number % _RANGE
            for sha256, number in zip(table["sha256"].to_pylist(), table["hash"].to_pylist(), strict=True)
        }
    except (OSError, pa.ArrowException, KeyError, TypeError, DatasetError):
        return {}  # a cache: made again


def _keep(folder: Folder, known: Mapping[str, int | None]) -> None:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    signed = [None if number is None else number - _RANGE if number >= _SIGN else number for number in known.values()]
    buffer = io.BytesIO()
    pq.write_table(pa.table({"sha256": list(known), "hash": pa.array(signed, pa.int64())}), buffer)
    folder.replace(CACHE, buffer.getvalue())
