import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nbtools.errors import DatasetError
from nbtools.labels.task import declare
from nbtools.storage import Folder
from nbtools.versions.content import Handed, content
from tests.versions.making import SPECIES, digest, handed, item, items, labels, made


def test_rows_are_whole_and_in_the_order_of_ids(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    made(folder, handed(list(range(30)), {3: "jay"}, attributes=lambda number: json.dumps({"site": f"s{number % 2}"})))
    table = pd.read_parquet(tmp_path / "versions/v1/items.parquet")
    assert table["id"].tolist() == sorted(map(item, range(30)))
    row = table.set_index("id").loc[item(3)]
    assert (row["path"], row["site"], row["species"], row["bytes"]) == (f"processed/{item(3)}.png", "s1", "jay", 13)
    assert row["sources"].tolist() == ["raw/3.png"]
    assert table["species"].isna().sum() == 29
    named = pd.read_parquet(tmp_path / "versions/v1/labels.parquet")
    assert named[["item", "task", "value", "annotator"]].to_numpy().tolist() == [[item(3), "species", '"jay"', "p1"]]


def test_a_version_is_three_files_however_many_items_there_are(tmp_path: Path) -> None:
    # Folders of over 10,000 files are refused by hubs and slow everywhere; git and they are given these alone.
    folder, sizes = Folder(tmp_path), []
    for count in (3, 20_001):
        name = made(folder, handed(range(count), {1: "jay"}), str(count)).name
        there = {path.name: path.stat().st_size for path in folder.path(name.path).iterdir()}
        assert set(there) == {"items.parquet", "labels.parquet", "version.json"}
        sizes.append(there["version.json"])
    assert sizes[1] - sizes[0] < 200


def test_the_order_in_which_things_are_handed_makes_no_difference() -> None:
    numbers = list(range(40))
    rows = [{"item": at, "value": "jay", "annotator": f"p{at % 3}"} for at in range(0, 40, 2)]
    first = content(Handed(items(numbers), labels(rows), {}, {"species": SPECIES}), {})
    order = random.Random(1).sample(numbers, 40)
    moved = [
        {**row, "item": order.index(at), "act": f"act-{at}"} for at, row in zip(range(0, 40, 2), rows, strict=True)
    ]
    mixed = labels(random.Random(2).sample(moved, len(moved)))
    again = content(Handed(items(order), mixed, {}, {"species": SPECIES}), {})
    assert again.digests == first.digests
    assert again.truth == first.truth
    assert again.files["items.parquet"].equals(first.files["items.parquet"])


def test_digests_are_those_of_the_tables_on_disk(tmp_path: Path) -> None:
    record = made(Folder(tmp_path), handed([1, 2, 3], {1: "jay", 2: "rook"}))
    table = pd.read_parquet(tmp_path / "versions/v1/items.parquet")
    lines = "".join(f"{row.id}\t{row.recipe}\t{row.sha256}\t\n" for row in table.itertuples())
    assert record.digests["items_digest"] == hashlib.sha256(lines.encode()).hexdigest()
    said = "".join(f'{row.id}\t"{row.species}"\t\n' for row in table.dropna(subset="species").itertuples())
    assert record.truth["species"]["digest"] == hashlib.sha256(said.encode()).hexdigest()


@pytest.mark.parametrize("what", ["items", "attributes", "labels", "truth"])
def test_each_digest_sees_its_own(what: str) -> None:
    before = content(handed([1, 2], {1: "jay"}), {})
    changed: dict[str, Handed] = {
        "items": handed([1, 2], {1: "jay"}, recipe=lambda _: 2),
        "attributes": handed([1, 2], {1: "jay"}, attributes=lambda _: '{"site": "n"}'),
        "labels": handed([1, 2], {1: "jay"})._replace(labels=labels([{"item": 0, "value": "jay", "flagged": True}])),
        "truth": handed([1, 2], {1: "rook"}),
    }
    found = content(changed[what], {})
    assert (found.digests["items_digest"] != before.digests["items_digest"]) == (what == "items")
    assert (found.digests["attributes_digest"] != before.digests["attributes_digest"]) == (what == "attributes")
    assert (found.digests["labels_digest"] != before.digests["labels_digest"]) == (what in ("labels", "truth"))
    assert (found.truth != before.truth) == (what == "truth")


def test_several_answers_are_a_list(tmp_path: Path) -> None:
    seen = declare("seen", "choices", ["nest", "egg"])
    rows = [{"item": 0, "value": ["nest", "egg"]}, {"item": 1, "value": []}]
    what = Handed(items([1, 2, 3]), labels(rows, "seen"), {}, {"seen": seen})
    record = made(Folder(tmp_path), what)
    table = pd.read_parquet(tmp_path / "versions/v1/items.parquet").set_index("id")
    listed = [None if one is None else list(one) for one in table["seen"].loc[[item(1), item(2), item(3)]]]
    assert listed == [["nest", "egg"], [], None]
    assert record.counts["labels"]["seen"] == {"answers": 2, "labeled": 2, "values": {"[]": 1, '["nest","egg"]': 1}}


def test_what_was_excluded_is_listed() -> None:
    found = content(handed([1])._replace(excluded={item(9): "blurred", item(8): None}), {})
    listed = {row["item"]: row["reason"] for row in found.files["excluded.parquet"].to_pylist()}
    assert listed == {item(9): "blurred", item(8): None}
    assert list(listed) == sorted(listed)


def test_counts() -> None:
    found = content(handed([1, 2, 3], {1: "jay", 3: "jay"}, kind=lambda number: "text" if number == 1 else "image"), {})
    assert found.counts == {
        "items": 3,
        "bytes": 36,
        "kinds": {"image": 2, "text": 1},
        "labels": {"species": {"answers": 2, "labeled": 2, "values": {"jay": 2}}},
    }


def test_ids_that_begin_alike_are_sorted_and_told_apart() -> None:
    ids = {number: f"{'0' * 30}{number:02}" for number in range(9)}
    table = items([5, 3, 8], id=lambda number: ids[number])
    found = content(Handed(table, labels([]), {}, {}), {})
    assert found.files["items.parquet"]["id"].to_pylist() == [ids[3], ids[5], ids[8]]


@pytest.mark.parametrize(("numbers", "said"), [([1, 2, 1], "is there twice"), ([7, 100], "has not 32 digits")])
def test_items_that_cannot_be_are_refused(numbers: list[int], said: str) -> None:
    table = items(numbers, id=lambda number: item(number) if number < 100 else "short")
    with pytest.raises(DatasetError, match=said):
        content(Handed(table, labels([]), {}, {}), {})


def test_text_files_bring_their_text(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    texts = {1: "grün".encode(), 2: "\ufeffmarked".encode("utf-16"), 3: b"x" * 70_000, 4: b"caf\xe9 latin"}
    for number, data in texts.items():
        folder.replace(f"processed/{item(number)}.txt", data)
    where: dict[str, Any] = {"kind": lambda _: "text", "path": lambda number: f"processed/{item(number)}.txt"}
    made(folder, handed([1, 2, 3, 4, 5], **where))
    found = pd.read_parquet(tmp_path / "versions/v1/items.parquet").set_index("id")["text"]
    assert found[item(1)] == "grün"
    assert found[item(2)].lstrip("\ufeff") == "marked"
    assert found[item(3)] == "x" * 65_536
    assert found[item(4)] == "caf latin"
    assert pd.isna(found[item(5)])
    # What the version before holds is not read again, and a record's text is its own.
    for number in texts:
        folder.path(f"processed/{item(number)}.txt").unlink()
    folder.replace(f"processed/{item(6)}.txt", b"six")
    made(folder, handed([1, 2, 6, 7], row=lambda number: 0 if number == 7 else None,
                        text=lambda number: "seven" if number == 7 else None, **where), "more")  # fmt: skip
    found = pd.read_parquet(tmp_path / "versions/v2/items.parquet").set_index("id")["text"]
    assert [found[item(number)] for number in (1, 6, 7)] == ["grün", "six", "seven"]


def test_a_file_of_rows_is_known_by_its_hash(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.replace("processed/records-1.parquet", b"rows")
    rows: dict[str, Any] = {"path": lambda number: f"processed/records-{number}.parquet", "row": lambda _: 0}
    record = made(folder, handed([1, 2], **rows))
    known = {"processed/records-1.parquet": {"bytes": 4, "sha256": digest("rows")}}
    assert record.said["records"] == known
    folder.path("processed/records-1.parquet").unlink()
    assert made(folder, handed([1, 3], **rows), "m2").said["records"] == known


def test_schema_is_what_pandas_reads(tmp_path: Path) -> None:
    made(Folder(tmp_path), handed([1], {1: "jay"}))
    table = pq.read_table(tmp_path / "versions/v1/items.parquet")
    assert {field.name: str(field.type) for field in table.schema} == {
        "id": "string", "kind": "string", "path": "string", "row": "int64", "recipe": "int32", "sha256": "string",
        "content": "string", "media_type": "string", "bytes": "int64", "width": "int32", "height": "int32",
        "duration": "double", "text": "large_string", "sources": "list<element: string>", "species": "string",
    }  # fmt: skip
