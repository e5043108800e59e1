"""What every splitter is: scikit-learn's contract."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.plan import Plan
from nbtools.splits.ratios import train_and_test

Positions = np.ndarray[tuple[int], np.dtype[np.intp]]


class Splitter(ABC):
    """A strategy, by scikit-learn's contract: the constructor stores, `split` yields pairs of positions."""

    @abstractmethod
    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803 -- scikit-learn's name
        """Return the plan for rows as scikit-learn has them."""

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Positions, Positions]]:  # noqa: N803
        """Yield one pair: positions to train on, and positions to test on.

        They are those of ``train``, or of the first split, and those of ``test``, or of
        the last; the others are in neither.

        Parameters
        ----------
        X : array-like
            One row for each item, shape (n, …). The index of a DataFrame is taken for
            ids, unless it only counts; else rows are known by their number.
        y : array-like, optional
            Labels or numbers to stratify by, shape (n,).
        groups : array-like, optional
            Items of one group stay together, shape (n,), or several columns.

        Raises
        ------
        SplitError
            If the rows cannot be split so.
        """
        plan = self._planned(X, y, groups)
        train, test = train_and_test(plan.names)
        yield plan.positions(train), plan.positions(test)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002, N803
        """Return how many pairs `split` yields; the parameters are there for the contract."""
        return 1

    def __repr__(self) -> str:
        """Return the call that makes an equal splitter."""
        shown = []
        for name, parameter in inspect.signature(type(self)).parameters.items():
            value = getattr(self, name)
            if parameter.kind is parameter.KEYWORD_ONLY:
                if value is not parameter.default and value != parameter.default:
                    shown.append(f"{name}={value!r}")
            else:
                shown.append(repr(value))
        return f"{type(self).__name__}({', '.join(shown)})"


def ids_of(X: Any) -> Any:  # noqa: N803
    """Return the ids of rows: the index of a DataFrame or Series, or their numbers.

    Parameters
    ----------
    X : array-like
        One row for each item.

    Raises
    ------
    SplitError
        If nobody can tell how many rows there are.
    """
    import pandas as pd

    if isinstance(X, (pd.DataFrame, pd.Series)) and not isinstance(X.index, pd.RangeIndex):
        return X.index
    count = X.shape[0] if hasattr(X, "shape") and X.shape else len(X) if hasattr(X, "__len__") else None
    if count is None:
        raise SplitError(f"X={X!r} has no rows: hand over one row for each item")
    return np.arange(count)
