"""`nbtools.annotate`, held against pigeon-jupyter itself, and what it does beyond that."""

from __future__ import annotations

import inspect
import random
from collections import UserString
from pathlib import Path
from typing import Any

import numpy as np
import pigeon
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.display import display

import nbtools
from nbtools.widgets import annotating
from tests.widgets.clicking import SKIP, Ours, Pigeon, both

TEXTS = ["a", "b", "c", "d"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_call_is_pigeons() -> None:
    theirs = inspect.signature(pigeon.annotate).parameters
    ours = inspect.signature(nbtools.annotate).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    assert [ours[name].default for name in theirs] == [theirs[name].default for name in theirs]
    assert all(one.kind is one.KEYWORD_ONLY and one.default is None for one in list(ours.values())[len(theirs) :])


@pytest.mark.parametrize("count", [1, 2, 5, 6, 12])
def test_the_same_clicks_leave_the_same_list(count: int) -> None:
    options = [f"option {number}" for number in range(count)]
    theirs, ours = both(TEXTS, options)
    assert ours.pairs == theirs.pairs == []
    assert ours.words == theirs.words
    lists = theirs.pairs, ours.pairs
    for answer in (options[-1], SKIP, options[0], options[count // 2]):
        assert theirs.finished is ours.finished is False
        theirs.click(answer)
        ours.click(answer)
        assert ours.pairs == theirs.pairs
    assert theirs.finished is ours.finished is True
    # The list that was returned at first is the one that grew.
    assert (theirs.pairs is lists[0], ours.pairs is lists[1]) == (True, True)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers() | st.text(max_size=3) | st.tuples(st.booleans()), max_size=5),
    st.lists(st.sampled_from(["x", "y", SKIP]), min_size=5, max_size=5),
    st.integers(0, 9) | st.none(),
)
def test_any_clicks_on_any_examples(examples: list[Any], clicks: list[Any], seed: int | None) -> None:
    for file in Path.cwd().glob(".nbtools/*"):
        file.unlink()
    random.seed(seed)
    theirs = Pigeon(examples, ["x", "y"], shuffle=seed is not None, display_fn=lambda _: None)
    random.seed(seed)
    ours = Ours(examples, ["x", "y"], shuffle=seed is not None)
    for answer in clicks[: len(examples)]:
        theirs.click(answer)
        ours.click(answer)
    assert ours.pairs == theirs.pairs
    assert theirs.finished is ours.finished is True


@pytest.mark.parametrize("typed", [["a jay", " two\nlines ", ""], ["e\u0301", SKIP, "🐦"]])
def test_the_same_texts_leave_the_same_list(typed: list[Any]) -> None:
    theirs, ours = both(TEXTS)
    assert ours.opened["task"]["kind"] == "text"
    for answer in typed:
        theirs.click(answer)
        ours.click(answer)
    assert ours.pairs == theirs.pairs
    assert Ours(TEXTS).pairs == theirs.pairs


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((1, 10), [1, 7, 10]),
        ((0, 1.0), [1, 0, SKIP]),
        ((0.0, 1.0), [0.5, 1.0, 0.0]),
        ((0, 10, 5), [5, SKIP, 10]),
        ((0.0, 1.0, 0.25), [0.75, 0.25, 1.0]),
    ],
)
def test_the_same_numbers_leave_the_same_list(options: tuple[Any, ...], said: list[Any]) -> None:
    theirs, ours = both(TEXTS, options)
    for answer in said:
        theirs.click(answer)
        ours.click(answer)
    assert ours.pairs == theirs.pairs
    assert [type(label) for _, label in ours.pairs] == [type(label) for _, label in theirs.pairs]


@pytest.mark.parametrize("options", [[3, 4, 5, 6, 7, 8], [None, 1.5, ("t",), b"b", "s", True]])
def test_the_option_itself_is_recorded(options: list[Any]) -> None:
    # Of a Dropdown: pigeon's buttons take text only.
    theirs, ours = both(TEXTS, options)
    assert ours.words == theirs.words
    for answer in options[:4]:
        theirs.click(answer)
        ours.click(answer)
    assert ours.pairs == theirs.pairs
    assert [type(label) for _, label in ours.pairs] == [type(label) for _, label in theirs.pairs]


def test_few_options_that_are_no_text_work_too() -> None:
    with pytest.raises(Exception, match="description"):
        Pigeon(TEXTS, [0, 1], display_fn=lambda _: None)
    ours = Ours(TEXTS, [0, 1])
    ours.click(1)
    assert ours.pairs == [("a", 1)]


@pytest.mark.parametrize("include_skip", [True, False])
def test_skipping_is_as_it_was_asked_for(include_skip: bool) -> None:
    theirs, ours = both(TEXTS, ["x"], include_skip=include_skip)
    assert theirs.can_skip is ours.can_skip is include_skip


def test_examples_are_any_iterable_and_are_copied() -> None:
    mine = ["a", "b"]
    theirs, ours = both(iter(mine), ["x"])[0], Ours(mine, ["x"])
    mine.clear()
    for one in (theirs, ours):
        one.click("x")
        one.click("x")
    assert ours.pairs == theirs.pairs == [("a", "x"), ("b", "x")]


def test_nothing_to_label_is_an_empty_list() -> None:
    theirs, ours = both([], ["x"])
    assert ours.pairs == theirs.pairs == []
    assert theirs.finished is ours.finished is True


@pytest.mark.parametrize("options", [(1,), (1, 2, 3, 4), "ab", {"a"}, range(3), 7])
def test_what_pigeon_refuses_is_a_value_error_before_anything_is_shown(
    options: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(annotating, "display", shown.append)
    with pytest.raises(Exception, match="Invalid options"):
        Pigeon(TEXTS, options)
    with pytest.raises(ValueError, match="give a list of options"):
        nbtools.annotate(TEXTS, options)
    assert (shown, capsys.readouterr().out, list(Path.cwd().iterdir())) == ([], "", [])


def test_what_was_said_can_be_corrected_and_taken_back() -> None:
    ours = Ours(TEXTS, ["x", "y"])
    pairs = ours.pairs
    for answer in ("x", SKIP, "y"):
        ours.click(answer)
    first = ours.sent[0]["item"]
    ours.say(first, "y")
    assert pairs == [("a", "y"), ("c", "y")]
    ours.undo()
    assert pairs == [("a", "x"), ("c", "y")]
    ours.say(first, None, "skipped")
    assert pairs == [("c", "y")]
    assert ours.pairs is pairs


def test_called_again_it_goes_on() -> None:
    first = Ours(TEXTS, ["x", "y"])
    first.click("x")
    first.click(SKIP)
    again = Ours(TEXTS, ["x", "y"])
    assert again.pairs == [("a", "x")]
    assert [item["name"] for item in again.fetch() if not item["again"]] == ["c", "d"]
    again.click("y")
    # The widget before it is still there, and hears of it when its page next speaks.
    first.browser.ask("ping")
    assert first.pairs == again.pairs == [("a", "x"), ("c", "y")]


def test_several_options_at_once() -> None:
    ours = Ours(TEXTS, [1, 2, 3], kind="choices")
    ours.say(ours.current or "", ["3", "1"])
    ours.say(ours.current or "", [])
    assert ours.pairs == [("a", [1, 3]), ("b", [])]


class Sealed:
    """An object that no file can name."""

    ring = 7


def test_what_cannot_be_saved_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    sealed = Sealed()
    ours = Ours([sealed], ["x"])
    assert "not saved" in capsys.readouterr().out
    assert ours.opened["saves"] is False
    ours.click("x")
    assert ours.pairs[0][0] is sealed
    kept = Ours([sealed], ["x"], save="labels.jsonl", key=lambda one: one.ring)
    assert (capsys.readouterr().out, kept.opened["saves"]) == ("", True)
    kept.click("x")
    assert Ours([Sealed()], ["x"], save="labels.jsonl", key=lambda one: one.ring).pairs[0][1] == "x"


def test_what_is_shown_is_what_display_fn_shows() -> None:
    called: list[Any] = []

    def show(example: Any) -> None:
        called.append(example)
        if example == "b":
            raise OSError("no such slice")
        print(f"<b>{example}</b>")

    ours = Ours(TEXTS, ["x"], display_fn=show)
    contents = [item["content"] for item in ours.fetch()]
    assert contents[0] == {"text": "<b>a</b>\n"}
    assert contents[1] == {"error": "display_fn failed: OSError: 'no such slice'"}
    assert called == TEXTS
    # Made once, and some ahead: nobody waits for it at a press.
    ours.click("x")
    assert called.count("c") == 1


def test_a_text_is_shown_as_it_reads() -> None:
    ours = Ours(["two\nlines", UserString("odd"), 7, Path("a.txt")], ["x"], display_fn=display)
    shown = [item["content"]["text"] for item in ours.fetch()]
    assert shown[0] == "two\nlines"
    # Where no IPython runs, `display` prints.
    assert shown[1:] == ["odd\n", "7\n", "a.txt\n"]


def test_an_array_that_is_returned_is_a_picture() -> None:
    ours = Ours([1, 2], ["x"], display_fn=lambda one: np.full((4, 5), one, "uint8"))
    item = ours.fetch()[0]
    assert item["content"]["array"]["shape"] == [4, 5]
    assert item["bytes"] > 20


def test_the_cell_says_what_it_was() -> None:
    ours = Ours(TEXTS, ["x"])
    ours.click("x")
    assert repr(ours.widget) == "annotate · 1 of 4"
    answer = ours.browser.ask("bytes", request=3, item="f" * 32, start=0, full=True)
    assert (answer["type"], "no item of this selection" in answer["why"]) == ("error", True)
