"""Whether a picture is stored otherwise than it is to be seen, as that of a camera which was held sideways."""

from __future__ import annotations

import io
from typing import BinaryIO

from nbtools.media.jpeg import read_jpeg_header

_EDGE = 65_536
# What turns a picture in other formats; that it might is enough.
_MARKS = {
    "image/png": (b"eXIf",),
    "image/webp": (b"EXIF",),
    "image/avif": (b"irot", b"imir", b"Exif"),
}


def is_turned(media_type: str, file: BinaryIO) -> bool:
    """Tell whether a picture says of itself, or might say, that it is to be turned or mirrored.

    Parameters
    ----------
    media_type : str
        Of the picture.
    file : binary file
        At any position; it is left anywhere. Only its beginning and end are read.
    """
    if media_type == "image/jpeg":
        header = read_jpeg_header(file)
        return header is not None and header.orientation != 1
    marks = _MARKS.get(media_type)
    if marks is None:
        return False
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    edges = file.read(_EDGE)
    file.seek(max(0, size - _EDGE))
    edges += file.read(_EDGE)
    return any(mark in edges for mark in marks)
