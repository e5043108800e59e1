"""What is compared or ranked, as contents beside the item: texts of its columns, or other items that these name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.dataset.facts import columns_of
from nbtools.dataset.pointing import Pointing
from nbtools.errors import UnknownItemError
from nbtools.labels.kinds.base import Columns
from nbtools.widgets.checks import shorten
from nbtools.widgets.content import MAX_BUFFER, Content, failed, of_image, of_text
from nbtools.widgets.copies import screen_copy, sized_copy
from nbtools.widgets.payload import Files, View

if TYPE_CHECKING:
    from nbtools.dataset import Dataset
    from nbtools.storage import Folder
    from nbtools.store.rows import ItemRow

_LEAST = 2
_PLAYED = ("audio", "video")


class Candidates:
    """Makes the candidates of items.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    path : callable
        Where an item's processed file is, by id.
    """

    def __init__(self, ds: Dataset, path: Callable[[str], Path]) -> None:
        self._ds = ds
        self._path = path
        self._pointing = Pointing(ds)
        self._files = Files(path, partial(screen_copy, ds), "; compare what it was made from")

    def beside(self, columns: Columns, view: View, item: Content) -> Content:
        """Return an item with its candidates.

        Parameters
        ----------
        columns : Columns
            Where they are found.
        view : dict
            The item.
        item : Content
            What is shown of it; of a row, the columns that are no candidates stay.
        """
        row = self._ds._index.item(view["id"])  # noqa: SLF001 -- the session tells a page less than this
        found = columns_of(row) if row is not None else {}
        return beside(columns, found, item, lambda name, room: self._content(columns, found[name], room))

    def _content(self, columns: Columns, value: Any, room: int) -> Content:
        if columns.shows == "text":
            return of_value(value)
        try:
            row = self._ds._index.item(self._pointing.find(str(value)))  # noqa: SLF001 -- as above
        except UnknownItemError as error:
            return failed(shorten(str(error), 160))
        return failed(f"{str(value)[:80]!r} is gone") if row is None else self._of_item(row, room)

    def _of_item(self, row: ItemRow, room: int) -> Content:
        view = {name: getattr(row, name) for name in ("id", "kind", "media_type", "width", "height", "text")}
        if row.text is not None or row.path is None:
            return self._files.of(view)
        return of_file(self._files, view, self._path(row.id), room, folder=self._ds._folder, sha256=row.sha256)  # noqa: SLF001 -- as above


def beside(columns: Columns, found: Mapping[str, Any], item: Content, make: Callable[[str, int], Content]) -> Content:
    """Return an item with its candidates.

    Parameters
    ----------
    columns : Columns
        Where they are found.
    found : mapping
        What the item has by name.
    item : Content
        What is shown of it; of a row, the columns that are no candidates stay.
    make : callable
        The content of a candidate, by the name of its column and the bytes that it may take.
    """
    there = [name for name in columns.of if found.get(name) not in (None, "")]
    if len(there) < _LEAST:
        lacking = ", ".join(name for name in columns.of if name not in there)
        return failed(f"this item has no {lacking}")
    room = MAX_BUFFER // (len(there) + 1)
    made = [_alone(make(name, room)) for name in there]
    return Content({"candidates": there}, parts=(_without(item, there), *made))


def of_value(value: Any) -> Content:
    """Return what a column holds as text."""
    return of_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def of_file(
    files: Files, view: View, path: Path, room: int, *, folder: Folder | None = None, sha256: str | None = None
) -> Content:
    """Return what stands beside others of a file.

    Parameters
    ----------
    files : Files
        Makes what is shown of it.
    view : dict
        What it is.
    path : Path
        Where it lies.
    room : int
        Bytes that it may take.
    folder, sha256 : Folder, str, optional
        What keeps a smaller copy of it, and under which hash.
    """
    if view["kind"] in _PLAYED:
        size = path.stat().st_size
        if size > room:
            return failed(f"{path.name} has {size:,} bytes, and beside others at most {room:,} can be played")
        return of_image(path.read_bytes(), str(view["media_type"]))
    made = files.of(view)
    if made.size <= room or view["kind"] != "image":
        return made
    return of_image(*sized_copy(folder, path, sha256, room))


def _alone(made: Content) -> Content:
    # What a page asks for by an item's id is the file of the item, not that of a candidate.
    return replace(made, fields={name: one for name, one in made.fields.items() if name != "full"})


def _without(item: Content, names: Sequence[str]) -> Content:
    record = item.fields.get("record")
    if not isinstance(record, dict):
        return item
    return Content({**item.fields, "record": {name: one for name, one in record.items() if name not in names}})
