"""The editor of `text` on a mock kernel: written, taken back, corrected, reviewed; by keys, mouse and touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import Open, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import Visitor

SETTINGS = {"start": None, "lines": 3, "longest": 40, "empty": False, "placeholder": None}


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of kind `text`, some of its settings given: ``mock(n=20, lines=1)``."""

    def opened(*, given: dict[str, str] | None = None, **more: Any) -> Page:
        settings = {name: more.pop(name) for name in SETTINGS if name in more}
        query = {"task": "text", "options": "", "title": "Caption", "given": json.dumps(given or {}), "n": 5, **more}
        page = open_mock(visitor, focus=False, settings=json.dumps({**SETTINGS, **settings}), **query)
        expect(page.locator(".nbt-field")).to_be_focused()
        return page

    return opened


def field(page: Page) -> str:
    return page.locator(".nbt-field").input_value()


def values(page: Page) -> list[object]:
    waiting(page, 0)
    return [act["value"] for act in saved(page)]


def test_the_field_waits_for_words_and_enter_sends_them(mock: Open) -> None:
    page = mock(n=4)
    expect(page.get_by_role("textbox", name="Caption")).to_be_focused()
    page.keyboard.type("1 jay, u f c?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("calls")
    press(page, "Enter")
    shows(page, 1)
    assert field(page) == "", "each item begins anew"
    # Words typed before the item was seen say nothing yet, so that a quick hand loses none.
    page.keyboard.type("a rook")
    press(page, "Enter")
    assert values(page) == ["1 jay, u f c?\ncalls", "a rook"]


def test_one_line_stays_one_line(mock: Open) -> None:
    page = mock(lines=1)
    page.keyboard.type("a jay")
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text(" and\na rook")
    assert field(page) == "a jay and a rook"


def test_nothing_and_too_much_are_not_sent(mock: Open) -> None:
    page = mock(longest=5)
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("write something, or skip")
    page.keyboard.type("a jay calls")
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("6 characters too long")
    assert (shown(page), values(page)) == (0, [])


def test_no_text_is_an_answer_where_it_may_be(mock: Open) -> None:
    page = mock(empty=True)
    page.get_by_role("button", name="No text").click()
    presented(page)
    press(page, "Escape", "x")
    assert values(page) == ["", ""]


def test_escape_gives_the_keys_back_and_a_key_goes_into_the_field(mock: Open) -> None:
    page = mock()
    press(page, "Escape", "Space", "f", "e")
    expect(page.locator(".nbt-field")).to_be_focused()
    page.keyboard.type("a jay")
    press(page, "Enter")
    waiting(page, 0)
    assert [(act["status"], act["value"], act["flagged"]) for act in saved(page)] == [
        ("skipped", None, False),
        ("labeled", "a jay", True),
    ]


def test_tab_leads_out_of_the_field_both_ways(mock: Open) -> None:
    page = mock()
    for _ in range(3):
        press(page, "Shift+Tab")
    assert page.evaluate("() => document.activeElement.closest('.nbt-labeler') === null")
    press(page, "Tab")
    expect(page.locator(".nbt-field")).to_be_focused()
    press(page, "Tab")
    expect(page.locator(".nbt-submit")).to_be_focused()


def test_undo_takes_words_back_and_then_the_last_answer_which_stands_again(mock: Open) -> None:
    page = mock()
    page.keyboard.type("a jay calls")
    press(page, "Control+z")
    assert field(page) == "a jay"
    press(page, "Control+Shift+Z")
    assert field(page) == "a jay calls"
    press(page, "Enter", "Control+z")
    shows(page, 0)
    assert field(page) == "a jay calls"
    press(page, "Control+z", "Enter")
    assert values(page)[-1] == "a jay"


def test_the_correction_of_a_text_starts_from_it(mock: Open) -> None:
    page = mock(start="attribute:asr", given={"asr": "a yay"})
    assert field(page) == "a yay"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("a jay")
    press(page, "Enter", "Enter")
    assert values(page) == ["a jay", "a yay"]
    own = mock(start="item", kind="text", longest=200)
    assert field(own).startswith("0. The jay is a shy bird")


def test_review_shows_what_was_written_and_enter_confirms(mock: Open) -> None:
    page = mock(n=2)
    for words in ("a jay", "a rook"):
        presented(page)
        page.keyboard.type(words)
        press(page, "Enter")
    waiting(page, 0)
    page = mock(n=2, mode="review", like=page)
    assert field(page) == "a jay"
    press(page, "Enter")
    shows(page, 1)
    presented(page)
    page.keyboard.type("!")
    press(page, "Enter")
    expect(page.get_by_text("All reviewed")).to_be_visible()
    assert values(page)[2:] == ["a jay", "a rook!"]
    assert saved(page)[2]["supersedes"] == saved(page)[0]["act"]


def test_by_mouse_and_by_touch(mock: Open) -> None:
    for phone in (False, True):
        page = mock(phone=phone)
        touch = "tap" if phone else "click"
        getattr(page.locator(".nbt-field"), touch)()
        page.keyboard.type("a jay")
        presented(page)
        getattr(page.get_by_role("button", name="Submit"), touch)()
        shows(page, 1)
        expect(page.locator(".nbt-field")).to_be_focused()
        assert values(page) == ["a jay"]


def test_a_click_on_the_item_leaves_the_keys_with_the_field(mock: Open) -> None:
    page = mock()
    page.keyboard.type("one")
    presented(page)
    page.keyboard.press("Enter")
    shows(page, 1)
    page.locator(".nbt-item").click()
    page.keyboard.type("unlucky")
    assert field(page) == "unlucky"
    assert values(page) == ["one"], "U was a letter"
    press(page, "Escape")
    page.locator(".nbt-item").click()
    expect(page.locator(".nbt-field")).not_to_be_focused()


def test_a_touch_of_the_item_puts_the_keyboard_of_the_screen_away(mock: Open) -> None:
    page = mock(phone=True)
    page.locator(".nbt-field").tap()
    page.locator(".nbt-item").tap()
    expect(page.locator(".nbt-field")).not_to_be_focused()


def test_axe_finds_nothing(mock: Open) -> None:
    page = mock(empty=True)
    page.keyboard.type("a jay")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-labeler").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
