"""Which part each table in raw/ plays, and what is said of each file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Protocol

from nbtools.errors import SchemaError, SourceError
from nbtools.ingest.describe import Catch, Column, Rules, as_attribute, attribute_name, given_columns
from nbtools.ingest.report import Outcome
from nbtools.ingest.scan import Scan
from nbtools.ingest.tables import Describing, Row, Table, best_share, find_describing


class Wishes(Protocol):
    """The options that decide about tables and rules."""

    @property
    def attributes(self) -> Mapping[str, str] | None:
        """Rules for attributes."""

    @property
    def labels(self) -> Mapping[str, str] | None:
        """Rules for labels."""

    @property
    def rows(self) -> str | bool | Sequence[str]:
        """Which tables are taken row by row."""

    @property
    def rename(self) -> Mapping[str, str] | None:
        """Names of attributes, by column."""

    @property
    def tasks(self) -> Collection[str]:
        """The tasks of the dataset, whose names no attribute may have."""


class Description:
    """What is said of each file, and which tables are left to be taken row by row.

    Parameters
    ----------
    attributes, labels : Rules
        By path below raw/.
    row_tables : list of Table
        Those whose rows are items.
    """

    def __init__(self, attributes: Rules, labels: Rules, row_tables: list[Table]) -> None:
        self.attributes = attributes
        self.labels = labels
        self.row_tables = row_tables

    @property
    def catches(self) -> list[Catch]:
        """What the rules caught."""
        return [*self.attributes.catches, *self.labels.catches]

    @property
    def speaks(self) -> bool:
        """Whether anything is said of any file."""
        return bool(self.catches)

    def done(self, path: str) -> None:
        """Say that nothing was done with a file yet."""


def describe(raw: Path, scan: Scan, wishes: Wishes, outcome: Outcome) -> Description:
    """Decide what each table is for, and make the rules for attributes and labels.

    Parameters
    ----------
    raw : Path
        Where the raw data lies.
    scan : Scan
        What is in it.
    wishes : Wishes
        The options.
    outcome : Outcome
        Takes the tables that are left or failed, and the notes.

    Raises
    ------
    SourceError
        If a rule cannot be followed.
    SchemaError
        If a name cannot be used.
    """
    tables = [Table(file.path, raw / file.path) for file in scan.tables if file.size]
    outcome.failed += [(file.path, "it is empty: zero bytes") for file in scan.tables if not file.size]
    row_tables = [table for table in tables if _wants_rows(table, rows=wishes.rows, has_files=bool(scan.files))]
    others = [table for table in tables if table not in row_tables]
    read = [(table, rows) for table in others if scan.files and (rows := _read(table, outcome)) is not None]
    paths = [file.path for file in scan.files]
    describing = find_describing(read, paths)
    columns = _columns(describing)
    attributes = _attribute_rules(wishes, describing, columns, outcome)
    _leave(read, others, describing, paths, outcome)
    label_rules = dict(wishes.labels or {})
    if row_tables and not scan.files:
        attributes, label_rules = {}, {}  # the rules are for the rows then
    said, labels = Rules(attributes, "attribute", columns), Rules(label_rules, "task", columns)
    _check_shared(said, labels)
    return Description(said, labels, row_tables)


def _wants_rows(table: Table, *, rows: str | bool | Sequence[str], has_files: bool) -> bool:
    if rows == "auto":
        return not has_files
    if isinstance(rows, bool):
        return rows
    patterns = (rows,) if isinstance(rows, str) else rows
    return any(fnmatchcase(table.path, pattern) for pattern in patterns)


def _read(table: Table, outcome: Outcome) -> list[dict[str, Any]] | None:
    rows = []
    try:
        for row in table.rows():
            if isinstance(row, Row):
                rows.append(row.cells)
            else:
                outcome.failed.append((f"{table.path}#{row.number}", row.reason))
    except SourceError as error:
        outcome.failed.append((table.path, str(error)))
        return None
    return rows


def _columns(describing: Sequence[Describing]) -> dict[str, Column]:
    merged: dict[str, dict[str, Any]] = {}
    for one in describing:
        for name, values in one.columns.items():
            known = merged.setdefault(name, {})
            known.update((path, as_attribute(value)) for path, value in values.items())
    return merged  # type: ignore[return-value]


def _attribute_rules(
    wishes: Wishes, describing: Sequence[Describing], columns: Mapping[str, Column], outcome: Outcome
) -> dict[str, str]:
    """Return the rules for attributes: those given, and without any for columns every column that describes files."""
    given = dict(wishes.attributes or {})
    if wishes.attributes == {} or given_columns(given) or not describing:
        return given
    labels = set(given_columns(wishes.labels))
    taken = {}
    for column in columns:
        if column in labels:
            continue
        try:
            name = attribute_name(column, wishes.rename or {}, wishes.tasks)
        except SchemaError as error:
            outcome.warnings.append(f"{error}. It was left out")
            continue
        if name not in given and name not in (wishes.labels or {}):
            taken[name] = f"column:{column}"
    names = " and ".join(one.table.path for one in describing)
    share = len(frozenset().union(*(one.named for one in describing)))
    outcome.notes.append(
        f"{names}: the column {describing[0].key!r} names {share:,} files, so the other columns are attributes. To "
        f"overrule: ingest(attributes={{}}) for none, or attributes={{'name': 'column:NAME'}}"
    )
    return {**given, **taken}


def _leave(
    read: Sequence[tuple[Table, list[dict[str, Any]]]],
    others: Sequence[Table],
    describing: Sequence[Describing],
    paths: Sequence[str],
    outcome: Outcome,
) -> None:
    used = {one.table.path for one in describing}
    rows = {table.path: rows for table, rows in read}
    for table in others:
        if table.path in used or (paths and table.path not in rows):
            continue
        reason = f"a table; to take its rows as items: ds.ingest(rows={table.path!r})"
        if paths:
            column, share = best_share(table, rows[table.path], paths)
            if share:
                reason = (
                    f"a table whose column {column!r} names {share:.0%} of the files, and attributes need 90 %; "
                    f"to join it: ds.attach({table.path!r}, on={column!r})"
                )
        outcome.left.append((table.path, reason))


def _check_shared(attributes: Rules, labels: Rules) -> None:
    both = {catch.name for catch in attributes.catches} & {catch.name for catch in labels.catches}
    if both:
        raise SchemaError(
            f"{', '.join(sorted(both))} cannot be an attribute and a task at once: both become columns of one table. "
            "Give one of them another name"
        )
