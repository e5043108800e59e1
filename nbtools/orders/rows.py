"""Tables of one row of numbers for each item, in whatever they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbtools.errors import OrderError


@dataclass(frozen=True)
class Rows:
    """Rows of numbers by item.

    Attributes
    ----------
    what : str
        What they are, for errors.
    places : mapping of str to int
        The row of each item.
    values : array of float, shape (n, columns)
        The rows; of NaN where nothing is known.
    """

    what: str
    places: Mapping[str, int]
    values: np.ndarray

    def take(self, ids: Sequence[str]) -> np.ndarray:
        """Return the row of each item, shape (len(ids), columns); NaN where there is none.

        Raises
        ------
        OrderError
            If not one of the items has a row.
        """
        at = np.fromiter((self.places.get(one, -1) for one in ids), np.int64, len(ids))
        there = at >= 0
        if len(ids) and not there.any():
            some = ", ".join(map(repr, list(self.places)[:2])) or "nothing"
            raise OrderError(
                f"{self.what} has none of the {len(ids):,} items that wait: give one row for each whole id, "
                f"such as {ids[0]!r}; it has {some}"
            )
        found: np.ndarray = np.full((len(ids), self.values.shape[1]), np.nan, self.values.dtype)
        found[there] = self.values[at[there]]
        return found


def read_rows(table: Any, what: str) -> Rows:
    """Return a table as rows by item.

    Parameters
    ----------
    table : mapping, DataFrame or (ids, array)
        ``{id: [number, …]}``, ``{id: {column: number}}``, a table with the ids as its index or
        in a column ``id``, or ids and an array of shape (n, columns).
    what : str
        What it is, for errors.

    Raises
    ------
    OrderError
        If it is no such table, or names an item twice.
    """
    if isinstance(table, Rows):
        return table
    try:
        ids, values = _columns(table)
        # Embeddings come as float32, and stay so: half the memory to go through for each center.
        kept = values if values.dtype == np.float32 else np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise OrderError(
            f"{what} cannot be read: {str(error)[:200]}. Give {{id: [number, …]}}, a DataFrame by id, or (ids, array)"
        ) from error
    kept = kept[:, None] if kept.ndim == 1 else kept
    if kept.ndim != 2 or len(kept) != len(ids):
        raise OrderError(f"{what} has {len(ids):,} ids and numbers of the shape {kept.shape}: give one row for each")
    if np.isinf(kept).any():
        raise OrderError(f"{what} of {ids[int(np.isinf(kept).any(axis=1).argmax())]!r} is infinite: leave it out")
    places = {one: place for place, one in enumerate(ids)}
    if len(places) < len(ids):
        twice = next(one for place, one in enumerate(ids) if places[one] != place)
        raise OrderError(f"{what} names the item {twice!r} twice: leave one of them")
    return Rows(what, places, kept)


def _columns(table: Any) -> tuple[list[str], np.ndarray]:
    if hasattr(table, "to_numpy") and hasattr(table, "index"):
        named = next((name for name in ("id", "item") if name in getattr(table, "columns", ())), None)
        table = table if named is None else table.set_index(named)
        return [str(one) for one in table.index], table.to_numpy(dtype=np.float64)
    if isinstance(table, Mapping):
        return [str(one) for one in table], _of_mapping(list(table.values()))
    ids, values = table
    return [str(one) for one in ids], np.asarray(values)


def _of_mapping(rows: list[Any]) -> np.ndarray:
    if not rows:
        return np.empty((0, 1))
    if not isinstance(rows[0], Mapping):
        return np.array(rows, np.float64) if not hasattr(rows[0], "dtype") else np.stack(rows)
    names = sorted({str(name) for row in rows for name in row})
    return np.array([[row.get(name, np.nan) for name in names] for row in rows], np.float64)
