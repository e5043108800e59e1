"""What each item is now: the fold of all rows that the catalogue has of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from nbtools.items.catalogue import COLUMNS, arrow_array, read_batches, records
from nbtools.storage import Folder

if TYPE_CHECKING:
    import numpy as np

BATCH_ITEMS = 8_192


class FoldedItem(NamedTuple):
    """One item as it is now.

    `sources` is a JSON list of the raw files that are present, `attributes` a JSON
    object. The other fields are those of `Sighting`.
    """

    position: int
    id: str
    recipe: int
    sha256: str | None
    content: str | None
    kind: str
    media_type: str | None
    path: str | None
    row: int | None
    text: str | None
    bytes: int | None
    width: int | None
    height: int | None
    duration: float | None
    sources: str
    attributes: str


# What is taken from the last row that names processed bytes.
_SHOWN = FoldedItem._fields[2:14]
_AT = {name: COLUMNS.index(name) for name in COLUMNS}
_shown = itemgetter(*(_AT[name] for name in _SHOWN))
_ID, _PATH, _SOURCE, _STATE, _ATTRIBUTES = (_AT[name] for name in ("id", "path", "source", "state", "attributes"))


def fold_parts(folder: Folder, names: Sequence[str]) -> Iterator[list[FoldedItem]]:
    """Yield every item once, in batches, each with its place in the order.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    names : sequence of str
        The parts to fold, in the order of their names.

    Yields
    ------
    list of FoldedItem
        Not in the order of position where an item has several rows: such an item
        comes when its last row has been read. Only those are held in memory.

    Raises
    ------
    DatasetError
        If a part cannot be read.
    """
    yield from _folded((row for name in names for row in records(folder, name)), *_places(folder, names))


def fold_items(folder: Folder, names: Sequence[str], places: Mapping[str, int]) -> Iterator[list[FoldedItem]]:
    """Yield some items as `fold_parts` yields them, from all of their rows and no others.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    names : sequence of str
        All parts, in the order of their names.
    places : mapping of str to int
        The position of each of the items, by id.

    Yields
    ------
    list of FoldedItem
        In the order in which their last rows are read.

    Raises
    ------
    DatasetError
        If a part cannot be read.
    """
    import numpy as np

    if not places:
        return
    parts = [[batch["id"] for batch in read_batches(folder, name, ("id",))] for name in names]
    ids = pa.chunked_array([batch for part in parts for batch in part], pa.string())
    codes = pc.index_in(ids, value_set=arrow_array(list(places), pa.string())).combine_chunks()
    lengths = [sum(map(len, part)) for part in parts]
    del parts, ids
    numbers = np.from_dlpack(codes.drop_null())
    positions = np.fromiter(places.values(), np.int64, len(places))
    rows = _rows_of(folder, names, lengths, pc.is_valid(codes))
    yield from _folded(rows, memoryview(numbers), memoryview(positions), memoryview(np.bincount(numbers)))  # type: ignore[arg-type]


def _rows_of(
    folder: Folder, names: Sequence[str], lengths: Sequence[int], wanted: pa.BooleanArray
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that are wanted; a part that has none is not read."""
    at = 0
    for name, length in zip(names, lengths, strict=True):
        if wanted.slice(at, length).true_count:
            start = at
            for batch in read_batches(folder, name):
                piece = batch.filter(wanted.slice(start, batch.num_rows))
                start += batch.num_rows
                yield from zip(*(column.to_pylist() for column in piece.columns), strict=True)
        at += length


def _folded(
    rows: Iterable[tuple[Any, ...]], codes: memoryview[int], places: memoryview[int], left: memoryview[int]
) -> Iterator[list[FoldedItem]]:
    """Fold rows, given per row the number of its item, and per item its position and its count of rows."""
    open_items: dict[int, _Item] = {}
    done: list[FoldedItem] = []
    for code, row in zip(codes, rows, strict=True):
        left[code] -= 1
        last = not left[code]
        item = open_items.pop(code, None) if last else open_items.setdefault(code, _Item())
        if item is None:
            done.append(_alone(places[code], row))
        else:
            item.see(row)
            if last:
                done.append(item.folded(places[code], row[_ID]))
        if len(done) >= BATCH_ITEMS:
            yield _placed(done)
            done = []
    if done:
        yield _placed(done)


def _placed(items: list[FoldedItem]) -> list[FoldedItem]:
    return [item for item in items if item.position >= 0]


def _places(folder: Folder, names: Sequence[str]) -> tuple[memoryview[int], memoryview[int], memoryview[int]]:
    """Return per row the number of its item, and per item its position and its count of rows.

    An item has no place (-1) as long as no row says what it is.
    """
    import numpy as np

    batches = [batch for name in names for batch in read_batches(folder, name, ("id", "kind"))]
    if not batches:
        return memoryview(b""), memoryview(b""), memoryview(b"")
    table = pa.Table.from_batches(batches)
    encoded = pc.dictionary_encode(table["id"].combine_chunks())
    # Not by to_numpy, which would import pandas.
    codes = np.from_dlpack(encoded.indices)
    said = np.from_dlpack(encoded.indices.filter(pc.is_valid(table["kind"]).combine_chunks()))
    places: np.ndarray[Any, Any] = np.full(len(encoded.dictionary), -1, dtype=np.int64)
    items, first = np.unique(said, return_index=True)
    places[items[np.argsort(first)]] = np.arange(len(items))
    # Views, because a million Python integers would take more room than the ids.
    return memoryview(codes), memoryview(places), memoryview(np.bincount(codes))  # type: ignore[arg-type]


def _alone(place: int, row: tuple[Any, ...]) -> FoldedItem:
    # The usual case, a million times over: an item with one row is that row.
    source = row[_SOURCE]
    here = source is not None and row[_STATE] == "present"
    sources = f"[{encode_basestring(source)}]" if here else "[]"
    return FoldedItem._make((place, row[_ID], *_shown(row), sources, row[_ATTRIBUTES]))


class _Item:
    """The rows of one item so far."""

    __slots__ = ("attached", "shown", "sources")

    def __init__(self) -> None:
        self.shown: tuple[Any, ...] | None = None
        self.sources: dict[str, tuple[bool, dict[str, Any]]] = {}
        self.attached: dict[str, Any] = {}

    def see(self, row: tuple[Any, ...]) -> None:
        if row[_PATH] is not None:
            self.shown = _shown(row)
        said = json.loads(row[_ATTRIBUTES])
        source = row[_SOURCE]
        if source is None:
            self.attached |= said
            return
        _, before = self.sources.get(source, (False, {}))
        self.sources[source] = (row[_STATE] == "present", before | said)

    def folded(self, place: int, item: str) -> FoldedItem:
        present = [source for source, (here, _) in self.sources.items() if here]
        shown = self.shown or (None,) * len(_SHOWN)
        sources = json.dumps(present, ensure_ascii=False)
        return FoldedItem._make((place, item, *shown, sources, json.dumps(self._attributes(), ensure_ascii=False)))

    def _attributes(self) -> dict[str, Any]:
        # Of an item whose raw files are all gone, what they said last still holds.
        here = [said for present, said in self.sources.values() if present]
        said = here or [said for _, said in self.sources.values()]
        names = dict.fromkeys(name for one in said for name in one)
        merged = {name: _agreed([one[name] for one in said if one.get(name) is not None]) for name in names}
        return {name: value for name, value in (merged | self.attached).items() if value is not None}


def _agreed(values: list[Any]) -> Any:
    """Return the value that all sources give, or the sorted list of those they give."""
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    distinct = {json.dumps(one, sort_keys=True): one for one in flat}
    if len(distinct) < 2:
        return next(iter(distinct.values()), None)
    return sorted(distinct.values(), key=lambda one: (str(type(one)), one))
