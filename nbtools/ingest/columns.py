"""What the columns of a table are for, where its rows are the items."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, Protocol

from nbtools.errors import OptionError, SchemaError, did_you_mean
from nbtools.ingest.describe import as_attribute, attribute_name
from nbtools.labels.names import check_name

_MOST_TEXT = 64 << 10
_OBVIOUS = ("text", "body", "content", "sentence", "comment", "message", "review", "tweet", "document", "abstract")


class Wishes(Protocol):
    """The options that decide about rows."""

    @property
    def attributes(self) -> Mapping[str, str] | None:
        """Rules for attributes."""

    @property
    def labels(self) -> Mapping[str, str] | None:
        """Rules for labels."""

    @property
    def key(self) -> str | Mapping[str, str] | None:
        """The column that names a row, for all tables or by table."""

    @property
    def text(self) -> str | Mapping[str, str] | None:
        """The column that is shown, for all tables or by table."""

    @property
    def rename(self) -> Mapping[str, str] | None:
        """Names of attributes, by column."""

    @property
    def tasks(self) -> Collection[str]:
        """The tasks of the dataset, whose names no attribute may have."""


class Columns(NamedTuple):
    """The parts that the columns of one table play.

    Attributes
    ----------
    key, text : str or None
        The column that names a row, and the one that is shown.
    attributes, labels : dict of str to str
        Attribute or task, by column.
    warnings : list of str
        Columns that could not become attributes.
    """

    key: str | None
    text: str | None
    attributes: dict[str, str]
    labels: dict[str, str]
    warnings: list[str]

    def shown(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Return the kind of a row, and the text that is shown of it."""
        text = values.get(self.text) if self.text is not None else None
        if isinstance(text, str) and text.strip():
            return "text", cut(text, _MOST_TEXT)
        return "record", _as_record(values)


def find_columns(wishes: Wishes, table: str, names: list[str]) -> Columns:
    """Return what the columns of a table are for.

    Parameters
    ----------
    wishes : Wishes
        The options.
    table : str
        Its path below raw/.
    names : list of str
        Its columns.

    Raises
    ------
    OptionError
        If an option names a column that the table does not have.
    SchemaError
        If an attribute or task cannot have its name.
    """
    key, text = _chosen(wishes.key, table, names, "key"), _chosen(wishes.text, table, names, "text")
    if text is None and wishes.text is None:
        lowered = {name.lower(): name for name in names}
        text = next((lowered[word] for word in _OBVIOUS if word in lowered and lowered[word] != key), None)
    labels = _ruled(wishes.labels, table, names, "task")
    warnings: list[str] = []
    attributes = _ruled(wishes.attributes, table, names, "attribute")
    if wishes.attributes is None:
        rest = [name for name in names if name != text and name not in labels]
        attributes = _all(rest, key, wishes, warnings)
    return Columns(key, text, attributes, labels, warnings)


def cut(text: str, most: int) -> str:
    """Return text cut to so many bytes of UTF-8."""
    data = text.encode("utf-8", "replace")
    return data[:most].decode("utf-8", "ignore") if len(data) > most else data.decode()


def _chosen(wish: str | Mapping[str, str] | None, table: str, names: list[str], what: str) -> str | None:
    column = wish if wish is None or isinstance(wish, str) else wish.get(table)
    if column is not None and column not in names:
        raise OptionError(
            f"{what}={column!r}: {table} has no such column{did_you_mean(column, names)}; it has {', '.join(names)}. "
            f"For this table alone: {what}={{{table!r}: '…'}}"
        )
    return column


def _ruled(rules: Mapping[str, str] | None, table: str, names: list[str], what: str) -> dict[str, str]:
    ruled = {}
    for name, rule in (rules or {}).items():
        form, _, column = rule.partition(":")
        if form != "column":
            raise OptionError(f"{what} {name!r}: {rule!r} is for files; rows of a table take 'column:NAME'")
        if column not in names:
            raise OptionError(
                f"{rule!r}: {table} has no such column{did_you_mean(column, names)}; it has {', '.join(names)}"
            )
        ruled[column] = check_name(name, what)
    return ruled


def _all(names: list[str], key: str | None, wishes: Wishes, warnings: list[str]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for column in names:
        try:
            name = attribute_name(column, wishes.rename or {}, wishes.tasks)
        except SchemaError as error:
            if column != key:
                warnings.append(f"{error}. It was left out")
            continue
        if name in taken.values():
            warnings.append(
                f"two columns would be called {name!r}, so {column!r} was left out: rename={{{column!r}: '…'}}"
            )
        else:
            taken[column] = name
    return taken


def _as_record(values: Mapping[str, Any]) -> str:
    plain = {str(name): as_attribute(value) for name, value in values.items()}
    whole = json.dumps(plain, ensure_ascii=False)
    if len(whole.encode("utf-8", "replace")) <= _MOST_TEXT:
        return cut(whole, _MOST_TEXT)
    each = _MOST_TEXT // (2 * len(plain) + 2)
    short = {name: cut(value if isinstance(value, str) else json.dumps(value), each) for name, value in plain.items()}
    return cut(json.dumps(short, ensure_ascii=False), _MOST_TEXT)
