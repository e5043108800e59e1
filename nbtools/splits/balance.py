"""How one stratum is spread over the splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nbtools.splits.columns import Array, Column
from nbtools.splits.effects import cramers_v, kolmogorov_smirnov, population_stability, tenths, total_variation
from nbtools.splits.plan import Plan
from nbtools.splits.ratios import train_and_test


@dataclass(frozen=True)
class Cell:
    """What one split holds of one value.

    Attributes
    ----------
    column, value, split : str
        Which.
    items, of : int
        Items with the value in the split, and in all splits.
    target : float
        What part of them the split is to have.
    """

    column: str
    value: str
    split: str
    items: int
    of: int
    target: float

    @property
    def share(self) -> float:
        """What part of the value's items the split has."""
        return self.items / self.of if self.of else 0.0

    def __str__(self) -> str:
        """Return it in words: ``magpie in val, 8 of 10``."""
        return f"{self.value} in {self.split}, {self.items:,} of {self.of:,}"


@dataclass(frozen=True)
class Balance:
    """How one stratum is spread over the splits.

    Attributes
    ----------
    column, kind : str
        The column; ``one`` value per item, ``several``, or ``bins`` of a number.
    without : int
        Items without a value.
    values : list of str
        The values, the most frequent first, bins in their order.
    counts : list of list of int
        Items by value and split.
    total_variation : dict of str to float
        Of each split from all items, 0 to 1.
    cramers_v : float
        Of values and splits, 0 to 1.
    stability : dict of str to float
        Population stability index of each split against the training split; of numbers in
        tenths of the training split.
    distance : dict of str to float
        Kolmogorov and Smirnov's D of numbers against the training split; empty for others.
    worst, smallest : Cell or None
        The cell farthest from its target, and the one with the fewest items.
    empty : list of Cell
        Values that a split has nothing of.
    """

    column: str
    kind: str
    without: int
    values: list[str]
    counts: list[list[int]]
    total_variation: dict[str, float]
    cramers_v: float
    stability: dict[str, float]
    distance: dict[str, float]
    worst: Cell | None
    smallest: Cell | None
    empty: list[Cell]

    def __str__(self) -> str:
        """Return it in a line, effect sizes first."""
        said = [_most("total variation", self.total_variation), f"Cramér's V {self.cramers_v:.3f}"]
        said += [_most("PSI", self.stability), *([_most("KS", self.distance)] if self.distance else [])]
        worst = (
            f"; worst: {self.worst} ({percent(self.worst.share)}, asked {percent(self.worst.target)})"
            if self.worst
            else ""
        )
        return f"{self.column}: {', '.join(part for part in said if part)}{worst}"


def balance(plan: Plan, column: Column) -> Balance:
    """Return how a stratum is spread over the splits of a plan.

    Parameters
    ----------
    plan : Plan
        Who goes where.
    column : Column
        The stratum.
    """
    parts = len(plan.names)
    codes = plan.codes[column.rows]
    inside = codes >= 0
    flat = np.bincount(column.codes[inside] * parts + codes[inside], minlength=len(column.levels) * parts)
    counts = flat.reshape(-1, parts)
    order = np.arange(len(counts)) if column.kind == "bins" else np.argsort(-counts.sum(axis=1), kind="stable")
    order = order[counts.sum(axis=1)[order] > 0]
    counts, values = counts[order], [str(column.levels[code]) for code in order]
    train = plan.names.index(train_and_test(plan.names)[0])
    stability, distance = _against(plan, column, counts, train)
    cells = _cells(plan, column.name, values, counts)
    return Balance(
        column=column.name,
        kind=column.kind,
        without=len(column.missing),
        values=values,
        counts=counts.tolist(),
        total_variation=_by_name(plan, total_variation(counts)) if len(counts) else {},
        cramers_v=cramers_v(counts),
        stability=stability,
        distance=distance,
        worst=max(cells, key=lambda cell: abs(cell.share - cell.target), default=None),
        smallest=min(cells, key=lambda cell: cell.items, default=None),
        empty=[cell for cell in cells if not cell.items],
    )


def _against(plan: Plan, column: Column, counts: Array, train: int) -> tuple[dict[str, float], dict[str, float]]:
    others = [number for number in range(len(plan.names)) if number != train]
    if column.numbers is None:
        found = population_stability(counts, train)
        return {plan.names[number]: float(found[number]) for number in others}, {}
    parts = [column.numbers[(plan.codes == number) & ~np.isnan(column.numbers)] for number in range(len(plan.names))]
    binned = np.stack([np.bincount(tenths(part, parts[train]), minlength=10) for part in parts], axis=1)
    found = population_stability(binned, train)
    stability = {plan.names[number]: float(found[number]) for number in others}
    return stability, {plan.names[number]: kolmogorov_smirnov(parts[number], parts[train]) for number in others}


def targets(plan: Plan) -> list[float]:
    """Return what part each split is to have: what was asked, else what it has."""
    sizes = np.bincount(plan.codes[plan.codes >= 0], minlength=len(plan.names))
    has = sizes / max(sizes.sum(), 1)
    return [float(own) if np.isnan(asked) else asked for asked, own in zip(plan.shares, has, strict=True)]


def _cells(plan: Plan, column: str, values: list[str], counts: Array) -> list[Cell]:
    goals = targets(plan)
    return [
        Cell(column, value, plan.names[number], items, sum(row), goals[number])
        for value, row in zip(values, counts.tolist(), strict=True)
        for number, items in enumerate(row)
    ]


def _by_name(plan: Plan, values: Array) -> dict[str, float]:
    return {name: float(value) for name, value in zip(plan.names, values, strict=True)}


def _most(what: str, values: dict[str, float]) -> str:
    known = {name: value for name, value in values.items() if not np.isnan(value)}
    if not known:
        return ""
    name = max(known, key=lambda one: known[one])
    return f"{what} at most {known[name]:.3f} ({name})"


def percent(share: float) -> str:
    """Return a share in words: ``80.0 %``."""
    return f"{share * 100:.1f} %"
