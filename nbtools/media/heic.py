"""HEIC images, which need an extra package."""

from __future__ import annotations

import functools
import importlib


@functools.cache
def read_heic() -> bool:
    """Let Pillow read HEIC images; tell whether it can."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True
