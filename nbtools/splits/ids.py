"""Ids as they are given: all of one kind, each once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nbtools.errors import SplitError


@dataclass(frozen=True, eq=False)
class Ids:
    """Ids of items: `array` of shape (n,), objects of type str or 64-bit integers, as `kind` (text, integer) says."""

    array: np.ndarray[tuple[int], np.dtype[Any]]
    kind: str

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.array)

    def index(self) -> Any:
        """Return them as a pandas Index."""
        import pandas as pd

        return pd.Index(self.array)


def read_ids(given: Any, what: str = "ids") -> Ids:
    """Return ids, checked.

    Parameters
    ----------
    given : array-like
        Texts or whole numbers, shape (n,).
    what : str
        What they are called in a message.

    Raises
    ------
    SplitError
        If they are not all texts or all whole numbers. Whether each comes once is
        for `told_apart`.
    """
    if hasattr(given, "to_numpy"):
        given = given.to_numpy()
    array = given if isinstance(given, np.ndarray) else _array(given, what)
    if array.ndim != 1:
        raise SplitError(f"{what} have the shape {array.shape}: one id for each item is wanted, shape (n,)")
    if array.dtype.kind in "iu":
        return Ids(array.astype(np.int64), "integer")
    if array.dtype.kind == "U":
        return Ids(array.astype(object), "text")
    if array.dtype.kind == "O":
        return _objects(array, what)
    raise SplitError(
        f"{what} such as {array.tolist()[0] if array.size else array.dtype!r} are no ids: texts or whole numbers are"
    )


def types_in(cells: np.ndarray[Any, Any]) -> set[type]:
    """Return the types of the objects in an array; pandas sees in a fifth of the time that all are str."""
    from pandas.api.types import infer_dtype

    return {str} if infer_dtype(cells, skipna=False) == "string" else set(map(type, cells))


def _array(given: Any, what: str) -> np.ndarray[Any, Any]:
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise SplitError(f"{what}={given!r} is no list of ids")
    listed = list(given)
    array = np.empty(len(listed), object)
    array[:] = listed
    return array


def _objects(array: np.ndarray[Any, Any], what: str) -> Ids:
    kinds = types_in(array)
    if all(issubclass(kind, str) for kind in kinds):
        return Ids(array, "text")
    whole = {kind for kind in kinds if issubclass(kind, (int, np.integer)) and kind is not bool}
    if kinds == whole:
        return Ids(array.astype(np.int64), "integer")
    odd = (
        next(value for value in array if type(value) not in whole and not isinstance(value, str))
        if kinds - whole - {str}
        else None
    )
    if odd is not None or not whole:
        raise SplitError(f"{what} hold {odd!r}, which is no id: texts or whole numbers are. Leave such rows out first")
    number = next(value for value in array if type(value) in whole)
    alike = next((value for value in array if isinstance(value, str) and value == str(number)), None)
    text = alike or next(value for value in array if isinstance(value, str))
    raise SplitError(
        f"{what} hold the number {number!r} and the text {text!r}: 7 and '7' look alike and are not equal. "
        "Make them all texts, with .astype(str)"
    )


def told_apart(ids: Ids, hashes: np.ndarray[Any, Any], what: str = "ids") -> np.ndarray[Any, Any]:
    """Return hashes of which no two are equal, in the same order; refuse ids of which one comes twice.

    Parameters
    ----------
    ids : Ids
        Shape (n,).
    hashes : ndarray of uint64
        A hash of each; only where two are equal are the ids themselves compared.
    what : str
        What they are called in a message.

    Raises
    ------
    SplitError
        If one comes twice.
    """
    ordered = np.sort(hashes)
    if not (ordered[1:] == ordered[:-1]).any():
        return hashes
    index = ids.index()
    if not index.is_unique:
        repeated = index[index.duplicated()]
        raise SplitError(
            f"the {what} hold {repeated[0]!r} more than once, and {len(repeated):,} repeats in all: "
            "an item has one row. Drop the repeats first"
        )
    ranked = sorted(range(len(ids)), key=lambda row: (int(hashes[row]), ids.array[row]))
    apart = np.empty(len(ids), np.uint64)
    apart[ranked] = np.arange(len(ids), dtype=np.uint64)
    return apart
