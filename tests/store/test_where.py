from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.errors import QueryError
from tests.store.making import item, make


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    sites = [["north", "south"], "north", "south", None, "o'brien", "north"]
    ds = make(tmp_path, 6, lambda number: {"site": sites[number], "age": number} if sites[number] else {"age": number})
    ds.exclude(item(5))
    ds._index.refresh()
    return ds


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("site = 'north'", [1, 5]),
        ("site is null", [3]),
        ("site like '%south%'", [0, 2]),
        ("age >= 2 and not excluded", [2, 3, 4]),
        ("items.age = 1 or position = 0", [0, 1]),
        ("site = 'o''brien' -- why not", [4]),
        ("source like 'raw/w1/%'", [1, 4]),
        ("exists (select 1 from json_each(sources) where value like '%/4.txt')", [4]),
        ("kind = 'text' and length(id) = 32 and bytes between 1 and 9", [0, 1, 2, 3, 4, 5]),
        ("age in (1, 3)", [1, 3]),
        ("0", []),
    ],
)
def test_an_expression_over_columns_and_attributes(ds: Dataset, where: str, expected: list[int]) -> None:
    assert ds._index.positions(where) == expected


def test_an_unknown_column_names_the_columns_and_the_likely_one(ds: Dataset) -> None:
    with pytest.raises(QueryError, match=r"no such column: stie; did you mean 'site'\?.* The columns are .*age, site"):
        ds._index.positions("stie = 'north'")


def test_a_misspelt_column_in_double_quotes_is_no_text(ds: Dataset) -> None:
    with pytest.raises(QueryError, match=r"no such column: stie; did you mean 'site'\?"):
        ds._index.positions("\"stie\" = 'north'")
    with pytest.raises(QueryError, match=r"no such column: north\. A text goes in single quotes: 'north'\."):
        ds._index.positions('site = "north"')


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('"site" = \'north\' and not "items"."excluded"', [1]),
        ("site <> 'a \"stie\" b' and age < 2", [0, 1]),
        ('age = 1 -- "stie"', [1]),
        ('age = 1 /* it\'s "stie" */', [1]),
        ('exists (select 1 from json_each(sources) as "it""s `so`" where "it""s `so`".value like \'%/4.txt\')', [4]),
    ],
)
def test_double_quotes_around_names_and_inside_texts(ds: Dataset, where: str, expected: list[int]) -> None:
    assert ds._index.positions(where) == expected


@pytest.mark.parametrize(
    "where",
    [
        "",
        "   ",
        None,
        3,
        "site =",
        "site = 'north') or (1",
        "1) union select act from act --",
        "1; delete from item",
        "(delete from item)",
        "site in (select body from act)",
        "exists (select 1 from sqlite_master)",
        "exists (select 1 from head)",
        "load_extension('x')",
        "zeroblob(1000000000)",
        "attach database 'x' as y",
        "pragma_table_info('item')",
        "\0",
        "\ud800",
        "(" * 2000,
        "no_such_function(1)",
        "?",
        ":name",
    ],
)
def test_what_is_no_expression_or_more_than_one_is_refused(ds: Dataset, where: object) -> None:
    with pytest.raises(QueryError):
        ds._index.positions(where)  # type: ignore[arg-type]
    assert ds._index.total() == 6


def test_the_name_of_an_attribute_is_a_name_whatever_it_holds(tmp_path: Path) -> None:
    names = ["a b", 'c"d', "e'f", "g) FROM x --", "h.i"]
    ds = make(tmp_path, 2, lambda number: dict.fromkeys(names, number))
    ds._index.refresh()
    assert ds._index.positions('"a b" = 1 and "e\'f" = 1 and "h.i" = 1') == [1]
