"""Columns of groups and strata, as they are given, read into codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.ids import types_in

Array = np.ndarray[Any, Any]
_SEVERAL = (list, tuple, set, frozenset, np.ndarray)
# What a missing value becomes on its way through a CSV or astype(str).
_BLANK = [
    "",
    " ",
    "  ",
    "\t",
    *(form for word in ("nan", "none", "null") for form in (word, word.title(), word.upper())),
]
_BLANK += ["NaN", "NaT", "nat", "<NA>", "<na>"]
MISSING = ("alone", "together")


@dataclass(frozen=True)
class Column:
    """A column whose items have one value each, or several, or none.

    Attributes
    ----------
    name : str
        As in the table; ``group`` or ``stratum`` where it has none.
    rows : ndarray of int, shape (m,)
        The position of the item that has the value.
    codes : ndarray of int, shape (m,)
        Which value.
    levels : ndarray of object
        The values that occur.
    count : int
        Number of items.
    kind : str
        ``one``, ``several`` (values per item) or ``bins`` (of a number).
    numbers : ndarray of float, shape (n,), optional
        The numbers themselves, where they are binned; NaN where there is none.
    """

    name: str
    rows: Array
    codes: Array
    levels: Array
    count: int
    kind: str = "one"
    numbers: Array | None = None

    @property
    def missing(self) -> Array:
        """Positions of the items that have no value."""
        has = np.zeros(self.count, bool)
        has[self.rows] = True
        return np.flatnonzero(~has)

    def named(self, row: int) -> list[str]:
        """Return the values of one item, as text."""
        return [str(self.levels[code]) for code in self.codes[self.rows == row]]


def read_columns(given: Any, count: int, what: str, order: Callable[[Array], Array] | None = None) -> list[Column]:
    """Return the columns of what was given.

    Parameters
    ----------
    given : array-like, DataFrame, mapping or None
        One value for each item, shape (n,), or several columns. A cell that is a list
        holds several values.
    count : int
        Number of items.
    what : str
        ``group`` or ``stratum``: for messages, and the name of a column without one.
    order : callable, optional
        Puts the distinct values in order; else they come as they are met.

    Raises
    ------
    SplitError
        If a column has another length, or mixes what cannot be told apart.
    """
    return [_column(str(name), values, count, what, order) for name, values in _named(given, what)]


def _named(given: Any, what: str) -> list[tuple[Any, Any]]:
    if given is None:
        return []
    if isinstance(given, Mapping):
        return list(given.items())
    if hasattr(given, "columns"):
        repeated = [name for name in given.columns if list(given.columns).count(name) > 1]
        if repeated:
            raise SplitError(f"two {what} columns are named {repeated[0]!r}: rename one")
        return [(name, given[name]) for name in given.columns]
    if isinstance(given, np.ndarray) and given.ndim == 2:
        return [(f"{what} {number + 1}", given[:, number]) for number in range(given.shape[1])]
    if isinstance(given, str) or not hasattr(given, "__len__"):
        raise SplitError(
            f"{what}={given!r} is no column: hand over its values, one for each item, or a DataFrame of several columns"
        )
    name = getattr(given, "name", None)
    return [(what if name is None else name, given)]


def _column(name: str, given: Any, count: int, what: str, order: Callable[[Array], Array] | None) -> Column:
    if len(given) != count:
        raise SplitError(
            f"{what} column {name!r} has {len(given):,} values for {count:,} items: one for each is wanted"
        )
    cells = _cells(given)
    kinds = types_in(np.asarray(cells)) if cells.dtype.kind == "O" else set()
    if kinds & set(_SEVERAL) or any(issubclass(kind, _SEVERAL) for kind in kinds):
        return _coded(name, *_spread(cells), count, what, order, kind="several")
    return _coded(name, np.arange(count), cells, count, what, order)


def _cells(given: Any) -> Any:
    if hasattr(given, "dtype"):
        return given
    cells = np.empty(len(given), object)
    cells[:] = list(given)
    return cells


def _spread(cells: Any) -> tuple[Array, Array]:
    listed = [cell if isinstance(cell, _SEVERAL) else [cell] for cell in cells]
    lengths = np.fromiter(map(len, listed), np.int64, len(listed))
    spread = np.empty(int(lengths.sum()), object)
    spread[:] = list(chain.from_iterable(listed))
    return np.repeat(np.arange(len(listed)), lengths), spread


def _coded(
    name: str, rows: Array, cells: Any, count: int, what: str, order: Callable[[Array], Array] | None, kind: str = "one"
) -> Column:
    import pandas as pd

    codes, distinct = pd.factorize(cells)
    values = np.empty(len(distinct), object)
    values[:] = list(distinct)
    _refuse_mixed(name, values, what)
    blank = pd.Index(values, dtype=object).isin(_BLANK)
    if blank.any():
        codes = np.where(blank[codes] & (codes >= 0), -1, codes)
    has = codes >= 0
    rows, codes = (rows, codes) if has.all() else (rows[has], codes[has])
    if kind == "several":
        # Sorted by hand: np.unique hashes, which takes ten times as long where most are different.
        keys = np.sort(rows * len(values) + codes)
        rows, codes = np.divmod(keys[np.diff(keys, prepend=-1) > 0], max(len(values), 1))
    return _tidied(Column(name, rows, codes, values, count, kind), blank, order)


def _tidied(column: Column, blank: Array, order: Callable[[Array], Array] | None) -> Column:
    if order is None and not blank.any():
        return column
    kept = np.flatnonzero(~blank)
    if order is not None:
        kept = kept[order(column.levels[kept])]
    place = np.full(len(column.levels), -1)
    place[kept] = np.arange(len(kept))
    return replace(column, codes=place[column.codes], levels=column.levels[kept])


def _refuse_mixed(name: str, values: Array, what: str) -> None:
    kinds = {type(value) for value in values}
    if len(kinds) == 1:
        return
    texts = {value for value in values if isinstance(value, str)}
    alike = next((value for value in values if not isinstance(value, str) and str(value) in texts), None)
    if alike is not None:
        raise SplitError(
            f"{what} column {name!r} holds the {type(alike).__name__} {alike!r} and the text {str(alike)!r}, "
            "which look alike and would be two: make the column one type, with .astype(str)"
        )
    if bool in kinds and len(kinds - {str}) > 1:
        raise SplitError(
            f"{what} column {name!r} holds truth values and numbers, and True equals 1: make the column one type"
        )


def settle_missing(column: Column, missing: str | None, ids: Array) -> Column:
    """Return a group column in which a policy has been applied to the items without a value.

    Parameters
    ----------
    column : Column
        Of groups.
    missing : {"alone", "together"} or None
        Each such item is on its own, or all of them are one group.
    ids : ndarray, shape (n,)
        The ids of all items; for the message.

    Raises
    ------
    SplitError
        If there are such items and no policy was chosen.
    """
    if missing is not None and missing not in MISSING:
        raise SplitError(f"missing={missing!r} is none of {', '.join(map(repr, MISSING))}")
    without = column.missing
    if not len(without) or missing == "alone":
        return column
    if missing is None:
        raise SplitError(
            f"{len(without):,} of {column.count:,} items have no value in the group column {column.name!r}, the "
            f"first is {ids.tolist()[without[0]]!r}. "
            'Choose: missing="alone" (each is its own group) or "together" (all are one)'
        )
    return replace(
        column,
        rows=np.concatenate([column.rows, without]),
        codes=np.concatenate([column.codes, np.full(len(without), len(column.levels))]),
        levels=np.append(column.levels, np.array(["(missing)"], object)),
    )
