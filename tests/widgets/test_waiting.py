"""What takes long says how far it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nbtools.widgets import waiting
from nbtools.widgets.waiting import Waiting


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []

    class Line:
        def update(self, data: dict[str, str], *, raw: bool) -> None:
            lines.append(data["text/plain"])

    def display(data: dict[str, str], *, raw: bool, display_id: bool) -> Line:
        lines.append(data["text/plain"])
        return Line()

    monkeypatch.setattr(waiting, "display", display)
    return lines


def _clock(times: list[float]) -> Callable[[], float]:
    return lambda: times[0]


def test_what_is_soon_over_says_nothing(said: list[str]) -> None:
    line = Waiting("Reading", _clock([0.0]))
    line(1, 10)
    line.over()
    assert said == []


def test_once_a_second_it_says_how_far_it_is(said: list[str]) -> None:
    now = [0.0]
    line = Waiting("Reading", _clock(now))
    for tenth in range(31):
        now[0] = tenth / 10
        line(tenth, 40)
    now[0] = 9.0
    line(1234, None)
    line.over()
    assert said == ["Reading: 25 %", "Reading: 50 %", "Reading: 75 %", "Reading: 1,234", "Reading: done"]
