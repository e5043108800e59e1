"""KFoldSplit: folds to validate on in turn, beside a test set that none of them sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array
from nbtools.splits.placing import Given, dealt, read_given, refuse_few, refuse_rare
from nbtools.splits.plan import NEW, OUT, Plan
from nbtools.splits.splitter import Positions, Splitter, ids_of

TEST = "test"
Nested = tuple[Positions, Positions, list[tuple[Positions, Positions]]]


class KFoldSplit(Splitter):
    """Folds of equal size beside a fixed test set, dealt as by `LedgerSplit`.

    Parameters
    ----------
    folds : int
        How many, 2 or more: ``fold1``, ``fold2``, …
    test : float
        What part of the items is the test set, in no fold; 0 for none. A test set that was
        decided elsewhere is handed to `plan` as `extends`, and `test` stays 0.
    seed, missing, bins, rare
        As in `LedgerSplit`.
    """

    def __init__(
        self,
        folds: int = 5,
        *,
        test: float = 0.0,
        seed: int | str = 0,
        missing: str | None = None,
        bins: int = 10,
        rare: str | None = None,
    ) -> None:
        self.folds = folds
        self.test = test
        self.seed = seed
        self.missing = missing
        self.bins = bins
        self.rare = rare

    def assign(
        self, ids: Any, groups: Any = None, strata: Any = None, extends: Any = None, *, links: Any = None
    ) -> Array:
        """Return ``fold1``, … or ``test`` for each item, shape (n,): `plan` in short."""
        return self.plan(ids, groups, strata, extends, links=links).assigned

    def plan(self, ids: Any, groups: Any = None, strata: Any = None, extends: Any = None, *, links: Any = None) -> Plan:
        """Say who is in which fold.

        Parameters
        ----------
        ids, groups, strata, extends, links
            As in `LedgerSplit.plan`.

        Raises
        ------
        SplitError
            If something of this cannot be, with the value and what to do.
        """
        names = self._names()
        given = read_given(ids, groups, strata, links, seed=self.seed, missing=self.missing, bins=self.bins)
        before, fixed, removals = given.settled(extends, names)
        refuse_few(given.units, before, self.folds + (self.test > 0))
        refuse_rare(given.strata, before, self.folds, self.rare)
        out = [removal.row for removal in removals]
        held = self._held(given, fixed, out)
        testing = np.flatnonzero(held[given.units.of])
        parts = [1 / self.folds] * self.folds
        codes = dealt(given, np.where(held, NEW, fixed), [*out, *testing.tolist()], parts)
        codes[testing] = self.folds
        codes[out] = OUT
        test = self.test or float((codes == self.folds).sum() / max((codes >= 0).sum(), 1))
        shares = dict.fromkeys(names[:-1], (1 - test) / self.folds) | ({TEST: test} if test else {})
        return given.plan(repr(self), shares, codes, before, removals)

    def _held(self, given: Given, fixed: Array, out: list[int]) -> Array:
        """Return for each unit whether it is in the test set."""
        held: Array = fixed == self.folds
        if self.test > 0:
            aside = np.where(held, 1, np.where(fixed >= 0, 0, NEW))
            chosen = dealt(given, aside, out, [1 - self.test, self.test])
            held = np.zeros(len(given.units), bool)
            held[given.units.of[chosen == 1]] = True
        return held

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Positions, Positions]]:  # noqa: N803
        """Yield a pair for each fold: positions in all other folds, and positions in it; the test set is in neither.

        Parameters
        ----------
        X, y, groups
            As in `LedgerSplit.split`.

        Raises
        ------
        SplitError
            If the rows cannot be split so.
        """
        plan = self._planned(X, y, groups)
        for fold in range(self.folds):
            inside = plan.codes == fold
            others = (plan.codes >= 0) & (plan.codes < self.folds) & ~inside
            yield np.flatnonzero(others), np.flatnonzero(inside)

    def nested(self, X: Any, y: Any = None, groups: Any = None, *, inner: int = 3) -> Iterator[Nested]:  # noqa: N803
        """Yield for each fold its pair, and the pairs of an inner split of its training part.

        Parameters
        ----------
        X, y, groups
            As in `split`.
        inner : int
            How many folds the training part is split into, to choose by.

        Raises
        ------
        SplitError
            If the rows cannot be split so.
        """
        ids = np.asarray(ids_of(X))
        for number, (train, test) in enumerate(self.split(X, y, groups)):
            own = KFoldSplit(inner, seed=f"{self.seed}/{number}", missing=self.missing, bins=self.bins, rare=self.rare)
            codes = own.plan(ids[train], _taken(groups, train), _taken(y, train)).codes
            pairs = [(train[codes != fold], train[codes == fold]) for fold in range(inner)]
            yield train, test, pairs

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002, N803
        """Return how many folds there are; the parameters are there for the contract."""
        self._names()
        return self.folds

    def _names(self) -> list[str]:
        if type(self.folds) is not int or self.folds < 2:
            raise SplitError(f"folds={self.folds!r}: at least 2 are needed to validate on one and train on the others")
        if isinstance(self.test, bool) or not 0 <= self.test < 1:
            raise SplitError(f"test={self.test!r}: what part of the items is the test set, from 0 to below 1")
        return [*(f"fold{number + 1}" for number in range(self.folds)), TEST]

    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803
        return self.plan(ids_of(X), groups, y)


def _taken(given: Any, rows: Positions) -> Any:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {name: _taken(values, rows) for name, values in given.items()}
    if hasattr(given, "iloc"):
        return given.iloc[rows]
    if isinstance(given, np.ndarray):
        return given[rows]
    return [given[row] for row in rows]
