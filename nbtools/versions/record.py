"""`version.json`: what a version says of itself. A version exists from the moment that this file does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbtools.errors import DatasetError, NewerFormatError
from nbtools.storage import Folder
from nbtools.versions.names import RECORD, VersionName

FORMAT = 1
# The first nbtools that reads this format; a version says it for those that come before.
NEEDS = "0.1.0"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a version's record says of one of its files.

    Attributes
    ----------
    bytes : int
        Its size.
    sha256 : str
        Of its bytes, 64 hex digits. Not the version's identity: the same rows
        written by another library are other bytes.
    rows : int or None
        How many, of a table.
    """

    bytes: int
    sha256: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """What every version and split says of itself.

    Attributes
    ----------
    name : VersionName
        Its name.
    parent : VersionName or None
        The version before it, or the one that it is a split of.
    created : str
        RFC 3339, UTC.
    author : str or None
        Who made it.
    message : str
        What it is, in words.
    files : mapping of str to FileRecord
        The files beside it.
    write_id : str
        A ULID of the attempt that made it.
    said : mapping
        Everything that the file holds, keys that this nbtools does not know included.
    """

    name: VersionName
    parent: VersionName | None
    created: str
    author: str | None
    message: str
    files: Mapping[str, FileRecord]
    write_id: str
    said: Mapping[str, Any]

    @property
    def counts(self) -> Mapping[str, Any]:
        """How many items, bytes, kinds and labels."""
        return _mapping(self.said, "counts")

    @property
    def digests(self) -> Mapping[str, Any]:
        """``items_digest``, ``attributes_digest``, ``labels_digest``."""
        return _mapping(self.said, "digests")

    @property
    def truth(self) -> Mapping[str, Any]:
        """By task: ``rule``, how answers that differ were settled, and ``digest``, of what came out."""
        return _mapping(self.said, "truth")

    @property
    def changed(self) -> Mapping[str, Any]:
        """What changed from the parent."""
        return _mapping(self.said, "changed")


def read_record(folder: Folder, name: VersionName) -> Record:
    """Read what a version says of itself.

    Raises
    ------
    NewerFormatError
        If a newer nbtools wrote it; the message names the one that reads it.
    DatasetError
        If it cannot be understood.
    """
    path = f"{name.path}/{RECORD}"
    try:
        found = json.loads(folder.read(path))
        version = found["format"]
        if isinstance(version, int) and version > FORMAT:
            raise NewerFormatError(
                f"{path} is of format {version}, and this nbtools knows {FORMAT}: "
                f"pip install -U 'nbtools-data>={_needed(found)}'"
            )
        return _from_json(name, found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise DatasetError(
            f"{path} cannot be understood: {type(error).__name__} {error}. Bring it back from a backup"
        ) from error


def _from_json(name: VersionName, found: Mapping[str, Any]) -> Record:
    if found["format"] != FORMAT or found["name"] != str(name):
        raise ValueError(f"it speaks of {found['name']!r} in format {found['format']!r}")
    texts = [found[key] for key in ("created", "message", "write_id")]
    author, parent = found.get("author"), found.get("parent")
    if not all(isinstance(text, str) for text in texts) or not isinstance(author, str | None):
        raise TypeError("created, message, write_id and author are text")
    files = {str(file): _file(file, said) for file, said in found["files"].items()}
    above = None if parent is None else VersionName.parse(parent)
    return Record(name, above, texts[0], author, texts[1], files, texts[2], found)


def _file(name: str, said: Mapping[str, Any]) -> FileRecord:
    size, sha256, rows = said["bytes"], said["sha256"], said.get("rows")
    if not (isinstance(size, int) and isinstance(sha256, str) and isinstance(rows, int | None)):
        raise TypeError(f"bytes, sha256 and rows of {name} are {size!r}, {sha256!r} and {rows!r}")
    if "/" in name or name.startswith("."):
        raise ValueError(f"{name!r} is no file of a version")
    return FileRecord(size, sha256, rows)


def _mapping(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = said.get(key)
    return found if isinstance(found, Mapping) else {}


def _needed(found: Mapping[str, Any]) -> str:
    needs = found.get("needs")
    plain = isinstance(needs, str) and needs.replace(".", "").isalnum()
    return str(needs) if plain else "a newer one"
