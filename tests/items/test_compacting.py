"""Many small parts of the catalogue become one, and nobody can tell at any moment."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.clearing import clear
from nbtools.errors import DatasetError
from nbtools.items import compacting
from nbtools.items.catalogue import PARTS, part_names, read_part, write_part
from nbtools.items.compacting import finish, join_parts, small_parts
from nbtools.items.fold import FoldedItem, fold_parts
from nbtools.storage import Folder
from nbtools.store import build
from nbtools.versions.removing import DAY
from tests.store.making import item, make, sighting

LATER = time.time() + 2 * DAY


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make eighteen parts, in which items are seen again, go, and say other things."""
    folder = Folder(tmp_path)
    for number in range(18):
        again = sighting(number // 2, {"writer": f"again {number}"}, state=("present", "gone")[number % 2])
        write_part(folder, [sighting(number), sighting(100 + number, {"n": number}), again])
    return folder


def fold(folder: Folder, names: list[str] | None = None) -> list[FoldedItem]:
    """Return what the catalogue comes to, in order."""
    folded = fold_parts(folder, part_names(folder) if names is None else names)
    return sorted(item for batch in folded for item in batch)


class Killed(BaseException):
    """The process ends here."""


def test_what_is_joined_is_what_it_was(folder: Folder) -> None:
    before, names = fold(folder), part_names(folder)
    (run,) = small_parts(folder, LATER)
    assert list(run.names) == names
    join_parts(folder, run)
    (joined,) = part_names(folder)
    assert joined[:26] == names[-1][:26]
    assert fold(folder) == before
    assert small_parts(folder, LATER) == []
    write_part(folder, [sighting(500)])
    assert part_names(folder)[0] == joined
    assert [one.id for one in fold(folder)] == [*(one.id for one in before), item(500)]


def test_who_listed_the_parts_before_reads_the_same(folder: Folder) -> None:
    before, names = fold(folder), part_names(folder)
    tables = [read_part(folder, name) for name in names]
    (run,) = small_parts(folder, LATER)
    join_parts(folder, run)
    assert [read_part(folder, name) for name in names] == tables
    assert fold(folder, names) == before
    with pytest.raises(DatasetError, match="cannot be read"):
        read_part(folder, "01ARZ3NDEKTSV4RRFFQ69G5FAV.parquet")


def test_killed_at_every_step(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before, names = fold(folder), part_names(folder)
    (run,) = small_parts(folder, LATER)
    unlink = Path.unlink
    for kill_at in range(0, len(names), 5):
        steps = iter(range(100))

        def killed(path: Path, missing_ok: bool = False, kill_at: int = kill_at, steps: Iterator[int] = steps) -> None:
            if path.name in names and next(steps) == kill_at:
                raise Killed
            unlink(path, missing_ok)

        monkeypatch.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            join_parts(folder, run)
        monkeypatch.undo()
        assert len(part_names(folder)) < len(names) + 2
        assert fold(folder) == before
        assert fold(folder, names) == before
    finish(folder)
    assert len(part_names(folder)) == 1
    assert fold(folder) == before


def test_two_at_once_make_one(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fold(folder)
    (run,) = small_parts(folder, LATER)
    drop, seen = compacting._drop, []

    def other_first(folder: Folder, names: tuple[str, ...]) -> None:
        seen.append(names)
        if len(seen) == 1:
            join_parts(folder, run)
        drop(folder, names)

    monkeypatch.setattr(compacting, "_drop", other_first)
    join_parts(folder, run)
    assert len(seen) == 2
    assert len(part_names(folder)) == 1
    assert fold(folder) == before


def test_few_or_large_or_young_parts_stay(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    names = part_names(folder)
    assert small_parts(folder, time.time() - DAY) == []
    monkeypatch.setattr(compacting, "_FEWEST", 9)
    with folder.path(f"{PARTS}/{names[9]}").open("ab") as file:
        file.truncate(64 << 20)
    assert [len(run.names) for run in small_parts(folder, LATER)] == [9]


def test_a_part_that_claims_others_is_not_believed(folder: Folder) -> None:
    (run,) = small_parts(folder, LATER)
    short = compacting._joined(folder, run.names[:2])
    made = short.replace(run.names[0].encode(), run.names[2].encode())
    folder.create(f"{PARTS}/7ZZZZZZZ00ZZZZZZZZZZZZZZZZ.parquet", made)
    folder.path(f"{PARTS}/{run.names[1]}").unlink()
    assert read_part(folder, run.names[1]).num_rows == 3


def test_gc_joins_what_is_older_than_a_day(tmp_path: Path) -> None:
    ds = make(tmp_path, 3)
    for number in range(3, 20):
        write_part(ds._folder, [sighting(number)])
    before = ds.items()
    assert ds.gc(dry_run=False).found == ()
    for name in part_names(ds._folder):
        os.utime(ds.path / PARTS / name, (1, 1))
    said = ds.gc()
    assert (len(part_names(ds._folder)), said.found[0].why) == (18, "joined with the 17 after it")
    assert ds.gc(dry_run=False).removed
    assert len(part_names(ds._folder)) == 1
    assert ds.items().equals(before)
    assert Dataset(ds.path).items().equals(before)
    assert clear(ds._folder, dry_run=True, now=LATER).found == ()


def test_the_index_stays_what_it_is_when_parts_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = make(tmp_path, 3)
    for number in range(3, 20):
        write_part(ds._folder, [sighting(number), sighting(number - 1, state="gone")])
    before, stamp = ds.items(), ds._index.stamp()

    def filled(*_given: object) -> None:
        raise AssertionError("made anew")

    with monkeypatch.context() as patched:
        patched.setattr(build, "_fill", filled)
        (run,) = small_parts(ds._folder, LATER)
        patched.setattr(compacting, "_drop", lambda *_given: None)
        join_parts(ds._folder, run)
        assert ds.items().equals(before), "while the parts are there still"
        patched.undo()
        patched.setattr(build, "_fill", filled)
        finish(ds._folder)
        assert len(part_names(ds._folder)) == 1
        assert ds.items().equals(before)
        assert Dataset(ds.path).items().equals(before)
        assert Dataset(ds.path)._index.stamp() == stamp
    write_part(ds._folder, [sighting(50)])
    assert len(ds.items()) == len(before) + 1


def test_the_index_is_made_anew_where_a_part_came_between_those_that_were_joined(tmp_path: Path) -> None:
    ds = make(tmp_path, 3)
    for number in range(3, 20):
        write_part(ds._folder, [sighting(number)])
    (run,) = small_parts(ds._folder, LATER)
    between = ds.path / PARTS / f"{run.names[4][:25]}~late.parquet"
    write_part(ds._folder, [sighting(50)])
    (ds.path / PARTS / part_names(ds._folder)[-1]).rename(between)
    assert ds.items()["id"].tolist().index(item(50)) < 19
    join_parts(ds._folder, run)
    assert ds.items()["id"].tolist() == [one.id for one in fold(ds._folder)]


def test_a_copy_that_was_not_joined_brings_nothing_new(tmp_path: Path) -> None:
    ds = make(tmp_path, 3)
    for number in range(3, 20):
        write_part(ds._folder, [sighting(number)])
        (ds.path / f"processed/{item(number)}.txt").write_bytes(f"item {number}".encode())
    before = ds.items()
    shutil.copytree(ds.path, tmp_path / "copy")
    clear(ds._folder, dry_run=False, now=LATER)
    copy = Dataset(tmp_path / "copy")
    parts = part_names(ds._folder), part_names(copy._folder)
    ds.merge(copy.path)
    copy.merge(ds.path)
    assert (part_names(ds._folder), part_names(copy._folder)) == parts
    assert ds.items().equals(before)


def test_what_is_erased_meanwhile_stays_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = make(tmp_path, 3)
    for number in range(3, 20):
        write_part(ds._folder, [sighting(number)])
    made = compacting._joined

    def erased_between(folder: Folder, names: tuple[str, ...]) -> bytes:
        written = made(folder, names)
        ds.erase([item(4)], reason="consent withdrawn")
        return written

    monkeypatch.setattr(compacting, "_joined", erased_between)
    clear(ds._folder, dry_run=False, now=LATER)
    found = {row for name in part_names(ds._folder) for row in read_part(ds._folder, name)["id"].to_pylist()}
    assert item(4) not in found
    assert len(found) == 19
