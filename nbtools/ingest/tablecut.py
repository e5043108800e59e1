"""Rows cut out of a table in raw/; every other byte stays as it came."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from nbtools.errors import SourceError
from nbtools.ingest.tables import LONGEST_CELL, csv_dialect
from nbtools.items.ids import canonical, item_id, keyed_row_id
from nbtools.media.sniff import suffix_of

# A shorter name is a number that many a cell holds.
_LONG_ENOUGH = 3
Goes = Callable[[dict[str, Any]], bool]


class Cut(NamedTuple):
    """A table without some of its rows.

    Attributes
    ----------
    data : bytes or None
        The new file; None where nothing is to be cut.
    rows : int
        How many rows are cut.
    unsure : int
        How many rows may speak of an item, by a name that others share.
    """

    data: bytes | None
    rows: int
    unsure: int


def cut_rows(table: str, place: Path, ids: Collection[str], keys: Collection[str], names: Collection[str]) -> Cut:
    """Cut the rows that are, or that describe, some items.

    Parameters
    ----------
    table : str
        Its path below raw/, which is part of the ids of rows with a key.
    place : Path
        Where it lies.
    ids : collection of str
        Items that are rows.
    keys : collection of str
        What the sources of such items say behind the ``#``: a key, or a number.
    names : collection of str
        Paths below raw/ of items that are files.

    Raises
    ------
    SourceError
        If it is not the table that its suffix says.
    """
    home = table.rpartition("/")[0]
    exact = {*names, *(name.removeprefix(home + "/") for name in names if home and name.startswith(home + "/"))}
    loose = {name.rpartition("/")[2] for name in names}
    loose |= {name.rpartition(".")[0] for name in loose | exact}
    loose = {name for name in loose if len(name) >= _LONG_ENOUGH}
    unsure = 0

    def goes(cells: dict[str, Any]) -> bool:
        nonlocal unsure
        texts = {str(cell).strip().replace("\\", "/") for cell in cells.values() if isinstance(cell, str | int)}
        if texts & exact or _is_item(table, cells, ids, keys):
            return True
        unsure += bool(texts & loose)
        return False

    data, rows = _CUTTERS[suffix_of(table.lower())](place, goes)
    return Cut(data if rows else None, rows, unsure)


def _is_item(table: str, cells: dict[str, Any], ids: Collection[str], keys: Collection[str]) -> bool:
    if not keys:
        return False
    try:
        if item_id(canonical(cells)) in ids:
            return True
        return any(str(cell) in keys and keyed_row_id(table, cell) in ids for cell in cells.values())
    except SourceError:
        return False


def _csv(place: Path, goes: Goes) -> tuple[bytes, int]:
    encoding, delimiter = csv_dialect(place)
    csv.field_size_limit(LONGEST_CELL)
    text = place.read_bytes().decode(encoding)
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    names = next(reader, [])
    kept, cut, before = lines[: reader.line_num], 0, reader.line_num
    try:
        for cells in reader:
            # A row with a cell too many is no item, and may all the same speak of one.
            known = names if len(cells) == len(names) else map(str, range(len(cells)))
            out = bool(cells) and goes(dict(zip(known, cells, strict=True)))
            cut += out
            kept += [] if out else lines[before : reader.line_num]
            before = reader.line_num
    except csv.Error as error:
        raise SourceError(f"not a readable table: {error}") from error
    return "".join(kept).encode(encoding), cut


def _jsonl(place: Path, goes: Goes) -> tuple[bytes, int]:
    lines = place.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not (isinstance(cells := _json(line), dict) and goes(cells))]
    return b"".join(kept), len(lines) - len(kept)


def _json(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except ValueError:
        return None


def _parquet(place: Path, goes: Goes) -> tuple[bytes, int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(place) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"not a readable Parquet file: {error}") from error
    kept = [not goes(cells) for cells in _cells(table)]
    buffer = io.BytesIO()
    pq.write_table(table.filter(pa.array(kept, pa.bool_())), buffer, compression="zstd")
    return buffer.getvalue(), len(kept) - sum(kept)


def _cells(table: Any) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=4096):
        yield from batch.to_pylist()


_CUTTERS = {"csv": _csv, "tsv": _csv, "jsonl": _jsonl, "ndjson": _jsonl, "parquet": _parquet}
