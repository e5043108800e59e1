import copy
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import nbtools
from nbtools.dataset import Dataset
from nbtools.errors import DatasetError, NewerFormatError, NotADatasetError, UnsafePathError
from tests.store.making import item, make


def manifest(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((path / "metadata/dataset.json").read_text())
    return found


def change(path: Path, **values: Any) -> None:
    (path / "metadata/dataset.json").write_text(json.dumps(manifest(path) | values))


def test_a_folder_becomes_a_dataset(tmp_path: Path) -> None:
    ds = nbtools.Dataset.create(tmp_path / "birds", name="Birds", license="CC-BY-4.0", description="From the garden.")
    found = manifest(ds.path)
    assert found | {"id": "", "created": ""} == {
        "format": 1, "id": "", "name": "Birds", "license": "CC-BY-4.0", "description": "From the garden.",
        "raw": "raw", "created": "",
    }  # fmt: skip
    assert (len(found["id"]), found["created"][-1], ds.id, ds.name) == (26, "Z", found["id"], "Birds")
    assert sorted(path.name for path in ds.path.iterdir()) == [
        ".gitignore",
        "README.txt",
        "metadata",
        "processed",
        "raw",
    ]
    assert "cache/" in (ds.path / "metadata/.gitignore").read_text().split()
    assert "Birds" in (ds.path / "README.txt").read_text()
    assert ds.raw == ds.path / "raw"
    assert len(ds) == 0
    assert ds


def test_a_second_time_it_is_opened_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = Dataset.create(tmp_path / "birds", name="Birds")
    (first.path / "README.txt").write_text("mine")
    assert capsys.readouterr().out == ""
    second = Dataset.create(tmp_path / "birds", name="Other")
    assert (second.id, second.name) == (first.id, "Birds")
    assert "is a dataset already (Birds" in capsys.readouterr().out
    assert (first.path / "README.txt").read_text() == "mine"


def test_of_many_who_make_it_at_once_one_does(tmp_path: Path) -> None:
    found: list[str] = []
    start = threading.Barrier(6)

    def make_one() -> None:
        start.wait()
        found.append(Dataset.create(tmp_path / "birds").id)

    threads = [threading.Thread(target=make_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_folder_with_raw_data_in_it_can_become_one(tmp_path: Path) -> None:
    (tmp_path / "birds/raw").mkdir(parents=True)
    (tmp_path / "birds/raw/a.txt").write_text("a")
    assert Dataset.create(tmp_path / "birds").raw.joinpath("a.txt").read_text() == "a"


@pytest.mark.parametrize("path", ["s3://bucket/x", "https://host/x", "file:///tmp/x", "", "a\0b"])
def test_a_url_is_refused(path: str) -> None:
    for make_one in (Dataset, Dataset.create, Dataset.adopt):
        with pytest.raises(DatasetError, match=r"is a URL|no path"):
            make_one(path)


def test_where_there_is_no_dataset_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotADatasetError, match=r"nothing at .*Dataset\.create"):
        Dataset(tmp_path / "nothing")
    with pytest.raises(NotADatasetError, match=r"no dataset.*Dataset\.create"):
        Dataset(tmp_path)
    ds = Dataset.create(tmp_path / "birds")
    with pytest.raises(NotADatasetError, match="there are some in it: birds"):
        Dataset(tmp_path)
    with pytest.raises(NotADatasetError, match="inside the dataset"):
        Dataset(ds.path / "raw")
    with pytest.raises(FileNotFoundError):
        Dataset(tmp_path / "nothing")


def test_a_newer_format_is_not_touched(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "birds")
    change(ds.path, format=2, later={})
    before = (ds.path / "metadata/dataset.json").read_text()
    for make_one in (Dataset, Dataset.create):
        with pytest.raises(NewerFormatError, match="format 2"):
            make_one(ds.path)
    assert (ds.path / "metadata/dataset.json").read_text() == before


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"format":1}', '{"format":"1","id":"x","name":"x","raw":"raw","created":"x"}',
     '{"format":1,"id":5,"name":"x","raw":"raw","created":"x"}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_manifest_is_named(tmp_path: Path, content: str) -> None:
    ds = Dataset.create(tmp_path / "birds")
    (ds.path / "metadata/dataset.json").write_text(content)
    with pytest.raises(DatasetError, match=r"dataset\.json cannot be understood"):
        Dataset(ds.path)


def test_keys_of_a_later_nbtools_are_passed_over(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "birds")
    change(ds.path, later={"a": 1})
    assert Dataset(ds.path).id == ds.id


def test_raw_data_elsewhere_is_read_only_by_who_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "imagenet"
    raw.mkdir()
    (raw / "a.txt").write_text("a")
    ds = Dataset.create(tmp_path / "birds", raw=raw)
    assert ds.raw == raw
    assert ds.file("raw/a.txt") == raw / "a.txt"
    assert not (ds.path / "raw").exists()
    stranger = Dataset(ds.path)
    with pytest.raises(UnsafePathError, match="If you trust that"):
        stranger.raw  # noqa: B018
    with pytest.raises(UnsafePathError, match="If you trust that"):
        stranger.file("raw/a.txt")
    assert Dataset(ds.path, raw=raw).raw == copy.copy(ds).raw == raw
    monkeypatch.setenv("NBTOOLS_RAW", str(raw))
    assert Dataset(ds.path).raw == raw


def test_raw_data_in_the_folder_is_not_looked_for_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = Dataset.create(tmp_path / "birds")
    monkeypatch.setenv("NBTOOLS_RAW", str(tmp_path))
    assert Dataset(ds.path).raw == ds.path / "raw"
    with pytest.raises(DatasetError, match="open it without raw="):
        Dataset(ds.path, raw=tmp_path).raw  # noqa: B018
    with pytest.raises(DatasetError, match="no such folder"):
        Dataset(ds.path, raw=tmp_path / "nothing")


@pytest.mark.parametrize("raw", ["../elsewhere", "..", "raw/../../x"])
def test_a_poisoned_manifest_leads_nowhere(tmp_path: Path, raw: str) -> None:
    ds = Dataset.create(tmp_path / "birds")
    change(ds.path, raw=raw)
    with pytest.raises(UnsafePathError):
        Dataset(ds.path).raw  # noqa: B018


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "raw/../../secret", "processed/link"])
def test_a_file_of_the_catalogue_lies_inside(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("s")
    ds = Dataset.create(tmp_path / "birds")
    (ds.path / "processed/link").symlink_to(tmp_path / "secret")
    with pytest.raises(UnsafePathError):
        ds.file(path)


def test_its_repr_ends_with_the_next_sensible_call(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "birds")
    assert repr(ds).splitlines()[-1].startswith("next: ds.add(")
    (ds.raw / "a.txt").write_text("a")
    assert repr(ds).splitlines()[-1] == "next: ds.ingest()"
    ds = make(tmp_path, 3)
    assert repr(ds).splitlines()[-1].startswith("next: ds.task(")
    ds.task("species", "choice", ["<b>jay</b>", "rook"])
    ds.record("species", {item(0): "rook"})
    ds.exclude(item(1))
    assert repr(ds).splitlines()[1:] == [
        "2 items, 1 excluded",
        "attributes: writer",
        "task species (<b>jay</b>, rook): 1 label",
        'next: nbtools.Labeler(ds, "species")',
    ]
    assert "<b>" not in ds._repr_html_()
    assert "&lt;b&gt;jay" in ds._repr_html_()


def test_its_repr_says_what_is_wrong_and_does_not_fail(tmp_path: Path) -> None:
    ds = make(tmp_path, 1)
    ds._folder.create("metadata/items/0.parquet", b"no")
    assert "DatasetError" in repr(ds)


def test_it_can_be_sent_to_another_process(tmp_path: Path) -> None:
    ds = make(tmp_path, 3)
    assert len(copy.copy(ds)) == len(copy.deepcopy(ds)) == 3


def test_a_folder_kept_by_hand_is_taken_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "old"
    for name, text in (("processed/b c.txt", "one"), ("processed/d.txt", "two"), ("processed/twin.txt", "two")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "versions/v1").mkdir(parents=True)
    (root / "versions/v1/list.txt").write_text("b c.txt")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for make_one in (Dataset, Dataset.create):
        with pytest.raises(DatasetError, match=r"Dataset\.adopt"):
            make_one(root)
    ds = Dataset.adopt(root, name="Old")
    assert {path: path.read_bytes() for path in before} == before
    assert [row.path for row in ds._index.rows()] == ["processed/b c.txt", "processed/d.txt"]
    said = capsys.readouterr().out
    assert "2 files in processed/ are items now" in said
    assert "the same as: processed/twin.txt (processed/d.txt)" in said
    assert "versions/ has v1, made by hand" in said
    (root / "processed/e.txt").write_text("three")
    again = Dataset.adopt(root)
    assert again.id == ds.id
    assert [row.path for row in again._index.rows()][2:] == ["processed/e.txt"]
    assert len(list((root / "metadata/items").iterdir())) == 2
    Dataset.adopt(root)
    assert len(list((root / "metadata/items").iterdir())) == 2


def test_nothing_cannot_be_adopted(tmp_path: Path) -> None:
    with pytest.raises(NotADatasetError, match="no folder"):
        Dataset.adopt(tmp_path / "nothing")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/a.txt").write_text("a")
    with pytest.raises(NotADatasetError, match=r"neither raw/ nor processed/ nor versions/.*ds\.add\("):
        Dataset.adopt(tmp_path / "photos")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["a.txt"]


def test_what_is_given_and_not_taken_over_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Dataset.create(tmp_path / "birds", "Birds")
    Dataset.create(tmp_path / "birds", "Birds")
    assert "as before" not in capsys.readouterr().out
    assert Dataset.create(tmp_path / "birds", "Crows", license="CC0-1.0").name == "Birds"
    assert "opened it; name, license as before: to change that, edit metadata/dataset.json" in capsys.readouterr().out


def test_opening_one_imports_nothing_heavy(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "birds")
    program = "import sys, nbtools; nbtools.Dataset(sys.argv[1]); print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program, str(ds.path)], capture_output=True, text=True, check=True)
    assert not {"pandas", "pyarrow", "numpy", "PIL", "ipywidgets"} & set(loaded.stdout.split())
