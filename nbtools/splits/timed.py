"""TimeSplit: trained on the past, tested on what came later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array
from nbtools.splits.ids import Ids
from nbtools.splits.placing import read_given
from nbtools.splits.plan import NEW, OUT, Plan, Removal
from nbtools.splits.ratios import check_names, check_ratios
from nbtools.splits.splitter import Splitter, ids_of
from nbtools.splits.times import Times
from nbtools.splits.units import Units

STRADDLING = ("drop", "earlier", "later")
UNDATED = ("drop", "first")


class TimeSplit(Splitter):
    """Splits that follow each other in time.

    Parameters
    ----------
    ratios : mapping of str to float, optional
        The name of each split, in the order of time → its share of the items. When a split
        is extended, the cut-offs that it was made with stay, and new items go by them.
    cutoffs : mapping of str to time, optional
        In the place of ratios: the name of each split → the time from which on it begins;
        None for the first.
    gap : str, timedelta or number
        How long before a cut-off items are left out, so that nothing near it is trained on:
        such as ``"7D"``, or a number where times are numbers.
    straddling : {"drop", "earlier", "later"}
        What to do with a group that has items on both sides of a cut-off: leave it out, or
        put all of it into the earlier or later split, where times then overlap.
    undated : {"drop", "first"}, optional
        What to do with items that have no time: leave them out, or put them into the first
        split. It must be chosen where there are any.
    missing : {"alone", "together"}, optional
        As in `LedgerSplit`.
    time : str, optional
        The column of `X` that `split` takes times from; else its index, and without one
        rows are in the order of time.
    """

    def __init__(
        self,
        ratios: Mapping[str, float] | None = None,
        *,
        cutoffs: Mapping[str, Any] | None = None,
        gap: Any = 0,
        straddling: str = "drop",
        undated: str | None = None,
        missing: str | None = None,
        time: str | None = None,
    ) -> None:
        self.ratios = ratios
        self.cutoffs = cutoffs
        self.gap = gap
        self.straddling = straddling
        self.undated = undated
        self.missing = missing
        self.time = time

    def assign(self, ids: Any, times: Any, groups: Any = None, extends: Any = None, *, links: Any = None) -> Array:
        """Return the name of each item's split, shape (n,), ``quarantine`` for those left out: `plan` in short."""
        return self.plan(ids, times, groups, extends=extends, links=links).assigned

    def plan(
        self, ids: Any, times: Any, groups: Any = None, strata: Any = None, extends: Any = None, *, links: Any = None
    ) -> Plan:
        """Say who goes where.

        Parameters
        ----------
        ids, groups, extends, links
            As in `LedgerSplit.plan`.
        times : array-like
            When each item came about, shape (n,): dates, texts in ISO 8601, or numbers.
        strata : array-like, DataFrame or mapping, optional
            What the report compares; it decides nothing.

        Raises
        ------
        SplitError
            If something of this cannot be, with the value and what to do.
        """
        shares = self._shares()
        names = list(shares)
        given = read_given(ids, groups, strata, links, missing=self.missing)
        clock, units = Times(times, len(given.ids)), given.units
        before, fixed, removals = given.settled(extends, names)
        cuts = self._cuts(clock, shares, before)
        gone = [removal.row for removal in removals]
        placed, reasons = self._place(units, clock, cuts, given.ids)
        codes = np.where(fixed >= 0, fixed, placed)[units.of]
        codes[gone] = NEW
        removals += [
            Removal(row, None, None, reasons[int(units.of[row])]) for row in np.flatnonzero(codes == OUT).tolist()
        ]
        codes[gone] = OUT
        starts = {name: clock.shown(cut) for name, cut in zip(names[1:], cuts.tolist(), strict=True)}
        return given.plan(repr(self), shares, codes, before, removals, times=clock, cutoffs=starts)

    def _shares(self) -> dict[str, float]:
        for name, allowed in (("straddling", STRADDLING), ("undated", (None, *UNDATED))):
            if getattr(self, name) not in allowed:
                raise SplitError(f"{name}={getattr(self, name)!r} is none of {', '.join(map(repr, allowed))}")
        if (self.ratios is None) == (self.cutoffs is None):
            raise SplitError("a split by time takes ratios or cutoffs=, one of the two")
        if self.cutoffs is None:
            return check_ratios(self.ratios)
        check_names(self.cutoffs)
        starts = list(self.cutoffs.values())
        if len(starts) < 2 or starts[0] is not None or any(start is None for start in starts[1:]):
            raise SplitError(
                f"cutoffs={dict(self.cutoffs)!r}: name two splits or more in the order of time, None for the first, "
                'and for each other when it begins: {"train": None, "test": "2024-06-01"}'
            )
        return dict.fromkeys(self.cutoffs, np.nan)

    def _cuts(self, clock: Times, shares: Mapping[str, float], before: Array) -> Array:
        names = list(shares)
        if self.cutoffs is not None:
            cuts = np.array([clock.number(start) for start in list(self.cutoffs.values())[1:]])
            told = "they do not follow each other"
        elif (before >= 0).any():
            starts = [clock.numbers[before == number] for number in range(1, len(names))]
            cuts = np.array([np.nanmin(each) if (~np.isnan(each)).any() else np.nan for each in starts])
            told = "the split that is extended does not say where each begins: name them with cutoffs="
        else:
            cuts = _by_ratios(clock.numbers, list(shares.values()))
            told = f"there are fewer different times than the {len(names)} splits"
        if np.isnan(cuts).any() or (np.diff(cuts) <= 0).any():
            known = [(name, cut) for name, cut in zip(names[1:], cuts, strict=True) if not np.isnan(cut)]
            shown = ", ".join(f"{name}: {clock.shown(cut)}" for name, cut in known)
            raise SplitError(f"the splits cannot begin at {shown or 'these times'}: {told}")
        return cuts

    def _place(self, units: Units, clock: Times, cuts: Array, ids: Ids) -> tuple[Array, dict[int, str]]:
        """Return the split of each unit, -2 for those left out, and why."""
        first, last = np.full(len(units), np.inf), np.full(len(units), -np.inf)
        has = np.flatnonzero(~np.isnan(clock.numbers))
        np.minimum.at(first, units.of[has], clock.numbers[has])
        np.maximum.at(last, units.of[has], clock.numbers[has])
        undated = np.isinf(first)
        if undated.any() and self.undated is None:
            raise SplitError(
                f"{int(undated[units.of].sum()):,} items have no time, the first is "
                f'{ids.array.tolist()[int(np.flatnonzero(undated[units.of])[0])]!r}. Choose: undated="drop" or "first"'
            )
        early, late = np.searchsorted(cuts, first, side="right"), np.searchsorted(cuts, last, side="right")
        straddles = (early != late) & ~undated
        ends = np.append(cuts, np.inf)[np.minimum(early, len(cuts))]
        near = ~straddles & ~undated & (last >= ends - clock.length(self.gap))
        placed = np.where(straddles & (self.straddling == "later"), late, early)
        placed[undated] = 0 if self.undated == "first" else OUT
        placed[near] = OUT
        if self.straddling == "drop":
            placed[straddles] = OUT
        why = {
            "has no time": undated,
            "within the gap before a cut-off": near,
            "its group has items on both sides of a cut-off": straddles,
        }
        return placed, {int(at): said for said, which in why.items() for at in np.flatnonzero(which & (placed == OUT))}

    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803
        return self.plan(ids_of(X), times_of(X, self.time), groups, y)


def _by_ratios(numbers: Array, shares: list[float]) -> Array:
    ordered = np.sort(numbers[~np.isnan(numbers)])
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else np.empty(0, np.int64)
    cuts, at = [], 0
    for left, goal in zip(range(len(shares) - 2, -1, -1), np.cumsum(shares)[:-1] * len(ordered), strict=True):
        # The nearest time at which a new day breaks, with one left over for each split that follows.
        choice = starts[at + 1 : len(starts) - left]
        if not len(choice):
            return np.full(len(shares) - 1, np.nan)
        best = int(np.argmin(np.abs(choice - goal)))
        at += 1 + best
        cuts.append(ordered[starts[at]])
    return np.array(cuts)


def times_of(X: Any, column: str | None) -> Any:  # noqa: N803
    """Return the times of rows as scikit-learn has them: a column, the index, or their order.

    Parameters
    ----------
    X : array-like
        One row for each item.
    column : str, optional
        The column that has the times.

    Raises
    ------
    SplitError
        If there is no such column.
    """
    import pandas as pd

    if column is not None:
        from nbtools.splits.predefined import column_of

        return column_of(X, column, "time")
    if isinstance(X, (pd.DataFrame, pd.Series)) and isinstance(X.index, pd.DatetimeIndex):
        return X.index
    return np.arange(len(ids_of(X)))
