"""Near-duplicate images, by the Hamming distance of their difference hashes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.links import Array, Links, make_links
from nbtools.splits.links.join import first_and_others, pairs_within

FARTHEST = 3
# Where up to three bits differ, two of these five bands have none of them.
_BANDS = ((0, 13), (13, 13), (26, 13), (39, 13), (52, 12))


def near_hashes(hashes: Any, *, distance: int = FARTHEST, kind: str = "near image") -> Links:
    """Link items whose 64-bit hashes differ in few bits: all such pairs, and none missed.

    Equal hashes are collapsed first and linked to the first of them, so that a thousand
    blank pages make a thousand pairs and not half a million. Of the others two are
    compared only where two of five bands of bits are equal, which holds of every pair
    within the distance (the pigeonhole join of Manku, Jain and Das Sarma, 2007).

    Parameters
    ----------
    hashes : array-like
        Whole numbers of 64 bits, shape (n,), such as `nbtools.media.difference_hash` makes; None
        where there is none.
    distance : int
        Bits that may differ, 0 to 3.
    kind : str
        What it makes of two items, for reasons and reports.

    Raises
    ------
    SplitError
        If the distance is another, or a hash is no such number.
    """
    if type(distance) is not int or not 0 <= distance <= FARTHEST:
        raise SplitError(f"distance={distance!r}: 0 to {FARTHEST} bits; farther ones are mostly chance")
    rows, numbers = _numbers(hashes)
    _, first, codes = np.unique(numbers, return_index=True, return_inverse=True)
    leaders, others = first_and_others(codes)
    near = list(_near(numbers[first], distance)) if distance else []
    left = np.concatenate([leaders, *(first[pair[0]] for pair in near)])
    right = np.concatenate([others, *(first[pair[1]] for pair in near)])
    measure = np.bitwise_count(numbers[left] ^ numbers[right])
    return make_links(kind, rows[left], rows[right], measure.astype(np.float64), "bits differ")


def _numbers(hashes: Any) -> tuple[Array, Array]:
    given = hashes if isinstance(hashes, np.ndarray) else np.asarray(hashes)
    if given.dtype.kind in "iu":
        return np.arange(len(given)), given.astype(np.uint64)
    listed = [(row, number) for row, number in enumerate(np.asarray(hashes, object)) if not _missing(number)]
    odd = next((number for _, number in listed if not isinstance(number, (int, np.integer))), None)
    odd = next((number for _, number in listed if odd is None and not -(2**63) <= number < 2**64), odd)
    if odd is not None:
        raise SplitError(
            f"{odd!r} is no hash of 64 bits: whole numbers are, as nbtools.media.difference_hash makes them"
        )
    numbers = np.array([int(number) & (2**64 - 1) for _, number in listed], np.uint64)
    return np.array([row for row, _ in listed], np.int64), numbers


def _missing(number: Any) -> bool:
    return number is None or (isinstance(number, float) and math.isnan(number))


def _near(numbers: Array, distance: int) -> Iterator[tuple[Array, Array]]:
    masks = [np.uint64(((1 << width) - 1) << start) for start, width in _BANDS]
    pairs = list(combinations(masks, 2))
    for table, (one, other) in enumerate(pairs):
        keys = numbers & (one | other)
        order = np.argsort(keys)
        ordered = numbers[order]
        for left, right in pairs_within(keys[order]):
            differ = ordered[left] ^ ordered[right]
            close = np.bitwise_count(differ) <= distance
            # A pair is found once: where an earlier table has it, it is not told again.
            for first, second in pairs[:table]:
                close &= (differ & (first | second)) != 0
            if close.any():
                yield order[left[close]], order[right[close]]
