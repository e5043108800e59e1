from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import VersionError
from nbtools.versions.browse.select import Filter, Selection, facets, select, total_bytes

SITES = ["north", "south", None]


class Table:
    """Columns in memory, in several chunks."""

    def __init__(self, **columns: list[Any]) -> None:
        table = pa.table(columns)
        self.count = table.num_rows
        half = table.num_rows // 2
        self._table = pa.concat_tables([table.slice(0, half), table.slice(half)])
        self.columns = table.column_names

    def column(self, name: str) -> pa.ChunkedArray:
        return self._table[name]


def birds() -> Table:
    return Table(
        id=["0a0b0001", "0a0b0002", "11110003", "11110004"],
        source=["raw/Jay.png", "raw/rook.png", "raw/x.png", "raw/y.png"],
        text=[None, "two jays", None, None],
        site=["north", "south", "north", None],
        tags=[["a", "b"], ["b"], [], None],
        good=[True, False, True, None],
        bytes=[30, 10, None, 20],
        weight=[0.5, float("nan"), 2.0, None],
    )


def rows(*filters: tuple[str, str | None], **wanted: Any) -> list[int]:
    found: list[int] = select(birds(), Selection(filters=tuple(Filter(*one) for one in filters), **wanted)).tolist()
    return found


def test_filters_hold_together() -> None:
    assert rows(("site", "north")) == [0, 2]
    assert rows(("site", None)) == [3]
    assert rows(("site", "north"), ("good", "true")) == [0, 2]
    assert rows(("bytes", "10")) == [1]
    assert rows(("tags", "b")) == [0, 1]
    assert rows(("tags", None)) == [3]
    assert rows(("site", "nowhere")) == []


def test_finding_looks_into_names_texts_and_beginnings_of_ids() -> None:
    assert rows(find="JAY") == [0, 1]
    assert rows(find="0a0b") == [0, 1]
    assert rows(find="a0b0") == []
    assert rows(find=".*") == []
    assert rows(find="  ") == [0, 1, 2, 3]


def test_what_has_no_value_comes_last_whichever_way_it_is_sorted() -> None:
    assert rows(sort="bytes") == [1, 3, 0, 2]
    assert rows(sort="bytes", descending=True) == [0, 3, 1, 2]
    assert rows(("site", "north"), sort="bytes", descending=True) == [0, 2]
    assert rows(sort="tags")[:3] == [2, 0, 1]


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(VersionError, match="'sites'; did you mean 'site'"):
        rows(("sites", "north"))
    with pytest.raises(VersionError, match="no column"):
        rows(sort="x")


def test_only_some_rows_are_selected_among() -> None:
    among = np.array([1, 2, 3], np.int32)
    assert select(birds(), Selection(filters=(Filter("site", "north"),)), among).tolist() == [2]
    assert select(birds(), Selection(), among).tolist() == [1, 2, 3]


def test_columns_that_tell_items_apart_are_counted() -> None:
    found = facets(birds())
    assert found == {
        "site": {"north": 2, "south": 1, None: 1},
        "tags": {"b": 2, "a": 1, None: 1},
        "good": {"true": 2, "false": 1, None: 1},
    }
    assert facets(birds(), np.array([1], np.int32)) == {"site": {"south": 1}, "tags": {"b": 1}, "good": {"false": 1}}
    assert (total_bytes(birds()), total_bytes(birds(), np.array([0, 1], np.int32))) == (60, 40)
    assert total_bytes(Table(id=["a"])) is None


def test_a_column_of_very_many_values_is_no_facet() -> None:
    many = [f"p{number}" for number in range(300)]
    assert facets(Table(id=many, patient=many, site=["n"] * 300)) == {"site": {"n": 300}}


@settings(max_examples=40, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from(SITES), st.one_of(st.none(), st.integers(-5, 5))), max_size=30),
    st.sampled_from(SITES),
    st.booleans(),
)
def test_it_selects_and_sorts_as_pandas_does(table: list[tuple[Any, Any]], site: str | None, descending: bool) -> None:
    sites, numbers = [one[0] for one in table], [one[1] for one in table]
    ours = Table(
        id=[str(at) for at in range(len(table))],
        site=pa.array(sites, pa.string()),
        number=pa.array(numbers, pa.int64()),
    )
    wanted = Selection(filters=(Filter("site", site),), sort="number", descending=descending)
    frame = pd.DataFrame({"site": pd.Series(sites, dtype=object), "number": pd.Series(numbers, dtype="Int64")})
    kept = frame[frame["site"].isna()] if site is None else frame[frame["site"] == site]
    theirs = kept.sort_values("number", ascending=not descending, kind="stable", na_position="last")
    assert select(ours, wanted).tolist() == theirs.index.tolist()
