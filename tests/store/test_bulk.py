"""What the index holds as tables, read by two threads."""

import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest

from nbtools.items.catalogue import write_part
from nbtools.store import bulk
from tests.store.making import item, make, sighting


def test_halves_of_two_generations_are_not_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_ROWS", 2)
    ds = make(tmp_path, 7)
    ds._index.refresh()
    read, which, seen, moments = bulk._items, bulk._generation, [], iter(range(2))

    def between(connection: sqlite3.Connection, half: int) -> pa.Table:
        seen.append(half)
        if seen.count(0) == 1 and half == 0:
            write_part(ds._folder, [sighting(number) for number in range(7, 12)])
            ds._index.refresh()
        return read(connection, half)

    # Both halves of the first reading are of a generation each.
    monkeypatch.setattr(bulk, "_generation", lambda connection: (which(connection), next(moments, None)))
    monkeypatch.setattr(bulk, "_items", between)
    found = bulk.everything(ds._index)
    assert seen.count(0) == 2
    assert found.items["id"].to_pylist() == [item(number) for number in range(12)]


def test_an_index_of_nothing(tmp_path: Path) -> None:
    found = bulk.everything(make(tmp_path, 0)._index)
    assert (found.items.num_rows, found.labels.num_rows) == (0, 0)
