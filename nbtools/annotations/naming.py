"""What an example is known by: its content where that has a form of its own, else a key. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from nbtools.errors import SourceError
from nbtools.items.ids import ID_LENGTH, canonical

_FIRST = canonical(["example"])
_KEYED = canonical(["key"])
_DEPTH = 16
_LONGEST_NAME = 80
_SINGLE = (int, float, bytes, bytearray, Decimal, dt.date, dt.time, dt.timedelta)


def ids_by_content(examples: Sequence[object]) -> list[str] | None:
    """Return an id for each example, by its content.

    Parameters
    ----------
    examples : sequence
        In the order in which they were given. Of equal ones each has an id of its own.

    Returns
    -------
    list of str or None
        None if the content of one has no form of its own: it is not text, a number, a
        path, bytes, a time, or a list, tuple or dict of these.
    """
    try:
        contents = [form(example) for example in examples]
    except SourceError:
        return None
    seen: Counter[bytes] = Counter()
    ids = []
    for content in contents:
        ids.append(_digest(canonical(["example", seen[content]]) if seen[content] else _FIRST, content))
        seen[content] += 1
    return ids


def ids_by_key(examples: Sequence[object], key: Callable[[Any], object]) -> list[str]:
    """Return an id for each example, by the key that a function gives it.

    Raises
    ------
    SourceError
        If a key is nothing that can be written down, or two examples have the same one.
    """
    first: dict[str, int] = {}
    for number, example in enumerate(examples):
        try:
            made = _digest(_KEYED, form(key(example)))
        except SourceError as error:
            raise SourceError(f"key= of example {number}: {error}") from error
        if made in first:
            raise SourceError(
                f"examples {first[made]} and {number} have the same key, {key(example)!r}: "
                "key= has to tell each example from the others"
            )
        first[made] = number
    return list(first)


def form(value: object) -> bytes:
    """Return what a value is, as bytes that are the same in every process.

    Raises
    ------
    SourceError
        If it, or a part of it, has no such form.
    """
    return canonical(_tagged(value, _DEPTH))


def caption(example: object, number: int, *, shown: bool) -> str:
    """Return the line that stands below an example.

    Parameters
    ----------
    example : object
        The example.
    number : int
        Its place, from 0.
    shown : bool
        Whether the example itself is what is shown, so that its text is not said twice.
    """
    if isinstance(example, PurePath):
        return _line(example.name)
    if isinstance(example, str) and not shown:
        return _line(example.rstrip("/").rpartition("/")[2] if "\n" not in example else example)
    return f"example {number + 1:,}"


def _tagged(value: object, depth: int) -> Any:
    # Each type but text stands in a mapping with its name, so that 1, 1.0, True and "1" are four examples.
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if _is_whole(value) else {"str": base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()}
    if isinstance(value, PurePath):
        return {"path": _tagged(value.as_posix(), depth)}
    if isinstance(value, _SINGLE) or _is_scalar(value):
        return {type(value).__name__: value}
    if depth and isinstance(value, list | tuple):
        return {type(value).__name__: [_tagged(one, depth - 1) for one in value]}
    if depth and isinstance(value, Mapping):
        pairs = [[_tagged(name, depth - 1), _tagged(one, depth - 1)] for name, one in value.items()]
        return {"mapping": sorted(pairs, key=canonical)}
    raise SourceError(
        f"a {type(value).__name__} has no content that could name it in a file; give key=, "
        "a function that returns text or a number of its own for each example"
    )


def _is_whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_scalar(value: object) -> bool:
    # Scalars of NumPy, told without NumPy; an array has a shape that is not empty.
    return getattr(value, "shape", None) == () and hasattr(value, "item")


def _digest(prefix: bytes, content: bytes) -> str:
    return hashlib.sha256(prefix + b"\n" + content).hexdigest()[:ID_LENGTH]


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
