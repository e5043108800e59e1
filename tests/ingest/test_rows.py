"""Tables whose rows are the items."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nbtools.dataset import Dataset
from nbtools.errors import SourceError
from nbtools.items.catalogue import part_names
from nbtools.items.ids import keyed_row_id, row_id

Put = Callable[[str, "bytes | str"], Path]


def test_nothing_but_tables_and_the_rows_are_the_items(ds: Dataset, put: Put) -> None:
    put("notes.csv", 'text,site,n\nfirst,north,007\n"second, longer",south,8\n')
    put("README.md", "about")
    report = ds.ingest()
    items = ds.items(columns=["id", "kind", "text", "sources", "site", "n", "path", "row"])
    assert items["id"].tolist() == [
        row_id({"text": "first", "site": "north", "n": "007"}),
        row_id({"text": "second, longer", "site": "south", "n": "8"}),
    ]
    assert items["text"].tolist() == ["first", "second, longer"]
    assert items["kind"].tolist() == ["text", "text"]
    assert items["sources"].tolist() == [["raw/notes.csv#0"], ["raw/notes.csv#1"]]
    assert items["n"].tolist() == ["007", "8"]
    kept = pq.read_table(ds.file(items["path"][0])).to_pylist()
    assert [kept[row]["text"] for row in items["row"]] == items["text"].tolist()
    assert kept[0]["_item"] == items["id"][0]
    assert "its rows are items" in report.notes[0]


def test_again_writes_nothing_even_when_rows_move(ds: Dataset, put: Put) -> None:
    rows = [f"row {number},{number}" for number in range(30)]
    put("a.csv", "\n".join(["text,n", *rows]))
    ds.ingest()
    parts = part_names(ds._folder)
    assert ds.ingest().counts["unchanged"] == 30
    put("a.csv", "\n".join(["text,n", *reversed(rows)]))
    assert ds.ingest().counts["unchanged"] == 30
    assert part_names(ds._folder) == parts
    put("a.csv", "\n".join(["text,n", "new,1", *rows[1:]]))
    report = ds.ingest()
    counts = {name: report.counts[name] for name in ("added", "replaced", "missing", "unchanged")}
    assert counts == {"added": 1, "replaced": 0, "missing": 1, "unchanged": 29}
    assert len(ds) == 31


def test_rows_that_are_alike_are_one_item_unless_a_key_tells_them_apart(ds: Dataset, put: Put) -> None:
    put("a.csv", "patient,answer\n1,ok\n2,ok\n3,ok\n")
    put("b.csv", "answer\nfine\nfine\n")
    ds.ingest(key={"a.csv": "patient"}, text="answer")
    assert ds.items()["id"].tolist()[:3] == [keyed_row_id("a.csv", str(n)) for n in (1, 2, 3)]
    assert ds.items()["sources"].tolist()[2:] == [["raw/a.csv#3"], ["raw/b.csv#0", "raw/b.csv#1"]]
    put("b.csv", "answer\nother\nfine\nfine\nfine\n")
    ds.ingest(key={"a.csv": "patient"}, text="answer")
    fine = ["raw/b.csv#1", "raw/b.csv#0", "raw/b.csv#3"]
    assert sorted(ds.items()["sources"][3]) == sorted(fine)
    put("b.csv", "answer\nfine\n")
    report = ds.ingest(key={"a.csv": "patient"}, text="answer")
    assert ds.items()["sources"].tolist()[3:] == [["raw/b.csv#0"], []]
    assert sorted(report.missing["source"]) == ["raw/b.csv#0+", "raw/b.csv#1", "raw/b.csv#3"]


def test_a_keyed_row_that_changes_is_replaced_and_keeps_its_id(ds: Dataset, put: Put) -> None:
    put("a.csv", "patient,answer\n1,ok\n2,ok\n")
    ds.ingest(key="patient", text="answer")
    ids = ds.items()["id"].tolist()
    ds.task("mood", kind="choice", options=["good", "bad"])
    ds.record("mood", {ids[0]: "good"})
    put("a.csv", "patient,answer\n1,worse\n2,ok\n")
    report = ds.ingest(key="patient", text="answer")
    assert report.replaced.to_dict("records") == [{"source": "raw/a.csv#1", "before": ids[0], "after": ids[0]}]
    assert ds.items(columns=["id", "text"]).to_numpy().tolist() == [[ids[0], "worse"], [ids[1], "ok"]]
    assert ds.labels("mood")["item"].tolist() == [ids[0]]
    told = "! 1 rows changed under their key, and labels given before still count: report.replaced"
    assert told in repr(report).splitlines()
    again = ds.ingest(key="patient", text="answer")
    assert again.counts["replaced"] == 0
    assert told not in repr(again)


@pytest.mark.parametrize(
    ("content", "failed"),
    [
        ('{"text": "a"}\n{"text": \n[1]\n\n{"text": "b"}\n', {"a.jsonl#1": "line 2", "a.jsonl#2": "line 3"}),
        ('{"text": "a"}\n{"text": "b"}', {}),
        ('\ufeff{"text": "a"}\n{"text": "b"}', {}),
    ],
)
def test_one_bad_line_is_one_row_in_failed(ds: Dataset, put: Put, content: str, failed: dict[str, str]) -> None:
    put("a.jsonl", content)
    report = ds.ingest()
    assert ds.items(columns=["text"])["text"].tolist() == ["a", "b"]
    found = dict(zip(report.failed["path"], report.failed["reason"], strict=True))
    assert found.keys() == failed.keys()
    assert all(failed[path] in reason for path, reason in found.items())


def test_ragged_lines_and_bad_keys_fail_alone(ds: Dataset, put: Put) -> None:
    put("a.csv", "key,text\n1,a\n2\n1,again\n,none\n5,b,c\n6,f\n")
    report = ds.ingest(key="key")
    assert ds.items(columns=["text"])["text"].tolist() == ["a", "f"]
    assert report.failed["path"].tolist() == ["a.csv#1", "a.csv#2", "a.csv#3", "a.csv#4"]


def test_a_table_that_breaks_off_loses_nothing(ds: Dataset, put: Put) -> None:
    frame = pd.DataFrame({"text": [f"row {n}" for n in range(50)]})
    frame.to_parquet(ds.raw / "a.parquet")
    ds.ingest()
    whole = (ds.raw / "a.parquet").read_bytes()
    put("a.parquet", whole[:-20])
    put("b.csv", "text\nb\n")
    report = ds.ingest()
    assert (report.counts["missing"], report.counts["failed"], report.counts["added"]) == (0, 1, 1)


def test_values_of_parquet(ds: Dataset) -> None:
    moment = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
    row = {"n": 2**60, "x": 0.5, "nan": float("nan"), "none": None, "at": moment, "raw": b"\x00", "flag": True}
    pd.DataFrame([row]).astype({"none": "string"}).to_parquet(ds.raw / "a.parquet")
    ds.ingest()
    assert ds.items()["id"][0] == row_id({**row, "nan": None})
    found = ds._index.at(0)
    assert found is not None
    assert found.kind == "record"
    assert found.attributes == {"n": 2**60, "x": 0.5, "at": "2026-11-22T10:00:00Z", "raw": "AA==", "flag": True}
    assert json.loads(found.text or "")["n"] == 2**60


def test_labels_and_attributes_of_rows(ds: Dataset, put: Put) -> None:
    put("a.csv", "text,mood,width,Site Name\na,good,1,n\nb,bad,2,s\n")
    report = ds.ingest(labels={"mood": "column:mood"}, rename={"width": "wing"})
    assert ds.items(labels="mood")[["mood", "wing", "site_name"]].to_numpy().tolist() == [
        ["good", "1", "n"],
        ["bad", "2", "s"],
    ]
    assert report.counts["labels"] == 2


@pytest.mark.parametrize(
    "wrong", [{"key": "none"}, {"text": "none"}, {"labels": {"m": "column:none"}}, {"attributes": {"a": "folder:0"}}]
)
def test_a_column_that_is_not_there_is_an_error(ds: Dataset, put: Put, wrong: dict[str, object]) -> None:
    put("a.csv", "text,mood\na,good\n")
    with pytest.raises(SourceError, match=r"none|folder"):
        ds.ingest(**wrong)  # type: ignore[arg-type]
    assert part_names(ds._folder) == []


def test_rows_on_request_beside_files(ds: Dataset, put: Put) -> None:
    put("1.txt", "a file")
    put("a.csv", "text\na\nb\n")
    put("b.csv", "text\nc\n")
    assert len(ds.ingest(rows="a.csv").added) == 3
    assert len(ds.ingest(rows=True).added) == 1
    assert ds.ingest().counts["missing"] == 0
    assert len(ds) == 4


def test_long_texts_and_records_are_cut_in_the_catalogue_only(ds: Dataset, put: Put) -> None:
    put("a.jsonl", json.dumps({"text": "ü" * 50_000}) + "\n" + json.dumps({"x": "y" * 100_000, "z": 1}) + "\n")
    ds.ingest()
    text, record = ds.items(columns=["text"])["text"]
    assert len(text.encode()) <= 65_536
    assert json.loads(record)["z"] == "1"
    kept = pq.read_table(ds.file(ds.items()["path"][0])).to_pylist()
    assert (len(kept[0]["text"]), len(kept[1]["x"])) == (50_000, 100_000)


def test_columns_of_several_types_are_kept(ds: Dataset, put: Put) -> None:
    rows: list[dict[str, object]] = [
        {"text": "a", "v": 1},
        {"text": "b", "v": "one"},
        {"text": "c", "v": {"deep": [1, None]}},
    ]
    put("a.jsonl", "\n".join(map(json.dumps, rows)))
    ds.ingest()
    assert len(ds) == 3
    assert ds.items()["id"].tolist() == [row_id(row) for row in rows]


def test_progress_is_told(ds: Dataset, put: Put) -> None:
    put("a.csv", "n\n" + "\n".join(map(str, range(3000))))
    told: list[tuple[int, int | None]] = []
    ds.ingest(on_progress=lambda done, total: told.append((done, total)))
    assert (1024, None) in told
    assert (2048, None) in told
    assert len(ds) == 3000
