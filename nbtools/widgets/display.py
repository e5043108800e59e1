"""`display=fn`: what a function of the user makes of an item, turned into content.

numpy and Pillow are touched only when a value is theirs, told by the name of its
module, so that a Labeler without such a function never imports them.
"""

from __future__ import annotations

import io
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from nbtools.widgets.checks import shorten
from nbtools.widgets.content import MAX_BUFFER, Content, failed, of_image, of_text

if TYPE_CHECKING:
    import numpy as np

MAX_CHANNELS = 64
MAX_SIDE = 2048
MAX_CACHE = 64_000_000

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "image/svg+xml"),
)


@dataclass(frozen=True, slots=True)
class DisplayItem:
    """What a `display=` function is given.

    Parameters
    ----------
    id : str
        The item's id.
    path : Path
        Its processed file; for a row of a table the file that holds the row.
    kind : str
        "image", "text", "audio", "video", "record" or "other".
    attributes : mapping
        All its attributes, by name.
    sources : tuple of str
        Where it came from, relative to the dataset's folder.
    """

    id: str
    path: Path
    kind: str
    attributes: Mapping[str, object]
    sources: tuple[str, ...]


Display: TypeAlias = Callable[[DisplayItem], object]
T = TypeVar("T")


class Displays(Generic[T]):
    """The contents that a `display=` function made, the latest of them kept.

    Parameters
    ----------
    make : callable
        The user's function: a `DisplayItem` to an array (H x W or H x W x C; uint8,
        uint16 or float), a PIL image, the bytes of an image file, text, or a
        matplotlib figure. Or one that returns `Content`.
    limit : int
        Bytes of contents to keep.
    name : str
        What the function is called, for its error.
    """

    def __init__(self, make: Callable[[T], object], limit: int = MAX_CACHE, name: str = "display") -> None:
        self._make = make
        self._name = name
        self._limit = limit
        self._kept: OrderedDict[str, Content] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def of(self, key: str, item: Callable[[], T]) -> Content:
        """Return the content of an item; an exception of the function becomes its error.

        Parameters
        ----------
        key : str
            The item's id.
        item : callable
            What the function is given; only looked up if it has to be called.
        """
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return kept
        try:
            content = to_content(self._make(item()))
        except Exception as error:  # noqa: BLE001 -- a user's function may raise anything
            # Not kept: it may have been the disk, and the page may ask again.
            return failed(f"{self._name} failed: {type(error).__name__}: {shorten(str(error), 160)}")
        if not any("error" in part.fields for part in (content, *content.parts)):
            self._keep(key, content)
        return content

    def _keep(self, key: str, content: Content) -> None:
        with self._lock:
            known = self._kept.pop(key, None)
            self._kept[key] = content
            self._size += content.size - (known.size if known else 0)
            while self._size > self._limit and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= oldest.size


def to_content(value: object) -> Content:
    """Turn what a `display=` function returned into content.

    Raises
    ------
    TypeError, ValueError
        If it is nothing that can be shown; the message says what can.
    """
    if isinstance(value, Content):
        return value
    if isinstance(value, str):
        return of_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return _from_bytes(bytes(value))
    home = type(value).__module__.partition(".")[0]
    if home == "PIL":
        return _from_pil(value)
    if home == "matplotlib":
        return _from_figure(value)
    if hasattr(value, "__array__"):
        return _from_array(value)
    raise TypeError(
        f"display returned {type(value).__name__}; return an array, a PIL image, bytes, str or a matplotlib figure"
    )


def _from_bytes(data: bytes) -> Content:
    start = data[:256].lstrip()
    media_type = next((name for magic, name in _MAGIC if start.startswith(magic)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        media_type = "image/webp"
    elif data[4:12] in (b"ftypavif", b"ftypavis"):
        media_type = "image/avif"
    if media_type is None:
        raise ValueError(f"the bytes are no image file that a browser shows: they start with {data[:8]!r}")
    if len(data) > MAX_BUFFER:
        raise ValueError(f"an image of {len(data):,} bytes is too large; at most {MAX_BUFFER:,}")
    return of_image(data, media_type)


def as_png(value: Any) -> bytes | None:
    """Return all pixels of a picture in memory as a PNG file.

    Parameters
    ----------
    value : PIL image or array
        Of an array H x W or H x W x C; it is not changed.

    Returns
    -------
    bytes or None
        None where it is deeper, or has other channels, than a browser shows of a PNG.
    """
    from PIL import Image

    if not isinstance(value, Image.Image):
        colors = value.shape[2] if value.ndim == 3 else 1
        if value.dtype != "uint8" or colors not in (1, 3, 4):
            return None
        value = Image.fromarray(value[:, :, 0] if value.ndim == 3 and colors == 1 else value)
    image = _shallow(value)
    # Level 1 takes a fifth of the time and a tenth more room.
    return None if image is None else _saved(image, "PNG", compress_level=1)


def _shallow(value: Any) -> Any:
    if value.mode in ("I", "F", "I;16", "I;16B", "I;16L"):
        return None
    modes = {"1": "L", "P": "RGBA", "PA": "RGBA", "La": "LA", "RGBa": "RGBA"}
    return value if value.mode in ("L", "LA", "RGB", "RGBA") else value.convert(modes.get(value.mode, "RGB"))


def _from_pil(value: Any) -> Content:
    from PIL import ImageFile, ImageOps

    if isinstance(value, ImageFile.ImageFile):
        # As the file itself would be shown; what somebody has made of it they have turned as they want it.
        value = ImageOps.exif_transpose(value)
    image = _shallow(value)
    if image is None:
        return _from_array(value)
    data = _saved(image, "PNG")
    if len(data) <= MAX_BUFFER:
        return of_image(data, "image/png")
    image = image.convert("RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    return replace(of_image(_saved(image, "JPEG"), "image/jpeg"), original=value.size)


def _saved(image: Any, form: str, **more: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **more)
    return stream.getvalue()


def _from_figure(value: Any) -> Content:
    figure = value if hasattr(value, "savefig") else getattr(value, "figure", None)
    if figure is None:
        raise TypeError(f"display returned {type(value).__name__}; return its figure")
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        # pyplot keeps each figure that it made until it is told to let go.
        pyplot.close(figure)
    return _from_bytes(stream.getvalue())


def _from_array(value: Any) -> Content:
    import numpy as np

    array = np.asarray(value)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or 0 in array.shape or (array.ndim == 3 and array.shape[2] > MAX_CHANNELS):
        raise ValueError(f"an array is H x W or H x W x C with up to {MAX_CHANNELS} channels, not {array.shape}")
    height, width = array.shape[:2]
    array = _small(_plain(array))
    fields = {"dtype": array.dtype.name, "shape": list(array.shape)}
    if array.shape[:2] != (height, width):
        fields["of"] = [width, height]
    return Content({"array": fields}, np.ascontiguousarray(array).tobytes(), original=(width, height))


def _plain(array: np.ndarray) -> np.ndarray:
    """Return the array as uint8, uint16 or float32, little-endian, values as they are."""
    import numpy as np

    kind = array.dtype.kind
    if kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if kind == "f":
        return array.astype("<f4")
    if kind not in "iu":
        raise TypeError(f"an array of {array.dtype} can't be shown; use uint8, uint16 or float")
    if array.dtype.itemsize == 1 and kind == "u":
        return array
    least, most = int(array.min()), int(array.max())
    return array.astype("<u2") if least >= 0 and most < 2**16 else array.astype("<f4")


def _small(array: np.ndarray) -> np.ndarray:
    """Return every n-th row and column, with the least n that fits a message."""
    step = 1
    while array[::step, ::step].nbytes > MAX_BUFFER:
        step += 1
    return array[::step, ::step]
