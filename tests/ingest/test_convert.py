"""Recipes: another size or format moves no label and touches no file of the first."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.errors import SourceError
from nbtools.ingest.convert import find_recipe

Draw = Callable[..., Path]
Put = Callable[[str, "bytes | str"], Path]


def opened(path: Path) -> Image.Image:
    """Return an image, decoded, with the file closed."""
    with Image.open(path) as image:
        image.load()
    return image


def test_twenty_labeled_items_under_another_recipe(ds: Dataset, picture: Draw) -> None:
    for shade in range(20):
        picture(f"{shade:02}.png", shade * 10, size=(300, 200))
    ds.ingest()
    ids = ds.items()["id"].tolist()
    ds.task("species", kind="choice", options=["jay", "rook"])
    ds.record("species", {item: "jay" if at % 2 else "rook" for at, item in enumerate(ids)})
    labels = ds.labels("species").to_dict("records")
    first = {path: path.read_bytes() for path in (ds.path / "processed").iterdir()}
    report = ds.ingest(convert={"format": "jpeg", "max_side": 64})
    assert ds.items()["id"].tolist() == ids
    assert ds.labels("species").to_dict("records") == labels
    assert {path: path.read_bytes() for path in first} == first
    assert (report.counts["added"], report.counts["unchanged"]) == (0, 20)
    items = ds.items(columns=["id", "path", "width", "height", "media_type", "recipe", "bytes", "sha256"])
    for row in items.to_dict("records"):
        path = ds.file(row["path"])
        assert row["path"] == f"processed/{row['id']}.r1.jpg"
        assert opened(path).size == (64, 43)
        # Geometry is in pixels of the upright original.
        assert (row["width"], row["height"], row["recipe"]) == (300, 200, 1)
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (row["bytes"], row["media_type"]) == (path.stat().st_size, "image/jpeg")
    ds.ingest(convert={"format": "jpeg", "max_side": 64})
    assert len(list((ds.path / "processed").iterdir())) == 40


def test_equal_recipes_have_one_number_and_others_the_next(ds: Dataset) -> None:
    one = find_recipe(ds._folder, {"format": "jpeg", "max_side": 64})
    other = find_recipe(ds._folder, {"format": "png"})
    again = find_recipe(ds._folder, {"max_side": 64, "format": "jpeg", "strip_metadata": False, "quality": None})
    assert [recipe.number for recipe in (one, other, again)] == [1, 2, 1]
    assert json.loads(ds._folder.read("metadata/recipes/2.json"))["convert"] == {"format": "png"}
    assert find_recipe(ds._folder, None).number == 0


@pytest.mark.parametrize(
    "convert",
    [
        {"size": 3},
        {"format": "bmp"},
        {"max_side": 0},
        {"max_side": "64"},
        {"quality": 101},
        {"quality": True},
        {},
        {"text": "x"},
    ],
)
def test_what_is_no_recipe(ds: Dataset, convert: dict[str, object]) -> None:
    with pytest.raises(SourceError):
        find_recipe(ds._folder, convert)


def _with_gps(path: Path, orientation: int = 6) -> None:
    image = Image.linear_gradient("L").resize((64, 32)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (47.0, 22.0, 0.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, "JPEG", exif=exif, comment=b"secret place")


def test_upright_and_without_metadata(ds: Dataset) -> None:
    _with_gps(ds.raw / "a.jpg")
    ds.ingest(convert={"strip_metadata": True})
    row = ds.items().iloc[0]
    assert (row["width"], row["height"]) == (32, 64)
    data = ds.file(row["path"]).read_bytes()
    made = opened(ds.file(row["path"]))
    assert made.size == (32, 64)
    assert not made.getexif()
    assert b"secret place" not in data
    assert b"Camera" not in data


def test_metadata_stay_unless_stripped_but_for_the_orientation(ds: Dataset) -> None:
    _with_gps(ds.raw / "a.jpg")
    ds.ingest(convert={"max_side": 16})
    made = opened(ds.file(ds.items()["path"][0]))
    assert made.size == (8, 16)
    assert made.getexif().get(0x010F) == "Camera"
    assert 0x0112 not in made.getexif()
    assert made.getexif().get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16", "I", "F", "RGB"])
@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
def test_every_mode_can_be_converted(ds: Dataset, mode: str, form: str) -> None:
    image = Image.linear_gradient("L").resize((20, 10))
    image = (
        image.convert("I").point(lambda value: value * 200).convert("I;16") if mode == "I;16" else image.convert(mode)
    )
    image.save(ds.raw / "a.tif")
    report = ds.ingest(convert={"format": form})
    assert report.counts["failed"] == 0
    made = opened(ds.file(ds.items()["path"][0]))
    assert (made.format, made.size) == (form.upper(), (20, 10))


def test_kinds_that_the_recipe_does_not_change_stay_recipe_0(ds: Dataset, picture: Draw, put: Put) -> None:
    picture("a.png")
    put("b.txt", unicodedata.normalize("NFD", "é"))
    put("c.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='3' height='4'/>")
    ds.ingest(convert={"format": "webp"})
    assert dict(
        zip(ds.items()["kind"] + ds.items()["path"].str[-3:], ds.items(columns=["recipe"])["recipe"], strict=True)
    ) == {
        "imageebp": 1,
        "texttxt": 0,
        "imagesvg": 0,
    }
    assert ds.ingest(convert={"format": "webp"}).counts["unchanged"] == 3


def test_text_becomes_utf8_nfc(ds: Dataset, put: Put) -> None:
    put("a.txt", unicodedata.normalize("NFD", "Äé").encode("utf-16"))
    ds.ingest(convert={"text": "nfc"})
    row = ds.items().iloc[0]
    assert ds.file(row["path"]).read_bytes() == "Äé".encode()
    assert row["path"].endswith(".r1.txt")


def test_an_image_that_cannot_be_decoded_fails_alone(ds: Dataset, picture: Draw, put: Put) -> None:
    good = picture("good.png").read_bytes()
    data = picture("bad.png", 3, size=(60, 60)).read_bytes()
    put("bad.png", data[:50] + b"\xff" * 30 + data[80:])
    assert good != data
    report = ds.ingest(convert={"format": "jpeg"})
    assert report.failed["path"].tolist() == ["bad.png"]
    assert report.counts["added"] == 1


@pytest.mark.parametrize("form", ["png", "webp"])
def test_see_through_pixels_stay_so(ds: Dataset, form: str) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((0, 0), 0)
    image.save(ds.raw / "a.gif", transparency=0)
    ds.ingest(convert={"format": form})
    made = opened(ds.file(ds.items()["path"][0])).convert("RGBA")
    alpha = made.getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((3, 3))) == (0, 255)
