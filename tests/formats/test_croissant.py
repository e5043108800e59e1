"""What `croissant.json` says, as the library of its makers reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow as pa
import pytest

from nbtools.errors import DatasetError
from nbtools.formats.about import About
from nbtools.formats.croissant import CROISSANT, write_croissant
from nbtools.storage import Folder
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName
from nbtools.versions.tables import ITEM_SCHEMA, LABEL_SCHEMA

# What mlcroissant asks of rdflib and of pandas.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning"),
]
ABOUT = About("01J00000000000000000000000", 'Birds "of" <Kent> ☂', "Two birds.", "CC-BY-4.0")
IDS = ["0" * 31 + "1", "0" * 31 + "2"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "birds")


def items(count: int = 2) -> pa.Table:
    rows = [{"id": one, "kind": "image", "bytes": 7, "sources": ["raw/a", "raw/b"]} for one in IDS[:count]]
    table = pa.Table.from_pylist([{**rows[0], "width": 3, "text": "ü"}, *rows[1:]], ITEM_SCHEMA)
    return table.append_column("site", pa.array([None, "north"][:count])).append_column("moved", [[True, None][:count]])


def labels() -> pa.Table:
    row = {"task": "species", "schema": 1, "item": IDS[0], "annotator": "p1", "value": '"jay"', "flagged": False}
    return pa.Table.from_pylist([row], LABEL_SCHEMA)


def freeze(folder: Folder, message: str = "first") -> VersionName:
    said = {"message": message, "author": None, "parent": None}
    files = {"items.parquet": items(), "labels.parquet": labels()}
    return commit(folder, None, lambda _: Draft(files, said)).name


def split(folder: Folder, of: VersionName, *parts: str) -> VersionName:
    said = {"message": "by site", "author": None, "parent": str(of)}
    return commit(folder, of, lambda _: Draft({f"{part}.parquet": items(1) for part in parts}, said)).name


def opened(folder: Folder, caplog: pytest.LogCaptureFixture) -> Any:
    """Return what mlcroissant makes of it, which raises for an error; nor may it warn."""
    found = mlcroissant.Dataset(folder.path(CROISSANT))
    assert caplog.text == ""
    assert found.metadata.ctx.issues.report() == ""
    return found


def rows(found: Any, records: str) -> list[dict[str, Any]]:
    return [{name.removeprefix(f"{records}/"): _text(value) for name, value in row.items()}
            for row in _read(found, records)]  # fmt: skip


def _read(found: Any, records: str) -> Iterator[dict[str, Any]]:
    return iter(found.records(records))


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(one) for one in value]
    return value.decode() if isinstance(value, bytes) else value


def test_nothing_is_written_where_there_is_no_version(folder: Folder) -> None:
    assert write_croissant(folder, ABOUT) is None
    assert not folder.exists(CROISSANT)


def test_a_version_is_read_through_mlcroissant(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    freeze(folder)
    write_croissant(folder, ABOUT)
    found = opened(folder, caplog)
    said = found.metadata
    assert (said.name, str(said.version), said.license) == (ABOUT.name, "1.0.0", ["CC-BY-4.0"])
    first, second = rows(found, "items")
    assert (first["id"], first["width"], first["text"], first["sources"]) == (IDS[0], 3, "ü", ["raw/a", "raw/b"])
    assert (first["site"], first["moved"], first["duration"]) == (None, True, None)
    assert (second["site"], second["moved"], second["width"]) == ("north", None, None)
    assert [(row["item"], row["value"], row["flagged"]) for row in rows(found, "labels")] == [(IDS[0], '"jay"', False)]


def test_the_newest_version_is_described_with_all_its_splits(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    split(folder, freeze(folder, "one"), "train")
    newest = freeze(folder, "two")
    split(folder, newest, "train", "val", "test")
    split(folder, newest, "train", "dev", "quarantine")
    write_croissant(folder, ABOUT)
    found = opened(folder, caplog)
    assert str(found.metadata.version) == "2.2.0"
    kinds = {row["name"]: row["url"].removeprefix("cr:") for row in rows(found, "splits")}
    assert kinds == {
        "v2.1/test": "TestSplit",
        "v2.1/train": "TrainingSplit",
        "v2.1/val": "ValidationSplit",
        "v2.2/dev": "ValidationSplit",
        "v2.2/quarantine": "Split",
        "v2.2/train": "TrainingSplit",
    }
    assert [row["id"] for row in rows(found, "v2.1/val")] == IDS[:1]


def test_a_file_that_was_changed_is_noticed(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    freeze(folder)
    write_croissant(folder, ABOUT)
    table = folder.path("versions/v1/items.parquet")
    table.chmod(0o644)
    table.write_bytes(table.read_bytes() + b"\0")
    with pytest.raises(mlcroissant.GenerationError) as noticed:
        rows(opened(folder, caplog), "items")
    assert str(noticed.value.__cause__).startswith("Hash of downloaded file")


def test_it_has_one_size_for_any_number_of_items(folder: Folder) -> None:
    freeze(folder)
    write_croissant(folder, ABOUT)
    said = json.loads(folder.read(CROISSANT))
    assert [file["@id"] for file in said["distribution"]] == ["v1/items.parquet", "v1/labels.parquet"]
    assert IDS[0] not in folder.read(CROISSANT).decode()


def test_what_was_not_said_is_not_made_up(folder: Folder) -> None:
    freeze(folder)
    write_croissant(folder, ABOUT._replace(license=None, description=None))
    said = json.loads(folder.read(CROISSANT))
    assert "license" not in said
    assert said["description"].startswith(f"The dataset {ABOUT.name}. v1: first. ")


def test_the_same_version_is_the_same_description(folder: Folder) -> None:
    freeze(folder)
    write_croissant(folder, ABOUT)
    before = folder.read(CROISSANT)
    write_croissant(folder, ABOUT)
    assert folder.read(CROISSANT) == before


def test_a_table_that_cannot_be_read_is_named(folder: Folder) -> None:
    freeze(folder)
    folder.path("versions/v1/labels.parquet").chmod(0o644)
    folder.path("versions/v1/labels.parquet").write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match=r"versions/v1/labels\.parquet cannot be read"):
        write_croissant(folder, ABOUT)


def test_columns_without_a_type_of_croissants_are_left_out(folder: Folder) -> None:
    table = pa.table({
        "id": pa.array(["a"]).dictionary_encode(), "at": pa.array([0], pa.timestamp("us", "UTC")),
        "nested": [[["x"]]], "named": [{"x": 1}], "raw": [b"x"], "count": pa.array([1], pa.uint8()),
    })  # fmt: skip
    commit(folder, None, lambda _: Draft({"items.parquet": table}, {"message": "", "author": None, "parent": None}))
    write_croissant(folder, ABOUT)
    (records,) = json.loads(folder.read(CROISSANT))["recordSet"]
    kinds = {field["name"]: field["dataType"] for field in records["field"]}
    assert kinds == {"id": "sc:Text", "at": "sc:DateTime", "count": "sc:Integer"}
