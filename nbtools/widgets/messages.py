"""What a browser may say: each message checked, and turned into a frozen dataclass.

Nothing from a browser is believed. A message that does not follow the schema is a
`MessageError` with a short text; one bad act does not spoil the others of its message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from nbtools.errors import MessageError
from nbtools.widgets.checks import (
    boolean,
    integer,
    known_keys,
    mapping,
    milliseconds,
    one_of,
    optional_text,
    shorten,
    text,
    whole,
    within_bounds,
)

VERSION = 1
MAX_ACTS = 64
MAX_ITEMS = 200
MAX_PAGE = 3_500_000
MAX_COMMENT = 10_000
MAX_NAME = 200
MAX_CHOICES = 1000

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_ACT = re.compile(r"[0-9A-Za-z_-]{1,64}")
_ITEM = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")

Value: TypeAlias = "str | list[str] | None"


@dataclass(frozen=True, slots=True)
class Open:
    """A page is there and asks what it shows."""

    client: str


@dataclass(frozen=True, slots=True)
class Introduce:
    """The person says who they are; counts once per kernel."""

    name: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """The next items after a cursor, at most `count` of them and `bytes` bytes."""

    request: int
    cursor: tuple[int, int] | None
    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class GetItem:
    """One item, by id or by position."""

    request: int
    id: str | None
    position: int | None


@dataclass(frozen=True, slots=True)
class GetBytes:
    """A chunk of an item's file: of the original (`full`) or of what is streamed."""

    request: int
    item: str
    start: int
    full: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One press: a label, a skip, a clearing, or the undoing of one."""

    act: str
    item: str
    kind: Literal["label", "undo"]
    schema: int | None
    status: Literal["labeled", "skipped", "cleared"] | None
    value: Value
    flagged: bool
    unsure: bool
    comment: str | None
    supersedes: str | None
    undoes: str | None
    shown_at: str | None
    sent_at: str | None
    visible_ms: int | None
    active_ms: int | None


@dataclass(frozen=True, slots=True)
class BadAct:
    """An act that does not follow the schema, and why; it can never be saved."""

    act: str
    why: str


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts to keep, in the order in which they were made."""

    acts: tuple[Act | BadAct, ...]


@dataclass(frozen=True, slots=True)
class Ping:
    """A page asks whether anybody is there."""


Message: TypeAlias = Open | Introduce | Fetch | GetItem | GetBytes | Acts | Ping


def parse(content: object, buffers: Sequence[object] = ()) -> Message:
    """Check one message of a browser.

    Parameters
    ----------
    content : object
        What came, as JSON gave it.
    buffers : sequence
        The binary buffers that came with it; no message has any.

    Raises
    ------
    MessageError
        If anything in it is not as the schema has it. The text is short, whatever came.
    """
    if buffers:
        raise MessageError("a message carries no binary buffers")
    within_bounds(content)
    fields = mapping(content, "a message")
    if type(fields.get("v")) is not int or fields["v"] != VERSION:
        raise MessageError(f"this kernel speaks version {VERSION}, not {shorten(fields.get('v'))}: reload the page")
    kind = fields.get("type")
    parser = _PARSERS.get(kind) if isinstance(kind, str) else None
    if parser is None:
        raise MessageError(f"there is no message of type {shorten(kind)}")
    return parser({key: value for key, value in fields.items() if key not in ("v", "type")})


def _open(fields: Mapping[str, object]) -> Open:
    known_keys(fields, {"client"})
    return Open(text(fields, "client", _ULID, 26))


def _introduce(fields: Mapping[str, object]) -> Introduce:
    known_keys(fields, {"name"})
    name = text(fields, "name", None, MAX_NAME).strip()
    if not name or not name.isprintable():
        raise MessageError("name has to be one line of visible characters")
    return Introduce(name)


def _fetch(fields: Mapping[str, object]) -> Fetch:
    known_keys(fields, {"request", "cursor", "count", "bytes"})
    return Fetch(
        integer(fields, "request"),
        _cursor(fields.get("cursor")),
        integer(fields, "count", 1, MAX_ITEMS),
        min(integer(fields, "bytes"), MAX_PAGE),
    )


def _cursor(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise MessageError(f"cursor is null or two integers, not {shorten(value)}")
    pair = {"cursor[0]": value[0], "cursor[1]": value[1]}
    return integer(pair, "cursor[0]", 0, 1), integer(pair, "cursor[1]")


def _item(fields: Mapping[str, object]) -> GetItem:
    known_keys(fields, {"request", "id", "position"})
    given = optional_text(fields, "id", _ITEM, 32)
    position = None if fields.get("position") is None else integer(fields, "position")
    if (given is None) == (position is None):
        raise MessageError("item names either an id or a position")
    return GetItem(integer(fields, "request"), given, position)


def _bytes(fields: Mapping[str, object]) -> GetBytes:
    known_keys(fields, {"request", "item", "start", "full"})
    return GetBytes(
        integer(fields, "request"), text(fields, "item", _ITEM, 32), integer(fields, "start"), boolean(fields, "full")
    )


def _acts(fields: Mapping[str, object]) -> Acts:
    known_keys(fields, {"acts"})
    listed = fields.get("acts")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_ACTS:
        raise MessageError(f"acts is a list of 1 to {MAX_ACTS} acts")
    seen: set[str] = set()
    return Acts(tuple(_act_or_why(entry, seen) for entry in listed))


def _act_or_why(entry: object, seen: set[str]) -> Act | BadAct:
    try:
        act = _act(mapping(entry, "an act"))
        if act.act in seen:
            raise MessageError("an act of this name stands earlier in the message")
        seen.add(act.act)
        return act
    except MessageError as error:
        given = entry.get("act") if isinstance(entry, Mapping) else None
        # The name is only sent back so that the page can match it to what it keeps.
        named = isinstance(given, str) and _ACT.fullmatch(given)
        return BadAct(cast("str", given) if named else "", str(error))


def _act(fields: Mapping[str, object]) -> Act:
    known_keys(fields, set(Act.__slots__))
    kind = cast('Literal["label", "undo"]', one_of(fields, "kind", ("label", "undo")))
    act = Act(
        act=text(fields, "act", _ULID, 26),
        item=text(fields, "item", _ITEM, 32),
        kind=kind,
        schema=None if fields.get("schema") is None else integer(fields, "schema", 1, 1_000_000),
        status=_status(fields, kind),
        value=_value(fields.get("value")),
        flagged=boolean(fields, "flagged"),
        unsure=boolean(fields, "unsure"),
        comment=_comment(fields),
        # What came from Python or a file may have another shape of id than a page makes.
        supersedes=optional_text(fields, "supersedes", _ACT, 64),
        undoes=optional_text(fields, "undoes", _ACT, 64),
        shown_at=optional_text(fields, "shown_at", _TIME, 30),
        sent_at=optional_text(fields, "sent_at", _TIME, 30),
        visible_ms=milliseconds(fields, "visible_ms"),
        active_ms=milliseconds(fields, "active_ms"),
    )
    if kind == "label" and act.schema is None:
        raise MessageError("schema is missing")
    if (act.undoes is None) == (kind == "undo"):
        raise MessageError("an undo names in undoes what it undoes, and nothing else does")
    return act


def _status(fields: Mapping[str, object], kind: str) -> Literal["labeled", "skipped", "cleared"] | None:
    if kind == "undo" and fields.get("status") is None:
        return None
    found = one_of(fields, "status", ("labeled", "skipped", "cleared"))
    return cast('Literal["labeled", "skipped", "cleared"]', found)


def _comment(fields: Mapping[str, object]) -> str | None:
    # A field's maxlength cuts an emoji in two; that is no reason to lose a label.
    value = fields.get("comment")
    return optional_text({"comment": whole(value) if isinstance(value, str) else value}, "comment", None, MAX_COMMENT)


def _value(value: object) -> Value:
    if value is None:
        return None
    if isinstance(value, str):
        return text({"value": value}, "value", None, MAX_NAME)
    if isinstance(value, list) and len(value) <= MAX_CHOICES:
        return [text({"value": one}, "value", None, MAX_NAME) for one in value]
    raise MessageError(f"value is an option, a list of options or null, not {shorten(value)}")


def _ping(fields: Mapping[str, object]) -> Ping:
    known_keys(fields, set())
    return Ping()


_PARSERS: Mapping[str, Callable[[Mapping[str, object]], Message]] = {
    "open": _open,
    "introduce": _introduce,
    "fetch": _fetch,
    "item": _item,
    "bytes": _bytes,
    "acts": _acts,
    "ping": _ping,
}

KINDS = frozenset(_PARSERS)
