"""The log of acts: journals that only grow, one per process and task.

No file is ever written by two, so nothing is locked between processes, two folders
merge by copying the files of one into the other, and a journal that broke off is
simply left and followed by another.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from nbtools.labels.act import Act, parse_line
from nbtools.storage import Folder, Journal, new_ulid
from nbtools.store.gate import Gate

Progress = Callable[[int, int | None], None]
LABELS = "metadata/labels"
ITEMS = "_items"
_SUFFIX = ".jsonl"
_CHUNK = 1 << 20

_logs: weakref.WeakSet[ActLog] = weakref.WeakSet()


class Scanned(NamedTuple):
    """What was read from a journal.

    Attributes
    ----------
    name : str
        ``<task>/<ulid>.jsonl``.
    offset : int
        Up to where it is read now, in bytes.
    acts : list of Act
        Each knows its journal and the byte at which its line begins.
    lines : list of str
        The line of each act.
    skipped : int
        Lines that are no acts.
    """

    name: str
    offset: int
    acts: list[Act]
    lines: list[str]
    skipped: int


class ActLog:
    """The acts of a dataset, on disk.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.

    Attributes
    ----------
    folder : Folder
        As it was given.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._gate = Gate(folder)
        self._erasures = b""
        self._journals: dict[str, Journal] = {}
        self.start_over()
        _logs.add(self)

    def __del__(self) -> None:
        """Let go of the journals."""
        for journal in getattr(self, "_journals", {}).values():
            journal.close()

    def append(self, task: str, acts: Sequence[Act]) -> None:
        """Write acts; they are on the disk on return, all of them in one go.

        Parameters
        ----------
        task : str
            The task's name, or ``_items`` for excluding and including.
        acts : sequence of Act
            At least one.

        Raises
        ------
        NotSavedError
            If the disk refuses. What was written of them by then counts once if
            the same acts are written again.
        """
        if not acts:
            return
        lines = b"".join(act.to_line() for act in acts)
        with self._gate.passing() as erasures:
            self._journal(task, erasures).append(lines)

    def _journal(self, task: str, erasures: bytes) -> Journal:
        with self._lock:
            if erasures != self._erasures:
                # The journals may have been written anew without what was erased: these go on into the void.
                for journal in self._journals.values():
                    journal.close()
                self._journals, self._erasures = {}, erasures
            found = self._journals.get(task)
            if found is None or found.broken:
                if found is not None:
                    found.close()
                found = self._journals[task] = Journal(self.folder, f"{LABELS}/{task}/{new_ulid()}{_SUFFIX}")
        return found

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of each journal, by ``<task>/<ulid>.jsonl``."""
        return {
            f"{task}/{name}": size
            for task in self.folder.folders(LABELS)
            for name, size in self.folder.sizes(f"{LABELS}/{task}", _SUFFIX).items()
        }

    def scan(self, known: Mapping[str, int], sizes: Mapping[str, int] | None = None) -> Iterator[Scanned]:
        """Yield what is new, in parts of bounded size.

        Parameters
        ----------
        known : mapping
            Up to where each journal was read before.
        sizes : mapping, optional
            What `sizes` said just before.

        Notes
        -----
        A last line without a newline is being written, or its writer was killed:
        it is not read. Lines that are no acts are passed over and counted.
        """
        for name, size in (self.sizes() if sizes is None else sizes).items():
            start = known.get(name, 0)
            if size > start:
                yield from self._read(name, start)

    def _read(self, name: str, start: int) -> Iterator[Scanned]:
        with self.folder.path(f"{LABELS}/{name}").open("rb") as file:
            file.seek(start)
            rest = b""
            while block := file.read(_CHUNK):
                whole, newline, rest = (rest + block).rpartition(b"\n")
                if newline:
                    acts, lines, skipped = _parse(whole, name, start)
                    start += len(whole) + 1
                    yield Scanned(name, start, acts, lines, skipped)

    def start_over(self) -> None:
        """Begin new journals: this is another process."""
        self._lock = threading.Lock()
        self._journals = {}


def _parse(whole: bytes, name: str, start: int) -> tuple[list[Act], list[str], int]:
    acts: list[Act] = []
    lines: list[str] = []
    skipped = 0
    for line in whole.split(b"\n"):
        act = parse_line(line, name, start) if line else None
        if act is not None:
            acts.append(act)
            lines.append(line.decode())
        elif line:
            skipped += 1
        start += len(line) + 1
    return acts, lines, skipped


def _begin_again() -> None:
    # A child shares its parent's open files, but not its threads: it writes journals of its own.
    for log in list(_logs):
        log.start_over()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_again)
