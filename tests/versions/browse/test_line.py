import pyarrow as pa
import pytest

from nbtools.versions.browse.line import filtered, line_of, where_of
from nbtools.versions.browse.select import Filter

SCHEMA = pa.schema({"site": pa.string(), "age": pa.int64(), "good": pa.bool_(), "tags": pa.list_(pa.string())})


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, "nb.Dataset('birds').version('v2')"),
        ({"against": "v1"}, "nb.Dataset('birds').version('v2').diff('v1')"),
        ({"against": "v1", "part": "added"}, "nb.Dataset('birds').version('v2').diff('v1').added"),
    ],
)
def test_the_line_names_what_is_looked_at(options: dict[str, str], line: str) -> None:
    assert line_of("birds", "v2", **options) == line


def test_a_split_is_opened_as_one() -> None:
    assert line_of("birds", "v2.1") == "nb.Dataset('birds').split('v2.1')"


def test_conditions_are_written_as_the_types_of_their_columns_need() -> None:
    filters = (
        Filter("site", "it's"),
        Filter("age", "3"),
        Filter("good", "true"),
        Filter("tags", "a"),
        Filter("site", None),
    )
    assert filtered("x", filters, SCHEMA) == (
        "x.items.loc[lambda t: (t['site'] == \"it's\") & (t['age'] == 3) & (t['good'] == True) & "
        "t['tags'].map(lambda v: v is not None and 'a' in v) & t['site'].isna()]"
    )
    assert filtered("x", (), SCHEMA) == "x"


def test_what_finds_the_same_items_now_is_an_expression_of_sql() -> None:
    filters = (Filter("site", "it's"), Filter("age", "3"), Filter("good", "true"), Filter("site", None))
    found = where_of(filters, SCHEMA, {"split"})
    assert found == """"site" = 'it''s' and "age" = 3 and "good" = True and "site" is null"""
    assert where_of((), SCHEMA, ()) is None
    assert where_of((Filter("tags", "a"),), SCHEMA, ()) is None
    assert where_of(filters, SCHEMA, {"site"}) is None, "labels are none of an item's own"
