"""Strata: what is to have the same share in every split."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array, Column, read_columns

_FEW = 20


def read_strata(given: Any, count: int, bins: int = 10) -> list[Column]:
    """Return the columns of strata, numbers binned.

    A column of fractions, or of more than 20 different numbers, is cut at its
    quantiles. Items without a value are in no stratum of the column.

    Parameters
    ----------
    given : array-like, DataFrame, mapping or None
        Shape (n,), or several columns.
    count : int
        Number of items.
    bins : int
        Into how many parts numbers are cut, at least 2.

    Raises
    ------
    SplitError
        If a column cannot be read, or `bins` is no such number.
    """
    if type(bins) is not int or bins < 2:
        raise SplitError(f"bins={bins!r}: numbers are cut into 2 parts or more")
    return [_binned(column, bins) for column in read_columns(given, count, "stratum", _in_order)]


def _in_order(values: Array) -> Array:
    # By type and value, so that codes do not depend on the order of rows.
    kinds = {type(value) for value in values}
    if len(kinds) == 1:
        try:
            return np.array(sorted(range(len(values)), key=lambda at: values[at]), np.intp)
        except TypeError:
            pass
    return np.array(sorted(range(len(values)), key=lambda at: (type(values[at]).__name__, str(values[at]))), np.intp)


def _binned(column: Column, bins: int) -> Column:
    if column.kind != "one" or not len(column.levels) or not _numeric(column.levels):
        return column
    numbers = np.full(column.count, np.nan)
    numbers[column.rows] = column.levels.astype(np.float64)[column.codes]
    present = numbers[column.rows]
    if not np.isfinite(present).all():
        raise SplitError(f"stratum column {column.name!r} holds infinity, which is in no bin: replace it first")
    inner = np.unique(np.quantile(present, np.linspace(0, 1, bins + 1)[1:-1]))
    inner = inner[(inner > present.min()) & (inner <= present.max())]
    edges = [f"{edge:.6g}" for edge in (present.min(), *inner, present.max())]
    names = [f"{low} – {high}" for low, high in pairwise(edges)]
    values = np.empty(len(names), object)
    values[:] = names
    return replace(
        column, codes=np.searchsorted(inner, present, side="right"), levels=values, kind="bins", numbers=numbers
    )


def _numeric(values: Array) -> bool:
    if not all(
        isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool) for value in values
    ):
        return False
    return len(values) > _FEW or any(float(value) != int(value) for value in values if np.isfinite(value))


@dataclass(frozen=True)
class Tally:
    """How many items of each stratum each unit holds, as compressed rows; the last stratum is that of all items.

    Attributes
    ----------
    starts : ndarray of int, shape (units + 1,)
        Where the entries of a unit begin.
    strata, counts : ndarray of int, shape (m,)
        Which stratum, over all columns, and how many of its items.
    totals : ndarray of int, shape (strata,)
        Items of each stratum.
    carriers : ndarray of int, shape (strata,)
        Units that hold any.
    """

    starts: Array
    strata: Array
    counts: Array
    totals: Array
    carriers: Array


def tally(columns: list[Column], unit_of: Array, units: int) -> Tally:
    """Count strata by unit.

    Parameters
    ----------
    columns : list of Column
        The strata.
    unit_of : ndarray of int, shape (n,)
        The unit of each item; below 0 where it does not count.
    units : int
        How many there are.
    """
    sizes = [len(column.levels) for column in columns]
    total = sum(sizes)
    offsets = np.cumsum([0, *sizes])
    keys = [
        unit_of[column.rows] * total + column.codes + offset for column, offset in zip(columns, offsets, strict=False)
    ]
    joined = np.concatenate([np.empty(0, np.int64), *keys])
    entries, counts = np.unique(joined[joined >= 0], return_counts=True)
    holder, stratum = np.divmod(entries, max(total, 1))
    return _with_all(holder, stratum, counts, total, np.bincount(unit_of[unit_of >= 0], minlength=units))


def _with_all(holder: Array, stratum: Array, counts: Array, total: int, sizes: Array) -> Tally:
    """Add the stratum of all items, as the last entry of each unit."""
    units = len(sizes)
    place = np.arange(len(holder)) + holder
    strata, numbers = np.full(len(holder) + units, total), np.empty(len(holder) + units, np.int64)
    strata[place], numbers[place] = stratum, counts
    starts = np.zeros(units + 1, np.int64)
    np.cumsum(np.bincount(holder, minlength=units) + 1, out=starts[1:])
    numbers[starts[1:] - 1] = sizes
    totals = np.bincount(strata, numbers, minlength=total + 1).astype(np.int64)
    return Tally(starts, strata, numbers, totals, np.bincount(strata[numbers > 0], minlength=total + 1))
