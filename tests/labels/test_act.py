import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtools.errors import LabelError
from nbtools.labels.act import IDENTITIES, ORIGINS, STATUSES, Act, parse_line

TEXT = st.text(min_size=1, max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ACTS = st.builds(
    Act,
    act=TEXT,
    task=TEXT,
    schema=st.integers(1, 2**31 - 1),
    item=TEXT,
    annotator=TEXT,
    identity=st.sampled_from(IDENTITIES),
    value=JSON,
    status=st.sampled_from(STATUSES),
    flagged=st.booleans(),
    unsure=st.booleans(),
    comment=st.none() | st.text(max_size=20),
    origin=st.sampled_from(ORIGINS),
    supersedes=st.none() | TEXT,
    undoes=st.none() | TEXT,
    visible_ms=st.none() | st.integers(0, 2**40),
    extra=st.dictionaries(TEXT.map("x_{}".format), JSON.filter(lambda value: value is not None), max_size=2),
)
PLAIN: dict[str, Any] = {
    "format": 1,
    "act": "01A",
    "task": "species",
    "item": "ab",
    "annotator": "anna",
    "value": "jay",
    "status": "labeled",
}


@given(ACTS)
def test_an_act_survives_its_line_with_keys_of_a_later_nbtools(act: Act) -> None:
    line = act.to_line()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert parse_line(line) == act


def test_a_lone_surrogate_survives() -> None:
    act = Act("01A", task="t", item="i", annotator="a", status="skipped", comment="\ud83d half")
    assert parse_line(act.to_line()) == act


def test_what_is_null_or_false_is_left_out() -> None:
    act = Act("01A", task="t", item="i", annotator="a", status="skipped")
    expected = {"format": 1, "act": "01A", "type": "label", "task": "t", "item": "i", "annotator": "a"}
    assert json.loads(act.to_line()) == expected | {"status": "skipped"}


def test_text_is_readable_on_disk() -> None:
    act = Act("01A", task="t", item="i", annotator="Zoë", status="skipped", comment="大きい")
    assert "Zoë" in act.to_line().decode()
    assert "大きい" in act.to_line().decode()


def test_a_line_knows_its_place() -> None:
    act = parse_line(json.dumps(PLAIN).encode(), "w", 7)
    assert act is not None
    assert (act.writer, act.line) == ("w", 7)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": None},
        {"act": None},
        {"act": ""},
        {"act": 3},
        {"type": "delete"},
        {"type": []},
        {"status": "done"},
        {"status": None},
        {"task": None},
        {"item": None},
        {"annotator": None},
        {"annotator": {"name": "x"}},
        {"schema": 0},
        {"schema": True},
        {"schema": "1"},
        {"flagged": 1},
        {"comment": 4},
        {"visible_ms": -1},
        {"visible_ms": 1.5},
        {"identity": "me"},
        {"origin": "x"},
        {"value": float("nan")},
        {"why": [float("inf")]},
        {"type": "schema", "value": None},
        {"type": "exclude", "item": None},
    ],
)
def test_what_is_not_of_the_kind_it_has_to_be_is_no_act(change: dict[str, Any]) -> None:
    assert parse_line(json.dumps(PLAIN).encode()) is not None
    assert parse_line(json.dumps(PLAIN | change).encode()) is None


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b"[" * 100_000, b"1" * 5000])
def test_garbage_is_no_act(line: bytes) -> None:
    assert parse_line(line) is None


@given(st.binary(max_size=60))
def test_no_bytes_can_break_the_parser(line: bytes) -> None:
    assert parse_line(line) is None


def test_the_error_names_the_value() -> None:
    with pytest.raises(LabelError, match="'status' of an act cannot be 'done'"):
        Act.from_json(PLAIN | {"status": "done"})
