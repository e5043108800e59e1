"""A few items of a version, as a page can show them."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.derived import thumbnail
from nbtools.errors import DatasetError, MediaError, UnsafePathError
from nbtools.storage import Folder
from nbtools.versions.record import Record
from nbtools.versions.tables import ITEM_SCHEMA, ITEMS

if TYPE_CHECKING:
    import pyarrow.parquet as pq

COUNT = 24
_SIDE = 192
_TEXT = 400
_READ = ("id", "kind", "path", "sha256", "media_type", "text", "sources")


def samples(
    folder: Folder, version: Record, locate: Callable[[str], Path], options: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Return some items of a version, drawn by chance, the same ones each time.

    Parameters
    ----------
    folder : Folder
        The dataset's folder, which keeps the thumbnails.
    version : Record
        The version.
    locate : callable
        Where the file of a path that the version names lies.
    options : mapping
        By task, the name of each option by its id.

    Returns
    -------
    list of dict
        ``name``, ``kind``, ``labels`` (task and value), and what can be shown of it:
        ``image`` (a data URI) or ``text``; ``missing`` says why there is none.

    Raises
    ------
    DatasetError
        If the table of items cannot be read.
    """
    return [_sample(folder, row, locate, options) for row in _drawn(folder, version, list(options))]


def _sample(
    folder: Folder,
    row: Mapping[str, Any],
    locate: Callable[[str], Path],
    options: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    labels = [(task, shown_label(row.get(task), names)) for task, names in options.items() if row.get(task) is not None]
    sources = row["sources"] or [row["path"] or row["id"]]
    said = {"name": str(sources[0]).rpartition("/")[2], "kind": row["kind"], "labels": labels}
    image, text, missing = None, None, None
    if row["kind"] == "image":
        try:
            data, media_type = thumbnail(folder, locate(str(row["path"])), row["sha256"], _SIDE)
            image = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
        except (MediaError, UnsafePathError) as error:
            missing = str(error)
    elif row["text"]:
        text = row["text"][:_TEXT] + ("…" if len(row["text"]) > _TEXT else "")
    else:
        missing = row["media_type"] or "no preview"
    return said | {"image": image, "text": text, "missing": missing}


def shown_label(value: Any, names: Mapping[str, str]) -> str:
    """Return a label by the names of its options; ``none`` where there is none."""
    if not isinstance(value, str) and hasattr(value, "__iter__"):
        return ", ".join(names.get(str(one), str(one)) for one in value) or "none of them"
    # What pandas has where nothing is compares with nothing, itself included.
    return "none" if value is None or str(value) in ("nan", "<NA>") else names.get(str(value), str(value))


def _drawn(folder: Folder, version: Record, tasks: Sequence[str]) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = f"{version.name.path}/{ITEMS}"
    try:
        with pq.ParquetFile(folder.path(path)) as file:
            count = file.metadata.num_rows
            wanted = sorted(random.Random(0).sample(range(count), min(COUNT, count)))
            columns = [name for name in (*_READ, *tasks) if name in file.schema_arrow.names]
            rows = list(_rows(file, wanted, columns))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error
    return [dict.fromkeys(ITEM_SCHEMA.names) | row for row in rows]


def _rows(file: pq.ParquetFile, wanted: Sequence[int], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield some rows; only the groups in which they are get read."""
    start = 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        inside = [row - start for row in wanted if start <= row < start + size]
        if inside:
            yield from file.read_row_group(group, columns=list(columns)).take(inside).to_pylist()
        start += size
