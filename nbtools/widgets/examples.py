"""What a page is shown of the examples of annotate: themselves, or what a function makes of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from IPython.display import display

from nbtools.annotations.fitting import misdrawn
from nbtools.annotations.session import ExampleSession
from nbtools.annotations.things import Thing, is_array, is_pillow, measured, thing_of
from nbtools.derived import sound_peaks, thumbnail
from nbtools.errors import LabelError
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import Task
from nbtools.media import Measures, measure, sniff
from nbtools.widgets.candidates import beside, of_file, of_value
from nbtools.widgets.cards import brief
from nbtools.widgets.content import MAX_BUFFER, Content, failed, of_image, of_text
from nbtools.widgets.copies import sized_copy
from nbtools.widgets.display import Displays, as_png, to_content
from nbtools.widgets.payload import MAX_NATIVE_BYTES, Files, View
from nbtools.widgets.rendering import rendered
from nbtools.widgets.spool import Spool

_PNG = "image/png"
_SVG = "image/svg+xml"
_PLAYED = ("audio", "video")


def shows_itself(display_fn: Callable[[Any], object]) -> bool:
    """Tell whether an example is shown as what it is, and not what a function makes of it."""
    return display_fn is display


class Examples:
    """Makes what is shown of examples.

    Parameters
    ----------
    session : ExampleSession
        Which has them.
    task : Task
        What is asked.
    display_fn : callable
        What shows an example; ``IPython.display.display`` where it is shown as what it is.
    """

    def __init__(self, session: ExampleSession, task: Task, display_fn: Callable[[Any], object]) -> None:
        kind = kind_of(task.kind)
        self._session = session
        self._task = task
        self._columns = kind.candidates(task)
        self._drawn_on = kind.drawn_on(task)
        self._display_fn = display_fn
        self._shown = shows_itself(display_fn)
        name = "showing it" if self._shown else "display_fn"
        self._displays: Displays[tuple[str, int]] = Displays(self._made, name=name)
        self._cards: Displays[tuple[str, int]] = Displays(self._card, name=name)
        self._spool = Spool()
        self._files = Files(self._path, _copy, "; give a display_fn= that shows it", lambda _, path: _peaks(path))

    def of(self, view: View) -> Content:
        """Return what is shown of an example, and say in its view what it is."""
        return self._told(view, self._displays)

    def card(self, view: View) -> Content:
        """Return what stands for an example in a grid."""
        return self._told(view, self._cards)

    def chunk(self, item: str, start: int) -> tuple[bytes, int]:
        """Return a part of an example's file, and the size of the whole.

        Raises
        ------
        LabelError
            If it has none, or is too large.
        """
        return self._files.chunk(item, start)

    def peaks(self, item: str) -> bytes:
        """Return the peaks of an example's sound.

        Raises
        ------
        LabelError, MediaError
            If it has none.
        """
        return self._files.peaks(item)

    def _told(self, view: View, displays: Displays[tuple[str, int]]) -> Content:
        item, position = str(view["id"]), int(view["position"])
        content = displays.of(item, lambda: (item, position))
        thing = self._session.thing(position)
        # By its bytes the page decides how many it holds ahead.
        view.update(thing.shown, bytes=thing.size or content.size)
        return content

    def _made(self, at: tuple[str, int]) -> Content:
        item, position = at
        value = self._session.example(position)
        made = self._itself(item, position, value) if self._shown else self._rendered(position, value)
        if self._columns is None or not isinstance(value, Mapping):
            return made
        columns = self._session.thing(position).columns
        return beside(self._columns, columns, made, partial(self._candidate, item, value, columns))

    def _card(self, at: tuple[str, int]) -> Content:
        item, position = at
        thing = self._session.thing(position)
        if self._shown and thing.kind in _PLAYED:
            return Content({"text": thing.kind})
        made = self._made(at)
        media_type, shown = made.fields.get("media_type"), made.buffer
        if shown is None or not str(media_type).startswith("image/") or media_type == _SVG:
            return brief(made)
        return of_image(*thumbnail(None, self._spool.path(f"{item}.shown", lambda: shown), None))

    def _rendered(self, position: int, value: Any) -> Content:
        made = rendered(self._display_fn, value)
        if self._drawn_on is None or "error" in made.fields:
            return made
        thing = _seen(made)
        why = misdrawn(self._task, thing)
        if why is not None:
            return failed(f"what display_fn showed is something else: {why}")
        self._session.showed(position, thing)
        return made

    def _itself(self, item: str, position: int, value: Any) -> Content:
        thing = self._session.thing(position)
        if thing.why is not None and (thing.media is not None or self._drawn_on is not None):
            return failed(thing.why)
        unfit = misdrawn(self._task, thing)
        if unfit is not None:
            return failed(unfit)
        if thing.kind == "record":
            return Content({"record": dict(thing.columns)})
        if thing.text is not None:
            return of_text(thing.text, full=True)
        if thing.kind == "image" and thing.media is None:
            return self._picture(item, thing, value)
        if thing.media is not None and thing.kind != "other":
            return self._files.of({**thing.shown, "id": item, "text": None})
        return rendered(display, value)

    def _picture(self, item: str, thing: Thing, value: Any) -> Content:
        if is_array(value) and value.nbytes <= MAX_BUFFER:
            return to_content(value)
        picture = _upright(value)
        data = as_png(picture)
        if data is None:
            return to_content(picture)
        if len(data) <= MAX_NATIVE_BYTES:
            return of_image(data, _PNG)
        self._spool.path(f"{item}.png", lambda: data)
        return self._files.of({**thing.shown, "media_type": _PNG, "id": item, "text": None})

    def _candidate(
        self, item: str, values: Mapping[str, Any], plain: Mapping[str, Any], name: str, room: int
    ) -> Content:
        value = values[name]
        by_path = self._columns is not None and self._columns.shows == "items"
        thing = measured(thing_of(value, "picture" if by_path else None))
        if thing.why is not None:
            return failed(f"{name}: {thing.why}")
        if thing.kind == "image" and thing.media is None:
            data = as_png(_upright(value))
            thing = measured(thing_of(data)) if data is not None else thing
        if thing.media is None or thing.kind == "other":
            return of_value(plain[name]) if thing.kind != "image" else to_content(value)
        path = self._file(f"{item}-{list(values).index(name)}", thing)
        view = {**thing.shown, "id": item, "text": None}
        return of_file(Files(lambda _: path, _copy), view, path, room)

    def _path(self, item: str) -> Path:
        position = self._session.position(item)
        value = self._session.example(position)
        if is_array(value) or is_pillow(value):
            # A page asks for a large file in many parts: it is made for the first one.
            return self._spool.path(f"{item}.png", lambda: as_png(_upright(value)) or _refuse_fileless(item))
        return self._file(item, self._session.thing(position))

    def _file(self, key: str, thing: Thing) -> Path:
        if thing.path is not None:
            return thing.path
        text, data = thing.text, thing.data
        if data is None and text is not None:
            data = text.encode("utf-8", "replace")
        given = data if data is not None else _refuse_fileless(key)
        suffix = "txt" if thing.media is None else thing.media.suffix
        return self._spool.path(f"{key}.{suffix}", lambda: given)


def _upright(value: Any) -> Any:
    if not is_pillow(value):
        return value
    from PIL import ImageOps

    return ImageOps.exif_transpose(value)


def _refuse_fileless(item: str) -> NoReturn:
    raise LabelError(f"{item} is an object in Python and has no file to read from")


def _seen(content: Content) -> Thing:
    """Return what it is that a function has shown."""
    if isinstance(content.fields.get("text"), str):
        return Thing("text", text=str(content.fields["text"]))
    if "array" in content.fields and content.original is not None:
        return Thing("image", measures=Measures(*content.original))
    media = sniff(content.buffer or b"")
    if content.buffer is None or media is None or media.kind != "image":
        return Thing("other")
    if content.original is not None:
        return Thing("image", measures=Measures(*content.original))
    return Thing("image", measures=measure(media, io.BytesIO(content.buffer), len(content.buffer)))


def _copy(_view: View, path: Path) -> tuple[bytes, str]:
    return sized_copy(None, path, None)


def _peaks(path: Path) -> bytes:
    return sound_peaks(None, path, None)
