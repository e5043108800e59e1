"""The files of items, as pages of content that fit in a message.

Everything here is work that may be slow (files, display copies, a user's function),
so it is called outside the widget's lock. A file that can't be read is the error of
that item and of no other.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from nbtools.dataset.facts import shown_text
from nbtools.errors import LabelError, NbtoolsError
from nbtools.media import is_turned
from nbtools.media.peaks import frames_per_peak
from nbtools.media.wav import read_wav
from nbtools.widgets.checks import shorten
from nbtools.widgets.content import (
    MAX_BUFFER,
    MAX_STREAM,
    MAX_TEXT,
    SHORT_TEXT,
    Content,
    Fields,
    failed,
    of_image,
    of_text,
)

NATIVE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/svg+xml", "image/avif", "image/bmp"})
MAX_NATIVE_BYTES = 1_500_000
MAX_NATIVE_PIXELS = 4_000_000
MAX_SECONDS = 0.25

View: TypeAlias = dict[str, Any]


class Files:
    """Contents made from the processed files of items.

    Parameters
    ----------
    path : callable
        Where an item's processed file is, by id; guarded, so that no dataset leads
        outside of its own folder.
    copy : callable
        A smaller copy of an image for the screen, by its view and path: its bytes and
        media type.
    peaks : callable, optional
        The peaks of a WAV file, by an item's id and its path; without it long sound
        is not played in parts.
    advice : str
        What to do where there is no way of showing a type of file.
    """

    def __init__(
        self,
        path: Callable[[str], Path],
        copy: Callable[[View, Path], tuple[bytes, str]],
        advice: str = "; give the Labeler a display=",
        peaks: Callable[[str, Path], bytes] | None = None,
    ) -> None:
        self._path = path
        self._copy = copy
        self._advice = advice
        self._peaks = peaks

    def of(self, view: View) -> Content:
        """Return the content of an item; what goes wrong becomes its error."""
        try:
            return self._of(view)
        except OSError as error:
            return failed(f"the file can't be read: {error.strerror or type(error).__name__}")
        except NbtoolsError as error:
            return failed(shorten(str(error), 160).strip("'\""))
        except Exception as error:  # noqa: BLE001 -- a decoder may raise anything, and the other items go on
            return failed(f"the file can't be shown: {type(error).__name__}: {shorten(str(error), 120)}")

    def _of(self, view: View) -> Content:
        kind = view["kind"]
        if view.get("text") is not None:
            return _of_row(str(view["text"]), kind)
        path = self._path(view["id"])
        if kind == "image":
            return self._image(view, path)
        if kind == "text":
            return _of_text_file(path)
        if kind in ("audio", "video"):
            return _of_stream(path, str(view["media_type"]), parts=self._peaks is not None)
        return failed(f"a file of type {view['media_type']} can't be shown{self._advice}")

    def _image(self, view: View, path: Path) -> Content:
        media_type = str(view["media_type"])
        size = path.stat().st_size
        native = media_type in NATIVE
        vector = media_type == "image/svg+xml"
        pixels = (view.get("width") or 0) * (view.get("height") or 0)
        small = size <= MAX_NATIVE_BYTES and 0 < pixels <= MAX_NATIVE_PIXELS
        if native and (small or (vector and size <= MAX_BUFFER)):
            return of_image(path.read_bytes(), media_type)
        if vector:
            return failed(f"an SVG of {size:,} bytes is too large to show; at most {MAX_BUFFER:,}")
        data, copied_type = self._copy(view, path)
        full = native and size <= MAX_STREAM
        with path.open("rb") as file:
            return of_image(data, copied_type, full=full, turned=full and is_turned(media_type, file))

    def chunk(self, item: str, start: int, most: int = MAX_BUFFER) -> tuple[bytes, int]:
        """Return a part of an item's file and the size of the whole.

        Parameters
        ----------
        item : str
            The item's id.
        start : int
            The first byte.
        most : int
            Bytes at most.

        Raises
        ------
        LabelError
            If the file is over 64 MB and no WAV, or shorter than `start`.
        OSError
            If it can't be read.
        """
        path = self._path(item)
        with path.open("rb") as file:
            total = file.seek(0, 2)
            if total > MAX_STREAM and read_wav(file) is None:
                raise LabelError(f"a file of {total:,} bytes is too large to send; at most {MAX_STREAM:,}")
            if start > total:
                raise LabelError(f"the file has {total:,} bytes, and none at {start:,}")
            file.seek(start)
            return file.read(most), total

    def peaks(self, item: str) -> bytes:
        """Return the peaks of an item's sound.

        Raises
        ------
        LabelError
            If none are to be had here.
        MediaError
            If it is no WAV file.
        """
        if self._peaks is None:
            raise LabelError("there are no peaks of sound here: play the item as a whole")
        return self._peaks(item, self._path(item))


def page(
    views: Sequence[View],
    make: Callable[[View], Content],
    room: int,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[list[Fields], list[bytes]]:
    """Make the contents of as many items as fit, but at least of one.

    Parameters
    ----------
    views : sequence of dict
        The items, in order.
    make : callable
        The content of an item.
    room : int
        Bytes that the page asked for; never more than 3.5 MB are sent.
    clock : callable
        Seconds that only go forward. A page is also cut after a quarter of a second,
        so that the first items of a slow `display=` are not kept back by the rest.

    Returns
    -------
    list of dict, list of bytes
        The entries of the message, and its buffers.
    """
    entries: list[Fields] = []
    buffers: list[bytes] = []
    used = 0
    end = clock() + MAX_SECONDS
    for view in views:
        if entries and clock() > end:
            break
        content = make(view)
        used += content.size
        if entries and used > min(room, MAX_BUFFER):
            break
        shown = {key: value for key, value in view.items() if key != "text"}
        entries.append({**shown, "content": content.numbered(buffers)})
    return entries, buffers


def _of_row(text: str, kind: str) -> Content:
    if kind == "record":
        try:
            row = json.loads(text)
        except ValueError:
            row = None
        if isinstance(row, dict):
            return Content({"record": row})
    return of_text(text)


def _of_text_file(path: Path) -> Content:
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(size if size <= MAX_TEXT else SHORT_TEXT)
    text = shown_text(data)
    if size <= MAX_TEXT:
        return of_text(text)
    # The cut may have gone through a character.
    fields: Fields = {"text": text.rstrip("\ufffd")}
    return Content({**fields, "full": True} if size <= MAX_STREAM else fields)


def _of_stream(path: Path, media_type: str, *, parts: bool) -> Content:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        wav = read_wav(file) if parts and media_type == "audio/wav" else None
    fields: Fields = {"stream": size, "media_type": media_type}
    if wav is not None:
        # What can be cut anywhere is played in parts, however long it is.
        return Content({**fields, "wav": {**wav._asdict(), "frames_per_peak": frames_per_peak(wav)}})
    if size > MAX_STREAM:
        return failed(f"a file of {size:,} bytes is too large to play here; at most {MAX_STREAM:,}, or WAV")
    return Content(fields)
