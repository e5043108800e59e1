"""What an act is: one line of the log, which is never changed."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from nbtools.errors import LabelError

FORMAT = 1
TYPES = ("label", "schema", "exclude", "include")
STATUSES = ("labeled", "skipped", "cleared")
IDENTITIES = ("verified", "environment", "self-declared", "python", "import")
ORIGINS = ("person", "import", "correction", "adjudication")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Act:
    """One act of labeling, or on a schema, or on what is in.

    Attributes
    ----------
    act : str
        Its id, made by whoever acted; seen twice, it counts once.
    type : str
        label, schema, exclude or include.
    task, item, annotator : str or None
        What was answered, of which item, by whom.
    schema : int or None
        The schema that the annotator saw.
    identity : str or None
        How sure it is who the annotator is.
    value : object
        Option ids; for a schema act the task.
    status : str or None
        labeled, skipped or cleared.
    flagged, unsure : bool
        What the annotator said beside it.
    comment : str or None
        Words of the annotator; of an exclusion, its reason.
    origin : str or None
        person, import, correction or adjudication.
    supersedes : str or None
        The act that this one saw as current.
    undoes : str or None
        The act that this one takes back.
    shown_at, sent_at, received_at : str or None
        RFC 3339, UTC; the last one by the server's clock.
    visible_ms, active_ms : int or None
        How long the item was on the screen, and how much of that was attended.
    suggestion, why, bulk : object
        What was proposed, why this item was shown, and the bulk act it is part of.
    extra : mapping
        Keys that a newer nbtools wrote.
    writer, line : str, int
        Where the act stands in the log: the journal's name and a number that grows
        along it. Not written.
    """

    act: str
    type: str = "label"
    task: str | None = None
    schema: int | None = None
    item: str | None = None
    annotator: str | None = None
    identity: str | None = None
    value: Any = None
    status: str | None = None
    flagged: bool = False
    unsure: bool = False
    comment: str | None = None
    origin: str | None = None
    supersedes: str | None = None
    undoes: str | None = None
    shown_at: str | None = None
    sent_at: str | None = None
    received_at: str | None = None
    visible_ms: int | None = None
    active_ms: int | None = None
    suggestion: Any = None
    why: Any = None
    bulk: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: _NOTHING, hash=False)
    writer: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the act as what JSON can hold; what is null, or a flag not set, is left out."""
        found = ((name, getattr(self, name)) for name in _WRITTEN)
        set_ = {name: value for name, value in found if value is not None and not (name in _FLAGS and value is False)}
        return {"format": FORMAT, **set_, **self.extra}

    def to_line(self) -> bytes:
        """Return the act as one line, newline included."""
        text = json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        # A lone surrogate has no UTF-8; backslash and four digits is its JSON.
        return text.encode("utf-8", "backslashreplace") + b"\n"

    @classmethod
    def from_json(cls, found: object, writer: str = "", line: int = 0) -> Act:
        """Return the act that `to_json` wrote; keys it does not know are kept in `extra`.

        Raises
        ------
        LabelError
            If a value is not of the kind it has to be.
        """
        if not isinstance(found, Mapping) or found.get("format") != FORMAT:
            raise LabelError(f"this is no act of format {FORMAT}: {str(found)[:200]!r}")
        known: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, value in found.items():
            if value is None or name == "format":
                continue
            fits = _FITS.get(name)
            if fits is None:
                extra[name] = value
            elif fits(value):
                known[name] = value
            else:
                raise LabelError(f"{name!r} of an act cannot be {str(value)[:200]!r}")
        missing = _NEEDED - known.keys()
        if missing:
            raise LabelError(f"an act needs {', '.join(sorted(missing))}: {str(found)[:200]!r}")
        act = cls(**known, extra=extra or _NOTHING, writer=writer, line=line)
        _check_whole(act)
        return act


_WRITTEN = tuple(one.name for one in fields(Act) if one.compare and one.name != "extra")
_FLAGS = ("flagged", "unsure")
_NEEDED = {"act"}


def parse_line(line: bytes | str, writer: str = "", number: int = 0) -> Act | None:
    """Return the act on a line of the log, or None if there is none.

    Parameters
    ----------
    line : bytes or str
        One line, with or without its newline.
    writer : str
        The journal's name.
    number : int
        Where in the journal the line stands.
    """
    try:
        text = line if isinstance(line, str) else line.decode()
        return Act.from_json(json.loads(text), writer, number)
    except (ValueError, RecursionError):  # LabelError is a ValueError
        return None


def _is_text(value: object) -> bool:
    # What cannot be written as UTF-8 cannot name anything.
    return isinstance(value, str) and value != "" and (value.isascii() or not any(map(_is_surrogate, value)))


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _is_comment(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_schema(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**31


def _is_duration(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _finite(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(_finite(one) for one in value.values())
    return not isinstance(value, list) or all(_finite(one) for one in value)


_FITS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_WRITTEN, _is_text),
    **dict.fromkeys(_FLAGS, _is_flag),
    **dict.fromkeys(("visible_ms", "active_ms"), _is_duration),
    **dict.fromkeys(("value", "suggestion", "why"), _finite),
    "schema": _is_schema,
    "comment": _is_comment,
    "type": TYPES.__contains__,
    "status": STATUSES.__contains__,
    "identity": IDENTITIES.__contains__,
    "origin": ORIGINS.__contains__,
}


def _check_whole(act: Act) -> None:
    needed = {"label": ("task", "item", "annotator", "status"), "schema": ("task", "value")}
    for name in needed.get(act.type, ("item",)):
        if getattr(act, name) is None:
            raise LabelError(f"an act of type {act.type!r} needs {name!r}: {str(act.to_json())[:200]}")
