"""Copies of an image look alike to the hash, and other images do not."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from sklearn.datasets import load_sample_images

from nbtools.errors import MediaError
from nbtools.media import difference_hash

PHOTOS = [Image.fromarray(photo) for photo in load_sample_images().images]


def saved(image: Image.Image, form: str = "JPEG", **given: object) -> io.BytesIO:
    """Return an image as a file."""
    made = io.BytesIO()
    image.save(made, form, **given)
    made.seek(0)
    return made


def views() -> list[Image.Image]:
    """Return parts of photos that do not overlap much."""
    return [photo.crop((left, top, left + 320, top + 213)) for photo in PHOTOS for left in (0, 320) for top in (0, 213)]


def test_a_smaller_and_coarser_copy_differs_in_at_most_three_bits() -> None:
    for view in views():
        whole = difference_hash(saved(view, quality=92))
        for copy in (saved(view.resize((160, 107)), quality=50), saved(view, "PNG"), saved(view.convert("L"), "WEBP")):
            assert (whole ^ difference_hash(copy)).bit_count() <= 3


def test_other_pictures_differ_in_many_bits() -> None:
    hashes = [difference_hash(saved(view)) for view in views()]
    assert min((one ^ other).bit_count() for one, other in combinations(hashes, 2)) > 10


def test_the_bits_are_those_of_the_upright_image() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = ImageOps.exif_transpose(Image.open(saved(PHOTOS[0].rotate(90, expand=True), exif=exif, quality=95)))
    assert turned.size == PHOTOS[0].size
    found = difference_hash(saved(PHOTOS[0].rotate(90, expand=True), exif=exif, quality=95))
    assert (found ^ difference_hash(saved(PHOTOS[0], quality=95))).bit_count() <= 3


def test_a_bit_is_set_where_a_pixel_is_brighter_than_the_next() -> None:
    falling = Image.linear_gradient("L").rotate(90)
    assert difference_hash(saved(falling, "PNG")) in (0, 2**64 - 1)
    assert difference_hash(saved(ImageOps.mirror(falling), "PNG")) == 2**64 - 1 - difference_hash(saved(falling, "PNG"))
    assert difference_hash(saved(Image.new("RGB", (9, 8), "red"), "PNG")) == 0


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_every_mode_is_hashed(mode: str) -> None:
    picture = PHOTOS[0].convert("L").convert(mode) if mode == "I;16" else PHOTOS[0].convert(mode)
    assert 0 < difference_hash(saved(picture, "TIFF")) < 2**64


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "not.jpg"
    path.write_bytes(b"\xff\xd8\xff nothing")
    with pytest.raises(MediaError, match=r"not\.jpg cannot be decoded"):
        difference_hash(path)


def test_a_bomb_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.media.dhash.MAX_PIXELS", 1000)
    with pytest.raises(MediaError, match="at most 1,000"):
        difference_hash(saved(PHOTOS[0]))
