"""A ranking, with a share at random and a share of gold mixed in: who comes when, and why."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

RANKED, RANDOM, GOLD, REST = range(4)


@dataclass(frozen=True)
class Arrangement:
    """Slots of a selection in the order in which they are shown.

    Attributes
    ----------
    slots : array of int
        Each once.
    kinds : bytearray
        Why each stands where it does: RANKED, RANDOM, GOLD, or REST where no ranker said anything.
    ranks : array of int
        Of what was ranked the rank, from 1; else 0.
    scores : array of float
        Of what was ranked the score; NaN where there is none.
    begin : int
        Up to here it was handed out before.
    name : str
        The order's.
    round : int
        1 for its first ranking, and so on.
    """

    slots: array[int]
    kinds: bytearray
    ranks: array[int]
    scores: array[float]
    begin: int
    name: str
    round: int

    def place(self, slot: int) -> int:
        """Return where a slot stands, -1 if it is not among them."""
        return self._places[slot] if slot < len(self._places) else -1

    @cached_property
    def _places(self) -> array[int]:
        found = array("i", [-1]) * (max(self.slots, default=-1) + 1)
        for place, slot in enumerate(self.slots):
            found[slot] = place
        return found

    def why(self, place: int) -> dict[str, Any] | None:
        """Return why the item at a place is shown there, as it is written with its label."""
        kind = self.kinds[place]
        if kind in (GOLD, RANDOM):
            return {"gold" if kind == GOLD else "random": True}
        if kind == REST:
            return None
        score = self.scores[place]
        rounded = {"score": float(f"{score:.6g}")} if math.isfinite(score) else {}
        return {"order": self.name, "rank": self.ranks[place], **rounded, "round": self.round}


@dataclass(frozen=True)
class Mix:
    """What is mixed into a ranking.

    Attributes
    ----------
    random_share : float
        What part of all but the gold is drawn at random.
    gold : sequence of int
        Slots with known answers, in the order in which they are taken.
    gold_share : float
        One of them in each 1/share; what is left then, at the end.
    """

    random_share: float = 0.0
    gold: Sequence[int] = ()
    gold_share: float = 0.0


def room_for_gold(others: int, share: float) -> int:
    """Return how many gold items make up a share of all, beside so many others."""
    return math.ceil(others * share / (1 - share))


def arranged(
    ranked: Sequence[int],
    scores: Sequence[float],
    rest: Sequence[int],
    done: Sequence[int] = (),
    *,
    shown: Sequence[int] = (),
    mix: Mix = Mix(),
    rng: random.Random,
    name: str,
    round: int = 1,
) -> Arrangement:
    """Return who comes when.

    Parameters
    ----------
    ranked : sequence of int
        Slots, best first.
    scores : sequence of float
        Theirs; none, or one for each.
    rest : sequence of int
        Slots of which the ranker said nothing, in the order in which they follow.
    done : sequence of int
        Slots behind all others, among which nothing is mixed.
    shown : sequence of int
        What was handed out already. It stays at the front as it is.
    mix : Mix
        What is mixed in.
    rng : Random
        What draws.
    name, round : str, int
        Of the ranking.
    """
    base = array("i", ranked)
    base.extend(rest)
    before = set(shown)
    order = array("i", range(len(base)) if not before else (at for at, slot in enumerate(base) if slot not in before))
    drawn = bytearray(len(base))
    if mix.random_share > 0:
        order = _with_random(order, drawn, mix.random_share, rng)
    waiting = (
        array("i", (base[at] for at in order)),
        bytearray(RANDOM if drawn[at] else RANKED if at < len(ranked) else REST for at in order),
        array("i", (at + 1 if at < len(ranked) else 0 for at in order)),
        array("d", (scores[at] if at < len(scores) else math.nan for at in order)),
    )
    gold = [slot for slot in mix.gold if slot not in before]
    parts = [_plain(shown), *_with_gold(waiting, gold, mix.gold_share, rng)]
    parts.append(_plain([slot for slot in done if slot not in before]))
    slots, kinds, ranks, numbers = array("i"), bytearray(), array("i"), array("d")
    for part in parts:
        slots += part[0]
        kinds += part[1]
        ranks += part[2]
        numbers += part[3]
    return Arrangement(slots, kinds, ranks, numbers, len(shown), name, round)


def _with_random(order: array[int], drawn: bytearray, share: float, rng: random.Random) -> array[int]:
    pool = array("i", order)
    rng.shuffle(pool)
    ranked, at_random = iter(order), iter(pool)
    used = bytearray(len(drawn))
    found = array("i")
    for _ in range(len(order)):
        lot = rng.random() < share
        at = next(one for one in (at_random if lot else ranked) if not used[one])
        used[at] = 1
        drawn[at] = lot
        found.append(at)
    return found


def _with_gold(waiting: _Part, gold: Sequence[int], share: float, rng: random.Random) -> list[_Part]:
    """Return it with one gold in each stretch of 1/share, anywhere in the stretch, so that nobody can count on it."""
    if not gold or share <= 0:
        return [waiting]
    many = len(waiting[0])
    at = 0
    parts = []
    for number, (one, place) in enumerate(zip(gold, _places(share, rng), strict=False)):
        to = min(place - number, many)
        parts += [_cut(waiting, at, to), _plain([one], GOLD)]
        at = to
    return [*parts, _cut(waiting, at, many)]


_Part: TypeAlias = "tuple[array[int], bytearray, array[int], array[float]]"


def _plain(slots: Sequence[int], kind: int = REST) -> _Part:
    many = len(slots)
    return array("i", slots), bytearray([kind]) * many, array("i", [0]) * many, array("d", [math.nan]) * many


def _cut(of: _Part, start: int, to: int) -> _Part:
    return of[0][start:to], of[1][start:to], of[2][start:to], of[3][start:to]


def _places(share: float, rng: random.Random) -> Iterator[int]:
    number = 0
    while True:
        first, end = math.floor(number / share), math.floor((number + 1) / share)
        yield rng.randrange(first, max(end, first + 1))
        number += 1
