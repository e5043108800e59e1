"""The index may be deleted, damaged or replaced at any moment, and the labels are still right."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.errors import DatasetError
from nbtools.items.catalogue import write_part
from nbtools.store.database import held
from nbtools.store.index import Index
from tests.store.making import item, label, make, sighting


def whole(path: Path) -> None:
    shutil.rmtree(path.parent)


def only(path: Path) -> None:
    path.unlink()


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def stirred(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 512):
        data[at : at + 64] = random.Random(at).randbytes(64)
    path.write_bytes(data)


def another(path: Path) -> None:
    other = path.with_name("other.sqlite")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE meta (key, value)")
    connection.close()
    other.replace(path)


def lock(path: Path) -> None:
    path.with_name(path.name + ".lock").write_text("7:7")


HARM = [whole, only, garbage, empty, cut, stirred, another, lock]


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return make(tmp_path, 8)


def right(index: Index, expected: dict[str, str]) -> None:
    index.refresh()
    assert {head.act.item: head.act.value for head in index.heads("species")} == expected
    assert index.total() == 8


@pytest.mark.parametrize("harm", HARM)
def test_harm_at_every_step_changes_no_label(ds: Dataset, harm: Callable[[Path], None]) -> None:
    expected: dict[str, str] = {}
    other = Index(ds._folder, ds.id)
    right(other, {})
    for number in range(6):
        ds._log.append("species", [label(number, f"v{number}")])
        expected[item(number)] = f"v{number}"
        if number % 2:
            right(ds._index, expected)
        harm(ds._index._path)
        right(ds._index, expected)
        right(other, expected)
    assert ds._index.item(item(3)) is not None


@pytest.mark.parametrize("harm", HARM)
def test_a_read_without_a_refresh_is_right_too(ds: Dataset, harm: Callable[[Path], None]) -> None:
    ds._log.append("species", [label(0, "jay")])
    ds._index.refresh()
    harm(ds._index._path)
    found = ds._index.head("species", item(0), "anna")
    assert found is not None
    assert ds._index.item(item(7)) is not None


def test_an_older_copy_is_brought_up_to_date(ds: Dataset, tmp_path: Path) -> None:
    ds._log.append("species", [label(0, "old")])
    ds._index.refresh()
    old = tmp_path / "old.sqlite"
    with sqlite3.connect(old) as target, sqlite3.connect(ds._index._path) as source:
        source.backup(target)
    target.close()
    source.close()
    ds._log.append("species", [label(1, "new")])
    right(ds._index, {item(0): "old", item(1): "new"})
    old.replace(ds._index._path)
    right(ds._index, {item(0): "old", item(1): "new"})


def test_an_index_of_another_dataset_is_not_believed(ds: Dataset, tmp_path: Path) -> None:
    other = make(tmp_path / "other", 3)
    ds._index.refresh()
    other._index.refresh()
    shutil.copytree(other._index._path.parent, tmp_path / "copy")
    del other
    shutil.rmtree(ds._index._path.parent)
    shutil.copytree(tmp_path / "copy", ds._index._path.parent)
    right(ds._index, {})


def test_a_log_that_went_back_is_read_again(ds: Dataset) -> None:
    ds._log.append("species", [label(0, "jay"), label(1, "rook")])
    right(ds._index, {item(0): "jay", item(1): "rook"})
    (name,) = ds._log.sizes()
    path = ds.path / "metadata/labels" / name
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    right(ds._index, {item(0): "jay"})
    path.unlink()
    right(ds._index, {})


def test_a_part_that_went_away_takes_its_items_along(ds: Dataset) -> None:
    name = write_part(ds._folder, [sighting(8)])
    ds._index.refresh()
    assert ds._index.total() == 9
    (ds.path / "metadata/items" / name).unlink()
    right(ds._index, {})


def test_a_folder_that_was_moved_keeps_its_labels(ds: Dataset, tmp_path: Path) -> None:
    ds._log.append("species", [label(0, "jay")])
    ds._index.refresh()
    path = ds.path
    del ds
    moved = Dataset(shutil.move(path, tmp_path / "elsewhere"))
    right(moved._index, {item(0): "jay"})


def test_a_copied_folder_keeps_its_labels(ds: Dataset, tmp_path: Path) -> None:
    ds._log.append("species", [label(0, "jay")])
    ds._index.refresh()
    right(Dataset(shutil.copytree(ds.path, tmp_path / "copy"))._index, {item(0): "jay"})


def test_one_who_waits_too_long_says_so(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    ds._index.refresh()
    monkeypatch.setattr("nbtools.store.database.BUSY_SECONDS", 0.01)
    impatient = Index(ds._folder, ds.id)
    impatient.refresh()
    blocker = sqlite3.connect(ds._index._path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    ds._log.append("species", [label(0, "jay")])
    with pytest.raises(DatasetError, match="cannot be written now"):
        impatient.refresh()
    assert impatient.total() == 8
    blocker.execute("ROLLBACK")
    blocker.close()
    right(impatient, {item(0): "jay"})


_OPENER = """
import sys
from nbtools.dataset import Dataset
ds = Dataset(sys.argv[1])
for line in sys.stdin:
    ds._index.refresh()
    print(len(list(ds._index.heads("species"))), ds._index.total(), flush=True)
"""


@pytest.mark.parametrize("harm", [whole, only, garbage, another])
def test_harm_while_another_process_has_it_open(ds: Dataset, harm: Callable[[Path], None]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OPENER, str(ds.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for number in range(2):
            ds._log.append("species", [label(number, "jay")])
            for _ in range(2):
                other.stdin.write("\n")
                other.stdin.flush()
                assert other.stdout.readline() == f"{number + 1} 8\n"
                right(ds._index, {item(one): "jay" for one in range(number + 1)})
                harm(ds._index._path)
        other.stdin.close()
    assert other.returncode == 0


def test_many_processes_open_at_once_and_one_builds(ds: Dataset) -> None:
    ds._log.append("species", [label(0, "jay")])
    with held(ds._index._path.with_name("index.sqlite.build")):
        others = [
            subprocess.Popen(
                [sys.executable, "-c", _OPENER, str(ds.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(3)
        ]
    assert [other.communicate("\n\n")[0] for other in others] == ["1 8\n1 8\n"] * 3
