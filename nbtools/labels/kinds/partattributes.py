"""What is said of each shape or region beside its option: declared in the task's settings, checked one by one."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from nbtools.errors import LabelError, SchemaError, did_you_mean
from nbtools.labels.options import clean

TYPES = ("text", "number", "bool")
MOST = 20
MOST_OPTIONS = 100
LONGEST = 1_000
_EXAMPLE = '{"side": ["left", "right"], "note": "text", "age": "number", "occluded": bool}'


def declared(given: object) -> dict[str, Any]:
    """Return the attributes that a shape or region has, by name, each with its type or its options.

    Raises
    ------
    SchemaError
        If one cannot be so.
    """
    if not isinstance(given, Mapping):
        raise SchemaError(f"attributes={str(given)[:80]!r}: it is a mapping, such as {_EXAMPLE}")
    if len(given) > MOST:
        raise SchemaError(f"attributes has {len(given)} names: there are {MOST} at most")
    found = {clean(name): _type(name, one) for name, one in given.items()}
    if len(found) < len(given):
        raise SchemaError(f"attributes={str(list(given))[:80]}: a name is there twice: give one of them another")
    return found


def said(types: Mapping[str, Any], given: object) -> dict[str, Any]:
    """Return what is said of one, in the order of the task; a bool that is not said is False, the rest is left out.

    Parameters
    ----------
    types : mapping
        What `declared` returned.
    given : object
        A mapping of names to values, or None.

    Raises
    ------
    LabelError
        If a value is none of its attribute.
    """
    values = {} if given is None else given
    if not isinstance(values, Mapping):
        raise LabelError(f"its attributes are {str(values)[:80]!r}: they are a mapping of names to values")
    for name in values:
        if name not in types:
            there = f"there are {', '.join(types)}" if types else "the task declares none: give it attributes={…}"
            hint = did_you_mean(str(name)[:80], list(types))
            raise LabelError(f"there is no attribute {str(name)[:80]!r}; {there}{hint}")
    kept = {name: _value(name, kind, values.get(name)) for name, kind in types.items()}
    return {name: value for name, value in kept.items() if value is not None}


def _type(name: object, one: object) -> Any:
    if one is bool:
        return "bool"
    if isinstance(one, str) and one in TYPES:
        return one
    if isinstance(one, Sequence) and not isinstance(one, str | bytes) and 0 < len(one) <= MOST_OPTIONS:
        options = [clean(each) for each in one]
        if len(set(options)) < len(options):
            raise SchemaError(f"the attribute {name!r} has an option twice: {str(options)[:80]}")
        return options
    hint = did_you_mean(one, TYPES) if isinstance(one, str) else ""
    raise SchemaError(
        f"the attribute {name!r} is {str(one)[:80]!r}: it is a list of 1 to {MOST_OPTIONS} options, "
        f'"text", "number" or bool{hint}'
    )


def _value(name: str, kind: Any, value: object) -> Any:
    if kind == "bool":
        if value is None or isinstance(value, bool):
            return value is True
        raise LabelError(f"{name}={str(value)[:80]!r}: it is True or False")
    if value is None:
        return None
    if kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float) or not -math.inf < value < math.inf:
            raise LabelError(f"{name}={str(value)[:80]!r}: it is a finite number")
        return int(value) if float(value).is_integer() else value
    if not isinstance(value, str):
        raise LabelError(f"{name}={str(value)[:80]!r}: it is text: pass str(…) of it")
    return _text(name, value) if kind == "text" else _option(name, kind, value)


def _text(name: str, value: str) -> str | None:
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > LONGEST or any("\ud800" <= one <= "\udfff" for one in text):
        raise LabelError(f"{name}={text[:60]!r}: it is text of at most {LONGEST:,} whole characters: cut it")
    return text or None


def _option(name: str, options: Sequence[str], value: str) -> str:
    wanted = unicodedata.normalize("NFC", value).strip()
    if wanted not in options:
        hint = did_you_mean(wanted[:80], options)
        raise LabelError(f"{name}={wanted[:80]!r}: it is one of {', '.join(options[:12])}{hint}")
    return wanted
