import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.versions.columns import canonical_json, lists, spread, typed

NAMES = st.sampled_from(["raw/a.png", "raw/b/ü.png", 'raw/a"b.png', "raw/a\\b.png", "raw/\x1f\n.png", ""])


@given(st.lists(st.lists(NAMES, max_size=3)), st.booleans())
@settings(max_examples=50)
def test_lists_are_those_that_the_json_says(found: list[list[str]], ascii_only: bool) -> None:
    texts = pa.chunked_array([pa.array([json.dumps(one, ensure_ascii=ascii_only) for one in found], pa.string())])
    assert lists(texts).to_pylist() == found


@pytest.mark.parametrize(
    ("values", "kind", "kept"),
    [
        (["a", None], pa.string(), ["a", None]),
        ([True, None], pa.bool_(), [True, None]),
        ([1, 2], pa.int64(), [1, 2]),
        ([1, 2.5, None], pa.float64(), [1.0, 2.5, None]),
        ([["a", "b"], None], pa.list_(pa.string()), [["a", "b"], None]),
        ([None], pa.string(), [None]),
        (["a", ["a", "b"], 3], pa.string(), ["a", '["a","b"]', "3"]),
        ([True, 1], pa.string(), ["true", "1"]),
        ([2**70], pa.string(), [str(2**70)]),
        ([{"b": 1, "a": "ü"}], pa.string(), ['{"a":"ü","b":1}']),
        ([["a", 1]], pa.string(), ['["a",1]']),
        (["a", "\ud800"], pa.string(), ["a", '"\\ud800"']),
    ],
)
def test_a_column_has_the_narrowest_type_that_holds_all(values: list[Any], kind: pa.DataType, kept: list[Any]) -> None:
    made = typed(values)
    assert (made.type, made.to_pylist()) == (kind, kept)


def test_objects_are_spread_over_columns() -> None:
    rows = [{"site": "north", "n": 1}, {}, {"site": ["a", "b"]}, {"site": "north", "n": None}]
    found = spread(pa.chunked_array([[json.dumps(row) for row in rows]]))
    assert list(found) == ["n", "site"]
    assert [column.to_pylist() for column in found["n"]] == [["1", None, None, None], [1, None, None, None]]
    written, values = found["site"]
    assert written.to_pylist() == ['"north"', None, '["a","b"]', '"north"']
    assert values.to_pylist() == ["north", None, '["a","b"]', "north"]


def test_json_has_one_form() -> None:
    assert canonical_json({"b": [1, "ü"], "a": None}) == '{"a":null,"b":[1,"ü"]}'
    assert canonical_json("\ud800") == '"\\ud800"'
