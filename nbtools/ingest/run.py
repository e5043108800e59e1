"""One ingest, from the walk over raw/ to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbtools.errors import NotSavedError, OptionError, SourceError
from nbtools.ingest.cache import ScanCache
from nbtools.ingest.convert import find_recipe
from nbtools.ingest.describing import describe
from nbtools.ingest.filing import Filing
from nbtools.ingest.found import LabelsFound
from nbtools.ingest.known import Known
from nbtools.ingest.place import LINKS, clear_parts, hard_links_work
from nbtools.ingest.reading import Reader, Reading
from nbtools.ingest.report import Outcome, Report
from nbtools.ingest.rows import RowTables
from nbtools.ingest.scan import RawFile, Scan, walk
from nbtools.ingest.unfinished import Unfinished
from nbtools.ingest.work import Job
from nbtools.ingest.writing import Writer
from nbtools.items.erased import Blocked, read_blocked
from nbtools.items.sighting import part_names
from nbtools.media import can_read_heic
from nbtools.storage import Folder

Progress = Callable[[int, "int | None"], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest: the parameters of `Dataset.ingest`, and the tasks there are, whose names are taken."""

    attributes: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None
    include: str | Sequence[str] | None = None
    exclude: str | Sequence[str] | None = None
    rows: str | bool | Sequence[str] = "auto"
    key: str | Mapping[str, str] | None = None
    text: str | Mapping[str, str] | None = None
    convert: Mapping[str, object] | None = None
    link: str = "auto"
    reader: Reader | None = None
    rename: Mapping[str, str] | None = None
    tasks: frozenset[str] = frozenset()


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
            raise OptionError(f"link={options.link!r} is no way to place files; the ways are {', '.join(LINKS)}")
        for name, rules in (("attributes", options.attributes), ("labels", options.labels)):
            if not isinstance(rules or {}, Mapping):
                raise OptionError(f"{name}={rules!r} is no mapping: write {name}={{'name': {str(rules)!r}}}")
        self._folder = folder
        self._raw = raw
        self._options = options
        self._executor = executor
        self._tell = on_progress or (lambda _done, _total: None)

    def run(self) -> Report:
        """Do it.

        Raises
        ------
        SourceError
            If raw/ is missing, unreachable or empty, or an option does not fit what is in it.
        SchemaError
            If an attribute or a task cannot have its name.
        ErasedError
            If it cannot be known what was erased on request.
        NotSavedError
            If the disk refuses; what was done until then is kept, and found when it is called again.
        """
        scan = walk(self._raw, self._options.include, self._options.exclude)
        parts = part_names(self._folder)
        note = Unfinished(self._folder, parts)
        try:
            with ScanCache(self._folder) as cache:
                report = self._ingest(scan, parts, note, cache)
            note.done()
        except NotSavedError:
            raise
        except OSError as error:
            raise NotSavedError(error.errno, f"the ingest stopped: {error.strerror or error}; call it again") from error
        finally:
            note.close()
        return report

    def _ingest(self, scan: Scan, parts: Sequence[str], note: Unfinished, cache: ScanCache) -> Report:
        before = Known.of(self._folder, [name for name in parts if name <= note.after], cache)
        now = before.copy()
        now.learn(self._folder, [name for name in parts if name > note.after])
        outcome = Outcome(before, _there(scan), passed_over=scan.passed_over, left=scan.left, failed=scan.failed)
        added = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        writer = Writer(self._folder, cache, now, added)
        labels = LabelsFound(outcome)
        blocked = read_blocked(self._folder)
        job = self._job(blocked)
        if note.resumed and note.alone:
            clear_parts(self._folder.path("processed"))
        if self._options.reader is not None:
            reading = Reading(self._options.reader, self._raw, job, outcome, self._options.tasks)
            self._file(Filing(job, writer, reading, labels, outcome, blocked), reading, None, outcome)
            kept = reading.kept
        else:
            description = describe(self._raw, scan, self._options, outcome)
            self._file(Filing(job, writer, description, labels, outcome, blocked), scan.files, len(scan.files), outcome)
            rows = RowTables(self._folder, self._options, writer, labels, outcome, blocked)
            rows.take(description.row_tables, self._tell)
            outcome.catches = description.catches
            kept = rows.kept
        _vanish(scan, writer, outcome, kept)
        writer.commit()
        labels.close()
        if writer.parts or cache.known_parts() != parts:
            now.keep([*parts, *writer.parts], cache)
        outcome.kinds = {item: now.items[item].kind for item in now.items.keys() - before.items.keys()}
        return Report(outcome, _next_call(outcome))

    def _file(self, filing: Filing, files: Iterable[RawFile], total: int | None, outcome: Outcome) -> None:
        filing.take(files, total, self._executor, self._tell)
        outcome.warnings += filing.warnings()

    def _job(self, blocked: Blocked) -> Job:
        processed = self._folder.path("processed")
        processed.mkdir(parents=True, exist_ok=True)
        if self._options.link == "hard":
            hard_links_work(self._raw, processed)
        recipe = find_recipe(self._folder, self._options.convert)
        return Job(
            str(self._raw), str(self._folder.root), self._options.link, recipe, can_read_heic(), frozenset(blocked)
        )


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
    if lost and not outcome.found and len(lost) == len(writer.now.present):
        raise SourceError(
            f"none of the {len(lost):,} raw files of this dataset is there any more, such as {lost[0]}. Is the disk "
            "there, is the folder the right one? Nothing was changed"
        )
    for source in lost:
        writer.gone(source)
    outcome.vanished = [source for source in outcome.before.present if source in writer.now.gone]


def _next_call(outcome: Outcome) -> str:
    if not (outcome.found or outcome.settled):
        return "ds.add('path/to/files')"
    task = next((label.task for label in outcome.labels), None)
    return f"ds.labels({task!r})" if task else "ds.sample(9)"
