"""The catalogue: parts that are only added, and what they come to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbtools.errors import DatasetError
from nbtools.items.catalogue import PARTS, Sighting, part_names, read_part, write_part
from nbtools.items.fold import FoldedItem, fold_parts
from nbtools.storage import Folder

A, B, C = "a" * 32, "b" * 32, "c" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def seen(item: str, source: str | None = "raw/x.png", recipe: int = 0, **more: object) -> Sighting:
    """Return a whole row for an item."""
    suffix = f".r{recipe}.png" if recipe else ".png"
    fields = {"sha256": item * 2, "kind": "image", "media_type": "image/png", "path": f"processed/{item}{suffix}"}
    return Sighting(id=item, recipe=recipe, source=source, **{**fields, "bytes": 1, **more})  # type: ignore[arg-type]


def fold(folder: Folder) -> dict[str, FoldedItem]:
    """Return every item by id."""
    return {item.id: item for batch in fold_parts(folder, part_names(folder)) for item in batch}


def test_a_part_comes_back_as_it_was(folder: Folder) -> None:
    row = seen(
        A, text="naïve 🐦", row=3, width=8, height=9, duration=1.5, attributes='{"site": "é"}', replaces=B, added="t"
    )
    name = write_part(folder, [row, seen(B)])
    table = read_part(folder, name)
    assert Sighting(**table.to_pylist()[0]) == row
    assert table.to_pylist()[1]["text"] is None


def test_nothing_to_write_writes_nothing(folder: Folder) -> None:
    assert write_part(folder, []) == ""
    assert part_names(folder) == []


def test_a_later_part_sorts_last_even_when_the_clock_goes_back(folder: Folder) -> None:
    future = "7ZZZZZZZ00ZZZZZZZZZZZZZZZZ.parquet"
    write_part(folder, [seen(A)])
    first = part_names(folder)[0]
    folder.path(f"{PARTS}/{first}").rename(folder.path(f"{PARTS}/{future}"))
    second = write_part(folder, [seen(B)])
    assert part_names(folder) == [future, second]


def test_order_is_that_of_first_appearance(folder: Folder) -> None:
    write_part(folder, [Sighting(id=C, attributes='{"x": 1}'), seen(B), seen(A)])
    write_part(folder, [seen(A, "raw/again.png"), seen(C)])
    assert {item: folded.position for item, folded in fold(folder).items()} == {B: 0, A: 1, C: 2}


def test_an_item_of_which_nobody_said_what_it_is_is_no_item(folder: Folder) -> None:
    write_part(folder, [Sighting(id=C, attributes='{"x": 1}'), seen(A)])
    assert list(fold(folder)) == [A]


def test_the_last_recipe_is_shown(folder: Folder) -> None:
    write_part(folder, [seen(A), seen(A, recipe=2), Sighting(id=A, source="raw/y.png")])
    assert (fold(folder)[A].recipe, fold(folder)[A].path) == (2, f"processed/{A}.r2.png")


def test_sources_are_those_that_are_present_in_order(folder: Folder) -> None:
    write_part(folder, [seen(A, "raw/1"), Sighting(id=A, source="raw/2"), Sighting(id=A, source="raw/3")])
    write_part(folder, [Sighting(id=A, source="raw/1", state="gone")])
    assert json.loads(fold(folder)[A].sources) == ["raw/2", "raw/3"]
    write_part(folder, [Sighting(id=A, source="raw/1")])
    assert json.loads(fold(folder)[A].sources) == ["raw/1", "raw/2", "raw/3"]


@pytest.mark.parametrize(
    ("rows", "attributes"),
    [
        ([seen(A, attributes='{"site": "n"}')], {"site": "n"}),
        ([seen(A, "1", attributes='{"site": "n"}'), seen(A, "2", attributes='{"site": "n"}')], {"site": "n"}),
        ([seen(A, "1", attributes='{"site": "s"}'), seen(A, "2", attributes='{"site": "n"}')], {"site": ["n", "s"]}),
        ([seen(A, "1", attributes='{"n": 2}'), seen(A, "2", attributes='{"n": [1, 2]}')], {"n": [1, 2]}),
        ([seen(A, "1", attributes='{"x": 1}'), seen(A, "1", attributes='{"y": 2}')], {"x": 1, "y": 2}),
        ([seen(A, "1", attributes='{"x": 1}'), Sighting(id=A, attributes='{"x": 5}')], {"x": 5}),
        ([Sighting(id=A, attributes='{"x": 5}'), seen(A, "1", attributes='{"x": 1}')], {"x": 5}),
        ([seen(A, "1", attributes='{"x": 1}'), Sighting(id=A, attributes='{"x": null}')], {}),
        (
            [
                seen(A, "1", attributes='{"x": 1}'),
                seen(A, "2", attributes='{"x": 2}'),
                Sighting(id=A, source="1", state="gone"),
            ],
            {"x": 2},
        ),
        ([seen(A, "1", attributes='{"x": 1}'), Sighting(id=A, source="1", state="gone")], {"x": 1}),
    ],
)
def test_attributes(folder: Folder, rows: list[Sighting], attributes: dict[str, object]) -> None:
    write_part(folder, rows)
    assert json.loads(fold(folder)[A].attributes) == attributes


def test_the_fold_does_not_depend_on_how_rows_are_cut_into_parts(folder: Folder, tmp_path: Path) -> None:
    rows = [seen(item, f"raw/{at}", attributes=json.dumps({"n": at % 3})) for at, item in enumerate((A, B, A, C, B, A))]
    write_part(folder, rows)
    other = Folder(tmp_path / "other")
    for row in rows:
        write_part(other, [row])
    assert fold(folder) == fold(other)


def test_a_broken_part_is_named(folder: Folder) -> None:
    name = write_part(folder, [seen(A)])
    folder.path(f"{PARTS}/{name}").write_bytes(b"PAR1 no more")
    with pytest.raises(DatasetError, match=name):
        fold(folder)


def test_a_part_that_lacks_a_column_is_named(folder: Folder) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.path(PARTS).mkdir(parents=True)
    pq.write_table(pa.table({"id": [A]}), folder.path(f"{PARTS}/0.parquet"))
    with pytest.raises(DatasetError, match=r"0\.parquet"):
        fold(folder)


def test_writing_a_part_does_not_import_pandas(folder: Folder) -> None:
    import subprocess
    import sys

    code = (
        "import sys, pathlib\nfrom nbtools.items.catalogue import *\nfrom nbtools.storage import Folder\n"
        f"write_part(Folder(pathlib.Path({str(folder.root)!r})), [Sighting(id='a' * 32)])\n"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
