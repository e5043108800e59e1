"""Hashes that are the same on every machine, every day and under every PYTHONHASHSEED."""

from __future__ import annotations

import hashlib

import numpy as np

from nbtools.splits.ids import Ids

Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]
_ROWS = 65_536


def mix(values: Hashes) -> Hashes:
    """Return 64 bits each in which every bit depends on all of the input's.

    The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    """
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def keyed(seed: object, part: int) -> int:
    """Return 64 bits drawn from a seed for one part of a text, by BLAKE2b."""
    return int.from_bytes(
        hashlib.blake2b(f"nbtools.splits/1 {seed!r} {part}".encode(), digest_size=8).digest(), "little"
    )


def hash_ids(ids: Ids, seed: object) -> Hashes:
    """Return 64 bits for each id, for an order that only looks random.

    Eight bytes of an id at a time are mixed with a key of their place, and added up:
    a million ids take 0.2 s, and BLAKE2b of each would take longer than all else
    that a split does.

    Parameters
    ----------
    ids : Ids
        Shape (n,).
    seed : object
        Another seed gives another order.
    """
    if ids.kind == "integer":
        return mix(ids.array.astype(np.int64).view(np.uint64) ^ np.uint64(keyed(seed, -1)))
    total = np.zeros(len(ids), np.uint64)
    for start in range(0, len(ids), _ROWS):
        words = _words(ids.array[start : start + _ROWS])
        part = total[start : start + _ROWS]
        for place, column in enumerate(words.T):
            # A word of zeros is the padding behind a shorter id.
            part += np.where(column == 0, np.uint64(0), mix(column ^ np.uint64(keyed(seed, place))))
    return mix(total)


def _words(texts: np.ndarray) -> np.ndarray:
    try:
        plain = texts.astype("S")
    except UnicodeEncodeError:
        plain = np.array([text.encode("utf-8", "surrogatepass") for text in texts])
    wide = plain.astype(f"S{-(-max(plain.dtype.itemsize, 1) // 8) * 8}")
    return wide.view("<u8").reshape(len(texts), -1)


def shares(values: list[str], seed: object) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a number in [0, 1) for each text: BLAKE2b of the seed and the text, over 2^64.

    Parameters
    ----------
    values : list of str
        Ids or names of groups; (n,).
    seed : object
        Another seed gives other numbers.
    """
    start = hashlib.blake2b(f"nbtools.splits/1 {seed!r} ".encode(), digest_size=8)
    found = bytearray()
    for value in values:
        state = start.copy()
        state.update(value.encode("utf-8", "surrogatepass"))
        found += state.digest()
    # Rounded down to the 53 bits of a double: 1.0 would be in no split.
    return (np.frombuffer(bytes(found), "<u8") >> np.uint64(11)).astype(np.float64) / 2.0**53
