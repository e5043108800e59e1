"""Sound and video on the cards of a VersionBrowser, on a mock kernel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.mocked import asked, open_versions
from tests.browser.pages import Visitor, picture_all

Open = Callable[..., Page]


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(kind="audio", n=20)``."""
    return partial(open_versions, visitor)


def played(page: Page, position: int) -> Locator:
    """Return what stands on a card in the place of a picture."""
    return page.locator(f'.nbt-card[data-position="{position}"] .nbt-thumb')


def test_sound_on_a_card_is_fetched_when_it_is_played_and_one_plays_at_a_time(mock: Open) -> None:
    page = mock(kind="audio-long", n=60)
    first, second = played(page, 0), played(page, 1)
    expect(first.get_by_role("button", name="play IMG_2000.png")).to_be_visible()
    assert (asked(page, "item"), asked(page, "bytes")) == (0, 0)
    first.get_by_role("button").click()
    expect(first).to_have_attribute("data-play", "playing")
    expect(first).to_contain_text("/ 20:00")
    assert (asked(page, "item"), asked(page, "bytes")) == (1, 1)
    expect(page.locator(".nbt-detail")).to_be_hidden()
    results = Axe().run(page, context=".nbt-versions")
    assert results.violations_count == 0, results.generate_report()
    picture_all(page, "card-player")
    second.get_by_role("button").click()
    expect(second).to_have_attribute("data-play", "playing")
    expect(first.get_by_role("button", name="play IMG_2000.png")).to_be_visible()
    second.get_by_role("button", name="pause IMG_2001.png").click()
    expect(second).to_have_attribute("data-play", "paused")
    second.get_by_role("button", name="play IMG_2001.png").click()
    expect(second).to_have_attribute("data-play", "playing")
    assert asked(page, "item") == 2, "what is paused goes on and is not fetched again"


def test_a_card_is_played_by_keyboard_and_silent_once_something_else_is_looked_at(mock: Open) -> None:
    page = mock(kind="audio-long", n=600)
    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("p")
    card = played(page, 1)
    expect(card).to_have_attribute("data-play", "playing")
    page.keyboard.press("p")
    expect(card).to_have_attribute("data-play", "paused")
    page.keyboard.press("p")
    expect(card).to_have_attribute("data-play", "playing")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-detail audio")).to_be_visible()
    assert card.get_attribute("data-play") is None, "an item that is large is heard alone"
    page.keyboard.press("p")
    page.wait_for_function("() => !document.querySelector('.nbt-detail audio').paused")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(card).to_have_attribute("data-play", "playing")
    held = card.element_handle()
    page.keyboard.press("End")
    page.wait_for_function("(one) => !one.isConnected && one.dataset.play === undefined", arg=held)
    expect(played(page, 599).get_by_role("button")).to_be_visible()
    page.keyboard.press("p")
    expect(played(page, 599)).to_have_attribute("data-play", "playing")
    page.keyboard.press("v")
    expect(page.locator(".nbt-tr").first).to_be_visible()
    expect(page.locator("[data-play]")).to_have_count(0)


def test_what_is_silent_again_is_held_in_no_memory(mock: Open) -> None:
    page = mock(kind="audio-long", n=30)
    page.evaluate(
        """() => {
          window.held = new Set();
          const [make, drop] = [URL.createObjectURL, URL.revokeObjectURL];
          URL.createObjectURL = (blob) => { const url = make.call(URL, blob); held.add(url); return url; };
          URL.revokeObjectURL = (url) => { held.delete(url); drop.call(URL, url); };
        }"""
    )
    for position in (0, 1):
        played(page, position).get_by_role("button").click()
        expect(played(page, position)).to_have_attribute("data-play", "playing")
        assert page.evaluate("held.size") == 1
    page.keyboard.press("v")
    expect(page.locator(".nbt-tr").first).to_be_visible()
    assert page.evaluate("held.size") == 0


def test_video_plays_on_its_card(mock: Open) -> None:
    page = mock(kind="video", n=30)
    card = played(page, 0)
    card.get_by_role("button", name="play IMG_2000.png").click()
    expect(card.locator("video")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.nbt-card video').currentTime > 0")
    picture_all(page, "card-video")
    expect(card).to_have_attribute("data-play", "paused")
    played(page, 1).get_by_role("button").click()
    expect(played(page, 1).locator("video")).to_be_visible()
    expect(page.locator(".nbt-card video")).to_have_count(1)


def test_a_card_says_why_it_is_not_played(mock: Open) -> None:
    page = mock(kind="audio-huge", n=30)
    played(page, 0).get_by_role("button").click()
    expect(played(page, 0)).to_contain_text("over 64 MB of sound")
    expect(page.locator(".nbt-note")).to_contain_text("cannot be played: over 64 MB")
    assert asked(page, "bytes") == 0
    page.get_by_role("grid").press("Enter")
    expect(page.locator(".nbt-detail .nbt-failure")).to_contain_text("over 64 MB of sound")
    expect(page.locator(".nbt-detail .nbt-failure")).not_to_contain_text("labeled")
