"""Hashes of what is seen, by which equal items are found whatever their bytes.

They are not made at ingest, but for text: decoding an image costs fifty times as
much as hashing its file.
"""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from nbtools.errors import MediaError
from nbtools.media.sniff import decode_text

if TYPE_CHECKING:
    from PIL.Image import Image


def content_hash(path: Path, kind: str) -> str | None:
    """Return the hash of what a file shows, 64 hex digits.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        ``image`` or ``text``; nothing is known of what other kinds show.

    Raises
    ------
    MediaError
        If an image cannot be decoded.
    """
    if kind == "text":
        text = decode_text(path.read_bytes())
        return None if text is None else text_content(text)
    if kind != "image":
        return None
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            return image_content(ImageOps.exif_transpose(image))
    except Exception as error:  # a decoder may raise anything
        raise MediaError(f"{path.name} cannot be decoded: {error}") from error


def text_content(text: str) -> str:
    """Return the hash of a text, blind to case, compatibility forms and white space."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def image_content(image: Image) -> str:
    """Return the hash of an upright image's pixels, in RGB, RGBA if any is see-through, or as deep as they are."""
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        plain = image
    elif image.has_transparency_data:
        plain = image.convert("RGBA")
        if plain.getchannel("A").getextrema() == (255, 255):
            plain = plain.convert("RGB")
    else:
        plain = image.convert("RGB")
    head = f"{plain.mode} {plain.width}x{plain.height} ".encode("ascii")
    return hashlib.sha256(head + plain.tobytes()).hexdigest()
