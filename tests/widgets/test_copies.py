"""Images that no browser shows, or that are too large, travel as copies."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.errors import MediaError
from nbtools.widgets.content import MAX_BUFFER
from nbtools.widgets.copies import screen_copy
from nbtools.widgets.labeler import Labeler
from tests.factory import Datasets
from tests.widgets.wire import Browser


def _file(image: Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form)
    return stream.getvalue()


def test_a_tiff_and_a_large_image_are_shown_by_copies(datasets: Datasets) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (1200, 1200, 3), dtype="uint8"))
    files = {"a.tif": _file(Image.new("RGB", (50, 40), "red"), "TIFF"), "b.png": _file(noise, "PNG")}
    browser = Browser(Labeler(datasets.of(files), "species", annotator="anna"))
    tiff, large = browser.ask("fetch", request=1, cursor=None, count=9, bytes=10**7)["items"]
    assert tiff["content"] == {"media_type": "image/jpeg", "buffer": 0}
    assert large["content"] == {"media_type": "image/jpeg", "buffer": 1, "full": True}
    assert Image.open(io.BytesIO(browser.buffers[0])).size == (50, 40)
    whole = browser.ask("bytes", request=2, item=large["id"], start=0, full=True)
    assert whole["total"] == len(files["b.png"])


def test_a_broken_image_is_the_error_of_its_item(datasets: Datasets) -> None:
    good = _file(Image.new("RGB", (9, 9)), "TIFF")
    ds = datasets.of({"a.tif": good, "b.tif": _file(Image.new("RGB", (8, 8)), "TIFF")})
    browser = Browser(Labeler(ds, "species", annotator="anna"))
    items = browser.ask("fetch", request=1, cursor=None, count=9, bytes=10**7)["items"]
    path = next((ds.path / "processed").glob(f"{items[0]['id']}*"))
    path.chmod(0o644)
    path.write_bytes(good[:20])
    for copy in (ds.path / "metadata" / "cache").rglob("*.jpg"):
        copy.unlink()
    again = browser.ask("fetch", request=2, cursor=None, count=9, bytes=10**7)["items"]
    assert ["error" in entry["content"] for entry in again] == [True, False]


def test_a_copy_fits_a_message(datasets: Datasets, monkeypatch: pytest.MonkeyPatch) -> None:
    sides: list[int] = []

    def copy(folder: object, path: Path, sha256: str | None, max_side: int) -> tuple[bytes, str]:
        sides.append(max_side)
        return b"x" * (max_side * 2000), "image/jpeg"

    monkeypatch.setattr("nbtools.widgets.copies.display_copy", copy)
    ds: Dataset = datasets.images(1)
    assert len(screen_copy(ds, {"id": "0" * 32}, Path("a.tif"))[0]) <= MAX_BUFFER
    assert sides == [2048, 1024]
    monkeypatch.setattr("nbtools.widgets.copies.display_copy", lambda *_: (b"x" * (MAX_BUFFER + 1), "image/jpeg"))
    with pytest.raises(MediaError, match="512"):
        screen_copy(ds, {"id": "0" * 32}, Path("a.tif"))
