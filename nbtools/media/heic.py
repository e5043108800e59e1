"""HEIC images, which need an extra package."""

from __future__ import annotations

import functools
import importlib
from importlib.util import find_spec


def can_read_heic() -> bool:
    """Tell whether the package is there, without loading it and Pillow."""
    return find_spec("pillow_heif") is not None


@functools.cache
def read_heic() -> bool:
    """Let Pillow read HEIC images; tell whether it can."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True
