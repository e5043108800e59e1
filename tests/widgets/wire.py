"""The front end's side of a widget, without a browser: a comm that keeps what was sent."""

from __future__ import annotations

import json
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from nbtools.widgets._base import BaseWidget


class Wire(BaseComm):
    """A comm to nowhere that keeps each message, as JSON would carry it."""

    def __init__(self, **options: Any) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        super().__init__(**options)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Keep a message; what JSON can't carry fails here as it would in a kernel."""
        carried = json.loads(
            json.dumps({"kind": msg_type, **(data or {})}, allow_nan=False, ensure_ascii=False).encode()
        )
        self.sent.append((carried, [bytes(buffer) for buffer in buffers or []]))


class Browser:
    """A page of a widget.

    Parameters
    ----------
    widget : BaseWidget
        The widget, made while `wired` was in force.
    """

    def __init__(self, widget: BaseWidget) -> None:
        self._wire: Wire = widget.comm
        self.buffers: list[bytes] = []

    def deliver(self, data: object, buffers: list[bytes] | None = None) -> list[dict[str, Any]]:
        """Deliver raw comm data; return the custom messages that came back."""
        before = len(self._wire.sent)
        self._wire.handle_msg({"content": {"data": data}, "buffers": buffers or []})
        return self.said(before)

    def said(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the custom messages sent so far, from a number on."""
        return [data["content"] for data, _ in self._wire.sent[since:] if data.get("method") == "custom"]

    def send(self, content: object) -> list[dict[str, Any]]:
        """Send a custom message; return the answers."""
        return self.deliver({"method": "custom", "content": content})

    def ask(self, kind: str, **fields: object) -> dict[str, Any]:
        """Send a message of the protocol; return its one answer."""
        before = len(self._wire.sent)
        (answer,) = self.send({"v": 1, "type": kind, **fields})
        self.buffers = self._wire.sent[before:][0][1]
        return answer

    @property
    def opening(self) -> dict[str, Any]:
        """The state with which the widget was opened."""
        state: dict[str, Any] = self._wire.sent[0][0]["state"]
        return state


def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each widget made from now on a `Wire`."""
    monkeypatch.setattr(comm, "create_comm", Wire)
