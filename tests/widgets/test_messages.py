"""Each message of a browser is checked in every field."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings

from nbtools.errors import MessageError
from nbtools.widgets import messages
from nbtools.widgets.acts import Act, BadAct
from tests.widgets.strategies import ACT, MESSAGES, ULID, mutated

OTHER = ULID[:-1] + "C"
ITEM = "0123456789abcdef" * 2
LABEL = {
    "act": ULID,
    "item": ITEM,
    "kind": "label",
    "schema": 1,
    "status": "labeled",
    "value": "jay",
    "flagged": False,
    "unsure": True,
    "comment": "on the left",
    "supersedes": None,
    "undoes": None,
    "shown_at": "2026-11-03T10:00:00.123Z",
    "sent_at": None,
    "visible_ms": 812.4,
    "active_ms": 800,
    "suggestion": {"table": ULID, "rejected": True},
}


def _parse(**fields: object) -> messages.Message:
    return messages.parse({"v": 1, **fields})


def _one_act(**changes: object) -> Act | BadAct:
    parsed = _parse(type="acts", acts=[{**LABEL, **changes}])
    assert isinstance(parsed, messages.Acts)
    return parsed.acts[0]


def test_a_label_is_taken_as_it_is() -> None:
    act = _one_act()
    assert isinstance(act, Act)
    assert (act.item, act.value, act.unsure, act.visible_ms) == (ITEM, "jay", True, 812)
    assert act.suggestion == {"table": ULID, "rejected": True}


def test_a_fetch_never_asks_for_more_than_a_page() -> None:
    assert _parse(type="fetch", request=3, cursor=[0, 17], count=20, bytes=10**12) == messages.Fetch(
        3, (0, 17), 20, messages.MAX_PAGE
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "fetch", "request": True, "cursor": None, "count": 1, "bytes": 1},
        {"type": "fetch", "request": 1, "cursor": [0], "count": 1, "bytes": 1},
        {"type": "fetch", "request": 1, "cursor": [0, -1], "count": 1, "bytes": 1},
        {"type": "fetch", "request": 1, "cursor": [2, 0], "count": 1, "bytes": 1},
        {"type": "fetch", "request": 1, "cursor": None, "count": 201, "bytes": 1},
        {"type": "fetch", "request": 1, "cursor": None, "count": 1.0, "bytes": 1},
        {"type": "item", "request": 1},
        {"type": "item", "request": 1, "id": ITEM, "position": 4},
        {"type": "item", "request": 1, "id": "../../etc/passwd"},
        {"type": "bytes", "request": 1, "item": ITEM, "start": -1, "full": False},
        {"type": "bytes", "request": 1, "item": ITEM, "start": 0, "full": 1},
        {"type": "introduce", "name": ""},
        {"type": "introduce", "name": "anna\nben"},
        {"type": "introduce", "name": "a" * 201},
        {"type": "introduce", "name": "\ud83d"},
        {"type": "open", "client": "not a ulid"},
        {"type": "open", "client": ULID, "annotator": "ben"},
        {"type": "ping", "more": 1},
        {"type": "acts", "acts": []},
        {"type": "acts", "acts": [LABEL] * 65},
        {"type": "acts", "acts": {"0": LABEL}},
        {"type": "exec", "code": "1"},
        {"type": ["open"]},
        {},
    ],
)
def test_what_is_not_in_the_schema_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(MessageError) as caught:
        _parse(**fields)
    assert len(str(caught.value)) <= 160


@pytest.mark.parametrize(
    "changes",
    [
        {"annotator": "ben"},
        {"identity": "verified"},
        {"received_at": "2026-11-03T10:00:00Z"},
        {"act": "x"},
        {"item": ITEM.upper()},
        {"kind": "exclude"},
        {"schema": None},
        {"schema": True},
        {"status": None},
        {"status": "done"},
        {"value": float("nan")},
        {"value": [{"x": float("-inf")}]},
        {"value": {"x": 2**53}},
        {"value": {"x": {1: 2}}},
        {"flagged": 0},
        {"comment": "x" * 10_001},
        {"comment": 5},
        {"undoes": ULID},
        {"kind": "undo"},
        {"shown_at": "yesterday"},
        {"visible_ms": -1},
        {"visible_ms": float("nan")},
        {"active_ms": float("inf")},
        {"suggestion": "rook"},
        {"suggestion": {"table": "x", "rejected": False}},
        {"suggestion": {"table": ULID, "rejected": 1}},
        {"suggestion": {"table": ULID, "rejected": False, "outcome": "accepted"}},
        {"active_ms": True},
    ],
)
def test_a_bad_act_is_named_and_spoils_no_other(changes: dict[str, object]) -> None:
    parsed = _parse(type="acts", acts=[{**LABEL, **changes}, {**LABEL, "act": OTHER}])
    assert isinstance(parsed, messages.Acts)
    bad, good = parsed.acts
    assert isinstance(bad, BadAct)
    assert bad.act in (ULID, "x")
    assert len(bad.why) <= 160
    assert isinstance(good, Act)


def test_of_two_acts_of_one_name_in_a_message_the_first_counts() -> None:
    parsed = _parse(type="acts", acts=[LABEL, {**LABEL, "item": ITEM[::-1]}])
    assert isinstance(parsed, messages.Acts)
    assert [type(act) for act in parsed.acts] == [Act, BadAct]


def test_an_undo_needs_no_schema_and_no_status() -> None:
    act = _one_act(kind="undo", undoes=ULID, schema=None, status=None, value=None)
    assert isinstance(act, Act)
    assert act.undoes == ULID


def test_a_comment_cut_through_an_emoji_is_kept() -> None:
    act = _one_act(comment="nice \ud83d")
    assert isinstance(act, Act)
    assert act.comment == "nice ?"


def test_a_value_is_any_json_with_whole_characters() -> None:
    act = _one_act(value={"text": "nice \ud83d", "boxes": [[1, 2.5, None, True]]})
    assert isinstance(act, Act)
    assert act.value == {"text": "nice ?", "boxes": [[1, 2.5, None, True]]}


def test_another_version_of_the_page_is_told_to_reload() -> None:
    with pytest.raises(MessageError, match="reload"):
        messages.parse({"v": 2, "type": "ping"})


def test_too_large_and_too_deep_are_refused_before_anything_is_read() -> None:
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    for content in ("x" * 4_000_001, deep, [0] * 300_000, {"x" * 5_000_000: 1}):
        with pytest.raises(MessageError, match="too large"):
            messages.parse({"v": 1, "type": "ping", "more": content})


def test_buffers_are_refused() -> None:
    with pytest.raises(MessageError, match="buffers"):
        messages.parse({"v": 1, "type": "ping"}, [b"x"])


@settings(deadline=None)
@given(MESSAGES)
def test_each_valid_message_is_taken(message: dict[str, Any]) -> None:
    before = copy.deepcopy(message)
    parsed = messages.parse(message)
    assert message == before
    if isinstance(parsed, messages.Acts):
        names = [act["act"] for act in message["acts"]]
        repeated = [name in names[:place] for place, name in enumerate(names)]
        assert [isinstance(act, BadAct) for act in parsed.acts] == repeated


@settings(deadline=None)
@given(mutated(MESSAGES))
def test_whatever_comes_is_parsed_or_a_short_message_error(message: Any) -> None:
    parsed, why = _parsed_or_why(message)
    assert len(why.encode("utf-8")) <= 300
    for act in parsed.acts if isinstance(parsed, messages.Acts) else ():
        if isinstance(act, Act):
            json.dumps(act.value, allow_nan=False).encode("utf-8")


def _parsed_or_why(message: object) -> tuple[messages.Message | None, str]:
    try:
        return messages.parse(message), ""
    except MessageError as error:
        return None, str(error)


@settings(deadline=None, max_examples=30)
@given(ACT)
def test_the_strategy_makes_acts_as_the_page_does(act: dict[str, Any]) -> None:
    assert set(act) == set(LABEL)


def test_the_strategy_reaches_every_kind_of_message() -> None:
    seen: set[str] = set()

    @settings(deadline=None, database=None, derandomize=True)
    @given(MESSAGES)
    def collect(message: dict[str, Any]) -> None:
        seen.add(message["type"])

    collect()
    assert seen == messages.KINDS
