"""Names that sort by time, held against the package that everybody uses."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from nbtools.ulids import new_ulid, spelled


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_ulid_is_what_the_package_makes_of_the_same_time_and_chance(milliseconds: int, chance: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: milliseconds * 1_000_000 + 999_999)
        patch.setattr(os, "urandom", lambda count: chance[:count])
        made = new_ulid()
    assert made == str(ULID(milliseconds.to_bytes(6) + chance))


def test_no_two_are_alike_and_they_bear_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = [ULID.from_str(new_ulid()) for _ in range(1000)]
    assert len(set(made)) == 1000
    assert before <= made[0].milliseconds <= made[-1].milliseconds <= time.time_ns() // 1_000_000


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10))
def test_one_sorts_behind_another_whatever_the_clock_says(milliseconds: int, chance: bytes) -> None:
    earlier = str(ULID(milliseconds.to_bytes(6) + chance))
    later = new_ulid(after=earlier)
    assert later > earlier
    assert ULID.from_str(later).milliseconds >= milliseconds


@given(st.binary(min_size=16, max_size=16))
def test_any_16_bytes_are_spelled_as_the_package_spells_them(data: bytes) -> None:
    assert spelled(int.from_bytes(data)) == str(ULID(data))
