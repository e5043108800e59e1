import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.dataset.browsing import Look
from nbtools.errors import MessageError
from nbtools.widgets import browsermessages as messages
from nbtools.widgets import greetings
from nbtools.widgets.envelope import parse

JOB = "0" * 32
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["of", "part", "cell", "filters"]), inner)
    ),
    max_leaves=8,
)
LOOK: dict[str, Any] = {"of": "v2", "against": "v1", "part": "relabeled", "task": "species", "cell": ["jay", None],
                        "find": "x", "filters": [["site", None]], "sort": "bytes", "descending": True}  # fmt: skip

GOOD: list[tuple[dict[str, Any], object]] = [
    ({"type": "open", "client": "01JBQ000000000000000000001"}, greetings.Open("01JBQ000000000000000000001")),
    ({"type": "ping"}, greetings.Ping()),
    ({"type": "timeline", "request": 1, "mark": "0a"}, messages.GetTimeline(1, "0a")),
    ({"type": "view", "request": 1, "look": {"of": "v1"}}, messages.GetView(1, Look("v1"), facets=False)),
    (
        {"type": "rows", "request": 1, "look": LOOK, "start": 5, "count": 9, "cards": True},
        messages.GetRows(
            1,
            Look("v2", "v1", "relabeled", "species", ("jay", None), "x", (("site", None),), "bytes", descending=True),
            5,
            9,
            cards=True,
        ),
    ),
    ({"type": "item", "request": 1, "look": {"of": "v1.2"}, "position": 3}, messages.GetItem(1, Look("v1.2"), 3)),
    ({"type": "changes", "request": 1, "of": "v2", "against": "v1"}, messages.GetChanges(1, "v2", "v1")),
    ({"type": "bytes", "request": 1, "item": JOB, "start": 0, "full": True}, messages.GetBytes(1, JOB, 0, full=True)),
    (
        {"type": "start", "request": 1, "job": JOB, "do": "freeze", "message": "m", "truth": "latest"},
        messages.Start(1, JOB, "freeze", None, "m", None, "latest", "full", "", "source", None),
    ),
    (
        {"type": "start", "request": 1, "job": JOB, "do": "preview", "tasks": ["a", "b"], "where": "width > 3"},
        messages.Start(
            1, JOB, "preview", None, "", None, None, "full", "", "source", None, tasks=("a", "b"), where="width > 3"
        ),
    ),
    ({"type": "job", "request": 1, "job": JOB, "cancel": True}, messages.GetJob(1, JOB, cancel=True)),
]


@pytest.mark.parametrize(("fields", "message"), GOOD)
def test_a_good_message_is_understood(fields: dict[str, Any], message: object) -> None:
    assert parse({"v": 1, **fields}, (), messages.PARSERS) == message


def test_every_message_is_tested() -> None:
    assert {fields["type"] for fields, _ in GOOD} == set(messages.PARSERS)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"of": "../v1"}, "of is not as expected"),
        ({"of": "v0"}, "of is not as expected"),
        ({"of": "v1", "against": 3}, "against is not as expected"),
        ({"of": "v1", "part": "_among"}, "part is one of"),
        ({"of": "v1", "cell": ["a"]}, "cell is a list of two"),
        ({"of": "v1", "filters": [[None, "a"]]}, "names a column"),
        ({"of": "v1", "filters": [["a", "b"]] * 21}, "at most 20"),
        ({"of": "v1", "find": "x" * 201}, "find is not as expected"),
        ({"of": "v1", "where": "1=1"}, "no field 'where'"),
    ],
)
def test_a_look_is_checked_field_by_field(change: dict[str, Any], why: str) -> None:
    with pytest.raises(MessageError, match=why):
        parse({"v": 1, "type": "view", "request": 1, "look": change}, (), messages.PARSERS)


@pytest.mark.parametrize(
    "change",
    [
        {"do": "delete"},
        {"do": "verify", "level": "deep"},
        {"do": "restore", "layout": "x"},
        {"do": "freeze", "truth": "x"},
        {"do": "freeze", "tasks": "species"},
        {"do": "freeze", "tasks": [3]},
        {"do": "freeze", "tasks": ["t"] * 201},
        {"do": "freeze", "where": 3},
        {"job": "x"},
    ],
)
def test_what_is_to_be_done_is_checked(change: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        parse({"v": 1, "type": "start", "request": 1, "job": JOB, "do": "freeze", **change}, (), messages.PARSERS)


@settings(max_examples=25, derandomize=True)
@given(
    st.sampled_from(sorted(messages.PARSERS)),
    st.dictionaries(st.sampled_from(["request", "look", "job", "do", "start"]), ANYTHING),
)
def test_whatever_comes_is_a_message_or_a_message_error(kind: str, fields: dict[str, Any]) -> None:
    with contextlib.suppress(MessageError):
        parse({"v": 1, "type": kind, **fields}, (), messages.PARSERS)
