"""A million items ranked anew by a session, and k-center, each beside scikit-activeml."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.orders import Shuffled, Uncertainty
from nbtools.orders.centers import k_center
from nbtools.orders.wanted import Wanted
from nbtools.storage import new_ulid
from tests.bench.index_scale import synthesize
from tests.bench.table import Table

ITEMS = 1_000_000
POINTS = 100_000
OPTIONS = 5


def run(items: int = ITEMS, points: int = POINTS) -> list[Table]:
    """Measure both."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs
        return [_sessions(items), _centers(points)]


def _sessions(items: int) -> Table:
    table = Table(
        f"{items:,} items put in order by a session",
        ["what", "s", "longest wait of a label meanwhile, ms"],
    )
    with tempfile.TemporaryDirectory() as folder:
        ds = Dataset(synthesize(Path(folder), items, 0, "prefix"))
        ds._index.refresh()
        session, took = _timed(lambda: Session(ds, "species", annotator="anna", wanted=Wanted(Shuffled())))
        table.add("shuffled, session opened", took, "")
        ids = ds._index.ids_at(range(items))
        table_of = np.random.default_rng(0).dirichlet(np.ones(OPTIONS), items)
        wanted = Wanted(Uncertainty("margin", (ids, table_of)), every=1)
        session, took = _timed(lambda: Session(ds, "species", annotator="ben", wanted=wanted))
        table.add("margin, session opened", took, "")
        took, longest = _again(session)
        table.add("margin, ranked anew in the background", took, longest * 1000)
    from skactiveml.pool import uncertainty_scores

    _, took = _timed(lambda: np.argsort(-uncertainty_scores(table_of, method="margin_sampling"), kind="stable"))
    table.add("scikit-activeml: scores and argsort alone", took, "")
    _, took = _timed(lambda: Uncertainty("margin", (ids, table_of)).rank(ids, None))  # type: ignore[arg-type]
    table.add("ours: scores alone, the table read", took, "")
    return table


def _again(session: Session) -> tuple[float, float]:
    """Label until the ranking that the first label starts is over: how long that was, and the longest label."""
    ordering: Any = session._ordering
    page = session.fetch(None, 200)
    before, started = ordering.line.round, time.perf_counter()
    longest, over = 0.0, 0.0
    for view in page.items:
        act = {"act": new_ulid(), "item": view["id"], "kind": "label", "schema": 1, "status": "labeled", "value": "jay"}
        _, took = _timed(partial(session.record, [act]))
        longest = max(longest, took)
        ordering._background.join(0.05)
        if ordering.line.round > before:
            over = time.perf_counter() - started
            break
    return over, longest


def _centers(points: int) -> Table:
    table = Table(f"k-center: of {points:,} points in 64 dimensions", ["what", "centers", "s", "s a center"])
    given = np.random.default_rng(0).normal(size=(points, 64)).astype(np.float32)
    for labeled, count in ((0, 300), (points // 20, 300)):
        _, took = _timed(partial(k_center, given[labeled:], count, given[:labeled]))
        table.add(f"ours, {labeled:,} labeled", count, took, took / count)
    from skactiveml.pool import k_greedy_center

    labels = np.full(points, np.nan)
    labels[:1] = 0
    _, took = _timed(lambda: k_greedy_center(given, labels, batch_size=20, random_state=0))
    table.add("scikit-activeml, 1 labeled", 20, took, took / 20)
    return table


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started
