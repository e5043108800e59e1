"""Attributes and labels from folders, names and tables beside the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.errors import OptionError, SchemaError
from nbtools.ingest.describe import Rules

Put = Callable[[str, "bytes | str"], Path]


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("folder:0", "north/june/a.png", "north"),
        ("folder:-1", "north/june/a.png", "june"),
        ("folder:1", "north/june/a.png", "june"),
        ("folder:2", "north/june/a.png", None),
        ("folder:-3", "north/june/a.png", None),
        ("folder:0", "a.png", None),
        (r"name:(p\d+)_", "x/p17_a.wav", "p17"),
        (r"name:(p\d+)_", "p3_/a.wav", None),
        (r"name:\d+", "x/a12b3.wav", "12"),
        (r"name:(a)|b", "b.wav", None),
        ("column:site", "x/a.png", "north"),
        ("column:site", "x/b.png", None),
    ],
)
def test_rules(rule: str, path: str, value: str | None) -> None:
    columns = {"site": {"x/a.png": "north"}}
    rules = Rules({"found": rule}, "attribute", columns)
    assert rules(path) == ({} if value is None else {"found": value})
    assert (rules.catches[0].caught, rules.catches[0].missed) == ((0, 1) if value is None else (1, 0))


@pytest.mark.parametrize("rule", ["folder:x", "folder", "name:", "name:(", "columns:a", "column:other", "", "site"])
def test_what_is_no_rule_says_what_the_rules_are(rule: str) -> None:
    with pytest.raises(OptionError):
        Rules({"found": rule}, "attribute", {"site": {}})


@pytest.mark.parametrize("name", ["width", "id", "Site", "a b", "", "x" * 64])
def test_a_name_that_cannot_be_a_column(ds: Dataset, put: Put, name: str) -> None:
    put("a/1.txt", "1")
    with pytest.raises(SchemaError):
        ds.ingest(attributes={name: "folder:0"})


def test_examples_and_misses_are_told(ds: Dataset, put: Put) -> None:
    for number in range(8):
        put(f"s{number}/p{number}_x.txt", str(number))
    put("s9/other.txt", "9")
    report = ds.ingest(attributes={"speaker": r"name:(p\d+)_"})
    catch = report._outcome.catches[0]
    assert (len(catch.examples), catch.caught, catch.missed) == (5, 8, 1)
    assert "missed 1" in report.notes[0]
    assert "'p0' (s0/p0_x.txt)" in repr(report)


def test_sources_that_disagree_give_a_list(ds: Dataset, put: Put) -> None:
    put("north/a.txt", "same")
    put("south/a.txt", "same")
    put("north/b.txt", "other")
    ds.ingest(attributes={"site": "folder:0"})
    assert ds.items()["site"].tolist() == [["north", "south"], "north"]
    assert len(ds.items(where="site = 'north'")) == 1


def test_another_ingest_adds_attributes_and_forgets_none(ds: Dataset, put: Put) -> None:
    put("north/p1.txt", "1")
    ds.ingest(attributes={"site": "folder:0"})
    ds.ingest(attributes={"speaker": r"name:(p\d)"})
    ds.ingest()
    assert ds.items(columns=["site", "speaker"]).to_dict("records") == [{"site": "north", "speaker": "p1"}]


def _table(put: Put, text: str, path: str = "meta.csv") -> None:
    for number in range(10):
        put(f"pics/{number}.txt", f"text {number}")
    put(path, text)


@pytest.mark.parametrize(
    ("column", "path"),
    [
        ("pics/{}.txt", "meta.csv"),
        ("{}.txt", "meta.csv"),
        ("{}", "meta.csv"),
        ("./pics/{}.txt", "meta.csv"),
        ("pics\\{}.txt", "meta.csv"),
        ("raw/pics/{}.txt", "meta.csv"),
        ("{}.txt", "pics/meta.csv"),
    ],
)
def test_a_table_that_names_the_files_is_attributes(ds: Dataset, put: Put, column: str, path: str) -> None:
    lines = [f"{column.format(n)},{n},{n / 2},00{n},{'x' if n % 2 else ''}" for n in range(9)]
    _table(put, "\n".join(["file,count,Share Of,code,odd", *lines]), path)
    report = ds.ingest()
    found = ds.items(columns=["source", "count", "share_of", "code", "odd"]).set_index("source")
    assert found.loc["raw/pics/3.txt"].to_dict() == {"count": 3, "share_of": 1.5, "code": "003", "odd": "x"}
    assert found["odd"].isna()["raw/pics/2.txt"]
    assert found.loc["raw/pics/9.txt"].isna().all()
    assert "attributes={}" in report.notes[0]
    assert report.counts["left"] == 0


def test_too_few_files_named_and_the_table_is_left(ds: Dataset, put: Put) -> None:
    _table(put, "file,site\n" + "\n".join(f"{n}.txt,n" for n in range(8)))
    report = ds.ingest()
    assert report.left["path"].tolist() == ["meta.csv"]
    assert "80%" in report.left["reason"][0]
    assert "ds.attach('meta.csv', on='file')" in report.left["reason"][0]
    assert "site" not in ds.items().columns


def test_two_tables_count_together(ds: Dataset, put: Put) -> None:
    _table(put, "file,site\n" + "\n".join(f"{n}.txt,n" for n in range(5)), "train.csv")
    put("test.csv", "file,site\n" + "\n".join(f"{n}.txt,s" for n in range(5, 10)))
    ds.ingest()
    assert ds.items()["site"].tolist() == ["n"] * 5 + ["s"] * 5


def test_a_table_with_nothing_to_do_with_the_files_is_left(ds: Dataset, put: Put) -> None:
    _table(put, "word,count\na,77\n")
    assert "ds.ingest(rows='meta.csv')" in ds.ingest().left["reason"][0]


def test_overruled_no_attributes_or_those_named(ds: Dataset, put: Put) -> None:
    _table(put, "file,site,width\n" + "\n".join(f"{n}.txt,n,5" for n in range(10)))
    ds.ingest(attributes={})
    assert "site" not in ds.items().columns
    ds.ingest(attributes={"place": "column:site"})
    assert ds.items()["place"].tolist() == ["n"] * 10
    report = ds.ingest()
    assert "rename={'width'" in report.warnings[0]
    ds.ingest(rename={"width": "wing"})
    assert ds.items()["wing"].tolist() == [5] * 10


def test_a_file_on_several_lines_has_several_values(ds: Dataset, put: Put) -> None:
    _table(put, "file,box\n" + "\n".join(f"{n}.txt,{box}" for n in range(10) for box in ("b", "a")))
    ds.ingest()
    assert ds.items()["box"][0] == ["b", "a"]


@pytest.mark.parametrize("suffix", ["tsv", "jsonl", "parquet"])
def test_other_tables_describe_too(ds: Dataset, put: Put, tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame({"file": [f"{n}.txt" for n in range(10)], "site": ["n"] * 10, "n": range(10)})
    made = tmp_path / "made"
    if suffix == "tsv":
        frame.to_csv(made, sep="\t", index=False)
    elif suffix == "jsonl":
        frame.to_json(made, orient="records", lines=True)
    else:
        frame.to_parquet(made)
    _table(put, "", f"meta.{suffix}")
    put(f"meta.{suffix}", made.read_bytes())
    ds.ingest()
    assert ds.items()["n"].tolist() == list(range(10))


def test_folder_labels_declare_the_task_and_are_written_once(ds: Dataset, put: Put) -> None:
    for species in ("rook", "jay"):
        for number in range(3):
            put(f"{species}/{number}.txt", f"{species} {number}")
    rules: dict[str, Any] = {"labels": {"species": "folder:-1"}}
    report = ds.ingest(**rules)
    assert [option.name for option in ds.tasks()["species"].options] == ["jay", "rook"]
    assert ds.labels("species")["value"].tolist() == ["jay"] * 3 + ["rook"] * 3
    assert report.counts["labels"] == 6
    history = len(ds.history())
    ds.ingest(**rules)
    assert len(ds.history()) == history
    put("magpie/1.txt", "magpie")
    ds.ingest(**rules)
    assert [option.name for option in ds.tasks()["species"].options] == ["jay", "rook", "magpie"]
    assert ds.items(labels="species")["species"].tolist()[-1] == "magpie"


def test_labels_that_disagree_are_reported_and_not_written(ds: Dataset, put: Put) -> None:
    put("jay/a.txt", "same")
    put("rook/a.txt", "same")
    put("rook/b.txt", "other")
    report = ds.ingest(labels={"species": "folder:-1"})
    assert report.disagreeing["values"].tolist() == ["'jay' (raw/jay/a.txt), 'rook' (raw/rook/a.txt)"]
    assert ds.labels("species")["value"].tolist() == ["rook"]


def test_a_column_of_labels_is_no_attribute(ds: Dataset, put: Put) -> None:
    _table(put, "file,kind_of,site\n" + "\n".join(f"{n}.txt,k{n % 2},n" for n in range(10)))
    ds.ingest(labels={"species": "column:kind_of"})
    assert "kind_of" not in ds.items().columns
    assert set(ds.labels("species")["value"]) == {"k0", "k1"}


def test_one_name_cannot_be_two_things(ds: Dataset, put: Put) -> None:
    put("a/1.txt", "1")
    with pytest.raises(SchemaError, match="species"):
        ds.ingest(attributes={"species": "folder:0"}, labels={"species": "folder:0"})
    ds.ingest(labels={"species": "folder:0"})
    with pytest.raises(SchemaError, match="task"):
        ds.ingest(attributes={"species": "folder:0"})
    ds.ingest(attributes={"site": "folder:0"})
    with pytest.raises(SchemaError, match="attribute"):
        ds.ingest(labels={"site": "folder:0"})


def test_a_column_called_like_a_task_is_left_out_and_says_so(ds: Dataset, put: Put) -> None:
    ds.task("species", kind="choice", options=["jay", "rook"])
    _table(put, "file,species,site\n" + "\n".join(f"{n}.txt,jay,n" for n in range(10)))
    report = ds.ingest()
    assert "rename={'species'" in report.warnings[0]
    assert [name for name in ds.items().columns if name in ("site", "species")] == ["site"]


@pytest.mark.parametrize("given", [{"labels": "folder:0"}, {"attributes": ["folder:0"]}, {"attributes": {"a": 3}}])
def test_rules_that_are_no_mapping_of_texts(ds: Dataset, put: Put, given: dict[str, object]) -> None:
    put("a/1.txt", "1")
    with pytest.raises(OptionError, match=r"is no mapping: write|is no rule"):
        ds.ingest(**given)  # type: ignore[arg-type]
