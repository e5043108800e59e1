"""The page that `report` writes."""

from __future__ import annotations

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
