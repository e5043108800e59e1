"""The part of an ingest that takes files."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Any, Protocol

from nbtools.ingest.contents import NEEDS_HEIC
from nbtools.ingest.files import results
from nbtools.ingest.found import LabelsFound
from nbtools.ingest.known import Seen
from nbtools.ingest.report import Outcome
from nbtools.ingest.scan import RawFile
from nbtools.ingest.work import ERASED, Done, Job
from nbtools.ingest.writing import Writer
from nbtools.items.erased import Blocked

_EXAMPLES = 5


class Said(Protocol):
    """What is said of a file, by its path below raw/."""

    def attributes(self, path: str, /) -> dict[str, Any]:
        """Return its attributes."""

    def labels(self, path: str, /) -> dict[str, Any]:
        """Return its labels."""

    def done(self, path: str, /) -> Done | None:
        """Return what was done with it already."""

    @property
    def speaks(self) -> bool:
        """Whether anything is said of any file."""


class Filing:
    """Takes in files, one after the other, while the work on the next ones goes on.

    Parameters
    ----------
    job : Job
        What holds for all files.
    writer : Writer
        Takes the rows of the catalogue.
    said : Said
        Attributes and labels.
    labels : LabelsFound
        Takes the labels.
    outcome : Outcome
        Takes what was found and what failed.
    blocked : Blocked
        What was erased on request.
    """

    def __init__(
        self, job: Job, writer: Writer, said: Said, labels: LabelsFound, outcome: Outcome, blocked: Blocked
    ) -> None:
        self._job = job
        self._blocked = blocked
        self._writer = writer
        self._said = said
        self._labels = labels
        self._outcome = outcome
        self._cached = writer.cache.hashed()
        self._made = writer.cache.made()
        self._number = functools.cache(job.recipe.number_for)
        self._odd: list[str] = []
        self._heic = 0

    def take(
        self,
        files: Iterable[RawFile],
        total: int | None,
        executor: Executor | None,
        tell: Callable[[int, int | None], None],
    ) -> None:
        """Take in all files.

        Parameters
        ----------
        files : iterable of RawFile
            In the order in which the items are to stand.
        total : int or None
            How many there are, if that is known.
        executor : Executor or None
            Where the work is done.
        tell : callable
            Is told how many are done, and the total.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        # Those as they were are counted in one loop; the others one by one.
        left = files if self._said.speaks else self._unsettled(files)
        done = self._outcome.settled
        for batch in results(self._job, left, self._known, self._ours, executor):
            for file, result in batch:
                self._one(file, result)
            done += len(batch)
            tell(done, total)
            if self._writer.full:
                self._writer.commit()
        tell(done, total)

    def warnings(self) -> list[str]:
        """Return what may not be as meant."""
        warnings = []
        if self._heic:
            warnings.append(f"{self._heic:,} HEIC files: pip install 'nbtools-data[heic]', then ingest again")
        if self._odd:
            examples = "; ".join(self._odd[:_EXAMPLES])
            warnings.append(f"{len(self._odd):,} files have a suffix that disagrees with their bytes: {examples}")
        return warnings

    def _unsettled(self, files: Iterable[RawFile]) -> list[RawFile]:
        before, now, items = self._outcome.before.present, self._writer.now.present, self._writer.now.items
        cached, made = self._cached, functools.cache(self._is_made)
        left = []
        for file in files:
            item = cached.get(file[:5], "")
            source = f"raw/{file[0]}"
            there = before.get(source) == now.get(source) == item
            if there and (seen := items.get(item)) is not None and made(seen):
                self._outcome.settled += 1
            else:
                left.append(file)
        return left

    def _is_made(self, seen: Seen) -> bool:
        return self._number(seen.kind, seen.media_type) in seen.recipes

    def _known(self, file: RawFile) -> str | Done | None:
        item = self._cached.get(file[:5])
        if item is None:
            return self._said.done(file.path)
        seen = self._writer.now.items.get(item)
        return item if seen is not None and self._is_made(seen) else None

    def _ours(self, file: RawFile) -> bool:
        return not file.mode & 0o222 and self._made.get(file.path) == (file.size, file.mtime_ns, file.ino)

    def _one(self, file: RawFile, result: str | Done) -> None:
        path = file.path
        source = f"raw/{path}"
        if isinstance(result, str):
            item = result
            self._writer.source(item, source, self._said.attributes(path))
        elif result.error is None:
            item = result.id
            self._writer.file(result, self._said.attributes(path))
            if result.odd:
                self._odd.append(result.odd)
        elif result.error == ERASED:
            self._outcome.left.append((path, f"{self._blocked.why(result.id)}; it goes by ds.erase({result.id!r}, …)"))
            return
        else:
            self._fail(path, result.error)
            return
        self._outcome.found.append((source, item))
        labels = self._said.labels(path)
        if labels:
            self._labels.note(item, source, labels)

    def _fail(self, path: str, error: str) -> None:
        if error == NEEDS_HEIC:
            self._heic += 1
        else:
            self._outcome.failed.append((path, error))
