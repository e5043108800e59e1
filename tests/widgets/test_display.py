"""What a `display=` function returns becomes content, and what it raises an error of one item."""

from __future__ import annotations

import io
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nbtools.widgets.content import MAX_BUFFER, Content
from nbtools.widgets.display import DisplayItem, Displays, to_content

ITEM = DisplayItem("0" * 32, Path("processed/x.png"), "image", {"site": "north"}, ("raw/x.png",))


def _array(content: Content) -> np.ndarray:
    fields: Any = content.fields["array"]
    assert content.buffer is not None
    return np.frombuffer(content.buffer, fields["dtype"]).reshape(fields["shape"])


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 6)])
def test_an_array_travels_as_it_is(dtype: str, shape: tuple[int, ...]) -> None:
    given = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    assert np.array_equal(_array(to_content(given)), given)
    assert _array(to_content(given)).dtype == dtype


@pytest.mark.parametrize(
    ("given", "dtype"),
    [("float64", "float32"), ("float16", "float32"), ("int64", "uint16"), (">u2", "uint16"), ("int8", "uint16")],
)
def test_other_numbers_become_the_nearest_that_a_page_knows(given: str, dtype: str) -> None:
    content = to_content(np.array([[1, 2], [3, 4]], given))
    assert _array(content).tolist() == [[1, 2], [3, 4]]
    assert _array(content).dtype == dtype


def test_negative_integers_and_truth_values_keep_their_meaning() -> None:
    assert _array(to_content(np.array([[-5, 70_000]]))).tolist() == [[-5.0, 70_000.0]]
    assert _array(to_content(np.array([[True, False]]))).tolist() == [[255, 0]]


def test_a_single_channel_is_no_channel_and_a_transposed_array_is_right() -> None:
    assert _array(to_content(np.ones((2, 3, 1), "uint8"))).shape == (2, 3)
    given = np.arange(6, dtype="uint8").reshape(2, 3)
    assert np.array_equal(_array(to_content(given.T)), given.T)


def test_a_large_array_is_thinned_until_it_fits() -> None:
    content = to_content(np.zeros((3000, 4000), "uint16"))
    assert content.size <= MAX_BUFFER + 1000
    assert _array(content).shape == (1000, 1334)


@pytest.mark.parametrize("value", [np.zeros(3), np.zeros((2, 2, 65)), np.zeros((0, 4)), np.zeros((2, 2, 2, 2))])
def test_an_array_of_another_shape_is_refused(value: np.ndarray) -> None:
    with pytest.raises(ValueError, match="H x W"):
        to_content(value)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr"])
def test_a_pil_image_becomes_a_png(mode: str) -> None:
    content = to_content(Image.new("RGB", (4, 3), (200, 10, 10)).convert(mode))
    assert content.fields["media_type"] == "image/png"
    assert content.buffer is not None
    assert Image.open(io.BytesIO(content.buffer)).size == (4, 3)


def test_a_photo_as_it_was_opened_is_upright_and_one_turned_by_hand_stays_so(tmp_path: Path) -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=sideways)
    opened = Image.open(tmp_path / "a.jpg")
    sizes = []
    for picture in (opened, opened.rotate(-90, expand=True)):
        content = to_content(picture)
        assert content.buffer is not None
        sizes.append(Image.open(io.BytesIO(content.buffer)).size)
    assert sizes == [(30, 40), (30, 40)]
    assert opened.size == (40, 30), "what is given is not changed"


def test_deep_pil_images_keep_their_depth() -> None:
    assert _array(to_content(Image.new("I;16", (4, 3), 40_000))).max() == 40_000
    assert _array(to_content(Image.new("F", (4, 3), 0.5))).max() == 0.5


def test_a_large_pil_image_is_made_smaller() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2500, 2500, 3), dtype="uint8")
    content = to_content(Image.fromarray(noise))
    assert content.fields["media_type"] == "image/jpeg"
    assert content.size <= MAX_BUFFER


def test_bytes_are_an_image_file_or_refused() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (2, 2)).save(stream, "WEBP")
    assert to_content(stream.getvalue()).fields["media_type"] == "image/webp"
    assert to_content(b"\n <svg xmlns='x'/>").fields["media_type"] == "image/svg+xml"
    with pytest.raises(ValueError, match="no image file"):
        to_content(b"PK\x03\x04")


def test_text_is_text() -> None:
    assert to_content("<b>not markup</b>").fields == {"text": "<b>not markup</b>"}


def test_anything_else_says_what_to_return() -> None:
    with pytest.raises(TypeError, match="NoneType; return an array"):
        to_content(None)


def test_a_figure_is_drawn_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[object] = []

    class Figure:
        def savefig(self, stream: io.BytesIO, format: str) -> None:
            Image.new("RGB", (8, 6)).save(stream, format)

    Figure.__module__ = "matplotlib.figure"
    pyplot = types.ModuleType("matplotlib.pyplot")
    pyplot.close = closed.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
    figure = Figure()
    assert to_content(figure).fields["media_type"] == "image/png"
    assert closed == [figure]


def test_the_function_gets_the_item_and_is_called_once() -> None:
    seen = []

    def show(item: DisplayItem) -> str:
        seen.append(item)
        return str(item.attributes["site"])

    displays = Displays(show)
    for _ in range(3):
        assert displays.of("a", lambda: ITEM).fields == {"text": "north"}
    assert seen == [ITEM]


def test_its_exception_is_the_error_of_that_item_and_is_tried_again() -> None:
    calls = []

    def show(item: DisplayItem) -> str:
        calls.append(item)
        if len(calls) == 1:
            raise ValueError("<script>" + "x" * 1000)
        return "fine"

    displays = Displays(show)
    why = displays.of("a", lambda: ITEM).fields["error"]
    assert str(why).startswith("display failed: ValueError: ")
    assert len(str(why)) < 250
    assert displays.of("a", lambda: ITEM).fields == {"text": "fine"}


def test_what_is_kept_is_bounded() -> None:
    calls = []

    def show(item: DisplayItem) -> str:
        calls.append(item)
        return "x" * 1000

    displays = Displays(show, limit=10_000)
    for key in range(50):
        displays.of(str(key), lambda: ITEM)
    displays.of("49", lambda: ITEM)
    assert len(calls) == 50
    displays.of("0", lambda: ITEM)
    assert len(calls) == 51


def test_text_alone_imports_neither_numpy_nor_pillow() -> None:
    program = (
        "import sys; from nbtools.widgets.display import to_content; to_content('x'); to_content(b'GIF89a');"
        "sys.exit(bool({'numpy', 'PIL', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
