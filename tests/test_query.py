"""SQL over handed tables: what is answered, and everything that is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from nbtools.errors import NbtoolsError, QueryError
from nbtools.query import Source, run_query

ITEMS = pa.table(
    {
        "id": ["a", "b", "c"],
        "kind": ["image", "image", "text"],
        "bytes": [10, 20, 30],
        "width": pa.array([4, None, 6], pa.int32()),
        "sources": [["raw/a.png"], ["raw/b.png", "raw/c.png"], []],
    }
)
SOURCES: Mapping[str, Source] = {"items": lambda: ITEMS, "v1_1": lambda: ITEMS.slice(0, 1)}

READS = [
    "select count(*) from items",
    "with big as (select * from items where bytes > 15) select * from big;",
    "from items",
    "values (1)",
    "-- a comment\nselect 1",
    "explain select * from items",
    "EXPLAIN ANALYZE select * from items",
    "describe items",
    "summarize items",
    "select * from (pivot items on kind in ('image') using count(*))",
    "select * from items join v1_1 using (id)",
    "select * from query('select * from items')",
    "select unnest(sources) from items",
    "select now()",
]

# Each of these can read, write, load, reach or change something outside of the tables.
ATTACKS = [
    "install httpfs",
    "load httpfs",
    "force install httpfs from community",
    "copy items to '{there}/out.csv'",
    "copy (select 1) to '{there}/out.parquet'",
    "explain copy items to '{there}/out.csv'",
    "explain analyze copy items to '{there}/out.csv'",
    "explain /* */ analyze copy items to '{there}/out.csv'",
    "explain analyze insert into items values (1)",
    "with x as (copy items to '{there}/out.csv') select * from x",
    "with x as (insert into items (id) values ('z') returning *) select * from x",
    "with x as (delete from items returning *) select * from x",
    "select * from query('copy items to ''{there}/out.csv''')",
    "export database '{there}/out'",
    "import database '{there}'",
    "attach '{there}/out.db'",
    "attach ':memory:' as other",
    "detach memory",
    "use memory",
    "create table t as select 1",
    "create or replace view items as select 1",
    "create macro f() as 1",
    "create secret (type s3)",
    "drop view items",
    "insert into items values (1)",
    "update items set id = 'z'",
    "delete from items",
    "alter view items rename to x",
    "pragma database_list",
    "pragma enable_profiling",
    "set memory_limit = '100GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set variable x = getenv('HOME')",
    "call pragma_version()",
    "call enable_logging()",
    "checkpoint",
    "vacuum",
    "analyze",
    "begin",
    "prepare p as select 1",
    "execute p",
    "select 1; select 2",
    "select 1; copy items to '{there}/out.csv'",
    "pivot items on kind",
    "select * from read_csv('{there}/secret.csv')",
    "select * from read_csv_auto('{there}/secret.csv')",
    "select * from read_text('{there}/secret.csv')",
    "select * from read_blob('{there}/*')",
    "select * from read_json('{there}/secret.csv')",
    "select * from read_parquet('{there}/secret.parquet')",
    "select * from parquet_metadata('{there}/secret.parquet')",
    "select * from parquet_scan(['{there}/secret.parquet'])",
    "select * from sniff_csv('{there}/secret.csv')",
    "select * from glob('{there}/*')",
    "select * from '{there}/secret.csv'",
    "select * from '{there}/secret.parquet'",
    "select * from 'secret.csv'",
    "select * from 'http://127.0.0.1:1/x.csv'",
    "select * from read_csv('https://127.0.0.1:1/x.csv')",
    "select * from 's3://bucket/x.parquet'",
    "explain select * from read_csv('{there}/secret.csv')",
    "select getenv('HOME')",
    "select * from duckdb_secrets()",
    "select * from sqlite_scan('{there}/x', 'item')",
    "select * from postgres_scan('', '', '')",
    "select * from enable_logging()",
    "select * from arrow_scan(1, 1, 1)",
    "select * from pandas_scan(1)",
    "select * from arrow_scan(1::pointer, 1::pointer, 1::pointer)",
    "select * from python_map_function((select 1))",
    "select * from LEAKED",
    "select * from os.environ",
    "select ?",
    "select $name",
    "",
    " ",
    ";",
    "-- nothing",
    "select",
    "select * from",
    "\ud800",
]

LEAKED = pd.DataFrame({"secret": ["of this process"]})


@pytest.mark.parametrize("statement", READS)
def test_one_statement_that_reads_is_answered(statement: str) -> None:
    assert len(run_query(statement, SOURCES))


@pytest.mark.parametrize("statement", ATTACKS)
def test_everything_else_is_refused(statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    pq.write_table(ITEMS, tmp_path / "secret.parquet")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError):
        run_query(statement.replace("{there}", str(tmp_path)), SOURCES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "secret.parquet"]


@pytest.mark.parametrize("statement", [None, 3, b"select 1", ["select 1"]])
def test_a_query_is_text(statement: object) -> None:
    with pytest.raises(QueryError, match="a query is a text"):
        run_query(statement, SOURCES)


def test_the_settings_cannot_be_read_into_something_open() -> None:
    query = "select name, value from duckdb_settings() where name in ('enable_external_access', 'lock_configuration')"
    found = run_query(query + " order by name", SOURCES)
    assert found["value"].tolist() == ["false", "true"]


def test_only_the_tables_that_are_named_are_loaded() -> None:
    asked: list[str] = []

    def source(name: str) -> Source:
        def load() -> pa.Table:
            asked.append(name)
            return ITEMS

        return load

    sources = {name: source(name) for name in ("items", "labels", "v1_items")}
    run_query("select * from ITEMS", sources)
    run_query("select * from items as a join v1_items as b using (id) where a.id != 'labelss'", sources)
    assert asked == ["items", "items", "v1_items"]
    assert list(run_query("show tables", sources)["name"]) == ["items", "labels", "v1_items"]


def test_a_dataset_of_parquet_is_read_as_a_table(tmp_path: Path) -> None:
    pq.write_table(ITEMS, tmp_path / "items.parquet")
    found = run_query("select id from items where width > 4", {"items": lambda: ds.dataset(tmp_path / "items.parquet")})
    assert found["id"].tolist() == ["c"]


def test_whole_numbers_stay_whole() -> None:
    found = run_query("select sum(bytes) total, count(*) n, avg(bytes) mean from items", SOURCES)
    assert found.to_numpy().tolist() == [[60, 3, 20.0]]
    assert [str(kind) for kind in found.dtypes] == ["int64", "int64", "float64"]
    widths = run_query("select width, 1.5::decimal(4, 1) half, width as width from items", SOURCES)
    assert [str(kind) for kind in widths.dtypes] == ["Int64", "float64", "Int64"]
    assert list(widths.columns) == ["width", "half", "width_1"]
    assert run_query("select sum(10::hugeint ** 30) huge", SOURCES)["huge"][0] == pytest.approx(1e30)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select widht from items", 'Candidate bindings: .*"width"'),
        ("select * from itms", "did you mean 'items'.\nThere are: items, v1_1"),
        ("selec 1", "syntax error"),
        ("select id + 1 from items", r"explicit type casts\.\nThe query"),
        ("select * from read_text('x')", "Permission Error: Cannot access file"),
        ("pivot items on kind", "found: MULTI. A pivot names its columns: select"),
        ("copy items to 'x'", "a query is one SELECT .* found: COPY"),
        ("explain copy items to 'x'", "found: COPY"),
    ],
)
def test_an_error_is_in_duckdbs_words_with_the_query(statement: str, said: str) -> None:
    with pytest.raises(QueryError, match=f"(?s){said}") as refused:
        run_query(statement, SOURCES)
    assert str(refused.value).endswith(f"The query was: {statement}")


def test_a_query_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(QueryError, match=r"stopped after 0\.05 s"):
        run_query("select sum(a.range * b.range) from range(10000000) a, range(10000000) b", SOURCES, seconds=0.05)


def test_a_query_that_needs_too_much_memory_is_stopped() -> None:
    with pytest.raises(QueryError, match=r"Out of Memory Error: .*: let the query look at fewer rows"):
        run_query("select range from range(100000000) order by hash(range)", SOURCES, memory=20 << 20)


def test_an_answer_that_is_too_large_is_not_held() -> None:
    with pytest.raises(QueryError, match=r"more than 10 MB after .* rows"):
        run_query("select * from range(1000000000000)", SOURCES, memory=10 << 20)


def test_what_a_source_has_to_say_is_said() -> None:
    def broken() -> object:
        raise NbtoolsError("v1 is damaged")

    with pytest.raises(NbtoolsError, match="v1 is damaged"):
        run_query("select * from v1_items", {"v1_items": broken})
