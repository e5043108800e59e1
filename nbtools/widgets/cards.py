"""What of an item stands on its card in a grid, and what is shown of it large."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.derived import thumbnail
from nbtools.errors import NbtoolsError
from nbtools.widgets.checks import shorten
from nbtools.widgets.content import Content, failed, of_image
from nbtools.widgets.copies import sized_copy
from nbtools.widgets.payload import Files

if TYPE_CHECKING:
    from nbtools.dataset import Dataset

_SIDE = 256
_MOST_VECTOR = 200_000
_MOST_WORDS = 400
_SVG = "image/svg+xml"


def card(ds: Dataset, row: Mapping[str, Any]) -> Content:
    """Return what stands on an item's card; what goes wrong stands there in words.

    Parameters
    ----------
    ds : Dataset
        The dataset, which keeps the small pictures.
    row : mapping
        What a version says of the item.
    """
    try:
        if row.get("kind") == "image":
            return _picture(ds, row)
    except OSError as error:
        return failed(f"the file can't be read: {error.strerror or type(error).__name__}")
    except NbtoolsError as error:
        return failed(shorten(str(error), 160).strip("'\""))
    except Exception as error:  # noqa: BLE001 -- a decoder may raise anything, and the other items go on
        return failed(f"the file can't be shown: {type(error).__name__}: {shorten(str(error), 120)}")
    words = row.get("text")
    return Content({"text": words} if isinstance(words, str) else {})


def brief(content: Content) -> Content:
    """Return the beginning of a text, or the fields of a row as one, for a card."""
    text, record = content.fields.get("text"), content.fields.get("record")
    if isinstance(record, Mapping):
        text = " · ".join(f"{name}: {value}" for name, value in record.items())
    return content if not isinstance(text, str) else Content({"text": text[:_MOST_WORDS]})


def large(ds: Dataset, row: Mapping[str, Any]) -> Content:
    """Return what is shown of an item that has the page for itself.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    row : mapping
        All that a version says of the item.
    """
    own_row = row.get("row") is not None or row.get("path") is None
    view = {**row, "text": row.get("text") if own_row else None}
    return files(ds, row).of(view)


def files(ds: Dataset, row: Mapping[str, Any]) -> Files:
    """Return the way to the bytes of one item."""

    def place(_item: str) -> Path:
        return ds.file(str(row["path"]))

    def copy(_view: Mapping[str, Any], path: Path) -> tuple[bytes, str]:
        return sized_copy(ds._folder, path, _hash(row))  # noqa: SLF001 -- the cache is the dataset's

    return Files(place, copy, " here")


def _picture(ds: Dataset, row: Mapping[str, Any]) -> Content:
    path = ds.file(str(row["path"]))
    if row.get("media_type") == _SVG:
        size = path.stat().st_size
        if size > _MOST_VECTOR:
            return failed(f"an SVG of {size:,} bytes: open it to see it")
        return of_image(path.read_bytes(), _SVG)
    return of_image(*thumbnail(ds._folder, path, _hash(row), _SIDE))  # noqa: SLF001 -- the cache is the dataset's


def _hash(row: Mapping[str, Any]) -> str | None:
    found = row.get("sha256")
    return found if isinstance(found, str) else None
