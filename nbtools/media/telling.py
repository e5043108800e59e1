"""What an open file is, where its first bytes do not say it: text if all of it is, else what its name promises."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from nbtools.errors import MediaError
from nbtools.media.sniff import HEAD_BYTES, Media, other_media, promises_text, sniff, text_encoding, text_media

_PIECE = 1 << 20


class Decoding:
    """Whether bytes are text, told piece by piece.

    Parameters
    ----------
    head : bytes
        The first of them, which may say in which encoding they are.
    """

    def __init__(self, head: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder(text_encoding(head))()
        self.is_text = True

    def feed(self, piece: bytes, *, final: bool = False) -> bool:
        """Take the next piece; return whether all is text so far. What holds a NUL is none."""
        if self.is_text:
            try:
                self.is_text = "\0" not in self._decoder.decode(piece, final)
            except UnicodeDecodeError:
                self.is_text = False
        return self.is_text


def unsigned(name: str, *, is_text: bool) -> Media:
    """Return what bytes are that no signature announces.

    Parameters
    ----------
    name : str
        Of the file.
    is_text : bool
        Whether all of them are text.

    Raises
    ------
    MediaError
        If they are not, and the name says so.
    """
    if is_text:
        return text_media(name)
    if promises_text(name):
        raise MediaError("not UTF-8: save it as UTF-8 (iconv -t utf-8), or under a suffix that does not say text")
    return other_media(name)


def media_of(name: str, file: BinaryIO) -> Media:
    """Return what an open file is; only one without a signature is read beyond its first bytes.

    Parameters
    ----------
    name : str
        Of the file.
    file : binary file
        At any position; it is left anywhere.

    Raises
    ------
    MediaError
        If it is not the text that its name promises.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    media = sniff(head)
    if media is not None:
        return media
    decoding, piece = Decoding(head), head
    while piece and decoding.feed(piece):
        piece = file.read(_PIECE)
    return unsigned(name, is_text=decoding.feed(b"", final=True))
