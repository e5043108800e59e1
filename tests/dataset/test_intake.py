"""add, attach, items, sample, dry runs, labels that are carried."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.errors import NotSavedError, QueryError, SchemaError, SourceError
from nbtools.ingest import place
from nbtools.items.catalogue import part_names


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "birds", "Birds")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Make a folder of files to add."""
    folder = tmp_path / "photos"
    for site in ("north", "south"):
        (folder / site).mkdir(parents=True)
        for number in range(3):
            Image.new("L", (8, 8), number + (9 if site == "south" else 0)).save(folder / site / f"{number}.png")
    return folder


def tree(folder: Path) -> dict[str, int]:
    """Return path and permissions of every file."""
    return {str(one.relative_to(folder)): one.stat().st_mode & 0o777 for one in folder.rglob("*") if one.is_file()}


# add


def test_add_copies_read_only_and_once(ds: Dataset, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[int, int | None]] = []
    added = ds.add(photos, on_progress=lambda done, total: told.append((done, total)))
    said = capsys.readouterr().out
    assert "6 files" in said
    assert "bytes" in said
    assert tree(ds.raw) == {f"photos/{site}/{n}.png": 0o444 for site in ("north", "south") for n in range(3)}
    assert (len(added.copied), added.bytes) == (6, sum(one.stat().st_size for one in photos.rglob("*.png")))
    assert told == [(6, 6)]
    again = ds.add(str(photos))
    assert (again.copied, again.there, again.failed) == ([], 6, [])
    assert "ds.ingest()" in repr(added)


def test_add_files_lists_and_iterators(ds: Dataset, photos: Path) -> None:
    ds.add(photos / "north/0.png", [photos / "north/1.png"], iter([str(photos / "south")]))
    assert sorted(tree(ds.raw)) == ["0.png", "1.png", "south/0.png", "south/1.png", "south/2.png"]


def test_add_never_writes_over_anything(ds: Dataset, photos: Path) -> None:
    ds.add(photos / "north/0.png")
    other = photos / "south/0.png"
    added = ds.add(other)
    assert added.failed[0][0] == "0.png"
    assert (ds.raw / "0.png").read_bytes() == (photos / "north/0.png").read_bytes()
    os.utime(photos / "north/0.png", (5, 5))
    assert ds.add(photos / "north/0.png").there == 1


@pytest.mark.parametrize("source", ["s3://bucket/x", "https://example.org/a.png", "/no/such/file"])
def test_what_cannot_be_added(ds: Dataset, source: str) -> None:
    with pytest.raises(SourceError, match=source):
        ds.add(source)


def test_a_dataset_cannot_be_added_to_itself(ds: Dataset) -> None:
    with pytest.raises(SourceError, match="itself"):
        ds.add(ds.path.parent)


def test_raw_data_elsewhere_is_not_added_to(tmp_path: Path, photos: Path) -> None:
    ds = Dataset.create(tmp_path / "far", raw=photos)
    with pytest.raises(SourceError, match="where it lies"):
        ds.add(photos)


def test_one_bad_file_does_not_stop_the_others(ds: Dataset, photos: Path) -> None:
    (photos / "link").symlink_to("nowhere")
    os.mkfifo(photos / "pipe")
    added = ds.add(photos)
    assert sorted(path for path, _ in added.failed) == ["photos/link", "photos/pipe"]
    assert len(added.copied) == 6


def test_a_full_disk_says_so_and_is_gone_on_with(ds: Dataset, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(place, "_write", full)
    with pytest.raises(NotSavedError, match="No space left"):
        ds.add(photos)
    assert tree(ds.raw) == {}
    monkeypatch.undo()
    ds.add(photos)
    monkeypatch.setattr(place, "_write", full)
    with pytest.raises(NotSavedError, match="No space left"):
        ds.ingest(link="copy")
    monkeypatch.undo()
    assert ds.ingest(link="copy").counts["added"] == 6


def test_what_add_copied_is_linked_and_what_a_person_put_there_is_copied(ds: Dataset, photos: Path) -> None:
    ds.add(photos)
    mine = ds.raw / "mine.txt"
    mine.write_text("mine")
    mine.chmod(0o444)
    ds.ingest()
    for path, source in ds.items(columns=["path", "source"]).itertuples(index=False):
        raw = ds.path / source
        shares_blocks = not place._no_reflink
        assert ds.file(path).samefile(raw) == (source != "raw/mine.txt" and not shares_blocks)
    report = ds.ingest()
    assert report.counts["unchanged"] == 7


def test_a_table_becomes_parquet_once(ds: Dataset) -> None:
    table = pd.DataFrame({"text": ["a", "b"], "n": [1, 2]})
    ds.add(table)
    assert ds.add(table).there == 1
    ds.add(pd.DataFrame({"text": ["c"]}), name="more")
    with pytest.raises(SourceError, match="name="):
        ds.add(table, name="more")
    assert sorted(tree(ds.raw).values()) == [0o444, 0o444]
    ds.ingest()
    assert ds.items(columns=["text"])["text"].tolist() == ["c", "a", "b"]


# items and sample


@pytest.fixture
def full(ds: Dataset, photos: Path) -> Dataset:
    """Make a dataset of six pictures from two sites."""
    ds.add(photos)
    ds.ingest(attributes={"site": "folder:1"})
    return ds


def test_items(full: Dataset) -> None:
    items = full.items()
    assert list(items.columns) == ["id", "kind", "path", "bytes", "sources", "width", "height", "duration", "site"]
    assert items["site"].tolist() == ["north"] * 3 + ["south"] * 3
    assert len(full.items(where="site = 'north'", limit=2)) == 2
    assert full.items(columns=["source", "position"], limit=1).to_dict("records") == [
        {"source": "raw/photos/north/0.png", "position": 0}
    ]
    with pytest.raises(QueryError, match="did you mean 'width'"):
        full.items(columns=["widht"])


def test_excluded_items_are_left_out(full: Dataset) -> None:
    first = full.items()["id"][0]
    full.exclude(first, "blurred")
    assert first not in set(full.items()["id"])
    assert first not in set(full.sample(6)["id"])
    assert len(full.sample(6)) == 5


def test_items_with_labels(full: Dataset) -> None:
    ids = full.items()["id"].tolist()
    full.task("species", kind="choice", options=["jay", "rook"])
    full.record("species", {ids[0]: "jay", ids[1]: "rook"})
    full.record("species", {ids[1]: "jay"}, annotator="ann", origin="person")
    assert full.items(labels="species")["species"].tolist()[:2] == ["jay", "jay"]
    table = full.items(columns=["site"], labels=["species"], limit=3)
    assert list(table.columns) == ["site", "species"]
    assert table["species"].isna().tolist() == [False, False, True]
    with pytest.raises(SchemaError):
        full.items(labels="spices")


def test_a_sample_is_the_same_for_the_same_seed(full: Dataset) -> None:
    assert full.sample(3)["id"].tolist() == full.sample(3)["id"].tolist()
    assert {tuple(full.sample(3, seed)["id"]) for seed in range(8)} != {tuple(full.sample(3)["id"])}
    assert full.sample(3)["id"].is_unique
    assert len(full.sample(100)) == 6


def test_an_empty_dataset_has_tables_too(ds: Dataset) -> None:
    assert ds.items().shape == (0, 8)
    assert len(ds.sample()) == 0


# attach


@pytest.mark.parametrize(
    ("on", "keys"),
    [
        ("source", [f"raw/photos/{site}/{n}.png" for site in ("north", "south") for n in range(3)]),
        ("file", [f"photos/{site}/{n}.png" for site in ("north", "south") for n in range(3)]),
        ("file", [f"photos/{site}/{n}" for site in ("north", "south") for n in range(3)]),
    ],
)
def test_attach_by_file(full: Dataset, on: str, keys: list[str]) -> None:
    table = pd.DataFrame({on: [*keys, "elsewhere.png"], "age": range(7), "Note": ["x"] * 7})
    done = full.attach(table, on=on)
    assert full.items()["age"].tolist() == list(range(6))
    assert full.items()["note"].tolist() == ["x"] * 6
    assert (done.written, done.unmatched) == (6, ["elsewhere.png"])
    parts = part_names(full._folder)
    assert full.attach(table, on=on).unchanged == 6
    assert part_names(full._folder) == parts


def test_attach_by_id_and_by_attribute(full: Dataset, tmp_path: Path) -> None:
    ids = full.items()["id"].tolist()
    full.attach(pd.DataFrame({"id": ids[:2], "age": [1, 2]}), on="id")
    assert full.items()["age"].tolist()[:2] == [1, 2]
    (tmp_path / "sites.csv").write_text("place,height_m\nnorth,12\nsouth,3.5\n")
    full.attach(tmp_path / "sites.csv", on="site", column="place")
    assert full.items()["height_m"].tolist() == [12] * 3 + [3.5] * 3


def test_attached_values_win_over_what_sources_say(full: Dataset) -> None:
    full.attach(pd.DataFrame({"id": full.items()["id"], "site": "garden"}), on="id")
    full.ingest(attributes={"site": "folder:1"})
    assert set(full.items()["site"]) == {"garden"}


def test_what_cannot_be_attached(full: Dataset) -> None:
    ids = full.items()["id"].tolist()
    with pytest.raises(SchemaError, match="rename="):
        full.attach(pd.DataFrame({"id": ids, "width": 1}), on="id")
    full.attach(pd.DataFrame({"id": ids, "width": 1}), on="id", rename={"width": "wing"})
    assert set(full.items()["wing"]) == {1}
    with pytest.raises(SourceError, match="did you mean"):
        full.attach(pd.DataFrame({"sourse": ids, "x": 1}))
    with pytest.raises(SourceError):
        full.attach("missing.csv", on="id")
    full.task("species", kind="choice", options=["jay", "rook"])
    with pytest.raises(SchemaError, match="species"):
        full.attach(pd.DataFrame({"id": ids, "species": "jay"}), on="id")


# ingest, as people call it


def test_a_dry_run_changes_nothing_and_shows_what_would_be(ds: Dataset, photos: Path) -> None:
    ds.add(photos)
    before = tree(ds.path)
    report = ds.ingest(dry_run=True)
    assert tree(ds.path) == before
    found: dict[str, Any] = report.to_json()["expected"]
    assert (found["new"], found["known"], found["kinds"]) == (6, 0, {"image": 6})
    assert found["bytes"] == sum(one.stat().st_size for one in photos.rglob("*.png"))
    assert "6 new files (6 image)" in repr(report)
    assert repr(report).endswith("ds.ingest()")
    assert report._repr_html_().count("<img") == 6
    assert (len(report.added), len(report.failed)) == (0, 0)


def test_every_report_has_all_its_tables(full: Dataset) -> None:
    report = full.ingest()
    names = ("added", "duplicates", "replaced", "moved", "missing", "failed", "left", "labels", "disagreeing")
    assert all(len(getattr(report, name)) == report.counts[name] for name in names)
    assert repr(report).splitlines()[-1] == "ds.sample(9)"
    assert "<pre>ds.sample(9)</pre>" in report._repr_html_()


def test_labels_are_carried_to_a_replacement_only_on_request(full: Dataset, photos: Path) -> None:
    first, second = full.items()["id"].tolist()[:2]
    full.task("species", kind="choice", options=["jay", "rook"])
    full.record("species", {first: "jay", second: "rook"}, annotator="ann", origin="person")
    for number in (0, 1):
        raw = full.raw / f"photos/north/{number}.png"
        raw.unlink()
        Image.new("L", (8, 8), 100 + number).save(raw)
        if number == 0:
            full.ingest()
            assert len(full.labels("species")) == 2
    report = full.ingest(carry=True)
    ((_, before, after),) = report.replaced.itertuples(index=False)
    assert before == second
    carried = full.labels("species").set_index("item")
    assert (carried.loc[after, "value"], carried.loc[after, "annotator"]) == ("rook", "ann")
    history = len(full.history())
    full.ingest(carry=True)
    assert len(full.history()) == history
