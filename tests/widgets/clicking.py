"""The same clicks on pigeon's widgets and on ours, and the lists that they leave."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

import ipywidgets
import pigeon
from ulid import ULID

from nbtools.widgets import annotating
from tests.widgets.wire import Browser

SKIP = object()


class Pigeon:
    """pigeon-jupyter itself, clicked as its front end would.

    Parameters
    ----------
    *args, **options : object
        As for `pigeon.annotate`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._shown: list[Any] = []
        with mock.patch.object(sys.modules["pigeon.annotate"], "display", self._shown.append), _quiet():
            self.pairs: list[tuple[Any, Any]] = pigeon.annotate(*args, **options)

    def click(self, answer: Any) -> None:
        """Answer the example that is shown, or skip it."""
        with _quiet():
            if answer is SKIP:
                self._button("skip").click()
            elif self._field is None:
                self._button(answer).click()
            else:
                self._field.value = answer
                self._button("submit").click()

    @property
    def finished(self) -> bool:
        """Whether nothing can be clicked any more."""
        return all(button.disabled for button in self._buttons)

    @property
    def words(self) -> list[str]:
        """What can be clicked or chosen."""
        if isinstance(self._field, ipywidgets.Dropdown):
            return [str(option) for option in self._field.options]
        return [button.description for button in self._buttons if button.description not in ("submit", "skip")]

    @property
    def can_skip(self) -> bool:
        """Whether there is a button for it."""
        return any(button.description == "skip" for button in self._buttons)

    @property
    def _field(self) -> Any:
        kinds = (ipywidgets.Dropdown, ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.Textarea)
        return next((one for one in self._shown if isinstance(one, kinds)), None)

    @property
    def _buttons(self) -> list[Any]:
        (box,) = (one for one in self._shown if isinstance(one, ipywidgets.HBox))
        return list(box.children)

    def _button(self, words: Any) -> Any:
        return next(button for button in self._buttons if button.description == words)


class Ours:
    """`nbtools.annotate`, with a page that sends what the real one sends.

    Parameters
    ----------
    *args, **options : object
        As for `nbtools.annotate`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        shown: list[Any] = []
        with mock.patch.object(annotating, "display", shown.append):
            self.pairs = annotating.annotate(*args, **{"display_fn": _nothing, **options})
        (self.widget,) = shown
        self.browser = Browser(self.widget)
        self.opened = self.browser.ask("open", client=str(ULID()))
        self.sent: list[dict[str, Any]] = []
        self._heads: dict[str, str] = {}

    def click(self, answer: Any) -> None:
        """Answer the example that is shown, or skip it; a skipped one is only shown again at the end."""
        item = self.current
        assert item is not None
        if answer is SKIP:
            self.say(item, None, "skipped")
        else:
            self.say(item, self._value(answer))

    @property
    def current(self) -> str | None:
        """The id of the example that waits for its label."""
        return next((item["id"] for item in self.fetch(1) if not item["again"]), None)

    def fetch(self, count: int = 200) -> list[dict[str, Any]]:
        """Return the next examples."""
        items: list[dict[str, Any]] = self.browser.ask("fetch", request=1, cursor=None, count=count, bytes=10**7)[
            "items"
        ]
        return items

    @property
    def finished(self) -> bool:
        """Whether nothing waits, but what was skipped."""
        return self.current is None

    @property
    def words(self) -> list[str]:
        """What can be clicked."""
        return [option["name"] for option in self.opened["task"]["options"]]

    @property
    def can_skip(self) -> bool:
        """Whether there is a button for it."""
        return bool(self.opened["skips"])

    def say(self, item: str, value: Any, status: str = "labeled", **more: Any) -> dict[str, Any]:
        """Send an act; return its acknowledgement."""
        act = {
            "act": str(ULID()), "item": item, "kind": "label", "schema": 1, "status": status, "value": value,
            "supersedes": self._heads.get(item), "undoes": None, **more,
        }  # fmt: skip
        (ack,) = self.browser.ask("acts", acts=[act])["acks"]
        if ack["saved"]:
            self._heads[item] = act["act"]
            self.sent.append(act)
        return dict(ack)

    def undo(self) -> None:
        """Take back what was said last."""
        last = self.sent[-1]
        assert self.say(last["item"], None, "cleared", kind="undo", undoes=last["act"])["saved"]

    def _value(self, answer: Any) -> Any:
        named = {option["name"]: option["id"] for option in self.opened["task"]["options"]}
        return named.get(str(answer), answer)


def both(*args: Any, **options: Any) -> tuple[Pigeon, Ours]:
    """Call both with the same words."""
    return Pigeon(*args, **{"display_fn": _nothing, **options}), Ours(*args, **options)


def _nothing(example: object) -> None:
    """Show nothing."""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()):
        yield
