"""The SHA-256 of files, and of what is copied while it is copied."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from nbtools.storage import new_ulid

_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, 64 hex digits.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_checked(source: Path, target: Path, sha256: str | None) -> bool:
    """Copy a file, whole or not at all, and only if it has the bytes that it should have.

    Parameters
    ----------
    source, target : Path
        From where to where; what is at the target is replaced.
    sha256 : str or None
        Of the bytes; None if they are not known.

    Returns
    -------
    bool
        False if the bytes are others: then nothing was written.

    Raises
    ------
    OSError
        If the source cannot be read or the disk refuses.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.parent / f".{new_ulid()}.part"
    digest = hashlib.sha256()
    try:
        with source.open("rb", buffering=0) as file, staged.open("xb", buffering=0) as out:
            while piece := file.read(_CHUNK):
                digest.update(piece)
                _write_all(out.fileno(), piece)
        if sha256 is not None and digest.hexdigest() != sha256:
            return False
        staged.replace(target)
        return True
    finally:
        staged.unlink(missing_ok=True)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
