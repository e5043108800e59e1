"""Items as people point at them, and pigeon's list as labels."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.pointing import pointed
from nbtools.errors import LabelError, UnknownItemError
from tests.widgets.clicking import Pigeon


@pytest.fixture
def ds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Make a dataset of three text files."""
    monkeypatch.chdir(tmp_path)
    ds = Dataset.create("birds")
    for name in ("jay", "rook", "magpie"):
        Path(f"birds/raw/{name}.txt").parent.mkdir(exist_ok=True)
        Path(f"birds/raw/{name}.txt").write_text(f"the {name}")
    ds.ingest()
    ds.task("seen", kind="choice", options=["yes", "no"])
    return ds


def items(ds: Dataset) -> dict[str, str]:
    """Return the id of each file, by its name."""
    return {Path(row.sources[0]).stem: row.id for row in ds._index.rows()}


def test_an_item_is_found_by_whatever_names_it(ds: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jay = items(ds)["jay"]
    processed = next(path for path in ds.path.glob("processed/*") if path.name.startswith(jay))
    shutil.copy(ds.path / "raw" / "jay.txt", "elsewhere.txt")
    names = [jay, jay[:10], f"processed/{processed.name}", str(processed), "birds/raw/jay.txt", "raw/jay.txt"]
    assert pointed(ds, [*names, "elsewhere.txt"]) == [jay] * 7
    monkeypatch.chdir(ds.path / "raw")
    assert pointed(ds, ["jay.txt", "../raw/jay.txt"]) == [jay] * 2


def test_raw_data_elsewhere_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.txt").write_text("far away")
    ds = Dataset.create(tmp_path / "near", raw=tmp_path / "far")
    ds.ingest()
    assert pointed(ds, [str(tmp_path / "far" / "a.txt")]) == list(ds.items()["id"])


@pytest.mark.parametrize("wrong", ["raw/owl.txt", "/etc/hostname", "\0", "x" * 5000, "", "the jay flew"])
def test_what_names_nothing_is_refused_and_nothing_is_written(ds: Dataset, wrong: str) -> None:
    with pytest.raises(UnknownItemError, match="names no item of this dataset"):
        ds.record("seen", [("raw/jay.txt", "yes"), (wrong, "yes")])
    assert len(ds.labels("seen")) == 0


def test_a_row_is_found_by_its_text_if_no_other_has_it(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "rows")
    ds.add(pd.DataFrame({"key": ["1", "2", "3"], "said": ["it sang", "it flew", "it flew"]}))
    ds.ingest(text="said")
    assert pointed(ds, ["it sang"]) == [row.id for row in ds._index.rows() if row.text == "it sang"]
    with pytest.raises(UnknownItemError, match="'it flew' names 2 items"):
        pointed(ds, ["it sang", "it flew"])


def test_pigeons_list_is_recorded(ds: Dataset) -> None:
    paths = [Path("birds/raw") / f"{name}.txt" for name in ("jay", "rook", "magpie")]
    desk = Pigeon(paths, ["yes", "no"], display_fn=lambda _: None)
    desk.click("yes")
    desk.click("no")
    assert ds.record("seen", desk.pairs).written == 2
    table = ds.labels("seen")
    assert dict(zip(table["item"], table["value"], strict=True)) == {items(ds)["jay"]: "yes", items(ds)["rook"]: "no"}
    assert ds.record("seen", desk.pairs).written == 0


def test_one_item_named_in_two_ways_is_one(ds: Dataset) -> None:
    with pytest.raises(LabelError, match="is given two labels"):
        ds.record("seen", [("birds/raw/jay.txt", "yes"), (items(ds)["jay"], "no")])


def test_a_table_may_name_files_below_raw_or_by_their_names_alone(ds: Dataset) -> None:
    (ds.path / "raw" / "north").mkdir()
    for name in ("owl", "jay"):
        (ds.path / "raw" / "north" / f"{name}.txt").write_text(f"a northern {name}")
    ds.ingest()
    ds._index.refresh()
    owl = next(row.id for row in ds._index.rows() if list(row.sources) == ["raw/north/owl.txt"])
    assert pointed(ds, ["north/owl.txt", "owl.txt"]) == [owl] * 2
    (ds.path / "raw" / "south").mkdir()
    (ds.path / "raw" / "south" / "owl.txt").write_text("a southern owl")
    ds.ingest()
    ds._index.refresh()
    with pytest.raises(UnknownItemError, match=r"'owl\.txt' names 2 items: .* its path below raw/"):
        pointed(ds, ["owl.txt"])


def test_a_table_may_name_files_from_a_folder_of_the_data(ds: Dataset) -> None:
    for site in ("north/wood", "south/wood", "south/moor"):
        (ds.path / "raw" / "photos" / site).mkdir(parents=True)
        (ds.path / "raw" / "photos" / site / "owl.txt").write_text(f"an owl of {site}")
    ds.ingest()
    by_text = {row.read_text(): row for row in map(ds.file, ds.items()["id"])}
    found = pointed(ds, ["moor/owl.txt", "./north/wood/owl.txt", "photos/south/wood/owl.txt"])
    assert [ds.file(one) for one in found] == [
        by_text[f"an owl of {site}"] for site in ("south/moor", "north/wood", "south/wood")
    ]
    with pytest.raises(UnknownItemError, match=r"'wood/owl\.txt' names 2 items: .* its path below raw/"):
        pointed(ds, ["wood/owl.txt"])
    for wrong in ("oor/owl.txt", "/moor/owl.txt", "moor/../moor/owl.txt", "moor/"):
        with pytest.raises(UnknownItemError, match="names no item"):
            pointed(ds, [wrong])


def test_the_file_of_an_item_is_found_by_its_id(ds: Dataset) -> None:
    jay = items(ds)["jay"]
    assert ds.file(jay).read_text() == "the jay"
