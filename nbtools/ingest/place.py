"""How bytes get from raw/ to processed/: shared, linked or copied; whole, and kept."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbtools.errors import SourceError
from nbtools.storage import new_ulid

LINKS = ("auto", "hard", "copy", "reference")
_FICLONE = 0x40049409
_CHUNK = 1 << 20
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.EACCES)

# Pairs of disks that turned out not to share blocks: asked once per process.
_no_reflink: set[tuple[int, int]] = set()


def place(link: str, source: str, handle: int, data: bytes | None, target: str, *, ours: bool) -> None:
    """Put the bytes of a raw file at the target, which is whole or absent at every moment that counts.

    Parameters
    ----------
    link : str
        ``auto`` (share blocks, else link what is ours, else copy), ``hard`` or ``copy``.
    source : str
        The raw file.
    handle : int
        The same file, open for reading.
    data : bytes or None
        Its bytes, if they have been read.
    target : str
        Where they go. A file that is there and not in the catalogue was left by a
        run that was killed: it is checked, and replaced unless it is the same.
    ours : bool
        Whether `add` itself made the raw copy, so that nobody writes to it.

    Raises
    ------
    SourceError
        If hard links were asked for and cannot be made.
    OSError
        If the disk refuses.
    """
    if link == "hard" or (link == "auto" and ours and not _reflinks(handle, target)):
        try:
            _hard_link(source, target, data)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            if link == "hard":
                raise SourceError(
                    f"no hard link can be made to {source}: {error.strerror}. Ingest with link='copy' or 'reference'"
                ) from error
        else:
            return
    _fill(target, handle, data, share=link == "auto")


def write_new(target: str, data: bytes) -> None:
    """Put bytes of our own making at the target.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    _fill(target, None, data, share=False)


def hard_links_work(raw: Path, processed: Path) -> None:
    """Refuse early where hard links were asked for and cannot be made.

    Raises
    ------
    SourceError
        If the two folders lie on different disks.
    """
    if raw.stat().st_dev != processed.stat().st_dev:
        raise SourceError(
            f"{raw} and {processed} lie on different disks, so that nothing can be hard-linked: "
            "ingest with link='copy' or 'reference'"
        )


def clear_parts(folder: Path) -> None:
    """Throw away what a killed process was in the middle of writing; no other may be at work there."""
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)


def sync(folder: Path, files: Iterable[Path]) -> None:
    """Return when what was placed is on the disk.

    One call for the whole file system where there is one: a sync per file takes
    ten times as long.

    Parameters
    ----------
    folder : Path
        The folder that was filled.
    files : iterable of Path
        The files that were placed in it.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    with _opened(folder) as handle:
        if _syncfs is not None and _syncfs(handle) == 0:
            return
        for path in files:
            with _opened(path) as file:
                os.fsync(file)
        os.fsync(handle)


def _hard_link(source: str, target: str, data: bytes | None) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        if not os.path.samefile(source, target) and (data is None or not _holds(target, data)):
            staged = _staged(target)
            os.link(source, staged)
            os.replace(staged, target)


def _fill(target: str, handle: int | None, data: bytes | None, *, share: bool) -> None:
    # Read-only from the start: what is named by its hash is never changed.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        made = os.open(target, flags, 0o444)
        staged = None
    except FileExistsError:
        if data is not None and _holds(target, data):
            return
        staged = _staged(target)
        made = os.open(staged, flags, 0o444)
    try:
        if not (share and handle is not None and _reflink(handle, made)):
            _write(made, handle, data)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(staged or target)
        raise
    finally:
        os.close(made)
    if staged is not None:
        os.replace(staged, target)


def _write(made: int, handle: int | None, data: bytes | None) -> None:
    for piece in _pieces(handle) if data is None else (data,):
        view = memoryview(piece)
        while view:
            view = view[os.write(made, view) :]


def _pieces(handle: int | None) -> Iterator[bytes]:
    assert handle is not None
    os.lseek(handle, 0, os.SEEK_SET)
    while piece := os.read(handle, _CHUNK):
        yield piece


def _holds(target: str, data: bytes) -> bool:
    try:
        return os.stat(target).st_size == len(data) and Path(target).read_bytes() == data
    except OSError:
        return False


def _staged(target: str) -> str:
    return f"{os.path.dirname(target)}/.{new_ulid()}.part"


def _reflink(handle: int, made: int) -> bool:
    disks = (os.fstat(handle).st_dev, os.fstat(made).st_dev)
    if disks in _no_reflink:
        return False
    try:
        fcntl.ioctl(made, _FICLONE, handle)
    except OSError:
        _no_reflink.add(disks)
        return False
    return True


def _reflinks(handle: int, target: str) -> bool:
    """Tell whether the two places share blocks, by trying it with a file that is thrown away."""
    if (os.fstat(handle).st_dev, os.stat(os.path.dirname(target)).st_dev) in _no_reflink:
        return False
    probe = _staged(target)
    made = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        return _reflink(handle, made)
    finally:
        os.close(made)
        os.unlink(probe)


@contextlib.contextmanager
def _opened(path: Path) -> Any:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def _find_syncfs() -> Any:
    try:
        found = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return None
    found.argtypes = [ctypes.c_int]
    return found


_syncfs = _find_syncfs()
