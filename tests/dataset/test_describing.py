"""What is written beside a version when it is made."""

from __future__ import annotations

import hashlib
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


def test_what_is_erased_is_in_no_copy_and_the_description_is_of_what_is_left(datasets: Datasets) -> None:
    ds = datasets.texts(3)
    ds.freeze("first")
    out = ds.sql("select id from items limit 1")["id"][0]
    ds.erase([out], reason="consent withdrawn")
    assert list(ds.path.glob("metadata/cache/items-*")) == []
    said = json.loads((ds.path / "metadata/croissant.json").read_text())
    for file in said["distribution"]:
        data = (ds.path / "metadata" / file["contentUrl"]).read_bytes()
        assert (file["sha256"], file["contentSize"]) == (hashlib.sha256(data).hexdigest(), f"{len(data)} B")
    assert out not in ds.sql("select id from items")["id"].tolist()
    assert out not in ds.sql("select id from v1_items")["id"].tolist()
