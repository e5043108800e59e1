"""`where=`: one SQL expression over the items and their attributes, which can only read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from nbtools.errors import QueryError, did_you_mean
from nbtools.store.database import uri

_COLUMNS = (
    "position",
    "id",
    "kind",
    "media_type",
    "path",
    "recipe",
    "row",
    "text",
    "bytes",
    "width",
    "height",
    "duration",
    "sha256",
    "content",
    "sources",
)
_TABLES = {"item", "excluded", "json_each", "json_tree", "items", ""}
_QUOTED = re.compile(r"""'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|"((?:[^"]|"")*)\"""", re.DOTALL)
_FORBIDDEN = {"load_extension", "zeroblob", "randomblob"}


def select_positions(path: Path, attributes: Sequence[str], where: object) -> list[int]:
    """Return the positions of the items for which an expression holds, in order.

    Parameters
    ----------
    path : Path
        The index.
    attributes : sequence of str
        The names of the attributes there are.
    where : str
        A SQL expression such as ``site = 'north' and width > 640``.

    Raises
    ------
    QueryError
        If it cannot be evaluated; the message names the columns.
    """
    if not isinstance(where, str) or not where.strip():
        raise QueryError(f"where= is an expression such as \"kind = 'image'\", and this is {str(where)[:80]!r}")
    if "\0" in where:
        raise QueryError(f"where={where!r} holds a null character: take it out")
    strict = _QUOTED.sub(_as_name, where)
    items = f"FROM ({_view(attributes)}) AS items WHERE"
    with closing(sqlite3.connect(uri(path, "ro"), uri=True, timeout=30)) as connection:
        connection.execute("PRAGMA query_only = 1")
        # What the table-valued functions are is asked once, as a table that is made: before only reading is allowed.
        connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")
        connection.set_authorizer(_allow)
        try:
            # Only one whole expression can stand both with parentheses around it and without.
            connection.execute(f"EXPLAIN SELECT 1 {items} \n{strict}\n")
            query = f"SELECT position {items} (\n{strict}\n) ORDER BY position"
            return [position for (position,) in connection.execute(query)]
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_BUSY):
                raise
            raise QueryError(_explained(where, str(error), [*_COLUMNS, "source", "excluded", *attributes])) from error


def sort_positions(
    connection: sqlite3.Connection, attributes: Sequence[str], column: object, *, descending: bool = False
) -> list[int]:
    """Return all positions by a column or an attribute.

    Parameters
    ----------
    connection : Connection
        Of the index.
    attributes : sequence of str
        The names of the attributes there are.
    column : str
        One of them, or a column of items.
    descending : bool
        The greatest first; what has no value is last either way.

    Raises
    ------
    QueryError
        If there is no such column.
    """
    known = [*_COLUMNS, *attributes]
    if not isinstance(column, str) or column not in known:
        hint = did_you_mean(str(column), known)
        raise QueryError(f"{str(column)[:80]!r} is no column to order by{hint}; there are {', '.join(known)}")
    # A column of the affinity NUMERIC makes numbers of texts that are numbers, as those from a CSV file are.
    connection.execute("DROP TABLE IF EXISTS temp.sorting")
    connection.execute("CREATE TEMP TABLE sorting (position INTEGER PRIMARY KEY, value NUMERIC)")
    try:
        connection.execute(f"INSERT INTO sorting SELECT position, {_quoted(column)} FROM ({_view(attributes)})")
        way = "DESC" if descending else "ASC"
        found = connection.execute(f"SELECT position FROM sorting ORDER BY value IS NULL, value {way}, position")
        return [position for (position,) in found]
    finally:
        connection.execute("DROP TABLE temp.sorting")


def _as_name(found: re.Match[str]) -> str:
    # A double-quoted word that is no column would be a text to SQLite, and a misspelt column would go unnoticed;
    # in backquotes it can be nothing but a name.
    if found[1] is None:
        return found[0]
    return "`" + found[1].replace('""', '"').replace("`", "``") + "`"


def _view(attributes: Sequence[str]) -> str:
    columns = [f"item.{name} AS {name}" for name in _COLUMNS]
    columns += ["json_extract(item.sources, '$[0]') AS source", "excluded.item IS NOT NULL AS excluded"]
    # Names of attributes come from files: as literals they are quoted, and whatever they hold is a name.
    for name in attributes:
        key = '$."' + name + '"'
        columns.append(f"json_extract(item.attributes, {_literal(key)}) AS {_quoted(name)}")
    return f"SELECT {', '.join(columns)} FROM item LEFT JOIN excluded ON excluded.item = item.id"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _allow(action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in _TABLES:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FORBIDDEN:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _explained(where: str, reason: str, columns: Sequence[str]) -> str:
    unknown = re.fullmatch(r"no such column: (?:items\.)?(.+)", reason)
    hint = did_you_mean(unknown[1], columns) if unknown else ""
    if unknown and f'"{unknown[1]}"' in where:
        hint += f"{'' if hint else '.'} A text goes in single quotes: '{unknown[1]}'."
    return f"where={where!r} cannot be evaluated: {reason}{hint or '.'} The columns are {', '.join(columns)}"
