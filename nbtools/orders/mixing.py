"""A ranking, with a share at random and a share of gold mixed in: who comes when, and why."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
        What part of all they are. Those for which that leaves no room are left out.
    """

    random_share: float = 0.0
    gold: Sequence[int] = ()
    gold_share: float = 0.0


def arranged(
    ranked: Sequence[int],
    scores: Sequence[float],
    rest: Sequence[int],
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
    kinds = bytearray(RANDOM if drawn[at] else RANKED if at < len(ranked) else REST for at in order)
    found = Arrangement(
        slots=array("i", shown) + array("i", (base[at] for at in order)),
        kinds=bytearray([REST]) * len(shown) + kinds,
        ranks=array("i", [0]) * len(shown) + array("i", (at + 1 if at < len(ranked) else 0 for at in order)),
        scores=array("d", [math.nan]) * len(shown)
        + array("d", (scores[at] if at < len(scores) else math.nan for at in order)),
        begin=len(shown),
        name=name,
        round=round,
    )
    gold = [slot for slot in mix.gold if slot not in before]
    return _with_gold(found, gold, mix.gold_share, rng) if gold and mix.gold_share > 0 else found


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


def _with_gold(plain: Arrangement, gold: Sequence[int], share: float, rng: random.Random) -> Arrangement:
    """Return it with one gold in each stretch of 1/share, anywhere in the stretch, so that nobody can count on it."""
    many = len(plain.slots) - plain.begin
    room = min(len(gold), math.ceil(many * share / (1 - share))) if share < 1 else len(gold)
    at = plain.begin
    parts = [_cut(plain, 0, at)]
    for number, place in zip(range(room), _places(share, rng), strict=False):
        to = min(plain.begin + place - number, len(plain.slots))
        parts += [_cut(plain, at, to), (array("i", [gold[number]]), bytearray([GOLD]), array("i", [0]), _NOTHING)]
        at = to
    parts.append(_cut(plain, at, len(plain.slots)))
    slots, kinds, ranks, scores = array("i"), bytearray(), array("i"), array("d")
    for part in parts:
        slots += part[0]
        kinds += part[1]
        ranks += part[2]
        scores += part[3]
    return Arrangement(slots, kinds, ranks, scores, plain.begin, plain.name, plain.round)


_NOTHING = array("d", [math.nan])
_Part = tuple["array[int]", bytearray, "array[int]", "array[float]"]


def _cut(of: Arrangement, start: int, to: int) -> _Part:
    return of.slots[start:to], of.kinds[start:to], of.ranks[start:to], of.scores[start:to]


def _places(share: float, rng: random.Random) -> Iterator[int]:
    number = 0
    while True:
        first, end = math.floor(number / share), math.floor((number + 1) / share)
        yield rng.randrange(first, max(end, first + 1))
        number += 1
