"""Who wants to know of each saved label, and what they are told."""

from __future__ import annotations

import dataclasses
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbtools.widgets.acts import Act
from nbtools.widgets.checks import shorten


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One act that is on the disk.

    Parameters
    ----------
    act : str
        Its id.
    task : str
        The task.
    item : str
        The item's id.
    annotator : str or None
        Who labeled.
    value : str, list of str or None
        The option, the options, or None where skipped or cleared.
    status : str
        "labeled", "skipped" or "cleared".
    flagged, unsure : bool
        As the person marked it.
    comment : str or None
        As the person wrote it.
    """

    act: str
    task: str
    item: str
    annotator: str | None
    value: str | list[str] | None
    status: str
    flagged: bool
    unsure: bool
    comment: str | None


def label_event(task: str, annotator: str | None, act: Act, ack: Mapping[str, Any]) -> LabelEvent:
    """Return what listeners are told of a saved act.

    Parameters
    ----------
    task : str
        The task.
    annotator : str or None
        Who labeled.
    act : Act
        What the page sent.
    ack : mapping
        What the session answered. What an undo brought back stands only there.
    """
    said: Mapping[str, Any] = ack["current"] if act.kind == "undo" else dataclasses.asdict(act)
    kept = {key: said[key] for key in ("value", "status", "flagged", "unsure", "comment")}
    return LabelEvent(act=act.act, task=task, item=act.item, annotator=annotator, **kept)


class Listeners:
    """Functions to call for each saved label; one that fails stops none of the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[object, Callable[[LabelEvent], object]] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._calls)

    def add(self, call: Callable[[LabelEvent], object]) -> Callable[[], None]:
        """Add a function; return what takes it away again."""
        if not callable(call):
            raise TypeError(f"on_label takes a function, not {type(call).__name__}")
        key = object()
        with self._lock:
            self._calls[key] = call

        def remove() -> None:
            with self._lock:
                self._calls.pop(key, None)

        return remove

    def tell(self, event: LabelEvent) -> list[str]:
        """Call each function; return in words what went wrong in them."""
        with self._lock:
            calls = list(self._calls.values())
        failures = []
        for call in calls:
            try:
                call(event)
            except Exception as error:  # noqa: BLE001 -- a user's function may raise anything
                failures.append(_described(error))
        return failures


def _described(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" (line {frames[-1].lineno} of {Path(frames[-1].filename).name})" if len(frames) > 1 else ""
    return f"{type(error).__name__}: {shorten(str(error), 100)}{place}"
