"""Names that sort by the time they were made: ULIDs.

Ten lines of our own, held against the python-ulid package in the tests: importing
that takes every process .05 s, for the half of it that is not needed.
"""

from __future__ import annotations

import os
import time

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHANCE_BITS = 80


def new_ulid(after: str = "") -> str:
    """Return a new ULID: 26 characters that sort by the time they were made.

    Parameters
    ----------
    after : str
        A ULID that the new one has to sort behind, whatever the clock says.

    Notes
    -----
    48 bits of milliseconds since 1970 and 80 bits of chance, in Crockford's base 32
    (https://github.com/ulid/spec).
    """
    made = _ulid(time.time_ns() // 1_000_000)
    return made if made > after else _ulid(_milliseconds(after) + 1)


def spelled(number: int) -> str:
    """Return a number of 128 bits as a ULID is spelled: 26 digits of Crockford's base 32."""
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def _ulid(milliseconds: int) -> str:
    return spelled(milliseconds << _CHANCE_BITS | int.from_bytes(os.urandom(_CHANCE_BITS // 8)))


def _milliseconds(ulid: str) -> int:
    number = 0
    for digit in ulid:
        number = number << 5 | _DIGITS.index(digit)
    return number >> _CHANCE_BITS
