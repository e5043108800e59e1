"""Where the sound of a WAV file lies, so that any part of it can be read and played on its own."""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

PCM, FLOAT = 1, 3
_EXTENSIBLE = 0xFFFE
_BITS = {PCM: (8, 16, 24, 32), FLOAT: (32,)}
_MOST_CHANNELS = 32
_MOST_CHUNKS = 200


class Wav(NamedTuple):
    """The sound in a WAV file.

    Attributes
    ----------
    encoding : int
        1 for whole numbers, 3 for floats.
    channels, rate, bits : int
        How many there are; frames in a second; bits of one number.
    start : int
        The byte at which the sound begins.
    frames : int
        How many there are, each with a number of every channel.
    """

    encoding: int
    channels: int
    rate: int
    bits: int
    start: int
    frames: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return self.channels * self.bits // 8


def read_wav(file: BinaryIO) -> Wav | None:
    """Return where the sound of a file lies; None if it is no WAV file, or one that cannot be cut anywhere.

    Parameters
    ----------
    file : binary file
        At any position; it is left anywhere. Only its headers are read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    form: tuple[int, int, int, int] | None = None
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        chunk = file.read(8)
        if len(chunk) < 8:
            return None
        name, length = chunk[:4], int.from_bytes(chunk[4:], "little")
        if name == b"fmt ":
            form = _form(file.read(min(length, 40)))
        if name == b"data":
            # A recorder that was cut off has left no length, or one beyond the end.
            return None if form is None else _sound(form, at + 8, min(length or size, size - at - 8))
        at += 8 + length + length % 2
    return None


def _form(data: bytes) -> tuple[int, int, int, int] | None:
    """Return encoding, channels, rate and bits of a ``fmt`` chunk, if each number fills its bytes."""
    if len(data) < 16:
        return None
    encoding, channels, rate, _, block, bits = struct.unpack("<HHIIHH", data[:16])
    if encoding == _EXTENSIBLE and len(data) >= 26:
        (encoding,) = struct.unpack("<H", data[24:26])
    plain = bits in _BITS.get(encoding, ()) and block == channels * bits // 8
    return (encoding, channels, rate, bits) if plain and 0 < channels <= _MOST_CHANNELS and rate > 0 else None


def _sound(form: tuple[int, int, int, int], start: int, length: int) -> Wav | None:
    encoding, channels, rate, bits = form
    found = Wav(encoding, channels, rate, bits, start, length // (channels * bits // 8))
    return found if found.frames > 0 else None
