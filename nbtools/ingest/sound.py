"""What a row of somebody else's catalogue has to be before anything is done with it."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Any, NoReturn

from nbtools.items.sighting import Sighting
from nbtools.labels.names import RESERVED, is_name

KINDS = frozenset({"image", "text", "audio", "video", "record", "other"})
RECORDS = re.compile(r"processed/records-[0-9A-HJKMNP-TV-Z]{26}\.parquet")
_ID = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_TEXT = 1 << 20
_LONGEST_NAME = 4096
_LONGEST_PART = 255


def unsound(row: Sighting) -> str | None:
    """Return in words why a row cannot be taken as it is; None if it can.

    Parameters
    ----------
    row : Sighting
        As it was read.
    """
    if None in (row.id, row.recipe, row.state, row.attributes):
        return "it lacks what every row has"
    checks = (_wrong_names, _wrong_numbers, _wrong_places, _wrong_attributes)
    return next((wrong for check in checks if (wrong := check(row))), None)


def is_safe(path: str, top: str) -> bool:
    """Tell whether a path lies below a folder of the dataset, and nothing in it is hidden or climbs.

    Parameters
    ----------
    path : str
        Relative to the dataset, POSIX.
    top : str
        ``raw`` or ``processed``.
    """
    parts = path.split("/")
    plain = all(part and not part.startswith(".") and "\0" not in part for part in parts)
    short = all(len(part.encode("utf-8", "replace")) <= _LONGEST_PART for part in parts)
    return len(parts) > 1 and parts[0] == top and plain and short and PurePosixPath(path).as_posix() == path


def attributes_of(row: Sighting) -> dict[str, Any]:
    """Return the attributes of a sound row."""
    found: dict[str, Any] = json.loads(row.attributes)
    return found


def _wrong_names(row: Sighting) -> str | None:
    if not _ID.fullmatch(row.id) or (row.replaces is not None and not _ID.fullmatch(row.replaces)):
        return f"{row.id[:40]!r} is no item's id"
    if row.sha256 is not None and not _SHA256.fullmatch(row.sha256):
        return f"{row.sha256[:80]!r} is no SHA-256"
    if row.state not in ("present", "gone"):
        return f"its state {row.state[:40]!r} is none"
    if any(text is not None and len(text) > 200 for text in (row.content, row.media_type, row.added)):
        return "a text in it is longer than any that nbtools writes"
    return "its text is too long" if row.text is not None and len(row.text) > _LONGEST_TEXT else None


def _wrong_numbers(row: Sighting) -> str | None:
    numbers = (row.row, row.bytes, row.width, row.height, row.duration)
    if not 0 <= row.recipe < 1_000_000 or any(number is not None and not number >= 0 for number in numbers):
        return "a number in it is none that nbtools writes"
    return None


def _wrong_places(row: Sighting) -> str | None:
    if row.source is not None and (len(row.source) > _LONGEST_NAME or not is_safe(row.source.partition("#")[0], "raw")):
        return f"its source {row.source[:120]!r} is no file below raw/"
    if row.path is None:
        return None
    if row.kind not in KINDS or row.sha256 is None or row.bytes is None:
        return "it names a file, and not what is in it"
    if row.row is not None:
        return None if RECORDS.fullmatch(row.path) else f"{row.path[:120]!r} is no file of records"
    if not (is_safe(row.path, "processed") or is_safe(row.path, "raw")) or RECORDS.fullmatch(row.path):
        return f"its path {row.path[:120]!r} is no file below processed/ or raw/"
    as_it_came = row.recipe or row.sha256.startswith(row.id)
    return None if as_it_came else "its id is not that of its bytes"


def _wrong_attributes(row: Sighting) -> str | None:
    try:
        found = json.loads(row.attributes, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return "its attributes are not JSON"
    if not isinstance(found, dict) or not all(is_name(name) and name not in RESERVED for name in found):
        return "its attributes have names that cannot be columns"
    plain = (one for value in found.values() for one in (value if isinstance(value, list) else [value]))
    if not all(one is None or isinstance(one, str | int | float) for one in plain):
        return "its attributes are not texts and numbers"
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
