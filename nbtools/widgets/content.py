"""What of an item travels to the page: one thing to show, and perhaps one buffer."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nbtools.media import is_turned
from nbtools.widgets.checks import whole

MAX_BUFFER = 3_500_000
MAX_STREAM = 64_000_000
MAX_TEXT = 256_000
SHORT_TEXT = 64_000

Fields: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Content:
    """One thing to show.

    Parameters
    ----------
    fields : dict
        The content as the page gets it, but for the number of its buffer.
    buffer : bytes or None
        What goes beside it in binary.
    parts : tuple of Content
        What stands one below the other, where there is more than one thing.
    original : tuple of int or None
        Width and height of the picture that this is a smaller copy of.
    """

    fields: Fields
    buffer: bytes | None = None
    parts: tuple[Content, ...] = ()
    original: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        """Bytes that this takes in a message, near enough to cut a page by."""
        texts = (self.fields.get(name) for name in ("text", "html"))
        said = sum(len(text.encode("utf-8", "replace")) for text in texts if isinstance(text, str))
        # As JSON writes it, each letter beyond ASCII as six.
        said += len(json.dumps(self.fields["record"])) if "record" in self.fields else 0
        return len(self.buffer or b"") + said + sum(part.size for part in self.parts) + 500

    def numbered(self, buffers: list[bytes]) -> Fields:
        """Return the fields for a message, with the buffer put at the end of `buffers`."""
        if self.parts:
            return {**self.fields, "parts": [part.numbered(buffers) for part in self.parts]}
        if self.buffer is None:
            return self.fields
        index = len(buffers)
        buffers.append(self.buffer)
        array = self.fields.get("array")
        if isinstance(array, dict):
            return {**self.fields, "array": {**array, "buffer": index}}
        return {**self.fields, "buffer": index}


def failed(why: str) -> Content:
    """Return what is shown in the place of an item that can't be; labeling it is blocked."""
    return Content({"error": why})


def of_image(data: bytes, media_type: str, *, full: bool = False, turned: bool = False) -> Content:
    """Return an image file as content.

    Parameters
    ----------
    data : bytes
        The file.
    media_type : str
        What it is.
    full : bool
        Whether a larger original can be asked for.
    turned : bool
        Whether that is stored otherwise than it is to be seen; of the file itself it is looked up.
    """
    fields: Fields = {"media_type": media_type}
    if full:
        fields["full"] = True
    if turned or is_turned(media_type, io.BytesIO(data)):
        fields["turned"] = True
    return Content(fields, data)


def of_html(html: str) -> Content:
    """Return HTML as content; the page sanitizes it, so that nothing in it runs or is fetched."""
    return Content({"html": whole(html)})


def stacked(parts: Sequence[Content]) -> Content:
    """Return several things as one content, each below the one before."""
    return parts[0] if len(parts) == 1 else Content({}, parts=tuple(parts))


def of_text(text: str, *, full: bool = False) -> Content:
    """Return text as content: whole up to 256 KB, else its first 64 KB.

    Parameters
    ----------
    text : str
        The text, or the beginning of a long one.
    full : bool
        Whether the whole can be asked for as a file, when only its beginning is sent.
    """
    data = text.encode("utf-8", "replace")
    if len(data) <= MAX_TEXT:
        return Content({"text": data.decode("utf-8")})
    fields: Fields = {"text": data[:SHORT_TEXT].decode("utf-8", "ignore")}
    return Content({**fields, "full": True} if full else fields)
