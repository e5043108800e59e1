"""The acts of a message: each checked by itself, so that one bad act spoils no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from nbtools.errors import MessageError
from nbtools.widgets.checks import (
    ITEM,
    ULID,
    Json,
    boolean,
    integer,
    known_keys,
    mapping,
    milliseconds,
    one_of,
    optional_text,
    plain,
    text,
    whole,
)

MAX_ACTS = 64
MAX_COMMENT = 10_000

_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")

Status: TypeAlias = Literal["labeled", "skipped", "cleared"]


@dataclass(frozen=True, slots=True)
class Act:
    """One press: a label, a skip, a clearing, or the undoing of one."""

    act: str
    item: str
    kind: Literal["label", "undo"]
    schema: int | None
    status: Status | None
    value: Json
    flagged: bool
    unsure: bool
    comment: str | None
    supersedes: str | None
    undoes: str | None
    shown_at: str | None
    sent_at: str | None
    visible_ms: int | None
    active_ms: int | None
    bulk: str | None = None
    suggestion: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class BadAct:
    """An act that does not follow the schema, and why; it can never be saved."""

    act: str
    why: str


def parse_acts(listed: object) -> tuple[Act | BadAct, ...]:
    """Check the acts of a message, in their order.

    Parameters
    ----------
    listed : object
        What came as the list of acts.

    Returns
    -------
    tuple of Act or BadAct
        One for each. Of two with the same id the second is bad.

    Raises
    ------
    MessageError
        If it is no list of 1 to 64.
    """
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_ACTS:
        raise MessageError(f"acts is a list of 1 to {MAX_ACTS} acts")
    seen: set[str] = set()
    return tuple(_act_or_why(entry, seen) for entry in listed)


def _act_or_why(entry: object, seen: set[str]) -> Act | BadAct:
    try:
        act = _act(mapping(entry, "an act"))
    except MessageError as error:
        given = entry.get("act") if isinstance(entry, Mapping) else None
        # The name is only sent back so that the page can match it to what it keeps.
        named = isinstance(given, str) and _NAME.fullmatch(given)
        return BadAct(cast("str", given) if named else "", str(error))
    if act.act in seen:
        return BadAct(act.act, "an act of this id stands earlier in the message")
    seen.add(act.act)
    return act


def _act(fields: Mapping[str, object]) -> Act:
    known_keys(fields, set(Act.__slots__))
    kind = cast('Literal["label", "undo"]', one_of(fields, "kind", ("label", "undo")))
    act = Act(
        act=text(fields, "act", ULID, 26),
        item=text(fields, "item", ITEM, 32),
        kind=kind,
        schema=None if fields.get("schema") is None else integer(fields, "schema", 1, 1_000_000),
        status=_status(fields, kind),
        value=plain(fields.get("value"), "value"),
        flagged=boolean(fields, "flagged"),
        unsure=boolean(fields, "unsure"),
        comment=_comment(fields),
        # What came from Python or a file may have another shape of id than a page makes.
        supersedes=optional_text(fields, "supersedes", _NAME, 64),
        undoes=optional_text(fields, "undoes", _NAME, 64),
        shown_at=optional_text(fields, "shown_at", _TIME, 30),
        sent_at=optional_text(fields, "sent_at", _TIME, 30),
        visible_ms=milliseconds(fields, "visible_ms"),
        active_ms=milliseconds(fields, "active_ms"),
        bulk=optional_text(fields, "bulk", ULID, 26),
        suggestion=_suggestion(fields.get("suggestion")),
    )
    if kind == "label" and act.schema is None:
        raise MessageError("schema is missing")
    if (act.undoes is None) == (kind == "undo"):
        raise MessageError("an undo names in undoes what it undoes, and nothing else does")
    return act


def _status(fields: Mapping[str, object], kind: str) -> Status | None:
    if kind == "undo" and fields.get("status") is None:
        return None
    found = one_of(fields, "status", ("labeled", "skipped", "cleared"))
    return cast("Status", found)


def _suggestion(given: object) -> dict[str, object] | None:
    """Return which suggestion the page showed, and whether the person rejected it."""
    if given is None:
        return None
    fields = mapping(given, "suggestion")
    known_keys(fields, {"table", "rejected"})
    return {"table": text(fields, "table", ULID, 26), "rejected": boolean(fields, "rejected")}


def _comment(fields: Mapping[str, object]) -> str | None:
    # A field's maxlength cuts an emoji in two; that is no reason to lose a label.
    value = fields.get("comment")
    return optional_text({"comment": whole(value) if isinstance(value, str) else value}, "comment", None, MAX_COMMENT)
