"""One ranking of a dataset's items: what a ranker is told, and how long it may take."""

from __future__ import annotations

import random
import threading
import time
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nbtools.dataset.core import Core
from nbtools.errors import OrderError
from nbtools.labels.task import Task
from nbtools.orders.base import Context, Order, seconds_of


class Outcome(NamedTuple):
    """What became of a ranking.

    Attributes
    ----------
    places : array of int
        Places in what was to be ranked, best first.
    scores : array of float
        Theirs; NaN where there is none.
    seconds : float
        How long it took.
    failed : str or None
        Why there is none.
    """

    places: array[int]
    scores: array[float]
    seconds: float
    failed: str | None = None


class Attempt:
    """One ranking, on a thread of its own.

    Parameters
    ----------
    ds : Dataset
        Whose items.
    ranker : Order
        What ranks them.
    positions : sequence of int
        Which of them, in the order of before.
    context : Context
        What it is told.
    """

    def __init__(self, ds: Core, ranker: Order, positions: Sequence[int], context: Context) -> None:
        self._ds = ds
        self._ranker = ranker
        self._positions = positions
        self._context = context
        self._found: tuple[array[int], array[float]] | None = None
        self._failed = "it ended without a word"
        self._worker = threading.Thread(target=self._rank, name="nbtools ranker", daemon=True)

    @property
    def running(self) -> bool:
        """Whether it still computes, given up or not: a thread cannot be ended."""
        return self._worker.is_alive()

    def result(self) -> Outcome:
        """Rank, and wait for it as long as the ranker says it may take."""
        began = time.monotonic()
        limit = seconds_of(self._ranker)
        self._worker.start()
        self._worker.join(limit)
        took = time.monotonic() - began
        if self.running:
            return Outcome(array("q"), array("d"), took, f"it took longer than {limit:g} s")
        if self._found is None:
            return Outcome(array("q"), array("d"), took, self._failed)
        return Outcome(*self._found, took)

    def _rank(self) -> None:
        try:
            from nbtools.orders.ranking import read_ranking

            ids = self._ds._index.ids_at(self._positions)
            ranked = read_ranking(self._ranker.rank(ids, self._context), ids)
            self._found = ranked.places, ranked.scores
        except OrderError as error:
            self._failed = str(error)
        except Exception as error:  # noqa: BLE001 -- a user's function may raise anything
            self._failed = f"{type(error).__name__}: {error}"


def context_of(ds: Core, task: Task, *, round: int, needed: int, seed: str) -> Context:
    """Return what a ranker is told; it reads the rest when it asks for it.

    Parameters
    ----------
    ds : Dataset
        Whose items.
    task : Task
        What is labeled.
    round, needed : int
        As in `Context`.
    seed : str
        What its random generator begins with.
    """
    return Context(
        task=task.name,
        options=tuple(option.id for option in task.options),
        round=round,
        needed=needed,
        seed=random.Random(seed).getrandbits(32),
        read_labels=lambda: _labels(ds, task.name),
        read_attributes=lambda: {row.id: row.attributes for row in ds._index.rows()},
        read_models=lambda: _models(ds, task),
    )


def _labels(ds: Core, task: str) -> Mapping[str, Mapping[str, Any]]:
    import json

    found: dict[str, dict[str, Any]] = {}
    for label in ds._index.labels(task):
        if label.status == "labeled":
            found.setdefault(label.item, {})[label.annotator] = json.loads(label.value)
    return found


def _models(ds: Core, task: Task) -> dict[str, dict[str, dict[str, float]]]:
    """Return what each model suggests: model → item → option → probability, the model heard of last at the end."""
    options = [option.id for option in task.options]
    found: dict[str, dict[str, dict[str, float]]] = {}
    newest: dict[str, str] = {}
    for one in ds._index.suggestions(task.name):
        told = one.scores or _spread(one.value, one.score, options)
        if told is not None:
            found.setdefault(one.model, {})[one.item] = {option: told.get(option, 0.0) for option in options}
            newest[one.model] = max(newest.get(one.model, ""), one.table)
    return {model: found[model] for model in sorted(found, key=newest.__getitem__)}


def _spread(value: Any, score: float | None, options: Sequence[str]) -> dict[str, float] | None:
    # Where only the likeliest option has a score, nothing speaks for any of the others more.
    if score is None or not 0 <= score <= 1 or value not in options or len(options) < 2:
        return None
    return {option: score if option == value else (1 - score) / (len(options) - 1) for option in options}
