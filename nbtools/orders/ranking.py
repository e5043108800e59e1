"""What a ranker returned, checked: nothing of it is believed."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from nbtools.errors import OrderError
from nbtools.orders.base import Ranking


class Ranked(NamedTuple):
    """Places in the list of ids that was to be ranked, best first.

    Attributes
    ----------
    places : array of int
        Each at most once; what is not among them was not ranked.
    scores : array of float
        The score of each of them; NaN where there is none.
    """

    places: array[int]
    scores: array[float]


def read_ranking(found: Any, ids: Sequence[str]) -> Ranked:
    """Return what a ranker returned as places in `ids`.

    Parameters
    ----------
    found : Ranking, sequence of str, mapping of id to score, or sequence of float
        As `Order.rank` returns it.
    ids : sequence of str
        What was to be ranked.

    Raises
    ------
    OrderError
        If it is no ranking of these.
    """
    if isinstance(found, Ranking):
        return _by_ids(list(found.ids), ids, found.scores)
    if isinstance(found, Mapping) or (hasattr(found, "items") and hasattr(found, "index")):
        pairs = {str(item): score for item, score in found.items()}
        places = _places(list(pairs), ids)
        scores = _numbers(list(pairs.values()))
        return _best_first(np.array(places, np.int64), scores)
    try:
        given = found if isinstance(found, np.ndarray) else list(found)
    except TypeError:
        given = None
    if given is None or isinstance(found, str | bytes):
        raise OrderError(f"a ranker returns ids in order, or a score for each, and this is {type(found).__name__}")
    if len(given) and all(isinstance(one, str) for one in given[:1]):
        return _by_ids([str(one) for one in given], ids, None)
    scores = _numbers(given)
    if len(scores) != len(ids):
        raise OrderError(f"the ranker was given {len(ids):,} ids and returned {len(scores):,} scores: one for each")
    return _best_first(np.arange(len(ids)), scores)


def _best_first(places: np.ndarray, scores: np.ndarray) -> Ranked:
    known = ~np.isnan(scores)
    if len(scores) and not known.any():
        raise OrderError("the ranker gave no item a score: all are NaN")
    # Stable, so that equals stay in the order of before.
    order = np.flatnonzero(known)[np.argsort(-scores[known], kind="stable")]
    return Ranked(array("q", places[order].astype(np.int64).tobytes()), array("d", scores[order].tobytes()))


def _by_ids(given: list[str], ids: Sequence[str], scores: Sequence[float] | None) -> Ranked:
    places = _places(given, ids)
    if scores is not None and len(scores) != len(given):
        raise OrderError(f"the ranker returned {len(given):,} ids and {len(scores):,} scores: one for each")
    numbers = np.full(len(places), np.nan) if scores is None else _numbers(scores)
    return Ranked(array("q", places), array("d", numbers.tobytes()))


def _places(given: Sequence[str], ids: Sequence[str]) -> list[int]:
    known = {one: place for place, one in enumerate(ids)}
    places = []
    for one in given:
        place = known.pop(one, None)
        if place is None:
            twice = one in ids
            why = "twice" if twice else "and it is none of those that it was given"
            raise OrderError(f"the ranker returned {one[:80]!r} {why}: return each of its ids at most once")
        places.append(place)
    return places


def _numbers(scores: Any) -> np.ndarray:
    try:
        numbers = np.asarray(scores, np.float64)
    except (TypeError, ValueError) as error:
        raise OrderError(f"a score is a number: {str(error)[:120]}") from error
    if numbers.ndim != 1:
        raise OrderError(f"the ranker returned an array of the shape {numbers.shape}: one score for each id is wanted")
    return numbers
