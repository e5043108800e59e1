"""A version as one zip file to hand on: unpacked, it is a dataset that holds this version and nothing else.

What is in it is what the version names: its files, its rows, its tasks, and its
labels, under the pseudonyms by which the version knows annotators.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import DatasetError
from nbtools.formats.about import About
from nbtools.formats.archive import Archive, new_archive
from nbtools.formats.croissant import CROISSANT, describe
from nbtools.formats.sightings import sightings_part
from nbtools.labels.act import Act
from nbtools.labels.names import is_name
from nbtools.storage import Folder, is_regular
from nbtools.store.tasks import TASKS, schemas
from nbtools.versions.places import Locate, Places
from nbtools.versions.record import Record

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[int, int | None], None]
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_VERSION_FILE = re.compile(r"(version|erased-[0-9A-Z]{26})\.json")
# After every other note of the kind, so that it is the last to be reckoned with.
_NOTE = f"erased-7{'Z' * 25}.json"
_KEPT = ("README.txt", "metadata/.gitignore")
_RECIPES = "metadata/recipes"
_SAME = ("act", "task", "schema", "item", "annotator", "identity", "status", "comment", "origin")


class _File(NamedTuple):
    """A file that items lie in: its hash, and of a file of rows which of them are items of the version."""

    sha256: str | None
    rows: list[str] | None


def write_bundle(
    folder: Folder,
    about: About,
    manifest: bytes,
    versions: Sequence[Record],
    locate: Locate,
    target: Path,
    on_progress: Progress | None = None,
) -> None:
    """Write a version, and splits of it, to a zip file.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    about : About
        The dataset.
    manifest : bytes
        What `metadata/dataset.json` is to be.
    versions : sequence of Record
        The version, and those of its splits that go with it.
    locate : callable
        Where the file of a path that the version names lies.
    target : Path
        The file to write: there is none, or one with less of the same version.
    on_progress : callable, optional
        Called with the number of files done and of all.

    Raises
    ------
    VersionError
        If the file is there already.
    DatasetError
        If something that the version names is missing or damaged; nothing is left then.
    UnsafePathError
        If a path of the version leads out of the dataset.
    NotSavedError
        If the disk refuses.
    """
    from nbtools.versions.tables import ITEMS, read_table

    version, *splits = versions
    items = read_table(folder, version.name, ITEMS)
    top = f"{re.sub(r'[^A-Za-z0-9_-]+', '-', about.name).strip('-') or 'dataset'}-{version.name}"
    with new_archive(target, top, version.created, f"{version.name.path}/version.json") as archive:
        for path in (path for path in _KEPT if folder.exists(path)):
            archive.add(path, folder.read(path))
        archive.add("raw/", b"")
        archive.add("metadata/dataset.json", manifest)
        said = describe(folder, about, version, splits)
        archive.add(CROISSANT, json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n")
        _add_tasks(archive, folder, version)
        _add_recipes(archive, folder, items)
        archive.add(f"metadata/items/{_name(version)}.parquet", sightings_part(items, version))
        for task, lines in _acts(folder, version).items():
            archive.add(f"metadata/labels/{task}/{_name(version)}.jsonl", lines)
        rewritten = _add_files(archive, _files(items), Places(locate), on_progress)
        for record in versions:
            _add_version(archive, folder, record, rewritten)


def _name(version: Record) -> str:
    # A name that this version always has, so that the same bundle can be made again.
    if not _ULID.fullmatch(version.write_id):
        raise DatasetError(f"{version.name.path}/version.json has no write_id: bring it back from a backup")
    return version.write_id


def _add_tasks(archive: Archive, folder: Folder, version: Record) -> None:
    for name, said in sorted(_tasks(version).items()):
        frozen = said.get("schema")
        for number in schemas(folder, name):
            if isinstance(frozen, int) and number < frozen:
                archive.add(f"{TASKS}/{name}/{number}.json", folder.read(f"{TASKS}/{name}/{number}.json"))
        text = json.dumps(said, ensure_ascii=False, indent=2)
        archive.add(f"{TASKS}/{name}/{frozen}.json", text.encode() + b"\n")


def _tasks(version: Record) -> dict[str, Mapping[str, Any]]:
    found = version.said.get("tasks")
    given = found if isinstance(found, Mapping) else {}
    return {name: said for name, said in given.items() if is_name(name) and isinstance(said, Mapping)}


def _add_recipes(archive: Archive, folder: Folder, items: pa.Table) -> None:
    import pyarrow.compute as pc

    for number in sorted(pc.unique(items["recipe"]).drop_null().to_pylist()):
        path = f"{_RECIPES}/{number}.json"
        if folder.exists(path):
            archive.add(path, folder.read(path))


def _acts(folder: Folder, version: Record) -> dict[str, bytes]:
    """Return the labels of a version as acts, by task: each as if it were the only one there ever was."""
    from nbtools.versions.tables import LABELS, read_table

    found: dict[str, list[bytes]] = {name: [] for name in _tasks(version)}
    for row in read_table(folder, version.name, LABELS).to_pylist():
        if row["task"] not in found:
            raise DatasetError(f"{version.name.path} has labels of {row['task']!r}, a task that it does not have")
        said: dict[str, Any] = {name: row[name] for name in _SAME} | {"received_at": row["at"]}
        said |= {name: bool(row[name]) for name in ("flagged", "unsure")}
        act = Act(**said, value=json.loads(row["value"] or "null"))
        found[row["task"]].append(act.to_line())
    return {task: b"".join(lines) for task, lines in sorted(found.items()) if lines}


def _files(items: pa.Table) -> dict[str, _File]:
    files: dict[str, _File] = {}
    rows: dict[str, list[str]] = {}
    columns = ("id", "path", "row", "sha256")
    for item, path, row, sha256 in zip(*(items[name].to_pylist() for name in columns), strict=True):
        if path is not None and row is None:
            files[path] = _File(sha256, None)
        elif path is not None:
            rows.setdefault(path, []).append(item)
    files |= {path: _File(None, wanted) for path, wanted in rows.items()}
    return dict(sorted(files.items()))


def _add_files(
    archive: Archive, files: Mapping[str, _File], places: Places, on_progress: Progress | None
) -> dict[str, dict[str, Any]]:
    """Add the files of items; return what files of rows are now of which some rows had to be emptied."""
    rewritten: dict[str, dict[str, Any]] = {}
    for done, (path, file) in enumerate(files.items(), 1):
        place = places.find(path)
        data = None if file.rows is None else _only(place, path, file.rows)
        if data is None:
            archive.copy(path, place, file.sha256)
        else:
            archive.add(path, data)
            rewritten[path] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if on_progress is not None:
            on_progress(done, len(files))
    return rewritten


def _only(place: Path, path: str, items: Sequence[str]) -> bytes | None:
    """Return a file of rows with nothing in those that are not of the version; None where all of them are."""
    from nbtools.ingest.records import ITEM_COLUMN, emptied, read_records, records_bytes

    if not is_regular(place):
        raise DatasetError(f"{path} is missing: verify the version, and bring it back from a backup")
    table = read_records(Folder(place.parent), place.name)
    if ITEM_COLUMN not in table.column_names:
        raise DatasetError(f"{path} does not say which row is which item: bring it back from a backup")
    others = {item for item in table[ITEM_COLUMN].to_pylist() if item is not None} - set(items)
    return records_bytes(emptied(table, others)) if others else None


def _add_version(archive: Archive, folder: Folder, record: Record, rewritten: Mapping[str, Any]) -> None:
    for file in _own(folder, record):
        archive.copy(f"{record.name.path}/{file}", folder.path(f"{record.name.path}/{file}"), None)
    if rewritten:
        said = {"at": record.created, "reason": "rows that are not of this version", "items": [], "records": rewritten}
        archive.add(f"{record.name.path}/{_NOTE}", json.dumps(said, indent=2).encode() + b"\n")


def _own(folder: Folder, record: Record) -> Iterator[str]:
    there = folder.sizes(record.name.path)
    yield from sorted(file for file in there if file in record.files or _VERSION_FILE.fullmatch(file))
    missing = sorted(set(record.files) - set(there))
    if missing:
        raise DatasetError(f"{record.name.path}/{missing[0]} is missing: bring it back from a backup")
