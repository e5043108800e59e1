"""What a split is like before it is saved, and what a person has to confirm."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nbtools.splits.balance import Balance, balance, percent
from nbtools.splits.leaks import (
    Component,
    Leak,
    Overlap,
    Ranked,
    group_leak,
    largest_component,
    link_leak,
    overlaps,
    ranked_labels,
)
from nbtools.splits.links import read_links
from nbtools.splits.plan import Plan
from nbtools.splits.strata import read_strata
from nbtools.splits.times import Times

# A component with more of the items than this, or a split farther from its target, is to be confirmed.
LARGE = 0.1
FAR = 0.1
HELD = ", held together by "
_NAMED = 5


@dataclass(frozen=True)
class Part:
    """One split: how many items and units it has, and what part of the items; `target` is None where none was asked."""

    name: str
    items: int
    units: int
    share: float
    target: float | None

    def __str__(self) -> str:
        """Return it in words: ``train 800 (80.0 %, asked 80.0 %)``."""
        asked = "" if self.target is None else f", asked {percent(self.target)}"
        return f"{self.name} {self.items:,} ({percent(self.share)}{asked})"


@dataclass(frozen=True)
class SplitReport:
    """What a split is like.

    Attributes
    ----------
    items, units : int
        All there are.
    parts : list of Part
        The splits.
    counts : dict of str to int
        Items that stay, are placed, moved, quarantined.
    balances : list of Balance
        How each stratum is spread.
    component : Component
        The largest unit.
    leaks : list of Leak
        What joins items across splits, by group column and kind of link; with a count of 0
        where nothing does.
    unlinked : dict of str to int
        By kind of link, items that say too little to be compared.
    overlaps : list of Overlap
        How neighboring splits lie in time.
    ranked : list of Ranked
        Labels that are tested on although a ranker, and not chance, chose their items.
    to_confirm : list of str
        What may not be as meant. Empty: it can be saved as it is.
    """

    items: int
    units: int
    parts: list[Part]
    counts: dict[str, int]
    balances: list[Balance]
    component: Component
    leaks: list[Leak]
    unlinked: dict[str, int]
    overlaps: list[Overlap]
    ranked: list[Ranked]
    to_confirm: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return it as what JSON can hold; NaN becomes None."""
        plain: dict[str, Any] = _json(asdict(self))
        return plain

    def as_kept(self) -> dict[str, Any]:
        """Return it as it is kept for good: the same, but no item and no group is named, only how many there are.

        What is kept is never written anew, and an item can be erased.
        """
        plain = self.as_dict()
        plain["component"] = {name: plain["component"][name] for name in ("items", "share")}
        plain["leaks"] = [{name: one[name] for name in ("kind", "count", "what")} for one in plain["leaks"]]
        plain["to_confirm"] = [said.partition(HELD)[0] for said in plain["to_confirm"]]
        return plain

    def __repr__(self) -> str:
        """Return it as text, effect sizes first."""
        lines = [f"{self.items:,} items in {self.units:,} units: {' · '.join(map(str, self.parts))}"]
        lines += [str(one) for one in self.balances]
        lines += list(self._facts())
        lines += [f"to confirm: {one}" for one in self.to_confirm]
        return "\n".join(lines)

    def _facts(self) -> Iterator[str]:
        yield f"largest unit: {self.component.items:,} items ({percent(self.component.share)})"
        found = [f"{leak.count:,} {leak.what} of {leak.kind}" for leak in self.leaks if leak.count]
        yield f"leaks across splits: {', '.join(found) or 'none'}"
        for kind, count in self.unlinked.items():
            yield f"{kind}: {count:,} items say too little to be compared"
        yield from map(str, self.overlaps)
        yield from map(str, self.ranked)
        if self.counts["quarantined"]:
            yield f"quarantine: {self.counts['quarantined']:,} items"

    def _repr_html_(self) -> str:
        """Return it for a notebook."""
        head = ["split", "items", "%", "asked %", "units"]
        rows = [
            [one.name, f"{one.items:,}", f"{one.share * 100:.1f}", _percent(one.target), f"{one.units:,}"]
            for one in self.parts
        ]
        told = [_table(head, rows)]
        for one in self.balances:
            told.append(f"<p>{html.escape(str(one))}</p>")
            names = [part.name for part in self.parts]
            cells = [[value, *map(str, counts)] for value, counts in zip(one.values, one.counts, strict=True)]
            told.append(_table([one.column, *names], cells[:20]))
        told += [f"<p>{html.escape(fact)}</p>" for fact in self._facts()]
        told += [f"<p><b>to confirm</b>: {html.escape(one)}</p>" for one in self.to_confirm]
        return "".join(told)


def make_report(plan: Plan, *, links: Any = None, strata: Any = None, times: Any = None) -> SplitReport:
    """Return what a split is like.

    Parameters
    ----------
    plan : Plan
        Who goes where, with the strata, groups, links and times that it was made by.
    links : Links, sequence of Links, DataFrame or sequence of pairs of ids, optional
        More pairs to look for leaks by.
    strata : array-like, DataFrame or mapping, optional
        More columns to compare, shape (n,).
    times : array-like, optional
        When each item came about, shape (n,), where the plan does not know.

    Raises
    ------
    SplitError
        If one of these cannot be read.
    """
    columns = [*plan.strata, *read_strata(strata, len(plan.ids))]
    pairs = [*plan.links, *read_links(links, plan.ids)]
    clock = Times(times, len(plan.ids)) if times is not None else plan.times
    parts = _parts(plan)
    balances = [balance(plan, column) for column in columns]
    leaks = [*(group_leak(plan, column) for column in plan.groups), *(link_leak(plan, link) for link in pairs)]
    component = largest_component(plan, LARGE)
    return SplitReport(
        items=len(plan.ids),
        units=len(plan.units),
        parts=parts,
        counts=plan.counts,
        balances=balances,
        component=component,
        leaks=leaks,
        unlinked={link.kind: len(link.unlinked) for link in pairs if len(link.unlinked)},
        overlaps=overlaps(plan, clock) if clock is not None else [],
        ranked=ranked_labels(plan),
        to_confirm=list(_to_confirm(parts, balances, component, leaks)),
    )


def _parts(plan: Plan) -> list[Part]:
    inside = plan.codes >= 0
    sizes = np.bincount(plan.codes[inside], minlength=len(plan.names))
    units = [len(np.unique(plan.units.of[plan.codes == number])) for number in range(len(plan.names))]
    return [
        Part(name, size, many, size / max(int(sizes.sum()), 1), None if math.isnan(asked) else asked)
        for name, size, many, asked in zip(plan.names, sizes.tolist(), units, plan.shares, strict=True)
    ]


def _to_confirm(parts: list[Part], balances: list[Balance], component: Component, leaks: list[Leak]) -> Iterator[str]:
    total = sum(part.items for part in parts)
    for part in parts:
        if not part.items:
            yield f"{part.name} has no items"
        elif part.target is not None and abs(part.items - part.target * total) > max(1, FAR * part.target * total):
            yield f"{part.name} has {percent(part.share)} of the items, and {percent(part.target)} were asked"
    for one in balances:
        if one.empty:
            named = _listed(f"{cell.value} in {cell.split}" for cell in one.empty)
            yield f"{one.column} is missing somewhere: {named}"
    if component.share > LARGE:
        yield (
            f"one unit has {component.items:,} items, {percent(component.share)} of all{HELD}"
            f"{' | '.join(component.held_by)}"
        )
    for leak in leaks:
        if leak.count:
            yield f"{leak.count:,} {leak.what} of {leak.kind} are in more than one split"


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _NAMED:,} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more


def _percent(target: float | None) -> str:
    return "" if target is None else f"{target * 100:.1f}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    first = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    rest = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{first}</tr></thead><tbody>{rest}</tbody></table>"


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
