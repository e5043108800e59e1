"""What `report` and `bundle` write."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from tests.cli.ran import Run


def test_report_writes_one_page(birds: Dataset, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    birds.freeze("first")
    monkeypatch.chdir(tmp_path)
    assert run("report", birds.path).code == 0
    assert "first" in (tmp_path / "report.html").read_text()
    told = run("report", birds.path, "--output", tmp_path / "other.html", "--json").json
    assert told == {"path": str(tmp_path / "other.html"), "bytes": (tmp_path / "other.html").stat().st_size}


def test_report_replaces_no_other_file(birds: Dataset, run: Run, tmp_path: Path) -> None:
    birds.freeze("first")
    (tmp_path / "mine.html").write_text("mine")
    refused = run("report", birds.path, "--output", tmp_path / "mine.html")
    assert refused.code in (1, 2)
    assert "is no report of nbtools" in refused.err


def test_bundle_writes_a_file_that_opens(
    birds: Dataset, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    birds.freeze("first")
    monkeypatch.chdir(tmp_path)
    told = run("bundle", birds.path, "v1", "--json").json
    path = tmp_path / f"{birds.path.name}-v1.zip"
    assert told == {"path": str(path), "bytes": path.stat().st_size}
    assert run("bundle", birds.path, "v1").code == 0
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "out")
    (inside,) = (tmp_path / "out").iterdir() if not (tmp_path / "out/metadata").is_dir() else [tmp_path / "out"]
    assert run("verify", inside, "v1").code == 0
    assert run("bundle", birds.path, "v7").code == 2
