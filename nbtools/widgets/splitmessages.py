"""What the page of a SplitBuilder may say: each message checked, and turned into a frozen dataclass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nbtools.errors import MessageError
from nbtools.versions.choice import STRATEGIES, Choice
from nbtools.versions.decided import Decided
from nbtools.widgets import greetings
from nbtools.widgets.checks import (
    ITEM,
    MAX_INTEGER,
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

MAX_PARTS = 12
MAX_COLUMNS = 12
MAX_PAIRS = 60
MAX_TEXT = 2_000
MAX_FOLDS = 50
# So many pairs decided by hand at once make a line of Python that can still be copied.
MAX_DECIDED = 500
# Shares are told in tenths of a percent, so that they add up to one exactly.
WHOLE = 1_000
_VERSION = re.compile(r"v[1-9]\d{0,8}")
_SPLIT = re.compile(r"v[1-9]\d{0,8}\.[1-9]\d{0,8}")
_NUMBER = re.compile(r"-?\d{1,15}")
_WANTED = {
    "strategy",
    "ratios",
    "stratify",
    "groups",
    "seed",
    "missing",
    "rare",
    "near",
    "fresh",
    "linked",
    "dismissed",
}
_WANTED |= {"time", "cutoffs", "gap", "straddling", "undated", "folds", "test", "column", "rest"}


@dataclass(frozen=True, slots=True)
class GetVersion:
    """What one version can be split by, and the splits that it has."""

    request: int
    version: str


@dataclass(frozen=True, slots=True)
class GetPreview:
    """How a split would be."""

    request: int
    number: int
    version: str
    wanted: Choice
    look: bool
    against: str | None


@dataclass(frozen=True, slots=True)
class GetProgress:
    """How far a preview is; or call it off."""

    request: int
    number: int
    cancel: bool


@dataclass(frozen=True, slots=True)
class GetPairs:
    """Items that are nearly alike, two by two, of the preview that was shown last.

    `anew` puts those in two parts first, and that order stays until it is asked for
    again; `pictures` is not asked for where they are on the page already.
    """

    request: int
    start: int
    count: int
    anew: bool
    pictures: bool


@dataclass(frozen=True, slots=True)
class Save:
    """Keep a split."""

    request: int
    job: str
    version: str
    wanted: Choice
    message: str
    confirm: bool


@dataclass(frozen=True, slots=True)
class GetJob:
    """How far the saving is."""

    request: int
    job: str


Message: TypeAlias = Open | Ping | GetVersion | GetPreview | GetProgress | GetPairs | Save | GetJob
Fields: TypeAlias = Mapping[str, object]


def _version(fields: Fields) -> GetVersion:
    known_keys(fields, {"request", "version"})
    return GetVersion(integer(fields, "request"), text(fields, "version", _VERSION, 10))


def _preview(fields: Fields) -> GetPreview:
    known_keys(fields, {"request", "number", "version", "wanted", "look", "against"})
    return GetPreview(
        integer(fields, "request"),
        integer(fields, "number"),
        text(fields, "version", _VERSION, 10),
        _wanted(fields.get("wanted")),
        boolean(fields, "look"),
        optional_text(fields, "against", _SPLIT, 20),
    )


def _progress(fields: Fields) -> GetProgress:
    known_keys(fields, {"request", "number", "cancel"})
    return GetProgress(integer(fields, "request"), integer(fields, "number"), boolean(fields, "cancel"))


def _pairs(fields: Fields) -> GetPairs:
    known_keys(fields, {"request", "start", "count", "anew", "pictures"})
    return GetPairs(
        integer(fields, "request"),
        integer(fields, "start"),
        integer(fields, "count", 1, MAX_PAIRS),
        boolean(fields, "anew"),
        boolean(fields, "pictures"),
    )


def _save(fields: Fields) -> Save:
    known_keys(fields, {"request", "job", "version", "wanted", "message", "confirm"})
    return Save(
        integer(fields, "request"),
        text(fields, "job", ITEM, 32),
        text(fields, "version", _VERSION, 10),
        _wanted(fields.get("wanted")),
        text(fields, "message", None, MAX_TEXT),
        boolean(fields, "confirm"),
    )


def _job(fields: Fields) -> GetJob:
    known_keys(fields, {"request", "job"})
    return GetJob(integer(fields, "request"), text(fields, "job", ITEM, 32))


def _wanted(value: object) -> Choice:
    fields = mapping(value, "wanted")
    known_keys(fields, _WANTED)
    return Choice(
        strategy=one_of(fields, "strategy", tuple(STRATEGIES)),
        settings=_settings(fields),
        stratify=_names(fields.get("stratify"), "stratify"),
        groups=_names(fields.get("groups"), "groups"),
        near_duplicates=boolean(fields, "near"),
        fresh=boolean(fields, "fresh"),
        decided=Decided(_pairs_of(fields, "linked"), _pairs_of(fields, "dismissed")),
    )


def _settings(fields: Fields) -> dict[str, object]:
    seed = text(fields, "seed", None, 64)
    number = int(seed) if _NUMBER.fullmatch(seed) else seed
    column = optional_text(fields, "column", None, 64)
    cutoffs = _cutoffs(fields.get("cutoffs"))
    return {
        "ratios": _ratios(fields.get("ratios")) if cutoffs is None or fields["strategy"] != "time" else None,
        "seed": None if number == 0 else number,
        "missing": _optional(fields, "missing", ("alone", "together")),
        "rare": "keep" if boolean(fields, "rare") else None,
        "cutoffs": cutoffs,
        "time": optional_text(fields, "time", None, 64),
        "gap": _moment(fields.get("gap"), "gap"),
        "straddling": _optional(fields, "straddling", ("earlier", "later")),
        "undated": _optional(fields, "undated", ("drop", "first")),
        "folds": integer(fields, "folds", 2, MAX_FOLDS),
        "test": integer(fields, "test", 0, WHOLE - 1) / WHOLE or None,
        "column": column,
        "folders": "source" if column is None else None,
        "rest": optional_text(fields, "rest", None, 64),
    }


def _optional(fields: Fields, key: str, known: tuple[str, ...]) -> str | None:
    return None if fields.get(key) is None else one_of(fields, key, known)


def _moment(value: object, what: str) -> str | float | None:
    """Return a time or a length of time: text for dates, else a number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
        return value
    return None if value is None else text({what: value}, what, None, 64)


def _cutoffs(value: object) -> dict[str, str | float | None] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > MAX_PARTS:
        raise MessageError(f"cutoffs is a list of at most {MAX_PARTS} parts, not {shorten(value)}")
    pairs = [mapping(one, "a part") for one in value]
    for pair in pairs:
        known_keys(pair, {"name", "from"})
    return {text(pair, "name", None, 64): _moment(pair.get("from"), "from") for pair in pairs}


def _pairs_of(fields: Fields, key: str) -> frozenset[tuple[str, str]]:
    value = fields.get(key, [])
    if not isinstance(value, list) or len(value) > MAX_DECIDED:
        raise MessageError(f"{key} is a list of at most {MAX_DECIDED} pairs, not {shorten(value)}")
    found = set()
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise MessageError(f"{key} holds {shorten(pair)}, which is no pair of ids")
        left, right = (text({key: one}, key, ITEM, 32) for one in pair)
        found.add((min(left, right), max(left, right)))
    return frozenset(found)


def _ratios(value: object) -> dict[str, float]:
    if not isinstance(value, list) or len(value) > MAX_PARTS:
        raise MessageError(f"ratios is a list of at most {MAX_PARTS} parts, not {shorten(value)}")
    pairs = [mapping(one, "a part") for one in value]
    for pair in pairs:
        known_keys(pair, {"name", "share"})
    shares = {text(pair, "name", None, 64): integer(pair, "share", 0, WHOLE) / WHOLE for pair in pairs}
    if len(shares) < len(pairs):
        raise MessageError("two parts have the same name")
    return shares


def _names(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_COLUMNS:
        raise MessageError(f"{what} is a list of at most {MAX_COLUMNS} columns, not {shorten(value)}")
    return tuple(text({what: name}, what, None, 64) for name in value)


PARSERS: Mapping[str, Callable[[Fields], Message]] = {
    **greetings.PARSERS,
    "version": _version,
    "preview": _preview,
    "progress": _progress,
    "pairs": _pairs,
    "save": _save,
    "job": _job,
}
