"""What an example is, as an item of a dataset would be: told by its type and, of a file, by its bytes."""

from __future__ import annotations

import io
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from nbtools.annotations.plain import columns_of
from nbtools.dataset.facts import shown_text, whole_text
from nbtools.errors import MediaError
from nbtools.labels.kinds.base import ItemFacts
from nbtools.media import Measures, Media, measure, media_of

OF_FILES = ("picture", "recording")
_MEASURED = ("image", "audio", "video")
_MOST_CHANNELS = 64
# Of arrays that are shown: truth values, integers, floats.
_NUMBERS = "biuf"
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)
_UNMEASURED = Measures()


@dataclass(frozen=True, slots=True)
class Thing:
    """What an example is.

    Attributes
    ----------
    kind : str
        image, text, audio, video, record or other.
    media : Media or None
        What its bytes are, where it has some.
    path : Path or None
        Its file.
    data : bytes or None
        Its bytes, where they are in no file.
    size : int or None
        How many there are.
    text : str or None
        The text that it is.
    columns : mapping
        What it has by name, as JSON can hold it.
    measures : Measures
        Width and height in pixels of the upright original, duration in seconds; where
        they are known.
    why : str or None
        Why it cannot be read.
    """

    kind: str
    media: Media | None = None
    path: Path | None = None
    data: bytes | None = None
    size: int | None = None
    text: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    measures: Measures = _UNMEASURED
    why: str | None = None

    @property
    def facts(self) -> ItemFacts:
        """What a value about it can be checked against."""
        return ItemFacts(self.kind, *self.measures, self.read_text, lambda: self.columns)

    @property
    def shown(self) -> dict[str, Any]:
        """What a page is told of it."""
        width, height, duration = self.measures
        media_type = None if self.media is None else self.media.media_type
        plain = {"kind": self.kind, "media_type": media_type, "bytes": self.size}
        return {**plain, "width": width, "height": height, "duration": duration}

    def read_text(self) -> str | None:
        """Return its text, as a page shows it."""
        if self.text is not None:
            return whole_text(self.text)
        if self.kind != "text":
            return None
        return shown_text(self.data if self.data is not None else self.path.read_bytes() if self.path else b"")

    def open(self) -> BinaryIO | None:
        """Return its bytes as a file; None where it has none.

        Raises
        ------
        OSError
            If its file cannot be read.
        """
        if self.data is not None:
            return io.BytesIO(self.data)
        return None if self.path is None else self.path.open("rb")


def names_file(value: object, drawn_on: str | None) -> bool:
    """Tell whether an example is a file by its path, see `thing_of`."""
    return isinstance(value, PurePath) or (isinstance(value, str) and drawn_on in OF_FILES)


def thing_of(value: Any, drawn_on: str | None = None) -> Thing:
    """Return what an example is; of a file only its first bytes are read, unless it is text.

    Parameters
    ----------
    value : object
        The example. It is not changed.
    drawn_on : str, optional
        What the editor draws on: on a "picture" or "recording" a text is the path of a
        file, and an array of any numbers a picture; else a text is a text.
    """
    if names_file(value, drawn_on):
        return _of_file(value)
    if isinstance(value, str):
        return Thing("text", text=value)
    if isinstance(value, bytes | bytearray | memoryview):
        return _of_bytes(bytes(value))
    if isinstance(value, Mapping):
        # Columns are told by name.
        named = bool(value) and all(isinstance(name, str) for name in value)
        return Thing("record", columns=columns_of(value)) if named else Thing("other")
    return _of_object(value, any_numbers=drawn_on == "picture")


def measured(thing: Thing) -> Thing:
    """Return what `thing_of` gave with its size or duration, which the headers of its file say.

    What cannot be read is given back with why.
    """
    if thing.media is None or thing.kind not in _MEASURED:
        return thing
    try:
        with thing.open() or io.BytesIO() as file:
            return replace(thing, measures=measure(thing.media, file, file.seek(0, io.SEEK_END)))
    except OSError as error:
        return replace(thing, why=_unread(error))
    except MediaError as error:
        return replace(thing, why=str(error))


def is_pillow(value: object) -> bool:
    """Tell whether something is an image of Pillow, which is not imported for it."""
    return any(base.__module__ == "PIL.Image" and base.__name__ == "Image" for base in type(value).__mro__)


def is_array(value: object) -> bool:
    """Tell whether something is an array of NumPy, which is not imported for it."""
    return any(base.__module__ == "numpy" and base.__name__ == "ndarray" for base in type(value).__mro__)


def _of_file(value: str | PurePath) -> Thing:
    try:
        path = Path(value).expanduser()
        if stat.S_ISFIFO(path.stat().st_mode):
            # To open it would wait for whoever writes into it.
            return Thing("other", why="it cannot be read: it is a pipe")
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            media = media_of(path.name, file)
    except OSError as error:
        return Thing("other", why=_unread(error))
    except (ValueError, RuntimeError) as error:
        # A path with a NUL, a home that is nobody's; and MediaError, of what is no text.
        return Thing("other", why=str(error))
    return Thing(media.kind, media, path=path, size=size)


def _of_bytes(data: bytes) -> Thing:
    media = media_of("", io.BytesIO(data))
    return Thing(media.kind, media, data=data, size=len(data))


def _of_object(value: Any, *, any_numbers: bool) -> Thing:
    if is_pillow(value):
        width, height = value.size
        return Thing("image", measures=Measures(height, width) if _lies(value) else Measures(width, height))
    numbers = is_array(value) and (value.dtype.kind in _NUMBERS if any_numbers else value.dtype == "uint8")
    if numbers and _is_picture(value.shape):
        height, width, *_ = value.shape
        return Thing("image", measures=Measures(width, height))
    return Thing("other")


def _lies(image: Any) -> bool:
    try:
        return image.getexif().get(_ORIENTATION) in _TURNED
    except Exception:  # noqa: BLE001 -- a decoder may raise anything
        return False


def _is_picture(shape: Sequence[int]) -> bool:
    return len(shape) in (2, 3) and 0 not in shape and (len(shape) == 2 or shape[2] <= _MOST_CHANNELS)


def _unread(error: OSError) -> str:
    return f"it cannot be read: {error.strerror or type(error).__name__}"
