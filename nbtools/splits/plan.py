"""A plan: who goes where, who stays, and who had to be taken out."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from nbtools.errors import SplitError, did_you_mean
from nbtools.splits.columns import Array, Column
from nbtools.splits.ids import Ids
from nbtools.splits.links import Links
from nbtools.splits.ratios import QUARANTINE
from nbtools.splits.times import Times
from nbtools.splits.units import Units

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from nbtools.splits.report import SplitReport

# In the place of a split's number.
NEW, OUT = -1, -2


@dataclass(frozen=True)
class Removal:
    """An item that is in no split, and why.

    Attributes
    ----------
    row : int
        Its position.
    was : str or None
        The split that it was in before.
    keeps : str or None
        The split that the items it belongs with stay in.
    reason : str
        Why, in words.
    """

    row: int
    was: str | None
    keeps: str | None
    reason: str


@dataclass(frozen=True, eq=False)
class Plan:
    """Who goes where. What `assign` hands out is `assigned`; everything else is to judge it by.

    Attributes
    ----------
    recipe : str
        The splitter that made it.
    names : tuple of str
        The splits, in their order.
    shares : tuple of float
        What part of the items each is to have; NaN where nothing was asked.
    ids : Ids
        The items, in the order in which they were given.
    codes : ndarray of int, shape (n,)
        The number of each item's split; -2 where it is in none.
    before : ndarray of int, shape (n,)
        The same in the split that was extended; -1 for new items.
    removals : list of Removal
        The items in no split.
    units : Units
        Which items stay together.
    strata, groups : list of Column
        What it was stratified by, and what keeps items together.
    links : tuple of Links
        Pairs that keep items together.
    times : Times, optional
        The time of each item, where it was split by time.
    cutoffs : dict of str to object
        The time from which on each split begins, where it was split by time.
    ranked : mapping of str to pair of ndarray of int
        By task the positions of items with a label, and of those that a ranker chose to be labeled.
    """

    recipe: str
    names: tuple[str, ...]
    shares: tuple[float, ...]
    ids: Ids
    codes: Array
    before: Array
    units: Units
    removals: list[Removal] = field(default_factory=list)
    strata: list[Column] = field(default_factory=list)
    groups: list[Column] = field(default_factory=list)
    links: tuple[Links, ...] = ()
    times: Times | None = None
    cutoffs: dict[str, Any] = field(default_factory=dict)
    ranked: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)

    @cached_property
    def assigned(self) -> Array:
        """The name of each item's split, ``quarantine`` for an item in none; shape (n,)."""
        if (self.codes >= 0).all():
            return np.array(self.names)[self.codes]
        return np.array([*self.names, QUARANTINE])[np.where(self.codes < 0, len(self.names), self.codes)]

    @property
    def assignments(self) -> Series[Any]:
        """The same as a Series from id to split: what `extends` takes the next time."""
        import pandas as pd

        return pd.Series(self.assigned, index=self.ids.index(), name="split")

    @property
    def quarantine(self) -> DataFrame:
        """The items in no split: id, was, keeps, reason."""
        import pandas as pd

        rows = [(self.ids.array[one.row], one.was, one.keeps, one.reason) for one in self.removals]
        return pd.DataFrame(rows, columns=["id", "was", "keeps", "reason"])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many old items stay, new ones are placed, old ones moved, and how many are out."""
        old = self.before >= 0
        return {
            "stay": int((old & (self.codes == self.before)).sum())
            + int(((self.before == OUT) & (self.codes < 0)).sum()),
            "placed": int(((self.before == NEW) & (self.codes >= 0)).sum()),
            "moved": int((old & (self.codes >= 0) & (self.codes != self.before)).sum()),
            "quarantined": int((self.codes < 0).sum()),
        }

    @property
    def extends(self) -> bool:
        """Whether any item was in the split that was handed over."""
        return bool((self.before != NEW).any())

    def positions(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the positions of the items of one split.

        Raises
        ------
        SplitError
            If there is no split of this name.
        """
        if name not in self.names:
            raise SplitError(
                f"there is no split {name!r}{did_you_mean(str(name), self.names)}; there are {', '.join(self.names)}"
            )
        return np.flatnonzero(self.codes == self.names.index(name))

    @cached_property
    def report(self) -> SplitReport:
        """What the split is like; `make_report` takes further links, strata and times."""
        from nbtools.splits.report import make_report

        return make_report(self)

    def __repr__(self) -> str:
        """Return the counts in a line or two."""
        sizes = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        shown = " · ".join(f"{name} {size:,}" for name, size in zip(self.names, sizes, strict=True))
        lines = [f"{len(self.ids):,} items: {shown}", self.summary, "Next: plan.report"]
        return "\n".join(line for line in lines if line)

    @property
    def summary(self) -> str:
        """Who stays and who is new: ``extends: 2,988 stay, 788 placed, 0 moved``; nothing if all are new and in."""
        counts = self.counts
        said = (
            f"extends: {counts['stay']:,} stay, {counts['placed']:,} placed, {counts['moved']:,} moved"
            if self.extends
            else ""
        )
        out = f"{counts['quarantined']:,} in quarantine" if counts["quarantined"] else ""
        return ", ".join(part for part in (said, out) if part)

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{html.escape(repr(self))}</pre>"
