"""Copies for the screen."""

from __future__ import annotations

import io
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nbtools import derived
from nbtools.derived import DERIVED, display_copy, evict, thumbnail
from nbtools.errors import MediaError
from nbtools.storage import Folder

HASH = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "birds")


def draw(path: Path, mode: str = "RGB", size: tuple[int, int] = (400, 200), **saved: Any) -> Path:
    """Write an image that is dark on the left and bright on the right."""
    image = Image.linear_gradient("L").rotate(90).resize(size)
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 16).convert("I;16")
    image.convert(mode).save(path, **saved)
    return path


def opened(data: bytes) -> Image.Image:
    """Return a decoded image."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    return image


def kept(folder: Folder) -> list[Path]:
    """Return the copies that lie in the cache."""
    return sorted(path for path in (folder.root / DERIVED).rglob("*") if path.is_file())


def test_a_large_image_becomes_small_and_a_small_one_stays(folder: Folder, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png")
    data, media_type = display_copy(folder, path, HASH, 100)
    assert (opened(data).size, opened(data).format, media_type) == ((100, 50), "JPEG", "image/jpeg")
    assert opened(display_copy(folder, path, HASH)[0]).size == (400, 200)
    assert opened(thumbnail(folder, path, HASH)[0]).size == (256, 128)


def test_it_is_made_once(folder: Folder, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png")
    first = display_copy(folder, path, HASH, 100)
    assert [one.name for one in kept(folder)] == [f"{HASH}-100.jpg"]
    path.unlink()
    assert display_copy(folder, path, HASH, 100) == first
    with pytest.raises(MediaError, match="not there"):
        display_copy(folder, path, HASH, 101)


def test_no_folder_holds_them_all(folder: Folder, tmp_path: Path) -> None:
    for number in range(6):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (8, 8), (number, 0, 0)).save(path)
        thumbnail(folder, path, f"{number:02x}" * 32)
    kept = folder.path(DERIVED)
    assert {one.name for one in kept.iterdir()} == {f"{number:02x}" for number in range(6)}


def test_without_a_hash_nothing_is_kept(folder: Folder, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png")
    display_copy(folder, path, None, 100)
    display_copy(folder, path, "../../x", 100)
    assert not (folder.root / DERIVED).exists()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "RGB", "CMYK", "I;16", "I", "F"])
def test_every_mode_can_be_shown(folder: Folder, tmp_path: Path, mode: str) -> None:
    data, media_type = display_copy(folder, draw(tmp_path / "a.tif", mode), HASH, 64)
    made = opened(data)
    assert made.size == (64, 32)
    assert media_type == ("image/webp" if mode in ("LA", "RGBA") else "image/jpeg")
    # Bright stays bright: sixteen bits are stretched, not cut off.
    assert np.ptp(np.asarray(made.convert("L"))) > 150


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_it_is_upright(folder: Folder, tmp_path: Path, form: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = draw(tmp_path / "a", format=form, exif=exif)
    made = opened(display_copy(folder, path, HASH, 100)[0])
    assert made.size == (50, 100)
    assert not made.getexif()


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"no image"])
def test_a_broken_image_is_an_error_that_names_it(folder: Folder, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.png").write_bytes(data)
    with pytest.raises(MediaError, match=r"bad\.png"):
        display_copy(folder, tmp_path / "bad.png", HASH)


def test_a_truncated_image_and_a_bomb_are_errors(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = draw(tmp_path / "a.png")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MediaError):
        display_copy(folder, path, HASH)
    path.write_bytes(whole)
    monkeypatch.setattr(derived, "MAX_PIXELS", 1000)
    with pytest.raises(MediaError, match="pixels"):
        display_copy(folder, path, HASH)


def test_the_oldest_are_thrown_away(folder: Folder, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png")
    hashes = [f"{number:02}" * 32 for number in range(5)]
    for at, name in enumerate(hashes):
        display_copy(folder, path, name, 100)
        os.utime(folder.root / DERIVED / name[:2] / f"{name}-100.jpg", (at, at))
    size = kept(folder)[0].stat().st_size
    evict(folder, most=2 * size)
    assert [one.name[:2] for one in kept(folder)] == ["03", "04"]


def test_the_cache_is_bounded_while_it_grows(folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = draw(tmp_path / "a.png")
    size = len(display_copy(folder, path, None, 100)[0])
    monkeypatch.setattr(derived, "MOST_BYTES", 3 * size)
    monkeypatch.setattr(derived, "_LOOK_AGAIN", size)
    for number in range(10):
        display_copy(folder, path, f"{number:02}" * 32, 100)
    assert 1 <= len(kept(folder)) <= 3


def test_many_at_once(folder: Folder, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png")
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: display_copy(folder, path, HASH, 100), range(40)))
    assert len(made) == 1
    assert [one.name for one in kept(folder)] == [f"{HASH}-100.jpg"]


def test_a_folder_that_cannot_be_written_only_costs_time(folder: Folder, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png")
    folder.root.mkdir()
    (folder.root / "metadata").write_text("a file where the cache would be")
    assert opened(display_copy(folder, path, HASH, 100)[0]).size == (100, 50)
    (folder.root / "metadata").unlink()
    display_copy(folder, path, HASH, 100)
    shutil.rmtree(folder.root / DERIVED)
    assert opened(display_copy(folder, path, HASH, 100)[0]).size == (100, 50)
