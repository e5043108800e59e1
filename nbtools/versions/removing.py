"""Deletes versions, and clears what killed processes and deleted versions have left."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nbtools.errors import VersionError
from nbtools.storage import Folder
from nbtools.versions.changelog import write_changelog
from nbtools.versions.commit import STAGING
from nbtools.versions.names import RECORD, TOMBSTONE, VERSIONS, VersionName, is_deleted, own_names
from nbtools.versions.words import counted

# A writer may be at work for long, on a slow disk or a stopped laptop.
DAY = 24 * 60 * 60.0
_ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
_STAGED = re.compile(re.escape(STAGING) + _ULID)
_PART = re.compile(rf"\.{_ULID}\.part")
_SHOWN = 10


class Left(NamedTuple):
    """Something that nobody needs any more: where it lies relative to the dataset, how large it is, and what it was."""

    path: str
    bytes: int
    why: str


@dataclass(frozen=True, slots=True)
class Garbage:
    """What can be cleared, or was.

    Attributes
    ----------
    found : tuple of Left
        What it is.
    removed : bool
        Whether it is gone.
    """

    found: tuple[Left, ...]
    removed: bool

    @property
    def bytes(self) -> int:
        """How much room it takes, or took."""
        return sum(one.bytes for one in self.found)

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return {"removed": self.removed, "bytes": self.bytes, "found": [one._asdict() for one in self.found]}

    def __repr__(self) -> str:
        """Say what it is, and the next sensible call."""
        if not self.found:
            return "nothing to clear"
        said = "cleared" if self.removed else "would be cleared"
        lines = [f"{counted(len(self.found), 'leftover')} {said}, {self.bytes:,} bytes"]
        lines += [f"  {one.path} ({one.why})" for one in self.found[:_SHOWN]]
        lines += [f"  … {len(self.found) - _SHOWN:,} more"] if len(self.found) > _SHOWN else []
        return "\n".join([*lines, *([] if self.removed else ["next: ds.gc(dry_run=False)"])])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


def delete(folder: Folder, name: VersionName, author: str | None, reason: str | None) -> bool:
    """Delete a version or a split; its record stays, so that its name is not given again.

    Returns
    -------
    bool
        False if it was deleted already.

    Raises
    ------
    VersionError
        If there are splits of it.
    NotSavedError
        If the disk refuses.
    """
    said = {"deleted": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")}
    try:
        folder.create(
            f"{name.path}/{TOMBSTONE}",
            json.dumps({**said, "author": author, "reason": reason}, ensure_ascii=False, indent=2).encode() + b"\n",
        )
    except FileExistsError:
        return False
    # Looked for only now, so that no split can be made between.
    splits = _splits(folder, name)
    if splits:
        folder.path(f"{name.path}/{TOMBSTONE}").unlink()
        raise VersionError(f"{name} has splits, {', '.join(map(str, splits))}: delete them first")
    write_changelog(folder)
    return True


def collect(folder: Folder, *, dry_run: bool = True, now: float | None = None) -> Garbage:
    """Clear what nobody needs any more: nothing that is younger than a day, and nothing that nbtools did not make.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    dry_run : bool
        Only say what it is.
    now : float, optional
        Seconds since 1970; the clock's unless given.
    """
    before = (time.time() if now is None else now) - DAY
    found = [*_staged(folder, before), *_deleted(folder, before), *_parts(folder, before)]
    for one in () if dry_run else found:
        _remove(folder.path(one.path))
    return Garbage(tuple(found), removed=not dry_run)


def _splits(folder: Folder, name: VersionName) -> list[VersionName]:
    return [one for one in own_names(folder) if one.is_split and one.version == name and one != name]


def _staged(folder: Folder, before: float) -> Iterator[Left]:
    root = folder.path(VERSIONS)
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if _STAGED.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            inside = [one.lstat() for one in (path, *path.rglob("*"))]
            if max(one.st_mtime for one in inside) < before:
                yield Left(f"{VERSIONS}/{path.name}", sum(one.st_size for one in inside[1:]), "a version not finished")


def _deleted(folder: Folder, before: float) -> Iterator[Left]:
    for name in own_names(folder, deleted=True):
        if not is_deleted(folder, name) or folder.path(f"{name.path}/{TOMBSTONE}").stat().st_mtime >= before:
            continue
        if _splits(folder, name):
            continue
        for file, size in folder.sizes(name.path).items():
            if file not in (RECORD, TOMBSTONE):
                yield Left(f"{name.path}/{file}", size, f"{name} was deleted")


def _parts(folder: Folder, before: float) -> Iterator[Left]:
    for top in ("metadata", "processed", VERSIONS):
        for place, folders, files in os.walk(folder.path(top)):
            folders[:] = sorted(one for one in folders if not _STAGED.fullmatch(one))
            for path in (Path(place, file) for file in sorted(files) if _PART.fullmatch(file)):
                there = path.lstat()
                if there.st_mtime < before:
                    yield Left(path.relative_to(folder.root).as_posix(), there.st_size, "a file not finished")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
