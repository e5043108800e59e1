"""Items as tables; pandas is imported when one is asked for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.errors import QueryError, did_you_mean
from nbtools.store.rows import ItemRow

if TYPE_CHECKING:
    from pandas import DataFrame

_USUAL = ("id", "kind", "path", "bytes", "sources", "width", "height", "duration")
_MORE = ("position", "source", "media_type", "recipe", "row", "text", "sha256", "content")


def items_table(ds: Core, columns: Sequence[str] | None, where: str | None, limit: int | None) -> DataFrame:
    """Return the items that are in, in order.

    Raises
    ------
    QueryError
        If `where` cannot be evaluated or a column is not one.
    """
    attributes = ds._index.attributes()
    wanted = list(_USUAL) + attributes if columns is None else list(columns)
    known = (*_USUAL, *_MORE, *attributes)
    for name in wanted:
        if name not in known:
            raise QueryError(
                f"items have no column {name!r}{did_you_mean(str(name), known)}; they have {', '.join(known)}"
            )
    return _table(ds._index.rows(where, limit), wanted)


def sample_table(ds: Core, count: int, seed: int) -> DataFrame:
    """Return some items that are in, drawn by chance; the same for the same seed and items."""
    total = ds._index.total()
    out = set(ds._index.excluded_positions())
    # Drawn over all positions in turn, so that an exclusion replaces one item and moves no other.
    order = random.Random(seed).sample(range(total), min(total, count + len(out)))
    drawn = [position for position in order if position not in out][:count]
    return _table(ds._index.rows_at(sorted(drawn)), list(_USUAL) + ds._index.attributes())


def with_labels(ds: Core, table: DataFrame, tasks: Iterable[str]) -> DataFrame:
    """Return a table of items with one column per task: the label made last, a person's before an import."""
    from nbtools.dataset.tables import labels_table

    for task in tasks:
        latest = labels_table(ds._index, task, "latest")
        values = dict(zip(latest["item"], latest["value"], strict=True))
        table[task] = [values.get(item) for item in table["id"]]
    return table


def _table(rows: Iterable[ItemRow], columns: Sequence[str]) -> DataFrame:
    import pandas as pd

    names = list(dict.fromkeys([*columns, *(("id",) if "id" not in columns else ())]))
    made = [[_cell(row, name) for name in names] for row in rows]
    table = pd.DataFrame(made, columns=names)
    for name in ("width", "height", "row"):
        if name in names:
            table[name] = table[name].astype("Int64")
    return table[list(columns)]


def _cell(row: ItemRow, name: str) -> Any:
    if name == "source":
        return row.sources[0] if row.sources else None
    if name == "sources":
        return list(row.sources)
    return getattr(row, name) if name in _FIELDS else row.attributes.get(name)


_FIELDS = frozenset({*_USUAL, *_MORE}) - {"source", "sources"}
