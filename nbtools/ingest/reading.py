"""Items that a function of the user's own finds in raw/."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nbtools.errors import SchemaError, SourceError, UnsafePathError, did_you_mean
from nbtools.ingest.describe import as_attribute
from nbtools.ingest.report import Outcome
from nbtools.ingest.scan import RawFile
from nbtools.ingest.work import Done, Job, work_on_bytes
from nbtools.labels.names import check_name
from nbtools.storage import Folder

_KEYS = ("path", "bytes", "source", "attributes", "labels")

Reader = Callable[[Path], Iterable[Mapping[str, Any]]]


class Reading:
    """What a reader yields, as files with attributes and labels.

    Parameters
    ----------
    reader : callable
        Called with the folder of raw data. It yields mappings with either ``path``
        (of a file below that folder) or ``bytes`` and ``source`` (where below it they
        come from, such as ``archive.zip#a.png``), and any of ``attributes`` and
        ``labels`` (mappings of name to value).
    raw : Path
        The folder of raw data.
    job : Job
        What holds for every file of the ingest.
    outcome : Outcome
        Takes what failed.
    tasks : collection of str
        The tasks of the dataset, whose names no attribute may have.
    """

    def __init__(self, reader: Reader, raw: Path, job: Job, outcome: Outcome, tasks: Collection[str]) -> None:
        self._tasks = tasks
        self._sources: set[str] = set()
        self._reader = reader
        self._raw = Folder(raw)
        self._job = job
        self._outcome = outcome
        self._done: dict[str, Done] = {}
        self._said: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def __iter__(self) -> Iterator[RawFile]:
        """Yield what the reader yields; what is wrong with one item is a row in the report."""
        for number, item in enumerate(self._reader(self._raw.root)):
            try:
                file, attributes, labels = self._file(item)
            except (SourceError, SchemaError, UnsafePathError, OSError) as error:
                self._outcome.failed.append((f"reader: item {number}", str(error)))
                continue
            self._said[file.path] = (attributes, labels)
            self._sources.add(f"raw/{file.path}")
            yield file

    def kept(self, source: str) -> bool:
        """Tell whether what was at a source is there still, as far as can be told."""
        inside, mark, _ = source.partition("#")
        if source in self._sources or not mark:
            return source in self._sources
        return inside in self._outcome.there and not any(one.startswith(f"{inside}#") for one in self._sources)

    @property
    def speaks(self) -> bool:
        """Return True: what it says of an item is only known when it yields it."""
        return True

    def done(self, path: str) -> Done | None:
        """Return what was done with bytes that the reader gave, once."""
        return self._done.pop(path, None)

    def attributes(self, path: str) -> dict[str, Any]:
        """Return the attributes that the reader gave a file."""
        return self._said[path][0]

    def labels(self, path: str) -> dict[str, Any]:
        """Return the labels that the reader gave a file."""
        return self._said[path][1]

    def _file(self, item: Mapping[str, Any]) -> tuple[RawFile, dict[str, Any], dict[str, Any]]:
        _check_keys(item)
        said = _named(item, "attributes")
        attributes = {check_name(name, "attribute", self._tasks): as_attribute(value) for name, value in said}
        labels = {check_name(name, "task"): value for name, value in _named(item, "labels") if value is not None}
        return (self._given(item) if "bytes" in item else self._found(item)), attributes, labels

    def _given(self, item: Mapping[str, Any]) -> RawFile:
        data, source = item["bytes"], item.get("source")
        if not isinstance(data, bytes | bytearray | memoryview) or not isinstance(source, str) or not source:
            raise SourceError("bytes need a source: where below raw/ they come from, such as 'archive.zip#a.png'")
        self._raw.path(source)
        done = work_on_bytes(self._job, source, bytes(data))
        self._done[source] = done
        return done.file

    def _found(self, item: Mapping[str, Any]) -> RawFile:
        given = Path(item["path"])
        relative = given.relative_to(self._raw.root) if given.is_relative_to(self._raw.root) else given
        found = self._raw.path(relative.as_posix()).stat()
        return RawFile(
            relative.as_posix(), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode
        )


def _check_keys(item: object) -> None:
    if not isinstance(item, Mapping) or ("path" in item) == ("bytes" in item):
        raise SourceError(f"a reader yields mappings with 'path' or 'bytes', and this is {str(item)[:80]!r}")
    for key in item:
        if key not in _KEYS:
            raise SourceError(
                f"a reader's item has no {key!r}{did_you_mean(str(key), _KEYS)}; it has {', '.join(_KEYS)}"
            )


def _named(item: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    return (item.get(key) or {}).items()
