"""What an example is known by."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.annotations.naming import caption, form, ids_by_content, ids_by_key
from nbtools.errors import SourceError

PLAIN: list[Any] = [
    "", "1", "a\nb", "\udcff.jpg", 1, 1.0, True, None, b"1", bytearray(b"1"), Path("1"), Decimal(1), float("nan"),
    [], (), {}, ["1"], ("1",), [1], {"1": 1}, {1: 1}, {"a": [b"x", {"b": Path("c")}]}, np.int64(1), np.float32(1),
    dt.date(2026, 11, 3), dt.datetime(2026, 11, 3, tzinfo=dt.UTC), dt.timedelta(seconds=1),
]  # fmt: skip
OTHERS = [object(), np.zeros(3), {1, 2}, [object()], {"a": object()}, lambda: 1]

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=6,
)


def test_whatever_is_not_the_same_has_another_id() -> None:
    ids = ids_by_content(PLAIN)
    assert ids is not None
    assert len(set(ids)) == len(PLAIN)
    assert all(len(one) == 32 for one in ids)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(plain, max_size=6))
def test_ids_are_of_the_content_and_not_of_the_place(examples: list[Any]) -> None:
    ids = ids_by_content(examples)
    assert ids is not None
    assert len(set(ids)) == len(examples)
    assert sorted(ids_by_content(examples[::-1]) or []) == sorted(ids)


def test_equal_examples_are_two() -> None:
    first, second, third = ids_by_content(["a", "b", "a"]) or []
    assert first != third
    assert ids_by_content(["b", "a"]) == [second, first]


@pytest.mark.parametrize(
    ("example", "content"),
    [
        ("é", '"é"'),
        (2, '{"int":"2"}'),
        ({"b": 1, "a": [b"x"]}, '{"mapping":[["a",{"list":[{"bytes":"eA=="}]}],["b",{"int":"1"}]]}'),
        (Path("north/jay.png"), '{"path":"north/jay.png"}'),
    ],
    ids=["text", "number", "mapping", "path"],
)
def test_an_id_is_the_hash_of_canonical_json(example: object, content: str) -> None:
    # Files hold these ids: they may never change.
    twice = ids_by_content([example, example])
    said = [f'["example"]\n{content}', f'["example","1"]\n{content}']
    assert twice == [hashlib.sha256(one.encode()).hexdigest()[:32] for one in said]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: type(other).__name__)
def test_other_objects_have_no_id(other: object) -> None:
    assert ids_by_content(["a", other]) is None
    with pytest.raises(SourceError, match="give key="):
        form(other)


def test_a_list_within_itself_has_no_id() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert ids_by_content([loop]) is None


def test_a_key_names_any_object() -> None:
    class Bird:
        def __init__(self, ring: object) -> None:
            self.ring = ring

    ids = ids_by_key([Bird(1), Bird(2), Bird("1")], lambda bird: bird.ring)
    assert len(set(ids)) == 3
    assert ids_by_key([Bird("1")], lambda bird: bird.ring) == ids[2:]
    with pytest.raises(SourceError, match=r"examples 0 and 2 have the same key, 7"):
        ids_by_key([Bird(7), Bird(8), Bird(7)], lambda bird: bird.ring)
    with pytest.raises(SourceError, match=r"key= of example 1: a Bird has no content"):
        ids_by_key([Bird(7), Bird(Bird(8))], lambda bird: bird.ring)


@pytest.mark.parametrize(
    ("example", "shown", "line"),
    [
        (Path("north/jay.png"), True, "jay.png"),
        ("north/jay.png", False, "jay.png"),
        ("north/", False, "north"),
        ("it was\ngreat and/or bad", False, "it was great and/or bad"),
        ("it was great", True, "example 8"),
        (3, False, "example 8"),
        ("x" * 200, False, "x" * 79 + "…"),
    ],
)
def test_the_line_below_an_example(example: object, shown: bool, line: str) -> None:
    assert caption(example, 7, shown=shown) == line
