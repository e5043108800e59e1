"""Files into items: once, again, moved, replaced, gone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from nbtools.dataset import Dataset
from nbtools.errors import SourceError
from nbtools.ingest.cache import PATH as CACHE
from nbtools.items.catalogue import part_names

Draw = Callable[..., Path]
Put = Callable[[str, "bytes | str"], Path]


def processed(ds: Dataset) -> dict[str, bytes]:
    """Return name and bytes of what lies in processed/."""
    return {path.name: path.read_bytes() for path in (ds.path / "processed").iterdir()}


def test_a_file_becomes_an_item_named_by_its_bytes(ds: Dataset, picture: Draw) -> None:
    source = picture("a.png", size=(8, 6))
    report = ds.ingest()
    data = source.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    row = ds.items(columns=["id", "kind", "path", "bytes", "sources", "width", "height", "sha256", "media_type"]).iloc[
        0
    ]
    assert row.to_dict() == {
        "id": sha256[:32],
        "kind": "image",
        "path": f"processed/{sha256[:32]}.png",
        "bytes": len(data),
        "sources": ["raw/a.png"],
        "width": 8,
        "height": 6,
        "sha256": sha256,
        "media_type": "image/png",
    }
    assert report.counts["added"] == 1
    assert processed(ds) == {f"{sha256[:32]}.png": data}


def test_again_changes_nothing_and_reads_nothing(ds: Dataset, picture: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    for shade in range(3):
        os.utime(picture(f"{shade}.png", shade), ns=(10**18, 10**18))
    ds.ingest(attributes={"shade": r"name:(\d)"})
    parts, files = part_names(ds._folder), processed(ds)
    monkeypatch.setattr("nbtools.ingest.files.work", lambda *_: pytest.fail("a file was read again"))
    report = ds.ingest(attributes={"shade": r"name:(\d)"})
    assert (part_names(ds._folder), processed(ds)) == (parts, files)
    assert {name: count for name, count in report.counts.items() if count} == {"unchanged": 3}


def test_without_its_cache_it_comes_to_the_same(ds: Dataset, picture: Draw) -> None:
    for shade in range(3):
        picture(f"{shade}.png", shade)
    ds.ingest()
    parts = part_names(ds._folder)
    (ds.path / CACHE).write_bytes(b"broken")
    assert ds.ingest().counts["unchanged"] == 3
    (ds.path / CACHE).unlink()
    assert ds.ingest().counts["unchanged"] == 3
    assert part_names(ds._folder) == parts


def test_a_file_written_just_before_it_was_read_is_read_again(ds: Dataset, put: Put) -> None:
    # The racy rule: same size, same times as far as the clock can tell, other bytes.
    path = put("a.txt", "one")
    ds.ingest()
    before = path.stat()
    path.write_text("two")
    os.utime(path, ns=(before.st_mtime_ns, before.st_mtime_ns))
    assert ds.ingest().counts["replaced"] == 1


def test_a_copy_that_brings_its_old_times_along_is_read(ds: Dataset, put: Put) -> None:
    # As cp -p, rsync -t and tar do: size and time are those of the file before.
    path = put("a.txt", "one")
    os.utime(path, ns=(10**18, 10**18))
    ds.ingest()
    other = path.with_name("b.txt")
    other.write_text("two")
    os.utime(other, ns=(10**18, 10**18))
    other.replace(path)
    assert ds.ingest().counts["replaced"] == 1


def test_duplicates_are_one_item_with_several_sources(ds: Dataset, put: Put) -> None:
    put("b/copy.txt", "same")
    put("a.txt", "same")
    report = ds.ingest()
    assert report.duplicates.to_dict("records") == [
        {"id": ds.items()["id"][0], "source": "raw/b/copy.txt", "first": "raw/a.txt"}
    ]
    assert ds.items()["sources"].tolist() == [["raw/a.txt", "raw/b/copy.txt"]]


def test_moved_replaced_and_missing(ds: Dataset, put: Put) -> None:
    put("moves.txt", "1")
    changes = put("changes.txt", "2")
    put("goes.txt", "3")
    ds.ingest()
    ids = dict(zip([one[0] for one in ds.items()["sources"]], ds.items()["id"], strict=True))
    (ds.raw / "moves.txt").rename(ds.raw / "moved.txt")
    changes.write_text("changed")
    (ds.raw / "goes.txt").unlink()
    report = ds.ingest()
    new = ds.items(where="source = 'raw/changes.txt'")["id"][0]
    assert report.moved.to_dict("records") == [
        {"id": ids["raw/moves.txt"], "source": "raw/moved.txt", "before": "raw/moves.txt"}
    ]
    assert report.replaced.to_dict("records") == [
        {"source": "raw/changes.txt", "before": ids["raw/changes.txt"], "after": new}
    ]
    assert report.missing.to_dict("records") == [{"id": ids["raw/goes.txt"], "source": "raw/goes.txt"}]
    # Nothing is taken away: the files and the places of all four items are kept.
    assert ds.items()["id"].tolist() == [ids["raw/changes.txt"], ids["raw/goes.txt"], ids["raw/moves.txt"], new]
    assert len(processed(ds)) == 4
    parts = part_names(ds._folder)
    assert ds.ingest().missing.to_dict("records") == report.missing.to_dict("records")
    assert part_names(ds._folder) == parts


def test_what_comes_back_is_there_again(ds: Dataset, put: Put) -> None:
    put("stays.txt", "1")
    put("goes.txt", "2").rename(ds.path / "away")
    put("goes.txt", "2")
    ds.ingest()
    (ds.raw / "goes.txt").unlink()
    ds.ingest()
    (ds.path / "away").rename(ds.raw / "goes.txt")
    assert ds.ingest().counts["missing"] == 0
    assert ds.items(where="source = 'raw/goes.txt'").shape[0] == 1


def test_new_files_come_after_the_old_ones(ds: Dataset, put: Put) -> None:
    put("m.txt", "1")
    put("z.txt", "2")
    ds.ingest()
    put("a.txt", "3")
    ds.ingest()
    assert [one[0] for one in ds.items()["sources"]] == ["raw/m.txt", "raw/z.txt", "raw/a.txt"]


@pytest.mark.parametrize("empty", ["nothing", "absent", "unreadable"])
def test_an_empty_or_missing_raw_is_an_error_and_changes_nothing(ds: Dataset, put: Put, empty: str) -> None:
    put("a.txt", "1")
    ds.ingest()
    parts = part_names(ds._folder)
    (ds.raw / "a.txt").unlink()
    if empty != "nothing":
        ds.raw.rmdir()
    if empty == "unreadable":
        ds.raw.write_text("a file in the place of the folder")
    with pytest.raises(SourceError):
        ds.ingest()
    assert part_names(ds._folder) == parts


def test_when_every_file_is_gone_but_others_are_there_nothing_is_believed(ds: Dataset, put: Put) -> None:
    put("data/a.txt", "1")
    put("README.md", "about")
    ds.ingest()
    parts = part_names(ds._folder)
    (ds.raw / "data/a.txt").unlink()
    with pytest.raises(SourceError, match="disk"):
        ds.ingest()
    assert part_names(ds._folder) == parts


def test_include_and_exclude_take_less_and_lose_nothing(ds: Dataset, put: Put) -> None:
    for name in ("a/1.txt", "a/2.log.txt", "b/3.txt"):
        put(name, name)
    assert ds.ingest(include="a/*", exclude=["*.log.txt"]).added["source"].tolist() == ["raw/a/1.txt"]
    ds.ingest()
    report = ds.ingest(include="b/*")
    assert (report.counts["missing"], report.counts["unchanged"]) == (0, 1)


@pytest.mark.parametrize("link", ["auto", "copy", "hard", "reference"])
def test_ways_of_placing(ds: Dataset, put: Put, link: str) -> None:
    source = put("a.txt", "hello")
    before = source.stat()
    ds.ingest(link=link)
    placed = ds.file(ds.items()["path"][0])
    assert placed.read_text() == "hello"
    assert placed.samefile(source) == (link in ("hard", "reference"))
    assert (source.stat().st_mode, source.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert ds.ingest(link=link).counts["unchanged"] == 1


def test_an_unknown_way_of_placing_names_those_there_are(ds: Dataset, put: Put) -> None:
    put("a.txt", "hello")
    with pytest.raises(SourceError, match="reference"):
        ds.ingest(link="soft")


def test_what_a_killed_run_left_half_written_is_made_whole(ds: Dataset, put: Put) -> None:
    put("a.txt", "hello world")
    item = hashlib.sha256(b"hello world").hexdigest()[:32]
    (ds.path / "processed" / f"{item}.txt").write_text("hello")
    ds.ingest(link="copy")
    assert processed(ds) == {f"{item}.txt": b"hello world"}


def _processes() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(3), _processes])
def test_any_executor_does_the_work(ds: Dataset, put: Put, make: Callable[[], Executor]) -> None:
    for number in range(20):
        put(f"{number:02}.txt", str(number))
    with make() as executor:
        ds.ingest(executor=executor)
        assert not executor.submit(os.getpid).cancelled()  # it is the caller's, and still open
    assert [one[0] for one in ds.items()["sources"]] == [f"raw/{number:02}.txt" for number in range(20)]


def test_small_files_are_handed_over_many_at_once(ds: Dataset, put: Put) -> None:
    for number in range(600):
        put(f"{number}.txt", str(number))
    with ThreadPoolExecutor(2) as pool:
        handed: list[int] = []
        submit = pool.submit

        def counted(work: Any, job: Any, needed: Any) -> Any:
            handed.append(len(needed))
            return submit(work, job, needed)

        pool.submit = counted  # type: ignore[assignment, method-assign]
        ds.ingest(executor=pool)
    assert sum(handed) == 600
    assert len(handed) < 5


def test_progress_is_told_and_ends_at_the_total(ds: Dataset, put: Put) -> None:
    for number in range(600):
        put(f"{number}.txt", str(number))
    told: list[tuple[int, int | None]] = []
    ds.ingest(on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (600, 600)
    assert told == sorted(told)
    assert len(told) > 2


def test_a_large_file_is_read_in_pieces(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.ingest.contents._IN_MEMORY", 100)
    monkeypatch.setattr("nbtools.ingest.contents._PIECE", 7)
    text = "naïve 🐦 " * 50
    put("long.txt", text)
    put("cut.txt", text.encode()[:-2])
    put("some.bin", bytes(range(256)) * 2)
    report = ds.ingest()
    assert dict(zip(ds.items()["kind"], ds.items()["bytes"], strict=True)) == {"text": len(text.encode()), "other": 512}
    assert report.failed["path"].tolist() == ["cut.txt"]
    assert ds.file(ds.items(where="kind = 'text'")["path"][0]).read_text() == text


def test_numbers_beside_an_image_of_the_same_name_are_annotations(ds: Dataset, put: Put, picture: Draw) -> None:
    for shade, name in enumerate(("box", "none", "words", "e")):
        picture(f"a/{name}.png", shade)
    put("a/box.txt", "0 0.5 .5 2e-1 -1.\n1,2,3,4\n")
    put("a/none.txt", "")
    put("a/words.txt", "3 jays")
    put("a/e.txt", "e - +")
    put("a/alone.txt", "0 0.5")
    report = ds.ingest()
    assert (len(report.failed), report.counts["added"]) == (0, 7)
    assert list(report.left["path"]) == ["a/box.txt", "a/none.txt"]
    assert set(report.left["reason"].str.contains("annotations")) == {True}
    assert ds.ingest(include=["*.txt", "*.png"]).counts["added"] == 1


def test_what_cannot_be_added_says_what_can(ds: Dataset) -> None:
    with pytest.raises(SourceError, match="3 is nothing to add: give paths"):
        ds.add(3)  # type: ignore[arg-type]
