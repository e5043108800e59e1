"""The line of Python that loads exactly what is looked at, and the expression that finds the same items."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from nbtools.versions.browse.select import Filter

_BREAKS = "\r\n\0"


def line_of(dataset: str, version: str, *, against: str | None = None, part: str = "all") -> str:
    """Return the line that opens a version, a split, or a difference.

    Parameters
    ----------
    dataset : str
        The dataset's folder, as the line is to name it.
    version : str
        Such as ``v2``, or ``v2.1`` for a split.
    against : str, optional
        The version that it is compared with.
    part : str
        Of the difference: ``added``, ``removed`` …; ``all`` for the whole.
    """
    kind = "split" if "." in version else "version"
    opened = f"nb.Dataset({dataset!r}).{kind}({version!r})"
    if against is None:
        return opened
    difference = f"{opened}.diff({against!r})"
    return difference if part == "all" else f"{difference}.{part}"


def filtered(line: str, filters: tuple[Filter, ...], schema: pa.Schema) -> str:
    """Return the line with the rows that are looked at, as a table.

    Parameters
    ----------
    line : str
        What opens the version.
    filters : tuple of Filter
        What the rows hold.
    schema : Schema
        Of the version's columns.
    """
    if not filters:
        return line
    return f"{line}.items.loc[lambda t: {' & '.join(_condition(one, schema) for one in filters)}]"


def where_of(filters: tuple[Filter, ...], schema: pa.Schema, others: Collection[str]) -> str | None:
    """Return the `where=` that finds, among the items as they are now, what filters find in a version.

    Parameters
    ----------
    filters : tuple of Filter
        What the rows hold.
    schema : Schema
        Of the version's columns.
    others : collection of str
        The columns that say nothing of items themselves, such as their labels.

    Returns
    -------
    str or None
        None where there is none that fits a line: no filter, one of the others, of a column
        of lists, or for a value of several lines.
    """
    if any(one.column in others or pa.types.is_list(schema.field(one.column).type) for one in filters):
        return None
    # A field of a page leaves out what breaks a line, and then nothing would be found.
    if any(mark in (one.value or "") for one in filters for mark in _BREAKS):
        return None
    return " and ".join(_compared(one, schema) for one in filters) or None


def _compared(one: Filter, schema: pa.Schema) -> str:
    if one.value is None:
        return f'"{one.column}" is null'
    value = pa.scalar(one.value).cast(schema.field(one.column).type).as_py()
    literal = "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
    return f'"{one.column}" = {literal}'


def _condition(one: Filter, schema: pa.Schema) -> str:
    column = f"t[{one.column!r}]"
    kind = schema.field(one.column).type
    if one.value is None:
        return f"{column}.isna()"
    if pa.types.is_list(kind):
        return f"{column}.map(lambda v: v is not None and {one.value!r} in v)"
    return f"({column} == {pa.scalar(one.value).cast(kind).as_py()!r})"
