"""What one raw file holds: read once, told by its bytes, measured and hashed."""

from __future__ import annotations

import hashlib
import io
import os
from typing import NamedTuple

from nbtools.errors import MediaError
from nbtools.media import (
    HEAD_BYTES,
    HEIC,
    Decoding,
    Measures,
    Media,
    decode_text,
    measure,
    sniff,
    text_content,
    unsigned,
)

# Larger files are read in pieces, and copied by the kernel.
_IN_MEMORY = 8 << 20
_PIECE = 1 << 20
_TEXT_HASHED = 1 << 20
NEEDS_HEIC = "HEIC"
_UNMEASURED = ("text", "other")


class Contents(NamedTuple):
    """What a file holds; `data` is all of it unless it is too large to be held in memory."""

    sha256: str
    media: Media
    measures: Measures
    data: bytes | None
    content: str | None


class ChangedError(Exception):
    """The file was written to while it was read."""


def read_contents(path: str, handle: int, size: int, *, heic: bool) -> Contents:
    """Return what an open file holds.

    Parameters
    ----------
    path : str
        Its path, whose suffix says what its bytes may not.
    handle : int
        The file, open for reading.
    size : int
        How many bytes it has.
    heic : bool
        Whether HEIC images can be read.

    Raises
    ------
    MediaError
        If it is broken, or is not what its suffix promises.
    ChangedError
        If it has fewer bytes by now, or more.
    OSError
        If the disk refuses.
    """
    if size > _IN_MEMORY:
        return _read_large(path, handle, size, heic=heic)
    return read_bytes(path, read_whole(handle, size), heic=heic)


def read_bytes(path: str, data: bytes, *, heic: bool) -> Contents:
    """Return what the bytes of a file say; see `read_contents`.

    Raises
    ------
    MediaError
        If they are broken, or not what the suffix promises.
    """
    size = len(data)
    media = sniff(data[:HEAD_BYTES])
    content = None
    if media is None:
        text = decode_text(data)
        media = unsigned(path, is_text=text is not None)
        content = text_content(text) if text is not None and size <= _TEXT_HASHED else None
    _check_heic(media, heic=heic)
    measures = Measures() if media.kind in _UNMEASURED else measure(media, io.BytesIO(data), size)
    return Contents(hashlib.sha256(data).hexdigest(), media, measures, data, content)


def _read_large(path: str, handle: int, size: int, *, heic: bool) -> Contents:
    with os.fdopen(handle, "rb", closefd=False) as opened:
        head = opened.read(HEAD_BYTES)
        media = sniff(head)
        opened.seek(0)
        digest = hashlib.sha256()
        decoding = Decoding(head) if media is None else None
        while piece := opened.read(_PIECE):
            digest.update(piece)
            if decoding is not None:
                decoding.feed(piece)
        if media is None:
            media = unsigned(path, is_text=decoding is not None and decoding.feed(b"", final=True))
        _check_heic(media, heic=heic)
        return Contents(digest.hexdigest(), media, measure(media, opened, size), None, None)


def _check_heic(media: Media, *, heic: bool) -> None:
    if media == HEIC and not heic:
        raise MediaError(NEEDS_HEIC)


def read_whole(handle: int, size: int) -> bytes:
    """Return all bytes of an open file, which has to have as many as it said.

    Raises
    ------
    ChangedError
        If it has not.
    OSError
        If the disk refuses.
    """
    data = os.pread(handle, size + 1, 0)
    while 0 < len(data) < size and (more := os.pread(handle, size - len(data), len(data))):
        data += more
    if len(data) != size:
        raise ChangedError
    return data
