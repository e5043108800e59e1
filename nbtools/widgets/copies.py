"""Copies of images for the screen, made once and kept beside the index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

derived = None

if TYPE_CHECKING:
    from nbtools.dataset import Dataset
    from nbtools.widgets.payload import View


def screen_copy(ds: Dataset, view: View, path: Path) -> tuple[bytes, str]:
    """Return a smaller copy of an image and its media type."""
    raise NotImplementedError(derived)
