"""Ids are forever: these values must never change."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtools.errors import SourceError
from nbtools.items.ids import canonical, item_id, keyed_row_id, row_id

ROW = {"text": "ok", "n": 3, "x": 1.5, "at": dt.datetime(2026, 11, 22, 10, 0, 0, 250000, tzinfo=dt.UTC), "none": None}


def test_a_file_is_named_by_its_bytes() -> None:
    assert item_id(b"hello") == "2cf24dba5fb0a30e26e83b2ac5b9e29e"
    assert item_id(io.BytesIO(b"hello")) == item_id(b"hello")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": "1", "a": "é"}, '{"a":"é","b":"1"}'),
        ({"a": "e\u0301"}, '{"a":"é"}'),
        ({"a": "007"}, '{"a":"007"}'),
        ({"a": 7}, '{"a":"7"}'),
        ({"a": 2**70}, '{"a":"1180591620717411303424"}'),
        ({"a": True, "b": None}, '{"a":true,"b":null}'),
        ({"a": 0.1, "b": 1e21, "c": 4.0}, '{"a":0.1,"b":1e+21,"c":4}'),
        ({"a": float("nan"), "b": float("inf"), "c": float("-inf")}, '{"a":"NaN","b":"Infinity","c":"-Infinity"}'),
        ({"a": b"\x00\xff"}, '{"a":"AP8="}'),
        ({"a": dt.datetime(2026, 1, 2, 3, 4, 5)}, '{"a":"2026-01-02T03:04:05Z"}'),  # noqa: DTZ001
        (
            {"a": dt.datetime(2026, 1, 2, 3, 4, 5, 120000, dt.timezone(dt.timedelta(hours=2)))},
            '{"a":"2026-01-02T01:04:05.12Z"}',
        ),
        ({"a": dt.date(2026, 1, 2)}, '{"a":"2026-01-02"}'),
        ({"a": Decimal("1.10")}, '{"a":"1.10"}'),
        ({"a": [1, {"b": "x"}]}, '{"a":["1",{"b":"x"}]}'),
        (["row", "raw/t.csv", "a/1"], '["row","raw/t.csv","a/1"]'),
    ],
)
def test_canonical_form(value: object, written: str) -> None:
    assert canonical(value).decode() == written


def test_golden_ids() -> None:
    # By hand: printf '{"site":"north","text":"ok"}' | sha256sum, and so on.
    assert row_id({"text": "ok", "site": "north"}) == "a191191ca544448a0fea78bb6f89ac7c"
    assert row_id(ROW) == "b3f6b71359c62c3139adc8be9b6b9460"
    assert keyed_row_id("patients.csv", "p-17") == "f9099d370d078417f862a29902ce6300"


def test_a_null_of_pandas_is_null() -> None:
    import pandas as pd

    assert canonical([pd.NaT, pd.NA]) == b"[null,null]"
    nanoseconds = pd.Timestamp("2026-01-02T03:04:05.123456789Z")
    assert canonical(nanoseconds) == b'"2026-01-02T03:04:05.123456789Z"'


def test_a_number_of_numpy_is_the_number() -> None:
    import numpy as np

    assert canonical({"a": np.int64(7), "b": np.float32(0.5)}) == canonical({"a": 7, "b": 0.5})


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=5))
def test_order_and_unicode_form_do_not_matter(row: dict[str, object]) -> None:
    decomposed = {
        unicodedata.normalize("NFD", name): unicodedata.normalize("NFD", value) if isinstance(value, str) else value
        for name, value in reversed(row.items())
    }
    if len({unicodedata.normalize("NFC", name) for name in row}) == len(row) == len(decomposed):
        assert row_id(row) == row_id(decomposed)


def test_a_key_separates_rows_that_are_alike_and_tables_that_share_keys() -> None:
    assert len({keyed_row_id("a.csv", "1"), keyed_row_id("a.csv", "2"), keyed_row_id("b.csv", "1")}) == 3


@pytest.mark.parametrize("value", [object(), {"a": {1, 2}}, {"a": "\ud800"}, {"é": 1, "e\u0301": 2}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(SourceError):
        canonical(value)
