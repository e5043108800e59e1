"""What the page says of a ranker: when it ordered the items, and that it could not."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import open_mock, press, shown, waiting
from tests.browser.pages import Visitor

AT = "2026-11-24T14:03:00.000Z"
ORDER = {"name": "margin", "round": 2, "at": AT, "seconds": 0.84, "failed": None}


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return open_mock(visitor, n=20)


def say(page: Page, **more: Any) -> None:
    """Let the kernel say what has become of the order."""
    page.evaluate("order => window.mock.say({ type: 'order', order })", {**ORDER, **more})


def clock(page: Page) -> str:
    """Return the time of the order as this browser writes it."""
    options = "{ hour: '2-digit', minute: '2-digit' }"
    return str(page.evaluate(f"at => new Date(at).toLocaleTimeString([], {options})", AT))


def test_a_new_order_is_said_and_moves_nothing_on_the_screen(page: Page) -> None:
    note = page.locator(".nbt-note-text")
    before = page.locator(".nbt-labeler").bounding_box()
    say(page)
    expect(note).to_have_text(f"newly ordered by margin at {clock(page)}, in 0.8 s")
    assert shown(page) == 0
    assert page.locator(".nbt-labeler").bounding_box() == before
    press(page, "1", "2")
    waiting(page, 0)
    assert shown(page) == 2, "what the page holds already is shown as before"


def test_an_order_that_failed_is_a_warning_until_one_does_not(page: Page) -> None:
    note = page.locator(".nbt-note-text")
    say(page, failed="it took longer than 60 s")
    expect(note).to_have_text(
        f"The items could not be ordered by margin: it took longer than 60 s. The order of {clock(page)} stays."
    )
    expect(note).to_have_class("nbt-note-text nbt-grave")
    press(page, "1")
    waiting(page, 0)
    expect(note).to_contain_text("could not be ordered")
    say(page, failed="<b>ValueError</b>", at=None, round=0)
    expect(note).to_have_text(
        "The items could not be ordered by margin: <b>ValueError</b>. They come in the order of the dataset."
    )
    say(page)
    expect(note).to_have_class("nbt-note-text")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    say(page, failed="it took longer than 60 s")
    expect(page.locator(".nbt-grave")).to_be_visible()
    found = Axe().run(page, context=".nbt-labeler")
    assert found.violations_count == 0, found.generate_report()
