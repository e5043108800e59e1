"""What is written beside a version when it is made."""

from __future__ import annotations

import json

import pytest

from nbtools.errors import NotSavedError
from nbtools.formats import croissant
from tests.factory import Datasets


def test_croissant_says_the_newest_version(datasets: Datasets) -> None:
    ds = datasets.texts(3, name="birds")
    place = ds.path / "metadata/croissant.json"
    ds.freeze("first")
    assert json.loads(place.read_text())["version"] == "1.0.0"
    ds.exclude(ds.items()["id"][:1], "blurred")
    ds.freeze("second")
    said = json.loads(place.read_text())
    assert (said["name"], said["version"]) == ("birds", "2.0.0")
    assert said["distribution"][-1]["contentUrl"] == "../versions/v2/labels.parquet"
    before = place.stat()
    ds.freeze("second")
    assert place.stat().st_mtime_ns == before.st_mtime_ns


def test_a_version_is_kept_where_croissant_cannot_be_written(
    datasets: Datasets, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise NotSavedError(28, "croissant.json was not written: no space left")

    monkeypatch.setattr(croissant, "write_croissant", refuse)
    assert datasets.texts(2).freeze("first").name == "v1"
    assert "metadata/croissant.json is not up to date: [Errno 28]" in capsys.readouterr().out
