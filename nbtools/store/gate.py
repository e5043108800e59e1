"""What keeps acts from being written into a journal while something is erased from it.

Whoever writes an act holds the gate together with all others who do; whoever erases
holds it alone, and leaves a mark by which the others know that they have to begin new
journals. The lock is the system's, and is let go when a process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from nbtools.errors import NotSavedError
from nbtools.storage import Folder, new_ulid

PATH = "metadata/cache/acts.lock"
_MARK_BYTES = 26


class Gate:
    """The gate of a dataset's log.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._place: Path | None = None

    @contextlib.contextmanager
    def passing(self) -> Iterator[bytes]:
        """Hold the gate with others, and yield the mark that the last erasure left.

        Where nothing can be locked (some network disks), acts are written all the same.
        """
        handle = self._opened()
        try:
            if handle is not None:
                with contextlib.suppress(OSError):
                    fcntl.flock(handle, fcntl.LOCK_SH)
            yield os.pread(handle, _MARK_BYTES, 0) if handle is not None else b""
        finally:
            if handle is not None:
                os.close(handle)

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Hold the gate alone, and leave a mark.

        Raises
        ------
        NotSavedError
            If it cannot be held: then nothing may be erased.
        """
        handle = self._opened()
        if handle is None:
            raise NotSavedError(0, f"nothing was erased: {self._folder.path(PATH)} cannot be made")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.pwrite(handle, new_ulid().encode(), 0)
            yield
        except OSError as error:
            raise NotSavedError(
                error.errno, f"the erasure stopped: {error.strerror or error}; call it again"
            ) from error
        finally:
            os.close(handle)

    def _opened(self) -> int | None:
        if self._place is None:
            self._place = self._folder.path(PATH)
        place = self._place
        for _ in range(2):
            with contextlib.suppress(OSError):
                return os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
            with contextlib.suppress(OSError):
                place.parent.mkdir(parents=True, exist_ok=True)
        return None
