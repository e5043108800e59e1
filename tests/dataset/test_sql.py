"""What `ds.sql` knows of a dataset."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.errors import DatasetError, QueryError
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName
from nbtools.versions.tables import read_table
from tests.factory import Datasets


@pytest.fixture
def birds(datasets: Datasets) -> Dataset:
    """Make five pictures in two folders, two of them labeled."""
    files = {f"{'north' if number < 3 else 'south'}/{number}.txt": b"%d" % number for number in range(5)}
    dataset = datasets.of(files, name="birds", options=["jay", "rook"])
    dataset.ingest(attributes={"site": "folder:0"})
    dataset.task("seen", "choices", ["egg", "nest"])
    first, second = dataset.items()["id"][:2]
    dataset.record("species", {first: "jay", second: "rook"}, annotator="anna", origin="person")
    dataset.record("seen", {first: ["egg", "nest"]}, annotator="ben", origin="person")
    return dataset


def split(ds: Dataset) -> None:
    """Commit a split of the first version, as it lies on disk."""
    items = read_table(ds._folder, VersionName(1), "items.parquet")
    parts = {"train.parquet": items.slice(0, 3), "test.parquet": items.slice(3), "quarantine.parquet": items}
    said = {"message": "by site", "author": "ben", "parent": "v1"}
    commit(ds._folder, VersionName(1), lambda _: Draft(parts, said))


def test_items_are_those_that_are_in_with_their_attributes(birds: Dataset) -> None:
    assert birds.sql("select site, count(*) n from items group by site order by site").to_dict("list") == {
        "site": ["north", "south"],
        "n": [3, 2],
    }
    birds.exclude(birds.items(where="site = 'south'")["id"][:1], "blurred")
    assert birds.sql("select count(*) n from items where site = 'south'")["n"].tolist() == [1]
    assert birds.sql("select sources[1] source from items order by source")["source"][0] == "raw/north/0.txt"


def test_items_follow_what_is_ingested(birds: Dataset) -> None:
    assert birds.sql("select count(*) n from items")["n"].tolist() == [5]
    for number in range(6, 9):
        (birds.raw / f"{number}.txt").write_text(str(number))
        birds.ingest()
        assert birds.sql("select count(*) n from items")["n"].tolist() == [number]
    assert len(list(birds.path.glob("metadata/cache/items-*.parquet"))) == 2


def test_labels_are_of_all_tasks_and_joined_to_items(birds: Dataset) -> None:
    found = birds.sql(
        "select task, annotator, value, site from labels join items on id = item order by task, value"
    ).to_numpy()
    assert found.tolist() == [
        ["seen", "ben", '["egg","nest"]', "north"],
        ["species", "anna", "jay", "north"],
        ["species", "anna", "rook", "north"],
    ]


def test_versions_and_splits_are_tables_of_their_own(birds: Dataset) -> None:
    birds.freeze("first", author="anna")
    split(birds)
    found = birds.sql("select species, seen from v1_items where species is not null order by species")
    assert found["species"].tolist() == ["jay", "rook"]
    assert birds.sql("select value from v1_labels order by value")["value"].tolist() == [
        '["egg","nest"]',
        "jay",
        "rook",
    ]
    parts = birds.sql("select split, count(*) n from v1_1 group by split order by split")
    assert parts.to_numpy().tolist() == [["test", 2], ["train", 3]]
    rows = birds.sql("select version, split_of, author, message, items, added, damaged from versions")
    assert rows.astype(object).where(rows.notna(), None).to_numpy().tolist() == [
        ["v1", None, "anna", "first", 5, 5, None],
        ["v1.1", "v1", "ben", "by site", None, None, None],
    ]
    tables = ["items", "labels", "v1_1", "v1_items", "v1_labels", "versions"]
    assert sorted(birds.sql("show tables")["name"]) == tables


def test_a_damaged_version_is_one_row_that_says_so(birds: Dataset) -> None:
    birds.freeze("first")
    for name in ("version.json", "items.parquet"):
        (birds.path / "versions/v1" / name).chmod(0o644)
        (birds.path / "versions/v1" / name).write_text("{")
    assert birds.sql("select damaged from versions")["damaged"][0].startswith("versions/v1/version.json")
    with pytest.raises(DatasetError, match=r"versions/v1/items\.parquet cannot be read"):
        birds.sql("select * from v1_items")
    assert birds.sql("select count(*) n from items")["n"].tolist() == [5]


def test_what_is_not_there_is_named_nearly(birds: Dataset) -> None:
    with pytest.raises(QueryError, match=r"did you mean 'items'\?\nThere are: items, labels, versions"):
        birds.sql("select * from item")


def test_a_folder_that_cannot_be_written_answers_too(birds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("nbtools.storage._write", refuse)
    assert birds.sql("select count(*) n from items")["n"].tolist() == [5]
    assert list(birds.path.glob("metadata/cache/items-*")) == []


def test_a_damaged_copy_in_the_cache_is_passed_over(birds: Dataset) -> None:
    birds.sql("select 1 from items")
    (copy,) = birds.path.glob("metadata/cache/items-*.parquet")
    copy.write_bytes(b"PAR1")
    assert birds.sql("select count(*) n from items")["n"].tolist() == [5]


def test_nothing_is_read_from_other_places(birds: Dataset, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for query in (f"select * from '{tmp_path}/secret.csv'", f"copy items to '{tmp_path}/out.csv'", "drop view items"):
        with pytest.raises(QueryError):
            birds.sql(query)
    assert not (tmp_path / "out.csv").exists()


def test_a_dataset_that_is_opened_loads_no_query_engine(birds: Dataset) -> None:
    program = f"import sys, nbtools; len(nbtools.Dataset({str(birds.path)!r})); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {"duckdb", "pyarrow", "pandas", "numpy"} & set(done.stdout.split()) == set()
