"""Bytes on disk: paths that stay inside, files made once, lines that are kept.

Three ways of writing are enough for the whole layout: `create` (a file that is never
written again, and of which exactly one of several racing writers wins), `replace` (a
file that a reader sees whole, old or new) and `Journal` (a file that only grows).
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
from pathlib import Path, PurePosixPath

from nbtools.errors import NotSavedError, UnsafePathError
from nbtools.ulids import new_ulid

__all__ = ["Folder", "Journal", "is_regular", "make_folder", "new_ulid", "sync_folder"]

# The system calls that can lose data, by name, so that tests can make them fail.
_write = os.write
_fsync = os.fsync
_fdatasync = getattr(os, "fdatasync", os.fsync)
_link = os.link

_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK}


class Folder:
    """A folder on a local disk that paths cannot lead out of.

    Parameters
    ----------
    root : Path
        The folder. It need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root).expanduser().resolve()

    def __repr__(self) -> str:
        """Show the folder's path."""
        return f"Folder({str(self.root)!r})"

    def path(self, relative: str) -> Path:
        """Return the absolute path of a relative one.

        Parameters
        ----------
        relative : str
            A POSIX path below the folder.

        Raises
        ------
        UnsafePathError
            If the path is absolute, climbs with ``..``, or passes through a
            symbolic link that leads out of the folder.
        """
        parts = PurePosixPath(relative).parts
        unsafe = not parts or "\0" in relative or ".." in parts or PurePosixPath(relative).is_absolute()
        full = self.root.joinpath(*parts) if not unsafe else self.root
        if unsafe or not _stays_in(full, self.root):
            raise UnsafePathError(
                f"the path {relative!r} leads out of {self.root}; a dataset may only name files below its own folder"
            )
        return full

    def exists(self, relative: str) -> bool:
        """Tell whether there is a file or folder at the path."""
        return self.path(relative).exists()

    def read(self, relative: str, start: int = 0) -> bytes:
        """Return the bytes of a file, from `start` to its end.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        """
        with self.path(relative).open("rb") as file:
            file.seek(start)
            return file.read()

    def sizes(self, relative: str, suffix: str = "") -> dict[str, int]:
        """Return the size in bytes of each file in a folder, by name, sorted.

        A folder that is not there has none. Links, hidden files and other endings do not count.
        """
        try:
            with os.scandir(self.path(relative)) as entries:
                named = (one for one in entries if one.name.endswith(suffix) and not one.name.startswith("."))
                files = (one for one in named if one.is_file(follow_symlinks=False))
                found = {one.name: one.stat(follow_symlinks=False).st_size for one in files}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return dict(sorted(found.items()))

    def folders(self, relative: str) -> list[str]:
        """Return the sorted names of the folders in a folder, but for hidden ones."""
        try:
            with os.scandir(self.path(relative)) as entries:
                return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False) and not e.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def create(self, relative: str, data: bytes, mode: int = 0o666) -> None:
        """Write a file that must not exist yet; it is on the disk on return.

        Of several writers at once exactly one wins. `os.link` decides, on NFS too,
        where ``O_EXCL`` and a write can be seen half done. Without links an empty
        file is the claim, and is then replaced: it may be seen empty for a moment.

        Raises
        ------
        FileExistsError
            If the file exists, whatever it holds.
        NotSavedError
            If the disk refuses.
        """
        target = self.path(relative)
        staged = _stage(target, data, mode)
        try:
            place(staged, target)
            sync_folder(target.parent)
        except FileExistsError:
            raise
        except OSError as error:
            raise _not_saved(target, error) from error
        finally:
            _forget(staged)

    def replace(self, relative: str, data: bytes) -> None:
        """Write a file in the place of any that is there; readers see it whole.

        Raises
        ------
        NotSavedError
            If the disk refuses; the old file is then untouched.
        """
        target = self.path(relative)
        staged = _stage(target, data)
        try:
            staged.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise _not_saved(target, error) from error
        finally:
            _forget(staged)


class Journal:
    """A file that only grows, made by its first line and by one process alone.

    Parameters
    ----------
    folder : Folder
        Where it lies.
    relative : str
        Its path; there must be no such file when the first line is written.

    Notes
    -----
    After a write that failed the end of the file may not be whole, so it is never
    continued: `broken` is then True and the owner starts another.
    """

    def __init__(self, folder: Folder, relative: str) -> None:
        self._path = folder.path(relative)
        self._handle: int | None = None
        self._lock = threading.Lock()
        self.broken = False

    def append(self, lines: bytes) -> None:
        """Append one or more whole lines, newlines included; they are on the disk on return.

        Raises
        ------
        NotSavedError
            If the disk refuses, or refused before.
        """
        if not lines.endswith(b"\n"):
            raise ValueError(f"a journal takes whole lines, and {lines[-40:]!r} has no newline at its end")
        with self._lock:
            if self.broken:
                raise NotSavedError(errno.EIO, f"{self._path.name} broke off earlier and is not continued")
            try:
                handle = self._open()
                _write_all(handle, lines)
                _fdatasync(handle)
            except OSError as error:
                self.broken = True
                self._drop_if_empty()
                raise _not_saved(self._path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None
            self.broken = True

    def _open(self) -> int:
        if self._handle is None:
            make_folder(self._path.parent)
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o666)
            sync_folder(self._path.parent)
        return self._handle

    def _drop_if_empty(self) -> None:
        # A full disk that is tried again and again shall not fill with empty files.
        if self._handle is not None and os.fstat(self._handle).st_size == 0:
            _forget(self._path)


def is_regular(path: Path) -> bool:
    """Tell whether the path is a plain file: no link, socket, pipe or device."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _stays_in(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (RuntimeError, OSError):  # links in a circle
        return False


def _stage(target: Path, data: bytes, mode: int = 0o666) -> Path:
    staged = target.parent / f".{new_ulid()}.part"
    try:
        make_folder(target.parent)
        handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            _write_all(handle, data)
            _fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        _forget(staged)
        raise _not_saved(target, error) from error
    return staged


def place(staged: Path, target: Path) -> None:
    """Give a written file its name as well; FileExistsError if the name is taken."""
    try:
        _link(staged, target)
    except OSError as error:
        # Over a network a link may be made and its answer lost; asked again, it is there, and ours.
        if error.errno not in _NO_LINKS and target.exists() and target.samefile(staged):
            return
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        staged.replace(target)


def _forget(path: Path) -> None:
    # What cannot be removed is a hidden file that nothing reads.
    with contextlib.suppress(OSError):
        path.unlink()


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are not there; all are kept on return."""
    # Each new folder is an entry in the one above, and is kept once that is synced.
    missing = [one for one in (path, *path.parents) if not one.is_dir()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        sync_folder(one.parent)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[_write(handle, view) :]


def sync_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk."""
    # The name of a new file is itself data: it is kept once its folder is synced.
    handle = os.open(path, os.O_RDONLY)
    try:
        _fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _not_saved(path: Path, error: OSError) -> NotSavedError:
    reason = error.strerror or str(error)
    return NotSavedError(error.errno or errno.EIO, f"{path.name} was not written: {reason} (in {path.parent})")
