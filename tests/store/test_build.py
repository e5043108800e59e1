"""The catalogue is read by a child process, and by that alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbtools.errors import DatasetError
from nbtools.store import build
from tests.store.making import item, label, make


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pyarrow")


@pytest.mark.usefixtures("alone")
def test_a_child_builds_and_tells_its_progress(tmp_path: Path) -> None:
    ds = make(tmp_path, 20_000)
    ds._log.append("species", [label(7, "jay")])
    told: list[tuple[int, int | None]] = []
    ds._index.refresh(lambda done, total: told.append((done, total)))
    assert ds._index.total() == 20_000
    assert ds._index.head("species", item(7), "anna") is not None
    assert (20_000, 20_000) in told


@pytest.mark.usefixtures("alone")
def test_what_a_child_complains_of_is_told(tmp_path: Path) -> None:
    ds = make(tmp_path, 1)
    ds._folder.create("metadata/items/00000000000000000000000000.parquet", b"PAR1 not")
    with pytest.raises(DatasetError, match=r"could not be built: the catalogue part .*0000\.parquet cannot be read"):
        ds._index.refresh()


@pytest.mark.usefixtures("alone")
def test_a_child_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = make(tmp_path, 1)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DatasetError, match="its process ended with 1"):
        ds._index.refresh()


@pytest.mark.usefixtures("alone")
def test_modules_beside_the_notebook_do_not_reach_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = make(tmp_path, 2)
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)
    assert len(ds) == 2


@pytest.mark.usefixtures("alone")
def test_a_damaged_index_is_made_again_by_a_child_too(tmp_path: Path) -> None:
    ds = make(tmp_path, 3)
    ds._index.refresh()
    data = bytearray(ds._index._path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    ds._index._path.write_bytes(data)
    (ds.path / "metadata/items" / "0.parquet").write_bytes(next((ds.path / "metadata/items").iterdir()).read_bytes())
    assert len(ds) == 3


def test_the_program_says_in_one_line_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ds = make(tmp_path, 1)
    ds._folder.create("metadata/items/00000000000000000000000000.parquet", b"PAR1 not")
    assert build.main([str(ds.path), str(ds._index._path), ds.id]) == 1
    assert capsys.readouterr().err.count("\n") == 1


_KERNEL = """
import json, sys
from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.storage import new_ulid
ds = Dataset(sys.argv[1])
session = Session(ds, "species", annotator="anna", identity="self-declared")
session.describe()
for view in session.fetch(None, 50).items:
    session.record([{"act": new_ulid(), "item": view["id"], "kind": "label", "schema": 1, "status": "labeled",
        "value": "jay"}])
heavy = {"pandas", "pyarrow", "numpy", "duckdb", "sklearn", "PIL", "IPython", "platformdirs"}
print(json.dumps([session.counts(), sorted(heavy & set(sys.modules))]))
"""


def test_a_kernel_after_fifty_labels_has_imported_nothing_heavy(tmp_path: Path) -> None:
    ds = make(tmp_path, 60)
    ds.task("species", "choice", ["jay"])
    ds._index._path.unlink()
    done = subprocess.run([sys.executable, "-c", _KERNEL, str(ds.path)], capture_output=True, text=True, check=True)
    counts, heavy = json.loads(done.stdout)
    assert counts == {"total": 60, "labeled": 50, "skipped": 0, "left": 10}
    assert heavy == []


def test_where_pyarrow_is_loaded_no_child_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = make(tmp_path, 3)
    monkeypatch.setattr(subprocess, "Popen", None)
    assert len(ds) == 3
