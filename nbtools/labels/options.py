"""What an option is: one possible answer, known by the name it was first given.

An option's `id` never changes; it is what labels hold. So an option can be renamed,
reordered or retired, and no label moves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from nbtools.errors import LabelError, SchemaError, did_you_mean

_SHOWN = 12
_OF_GROUP = ("name", "color")
_PICTURE = re.compile(r"data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*")
LARGEST_PICTURE = 40_000


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer.

    Attributes
    ----------
    id : str
        The name it was first given; what labels hold.
    name : str
        What people see.
    key : str or None
        A key that chooses it beside 1-9.
    color, description : str or None
        How it is shown.
    retired : bool
        Not offered any more; labels that hold it stay.
    group : str or None
        What it stands under, where options are shown in groups.
    picture : str or None
        A small picture beside its name, as a ``data:`` URL.
    parts : tuple of str or None
        The ids of the options that it was split into; it is retired then.
    """

    id: str
    name: str
    key: str | None = None
    color: str | None = None
    description: str | None = None
    retired: bool = False
    group: str | None = None
    picture: str | None = None
    parts: tuple[str, ...] | None = None


OPTION_KEYS = tuple(field.name for field in fields(Option))


def chosen(task: str, options: Sequence[Option], value: object) -> str:
    """Return the id of the option that is given by its id or present name.

    Parameters
    ----------
    task : str
        What is answered; for the message.
    options : sequence of Option
        The options there are.
    value : object
        What was given.

    Raises
    ------
    LabelError
        If it is none of them, or one that is retired.
    """
    if isinstance(value, str):
        wanted = unicodedata.normalize("NFC", value).strip()
        for option in options:
            if wanted in (option.id, option.name):
                if option.retired:
                    raise LabelError(f"{option.name!r} is retired from {task!r}: choose another option")
                return option.id
    raise LabelError(no_option(task, options, value))


def no_option(task: str, options: Sequence[Option], value: object) -> str:
    """Return in words that something is no option, and what the options are."""
    names = [option.name for option in options if not option.retired]
    there = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"{str(value)[:80]!r} is no option of {task!r}, which has {there}{did_you_mean(str(value)[:80], names)}"


def listed(options: object) -> list[str | Mapping[str, Any] | Option]:
    """Return options as a list; a string, which is a sequence too, is refused."""
    if isinstance(options, str) or not isinstance(options, Sequence):
        raise SchemaError(
            f'the options are a list of names, such as ["jay", "rook"], and this is {str(options)[:80]!r}'
        )
    return [one for given_ in options for one in _ungrouped(given_)]


def _ungrouped(one: Any) -> list[Any]:
    """Return the options of a group, each saying which it is; an option on its own as it is."""
    if not isinstance(one, Mapping) or "options" not in one:
        return [one]
    rest = {key: value for key, value in one.items() if key != "options"}
    for key in rest:
        if key not in _OF_GROUP:
            raise SchemaError(f"a group of options has a name, a color and options, and no {str(key)[:80]!r}")
    group, inner = clean(rest.get("name")), one["options"]
    if isinstance(inner, str) or not isinstance(inner, Sequence) or not inner:
        raise SchemaError(f"the options of the group {group!r} are a list of names, and this is {str(inner)[:80]!r}")
    found = [dict(each) if isinstance(each, Mapping) else {"name": each} for each in inner]
    if any("options" in each or "group" in each for each in found):
        raise SchemaError(f"groups hold options and no groups: give the options of {group!r} as one list")
    color = {"color": rest["color"]} if rest.get("color") else {}
    return [{**color, **each, "group": group} for each in found]


def given(one: str | Mapping[str, Any] | Option) -> Option:
    """Return an option as it was given, checked on its own."""
    if isinstance(one, Option):
        return one
    if isinstance(one, Mapping):
        for key in one:
            if key not in OPTION_KEYS:
                hint = did_you_mean(str(key), OPTION_KEYS)
                raise SchemaError(f"an option has no {key!r}; it has {', '.join(OPTION_KEYS)}{hint}")
        return option_of(dict(one))
    return option_of({"name": one})


def option_of(found: dict[str, Any]) -> Option:
    """Return an option made of its keys.

    Raises
    ------
    SchemaError
        If one of them has a value that it cannot have.
    """
    name, parts = clean(found.pop("name", None)), found.pop("parts", None)
    if parts is not None and (isinstance(parts, str) or not isinstance(parts, Sequence) or len(parts) < 2):
        raise SchemaError(f"the parts of {name!r} are a list of two options or more, and this is {str(parts)[:80]!r}")
    within = None if parts is None else tuple(clean(one) for one in parts)
    made = Option(clean(found.pop("id", name)), name, **found, parts=within)
    texts = (made.key, made.color, made.description, made.group, made.picture)
    if not all(isinstance(text, str | None) for text in texts) or not isinstance(made.retired, bool):
        raise SchemaError(f"key, color, description, group and picture of an option are text: {str(made)[:200]}")
    if made.group is not None and clean(made.group) != made.group:
        raise SchemaError(f"the group of {made.name!r} is text on one line, and {made.group[:80]!r} is none")
    if made.picture is not None and not (len(made.picture) <= LARGEST_PICTURE and _PICTURE.fullmatch(made.picture)):
        raise SchemaError(f"the picture of {made.name!r} is no small data: URL of an image: {made.picture[:60]!r}")
    if made.key is not None and len(made.key) != 1:
        raise SchemaError(f"the key of an option is one character, and {made.name!r} has {made.key!r}")
    return made


def clean(name: object) -> str:
    """Return an option's name as it is kept: NFC, stripped, on one line."""
    text = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not text or not text.isprintable():
        raise SchemaError(f"an option's name is text on one line, and {str(name)[:80]!r} is none: pass str(…) of it")
    return text


def check_options(options: Sequence[Option]) -> None:
    """Refuse options that cannot be told from each other.

    Raises
    ------
    SchemaError
        If a name, an id or a key is there twice, or nothing can be chosen.
    """
    if not any(not option.retired for option in options):
        raise SchemaError("a task needs at least one option that can be chosen")
    seen: dict[str, str] = {}
    for option in options:
        for word in {option.id, option.name}:
            if seen.setdefault(word, option.id) != option.id or sum(one.id == option.id for one in options) > 1:
                raise SchemaError(
                    f"the option {word!r} is there twice, or was once another's name: give it another name"
                )
    keys = [option.key.lower() for option in options if option.key]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise SchemaError(f"the key {twice[0]!r} is given to two options: give one of them another")
