"""Which names a task or an attribute may have: both become columns of the same table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeGuard

from nbtools.errors import LabelError, SchemaError

RESERVED = frozenset(
    {
        "id",
        "kind",
        "path",
        "bytes",
        "sources",
        "source",
        "width",
        "height",
        "duration",
        "sha256",
        "content",
        "recipe",
        "row",
        "text",
        "position",
        "media_type",
        "state",
        "added",
        "replaces",
        "attributes",
        "excluded",
        "item",
        "task",
        "annotator",
        "split",
    }
)
IMPORTER = "import"
_LONGEST = 64
_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,62}")


def is_name(name: object) -> TypeGuard[str]:
    """Tell whether something is well-formed as the name of a task or an attribute."""
    return isinstance(name, str) and _PATTERN.fullmatch(name) is not None


def check_name(name: object, what: str, taken: Iterable[str] = ()) -> str:
    """Return a name that can be a column; refuse any other.

    Parameters
    ----------
    name : str
        The name as given.
    what : str
        ``task`` or ``attribute``, for the message.
    taken : iterable of str
        Names that mean something else already.

    Raises
    ------
    SchemaError
        If the name is malformed, reserved or taken; the message proposes another.
    """
    if not is_name(name):
        raise SchemaError(
            f"{name!r} cannot be the name of {_article(what)}: it takes lower-case letters, digits and _, "
            f"begins with a letter and has at most 63 of them, such as {_proposal(str(name))!r}"
        )
    if name in RESERVED:
        raise SchemaError(f"{name!r} is a column of its own in every dataset: call the {what} {name + '_'!r}, say")
    if name in taken:
        raise SchemaError(
            f"{name!r} is the name of something else in this dataset, and tasks and attributes share one table: "
            f"call the {what} {name + '_2'!r}, say"
        )
    return name


def annotator_name(name: object) -> str:
    """Return a person's name as it is kept.

    Raises
    ------
    LabelError
        If it cannot be one.
    """
    text = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not 0 < len(text) <= _LONGEST or not text.isprintable():
        raise LabelError(f"a name is text on one line, of 1 to {_LONGEST} characters, and {str(name)[:80]!r} is none")
    if text == IMPORTER:
        raise LabelError(f"{IMPORTER!r} is what labels that were there before are kept under: take another name")
    return text


def _article(what: str) -> str:
    return f"an {what}" if what[:1] in "aeiou" else f"a {what}"


def _proposal(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
    return words if _PATTERN.fullmatch(words) else f"a_{words}".rstrip("_")
