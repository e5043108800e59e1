"""Guidelines of a task: declared, changed, shown, and their pictures."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.errors import SchemaError, UnknownItemError, UnsafePathError
from nbtools.labels.task import Task, declare
from nbtools.labels.unite import unite
from tests.factory import Datasets

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def told(ds: Dataset) -> object:
    return Session(ds, "species", annotator="anna", identity="python").describe()["task"]["guidelines"]


def test_guidelines_are_part_of_the_schema_and_the_same_again_changes_nothing(
    datasets: Datasets, tmp_path: Path
) -> None:
    ds = datasets.texts(1, task=None)
    file = tmp_path / "how.md"
    file.write_text("# Jay?\n", encoding="utf-8")
    first = ds.task("species", options=["jay", "rook"], guidelines=file)
    assert (first.schema, first.guidelines) == (1, "# Jay?")
    assert ds.task("species", guidelines=str(file)).schema == 1
    assert ds.task("species", options=["jay", "rook"]).guidelines == "# Jay?"
    assert told(ds) == {"text": "# Jay?", "changed": None}
    second = ds.task("species", guidelines="Blue: a jay.")
    assert (second.schema, ds.tasks()["species"].guidelines) == (2, "Blue: a jay.")
    third = ds.task("species", options=["jay", "rook", "tit"])
    assert (third.schema, third.guidelines) == (3, "Blue: a jay.")
    since = next(act.received_at for act in ds._index.schema_acts() if act.schema == 2)
    assert told(ds) == {"text": "Blue: a jay.", "changed": since}
    assert ds.task("species", guidelines="").guidelines is None
    assert told(ds) is None


def test_guidelines_that_cannot_be_are_refused_and_change_nothing(datasets: Datasets, tmp_path: Path) -> None:
    ds = datasets.texts(1, task=None)
    ds.task("species", options=["jay"])
    with pytest.raises(SchemaError, match=r"none.md' can't be read: No such file"):
        ds.task("species", guidelines=tmp_path / "none.md")
    with pytest.raises(SchemaError, match=r"at most 200,000 characters, not 200,001"):
        ds.task("species", guidelines="x" * 200_001)
    with pytest.raises(SchemaError, match=r"Markdown or the path of a .md file, not int"):
        ds.task("species", guidelines=7)  # type: ignore[arg-type]
    (tmp_path / "latin.md").write_bytes(b"\xff\xfe")
    with pytest.raises(SchemaError, match=r"no UTF-8 text"):
        ds.task("species", guidelines=tmp_path / "latin.md")
    assert ds.task("species").schema == 1


def test_a_picture_is_one_that_they_name_and_lies_in_the_dataset(datasets: Datasets, tmp_path: Path) -> None:
    ds = datasets.texts(1, task=None)
    for name in ("jay.gif", "other.gif"):
        (ds.path / "metadata" / name).write_bytes(GIF)
    (ds.path.parent / "secret.gif").write_bytes(GIF)
    (ds.path / "metadata" / "out.gif").symlink_to(ds.path.parent / "secret.gif")
    named = ["jay.gif", "dataset.json", "out.gif", "../../secret.gif", "gone.gif"]
    ds.task("species", options=["jay"], guidelines=" ".join(f"metadata/{name}" for name in named) + " README.txt")
    session = Session(ds, "species", annotator="anna", identity="python")
    assert session.picture("metadata/jay.gif") == GIF
    for path in ("metadata/other.gif", "README.txt", "/etc/passwd"):
        with pytest.raises(UnknownItemError, match="is no picture of these guidelines"):
            session.picture(path)
    with pytest.raises(UnknownItemError, match="is no image"):
        session.picture("metadata/dataset.json")
    with pytest.raises(UnknownItemError, match="can't be read: No such file"):
        session.picture("metadata/gone.gif")
    for path in ("metadata/out.gif", "metadata/../../secret.gif"):
        with pytest.raises(UnsafePathError):
            session.picture(path)


def test_a_merge_takes_what_only_one_side_changed() -> None:
    old = declare("species", "choice", ["jay"], guidelines="old")
    new = declare("species", "choice", ["jay"], guidelines="new")
    assert unite(old, new, old).task.guidelines == "new"
    assert unite(new, old, old).task.guidelines == "new"
    assert Task.from_json(new.to_json()).guidelines == "new"
