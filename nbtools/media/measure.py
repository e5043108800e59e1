"""How large an image is as a person sees it, how long a recording lasts, and whether a file is whole.

Only headers are read: decoding every image would make an ingest ten times slower.
"""

from __future__ import annotations

import re
import struct
from typing import BinaryIO, NamedTuple

from nbtools.errors import MediaError
from nbtools.media.heic import read_heic
from nbtools.media.jpeg import read_jpeg_header
from nbtools.media.sniff import Media

# Pillow's own limit for a decompression bomb: 179 megapixels, half a gigabyte decoded.
MAX_PIXELS = 178_956_970
_TAIL = 65_536
_JPEG_END = b"\xff\xd9"
_TRUNCATED = "truncated: the {} ends before it is complete"
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)
_PILLOW_FORMATS = {
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
    "image/jp2": "JPEG2000",
    "image/vnd.adobe.photoshop": "PSD",
    "image/heic": "HEIF",
}
_SVG_TAG = re.compile(rb"<svg[^>]*")
_SVG_LENGTH = re.compile(rb"\s(width|height)\s*=\s*[\"']\s*([0-9]+(?:\.[0-9]+)?)(?:px)?\s*[\"']")
_SVG_BOX = re.compile(
    rb"\sviewBox\s*=\s*[\"']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9]+(?:\.[0-9]+)?)[\s,]+([0-9]+(?:\.[0-9]+)?)"
)


class Measures(NamedTuple):
    """Width and height in pixels of the upright image, duration in seconds; None where unknown."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None


def measure(media: Media, file: BinaryIO, size: int) -> Measures:
    """Return how large or long a file is, from its headers.

    Parameters
    ----------
    media : Media
        What `sniff` found.
    file : binary file
        At any position; it is left anywhere.
    size : int
        Bytes in the file.

    Raises
    ------
    MediaError
        If the file is truncated, broken, or would decode to more than `MAX_PIXELS`.
    """
    if media.suffix == "jpg":
        return _jpeg_size(file, size)
    if not _whole(media, file, size):
        raise MediaError(_TRUNCATED.format(media.suffix.upper()))
    file.seek(0)
    if media.kind == "image":
        return _svg_size(file) if media.suffix == "svg" else _image_size(media, file, size)
    if media.kind in ("audio", "video"):
        return Measures(duration=_duration(media, file))
    return Measures()


def _jpeg_size(file: BinaryIO, size: int) -> Measures:
    header = read_jpeg_header(file)
    if header is None or not _jpeg_ends(file, size, header.scan):
        raise MediaError(_TRUNCATED.format("JPG"))
    return _upright(header.width, header.height, turned=header.orientation in _TURNED)


def _jpeg_ends(file: BinaryIO, size: int, scan: int) -> bool:
    file.seek(size - 2)
    # Some cameras write on behind the end; the end of an embedded preview lies before the pixels.
    return file.read(2) == _JPEG_END or _JPEG_END in _tail(file, size, scan)


def _upright(width: int, height: int, *, turned: bool) -> Measures:
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"a decompression bomb: {width} x {height} pixels, where at most {MAX_PIXELS:,} are decoded. "
            "Cut it into tiles first"
        )
    return Measures(height, width) if turned else Measures(width, height)


def _image_size(media: Media, file: BinaryIO, size: int) -> Measures:
    from PIL import Image

    Image.preinit()
    name = _PILLOW_FORMATS[media.media_type]
    if name not in Image.OPEN:
        Image.init()
        read_heic()
    if name not in Image.OPEN:
        raise MediaError(f"{media.suffix.upper()} images cannot be read without an extra package")
    try:
        # The plugin itself: Image.open would try each of thirty, and warn on the way.
        image = Image.OPEN[name][0](file, "")
        width, height = image.size
        # Pillow turns a TIFF itself.
        turned = name != "TIFF" and _orientation(image) in _TURNED
        if name == "TIFF":
            _check_strips(image, size)
    except Exception as error:  # a decoder may raise anything, and the other files go on
        raise MediaError(f"not a readable {media.suffix.upper()}: {str(error) or type(error).__name__}") from error
    return _upright(width, height, turned=turned)


def _orientation(image: object) -> int:
    # A PNG may keep its EXIF behind the pixels, and Pillow would decode them to get there.
    info = getattr(image, "info", {})
    if getattr(image, "format", "") == "PNG" and "exif" not in info:
        return 1
    found = image.getexif().get(_ORIENTATION, 1)  # type: ignore[attr-defined]
    return int(found) if isinstance(found, int) else 1


def _check_strips(image: object, size: int) -> None:
    tags = image.tag_v2  # type: ignore[attr-defined]
    for offsets, counts in ((273, 279), (324, 325)):
        pairs = zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False)
        if any(offset + count > size for offset, count in pairs):
            raise ValueError("truncated: its pixels lie beyond its end")


def _svg_size(file: BinaryIO) -> Measures:
    found = _SVG_TAG.search(file.read(_TAIL))
    tag = found[0] if found else b""
    given = {name: float(value) for name, value in _SVG_LENGTH.findall(tag)}
    if len(given) == 2:
        return Measures(round(given[b"width"]), round(given[b"height"]))
    box = _SVG_BOX.search(tag)
    return Measures(round(float(box[1])), round(float(box[2]))) if box else Measures()


def _duration(media: Media, file: BinaryIO) -> float | None:
    import mutagen

    if media.suffix in ("mkv", "webm", "avi", "flv", "mpg", "ogv", "amr", "au"):
        return None  # mutagen does not read these
    try:
        found = mutagen.File(file)
    except Exception as error:
        raise MediaError(f"not a readable {media.suffix.upper()}: {str(error) or type(error).__name__}") from error
    if found is None or found.info is None:
        raise MediaError(f"not a readable {media.suffix.upper()}: it holds no sound or picture")
    return round(float(found.info.length), 6)


def _whole(media: Media, file: BinaryIO, size: int) -> bool:
    """Tell whether the end of the file is where its format says it is."""
    if media.suffix in ("webp", "wav", "avi"):
        file.seek(4)
        (stated,) = struct.unpack("<I", file.read(4).ljust(4, b"\0"))
        return stated in (0, 0xFFFFFFFF) or stated + 8 <= size + 1
    if media.suffix in ("mp4", "mov", "m4a", "avif", "heic"):
        return _whole_boxes(file, size)
    if media.suffix == "png":
        return b"IEND\xaeB`\x82" in _tail(file, size)
    return media.suffix != "gif" or _tail(file, size).rstrip(b"\0\r\n ").endswith(b";")


def _tail(file: BinaryIO, size: int, start: int = 0) -> bytes:
    file.seek(max(start, size - _TAIL))
    return file.read(_TAIL)


def _whole_boxes(file: BinaryIO, size: int) -> bool:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:
            return True
        if length < 8:
            return False
        at += length
    return at <= size
