"""How far something is that takes longer than a moment, said below the cell."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from IPython.display import display

_MOMENT = 1.0


class Waiting:
    """Says in one line how far something is; nothing at all if it is soon over.

    Parameters
    ----------
    what : str
        What is being done.
    clock : callable
        Seconds that only go forward.
    """

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._clock = clock
        self._next = clock() + _MOMENT
        self._line: Any = None

    def __call__(self, done: int, total: int | None) -> None:
        """Say it, at most once a second."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + _MOMENT
        self._say(f"{self._what}: {100 * done // total} %" if total else f"{self._what}: {done:,}")

    def over(self) -> None:
        """Say that it is done, if anything was said."""
        if self._line is not None:
            self._say(f"{self._what}: done")

    def _say(self, text: str) -> None:
        said = {"text/plain": text}
        if self._line is None:
            self._line = display(said, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._line.update(said, raw=True)
