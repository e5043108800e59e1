"""An index that grew is the one that is made of the whole catalogue, and only what is new was read for it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.dataset import Dataset
from nbtools.items import compacting, fold
from nbtools.items.catalogue import PARTS, Sighting, part_names, write_part
from nbtools.items.compacting import finish, join_parts, small_parts
from nbtools.items.erasing import erase_rows
from nbtools.labels.act import Act
from nbtools.storage import new_ulid
from nbtools.store import build
from nbtools.versions.removing import DAY
from tests.store.making import item, label, make, sighting

LATER = time.time() + 2 * DAY
# All that an index holds but what is drawn by chance (birth, generation) or counts what came when (series, turns).
QUERIES = (
    "SELECT * FROM item ORDER BY position",
    "SELECT name FROM part ORDER BY name",
    "SELECT name FROM attribute ORDER BY name",
    "SELECT * FROM excluded ORDER BY item",
    "SELECT * FROM journal ORDER BY name",
    "SELECT id, task, annotator, item, writer, line, body FROM act JOIN series ON number = series ORDER BY id",
    """SELECT task, annotator, item, position, status, value, conflict, act, flagged, unsure, comment, at, origin,
    identity, schema FROM head JOIN series ON number = series ORDER BY task, annotator, item""",
)


def tables(path: Path) -> list[list[Any]]:
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(query).fetchall() for query in QUERIES]


def refreshed(ds: Dataset) -> list[list[Any]]:
    build.build(ds.path, ds._index._path, ds.id)
    return tables(ds._index._path)


def from_nothing(ds: Dataset) -> list[list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        build.build(ds.path, Path(folder, "index.sqlite"), ds.id)
        return tables(Path(folder, "index.sqlite"))


def join(ds: Dataset) -> None:
    for run in small_parts(ds._folder, LATER):
        join_parts(ds._folder, run)
    finish(ds._folder)


def exclude(ds: Dataset, number: int, kind: str = "exclude") -> None:
    ds._log.append("_items", [Act(new_ulid(), kind, item=item(number), received_at="2026-01-01T00:00:00.000Z")])


def write_between(ds: Dataset, rows: Sequence[Sighting]) -> None:
    name = write_part(ds._folder, rows)
    (ds.path / PARTS / name).rename(ds.path / PARTS / f"{part_names(ds._folder)[0][:25]}~{name}")


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    ds = make(tmp_path, 6)
    exclude(ds, 1)
    ds._log.append("species", [label(number, "jay") for number in (0, 7)])
    ds._index.refresh()
    return ds


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note in which ways indexes are brought up to date."""
    taken: list[str] = []

    def noted(name: str, way: Callable[..., None]) -> Callable[..., None]:
        def call(*given: Any) -> None:
            taken.append(name)
            way(*given)

        return call

    for name in ("_fill", "_grow"):
        monkeypatch.setattr(build, name, noted(name, getattr(build, name)))
    return taken


def test_only_what_new_parts_speak_of_is_taken_in(
    ds: Dataset, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    exclude(ds, 8)
    again = sighting(2, {"writer": "other", "n": 1}, source="raw/again.txt")
    write_part(ds._folder, [sighting(7), again, sighting(8)])
    stamp = ds._index.stamp()
    read: list[str] = []
    alone = fold._alone

    def noted(place: int, row: tuple[Any, ...]) -> fold.FoldedItem:
        read.append(row[0])
        return alone(place, row)

    with monkeypatch.context() as patched:
        patched.setattr(fold, "_alone", noted)
        found = refreshed(ds)
    assert ways == ["_grow"]
    assert read == [item(7), item(8)]
    assert found == from_nothing(ds)
    assert ds._index.positions_of([item(7), item(2), item(8)]) == {item(7): 6, item(2): 2, item(8): 7}
    assert (set(ds._index.excluded_positions()), ds._index.labeled_positions("species")) == ({1, 7}, [0, 6])
    assert ds._index.attributes() == ["n", "writer"]
    assert ds._index.stamp() != stamp, "who reads it in halves, or follows positions, is told"


def test_an_attribute_goes_with_the_last_item_that_has_it(ds: Dataset, ways: list[str]) -> None:
    write_part(ds._folder, [Sighting(id=item(0), attributes='{"n": 1}'), Sighting(id=item(1), attributes='{"n": 1}')])
    assert refreshed(ds)[2] == [("n",), ("writer",)]
    for number, left in ((0, ["n", "writer"]), (1, ["writer"])):
        write_part(ds._folder, [Sighting(id=item(number), attributes='{"n": null}')])
        assert refreshed(ds) == from_nothing(ds)
        assert ds._index.attributes() == left
    assert ways == ["_grow", "_grow", "_fill", "_grow", "_fill"]


def test_attributes_of_what_comes_later_wait_for_it(ds: Dataset) -> None:
    write_part(ds._folder, [Sighting(id=item(9), attributes='{"n": 1}')])
    assert refreshed(ds) == from_nothing(ds)
    write_part(ds._folder, [sighting(8), sighting(9)])
    assert refreshed(ds) == from_nothing(ds)
    found = ds._index.item(item(9))
    assert found is not None
    assert (found.position, found.attributes["n"]) == (7, 1)


def test_what_was_joined_before_it_was_seen_is_taken_in(
    ds: Dataset, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compacting, "_FEWEST", 2)
    write_part(ds._folder, [sighting(7), sighting(8)])
    with monkeypatch.context() as patched:
        patched.setattr(compacting, "_drop", lambda *_given: None)
        join_parts(ds._folder, *small_parts(ds._folder, LATER))
    assert len(part_names(ds._folder)) == 3
    assert refreshed(ds)[0] == from_nothing(ds)[0], "while the parts are there still"
    write_part(ds._folder, [sighting(9), sighting(7, state="gone")])
    join(ds)
    assert len(part_names(ds._folder)) == 1
    ways.clear()
    assert refreshed(ds) == from_nothing(ds)
    assert ways[0] == "_grow"


@pytest.mark.parametrize("what", ["between", "gone", "erased", "much"])
def test_what_is_not_behind_all_that_is_known_is_made_anew(ds: Dataset, ways: list[str], what: str) -> None:
    write_part(ds._folder, [sighting(7)])
    ds._index.refresh()
    ways.clear()
    if what == "between":
        write_between(ds, [sighting(8)])
    elif what == "gone":
        (ds.path / PARTS / part_names(ds._folder)[0]).unlink()
    elif what == "erased":
        erase_rows(ds._folder, {item(3)})
        write_part(ds._folder, [sighting(8)])
    else:
        write_part(ds._folder, [sighting(number) for number in range(10, 40)])
    assert refreshed(ds) == from_nothing(ds)
    assert ways == ["_fill", "_fill"]


def test_of_several_at_once_one_grows(ds: Dataset, ways: list[str]) -> None:
    write_part(ds._folder, [sighting(7)])
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(build.build, ds.path, ds._index._path, ds.id) for _ in range(3)]:
            done.result()
    assert ways == ["_grow"]


def test_a_kernel_has_it_done_by_a_child(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    write_part(ds._folder, [sighting(7)])
    monkeypatch.delitem(sys.modules, "pyarrow")
    assert len(ds) == 6
    assert "pyarrow" not in sys.modules


_BUILD = """
import os, sys
from pathlib import Path
from nbtools.store import build
root, path, owner, last = sys.argv[1:]
connect = build.connect
def traced(*given):
    opened = connect(*given)
    opened.connection.set_trace_callback(lambda said: last and said.startswith(last) and os._exit(9))
    return opened
build.connect = traced
build.build(Path(root), Path(path), owner)
print(sorted({"pandas"} & set(sys.modules)))
"""


@pytest.mark.parametrize("last", ["INSERT INTO item", "COMMIT"])
def test_killed_it_is_the_old_one(ds: Dataset, last: str) -> None:
    before = tables(ds._index._path)
    write_part(ds._folder, [sighting(7), sighting(2, {"n": 1})])
    command = [sys.executable, "-c", _BUILD, str(ds.path), str(ds._index._path), ds.id]
    assert subprocess.run([*command, last], check=False).returncode == 9
    assert tables(ds._index._path) == before
    assert subprocess.run([*command, ""], check=True, capture_output=True).stdout == b"[]\n", "pandas takes longer"
    assert tables(ds._index._path) == from_nothing(ds)


NUMBERS = st.sampled_from([0, 1, 20, 21, 22])
SAID = st.dictionaries(st.sampled_from("ab"), st.sampled_from([None, 1, "é", [1, "b"]]), max_size=2)
SEEN = st.builds(
    lambda number, said, source, state, size: sighting(number, said, source=source, state=state, bytes=size),
    *(NUMBERS, SAID, st.sampled_from(["raw/1", "raw/2#3"]), st.sampled_from(["present", "gone"]), st.integers(1, 2)),
)
ATTACHED = st.builds(lambda number, said: Sighting(id=item(number), attributes=json.dumps(said)), NUMBERS, SAID)
ROWS = st.lists(SEEN | ATTACHED, min_size=1, max_size=3)
WRITTEN = st.builds(lambda rows: lambda ds: write_part(ds._folder, rows), ROWS)
STEPS = st.one_of(
    WRITTEN,
    WRITTEN,
    st.builds(lambda rows: lambda ds: write_between(ds, rows), ROWS),
    st.builds(lambda number: lambda ds: erase_rows(ds._folder, {item(number)}), NUMBERS),
    st.builds(lambda number: lambda ds: ds._log.append("species", [label(number, "jay")]), NUMBERS),
    st.builds(
        lambda number, kind: lambda ds: exclude(ds, number, kind), NUMBERS, st.sampled_from(["exclude", "include"])
    ),
    st.just(join),
    st.just(refreshed),
    st.just(refreshed),
)


@settings(max_examples=40)
@given(st.lists(STEPS, max_size=12))
def test_whatever_happened_it_is_the_one_made_from_nothing(steps: list[Callable[[Dataset], Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(compacting, "_FEWEST", 2)
        ds = make(Path(folder), 20)
        refreshed(ds)
        for step in steps:
            step(ds)
        assert refreshed(ds) == from_nothing(ds)
