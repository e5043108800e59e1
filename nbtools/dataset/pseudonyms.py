"""Under which names annotators appear in versions: random ones, kept beside the dataset and out of git."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
from collections.abc import Iterable

from nbtools.errors import DatasetError
from nbtools.labels.names import IMPORTER
from nbtools.storage import Folder
from nbtools.ulids import spelled

ANNOTATORS = "metadata/annotators"
_FORMAT = 1
_MADE = re.compile(r"annotator-[0-9a-f]{10}")


def pseudonyms(folder: Folder, owner: str, names: Iterable[str]) -> dict[str, str]:
    """Return the pseudonym of each annotator; made where there is none yet.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    owner : str
        The dataset's id.
    names : iterable of str
        Whose. What was imported stays ``import``, which is nobody.

    Raises
    ------
    DatasetError
        If a file that holds one cannot be understood.
    NotSavedError
        If the disk refuses.

    Notes
    -----
    The file's name is made of the annotator's, so that of two processes at once one
    makes the pseudonym and the other finds it. It goes where the file goes: without
    the folder nobody can tell who is who.
    """
    return {name: name if _is_nobody(name) else _pseudonym(folder, owner, name) for name in set(names)}


def pseudonym_path(owner: str, name: str) -> str:
    """Return where the pseudonym of an annotator is kept, relative to the dataset."""
    said = f"{owner}\n{name}".encode("utf-8", "backslashreplace")
    return f"{ANNOTATORS}/{spelled(int.from_bytes(hashlib.sha256(said).digest()[:16]))}.json"


def _is_nobody(name: str) -> bool:
    # Whose name was erased goes by the pseudonym, which is then all that there is.
    return name == IMPORTER or _MADE.fullmatch(name) is not None


def _pseudonym(folder: Folder, owner: str, name: str) -> str:
    path = pseudonym_path(owner, name)
    made = {"format": _FORMAT, "name": name, "pseudonym": f"annotator-{secrets.token_hex(5)}"}
    if not folder.exists(path):
        with contextlib.suppress(FileExistsError):
            folder.create(path, json.dumps(made, indent=2).encode() + b"\n")
    try:
        found = json.loads(folder.read(path))["pseudonym"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DatasetError(
            f"{path} cannot be understood: {error}. Bring it back from a backup, or delete it"
        ) from error
    if not isinstance(found, str) or not found.isascii() or not found.isprintable() or not found:
        raise DatasetError(f"{path} holds no pseudonym. Bring it back from a backup, or delete it")
    return found
