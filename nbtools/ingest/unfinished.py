"""Knowing where an ingest began that did not come to its end.

An ingest that was killed is simply called again. For its report to be that of the
whole work, and not of what was left of it, each ingest notes where the catalogue
stood when it began. The note is locked while its process lives.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path

from nbtools.storage import Folder, new_ulid

_CACHE = "metadata/cache"


class Unfinished:
    """The note of a running ingest.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    parts : sequence of str
        The names of the catalogue's parts now.

    Attributes
    ----------
    after : str
        The last part that was there when the work began, here or in a run before
        this one that did not end; "" if there was none.
    resumed : bool
        Whether there was such a run.
    alone : bool
        Whether no other ingest of this dataset was at work on this machine.
    """

    def __init__(self, folder: Folder, parts: Sequence[str]) -> None:
        place = folder.path(_CACHE)
        place.mkdir(parents=True, exist_ok=True)
        notes = sorted(place.glob("ingest-*.json"))
        left = [note for path in notes if (note := _taken_over(path)) is not None]
        self.resumed = bool(left)
        self.alone = len(left) == len(notes)
        last = parts[-1] if parts else ""
        self.after = min([last, *(after for _, _, after in left if after is not None)])
        self._path = place / f"ingest-{new_ulid()}.json"
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        os.write(self._handle, json.dumps({"after": self.after}).encode())
        for path, handle, _ in left:
            path.unlink(missing_ok=True)
            os.close(handle)

    def done(self) -> None:
        """Say that the work came to its end."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the note; unless the work is done, the next ingest will find it."""
        os.close(self._handle)


def _taken_over(path: Path) -> tuple[Path, int, str | None] | None:
    """Return a note whose process is gone, locked by us, and where it began; None if that process lives."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    try:
        return path, handle, str(json.loads(os.read(handle, 4096))["after"])
    except (ValueError, KeyError, TypeError):
        return path, handle, None  # killed while it made the note, before any other work
