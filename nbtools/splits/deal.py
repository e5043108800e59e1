"""Dealing units to splits: the greedy step, exact and in blocks.

Rarest stratum first (Sechidis et al., 2011), large units first, and each unit to the
split that it brings nearest to its targets, among those that still lack items. Units
that are alike are dealt at once: what the step-by-step rule would come to is found
from the marginal costs, which grow evenly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nbtools.splits.columns import Array
from nbtools.splits.hashing import mix
from nbtools.splits.strata import Tally

# Blocks of fewer units are dealt one by one, which is quicker.
_SMALL = 64


# What one unit of a block holds: its strata, how many items of each, and its items.
Entry = tuple[list[int], list[int], int]


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

    def marginals(self, entry: Entry, squares: Sequence[float]) -> list[float]:
        """Return by how much the cost grows with one such unit more in each split."""
        costs = []
        for room, error, square in zip(self.room, self.error, squares, strict=True):
            if room <= self.slack:
                costs.append(math.inf)
                continue
            pull = 0.0
            # No sum(): its rounding differs between versions of Python.
            for stratum, count in zip(entry[0], entry[1], strict=True):
                pull += error[stratum] * count
            costs.append(2.0 * pull + square)
        return costs

    def put(self, split: int, entry: Entry, units: int) -> None:
        """Put a number of such units into a split."""
        strata, counts, weight = entry
        self.room[split] -= units * weight
        error, inverse = self.error[split], self.inverse[split]
        for stratum, count in zip(strata, counts, strict=True):
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
    new = np.flatnonzero((fixed < 0) & (weights > 0))
    if not len(new):
        return fixed
    order, firsts = _blocks(new, weights, stock, hashes)
    table = _table(weights, stock, fixed, shares)
    holders = order[firsts]
    result = fixed.copy()
    result[order] = _places(
        table, _entries(holders, weights, stock), _squares(holders, stock, table), firsts, len(order)
    )
    return result


def _places(
    table: Table, entries: Iterable[Entry], squares: Iterable[tuple[float, ...]], firsts: Array, total: int
) -> list[int]:
    """Return the split of each unit, in order: block by block, each where it costs least."""
    places: list[int] = []
    room, slack, parts = table.room, table.slack, list(enumerate(table.error))
    sizes = np.diff(np.append(firsts, total)).tolist()
    for entry, square, units in zip(entries, squares, sizes, strict=True):
        strata, counts, weight = entry
        if units > 1:
            for split, given in enumerate(_apportion(table.marginals(entry, square), square, table, weight, units)):
                if given:
                    table.put(split, entry, given)
                    places += [split] * given
            continue
        # `marginals` and `put` once more, for one unit: here the time goes, and a call takes as long as the work.
        least, best = math.inf, -1
        for split, error in parts:
            if room[split] > slack:
                pull = 0.0
                for stratum, count in zip(strata, counts):  # noqa: B905 -- of one length, and checking takes time
                    pull += error[stratum] * count
                cost = 2.0 * pull + square[split]
                if cost < least:
                    best, least = split, cost
        room[best] -= weight
        error, inverse = table.error[best], table.inverse[best]
        for stratum, count in zip(strata, counts):  # noqa: B905
            error[stratum] += count * inverse[stratum]
        places.append(best)
    return places


def _entries(holders: Array, weights: Array, stock: Tally) -> Iterator[Entry]:
    at, ends = _rows_of(holders, stock)
    # Two lists of numbers: as many pairs would keep the garbage collector busy.
    strata, counts, start = stock.strata[at].tolist(), stock.counts[at].tolist(), 0
    for end, weight in zip(ends.tolist(), weights[holders].tolist(), strict=True):
        yield strata[start:end], counts[start:end], weight
        start = end


def _rows_of(holders: Array, stock: Tally) -> tuple[Array, Array]:
    """Return where the entries of some units are, one unit after the other, and where those of each end."""
    lengths = stock.starts[holders + 1] - stock.starts[holders]
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1])) + np.repeat(stock.starts[holders] - (ends - lengths), lengths), ends


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
    import pandas as pd

    marks = mix(stock.strata.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + stock.counts.astype(np.uint64))
    # Every unit has an entry, that of all items.
    signature = np.add.reduceat(marks, stock.starts[:-1])
    rarest = np.minimum.reduceat(stock.totals[stock.strata], stock.starts[:-1])
    new = new[np.argsort(hashes[new])]
    block, distinct = pd.factorize(signature[new])  # by hashing: np.unique would sort them
    first = np.empty(len(distinct), np.int64)
    first[block[::-1]] = np.arange(len(new))[::-1]
    one, sizes = new[first], np.bincount(block)
    ranked = np.lexsort((signature[one], -weights[one], rarest[one]))
    # Sixteen bits are sorted by radix, in a tenth of the time.
    rank = np.empty(len(ranked), np.uint16 if len(ranked) < 65_536 else np.int64)
    rank[ranked] = np.arange(len(ranked))
    sizes = sizes[ranked]
    order = new[np.argsort(rank[block], kind="stable")]
    return order, np.cumsum(sizes) - sizes


def _squares(holders: Array, stock: Tally, table: Table) -> Iterable[tuple[float, ...]]:
    """Return for the first unit of each block, and each split, the part of its cost that does not change."""
    at, ends = _rows_of(holders, stock)
    row = np.repeat(np.arange(len(holders)), np.diff(ends, prepend=0))
    squared = stock.counts[at].astype(np.float64) ** 2
    # bincount adds in order, so that the rounding is the same everywhere.
    columns = [
        np.bincount(row, squared * np.array(inverse)[stock.strata[at]], minlength=len(holders))
        for inverse in table.inverse
    ]
    return zip(*(column.tolist() for column in columns), strict=True)


def _apportion(costs: list[float], squares: Sequence[float], table: Table, weight: int, units: int) -> list[int]:
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


def _most(costs: list[float], squares: Sequence[float], limits: list[int], units: int) -> list[int]:
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
