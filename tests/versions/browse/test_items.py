from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.versions.browse.items import PREVIEW, ItemRows
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName
from nbtools.versions.tables import ITEMS
from tests.versions.making import handed, item, made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "ds")


def split(folder: Folder) -> ItemRows:
    """Return the rows of a split in two parts."""
    parts = {"train": [item(1), item(3)], "test": [item(2)]}
    files = {
        f"{name}.parquet": pa.table({"id": ids, "path": [f"p/{one}" for one in ids]}) for name, ids in parts.items()
    }
    files["folds.parquet"] = pa.table({"id": [item(1)], "fold": [0]})
    record = commit(
        folder, VersionName(1), lambda _: Draft(files, {"message": "by site", "author": None, "parent": "v1"})
    )
    return ItemRows(folder, record)


def test_any_row_is_there_before_and_after_the_copy_is_made(folder: Folder) -> None:
    numbers = list(range(3000))
    rows = ItemRows(folder, made(folder, handed(numbers, {7: "jay"})))
    ids = sorted(item(number) for number in numbers)
    assert rows.take(np.array([0, 5, 1])).column("id").to_pylist() == [ids[0], ids[5], ids[1]]
    assert rows.column("id").to_pylist() == ids
    some = np.array([2999, 0, 1500, 0])
    assert rows.take(some).column("id").to_pylist() == [ids[at] for at in some]
    assert (rows.count, rows.find(ids[1234]), rows.find("ff" * 16)) == (3000, 1234, None)
    rows.rest()
    assert rows.take(some).column("id").to_pylist() == [ids[at] for at in some]
    assert rows.take(np.zeros(0, np.int32)).num_rows == 0


def test_what_is_looked_at_is_short_and_the_whole_is_read_when_asked_for(folder: Folder) -> None:
    long = "the jay " * 100
    rows = ItemRows(
        folder, made(folder, handed([1], {1: "jay"}, text=lambda _: long, sources=lambda _: '["a/b.txt", "c.txt"]'))
    )
    (row,) = rows.take(np.array([0])).to_pylist()
    assert (row["source"], row["text"], row["species"]) == ("a/b.txt", long[:PREVIEW], "jay")
    assert "sources" not in rows.columns
    assert "content" not in rows.columns
    whole = rows.whole(0)
    assert (whole["text"], whole["sources"]) == (long, ["a/b.txt", "c.txt"])
    with pytest.raises(IndexError):
        rows.whole(1)


def test_an_item_without_a_source_is_known_by_none(folder: Folder) -> None:
    rows = ItemRows(folder, made(folder, handed([1, 2], sources=lambda number: "[]" if number == 1 else '["x.png"]')))
    assert sorted(map(str, rows.column("source").to_pylist())) == ["None", "x.png"]


def test_the_parts_of_a_split_are_one_list_and_say_which(folder: Folder) -> None:
    made(folder, handed([1, 2, 3]))
    rows = split(folder)
    assert rows.column("split").to_pylist() == ["train", "train", "test"] or rows.column("split").to_pylist() == [
        "test",
        "train",
        "train",
    ]
    assert rows.count == 3
    assert rows.whole(int(rows.find(item(2)) or 0))["split"] == "test"
    assert rows.column("source").to_pylist() == [f"p/{one}" for one in rows.column("id").to_pylist()]


def test_a_table_that_cannot_be_read_is_said(folder: Folder) -> None:
    record = made(folder, handed([1]))
    path = folder.path(f"versions/v1/{ITEMS}")
    path.chmod(0o644)
    path.write_bytes(b"no parquet")
    with pytest.raises(DatasetError, match=r"versions/v1/items.parquet cannot be read.*backup"):
        ItemRows(folder, record)


def test_a_copy_that_cannot_be_made_is_said_to_whoever_waits(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    record = made(folder, handed([1, 2]))

    def full() -> None:
        raise OSError("no space left")

    monkeypatch.setattr("nbtools.versions.browse.items.tempfile.TemporaryFile", full)
    rows = ItemRows(folder, record)
    assert rows.take(np.array([0])).num_rows == 1
    with pytest.raises(DatasetError, match="no space left"):
        rows.column("id")
