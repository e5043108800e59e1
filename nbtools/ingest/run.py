"""One ingest, from the walk over raw/ to the report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbtools.errors import NotSavedError, SourceError
from nbtools.ingest.convert import find_recipe
from nbtools.ingest.describing import Description, describe
from nbtools.ingest.files import results
from nbtools.ingest.found import LabelsFound
from nbtools.ingest.known import Known
from nbtools.ingest.place import LINKS
from nbtools.ingest.report import Outcome, Report
from nbtools.ingest.rows import RowTables
from nbtools.ingest.scan import RawFile, Scan, walk
from nbtools.ingest.unfinished import Unfinished
from nbtools.ingest.work import NEEDS_HEIC, Done, Job, hard_links_work
from nbtools.ingest.writing import Writer
from nbtools.items.catalogue import part_names
from nbtools.media import read_heic
from nbtools.storage import Folder

Progress = Callable[[int, "int | None"], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest; the parameters of `Dataset.ingest`."""

    attributes: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None
    include: str | Sequence[str] | None = None
    exclude: str | Sequence[str] | None = None
    rows: str | bool | Sequence[str] = "auto"
    key: str | Mapping[str, str] | None = None
    text: str | Mapping[str, str] | None = None
    convert: Mapping[str, object] | None = None
    link: str = "auto"
    reader: Callable[[Path], Any] | None = None
    rename: Mapping[str, str] | None = None


class Ingest:
    """One ingest of a dataset.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    raw : Path
        Where its raw data lies.
    options : Options
        How.
    executor : Executor, optional
        Where files are worked on; threads unless given.
    on_progress : callable, optional
        Called with the number of files done and of all.
    """

    def __init__(
        self,
        folder: Folder,
        raw: Path,
        options: Options,
        executor: Executor | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        if options.link not in LINKS:
            raise SourceError(f"link={options.link!r} is no way to place files; the ways are {', '.join(LINKS)}")
        self._folder = folder
        self._raw = raw
        self._options = options
        self._executor = executor
        self._tell = on_progress or (lambda _done, _total: None)
        self._odd: list[str] = []
        self._heic = 0

    def run(self) -> Report:
        """Do it.

        Raises
        ------
        SourceError
            If raw/ is missing, unreachable or empty, or an option does not fit what is in it.
        SchemaError
            If an attribute or a task cannot have its name.
        NotSavedError
            If the disk refuses; what was done until then is kept, and found when it is called again.
        """
        seen_ns = time.time_ns()
        scan = walk(self._raw, self._options.include, self._options.exclude)
        parts = part_names(self._folder)
        note = Unfinished(self._folder, parts)
        try:
            report = self._ingest(scan, parts, note, seen_ns)
            note.done()
        except NotSavedError:
            raise
        except OSError as error:
            raise NotSavedError(error.errno, f"the ingest stopped: {error.strerror or error}; call it again") from error
        finally:
            note.close()
        return report

    def _ingest(self, scan: Scan, parts: Sequence[str], note: Unfinished, seen_ns: int) -> Report:
        before = Known.read(self._folder, [name for name in parts if name <= note.after])
        now = before.copy()
        now.learn(self._folder, [name for name in parts if name > note.after])
        outcome = Outcome(before, _there(scan), passed_over=scan.passed_over, left=scan.left, failed=scan.failed)
        added = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        writer = Writer(self._folder, now, added, seen_ns)
        description = describe(self._raw, scan, self._options, outcome)
        labels = LabelsFound(outcome)
        if self._options.reader is None:
            self._files(scan, writer, description, labels, outcome)
        rows = RowTables(self._folder, self._options, writer, labels, outcome)
        rows.take(description.row_tables)
        _vanish(scan, writer, outcome, rows.kept)
        writer.commit()
        labels.close()
        outcome.kinds = {item: seen.kind for item, seen in now.items.items()}
        outcome.catches = description.catches
        outcome.warnings += self._warnings()
        return Report(outcome, _next_call(outcome))

    def _files(
        self, scan: Scan, writer: Writer, description: Description, labels: LabelsFound, outcome: Outcome
    ) -> None:
        cached, made = writer.cache.hashed(), writer.cache.made()
        job = self._job()

        def known(file: RawFile) -> str | None:
            entry = cached.get(file.path)
            if entry is None or not entry.holds(file):
                return None
            item = writer.now.items.get(entry.id)
            if item is None:
                return None
            return entry.id if job.recipe.number_for(item.kind, item.media_type) in item.recipes else None

        def ours(file: RawFile) -> bool:
            return not file.mode & 0o222 and made.get(file.path) == (file.size, file.mtime_ns, file.ino)

        total = len(scan.files)
        for done, (file, result) in enumerate(results(job, scan.files, known, ours, self._executor), 1):
            if isinstance(result, Done) and result.error is not None:
                self._fail(file, result.error, outcome)
            else:
                self._take(file, result, writer, description, labels, outcome)
            if writer.full:
                writer.commit()
            if not done % 64 or done == total:
                self._tell(done, total)

    def _take(
        self,
        file: RawFile,
        result: str | Done,
        writer: Writer,
        description: Description,
        labels: LabelsFound,
        outcome: Outcome,
    ) -> None:
        source = f"raw/{file.path}"
        attributes = description.attributes(file.path)
        if isinstance(result, Done):
            writer.file(result, attributes)
            item = result.id
            if result.odd:
                self._odd.append(result.odd)
        else:
            item = result
            writer.source(item, source, attributes)
        outcome.found.append((source, item))
        labels.note(item, source, description.labels(file.path))

    def _fail(self, file: RawFile, error: str, outcome: Outcome) -> None:
        if error == NEEDS_HEIC:
            self._heic += 1
        else:
            outcome.failed.append((file.path, error))

    def _job(self) -> Job:
        processed = self._folder.path("processed")
        processed.mkdir(parents=True, exist_ok=True)
        if self._options.link == "hard":
            hard_links_work(self._raw, processed)
        recipe = find_recipe(self._folder, self._options.convert)
        return Job(str(self._raw), str(self._folder.root), self._options.link, recipe, read_heic())

    def _warnings(self) -> list[str]:
        warnings = []
        if self._heic:
            warnings.append(f"{self._heic:,} HEIC files: pip install 'nbtools-data[heic]', then ingest again")
        if self._odd:
            examples = "; ".join(self._odd[:5])
            warnings.append(f"{len(self._odd):,} files have a suffix that disagrees with their bytes: {examples}")
        return warnings


def _there(scan: Scan) -> set[str]:
    there = {f"raw/{file.path}" for file in (*scan.files, *scan.tables)}
    there.update(f"raw/{path}" for path in scan.elsewhere)
    there.update(f"raw/{path}" for path, _ in (*scan.left, *scan.failed))
    return there


def _vanish(scan: Scan, writer: Writer, outcome: Outcome, kept: Callable[[str], bool]) -> None:
    """Take in which sources are not there any more."""
    closed = tuple(f"raw/{path}" for path in scan.closed)
    lost = [
        source
        for source in writer.now.present
        if source not in outcome.there and not kept(source) and not (closed and source.startswith(closed))
    ]
    for source in lost:
        writer.gone(source)
    outcome.vanished = [source for source in outcome.before.present if source in writer.now.gone]


def _next_call(outcome: Outcome) -> str:
    if not outcome.found:
        return "ds.add('path/to/files')"
    kinds = Counter(outcome.kinds.values())
    return "ds.sample(9)" if kinds else "ds.items()"
