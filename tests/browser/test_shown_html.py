"""What a function of the user displays, in the page: shown, and made harmless."""

from __future__ import annotations

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.mocked import Open, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import Visitor


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query; its visitor fails if anything asks for another machine."""
    return partial(open_mock, visitor)


def test_a_table_is_a_table_and_sound_plays(mock: Open) -> None:
    page = mock(kind="html", n=4)
    expect(page.locator(".nbt-item td")).to_have_text("north")
    assert not [found for found in Axe().run(page).response["violations"] if found["impact"] in ("serious", "critical")]
    press(page, "1")
    shows(page, 1)
    player = page.locator(".nbt-item audio")
    expect(player).to_be_visible()
    # Made ahead, it must not sound before its turn.
    assert player.evaluate("(element) => [element.paused, element.autoplay]") == [True, False]
    page.keyboard.press("p")
    page.wait_for_function("() => !document.querySelector('.nbt-html').shadowRoot.querySelector('audio').paused")
    press(page, "2")
    waiting(page, 0)
    assert [act["value"] for act in saved(page)] == ["jay", "rook"]


def test_nothing_of_html_runs_loads_or_leaves_its_place(mock: Open) -> None:
    page = mock(kind="html", n=4)
    press(page, "1", "1")
    shows(page, 2)
    item = page.locator(".nbt-item")
    expect(item.locator("#bold")).to_have_text("bold")
    expect(item.get_by_text("styled")).to_be_visible()
    expect(item.get_by_alt_text("dot")).to_have_attribute(
        "src", "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    )
    expect(page.locator(".nbt-option").first).to_be_visible()
    for gone in (
        "script",
        "iframe",
        "object",
        "link",
        "base",
        "meta",
        "form",
        "input",
        "button",
        "[onerror]",
        "[onclick]",
        "[srcset]",
    ):
        assert item.locator(f".nbt-html {gone}").count() == 0, gone
    markup = page.evaluate(
        "() => document.querySelector('.nbt-html').shadowRoot.querySelector('div').getRootNode().innerHTML"
    )
    assert "tracker" not in markup
    assert "javascript:" not in markup
    assert item.locator("a", has_text="out").get_attribute("rel") == "noopener noreferrer"
    assert page.evaluate("() => window.pwned") is None
    # What is laid over everything stays within the item.
    over = item.get_by_text("over it all").bounding_box()
    frame = item.bounding_box()
    assert over is not None
    assert frame is not None
    assert over["height"] <= frame["height"]
    press(page, "2")
    waiting(page, 0)


def test_what_only_a_script_would_draw_is_said_and_skipped(mock: Open) -> None:
    page = mock(kind="html", n=4, noskip=1)
    expect(page.locator(".nbt-skip")).to_be_hidden()
    press(page, "Space")
    expect(page.locator(".nbt-status")).to_have_text("nothing is skipped here")
    for number in range(3):
        press(page, "1")
        shows(page, number + 1)
    expect(page.locator(".nbt-item")).to_contain_text("scripts, which do not run here")
    press(page, "1")
    assert shown(page) == 3
    page.locator(".nbt-skip").click()
    waiting(page, 0)
    assert [act["status"] for act in saved(page)] == ["labeled"] * 3 + ["skipped"]


def test_several_things_stand_below_each_other(mock: Open) -> None:
    page = mock(kind="parts", n=3, unsaved=1)
    parts = page.locator(".nbt-part")
    expect(parts).to_have_count(3)
    expect(parts.first).to_contain_text("<img src=x")
    expect(parts.last).to_have_text("bold 0")
    heights = parts.evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().height)")
    assert min(heights) > 15
    assert heights[1] > 100
    press(page, "1")
    waiting(page, 0)
    expect(page.locator(".nbt-status")).to_have_text("in memory only")
    presented(page)
    assert shown(page) == 1
