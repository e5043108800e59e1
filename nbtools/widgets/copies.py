"""Copies of images for the screen, and the waveforms of sound, small enough for a message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nbtools.derived import display_copy, sound_peaks
from nbtools.errors import MediaError
from nbtools.widgets.content import MAX_BUFFER

if TYPE_CHECKING:
    from nbtools.dataset import Dataset
    from nbtools.storage import Folder
    from nbtools.widgets.payload import View

# The first is larger than most screens; the others are for pictures that hardly compress.
_SIDES = (2048, 1024, 512)


def screen_copy(ds: Dataset, view: View, path: Path) -> tuple[bytes, str]:
    """Return a copy of an image for the screen.

    Parameters
    ----------
    ds : Dataset
        Which keeps the copy in its cache.
    view : dict
        The item.
    path : Path
        Its processed file.

    Returns
    -------
    bytes, str
        The copy and its media type.

    Raises
    ------
    MediaError
        If the image cannot be decoded, or no copy fits a message.
    """
    row = ds._index.item(view["id"])  # noqa: SLF001 -- the hash is the cache's business and not the page's
    return sized_copy(ds._folder, path, None if row is None else row.sha256)  # noqa: SLF001 -- as above


def sized_copy(folder: Folder | None, path: Path, sha256: str | None, most: int = MAX_BUFFER) -> tuple[bytes, str]:
    """Return a copy of an image for the screen, by the hash of its bytes and of at most so many; see `screen_copy`.

    Raises
    ------
    MediaError
        If the image cannot be decoded, or no copy fits a message.
    """
    for side in _SIDES:
        data, media_type = display_copy(folder, path, sha256, side)
        if len(data) <= most:
            return data, media_type
    raise MediaError(f"{path.name} is too large to show even at {_SIDES[-1]} pixels: convert it at ingest")


def item_peaks(ds: Dataset, item: str, path: Path) -> bytes:
    """Return the peaks of an item's sound.

    Parameters
    ----------
    ds : Dataset
        Which keeps them in its cache.
    item : str
        The item's id.
    path : Path
        Its processed file.

    Raises
    ------
    MediaError
        If it is no WAV file.
    """
    row = ds._index.item(item)  # noqa: SLF001 -- the hash is the cache's business and not the page's
    return sound_peaks(ds._folder, path, None if row is None else row.sha256)  # noqa: SLF001
