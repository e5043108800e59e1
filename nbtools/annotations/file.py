"""The one file in which annotations are saved: JSON lines, each an act, that every run goes on with."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from nbtools.annotations.modes import Mode
from nbtools.errors import SourceError
from nbtools.items.ids import canonical
from nbtools.labels.act import Act, parse_line
from nbtools.storage import Folder, Journal, make_folder, sync_folder

_FOLDER = ".nbtools"


def default_name(mode: Mode, ids: Sequence[str]) -> str:
    """Return where annotations are saved unless it is said: below the working directory.

    Parameters
    ----------
    mode : Mode
        What is asked.
    ids : sequence of str
        Of the examples. Their order does not count, because a folder lists its files in any.
    """
    asked = [mode.task.kind, list(mode.asked)]
    digest = hashlib.sha256(canonical([asked, sorted(ids)])).hexdigest()[:16]
    return f"{_FOLDER}/annotate-{digest}.jsonl"


class ActFile:
    """A file of acts that several runs, one after the other or at once, add to.

    Parameters
    ----------
    path : Path
        The file. It is made by the first act that is saved.

    Notes
    -----
    Lines are added in one write at the end of the file. A last line without its
    newline was being written when its writer died: it counts for nothing, and the next
    writer ends it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self._folder = Folder(self.path.parent)
        self._read = 0
        self._lock = threading.Lock()

    def new(self) -> list[Act]:
        """Return the acts that were added since it was last asked, whoever added them.

        Raises
        ------
        SourceError
            If the file cannot be read, or holds something else.
        """
        with self._lock:
            try:
                size = self.path.stat().st_size if self.path.exists() else 0
                if size < self._read:
                    self._read = 0
                data = self._folder.read(self.path.name, self._read) if size > self._read else b""
            except OSError as error:
                raise SourceError(
                    f"{self.path} cannot be read: {error.strerror}; give another file in save="
                ) from error
            whole, newline, _ = data.rpartition(b"\n")
            start, self._read = self._read, self._read + len(whole) + len(newline)
            acts = _parsed(whole, self.path.name, start)
            if whole and start == 0 and not acts:
                raise SourceError(f"{self.path} holds something else than annotations: give another file in save=")
            return acts

    @property
    def shown(self) -> str:
        """Where it is, from the working directory where it lies below."""
        here = Path.cwd()
        return str(self.path.relative_to(here) if self.path.is_relative_to(here) else self.path)

    def append(self, acts: Sequence[Act]) -> None:
        """Save acts; they are on the disk on return, all of them in one go.

        Raises
        ------
        NotSavedError
            If the disk refuses.
        """
        if not acts:
            return
        # Opened for each message: where the file was moved or deleted, labels must not go to what nobody finds.
        journal = _Continued(self._folder, self.path.name)
        try:
            journal.append(b"".join(act.to_line() for act in acts))
        finally:
            journal.close()


def _parsed(whole: bytes, name: str, start: int) -> list[Act]:
    found = []
    for line in whole.split(b"\n"):
        act = parse_line(line, name, start) if line else None
        if act is not None:
            found.append(act)
        start += len(line) + 1
    return found


class _Continued(Journal):
    """A journal in a file that may be there already."""

    def _open(self) -> int:
        if self._handle is None:
            make_folder(self._path.parent)
            there = self._path.exists()
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            if there:
                self._end_last_line(self._handle)
            else:
                sync_folder(self._path.parent)
        return self._handle

    def _end_last_line(self, handle: int) -> None:
        if os.lseek(handle, 0, os.SEEK_END) > 0:
            os.lseek(handle, -1, os.SEEK_END)
            if os.read(handle, 1) != b"\n":
                # Whole but for its newline it would be read from now on, and contradict what was said since.
                os.write(handle, b" broke off here\n")
