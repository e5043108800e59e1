"""What a mapping holds, as JSON can hold it: for looks and checks, never for what is recorded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from nbtools.dataset.facts import whole_text

_DEPTH = 8
_LONGEST = 2_000
# What pandas calls missing.
_MISSING = ("NaTType", "NAType")


def columns_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a mapping holds by name; what is missing is None."""
    return {whole_text(name): _plain(one, _DEPTH) for name, one in value.items()}


def _plain(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if depth and isinstance(value, Mapping):
        return {whole_text(str(name)): _plain(one, depth - 1) for name, one in value.items()}
    if depth and isinstance(value, list | tuple):
        return [_plain(one, depth - 1) for one in value]
    try:
        if getattr(value, "shape", None) == () and hasattr(value, "item"):
            return _plain(value.item(), 0)
        return None if type(value).__name__ in _MISSING else _said(value)
    except Exception:  # noqa: BLE001 -- an object may say of itself what it likes, or nothing
        return type(value).__name__


def _said(value: object) -> str:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, PurePath):
        return whole_text(value.as_posix())
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(value):,} bytes"
    return whole_text(str(value)[:_LONGEST]) or type(value).__name__
