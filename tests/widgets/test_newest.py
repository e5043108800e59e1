"""Of several pieces of work only the newest is told; what is over is forgotten."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Mapping
from typing import Any

from nbtools.errors import DatasetError
from nbtools.widgets.jobs import Progress
from nbtools.widgets.newest import Newest


class Told:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.newest = Newest(lambda number, _: self.numbers.append(number))


def test_what_was_begun_before_ends_with_its_next_step() -> None:
    told, begun, go = Told(), threading.Event(), threading.Event()

    def long(progress: Progress) -> Mapping[str, Any]:
        begun.set()
        assert go.wait(30)
        progress(1, 2)
        return {"never": "told"}

    assert told.newest.begin(1, long)["state"] == "running"
    assert begun.wait(30)
    assert told.newest.begin(1, long)["state"] == "running", "asked for twice it is begun once"
    told.newest.begin(2, lambda _: {"of": 2})
    assert told.newest.said(1) == {"state": "cancelled"}
    assert told.newest.said(2)["state"] == "running", "it waits until the other has ended"
    go.set()
    told.newest.wait()
    assert told.numbers == [2]
    assert told.newest.said(2)["result"] == {"of": 2}


def test_called_off_nothing_is_told() -> None:
    told, begun, go = Told(), threading.Event(), threading.Event()

    def work(progress: Progress) -> Mapping[str, Any]:
        begun.set()
        assert go.wait(30)
        return {}

    told.newest.cancel()
    told.newest.begin(1, work)
    assert begun.wait(30)
    told.newest.cancel()
    go.set()
    told.newest.wait()
    assert (told.numbers, told.newest.said(1)["state"]) == ([], "cancelled")


def test_what_fails_says_why_to_whoever_asks() -> None:
    told = Told()

    def work(progress: Progress) -> Mapping[str, Any]:
        raise DatasetError("items.parquet cannot be read")

    told.newest.begin(1, work)
    told.newest.wait()
    assert told.newest.said(1)["why"] == "items.parquet cannot be read"


def test_a_thousand_changes_are_not_kept() -> None:
    told = Told()
    told.newest.begin(0, lambda _: {})
    first = weakref.ref(told.newest._job or told)
    for number in range(1, 5):
        told.newest.begin(number, lambda _: {})
    told.newest.wait()
    gc.collect()
    assert first() is None
