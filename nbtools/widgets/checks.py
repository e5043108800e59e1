"""Checks of single fields of a message: type, length, range, shape.

Each raises `MessageError` with a text that repeats at most 80 characters of what came.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import TypeAlias, cast

from nbtools.errors import MessageError

MAX_MESSAGE = 4_000_000
MAX_NODES = 250_000
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
ITEM = re.compile(r"[0-9a-f]{32}")


def shorten(value: object, most: int = 60) -> str:
    """Return a value as it may stand in an error: one line, at most `most` characters."""
    if isinstance(value, str):
        shown = value[:most]
    elif isinstance(value, list | dict):
        shown = f"a {'list' if isinstance(value, list) else 'mapping'} of {len(value)}"
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        shown = "an integer beyond 2^53"
    else:
        shown = repr(value)[:most]
    line = "".join(letter if letter.isprintable() else "?" for letter in shown)
    return repr(line)[: most + 2] if isinstance(value, str) else line


def whole(value: str) -> str:
    """Return text in which each half of a cut character (a lone surrogate) is replaced.

    JSON carries such a half; UTF-8, and so a file or an answer, can not.
    """
    return value.encode("utf-8", "replace").decode("utf-8")


def within_bounds(content: object) -> None:
    """Refuse what is too large or too deep, without recursion and before anything else.

    Raises
    ------
    MessageError
        If there are more than 4 MB of text, 250,000 values or 16 levels.
    """
    size = 0
    nodes = 0
    stack: list[tuple[object, int]] = [(content, 1)]
    while stack:
        value, depth = stack.pop()
        nodes += 1
        if isinstance(value, str):
            size += len(value)
        elif isinstance(value, Mapping):
            size += sum(len(key) for key in value if isinstance(key, str))
            stack.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list):
            stack.extend((inner, depth + 1) for inner in value)
        if size > MAX_MESSAGE or nodes + len(stack) > MAX_NODES or depth > MAX_DEPTH:
            raise MessageError("the message is too large: at most 4 MB, 250,000 values and 16 levels")


def plain(value: object, what: str) -> Json:
    """Return a value of any form as JSON and a log can hold it: numbers finite, no half characters.

    What it means is for its task to judge. Its depth has been bounded with the message's.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # A field's maxlength cuts an emoji in two; that is no reason to lose a label.
        return whole(value)
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > MAX_INTEGER:
            raise MessageError(f"{what} holds a number that cannot be kept: {shorten(value)}")
        return value
    if isinstance(value, list):
        return [plain(one, what) for one in value]
    return {whole(name): plain(one, what) for name, one in mapping(value, what).items()}


def mapping(value: object, what: str) -> Mapping[str, object]:
    """Return the value if it is a mapping with names as keys."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise MessageError(f"{what} is a mapping, not {shorten(value)}")
    return cast("Mapping[str, object]", value)


def known_keys(fields: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse a field that is not in the schema."""
    strange = next((key for key in fields if key not in known), None)
    if strange is not None:
        raise MessageError(f"there is no field {shorten(strange)}")


def text(fields: Mapping[str, object], key: str, shape: re.Pattern[str] | None, most: int) -> str:
    """Return a field that is text of at most `most` characters and, if given, of a shape."""
    value = fields.get(key)
    if not isinstance(value, str) or len(value) > most or (shape is not None and not shape.fullmatch(value)):
        raise MessageError(f"{key} is not as expected: {shorten(value)}")
    if whole(value) != value:
        raise MessageError(f"{key} holds half a character")
    return value


def optional_text(fields: Mapping[str, object], key: str, shape: re.Pattern[str] | None, most: int) -> str | None:
    """Return a field that is text, as `text` does, or null or absent."""
    return None if fields.get(key) is None else text(fields, key, shape, most)


def integer(fields: Mapping[str, object], key: str, least: int = 0, most: int = MAX_INTEGER) -> int:
    """Return a field that is a whole number in a range; true and false are none."""
    value = fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise MessageError(f"{key} is an integer from {least} to {most}, not {shorten(value)}")
    return value


def boolean(fields: Mapping[str, object], key: str) -> bool:
    """Return a field that is true or false; absent is false."""
    value = fields.get(key, False)
    if not isinstance(value, bool):
        raise MessageError(f"{key} is true or false, not {shorten(value)}")
    return value


def one_of(fields: Mapping[str, object], key: str, known: Collection[str]) -> str:
    """Return a field that is one of a few words."""
    value = fields.get(key)
    if not isinstance(value, str) or value not in known:
        raise MessageError(f"{key} is one of {', '.join(known)}, not {shorten(value)}")
    return value


def milliseconds(fields: Mapping[str, object], key: str) -> int | None:
    """Return a field that is a duration in milliseconds, rounded, or null or absent."""
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MessageError(f"{key} is a number of milliseconds, not {shorten(value)}")
    if not math.isfinite(value) or not 0 <= value <= MAX_INTEGER:
        raise MessageError(f"{key} is a finite number of milliseconds, not {shorten(value)}")
    return round(value)
