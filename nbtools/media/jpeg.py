"""Sizes of JPEG files: Pillow takes eight times as long to open one, and most data sets are JPEG."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_SCAN = 0xDA
_END = 0xD9
_HEAD = 4096


class JpegHeader(NamedTuple):
    """What the segments before the pixels say.

    `scan` is where the pixels begin, in bytes; width and height are as stored, and
    `orientation` is 1 to 8 as in EXIF.
    """

    width: int
    height: int
    orientation: int
    scan: int


def read_jpeg_header(file: BinaryIO) -> JpegHeader | None:
    """Return the header of a JPEG, or None if it breaks off or makes no sense.

    Parameters
    ----------
    file : binary file
        At any position; it is left anywhere.
    """
    at, orientation = 2, 1
    size: tuple[int, int] | None = None
    file.seek(0)
    begin = file.read(_HEAD)
    while True:
        head = begin[at : at + 9]
        if len(head) < 9:
            file.seek(at)
            head = file.read(9)
        if len(head) < 4 or head[0] != 0xFF or head[1] == _END:
            return None
        marker, length = head[1], head[2] << 8 | head[3]
        if marker == _SCAN:
            return JpegHeader(*size, orientation, at) if size is not None and all(size) else None
        if marker in _FRAMES:
            size = int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big")
        elif marker == 0xE1 and orientation == 1:
            file.seek(at + 4)
            orientation = _orientation(file.read(length - 2 if length > 2 else 0))
        # Any number of FF may stand before a marker, and some markers have no length.
        at += 1 if marker == 0xFF else 2 if marker in _ALONE else 2 + length


def _orientation(segment: bytes) -> int:
    """Return what an EXIF segment says of which way is up; 1 where it says nothing that can be read."""
    if not segment.startswith(_EXIF):
        return 1
    tiff = segment[len(_EXIF) :]
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return 1

    def number(start: int, size: int) -> int:
        return int.from_bytes(tiff[start : start + size], order)  # type: ignore[arg-type]

    table = number(4, 4)
    for entry in range(table + 2, min(table + 2 + 12 * number(table, 2), len(tiff)), 12):
        if number(entry, 2) == _ORIENTATION:
            return found if 1 <= (found := number(entry + 8, 2)) <= 8 else 1
    return 1
