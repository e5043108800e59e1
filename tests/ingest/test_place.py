"""How bytes get to processed/: shared, linked or copied, and several ingests at once."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from nbtools.dataset import Dataset
from nbtools.errors import SourceError
from nbtools.ingest import place
from nbtools.ingest.scan import RawFile
from nbtools.ingest.unfinished import Unfinished
from nbtools.ingest.work import Done, Job, work
from nbtools.items.catalogue import part_names

Put = Callable[[str, "bytes | str"], Path]


@pytest.fixture(autouse=True)
def _forget_disks() -> Iterator[None]:
    place._no_reflink.clear()
    yield
    place._no_reflink.clear()


def _share(made: int, request: int, source: int) -> int:
    assert request == 0x40049409
    os.lseek(source, 0, os.SEEK_SET)
    os.write(made, os.read(source, 1 << 20))
    return 0


def test_blocks_are_shared_where_the_disk_can(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a disk that can share blocks does is played here: few machines of ours have one.
    put("a.txt", "hello")
    monkeypatch.setattr(fcntl, "ioctl", _share)
    monkeypatch.setattr(place, "_write", lambda *_: pytest.fail("the bytes were copied"))
    ds.ingest()
    assert ds.file(ds.items()["path"][0]).read_text() == "hello"
    assert not list((ds.path / "processed").glob(".*"))


def test_a_disk_that_cannot_is_asked_once(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refuse(*_: object) -> int:
        asked.append(1)
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "ioctl", refuse)
    monkeypatch.setattr("nbtools.ingest.files.os.cpu_count", lambda: 1)
    for number in range(5):
        put(f"{number}.txt", str(number))
    ds.ingest()
    assert len(asked) == 1
    assert len(ds) == 5


@pytest.mark.parametrize("link", ["auto", "copy"])
def test_a_large_file_is_copied_whole(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    monkeypatch.setattr("nbtools.ingest.contents._IN_MEMORY", 10)
    monkeypatch.setattr(place, "_CHUNK", 7)
    put("a.txt", "hello " * 100)
    ds.ingest(link=link)
    assert ds.file(ds.items()["path"][0]).read_text() == "hello " * 100


def test_hard_links_that_cannot_be_made_are_one_error(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.txt", "hello")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    put("b.txt", "is open already when it fails")
    before = psutil.Process().num_fds()
    with pytest.raises(SourceError, match="link='copy'"):
        ds.ingest(link="hard")
    assert psutil.Process().num_fds() == before


def test_large_files_are_worked_on_at_once_and_small_ones_here(
    ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers: dict[str, str] = {}

    def note(job: Job, batch: Sequence[tuple[RawFile, bool]]) -> list[Done]:
        workers.update((file.path, threading.current_thread().name) for file, _ in batch)
        return work(job, batch)

    monkeypatch.setattr("nbtools.ingest.files.work", note)
    monkeypatch.setattr("nbtools.ingest.files._BATCH_FILES", 1)
    put("large.txt", "x" * 100_000)
    put("small.txt", "x")
    ds.ingest()
    assert workers["small.txt"] == threading.current_thread().name != workers["large.txt"]
    assert [one[0] for one in ds.items()["sources"]] == ["raw/large.txt", "raw/small.txt"]


def test_files_are_synced_one_by_one_where_nothing_else_can(
    ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(place, "_syncfs", None)

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    put("a.txt", "hello")
    ds.ingest(link="copy")
    placed = ds.file(ds.items()["path"][0])
    assert {placed.stat().st_ino, placed.parent.stat().st_ino} <= set(synced)


def test_rows_are_written_after_their_bytes_are_on_the_disk(
    ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[int] = []
    monkeypatch.setattr("nbtools.ingest.writing.sync", lambda *_: parts.append(len(part_names(ds._folder))))
    put("a.txt", "hello")
    ds.ingest()
    assert parts == [0]
    assert len(part_names(ds._folder)) == 1


def test_several_ingests_at_once(ds: Dataset, put: Put) -> None:
    for number in range(300):
        put(f"{number:03}.txt", f"text {number % 250}")
    call = f"Dataset({str(ds.path)!r}).ingest(link='copy', attributes={{'n': r'name:\\d'}})"
    command = [sys.executable, "-c", f"from nbtools.dataset import Dataset; {call}"]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
    items = ds.items(columns=["position", "id", "path", "sources"])
    assert len(items) == 250
    assert items["position"].tolist() == list(range(250))
    assert sorted(one for row in items["sources"] for one in row) == [f"raw/{number:03}.txt" for number in range(300)]
    assert all(ds.file(path).read_text().startswith("text ") for path in items["path"])
    assert len(list((ds.path / "processed").iterdir())) == 250
    assert ds.ingest(attributes={"n": r"name:\d"}).counts["unchanged"] == 300


def test_notes_of_ingests_that_ended_or_not(ds: Dataset) -> None:
    cache = ds.path / "metadata/cache"
    one = Unfinished(ds._folder, ["a.parquet"])
    other = Unfinished(ds._folder, ["b.parquet"])
    assert (other.resumed, other.alone, other.after) == (False, False, "b.parquet")
    one.close()  # as if it had been killed
    other.done()
    other.close()
    (cache / "ingest-0.json").write_text("")  # killed before it could say anything
    third = Unfinished(ds._folder, ["a.parquet", "b.parquet"])
    assert (third.resumed, third.alone, third.after) == (True, True, "a.parquet")
    third.done()
    third.close()
    assert not list(cache.glob("ingest-*.json"))
