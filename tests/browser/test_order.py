"""What the page says of a ranker: when it ordered the items, and that it could not."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import open_mock, press, shown, waiting
from tests.browser.pages import Visitor

AT = "2026-11-24T14:03:00.000Z"
DONE = {"text": "newly ordered by margin at {at}, in 0.8 s", "at": AT, "failed": False}
FAILED = {
    "text": "The items could not be ordered by margin: <b>no</b>. The order of {at} stays.",
    "at": AT,
    "failed": True,
}


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return open_mock(visitor, n=20)


def say(page: Page, order: dict[str, Any]) -> None:
    """Let the kernel say what has become of the order."""
    page.evaluate("order => window.mock.say({ ...window.mock.opened(), order })", order)


def written(page: Page, order: dict[str, Any]) -> str:
    """Return what is said, with the time as this browser writes it."""
    time = page.evaluate("at => new Date(at).toLocaleTimeString()", AT)
    return str(order["text"].replace("{at}", time))


def test_a_new_order_is_said_and_moves_nothing_on_the_screen(page: Page) -> None:
    before = page.locator(".nbt-labeler").bounding_box()
    say(page, DONE)
    expect(page.locator(".nbt-note-text")).to_have_text(written(page, DONE))
    assert shown(page) == 0
    assert page.locator(".nbt-labeler").bounding_box() == before
    press(page, "1", "2")
    waiting(page, 0)
    assert shown(page) == 2, "what the page holds already is shown as before"


def test_an_order_that_failed_is_a_warning_until_one_does_not(page: Page) -> None:
    note = page.locator(".nbt-note-text")
    say(page, FAILED)
    expect(note).to_have_text(written(page, FAILED))
    expect(note).to_have_class("nbt-note-text nbt-grave")
    press(page, "1")
    waiting(page, 0)
    expect(note).to_have_text(written(page, FAILED))
    say(page, DONE)
    expect(note).to_have_text(written(page, DONE))
    expect(note).to_have_class("nbt-note-text")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    say(page, FAILED)
    expect(page.locator(".nbt-grave")).to_be_visible()
    found = Axe().run(page, context=".nbt-labeler")
    assert found.violations_count == 0, found.generate_report()
