"""What a browser may say: each message checked, and turned into a frozen dataclass.

Nothing from a browser is believed. A message that does not follow the schema is a
`MessageError` with a short text; one bad act does not spoil the others of its message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nbtools.errors import MessageError
from nbtools.widgets import envelope, greetings
from nbtools.widgets.acts import Act, BadAct, parse_acts
from nbtools.widgets.checks import (
    ITEM,
    boolean,
    integer,
    known_keys,
    one_of,
    optional_text,
    shorten,
    text,
)
from nbtools.widgets.greetings import Open, Ping

MAX_ITEMS = 200
MAX_PAGE = 3_500_000
MAX_NAME = 200
MODULES = ("bulk", "guide", "html", "later", "spectrogram")
MAX_PATH = 1_000


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
class GetGrid:
    """Items by their place in a list that is made when it is asked for `fresh`, each with a small picture."""

    request: int
    start: int
    count: int
    unlabeled: bool
    fresh: bool


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
class GetPeaks:
    """The waveform of an item's sound, for one that is played in parts."""

    request: int
    item: str


@dataclass(frozen=True, slots=True)
class GetModule:
    """A bundle of the front end that only some items need."""

    request: int
    name: str


@dataclass(frozen=True, slots=True)
class GetPicture:
    """An image that the task's guidelines name by its path."""

    request: int
    path: str


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts to keep, in the order in which they were made."""

    acts: tuple[Act | BadAct, ...]


Message: TypeAlias = (
    Open | Introduce | Fetch | GetGrid | GetItem | GetBytes | GetPeaks | GetModule | GetPicture | Acts | Ping
)


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
    message: Message = envelope.parse(content, buffers, PARSERS)
    return message


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


def _grid(fields: Mapping[str, object]) -> GetGrid:
    known_keys(fields, {"request", "start", "count", "unlabeled", "fresh"})
    count = integer(fields, "count", 1, MAX_ITEMS)
    unlabeled, fresh = boolean(fields, "unlabeled"), boolean(fields, "fresh")
    return GetGrid(integer(fields, "request"), integer(fields, "start"), count, unlabeled, fresh)


def _cursor(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise MessageError(f"cursor is null or two integers, not {shorten(value)}")
    pair = {"cursor[0]": value[0], "cursor[1]": value[1]}
    return integer(pair, "cursor[0]", 0, 1), integer(pair, "cursor[1]")


def _item(fields: Mapping[str, object]) -> GetItem:
    known_keys(fields, {"request", "id", "position"})
    given = optional_text(fields, "id", ITEM, 32)
    position = None if fields.get("position") is None else integer(fields, "position")
    if (given is None) == (position is None):
        raise MessageError("item names either an id or a position")
    return GetItem(integer(fields, "request"), given, position)


def _bytes(fields: Mapping[str, object]) -> GetBytes:
    known_keys(fields, {"request", "item", "start", "full"})
    return GetBytes(
        integer(fields, "request"), text(fields, "item", ITEM, 32), integer(fields, "start"), boolean(fields, "full")
    )


def _peaks(fields: Mapping[str, object]) -> GetPeaks:
    known_keys(fields, {"request", "item"})
    return GetPeaks(integer(fields, "request"), text(fields, "item", ITEM, 32))


def _module(fields: Mapping[str, object]) -> GetModule:
    known_keys(fields, {"request", "name"})
    return GetModule(integer(fields, "request"), one_of(fields, "name", MODULES))


def _picture(fields: Mapping[str, object]) -> GetPicture:
    known_keys(fields, {"request", "path"})
    return GetPicture(integer(fields, "request"), text(fields, "path", None, MAX_PATH))


def _acts(fields: Mapping[str, object]) -> Acts:
    known_keys(fields, {"acts"})
    return Acts(parse_acts(fields.get("acts")))


PARSERS: Mapping[str, Callable[[Mapping[str, object]], Message]] = {
    **greetings.PARSERS,
    "introduce": _introduce,
    "fetch": _fetch,
    "grid": _grid,
    "item": _item,
    "bytes": _bytes,
    "peaks": _peaks,
    "module": _module,
    "picture": _picture,
    "acts": _acts,
}

KINDS = frozenset(PARSERS)
