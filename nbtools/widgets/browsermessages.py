"""What the page of a VersionBrowser may say: each message checked, and turned into a frozen dataclass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from nbtools.dataset.browsing import PARTS, Look
from nbtools.errors import MessageError
from nbtools.widgets import greetings
from nbtools.widgets.checks import (
    ITEM,
    boolean,
    integer,
    known_keys,
    mapping,
    one_of,
    optional_text,
    shorten,
    text,
)
from nbtools.widgets.greetings import Open, Ping

MAX_ROWS = 200
MAX_TEXT = 2_000
MAX_TASKS = 200
MAX_FILTERS = 20
TRUTHS = ("latest", "majority", "adjudicated")
LEVELS = ("presence", "sample", "full")
LAYOUTS = ("source", "id", "imagefolder")
_NAME = re.compile(r"v[1-9]\d{0,8}(\.[1-9]\d{0,8})?")
_MARK = re.compile(r"[0-9a-f]{0,16}")


@dataclass(frozen=True, slots=True)
class GetTimeline:
    """Whether there is anything new among the versions, and what."""

    request: int
    mark: str


@dataclass(frozen=True, slots=True)
class GetView:
    """How many items are looked at, and their columns; or (`facets`) how many hold which value."""

    request: int
    look: Look
    facets: bool


@dataclass(frozen=True, slots=True)
class GetRows:
    """Some of the items, as rows or (`cards`) each with a small picture."""

    request: int
    look: Look
    start: int
    count: int
    cards: bool


@dataclass(frozen=True, slots=True)
class GetItem:
    """One of the items, large."""

    request: int
    look: Look
    position: int


@dataclass(frozen=True, slots=True)
class GetChanges:
    """What is different in a version from another one."""

    request: int
    of: str
    against: str


@dataclass(frozen=True, slots=True)
class GetBytes:
    """A chunk of the file of an item that was asked for, or of what a job made."""

    request: int
    item: str
    start: int
    full: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Do something that takes time: preview, freeze, verify, restore or report."""

    request: int
    job: str
    do: str
    version: str | None
    message: str
    author: str | None
    truth: str | None
    level: str
    destination: str
    layout: str
    target: str | None
    tasks: tuple[str, ...] | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class GetJob:
    """How far something is; or call it off."""

    request: int
    job: str
    cancel: bool


Looking: TypeAlias = GetTimeline | GetView | GetRows | GetItem | GetChanges
Message: TypeAlias = Open | Ping | Looking | GetBytes | Start | GetJob
Fields: TypeAlias = Mapping[str, object]


def _timeline(fields: Fields) -> GetTimeline:
    known_keys(fields, {"request", "mark"})
    return GetTimeline(integer(fields, "request"), text(fields, "mark", _MARK, 16))


def _view(fields: Fields) -> GetView:
    known_keys(fields, {"request", "look", "facets"})
    return GetView(integer(fields, "request"), _look(fields.get("look")), boolean(fields, "facets"))


def _rows(fields: Fields) -> GetRows:
    known_keys(fields, {"request", "look", "start", "count", "cards"})
    count = integer(fields, "count", 1, MAX_ROWS)
    return GetRows(
        integer(fields, "request"), _look(fields.get("look")), integer(fields, "start"), count, boolean(fields, "cards")
    )


def _item(fields: Fields) -> GetItem:
    known_keys(fields, {"request", "look", "position"})
    return GetItem(integer(fields, "request"), _look(fields.get("look")), integer(fields, "position"))


def _changes(fields: Fields) -> GetChanges:
    known_keys(fields, {"request", "of", "against"})
    return GetChanges(integer(fields, "request"), text(fields, "of", _NAME, 24), text(fields, "against", _NAME, 24))


def _bytes(fields: Fields) -> GetBytes:
    known_keys(fields, {"request", "item", "start", "full"})
    item = text(fields, "item", ITEM, 32)
    return GetBytes(integer(fields, "request"), item, integer(fields, "start"), boolean(fields, "full"))


def _start(fields: Fields) -> Start:
    known = {
        "request",
        "job",
        "do",
        "version",
        "message",
        "author",
        "truth",
        "level",
        "destination",
        "layout",
        "target",
        "tasks",
        "where",
    }
    known_keys(fields, known)
    given = {"message": "", "level": "full", "destination": "", "layout": "source", **fields}
    truth = None if given.get("truth") is None else one_of(given, "truth", TRUTHS)
    return Start(
        request=integer(given, "request"),
        job=text(given, "job", ITEM, 32),
        do=one_of(given, "do", ("preview", "freeze", "verify", "restore", "report")),
        version=optional_text(given, "version", _NAME, 24),
        message=text(given, "message", None, MAX_TEXT),
        author=optional_text(given, "author", None, 200),
        truth=truth,
        level=one_of(given, "level", LEVELS),
        destination=text(given, "destination", None, MAX_TEXT),
        layout=one_of(given, "layout", LAYOUTS),
        target=optional_text(given, "target", None, 64),
        tasks=None if given.get("tasks") is None else _tasks(given["tasks"]),
        where=optional_text(given, "where", None, MAX_TEXT),
    )


def _tasks(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_TASKS:
        raise MessageError(f"tasks is a list of at most {MAX_TASKS} names, not {shorten(value)}")
    return tuple(text({"tasks": one}, "tasks", None, 64) for one in value)


def _job(fields: Fields) -> GetJob:
    known_keys(fields, {"request", "job", "cancel"})
    return GetJob(integer(fields, "request"), text(fields, "job", ITEM, 32), boolean(fields, "cancel"))


def _look(value: object) -> Look:
    fields = mapping(value, "look")
    known_keys(fields, {"of", "against", "part", "task", "cell", "find", "filters", "sort", "descending"})
    given = {"part": "all", "find": "", **fields}
    return Look(
        of=text(given, "of", _NAME, 24),
        against=optional_text(given, "against", _NAME, 24),
        part=one_of(given, "part", PARTS),
        task=optional_text(given, "task", None, 64),
        cell=None if given.get("cell") is None else _pair(given["cell"], "cell"),
        find=text(given, "find", None, 200),
        filters=_filters(given.get("filters", [])),
        sort=optional_text(given, "sort", None, 64),
        descending=boolean(given, "descending"),
    )


def _filters(value: object) -> tuple[tuple[str, str | None], ...]:
    if not isinstance(value, list) or len(value) > MAX_FILTERS:
        raise MessageError(f"filters is a list of at most {MAX_FILTERS}, not {shorten(value)}")
    pairs = [_pair(one, "a filter") for one in value]
    if any(column is None for column, _ in pairs):
        raise MessageError("a filter names a column")
    return tuple((str(column), wanted) for column, wanted in pairs)


def _pair(value: object, what: str) -> tuple[str | None, str | None]:
    if not isinstance(value, list) or len(value) != 2:
        raise MessageError(f"{what} is a list of two, not {shorten(value)}")
    named: dict[str, Any] = dict(zip(("first", "second"), value, strict=True))
    return optional_text(named, "first", None, MAX_TEXT), optional_text(named, "second", None, MAX_TEXT)


PARSERS: Mapping[str, Callable[[Fields], Message]] = {
    **greetings.PARSERS,
    "timeline": _timeline,
    "view": _view,
    "rows": _rows,
    "item": _item,
    "changes": _changes,
    "bytes": _bytes,
    "start": _start,
    "job": _job,
}
