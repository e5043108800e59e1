"""The Labeler: one item at a time, a key for each label, and nothing lost."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from nbtools.dataset.session import Session
from nbtools.errors import MessageError, UnknownItemError
from nbtools.labels.names import annotator_name
from nbtools.widgets import messages
from nbtools.widgets._base import BaseWidget, short_line
from nbtools.widgets.acts import Act, BadAct
from nbtools.widgets.content import MAX_BUFFER, Content, Fields
from nbtools.widgets.copies import screen_copy
from nbtools.widgets.display import Display, DisplayItem, Displays
from nbtools.widgets.events import LabelEvent, Listeners, label_event
from nbtools.widgets.identity import identify
from nbtools.widgets.payload import Files, View, page
from nbtools.widgets.waiting import Waiting

if TYPE_CHECKING:
    import pandas as pd

    from nbtools.dataset import Dataset
    from nbtools.labels.task import Task

_log = logging.getLogger("nbtools")


class Labeler(BaseWidget):
    """Label the items of a dataset, by key, for one task.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    task : str or Task
        The task, as declared by ``ds.task(…)``.
    items : sequence of str, optional
        Ids of the items to label; all unless given.
    where : str, optional
        A condition on columns and attributes, such as ``"site = 'north'"``.
    mode : {"new", "review"}
        "new" offers what is not labeled yet; "review" what is, to be confirmed.
    show : sequence of str
        Attributes to show beside the item.
    display : callable, optional
        Makes what is shown of an item: gets a `DisplayItem`, returns an array, a PIL
        image, the bytes of an image file, text, or a matplotlib figure.
    annotator : str, optional
        Who labels; from the environment unless given, else the page asks.
    **options : object
        `layout`, `tooltip` and `tabbable`, as of any widget.

    Raises
    ------
    TypeError
        If a keyword is unknown; the nearest known one is named.
    SchemaError
        If there is no such task.
    QueryError
        If `where` can't be evaluated.

    Examples
    --------
    >>> nbtools.Labeler(ds, "species", show=["site"])  # doctest: +SKIP
    """

    _bundle: ClassVar[str] = "labeler.js"

    def __init__(
        self,
        ds: Dataset,
        task: str | Task,
        items: Sequence[str] | None = None,
        where: str | None = None,
        mode: Literal["new", "review"] = "new",
        show: Sequence[str] = (),
        display: Display | None = None,
        annotator: str | None = None,
        **options: object,
    ) -> None:
        self._ds = ds
        self._task = task if isinstance(task, str) else task.name
        self._refuse_unknown(options)
        who = identify(annotator)
        waiting = Waiting("Reading the dataset")
        ds._index.refresh(waiting)  # noqa: SLF001 -- the session does it too, but says nothing meanwhile
        waiting.over()
        self._session = Session(
            ds,
            self._task,
            annotator=who.name,
            identity=who.how,
            items=None if items is None else list(items),
            where=where,
            mode=mode,
            show=tuple(show),
        )
        self._displays = None if display is None else Displays(display)
        self._files = Files(self._session.path, partial(screen_copy, ds))
        self._listeners = Listeners()
        super().__init__(**options)

    def _annotator(self) -> str | None:
        annotator = self._session.describe()["annotator"]
        return annotator["name"] if annotator else None

    @property
    def labels(self) -> pd.DataFrame:
        """All current labels of the task: one row per item and annotator."""
        return self._ds.labels(self._task)

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

    def goto(self, id: str) -> None:
        """Show an item in every open page of this widget.

        Parameters
        ----------
        id : str
            The item's id, or a beginning of it that only one item has.

        Raises
        ------
        UnknownItemError
            If there is no such item.
        """
        view = self._session.item(id=self._ds._index.find(id))  # noqa: SLF001 -- a page gives whole ids, a person not
        self._say("goto", position=view["position"], id=view["id"])

    def _summary(self) -> str:
        counts = self._session.counts()
        done = counts["total"] - counts["left"]
        return f"Labeler · {self._task} · {done:,} of {counts['total']:,}"

    def _answer(self, message: messages.Message) -> Callable[[], None]:
        match message:
            case messages.Open():
                return partial(self._say_opened, self._session.describe())
            case messages.Introduce(name=name):
                # A page that heard no answer says it again, and that is no other person.
                if self._annotator() != annotator_name(name):
                    self._session.introduce(name)
                return partial(self._say_opened, self._session.describe())
            case messages.Fetch():
                return partial(self._send_page, message)
            case messages.GetItem(request=request):
                view = self._session.item(id=message.id, position=message.position)
                return partial(self._send_item, request, view)
            case messages.GetBytes():
                return partial(self._send_bytes, message)
            case messages.Acts(acts=acts):
                return self._keep(acts)
            case messages.Ping():
                return partial(self._say, "pong", counts=self._session.counts())

    def _say_opened(self, description: Mapping[str, object]) -> None:
        self._say("opened", **{"chunk": MAX_BUFFER, **description})

    def _send_page(self, message: messages.Fetch) -> None:
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

    def _send_item(self, request: int, view: View) -> None:
        entries, buffers = page([view], self._content, MAX_BUFFER)
        self._send_items(request, entries, buffers, cursor=None, exhausted=False)

    def _send_items(self, request: int, entries: list[Fields], buffers: list[bytes], **rest: object) -> None:
        self._say("items", buffers, request=request, items=entries, counts=self._session.counts(), **rest)

    def _content(self, view: View) -> Content:
        if self._displays is None:
            return self._files.of(view)
        return self._displays.of(str(view["id"]), partial(self._display_item, view))

    def _display_item(self, view: View) -> DisplayItem:
        row = self._ds._index.item(view["id"])  # noqa: SLF001 -- the session tells a page less than this
        if row is None:
            raise UnknownItemError(f"{view['id']} is gone from the dataset")
        return DisplayItem(row.id, self._session.path(row.id), row.kind, row.attributes, row.sources)

    def _send_bytes(self, message: messages.GetBytes) -> None:
        data, total = self._files.chunk(message.item, message.start)
        self._say("bytes", [data], request=message.request, item=message.item, start=message.start, total=total)

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
