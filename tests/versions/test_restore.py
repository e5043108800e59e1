import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import UnsafePathError, VersionError
from nbtools.labels.task import declare
from nbtools.storage import Folder
from nbtools.versions.layouts import Stored, targets
from nbtools.versions.record import Record
from nbtools.versions.restore import Restored, restore
from nbtools.versions.verify import verify
from tests.versions.making import SPECIES, handed, item, made

NUMBERS = [1, 2, 3]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Hold three files, each of which holds its number."""
    folder = Folder(tmp_path / "ds")
    for number in NUMBERS:
        folder.replace(f"processed/{item(number)}.png", str(number).encode())
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def to(folder: Folder, record: Record, out: Path, **how: Any) -> Restored:
    return restore(folder, record, folder.path, out, **how)


def there(out: Path) -> dict[str, str]:
    return {path.relative_to(out).as_posix(): path.read_text() for path in out.rglob("*") if path.is_file()}


def test_files_are_restored_as_they_came(folder: Folder, out: Path) -> None:
    sources = {1: ["raw/a/x.png", "raw/b/y.png"], 2: ["raw/z.JPG"], 3: []}
    record = made(folder, handed(NUMBERS, sources=lambda number: json.dumps(sources[number])))
    done = to(folder, record, out)
    assert there(out) == {"a/x.png": "1", "b/y.png": "1", "z.JPG": "2", f"{item(3)}.png": "3"}
    assert (done.written, done.unchanged) == (4, 0)
    assert repr(done) == f"4 files written to {out}"


def test_what_was_converted_has_its_own_suffix(folder: Folder, out: Path) -> None:
    record = made(folder, handed([1, 2], recipe=lambda number: number - 1, sources=lambda n: f'["raw/p/{n}.tiff"]'))
    to(folder, record, out)
    assert there(out) == {"p/1.tiff": "1", "p/2.png": "2"}


def test_by_id_and_by_answer(folder: Folder, out: Path) -> None:
    record = made(folder, handed(NUMBERS, {1: "jay", 2: "rook"}))
    to(folder, record, out / "ids", layout="id")
    assert there(out / "ids") == {f"{item(number)}.png": str(number) for number in NUMBERS}
    done = to(folder, record, out / "folders", layout="imagefolder", target="species")
    assert there(out / "folders") == {f"jay/{item(1)}.png": "1", f"rook/{item(2)}.png": "2"}
    assert done.left_out == 1
    assert "1 item left out: no label, or no file" in done._repr_html_()


def test_again_only_what_is_not_there(folder: Folder, out: Path) -> None:
    record = made(folder, handed(NUMBERS))
    to(folder, record, out)
    times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    done = to(folder, record, out)
    assert (done.written, done.unchanged) == (0, 3)
    assert times == {path: path.stat().st_mtime_ns for path in out.iterdir()}
    (out / "2.png").unlink()
    progress: list[tuple[int, int | None]] = []
    again = to(folder, record, out, on_progress=lambda *far: progress.append(far))
    assert (again.written, progress) == (1, [(1, 1)])
    assert "2 were there already" in repr(again)


def test_an_edit_of_a_restored_file_changes_no_version(folder: Folder, out: Path) -> None:
    record = made(folder, handed(NUMBERS, bytes=lambda _: 1))
    to(folder, record, out)
    for path in out.iterdir():
        assert path.stat().st_nlink == 1, "a link would be the dataset's own file"
        path.write_text("!")
    assert verify(folder, record, folder.path, "full").ok
    assert to(folder, record, out, force=True).written == 3


def test_other_files_are_in_the_way_unless_forced(folder: Folder, out: Path) -> None:
    record = made(folder, handed(NUMBERS))
    out.mkdir()
    (out / "2.png").write_text("mine")
    with pytest.raises(VersionError, match=r"something else at 2\.png: .*force=True.* Nothing was written"):
        to(folder, record, out)
    assert there(out) == {"2.png": "mine"}
    to(folder, record, out, force=True)
    assert there(out) == {"1.png": "1", "2.png": "2", "3.png": "3"}
    (out / "2.png").unlink()
    (out / "2.png").mkdir()
    with pytest.raises(VersionError, match="move the folders away"):
        to(folder, record, out, force=True)


def test_damaged_files_are_not_restored(folder: Folder, out: Path) -> None:
    record = made(folder, handed(NUMBERS))
    folder.path(f"processed/{item(1)}.png").write_text("x")
    folder.path(f"processed/{item(2)}.png").unlink()
    done = to(folder, record, out)
    assert there(out) == {"3.png": "3"}
    assert dict(done.failed) == {
        f"processed/{item(1)}.png": "its bytes are others than they were: bring it back from a backup",
        f"processed/{item(2)}.png": "it is missing",
    }
    assert "! 2 files not restored" in repr(done)
    assert len(done.to_json()["failed"]) == 2


@pytest.mark.parametrize("path", ["../../secret", "/etc/passwd", "processed/../../secret", "metadata/secret", "out"])
def test_nothing_is_read_from_outside(folder: Folder, out: Path, path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    folder.replace("metadata/secret", b"s")
    record = made(folder, handed(NUMBERS, path=lambda n: path if n == 3 else f"processed/{item(n)}.png"))
    for layout in ("id", "source"):
        with pytest.raises(UnsafePathError):
            to(folder, record, out, layout=layout)
    assert not out.exists()


@pytest.mark.parametrize("name", ["raw/../../evil", "/tmp/evil", "../evil", "raw/", "raw/a/../../../evil", "raw/x\0y"])
def test_nothing_is_restored_outside(folder: Folder, out: Path, name: str) -> None:
    for recipe in (0, 1):
        record = made(
            folder,
            handed(NUMBERS, sources=lambda n: json.dumps([name if n == 3 else f"raw/{n}"]), recipe=lambda _: recipe),  # noqa: B023
        )
        with pytest.raises(UnsafePathError):
            to(folder, record, out)
    assert not list(out.parent.rglob("*evil*"))
    assert not out.exists()


def test_an_id_is_no_way_out_either(folder: Folder, out: Path) -> None:
    record = made(folder, handed(NUMBERS))
    path = folder.path("versions/v1/items.parquet")
    table = pq.read_table(path)
    path.unlink()
    pq.write_table(table.set_column(0, "id", pa.array(["../../evil", "a", "b"])), path)
    with pytest.raises(UnsafePathError):
        to(folder, record, out, layout="id")
    assert not out.exists()


def test_links_lead_nowhere(folder: Folder, out: Path, tmp_path: Path) -> None:
    record = made(folder, handed(NUMBERS, sources=lambda n: f'["raw/sub/{n}.png"]'))
    (tmp_path / "secret").write_text("1")
    folder.path(f"processed/{item(1)}.png").unlink()
    folder.path("processed").joinpath(f"{item(1)}.png").symlink_to(tmp_path / "secret")
    done = to(folder, record, out / "one")
    assert [path for path, _ in done.failed] == [f"processed/{item(1)}.png"]
    (out / "two").mkdir()
    (out / "two/sub").symlink_to(tmp_path)
    with pytest.raises(UnsafePathError):
        to(folder, record, out / "two")
    assert not (tmp_path / "2.png").exists()


def test_the_dataset_itself_is_no_destination(folder: Folder) -> None:
    record = made(folder, handed(NUMBERS))
    for name in ("", "raw", "processed/x", "versions/v1", "metadata"):
        with pytest.raises(VersionError, match="part of the dataset itself"):
            to(folder, record, folder.root / name)
    to(folder, record, folder.root / "restored")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"layout": "ids"}, "layout='ids' is none of 'source', 'id', 'imagefolder'; did you mean 'id'"),
        ({"layout": "imagefolder"}, r"needs target=.*\(there are 'species'\)"),
        ({"layout": "imagefolder", "target": "spices"}, "did you mean 'species'"),
        ({"layout": "imagefolder", "target": "seen"}, "one answer to each item"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(folder: Folder, out: Path, how: dict[str, Any], said: str) -> None:
    seen = declare("seen", "choices", ["nest"])
    record = made(folder, handed(NUMBERS)._replace(tasks={"species": SPECIES, "seen": seen}))
    with pytest.raises(VersionError, match=said):
        to(folder, record, out, **how)


def test_rows_are_restored_as_a_table(folder: Folder, out: Path) -> None:
    rows = pa.table({"_item": [item(number) for number in (5, 6, 7)], "words": ["five", "six", "seven"]})
    path = "processed/records-1.parquet"
    pq.write_table(rows, folder.path(path))
    what: dict[str, Any] = {"path": lambda _: path, "row": lambda number: number - 5}
    record = made(folder, handed([7, 5], {5: "jay"}, **what))
    done = to(folder, record, out)
    table = pd.read_parquet(out / "records-1.parquet")
    assert dict(zip(table["id"], table["words"], strict=True)) == {item(5): "five", item(7): "seven"}
    assert (done.written, to(folder, record, out).unchanged) == (1, 1)
    assert to(folder, record, out / "f", layout="imagefolder", target="species").left_out == 2
    pq.write_table(rows.take([2, 1, 0]), folder.path(path))
    assert "others than they were" in to(folder, record, out / "2").failed[0][1]
    folder.path(path).write_bytes(b"no table")
    assert to(folder, record, out / "3").failed[0][0] == path


NAMES = st.sampled_from(["a.png", "A.PNG", "ü.png", "u\u0308.png", "d/a.png", "D/a.png", "a"])


@given(st.lists(st.tuples(NAMES, NAMES), max_size=6))
@settings(max_examples=50)
def test_no_two_files_of_different_bytes_have_one_name_on_any_disk(names: Sequence[tuple[str, str]]) -> None:
    files = [Stored(f"{at:032x}", "processed/x.png", 0, str(at), [f"raw/{one}" for one in both], None)
             for at, both in enumerate(names)]  # fmt: skip
    files = [file._replace(item=file.item[::-1]) for file in files]
    found = targets("source", files)
    assert len(found) == 2 * len(names)
    by_name: dict[str, set[str | None]] = {}
    for file, name in found:
        by_name.setdefault(os.path.normcase(name).replace("u\u0308", "ü").casefold(), set()).add(file.sha256)
    assert all(len(one) == 1 for one in by_name.values())


@pytest.mark.parametrize(
    ("labels", "folders"),
    [
        (["jay", "JAY", "jay"], ["jay", "JAY (2)", "jay"]),
        (["a/b", "a\\b"], ["a_b", "a_b (2)"]),
        (["..", ".", "../../x"], ["_", "_ (2)", "_.._x"]),
        (["none of these", "é"], ["none of these", "é"]),
        (["x" * 300], ["x" * 100]),
    ],
)
def test_answers_name_folders_that_any_disk_can_have(labels: list[str], folders: list[str]) -> None:
    files = [Stored(str(at), "processed/x.png", 0, str(at), [], label) for at, label in enumerate(labels)]
    assert [name.rpartition("/")[0] for _, name in targets("imagefolder", files)] == folders
