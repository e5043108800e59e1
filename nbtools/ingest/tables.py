"""Tables in raw/: their rows, and which of them describe the files beside them."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from nbtools.errors import SourceError
from nbtools.media.sniff import suffix_of, text_encoding

NAMES_ENOUGH = 0.9
_DELIMITERS = ",;|\t"
LONGEST_CELL = 1 << 30
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")


class BadRow(NamedTuple):
    """A row that cannot be read, and why."""

    number: int
    reason: str


class Row(NamedTuple):
    """A row of a table; `number` counts from 0."""

    number: int
    cells: dict[str, Any]


class Table(NamedTuple):
    """A table in raw/: its path below raw/, and where it is."""

    path: str
    place: Path

    def rows(self) -> Iterator[Row | BadRow]:
        """Yield the rows; cells of a CSV are strings as they came.

        Raises
        ------
        SourceError
            If the file is not the table that its suffix says.
        """
        read = _READERS[suffix_of(self.path)]
        try:
            yield from read(self.place)
        except UnicodeError as error:
            raise SourceError(f"not UTF-8: save it as UTF-8 (iconv -t utf-8): {error}") from error
        except (OSError, csv.Error, ValueError) as error:
            raise SourceError(f"not a readable {suffix_of(self.path).upper()}: {error}") from error


def _csv_rows(place: Path, delimiters: str = _DELIMITERS) -> Iterator[Row | BadRow]:
    csv.field_size_limit(LONGEST_CELL)
    encoding, delimiter = csv_dialect(place, delimiters)
    with place.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        names = next(reader)
        if len(set(names)) < len(names):
            raise SourceError(f"two of its columns have the same name: {', '.join(names)}")
        for number, cells in enumerate(line for line in reader if line):
            if len(cells) == len(names):
                yield Row(number, dict(zip(names, cells, strict=True)))
            else:
                yield BadRow(
                    number, f"line {reader.line_num} has {len(cells)} cells, and there are {len(names)} columns"
                )


def csv_dialect(place: Path, delimiters: str = "") -> tuple[str, str]:
    """Return how a table of text is encoded, and what stands between its cells.

    Raises
    ------
    SourceError
        If it has no line with the names of its columns.
    """
    encoding = _encoding(place)
    with place.open(encoding=encoding, newline="") as file:
        head = file.readline()
    if not head.strip() or "\0" in head:
        raise SourceError("it has no line with the names of its columns")
    return encoding, max(
        delimiters or ("\t" if suffix_of(place.name.lower()) == "tsv" else _DELIMITERS), key=head.count
    )


def _tsv_rows(place: Path) -> Iterator[Row | BadRow]:
    return _csv_rows(place, "\t")


def _jsonl_rows(place: Path) -> Iterator[Row | BadRow]:
    number = -1
    with place.open("rb") as file:
        for at, line in enumerate(file, 1):
            if not line.strip():
                continue
            number += 1
            try:
                values = json.loads(line.decode("utf-8-sig" if at == 1 else "utf-8"))
            except ValueError as error:
                yield BadRow(number, f"line {at} is not JSON: {error}")
                continue
            if isinstance(values, dict):
                yield Row(number, values)
            else:
                yield BadRow(number, f"line {at} is not an object but {type(values).__name__}")


def _parquet_rows(place: Path) -> Iterator[Row | BadRow]:
    import pyarrow.parquet as pq

    number = 0
    with pq.ParquetFile(place) as file:
        for batch in file.iter_batches(batch_size=4096):
            for values in batch.to_pylist():
                yield Row(number, values)
                number += 1


_READERS = {
    "csv": _csv_rows,
    "tsv": _tsv_rows,
    "jsonl": _jsonl_rows,
    "ndjson": _jsonl_rows,
    "parquet": _parquet_rows,
}


def _encoding(place: Path) -> str:
    with place.open("rb") as file:
        return text_encoding(file.read(4))


# Which files a table describes


class Describing(NamedTuple):
    """A table whose column names files.

    `columns` holds, by column, the value for each path below raw/.
    """

    table: Table
    key: str
    named: frozenset[str]
    columns: dict[str, dict[str, Any]]


def find_describing(tables: Sequence[tuple[Table, list[dict[str, Any]]]], paths: Sequence[str]) -> list[Describing]:
    """Return the tables that say something about the files.

    Together, by a column of the same name, they have to name 90 % of the files: so
    that a train.csv and a test.csv count as one.

    Parameters
    ----------
    tables : sequence of (Table, list of rows)
        The tables, read.
    paths : sequence of str
        The files, below raw/.
    """
    found: dict[str, list[Describing]] = defaultdict(list)
    for table, rows in tables:
        for column in dict.fromkeys(name for row in rows for name in row):
            named = _named_by(column, table.path, rows, paths)
            if named:
                found[column].append(_describing(table, column, rows, named))
    best: list[Describing] = []
    covered = 0
    for group in found.values():
        paths_named = len(frozenset().union(*(one.named for one in group)))
        if paths_named > covered:
            best, covered = group, paths_named
    return best if paths and covered >= NAMES_ENOUGH * len(paths) else []


def best_share(table: Table, rows: list[dict[str, Any]], paths: Sequence[str]) -> tuple[str, float]:
    """Return the column of a table that names most files, and which share of them."""
    shares = {
        column: len(frozenset().union(*_named_by(column, table.path, rows, paths).values(), ())) / len(paths)
        for column in dict.fromkeys(name for row in rows for name in row)
    }
    best = max(shares, key=shares.__getitem__, default="")
    return best, shares.get(best, 0.0)


def _named_by(column: str, table: str, rows: Iterable[Mapping[str, Any]], paths: Sequence[str]) -> dict[str, list[str]]:
    """Return the files that each value of a column names, by the form of naming that names most."""
    values = {text for row in rows if (text := _as_name(row.get(column)))}
    best: dict[str, list[str]] = {}
    for form in match_forms(table):
        keys = defaultdict(list)
        for path in paths:
            key = form(path)
            if key in values:
                keys[key].append(path)
        ambiguous = sum(len(named) for named in keys.values()) - len(keys)
        if len(keys) > len(best) and ambiguous <= len(keys) * (1 - NAMES_ENOUGH):
            best = dict(keys)
    return best


def match_forms(table: str = "") -> list[Any]:
    """Return the ways in which a table may name a file: functions of its path below raw/."""
    home = table.rpartition("/")[0] + "/" if "/" in table else ""

    def beside(path: str) -> str:
        return path.removeprefix(home) if home and path.startswith(home) else ""

    def name(path: str) -> str:
        return path.rpartition("/")[2]

    def whole(path: str) -> str:
        return path

    forms = [whole, beside, name]
    return [*forms, *(_stemmed(form) for form in forms)]


def _stemmed(form: Any) -> Any:
    def stem(path: str) -> str:
        text = str(form(path))
        head, _, last = text.rpartition("/")
        cut = last.rpartition(".")[0] or last
        return f"{head}/{cut}" if head else cut

    return stem


def _as_name(value: Any) -> str:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text.strip().replace("\\", "/").removeprefix("./").removeprefix("raw/")


def _describing(table: Table, key: str, rows: Sequence[dict[str, Any]], named: dict[str, list[str]]) -> Describing:
    names = list(dict.fromkeys(name for row in rows for name in row if name != key))
    typed = typed_columns(rows, names) if suffix_of(table.path) in ("csv", "tsv") else None
    columns: dict[str, dict[str, Any]] = {name: {} for name in names}
    for at, row in enumerate(rows):
        for path in named.get(_as_name(row.get(key)), ()):
            for name in names:
                value = typed[name][at] if typed is not None else row.get(name)
                if value is not None:
                    _put(columns[name], path, value)
    return Describing(table, key, frozenset(path for paths in named.values() for path in paths), columns)


def _put(column: dict[str, Any], path: str, value: Any) -> None:
    # A file on several lines has several values.
    before = column.get(path)
    if before is None or before == value:
        column[path] = value
    elif isinstance(before, list):
        column[path] = before if value in before else [*before, value]
    else:
        column[path] = [before, value]


def typed_columns(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """Return columns of strings as numbers where every cell is one; empty cells are None.

    A cell such as ``007`` is no number: it would not come back as it was.
    """
    return {name: _typed([row.get(name) for row in rows]) for name in names}


def _typed(cells: list[Any]) -> list[Any]:
    texts = [cell for cell in cells if cell not in (None, "")]
    if all(isinstance(text, str) and _WHOLE.fullmatch(text) for text in texts):
        return [int(cell) if cell not in (None, "") else None for cell in cells]
    if all(isinstance(text, str) and _DECIMAL.fullmatch(text) for text in texts):
        return [float(cell) if cell not in (None, "") else None for cell in cells]
    return [cell if cell != "" else None for cell in cells]
