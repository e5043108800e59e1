"""What every widget that labels shares: a session behind it, and the messages of its page."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from nbtools.dataset.session import Page
from nbtools.errors import MessageError
from nbtools.labels.names import annotator_name
from nbtools.widgets import greetings, messages
from nbtools.widgets._base import BaseWidget, bundled, short_line
from nbtools.widgets.acts import Act, BadAct
from nbtools.widgets.content import MAX_BUFFER, Content, Fields
from nbtools.widgets.events import LabelEvent, Listeners, label_event
from nbtools.widgets.payload import View, page

# The pictures of a grid come a few at a time, so that the first are there at once.
_GRID_ROOM = 1_000_000
_log = logging.getLogger("nbtools")


class LabelingSession(Protocol):
    """One person, one task, some items; `nbtools.dataset.session.Session` says what each call does."""

    def describe(self) -> dict[str, Any]:
        """Return all that a front end needs to know before the first item."""

    def introduce(self, name: str) -> None:
        """Say who is labeling; once."""

    def counts(self) -> dict[str, int]:
        """Return how many items there are in all, labeled, skipped and left."""

    def fetch(self, cursor: Sequence[int] | None, count: int) -> Page:
        """Return the next items to label."""

    def grid(self, start: int, count: int, *, unlabeled: bool, fresh: bool) -> tuple[list[dict[str, Any]], int]:
        """Return some items by their place, and how many there are."""

    def item(self, *, id: str | None = None, position: int | None = None) -> dict[str, Any]:
        """Return one item, by its id or its position."""

    def picture(self, path: str) -> bytes:
        """Return an image that the guidelines of the task name."""

    def record(self, acts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Take acts; return one acknowledgement for each."""


class LabelingWidget(BaseWidget):
    """A widget that shows the items of a session, one at a time, and keeps what is said of them.

    Parameters
    ----------
    session : LabelingSession
        What is labeled, by whom.
    task : str
        The task's name.
    **options : object
        `layout`, `tooltip` and `tabbable`, as of any widget.
    """

    def __init__(self, session: LabelingSession, task: str, **options: object) -> None:
        self._session = session
        self._task = task
        self._listeners = Listeners()
        super().__init__(**options)

    @property
    def counts(self) -> dict[str, int]:
        """How many items there are: total, labeled, skipped, left."""
        return dict(self._session.counts())

    def on_label(self, call: Callable[[LabelEvent], object]) -> Callable[[], None]:
        """Call a function after each act that is saved.

        Parameters
        ----------
        call : callable
            Gets a `LabelEvent`. It is called once the label is on the disk, on the
            thread that took the message, and never twice for one act. An exception
            of it is shown in the page and in the log, and labeling goes on.

        Returns
        -------
        callable
            Call it to be told no more.
        """
        return self._listeners.add(call)

    def _bundle_name(self) -> str:
        # A page gets the code of its own task's editor and of no other.
        return f"labeler-{self._session.describe()['task']['kind']}.js"

    def _annotator(self) -> str | None:
        annotator = self._session.describe()["annotator"]
        return annotator["name"] if annotator else None

    def _answer(self, message: messages.Message) -> Callable[[], None]:
        match message:
            case greetings.Open():
                return partial(self._say_opened, self._session.describe())
            case messages.Introduce(name=name):
                # A page that heard no answer says it again, and that is no other person.
                if self._annotator() != annotator_name(name):
                    self._session.introduce(name)
                return partial(self._say_opened, self._session.describe())
            case messages.Fetch() | messages.GetGrid():
                return partial(self._send_page, message)
            case messages.GetItem(request=request):
                view = self._session.item(id=message.id, position=message.position)
                return partial(self._send_item, request, view)
            case messages.GetBytes():
                return partial(self._send_bytes, message)
            case messages.GetPeaks(item=name) | messages.GetModule(name=name) | messages.GetPicture(path=name):
                return partial(self._send_made, message, name)
            case messages.Acts(acts=acts):
                return self._keep(acts)
            case greetings.Ping():
                return partial(self._say, "pong", counts=self._session.counts())

    def _say_opened(self, description: Mapping[str, object]) -> None:
        self._say("opened", **{"chunk": MAX_BUFFER, **description})

    def _send_page(self, message: messages.Fetch | messages.GetGrid) -> None:
        if isinstance(message, messages.GetGrid):
            self._send_grid(message)
            return
        cursor = None if message.cursor is None else list(message.cursor)
        made: dict[str, Content] = {}

        def make(view: View) -> Content:
            return made.get(view["id"]) or made.setdefault(view["id"], self._content(view))

        found = self._session.fetch(cursor, message.count)
        entries, buffers = page(found.items, make, message.bytes)
        while len(entries) < len(found.items):
            # Only the session knows the cursor after a page, so it is asked for one of this length.
            found = self._session.fetch(cursor, len(entries))
            entries, buffers = page(found.items, make, message.bytes)
        self._send_items(message.request, entries, buffers, cursor=found.cursor, exhausted=found.exhausted)

    def _send_grid(self, message: messages.GetGrid) -> None:
        start, count = message.start, message.count
        found, total = self._session.grid(start, count, unlabeled=message.unlabeled, fresh=message.fresh)
        entries, buffers = page(found, self._card, _GRID_ROOM)
        self._send_items(message.request, entries, buffers, cursor=None, exhausted=False, total=total)

    def _send_item(self, request: int, view: View) -> None:
        entries, buffers = page([view], self._content, MAX_BUFFER)
        self._send_items(request, entries, buffers, cursor=None, exhausted=False)

    def _send_items(self, request: int, entries: list[Fields], buffers: list[bytes], **rest: object) -> None:
        self._say("items", buffers, request=request, items=entries, counts=self._session.counts(), **rest)

    def _content(self, view: View) -> Content:
        """Return what is shown of an item."""
        raise NotImplementedError

    def _card(self, view: View) -> Content:
        """Return what stands for an item in a grid; what is shown of it, unless there is something smaller."""
        return self._content(view)

    def _chunk(self, item: str, start: int) -> tuple[bytes, int]:
        """Return a part of an item's file, and the size of the whole."""
        raise NotImplementedError

    def _send_bytes(self, message: messages.GetBytes) -> None:
        data, total = self._chunk(message.item, message.start)
        self._say("bytes", [data], request=message.request, item=message.item, start=message.start, total=total)

    def _peaks(self, item: str) -> bytes:
        """Return the peaks of an item's sound."""
        raise NotImplementedError

    def _send_made(self, message: messages.GetPeaks | messages.GetModule | messages.GetPicture, name: str) -> None:
        if isinstance(message, messages.GetModule):
            data = bundled(f"{name}.js").encode()
        else:
            data = self._peaks(name) if isinstance(message, messages.GetPeaks) else self._session.picture(name)
        self._say("bytes", [data], request=message.request, item=name, start=0, total=len(data))

    def _keep(self, acts: Sequence[Act | BadAct]) -> Callable[[], None]:
        good = [act for act in acts if isinstance(act, Act)]
        saved = iter(self._session.record([dataclasses.asdict(act) for act in good]))
        acks = [next(saved) if isinstance(act, Act) else _refusal(act) for act in acts]
        return partial(self._send_acks, acts, acks, self._session.counts())

    def _send_acks(
        self,
        acts: Sequence[Act | BadAct],
        acks: Sequence[Mapping[str, Any]],
        counts: Mapping[str, int],
    ) -> None:
        self._say("acks", acks=acks, counts=counts)
        for act, ack in zip(acts, acks, strict=True):
            if isinstance(act, BadAct):
                self._note("act", MessageError(act.why))
            elif ack["saved"] and not ack.get("duplicate"):
                self._tell(act, ack)

    def _tell(self, act: Act, ack: Mapping[str, Any]) -> None:
        if not self._listeners:
            return
        for failure in self._listeners.tell(label_event(self._task, self._annotator(), act, ack)):
            why = short_line(f"on_label failed, the label is saved: {failure}")
            _log.warning("%s", why)
            self._say("error", of="on_label", why=why)


def _refusal(act: BadAct) -> dict[str, object]:
    return {"act": act.act, "saved": False, "final": True, "why": short_line(act.why)}
