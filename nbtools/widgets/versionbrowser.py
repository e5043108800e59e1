"""The VersionBrowser: versions and what they hold, looked at, compared, made, verified and restored."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.dataset.browsing import Browsing
from nbtools.errors import MessageError
from nbtools.widgets import browsermessages as messages
from nbtools.widgets import greetings
from nbtools.widgets.cards import card, files, large
from nbtools.widgets.content import MAX_BUFFER
from nbtools.widgets.envelope import Parsers
from nbtools.widgets.identity import identify
from nbtools.widgets.overversions import OverVersions
from nbtools.widgets.payload import page
from nbtools.widgets.versionwork import Worker

if TYPE_CHECKING:
    from nbtools.dataset import Dataset

_ROOM = 2_000_000
_MOST_FILES = 50


class VersionBrowser(OverVersions):
    """See what the versions of a dataset hold and how they differ; freeze, verify, restore.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    read_only : bool, optional
        Whether nothing can be made from the page: no version, no restored files.
        ``NBTOOLS_READ_ONLY=1`` in the environment says so unless given.
    **options : object
        `layout`, `tooltip` and `tabbable`, as of any widget.

    Raises
    ------
    TypeError
        If a keyword is unknown (the nearest known one is named), or `ds` is no dataset.

    Examples
    --------
    >>> nbtools.VersionBrowser(ds)  # doctest: +SKIP
    """

    _bundle: ClassVar[str] = "versions.js"
    _parsers: ClassVar[Parsers] = messages.PARSERS

    def __init__(self, ds: Dataset, read_only: bool | None = None, **options: object) -> None:  # noqa: FBT001 -- as any option of a widget
        self._take(ds, read_only)
        self._browsing = Browsing(ds)
        self._worker = Worker(ds, identify(), read_only=self._read_only)
        self._shown: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        super().__init__(**options)

    def _answered(self, message: messages.Message) -> None:
        match message:
            case greetings.Open():
                self._say_opened()
            case greetings.Ping():
                self._say("pong")
            case messages.Start(request=request, job=name):
                self._say("job", request=request, job=name, **self._jobs.start(name, self._worker.work(message)).said)
            case messages.GetJob():
                self._tell_job(message)
            case messages.GetBytes():
                self._send_bytes(message)
            case _:
                self._look_at(message)

    def _look_at(self, message: messages.Looking) -> None:
        match message:
            case messages.GetTimeline(request=request, mark=mark):
                self._say("timeline", request=request, timeline=self._browsing.timeline(mark))
            case messages.GetView(request=request, look=look, facets=facets):
                found = self._browsing.facets(look) if facets else self._browsing.view(look)
                self._say("facets" if facets else "view", request=request, **found)
            case messages.GetRows():
                self._send_rows(message)
            case messages.GetItem():
                self._send_item(message)
            case messages.GetChanges(request=request, of=of, against=against):
                self._say("changes", request=request, **self._browsing.changes(of, against))

    def _tell_job(self, message: messages.GetJob) -> None:
        job = self._jobs.get(message.job)
        if message.cancel:
            job.cancel()
        self._say("job", request=message.request, job=message.job, **job.said)

    def _say_opened(self) -> None:
        self._say(
            "opened",
            dataset={"id": self._ds.id, "name": self._ds.name},
            read_only=self._read_only,
            person=self._worker.person,
            place=self._worker.place,
            timeline=self._browsing.timeline(),
        )

    def _send_rows(self, message: messages.GetRows) -> None:
        if message.cards:
            views = self._browsing.cards(message.look, message.start, message.count)
            entries, buffers = page(views, partial(card, self._ds), _ROOM)
            told = [{"id": entry["id"], "content": entry["content"]} for entry in entries]
            self._say("cards", buffers, request=message.request, start=message.start, cards=told)
        else:
            rows = self._browsing.rows(message.look, message.start, message.count)
            names = list(rows[0]) if rows else []
            body = json.dumps({"columns": names, "rows": [list(row.values()) for row in rows]}, ensure_ascii=False)
            data = body.encode("utf-8", "replace")
            if len(data) > MAX_BUFFER:
                raise MessageError(f"{len(rows)} rows take {len(data):,} bytes: ask for fewer")
            self._say("rows", [data], request=message.request, start=message.start)

    def _send_item(self, message: messages.GetItem) -> None:
        found = self._browsing.item(message.look, message.position)
        row = found["row"]
        self._shown[row["id"]] = row
        while len(self._shown) > _MOST_FILES:
            self._shown.popitem(last=False)
        buffers: list[bytes] = []
        content = large(self._ds, row).numbered(buffers)
        self._say(
            "item",
            buffers,
            request=message.request,
            position=message.position,
            content=content,
            item=_told(row),
            labels=found["labels"],
            history=found["history"],
        )

    def _send_bytes(self, message: messages.GetBytes) -> None:
        made = self._worker.made.get(message.item)
        if made is not None:
            data, total = made[message.start : message.start + MAX_BUFFER], len(made)
        elif message.item in self._shown:
            data, total = files(self._ds, self._shown[message.item]).chunk(message.item, message.start)
        else:
            raise MessageError("this kernel has not shown that item: open it again")
        self._say("bytes", [data], request=message.request, item=message.item, start=message.start, total=total)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    from nbtools.dataset.looking import plain

    return {name: plain(value) for name, value in row.items() if name != "text"}
