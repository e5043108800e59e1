"""What versions say of items that were erased from them on request."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.versions.names import VersionName
from nbtools.versions.record import FileRecord

_SAYS = re.compile(r"erased-[0-9A-HJKMNP-TV-Z]{26}\.json")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased from a version on request.

    Attributes
    ----------
    items : int
        How many items.
    files : mapping of str to FileRecord
        What tables of the version are since then, in the place of what its record says.
    records : mapping of str to FileRecord
        The same of the files of rows that its items lie in, by path.
    digests : mapping of str to str
        The same of its digests.
    said : tuple of (str, str, int)
        When, why, and how many items, for each erasure.
    """

    items: int = 0
    files: Mapping[str, FileRecord] = field(default_factory=dict)
    records: Mapping[str, FileRecord] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    said: tuple[tuple[str, str, int], ...] = ()


def read_erased(folder: Folder, name: VersionName) -> Erased:
    """Return what was erased from a version.

    Raises
    ------
    DatasetError
        If a file that says so cannot be understood.
    """
    files: dict[str, FileRecord] = {}
    records: dict[str, FileRecord] = {}
    digests: dict[str, str] = {}
    said = []
    for found in notes(folder, name):
        try:
            files |= {str(file): _file(one) for file, one in found.get("files", {}).items()}
            records |= {str(path): _file(one) for path, one in found.get("records", {}).items()}
            digests |= {str(key): str(digest) for key, digest in found.get("digests", {}).items()}
            said.append((str(found["at"]), str(found["reason"]), len(found["items"])))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DatasetError(f"{name.path}/erased-….json cannot be understood: {error!r}") from error
    return Erased(sum(count for _, _, count in said), files, records, digests, tuple(one for one in said if one[2]))


def _file(said: Mapping[str, Any]) -> FileRecord:
    rows = said.get("rows")
    return FileRecord(int(said["bytes"]), str(said["sha256"]), None if rows is None else int(rows))


def notes(folder: Folder, name: VersionName) -> list[dict[str, Any]]:
    """Return what each ``erased-<ulid>.json`` of a version says, in order.

    Raises
    ------
    DatasetError
        If one cannot be understood.
    """
    found = []
    for file in folder.sizes(name.path, ".json"):
        if _SAYS.fullmatch(file):
            try:
                one = json.loads(folder.read(f"{name.path}/{file}"))
            except (ValueError, RecursionError) as error:
                raise DatasetError(f"{name.path}/{file} cannot be understood: {error}") from error
            if isinstance(one, dict):
                found.append(one)
    return found
