"""Tables for a person, and progress for the patient."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest

from nbtools.cli import output


class Screen(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_progress_is_silent_for_a_second_and_then_drawn_in_place(clock: list[float]) -> None:
    screen = Screen()
    progress = output.Progress("ingesting", screen)
    clock[0] = 0.9
    progress(1, 2000)
    assert screen.getvalue() == ""
    clock[0] = 1.1
    progress(1000, 2000)
    assert screen.getvalue() == "\ringesting 1\u202f000 of 2\u202f000"
    progress(1001, 2000)
    assert screen.getvalue().count("\r") == 1
    progress.clear()
    assert screen.getvalue().endswith(" \r")


def test_progress_in_a_log_is_a_line_now_and_then(clock: list[float]) -> None:
    log = io.StringIO()
    progress = output.Progress("copying", log)
    for now in range(25):
        clock[0] = float(now)
        progress(now, None)
    progress.clear()
    assert log.getvalue() == "copying 1\ncopying 11\ncopying 21\n"


def test_a_table_is_aligned_with_numbers_to_the_right() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "jay", "count": 1204, "seen": True},
        {"name": "日本", "count": None, "seen": False},
    ]
    assert output.table(rows).splitlines() == ["name  count  seen", "jay   1\u202f204  yes", "日本         no"]


def test_a_long_cell_is_cut() -> None:
    assert output.table([{"text": "x" * 100}]).splitlines()[1] == "x" * 59 + "…"
