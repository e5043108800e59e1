"""Messages as a page makes them, and the same with something wrong in them."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

ULID = "01JBQ0000000000000000000AB"
ITEMS = [f"{number:032x}" for number in range(4)]

# Few enough that acts meet again: sent twice, superseded, undone.
_few = st.integers(0, 9).map(lambda number: f"01JBQ{number:021}")
_ulids = _few | st.integers(0, 2**80 - 1).map(lambda number: "01JBQ" + _base32(number)[:21].rjust(21, "0"))
_items = st.sampled_from(ITEMS)
_times = st.none() | st.just("2026-11-03T10:00:00.123Z")
_durations = st.none() | st.integers(0, 10**9) | st.floats(0, 1e9)
_options = st.sampled_from(["jay", "rook", "magpie"])
_names = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("C", "Z")), min_size=1)


def _base32(number: int) -> str:
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    found = ""
    while number:
        number, rest = divmod(number, 32)
        found = digits[rest] + found
    return found or "0"


_ASIDE = st.fixed_dictionaries(
    {
        "act": _ulids,
        "item": _items,
        "kind": st.just("label"),
        "schema": st.just(1),
        "flagged": st.booleans(),
        "unsure": st.booleans(),
        "comment": st.none() | st.text(max_size=40),
        "supersedes": st.none() | _ulids,
        "undoes": st.none(),
        "shown_at": _times,
        "sent_at": _times,
        "visible_ms": _durations,
        "active_ms": _durations,
        "suggestion": st.none() | st.fixed_dictionaries({"table": _ulids, "rejected": st.booleans()}),
    }
)
_SAID = _options.map(lambda option: {"status": "labeled", "value": option}) | st.sampled_from(
    [{"status": "skipped", "value": None}, {"status": "cleared", "value": None}]
)
_LABEL = st.tuples(_ASIDE, _SAID).map(lambda drawn: {**drawn[0], **drawn[1]})
_UNDO = st.tuples(_LABEL, _ulids).map(lambda drawn: {**drawn[0], "kind": "undo", "undoes": drawn[1]})
ACT = _LABEL | _UNDO
_requests = st.integers(0, 2**31)
_cursors = st.none() | st.tuples(st.integers(0, 1), st.integers(0, 10)).map(list)

_ACTS = st.fixed_dictionaries({"v": st.just(1), "type": st.just("acts"), "acts": st.lists(ACT, min_size=1, max_size=4)})
# Acts are what can do harm, so they come most often.
MESSAGES = st.one_of(
    _ACTS,
    _ACTS,
    _ACTS,
    st.fixed_dictionaries({"v": st.just(1), "type": st.just("open"), "client": _ulids}),
    st.fixed_dictionaries({"v": st.just(1), "type": st.just("introduce"), "name": _names}),
    st.fixed_dictionaries(
        {
            "v": st.just(1),
            "type": st.just("fetch"),
            "request": _requests,
            "cursor": _cursors,
            "count": st.integers(1, 200),
            "bytes": st.integers(0, 10**8),
        }
    ),
    st.fixed_dictionaries({"v": st.just(1), "type": st.just("item"), "request": _requests, "id": _items}),
    st.fixed_dictionaries(
        {"v": st.just(1), "type": st.just("item"), "request": _requests, "position": st.integers(0, 10)}
    ),
    st.fixed_dictionaries(
        {
            "v": st.just(1),
            "type": st.just("bytes"),
            "request": _requests,
            "item": _items,
            "start": st.integers(0, 100),
            "full": st.booleans(),
        }
    ),
    st.fixed_dictionaries({"v": st.just(1), "type": st.just("peaks"), "request": _requests, "item": _items}),
    st.fixed_dictionaries({"v": st.just(1), "type": st.just("module"), "request": _requests, "name": st.just("html")}),
    st.fixed_dictionaries(
        {"v": st.just(1), "type": st.just("picture"), "request": _requests, "path": st.just("metadata/jay.png")}
    ),
    st.fixed_dictionaries(
        {
            "v": st.just(1),
            "type": st.just("grid"),
            "request": _requests,
            "start": st.integers(0, 100),
            "count": st.integers(1, 200),
            "unlabeled": st.booleans(),
            "fresh": st.booleans(),
        }
    ),
    st.fixed_dictionaries({"v": st.just(1), "type": st.just("ping")}),
)

_JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just("x" * 20_000),
    st.just("\ud83d"),
    st.just("<img src=x onerror=alert(1)>"),
    st.just("../../.ssh/id_rsa"),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deep for key, one in inner for deep in _places(one, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn, valid: st.SearchStrategy[dict[str, Any]]) -> Any:
    """Draw a valid message and put one to three wrong things into it."""
    message: Any = copy.deepcopy(draw(valid))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_places(message)))
        if not path:
            return draw(_JUNK)
        parent = message
        for key in path[:-1]:
            parent = parent[key]
        if draw(st.booleans()) and isinstance(parent, dict):
            del parent[path[-1]]
            parent[draw(st.text(max_size=12))] = draw(_JUNK)
        else:
            parent[path[-1]] = draw(_JUNK)
    return message
