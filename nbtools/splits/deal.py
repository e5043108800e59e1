"""Dealing units to splits: the greedy step, exact and in blocks.

Rarest stratum first (Sechidis et al., 2011), large units first, and each unit to the
split that it brings nearest to its targets, among those that still lack items. Units
that are alike are dealt at once: what the step-by-step rule would come to is found
from the marginal costs, which grow evenly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nbtools.splits.columns import Array
from nbtools.splits.hashing import mix
from nbtools.splits.strata import Tally

# Blocks of fewer units are dealt one by one, which is quicker.
_SMALL = 64


class Entry(NamedTuple):
    """What one unit of a block holds."""

    strata: list[int]
    counts: list[int]
    weight: int


@dataclass
class Table:
    """What each split holds and lacks while units are dealt.

    Attributes
    ----------
    room : list of float
        Items that each split lacks; below 0 where it has too many.
    error : list of list of float
        By split and stratum: (has - is to have) / is to have.
    inverse : list of list of float
        By split and stratum: 1 / is to have.
    slack : float
        Less room than this is none.
    """

    room: list[float]
    error: list[list[float]]
    inverse: list[list[float]]
    slack: float

    def marginals(self, entry: Entry, squares: list[float]) -> list[float]:
        """Return by how much the cost grows with one such unit more in each split."""
        costs = []
        for split, room in enumerate(self.room):
            if room <= self.slack:
                costs.append(math.inf)
                continue
            pull, error = 0.0, self.error[split]
            # No sum(): its rounding differs between versions of Python.
            for stratum, count in zip(entry.strata, entry.counts, strict=True):
                pull += error[stratum] * count
            costs.append(2.0 * pull + squares[split])
        return costs

    def put(self, split: int, entry: Entry, units: int) -> None:
        """Put a number of such units into a split."""
        self.room[split] -= units * entry.weight
        error, inverse = self.error[split], self.inverse[split]
        for stratum, count in zip(entry.strata, entry.counts, strict=True):
            error[stratum] += units * count * inverse[stratum]


def deal(weights: Array, stock: Tally, hashes: Array, fixed: Array, shares: list[float]) -> Array:
    """Return the split of each unit.

    Parameters
    ----------
    weights : ndarray of int, shape (u,)
        Items in each unit.
    stock : Tally
        Strata in each unit.
    hashes : ndarray of uint64, shape (u,)
        The order of units that are alike.
    fixed : ndarray of int, shape (u,)
        The split that a unit has already; below 0 where it has none.
    shares : list of float
        What part of the items each split is to have; they add up to one.
    """
    result = fixed.copy()
    new = np.flatnonzero((fixed < 0) & (weights > 0))
    if not len(new):
        return result
    table = _table(weights, stock, fixed, shares)
    order, firsts = _blocks(new, weights, stock, hashes)
    squares = _squares(order[firsts], stock, table)
    bounds = [*firsts.tolist(), len(order)]
    holders = order[firsts]
    starts, ends = stock.starts[holders].tolist(), stock.starts[holders + 1].tolist()
    strata, counts, heavy = stock.strata.tolist(), stock.counts.tolist(), weights[holders].tolist()
    places: list[int] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        entry = Entry(strata[start:end], counts[start:end], heavy[number])
        units = bounds[number + 1] - bounds[number]
        costs = table.marginals(entry, squares[number])
        if units == 1:
            best = costs.index(min(costs))
            table.put(best, entry, 1)
            places.append(best)
            continue
        for split, given in enumerate(_apportion(costs, squares[number], table, entry.weight, units)):
            if given:
                table.put(split, entry, given)
                places += [split] * given
    result[order] = places
    return result


def _table(weights: Array, stock: Tally, fixed: Array, shares: list[float]) -> Table:
    total = int(weights.sum())
    held = np.repeat(fixed, np.diff(stock.starts))
    room, error, inverse = [], [], []
    wanted = _targets(stock, shares)
    for split, share in enumerate(shares):
        has = np.bincount(stock.strata[held == split], stock.counts[held == split], minlength=len(stock.totals))
        room.append(share * total - float(weights[fixed == split].sum()))
        scale = 1.0 / np.maximum(wanted[split], 1e-300)
        error.append(((has - wanted[split]) * scale).tolist())
        inverse.append(scale.tolist())
    return Table(room, error, inverse, 1e-9 * total)


def _targets(stock: Tally, shares: list[float]) -> Array:
    """Return how many items of each stratum each split is to have, shape (splits, strata).

    Where a split would have less than one of a stratum that there are enough units
    of, it is to have one, at the expense of the others: a class is in every split
    that it can be in.
    """
    part = np.array(shares)[:, None]
    wanted = part * stock.totals
    enough = stock.carriers >= len(shares)
    least = np.where(enough, np.minimum(1.0, stock.totals / len(shares)), 0.0)
    for _ in shares:
        short = wanted <= least
        rest = np.where(short, 0.0, part).sum(axis=0)
        left = stock.totals - (short * least).sum(axis=0)
        spread = np.where(short, least, part * left / np.where(rest > 0, rest, 1.0))
        wanted = np.where(enough, spread, wanted)
    return wanted


def _blocks(new: Array, weights: Array, stock: Tally, hashes: Array) -> tuple[Array, Array]:
    """Return the units to deal, in order, and where among them each block of equal ones begins."""
    marks = mix(stock.strata.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + stock.counts.astype(np.uint64))
    # Every unit has an entry, that of all items.
    signature = np.add.reduceat(marks, stock.starts[:-1])
    rarest = np.minimum.reduceat(stock.totals[stock.strata], stock.starts[:-1])
    new = new[np.argsort(hashes[new])]
    _, first, block, sizes = np.unique(signature[new], return_index=True, return_inverse=True, return_counts=True)
    one = new[first]
    ranked = np.lexsort((signature[one], -weights[one], rarest[one]))
    rank = np.empty(len(ranked), np.int64)
    rank[ranked] = np.arange(len(ranked))
    sizes = sizes[ranked]
    return new[np.argsort(rank[block], kind="stable")], np.cumsum(sizes) - sizes


def _squares(holders: Array, stock: Tally, table: Table) -> list[list[float]]:
    """Return for the first unit of each block, and each split, the part of its cost that does not change."""
    lengths = stock.starts[holders + 1] - stock.starts[holders]
    ends = np.cumsum(lengths)
    at = np.arange(int(ends[-1])) + np.repeat(stock.starts[holders] - (ends - lengths), lengths)
    row = np.repeat(np.arange(len(holders)), lengths)
    squared = stock.counts[at].astype(np.float64) ** 2
    # bincount adds in order, so that the rounding is the same everywhere.
    columns = [
        np.bincount(row, squared * np.array(inverse)[stock.strata[at]], minlength=len(holders))
        for inverse in table.inverse
    ]
    return np.stack(columns, axis=1).tolist()  # type: ignore[no-any-return]


def _apportion(costs: list[float], squares: list[float], table: Table, weight: int, units: int) -> list[int]:
    """Return how many of a block's units each split gets."""
    limits = [math.ceil((room - table.slack) / weight) if room > table.slack else 0 for room in table.room]
    given = [0] * len(costs)
    if units > _SMALL:
        given = _most(costs, squares, limits, units)
    left = units - sum(given)
    now = [
        cost + 2.0 * square * has if has < limit else math.inf
        for cost, square, has, limit in zip(costs, squares, given, limits, strict=True)
    ]
    for _ in range(left):
        best = now.index(min(now))
        given[best] += 1
        now[best] = now[best] + 2.0 * squares[best] if given[best] < limits[best] else math.inf
    return given


def _most(costs: list[float], squares: list[float], limits: list[int], units: int) -> list[int]:
    """Return what is dealt while the next unit costs less than a price, for the highest price that is not too high."""

    def at(price: float) -> list[int]:
        return [
            min(limit, max(0, math.floor((price - cost) / (2.0 * square)) + 1)) if limit else 0
            for cost, square, limit in zip(costs, squares, limits, strict=True)
        ]

    finite = [cost for cost in costs if cost < math.inf]
    low, high = min(finite) - 1.0, max(finite) + 2.0 * max(squares) * units
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if sum(at(middle)) <= units else (low, middle)
    return at(low)
