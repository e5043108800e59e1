"""A zip file that is written as a stream, the same for the same content, and never over another file."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import hashlib
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from nbtools.errors import DatasetError, NotSavedError, VersionError
from nbtools.storage import Folder, is_regular, new_ulid, place, sync_folder

_CHUNK = 1 << 20
_UNIX = 3
_FILE = 0o100644 << 16
_EARLIEST = (1980, 1, 1, 0, 0, 0)
# What is packed already: to pack it again costs much and gives nothing.
_PACKED = {
    *("avif", "flac", "gif", "gz", "heic", "jpeg", "jpg", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "opus", "parquet"),
    *("png", "webm", "webp", "zip", "zst"),
}


class Archive:
    """A zip file in the making.

    Parameters
    ----------
    file : ZipFile
        Open for writing.
    top : str
        The folder in it that holds everything.
    created : str
        RFC 3339: the time that all files in it have, so that it can be made again.
    """

    def __init__(self, file: zipfile.ZipFile, top: str, created: str) -> None:
        self._file = file
        self._top = top
        self._time = _time(created)

    def add(self, path: str, data: bytes) -> None:
        """Add a file; a path that ends with ``/`` is an empty folder."""
        self._file.writestr(self._info(path), data)

    def copy(self, path: str, source: Path, sha256: str | None) -> None:
        """Add a file from the disk.

        Raises
        ------
        DatasetError
            If it is not there, or has other bytes than it should have.
        """
        if not is_regular(source):
            raise DatasetError(f"{path} is missing: verify the version, and bring it back from a backup")
        digest = hashlib.sha256()
        with source.open("rb", buffering=0) as file:
            info = self._info(path)
            info.file_size = os.fstat(file.fileno()).st_size
            with self._file.open(info, "w") as out:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                    out.write(piece)
        if sha256 is not None and digest.hexdigest() != sha256:
            raise DatasetError(f"{path} has other bytes than the version says: bring it back from a backup")

    def _info(self, path: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{self._top}/{path}", self._time)
        packed = path.rpartition(".")[2].lower() in _PACKED or path.endswith("/")
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.create_system = _UNIX
        info.external_attr = 0o40755 << 16 | 0x10 if path.endswith("/") else _FILE
        return info


@contextlib.contextmanager
def new_archive(target: Path, top: str, created: str, sign: str) -> Iterator[Archive]:
    """Write a zip file: it is at its place, whole and on the disk, when the block ends, or nothing is.

    Parameters
    ----------
    target : Path
        The file. One that is the same already stays, and one of the same sign that has
        less in it is replaced; any other is refused.
    top, created : str
        See `Archive`.
    sign : str
        The path of a file in it that no other archive has, so that an earlier state of
        this one is known by it.

    Raises
    ------
    VersionError
        If there is another file already.
    NotSavedError
        If the disk refuses.
    """
    if target.exists() and not zipfile.is_zipfile(target):
        raise _taken(target)
    staged = Folder(target.parent).path(f".{new_ulid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with staged.open("xb") as out:
            with zipfile.ZipFile(out, "w", allowZip64=True) as file:
                yield Archive(file, top, created)
            out.flush()
            os.fsync(out.fileno())
        if not (target.is_file() and filecmp.cmp(staged, target, shallow=False)):
            if target.is_file() and _has_grown(target, staged, f"{top}/{sign}"):
                staged.replace(target)
            else:
                place(staged, target)
            sync_folder(target.parent)
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError as error:
        if isinstance(error, NotSavedError):
            raise
        reason = error.strerror or str(error)
        raise NotSavedError(error.errno or errno.EIO, f"{target.name} was not written: {reason}") from error
    finally:
        with contextlib.suppress(OSError):
            staged.unlink()


def _has_grown(target: Path, staged: Path, sign: str) -> bool:
    try:
        with zipfile.ZipFile(target) as old, zipfile.ZipFile(staged) as new:
            before, after = ({one.filename: one.file_size for one in each.infolist()} for each in (old, new))
            if sign not in before or before[sign] != after.get(sign) or not before.keys() <= after.keys():
                return False
            return old.read(sign) == new.read(sign)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):  # damaged, or packed in a way of its own
        return False


def _taken(target: Path) -> VersionError:
    return VersionError(f"{target} is there already, and is another file: name another one, or remove it")


def _time(created: str) -> tuple[int, int, int, int, int, int]:
    try:
        found = datetime.fromisoformat(created).astimezone(UTC)
    except ValueError:
        return _EARLIEST
    return max((found.year, found.month, found.day, found.hour, found.minute, found.second), _EARLIEST)
