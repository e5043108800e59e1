"""Checks of single settings of a task; each refuses what cannot be so, and says what can."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from nbtools.errors import SchemaError, did_you_mean


def flag(settings: Mapping[str, Any], name: str) -> bool:
    """Return a setting that is True or False."""
    value = settings[name]
    if not isinstance(value, bool):
        raise SchemaError(f"{name}={_shown(value)}: it is True or False")
    return value


def whole(settings: Mapping[str, Any], name: str, least: int, most: int) -> int:
    """Return a setting that is a whole number in a range."""
    value = settings[name]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SchemaError(f"{name}={_shown(value)}: it is a whole number from {least:,} to {most:,}")
    return value


def optional_number(settings: Mapping[str, Any], name: str) -> float | None:
    """Return a setting that is a finite number, or None."""
    value = settings[name]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SchemaError(f"{name}={_shown(value)}: it is a finite number")
    return value


def optional_word(settings: Mapping[str, Any], name: str) -> str | None:
    """Return a setting that is text on one line, or None."""
    value = settings[name]
    if value is not None and not (isinstance(value, str) and value and value.isprintable() and len(value) <= 200):
        raise SchemaError(f"{name}={_shown(value)}: it is text on one line, of at most 200 characters")
    return value


def one_of(settings: Mapping[str, Any], name: str, known: Collection[str]) -> str:
    """Return a setting that is one of a few words."""
    value = settings[name]
    if not isinstance(value, str) or value not in known:
        hint = did_you_mean(str(value), known)
        raise SchemaError(f"{name}={_shown(value)}: it is one of {', '.join(map(repr, known))}{hint}")
    return value


def _shown(value: object) -> str:
    return repr(value)[:80]
