"""Attributes and labels of raw files: from their folders, their names, or the tables beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbtools.errors import OptionError, SchemaError, did_you_mean
from nbtools.items.ids import plain
from nbtools.labels.names import check_name

_EXAMPLES = 5
_FORMS = "'folder:N' (0 the outermost folder, -1 the innermost), 'name:REGEX' or 'column:NAME'"

# What one column of the tables says of a file, by path below raw/.
Column = Mapping[str, Any]


@dataclass(slots=True)
class Catch:
    """What a rule such as ``folder:0`` caught.

    Attributes
    ----------
    name : str
        The attribute or task that it fills.
    rule : str
        As it was given.
    examples : list of (str, value)
        The first five different values, each with a path.
    caught, missed : int
        Files that the rule gave a value, and that it did not.
    """

    name: str
    rule: str
    examples: list[tuple[str, Any]] = field(default_factory=list)
    caught: int = 0
    missed: int = 0

    def note(self, path: str, value: Any) -> None:
        """Count a file."""
        if value is None:
            self.missed += 1
            return
        self.caught += 1
        if len(self.examples) < _EXAMPLES and all(value != seen for _, seen in self.examples):
            self.examples.append((path, value))

    def __str__(self) -> str:
        """Say it in one line, as the report does."""
        examples = ", ".join(f"{value!r} ({path})" for path, value in self.examples)
        missed = f", missed {self.missed:,}" if self.missed else ""
        return f"{self.name} from {self.rule!r}: {self.caught:,} files{missed}; {examples or 'no example'}"


class Rules:
    """Rules that give each raw file values by its path.

    Parameters
    ----------
    rules : mapping of str to str
        Name of an attribute or task to ``folder:N``, ``name:REGEX`` or ``column:NAME``.
    what : str
        ``attribute`` or ``task``.
    columns : mapping of str to Column
        What the tables say, by the name of the column.

    Raises
    ------
    SchemaError
        If a name cannot be the name of an attribute or task.
    OptionError
        If a rule is not one of the three, or names no column of a table.
    """

    def __init__(self, rules: Mapping[str, str], what: str, columns: Mapping[str, Column]) -> None:
        self.catches = [Catch(check_name(name, what), rule) for name, rule in rules.items()]
        self._take = [_taker(rule, columns) for rule in rules.values()]

    def __call__(self, path: str) -> dict[str, Any]:
        """Return the values for a path below raw/; each call is counted."""
        values: dict[str, Any] = {}
        for catch, take in zip(self.catches, self._take, strict=True):
            value = take(path)
            catch.note(path, value)
            if value is not None:
                values[catch.name] = value
        return values


def given_columns(rules: Mapping[str, str] | None) -> list[str]:
    """Return the names of the columns that the rules ask for."""
    return [rest for rule in (rules or {}).values() for form, _, rest in [str(rule).partition(":")] if form == "column"]


def as_attribute(value: Any) -> Any:
    """Return a value of a table as JSON holds it: numbers stay numbers, NaN is null."""
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [as_attribute(one) for one in value]
    return plain(value)


def attribute_name(column: str, rename: Mapping[str, str], tasks: Iterable[str]) -> str:
    """Return the name under which a column of a table becomes an attribute.

    Parameters
    ----------
    column : str
        The column's own name.
    rename : mapping of str to str
        Names that were asked for, by column.
    tasks : iterable of str
        The tasks of the dataset, whose names are taken.

    Raises
    ------
    SchemaError
        If it is reserved or taken; the message proposes `rename=`.
    """
    name = rename.get(column) or re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:63]
    try:
        return check_name(name, "attribute", tasks)
    except SchemaError as error:
        raise SchemaError(f"the column {column!r} cannot be an attribute of that name: {error}. "
                          f"Name it: rename={{{column!r}: '…'}}") from None  # fmt: skip


def _taker(rule: str, columns: Mapping[str, Column]) -> Callable[[str], Any]:
    form, _, rest = str(rule).partition(":")
    if form == "folder" and re.fullmatch(r"-?\d+", rest):
        return _folder(int(rest))
    if form == "name" and rest:
        return _name(rest)
    if form == "column" and rest:
        if rest not in columns:
            tell = f"the columns are {', '.join(sorted(columns))}" if columns else "no table in raw/ names the files"
            raise OptionError(f"{rule!r}: there is no such column{did_you_mean(rest, columns)}; {tell}")
        return columns[rest].get
    raise OptionError(f"{rule!r} is no rule for an attribute or label; the rules are {_FORMS}")


def _folder(level: int) -> Callable[[str], Any]:
    def take(path: str) -> str | None:
        folders = path.split("/")[:-1]
        return folders[level] if -len(folders) <= level < len(folders) else None

    return take


def _name(pattern: str) -> Callable[[str], Any]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise OptionError(f"'name:{pattern}' is no regular expression: {error}") from error

    def take(path: str) -> str | None:
        found = compiled.search(path.rpartition("/")[2])
        if found is None:
            return None
        return found[1] if compiled.groups else found[0]

    return take
