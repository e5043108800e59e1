"""What restored files are called: as they came, by their ids, or in a folder for each answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from nbtools.errors import VersionError, did_you_mean
from nbtools.versions.record import Record

LAYOUTS = ("source", "id", "imagefolder")
_LONGEST = 100
_SHORT = 8
_UNFIT = re.compile(r"[^\w .+()\[\]-]")


class Stored(NamedTuple):
    """A file of a version.

    Attributes
    ----------
    item, path : str
        The item's id, and where its bytes lie, relative to the dataset.
    recipe : int
        The recipe that made the bytes; 0 is as-is.
    sha256 : str or None
        Of the bytes.
    sources : sequence of str
        The raw files that it came from.
    label : str or None
        The answer that names its folder, where that is asked for.
    part : str or None
        The part of a split that it is in.
    """

    item: str
    path: str
    recipe: int
    sha256: str | None
    sources: Sequence[str]
    label: str | None
    part: str | None = None


def check_layout(layout: object, target: str | None, record: Record) -> str | None:
    """Return the task whose answers name the folders; None where none do.

    Raises
    ------
    VersionError
        If there is no such layout, or the task cannot name folders.
    """
    if layout not in LAYOUTS:
        hint = did_you_mean(str(layout), LAYOUTS)
        raise VersionError(f"layout={layout!r} is none of {', '.join(map(repr, LAYOUTS))}{hint}")
    if layout != "imagefolder":
        return None
    tasks = record.said.get("tasks") or {}
    choices = [name for name, task in tasks.items() if isinstance(task, dict) and task.get("kind") == "choice"]
    if target not in choices:
        listed = ", ".join(map(repr, choices)) or "none"
        raise VersionError(
            f"layout='imagefolder' needs target=, a task of {record.name} with one answer to each item "
            f"(there are {listed}), and this is {target!r}{did_you_mean(str(target), choices)}"
        )
    return target


def targets(layout: str, files: Iterable[Stored]) -> list[tuple[Stored, str]]:
    """Return each file with the path it is restored to, relative to the destination.

    Parameters
    ----------
    layout : str
        One of `LAYOUTS`.
    files : iterable of Stored
        A file of several sources is restored to each of them.

    Notes
    -----
    Of two files of one name, on any file system, the second is called after its item too.
    """
    folders: dict[str, str] = {}
    taken: dict[str, Stored] = {}
    found = []
    for file in files:
        for name_in_part in _names(layout, file, folders):
            wanted = name_in_part if file.part is None else f"{file.part}/{name_in_part}"
            name, path = wanted, PurePosixPath(wanted)
            first = taken.setdefault(_alike(name), file)
            if first is not file and (file.sha256 is None or first.sha256 != file.sha256):
                name = str(path.with_name(f"{path.stem}-{file.item[:_SHORT]}{path.suffix}"))
                taken[_alike(name)] = file
            found.append((file, name))
    return found


def _names(layout: str, file: Stored, folders: dict[str, str]) -> list[str]:
    suffix = PurePosixPath(file.path).suffix
    by_id = f"{file.item}{suffix}"
    if layout == "id":
        return [by_id]
    if layout == "imagefolder":
        return [] if file.label is None else [f"{_folder(file.label, folders)}/{by_id}"]
    sources = [source.removeprefix("raw/") for source in file.sources] or [file.path.removeprefix("processed/")]
    # What was converted is no longer what its first name said.
    return [
        str(PurePosixPath(one).with_suffix(suffix)) if file.recipe and PurePosixPath(one).name else one
        for one in sources
    ]


def _folder(label: str, folders: dict[str, str]) -> str:
    """Return the name of the folder of an answer, which any file system can have and no other answer has."""
    if label not in folders:
        plain = _UNFIT.sub("_", unicodedata.normalize("NFC", label))[:_LONGEST].strip(". ") or "_"
        name, count = plain, 1
        while _alike(name) in map(_alike, folders.values()):
            count += 1
            name = f"{plain} ({count})"
        folders[label] = name
    return folders[label]


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
