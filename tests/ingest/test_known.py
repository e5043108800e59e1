"""What is known of the catalogue: kept from one ingest to the next, and read again where that cannot be trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.ingest.cache import PATH, ScanCache
from nbtools.ingest.known import Known
from nbtools.items.catalogue import part_names, write_part
from nbtools.items.sighting import Sighting

Put = Callable[[str, "bytes | str"], Path]


@pytest.fixture
def much(ds: Dataset, put: Put) -> Dataset:
    """Return a dataset with attributes, copies, two recipes, rows of a table, and a file that went away."""
    for name in ("a/1.txt", "a/2.txt", "b/1.txt"):
        put(name, f"é {name[-5:]}")
    ds.ingest(attributes={"site": "folder:0"})
    put("rows.csv", "n,text\n1,one\n2,two\n")
    ds.ingest(rows=True, key="n")
    (ds.raw / "a/2.txt").unlink()
    ds.ingest(convert={"text": "nfc"})
    return ds


def read_anew(ds: Dataset) -> Known:
    known = Known()
    known.learn(ds._folder, part_names(ds._folder))
    return known


def kept(ds: Dataset) -> Known:
    with ScanCache(ds._folder) as cache:
        return Known.of(ds._folder, part_names(ds._folder), cache)


def test_what_is_kept_is_what_the_catalogue_says(much: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_anew(much)
    assert all((wanted.items, wanted.rows, wanted.present, wanted.gone, wanted.said))
    monkeypatch.setattr(Known, "_see", lambda *_: pytest.fail("a part was read"))
    found = kept(much)
    assert found == wanted
    assert list(found.present) == list(wanted.present)


def test_parts_of_others_are_read_after_what_is_kept(much: Dataset) -> None:
    write_part(much._folder, [Sighting(id="f" * 32, source="raw/a/1.txt")])
    assert kept(much) == read_anew(much)
    assert kept(much).present["raw/a/1.txt"] == "f" * 32


def test_a_part_between_those_that_are_kept_makes_them_all_count_anew(much: Dataset) -> None:
    first, *_ = part_names(much._folder)
    items = much.path / "metadata/items"
    (items / first).rename(items / f"{first[:-9]}Z.parquet")
    assert kept(much) == read_anew(much)


@pytest.mark.parametrize("said", ["{}", "[]", "no JSON", '{"items": [[1]]}', '{"items": [], "said": [[], [], []]}'])
def test_what_is_kept_and_makes_no_sense_is_left(much: Dataset, said: str) -> None:
    with sqlite3.connect(much.path / PATH) as database:
        database.execute("update known set said = ?", (said,))
    database.close()
    assert kept(much) == read_anew(much)
