"""Takes over a dataset folder that was kept by hand, and leaves every file where it is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nbtools.dataset.core import Core
from nbtools.versions.words import say

if TYPE_CHECKING:
    from nbtools.ingest.scan import RawFile
    from nbtools.ingest.work import Done
    from nbtools.items.catalogue import Sighting
    from nbtools.storage import Folder

PROCESSED = "processed"
_BATCH = 500
_SHOWN = 5


def adopt_items(ds: Core) -> None:
    """Catalogue the files in processed/ that are not in the catalogue, under the names they have.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    from nbtools.ingest.scan import walk

    processed = ds._folder.path(PROCESSED)
    if not processed.is_dir() or not any(processed.iterdir()):
        return
    scan = walk(processed)
    known = _known_paths(ds)
    files = [file for file in scan.files if f"{PROCESSED}/{file.path}" not in known]
    taken, failed, twice = _catalogue(ds, files)
    if taken or failed:
        say(f"{taken:,} files in {PROCESSED}/ are items now, under the names they have")
    ds._index.refresh()
    left = [*scan.left, *((table.path, "a table") for table in scan.tables)]
    for title, rows in (("not taken", [*scan.failed, *failed]), ("left as it is", left), ("the same as", twice)):
        for path, why in rows[:_SHOWN]:
            say(f"  {title}: {PROCESSED}/{path} ({why})")
        if len(rows) > _SHOWN:
            say(f"  {title}: {len(rows) - _SHOWN:,} more")


def foreign_versions(folder: Folder) -> list[str]:
    """Return the names of the folders in versions/ that nbtools did not make."""
    return [name for name in folder.folders("versions") if not folder.exists(f"versions/{name}/version.json")]


def _known_paths(ds: Core) -> set[str]:
    ds._index.refresh()
    return {row.path for row in ds._index.rows(excluded=True) if row.path is not None}


def _catalogue(ds: Core, files: Sequence[RawFile]) -> tuple[int, list[tuple[str, str]], list[tuple[str, str]]]:
    from nbtools.ingest.convert import find_recipe
    from nbtools.ingest.work import Job, work
    from nbtools.items.catalogue import write_part
    from nbtools.items.erased import read_blocked
    from nbtools.media import can_read_heic

    root = ds._folder.root
    blocked = frozenset(read_blocked(ds._folder))
    recipe = find_recipe(ds._folder, None)
    job = Job(os.fspath(root / PROCESSED), os.fspath(root), "reference", recipe, can_read_heic(), blocked)
    failed: list[tuple[str, str]] = []
    twice: list[tuple[str, str]] = []
    seen: dict[str, str] = {}
    for start in range(0, len(files), _BATCH):
        done = work(job, [(file, False) for file in files[start : start + _BATCH]])
        failed += [(one.file.path, one.error) for one in done if one.error is not None]
        write_part(ds._folder, list(_rows(ds, done, seen, twice)))
    return len(seen), failed, twice


def _rows(ds: Core, done: Iterable[Done], seen: dict[str, str], twice: list[tuple[str, str]]) -> Iterable[Sighting]:
    from nbtools.items.catalogue import Sighting

    added = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for one in done:
        there = ds._index.item(one.id) if one.error is None else None
        first = there.path if there is not None else seen.get(one.id)
        if one.error is None and first is not None:
            twice.append((one.file.path, first))
        elif one.error is None:
            seen[one.id] = f"{PROCESSED}/{one.file.path}"
            yield Sighting(
                id=one.id,
                sha256=one.sha256,
                content=one.content,
                kind=one.kind,
                media_type=one.media_type,
                path=seen[one.id],
                bytes=one.bytes,
                width=one.width,
                height=one.height,
                duration=one.duration,
                added=added,
            )
