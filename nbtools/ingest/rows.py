"""Tables whose rows are the items."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from nbtools.errors import SourceError
from nbtools.ingest.columns import Columns, Wishes, find_columns
from nbtools.ingest.describe import as_attribute
from nbtools.ingest.found import LabelsFound
from nbtools.ingest.records import write_records
from nbtools.ingest.report import Outcome
from nbtools.ingest.tables import BadRow, Row, Table
from nbtools.ingest.writing import Writer, as_json
from nbtools.items.erased import Blocked
from nbtools.items.ids import ID_LENGTH, canonical, keyed_row_id
from nbtools.items.sighting import Sighting
from nbtools.media import text_content
from nbtools.storage import Folder

_BATCH_ROWS = 8192
_TELL_EVERY = 1024


class _New(NamedTuple):
    """A row that the catalogue does not have as it is."""

    item: str
    sha256: str
    size: int
    source: str
    values: dict[str, Any]
    attributes: dict[str, Any]
    changed: bool


class RowTables:
    """Takes in the rows of tables as items.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    wishes : Wishes
        The options.
    writer : Writer
        Takes the rows of the catalogue.
    labels : LabelsFound
        Takes the labels.
    outcome : Outcome
        Takes what was found and what failed.
    blocked : Blocked
        What was erased on request.
    """

    def __init__(
        self,
        folder: Folder,
        wishes: Wishes,
        writer: Writer,
        labels: LabelsFound,
        outcome: Outcome,
        blocked: Blocked,
    ) -> None:
        self._blocked = blocked
        self._folder = folder
        self._wishes = wishes
        self._writer = writer
        self._labels = labels
        self._outcome = outcome
        self._seen: set[str] = set()
        self._read: set[str] = set()
        self._count = 0
        # By item and table: the sources that no row of this run has been found at yet.
        self._sources: dict[tuple[str, str], list[str]] = defaultdict(list)
        for source, item in writer.now.present.items():
            if "#" in source:
                self._sources[item, source.partition("#")[0]].append(source)

    def take(self, tables: list[Table], tell: Callable[[int, int | None], None]) -> None:
        """Take in tables, in order.

        Parameters
        ----------
        tables : list of Table
            Which.
        tell : callable
            Is told how many rows have been read; of how many is not known.

        Raises
        ------
        SourceError
            If an option names a column that a table does not have.
        OSError
            If the disk refuses.
        """
        for table in tables:
            rows = self._counted(self._readable(table), tell)
            columns = None
            for row in rows:
                if isinstance(row, Row) and columns is None:
                    columns = find_columns(self._wishes, table.path, list(row.cells))
                    self._outcome.warnings += columns.warnings
                    self._outcome.notes.append(_told(table, columns))
                    self._table(table, columns, row, rows)
                elif isinstance(row, BadRow):
                    self._failed(table, row.number, row.reason)

    def kept(self, source: str) -> bool:
        """Tell whether the row at a source is there still, as far as can be told."""
        table, mark, _ = source.partition("#")
        return bool(mark) and (source in self._seen or (table not in self._read and self._exists(table)))

    def _exists(self, table: str) -> bool:
        return table in self._outcome.there

    def _readable(self, table: Table) -> Iterator[Row | BadRow]:
        """Yield rows until the table ends or breaks; only of a whole one can it be said which rows it lacks."""
        try:
            yield from table.rows()
        except SourceError as error:
            self._outcome.failed.append((table.path, str(error)))
        else:
            self._read.add(f"raw/{table.path}")

    def _counted(self, rows: Iterator[Row | BadRow], tell: Callable[[int, int | None], None]) -> Iterator[Row | BadRow]:
        for row in rows:
            self._count += 1
            if not self._count % _TELL_EVERY:
                tell(self._count, None)
            yield row

    def _failed(self, table: Table, number: int, reason: str) -> None:
        self._outcome.failed.append((f"{table.path}#{number}", reason))

    def _table(self, table: Table, columns: Columns, first: Row, rows: Iterator[Row | BadRow]) -> None:
        new: list[_New] = []
        keys: set[str] = set()
        self._row(table, columns, first, keys, new)
        for row in rows:
            if isinstance(row, Row):
                self._row(table, columns, row, keys, new)
            else:
                self._failed(table, row.number, row.reason)
            if len(new) >= _BATCH_ROWS:
                self._write(columns, new)
                new = []
        self._write(columns, new)

    def _row(self, table: Table, columns: Columns, row: Row, keys: set[str], new: list[_New]) -> None:
        try:
            whole = canonical(row.cells)
            key = row.cells.get(columns.key) if columns.key is not None else None
            item = keyed_row_id(table.path, key) if columns.key is not None else ""
        except SourceError as error:
            self._failed(table, row.number, str(error))
            return
        sha256 = hashlib.sha256(whole).hexdigest()
        if columns.key is None:
            item = sha256[:ID_LENGTH]
            source = self._place(table, row.number, item)
        elif key is None or key == "" or item in keys:
            why = "is empty" if key in (None, "") else f"{key!r} is that of an earlier row"
            self._failed(table, row.number, f"its key {columns.key!r} {why}")
            return
        else:
            source = f"raw/{table.path}#{key}"
        if item in self._blocked:
            self._outcome.left.append((f"{table.path}#{row.number}", self._blocked.why(item)))
            return
        keys.add(item)
        attributes = _taken(row.cells, columns.attributes)
        self._seen.add(source)
        self._outcome.found.append((source, item))
        self._labels.note(item, source, _taken(row.cells, columns.labels))
        if self._outcome.before.rows.get(item, sha256) != sha256:
            self._outcome.changed.append((source, item))
        now = self._writer.now.rows.get(item)
        if now == sha256:
            self._writer.source(item, source, attributes)
        else:
            new.append(_New(item, sha256, len(whole), source, row.cells, attributes, changed=now is not None))

    def _place(self, table: Table, number: int, item: str) -> str:
        """Return where a row without a key is said to be: where it was first seen, even if rows before it are new."""
        source = f"raw/{table.path}#{number}"
        known = self._sources.get((item, f"raw/{table.path}"))
        if known:
            known.remove(found := source if source in known else known[0])
            return found
        while source in self._seen or self._writer.now.present.get(source, item) != item:
            source += "+"
        return source

    def _write(self, columns: Columns, new: list[_New]) -> None:
        if not new:
            return
        # Rows that are alike are one item, and lie there once.
        unique: dict[str, _New] = {}
        for row in new:
            unique.setdefault(row.item, row)
        places = {item: at for at, item in enumerate(unique)}
        path = write_records(self._folder, [(row.item, row.values) for row in unique.values()])
        for row in new:
            if self._writer.now.rows.get(row.item) == row.sha256:
                self._writer.source(row.item, row.source, row.attributes)
                continue
            kind, text = columns.shown(row.values)
            self._writer.row(
                Sighting(
                    id=row.item,
                    sha256=row.sha256,
                    content=text_content(text) if kind == "text" else row.sha256,
                    kind=kind,
                    media_type="text/plain" if kind == "text" else "application/json",
                    path=path,
                    row=places[row.item],
                    text=text,
                    bytes=row.size,
                    source=row.source,
                    attributes=as_json(row.attributes),
                    replaces=row.item if row.changed else None,
                    added=self._writer.added,
                )
            )
        self._writer.commit()


def _taken(values: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    taken = {name: as_attribute(values.get(column)) for column, name in columns.items()}
    return {name: value for name, value in taken.items() if value not in (None, "")}


def _told(table: Table, columns: Columns) -> str:
    shown = f"the text is its column {columns.text!r}" if columns.text else "each is shown as a record"
    named = f"known by its column {columns.key!r}" if columns.key else "known by all its columns (or name one: key='…')"
    return f"{table.path}: its rows are items; {shown}, {named}"
