"""Files of a folder that may come from anyone: found inside it, copied whole, told by their hash."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from nbtools.errors import DatasetError, MergeError
from nbtools.ingest.place import place
from nbtools.storage import Folder, new_ulid

_LONGEST_STEM = 50  # of a name that a file gets only because its own is taken


def regular_file(folder: Folder, path: str) -> Path:
    """Return a plain file that lies in a folder, links inside it followed.

    Raises
    ------
    MergeError
        If it is not there, leads out, or is no plain file.
    """
    try:
        place_ = folder.path(path).resolve(strict=True)
        regular = place_.is_relative_to(folder.root) and place_.is_file()
    except DatasetError as error:
        raise MergeError(str(error)) from error
    except OSError as error:
        raise MergeError(f"its file is not there ({error.strerror or error})") from error
    if not regular:
        raise MergeError("its file there is a folder, socket, pipe or device")
    return place_


def part_beside(target: Path) -> Path:
    """Return where a file is written before it gets its name; the folder is made.

    Raises
    ------
    MergeError
        If a file is where a folder is needed.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise MergeError("a file is here where it needs a folder") from None
    return target.parent / f".{new_ulid()}.part"


def copy_of(origin: Path, part: Path) -> None:
    """Copy a file, or share its blocks.

    Raises
    ------
    MergeError
        If it cannot be read.
    OSError
        If the disk refuses.
    """
    try:
        # A path checked before must not have become a link, nor a pipe, since.
        handle = os.open(origin, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise MergeError(f"its file there cannot be read: {error.strerror or error}") from error
    try:
        place("auto", str(origin), handle, None, str(part), ours=False)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in (errno.EIO, errno.EISDIR, errno.EINVAL):
            raise MergeError(f"its file there cannot be read: {error.strerror or error}") from error
        raise
    finally:
        os.close(handle)


def without_id(source: str, item: str) -> str:
    """Return the path that a raw file had before it was placed beside another of the same name."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/{name.replace(f'-{item[:8]}', '', 1)}" if f"-{item[:8]}" in name else ""


def beside(source: str, item: str) -> str:
    """Return the path that a raw file gets where another file has its name."""
    folder, _, name = source.rpartition("/")
    suffix = Path(name).suffix
    return f"{folder}/{name.removesuffix(suffix)[:_LONGEST_STEM]}-{item[:8]}{suffix}"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
