"""What joins items that are in different splits, and what holds a large component together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nbtools.splits.columns import Array, Column
from nbtools.splits.links import Links
from nbtools.splits.plan import Plan
from nbtools.splits.ratios import train_and_test
from nbtools.splits.times import Times
from nbtools.splits.units import components, edges, joined

SHOWN = 200
_NAMED = 3


@dataclass(frozen=True)
class Leak:
    """What one group column or one kind of link joins across splits.

    Attributes
    ----------
    kind : str
        The group column, or the kind of link.
    count : int
        Values that are in two splits or more, or pairs of which each is in another.
    what : str
        ``values`` or ``pairs``.
    examples : list of dict
        The first 200: value and splits, or left, right (ids), their splits and the measure.
    """

    kind: str
    count: int
    what: str
    examples: list[dict[str, Any]]


@dataclass(frozen=True)
class Component:
    """The largest unit.

    Attributes
    ----------
    items : int
        How many it has.
    share : float
        What part of all items that is.
    ids : list
        Some of them.
    held_by : list of str
        What holds it together, and how large its largest part would be without.
    """

    items: int
    share: float
    ids: list[Any]
    held_by: list[str]


@dataclass(frozen=True)
class Ranked:
    """Labels of a split that is tested on, of items that a ranker chose to be labeled.

    Attributes
    ----------
    task, split : str
        Which.
    items, of : int
        How many of its labels are such, and how many it has.
    """

    task: str
    split: str
    items: int
    of: int

    def __str__(self) -> str:
        """Return it in words, with the way out."""
        share = f"{self.items:,} of {self.of:,} labels of {self.task} ({100 * self.items / self.of:.1f} %)"
        return f'{self.split}: {share} are of items that a ranker chose, not chance; eval="random" keeps such in train'


@dataclass(frozen=True)
class Overlap:
    """Two splits in time.

    Attributes
    ----------
    earlier, later : str
        The splits, in their order.
    last, first : object
        The latest time of the earlier one, the earliest of the later one, as ISO 8601 or numbers.
    items : int
        Items of the earlier split that are not before the later one begins.
    """

    earlier: str
    later: str
    last: Any
    first: Any
    items: int

    def __str__(self) -> str:
        """Return it in words."""
        how = "no overlap" if not self.items else f"{self.items:,} of {self.earlier} are not before"
        return f"{self.earlier} ends {self.last}, {self.later} begins {self.first}: {how}"


def group_leak(plan: Plan, column: Column) -> Leak:
    """Return the values of a group column that are in two splits or more."""
    parts = len(plan.names)
    codes = plan.codes[column.rows]
    inside = codes >= 0
    seen = np.zeros((len(column.levels), parts), bool)
    seen[column.codes[inside], codes[inside]] = True
    across = np.flatnonzero(seen.sum(axis=1) > 1)
    examples = [
        {"value": str(column.levels[code]), "splits": [plan.names[part] for part in np.flatnonzero(seen[code])]}
        for code in across[:SHOWN]
    ]
    return Leak(column.name, len(across), "values", examples)


def link_leak(plan: Plan, links: Links) -> Leak:
    """Return the pairs of which each is in another split."""
    left, right = plan.codes[links.left], plan.codes[links.right]
    across = np.flatnonzero((left != right) & (left >= 0) & (right >= 0))
    ids = plan.ids.array
    examples = [
        {
            "left": ids[links.left[at]],
            "right": ids[links.right[at]],
            "left_split": plan.names[left[at]],
            "right_split": plan.names[right[at]],
            "measure": float(links.measure[at]),
        }
        for at in across[:SHOWN]
    ]
    return Leak(links.kind, len(across), "pairs", examples)


def largest_component(plan: Plan, share: float) -> Component:
    """Return the largest unit, and where it has more than a share of the items what holds it together."""
    sizes = plan.units.sizes
    rows = np.flatnonzero(plan.units.of == int(np.argmax(sizes)))
    part = len(rows) / len(plan.ids)
    held = _held_by(plan, rows) if part > share else []
    return Component(len(rows), part, plan.ids.array[rows[:10]].tolist(), held)


def _held_by(plan: Plan, rows: Array) -> list[str]:
    inside = np.zeros(len(plan.ids), bool)
    inside[rows] = True
    sources: list[Column | Links] = [*plan.groups, *plan.links]
    pairs = [(left[inside[left]], right[inside[left]]) for left, right in edges(plan.groups, plan.links)]
    told = []
    for number, source in enumerate(sources):
        others = joined(pair for at, pair in enumerate(pairs) if at != number)
        roots = components(len(plan.ids), *others)[rows]
        rest = int(np.unique(roots, return_counts=True)[1].max())
        if rest < len(rows):
            told.append((rest, f"{_strongest(plan, source, inside)}; without it the largest part has {rest:,} items"))
    return [words for _, words in sorted(told)] or ["several columns or links that each would hold it together alone"]


def _strongest(plan: Plan, source: Column | Links, inside: Array) -> str:
    if isinstance(source, Links):
        return _links_named(plan, source, np.flatnonzero(inside[source.left]))
    counts = np.bincount(source.codes[inside[source.rows]], minlength=len(source.levels))
    top = np.argsort(-counts, kind="stable")[:_NAMED]
    named = ", ".join(f"{source.levels[code]!s} ({counts[code]:,} items)" for code in top if counts[code] > 1)
    return f"{source.name}: {named}"


def _links_named(plan: Plan, links: Links, at: Array) -> str:
    """Return how many pairs there are, the item that is in most of them, and the weakest, which may be none at all."""
    ids = plan.ids.array
    degrees = np.bincount(np.concatenate([links.left[at], links.right[at]]), minlength=len(ids))
    hub = int(np.argmax(degrees))
    most = f", {degrees[hub]:,} of them with {ids[hub]}" if degrees[hub] > 2 else ""
    # Of bits that differ more are less; of all other measures less is.
    weak = links.measure[at] * (-1 if links.unit == "bits differ" else 1)
    pairs = [
        f"{ids[links.left[one]]} and {ids[links.right[one]]}"
        + (f" ({links.measure[one]:g} {links.unit})" if links.unit else "")
        for one in at[np.argsort(weak, kind="stable")[:_NAMED]]
    ]
    return f"{links.kind}: {len(at):,} pairs{most}; the weakest {', '.join(pairs)}"


def ranked_labels(plan: Plan) -> list[Ranked]:
    """Return where labels are tested on that a ranker chose."""
    train, _ = train_and_test(plan.names)
    found = []
    for task, (labeled, chosen) in plan.ranked.items():
        for number, name in enumerate(plan.names):
            items = int((plan.codes[chosen] == number).sum())
            if name != train and items:
                found.append(Ranked(task, name, items, int((plan.codes[labeled] == number).sum())))
    return found


def overlaps(plan: Plan, times: Times) -> list[Overlap]:
    """Return how each split and the next lie in time."""
    known = ~np.isnan(times.numbers)
    parts = [times.numbers[known & (plan.codes == number)] for number in range(len(plan.names))]
    found = []
    for number in range(len(parts) - 1):
        one, other = parts[number], parts[number + 1]
        if len(one) and len(other):
            late = int((one >= other.min()).sum())
            ends = [_plain(times.shown(float(at))) for at in (one.max(), other.min())]
            found.append(Overlap(plan.names[number], plan.names[number + 1], ends[0], ends[1], late))
    return found


def _plain(time: Any) -> Any:
    return time.isoformat() if hasattr(time, "isoformat") else time
