"""SQL over tables that are handed in: one statement that reads, and nothing else.

duckdb runs on a connection of its own that has no way to files, network, extensions
or the variables of this process, and whose settings are locked before the statement
is looked at. The statement is parsed by duckdb itself; memory, time and the size of
the answer are bounded.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from nbtools.errors import QueryError, did_you_mean

if TYPE_CHECKING:
    from pandas import DataFrame

Source = Callable[[], Any]

SECONDS = 60.0
MEMORY = 1 << 30
_CLOSED = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
_EXPLAIN = re.compile(r"\s*EXPLAIN(\s+ANALYZE)?\s", re.IGNORECASE)
# Such a statement asks which tables there are, and so needs all of them.
_CATALOG = re.compile(r"\b(SHOW|information_schema|pg_catalog|duckdb_(tables|views|columns))\b", re.IGNORECASE)


def run_query(
    statement: object, sources: Mapping[str, Source], *, seconds: float = SECONDS, memory: int = MEMORY
) -> DataFrame:
    """Return what one SELECT or EXPLAIN comes to.

    Parameters
    ----------
    statement : str
        In duckdb's dialect.
    sources : mapping of str to callable
        The tables there are; each is called only if the statement names it, and
        returns an Arrow table, or a dataset that is read as far as it is needed.
    seconds : float
        How long it may take.
    memory : int
        Bytes that it may use, and again that the answer may have.

    Returns
    -------
    DataFrame
        Whole numbers of which some are missing stay whole.

    Raises
    ------
    QueryError
        If it is not one statement that reads, fails, or needs more than it may; in
        duckdb's words, with the statement.

    Notes
    -----
    The limits hold between the steps of a query. A single value that a function
    makes large (a list of a billion numbers) is made before they are looked at, and
    duckdb cannot be told how large one may be. A process of its own, with a limit of
    its own, would hold; it would cost each query several times what it takes now.
    """
    if not (isinstance(statement, str) and statement.strip() and _is_unicode(statement)):
        raise QueryError(f"a query is a text such as 'select count(*) from items', and this is {statement!r:.80}")
    config: dict[str, Any] = {**_CLOSED, "memory_limit": f"{memory}B"}
    with duckdb.connect(":memory:", config=config) as connection:
        # A progress bar would be drawn into the cell, or into the JSON of the command line.
        connection.execute("SET enable_progress_bar = false; SET lock_configuration = true")
        out = threading.Event()
        timer = threading.Timer(seconds, _stop, (connection, out))
        try:
            _check(connection, statement)
            for name in _named(statement, sources):
                connection.register(name, sources[name]())
            timer.start()
            return _frame(_answer(connection, statement, memory))
        except (duckdb.Error, pa.ArrowException) as error:
            raise QueryError(_explained(statement, error, sources, seconds if out.is_set() else None)) from error
        finally:
            timer.cancel()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stop(connection: duckdb.DuckDBPyConnection, out: threading.Event) -> None:
    out.set()
    connection.interrupt()


def _check(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Refuse what is not exactly one statement that reads.

    Raises
    ------
    QueryError
        If so; duckdb's own errors where it cannot be parsed.
    """
    found = connection.extract_statements(statement)
    kinds = [one.type for one in found]
    if kinds == [duckdb.StatementType.EXPLAIN]:
        begin = _EXPLAIN.match(statement)
        kinds = [one.type for one in connection.extract_statements(statement[begin.end() :])] if begin else []
    if kinds != [duckdb.StatementType.SELECT]:
        named = ", ".join(kind.name for kind in kinds) or "none"
        raise QueryError(
            "a query is one SELECT (or WITH … SELECT, or EXPLAIN SELECT …), because it only reads; "
            f"found: {named}.{_pivot(statement)}\nThe query was: {statement}"
        )


def _pivot(statement: str) -> str:
    if not re.search(r"\bPIVOT\b", statement, re.IGNORECASE):
        return ""
    return " A pivot names its columns: select * from (pivot items on kind in ('image', 'text') using count(*))"


def _named(statement: str, sources: Iterable[str]) -> list[str]:
    """Return the tables that a statement may name.

    Every word counts, in a text too. duckdb's own `get_table_names` resolves columns
    before it answers, and so refuses a `join … using` of tables that are not there yet.
    """
    if _CATALOG.search(statement):
        return list(sources)
    words = set(re.findall(r"\w+", statement.lower()))
    return [name for name in sources if name.lower() in words]


def _answer(connection: duckdb.DuckDBPyConnection, statement: str, most: int) -> pa.Table:
    reader = pa.RecordBatchReader.from_stream(connection.sql(statement))
    batches: list[pa.RecordBatch] = []
    size = 0
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > most:
            rows = sum(one.num_rows for one in batches)
            raise QueryError(
                f"the answer has more than {most >> 20:,} MB after {rows:,} rows: select fewer columns, count, or add "
                f"a LIMIT.\nThe query was: {statement}"
            )
    return pa.Table.from_batches(batches, reader.schema)


def _frame(table: pa.Table) -> DataFrame:
    import pandas as pd

    table = pa.Table.from_arrays([_plain(column) for column in table.columns], _distinct(table.column_names))
    frame: DataFrame = table.to_pandas()
    for at, column in enumerate(table.columns):
        if column.null_count and pa.types.is_integer(column.type):
            frame.isetitem(at, column.to_pandas(types_mapper=lambda _: pd.Int64Dtype()))
    return frame


def _distinct(names: Iterable[str]) -> list[str]:
    """Return names of which none is there twice: ``id`` and ``id_1``, as duckdb names them in a table."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in itertools.count(1))
        found.append(name if name not in found else next(other for other in numbered if other not in found))
    return found


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as numbers of 64 bits: sum() has 128, which pandas would hold as objects."""
    if not pa.types.is_decimal(column.type):
        return column
    try:
        return column.cast(pa.int64() if column.type.scale == 0 else pa.float64())
    except pa.ArrowInvalid:
        return column.cast(pa.float64())


def _explained(statement: str, error: Exception, sources: Iterable[str], seconds: float | None) -> str:
    # Of a function that does not fit, duckdb lists every form there is.
    said = str(error).partition("\n\tCandidate functions")[0].strip()
    if seconds is not None:
        said = f"the query was stopped after {seconds:g} s: let it look at fewer rows"
    elif isinstance(error, duckdb.OutOfMemoryException):
        said = f"{said.splitlines()[0]}: let the query look at fewer rows or columns"
    elif unknown := re.search(r"Table with name (\S+) does not exist", said):
        there = list(sources)
        said = f"{said.splitlines()[0]}{did_you_mean(unknown[1], there)}\nThere are: {', '.join(there)}"
    return f"{said}\nThe query was: {statement}"
