"""The VersionBrowser on a mock kernel: lists of any length, by keyboard, and nothing that is data becomes markup."""

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
    """Open the mock page with a query: ``mock(kind="text", n=20)``."""
    return partial(open_versions, visitor)


def root(page: Page) -> Locator:
    """Return the widget, focused."""
    found = page.locator(".nbt-versions")
    found.focus()
    return found


def test_a_million_rows_scroll_and_only_what_is_seen_is_asked_for(mock: Open) -> None:
    page = mock(n=1_000_000)
    root(page)
    page.keyboard.press("v")
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "1000001")
    expect(page.locator(".nbt-rows .nbt-tr").first).to_contain_text("IMG_2000.png")
    grid.focus()
    page.keyboard.press("End")
    expect(page.locator(".nbt-rows .nbt-tr").last).to_contain_text("IMG_1001999.png")
    expect(page.locator(".nbt-rows .nbt-tr").last).to_have_attribute("aria-rowindex", "1000001")
    assert page.locator(".nbt-tr").count() < 60
    assert asked(page, "rows") < 20
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[aria-selected="true"]')).to_contain_text("IMG_2001.png")
    page.evaluate("() => { const s = document.querySelector('.nbt-scroller'); s.scrollTop = s.scrollHeight / 2; }")
    expect(page.locator(".nbt-rows .nbt-tr").first).to_contain_text("IMG_50")
    page.mouse.move(300, 400)
    first = page.locator(".nbt-rows .nbt-tr").first.get_attribute("aria-rowindex")
    page.mouse.wheel(0, 64)
    expect(page.locator(".nbt-rows .nbt-tr").first).to_have_attribute("aria-rowindex", str(int(first or 0) + 2))


def test_everything_by_keyboard(mock: Open) -> None:
    page = mock(n=60)
    root(page)
    page.keyboard.press("/")
    page.keyboard.type("IMG_203")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-card")).to_have_count(10)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-detail-title")).to_have_text("IMG_2031.png")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".nbt-detail-title")).to_have_text("IMG_2032.png")
    expect(page.locator(".nbt-facts")).to_contain_text("rook · anna · import")
    page.keyboard.press("Escape")
    expect(page.locator(".nbt-detail")).to_be_hidden()
    expect(page.locator('[aria-selected="true"]')).to_contain_text("IMG_2032.png")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()


def test_versions_are_picked_and_compared_by_keyboard(mock: Open) -> None:
    page = mock()
    page.locator('[data-version="v3"]').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-version="v2.1"]')).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Enter")
    expect(page.locator('[data-version="v2"]')).to_have_attribute("data-role", "against")
    expect(page.get_by_role("heading", name="added 20")).to_be_visible()
    expect(page.get_by_role("heading", name="removed 3")).to_be_visible()
    expect(page.locator(".nbt-code")).to_have_text("nb.Dataset('birds').version('v3').diff('v2')")


def test_a_cell_of_the_grid_of_labels_narrows_the_list(mock: Open) -> None:
    page = mock()
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    page.locator('[data-tab="relabeled"]').click()
    both = "relabeled 28 · labeled 3"
    expect(page.get_by_role("heading", name=both)).to_be_visible()
    expect(page.locator('[data-tab="relabeled"]')).to_have_text(both)
    expect(page.get_by_role("grid")).to_have_attribute("aria-label", f"{both}, from v1 to v3")
    cell = page.get_by_role("button", name="jay became rook: 14 items")
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name="relabeled 7")).to_be_visible()
    page.get_by_role("button", name="show all again").click()
    expect(page.get_by_role("heading", name=both)).to_be_visible()


def test_bars_and_columns_narrow_and_sort(mock: Open) -> None:
    page = mock()
    page.get_by_role("button", name="species none: 21 items").click()
    expect(page.get_by_role("grid")).to_have_attribute("aria-label", "21 items of v3")
    expect(page.get_by_role("button", name="species none: 21 items")).to_be_focused()
    root(page)
    page.keyboard.press("v")
    page.locator('[data-sort="bytes"]').click()
    expect(page.get_by_role("columnheader", name="bytes")).to_have_attribute("aria-sort", "ascending")
    page.locator('[data-sort="bytes"]').click()
    expect(page.locator(".nbt-rows .nbt-tr").first).to_contain_text("IMG_2482.png")


@pytest.mark.parametrize(("labels", "upright"), [(3, False), (10, True), (26, True)])
def test_a_grid_of_labels_is_seen_whole_from_side_to_side(mock: Open, labels: int, upright: bool) -> None:
    page = mock(labels=labels)
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    page.locator('[data-tab="relabeled"]').click()
    grid = page.locator(".nbt-wide")
    expect(grid.locator("thead th")).to_have_count(labels)
    assert grid.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert (page.locator(".nbt-confusion[data-turned]").count() == 1) == upright
    expect(page.locator(".nbt-card").first).to_be_in_viewport()
    picture_all(page, f"labels-{labels}")


def test_a_label_that_was_not_there_before_has_no_row(mock: Open) -> None:
    page = mock()
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    page.locator('[data-tab="relabeled"]').click()
    rows, columns = page.locator(".nbt-confusion tbody th"), page.locator(".nbt-confusion thead th")
    expect(rows).to_have_text(["jay", "rook", "magpie", "none"])
    expect(columns).to_have_text(["jay", "rook"])


def test_a_grid_of_many_labels_scrolls_below_its_names(mock: Open) -> None:
    page = mock(labels=40)
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    page.locator('[data-tab="relabeled"]').click()
    grid = page.locator(".nbt-wide")
    expect(grid.locator("thead th")).to_have_count(40)
    grid.evaluate("(one) => one.scrollTo(400, 400)")
    first = grid.locator("thead th").nth(20).bounding_box()
    place = grid.bounding_box()
    assert first is not None
    assert place is not None
    assert abs(first["y"] - place["y"]) < 3, "the names stay at the top"
    expect(page.get_by_text("and 4 less frequent labels")).to_be_visible()
    picture_all(page, "many-labels")


def test_a_version_made_elsewhere_appears(mock: Open) -> None:
    page = mock()
    page.evaluate("() => window.mock.freezeElsewhere()")
    expect(page.locator('[data-version="v4"]')).to_be_visible()
    expect(page.locator(".nbt-note")).to_have_text("v4 is new")
    expect(page.locator('[data-version="v3"]')).to_have_attribute("data-role", "picked")


def test_verifying_shows_how_far_it_is_and_is_called_off(mock: Open) -> None:
    page = mock(hold=1)
    page.get_by_role("button", name="Verify…").click()
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.get_by_role("progressbar", name="verifying")).to_be_visible()
    expect(page.locator(".nbt-panel")).to_contain_text("of 502")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".nbt-panel")).to_contain_text("Cancelled.")


def test_the_line_is_copied_also_where_there_is_no_clipboard(mock: Open) -> None:
    page = mock()
    assert page.evaluate("() => navigator.clipboard === undefined")
    page.get_by_role("button", name="copy").click()
    expect(page.locator(".nbt-note")).to_contain_text("cop")
    page.locator(".nbt-find").focus()
    page.keyboard.press("Control+V")
    expect(page.locator(".nbt-find")).to_have_value("nb.Dataset('birds').version('v3')")


def test_the_report_is_downloaded(mock: Open) -> None:
    page = mock(readonly=1)
    expect(page.get_by_role("button", name="Freeze…")).to_be_hidden()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Report").click()
    assert begun.value.suggested_filename == "birds-report.html"


def test_nothing_that_is_data_becomes_markup(mock: Open) -> None:
    page = mock(hostile=1, damage=1)
    root(page)
    page.keyboard.press("v")
    page.locator(".nbt-rows .nbt-tr").first.click()
    expect(page.locator(".nbt-facts")).to_contain_text("<script>")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Verify…").click()
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.locator(".nbt-panel")).to_contain_text("window.pwned")
    page.keyboard.press("Escape")
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    page.locator('[data-tab="relabeled"]').click()
    expect(page.locator(".nbt-confusion")).to_be_visible()
    assert page.evaluate("() => window.pwned") is None
    assert page.locator(".nbt-versions img:not([src^='blob:']), .nbt-versions script").count() == 0


@pytest.mark.parametrize(
    ("query", "wait", "words"),
    [
        ({"empty": 1}, ".nbt-panel", "No version yet"),
        ({"empty": 1, "readonly": 1}, ".nbt-panel", "They are made with"),
        ({"failing": 1}, ".nbt-panel", "the folder of this dataset is gone"),
        ({"fail": "view"}, ".nbt-list-empty", "items.parquet cannot be read"),
        ({"kind": "broken"}, ".nbt-broken", "cannot be shown"),
        ({"slow": "open"}, ".nbt-skeleton", ""),
        ({"slow": "rows"}, ".nbt-card .nbt-bone", ""),
        ({"foreign": 1, "damaged": 1}, ".nbt-beside", "cannot be read"),
    ],
)
def test_each_state_is_drawn(mock: Open, query: dict[str, object], wait: str, words: str) -> None:
    page = mock(wait, **query)
    expect(page.locator(wait).first).to_contain_text(words)


def test_what_keeps_silent_is_told(mock: Open) -> None:
    page = mock()
    page.evaluate("() => { window.mock.kernel.silent = true; }")
    page.locator('[data-version="v1"]').click()
    expect(page.locator(".nbt-note")).to_contain_text("Not connected")
    page.evaluate("() => { window.mock.kernel.silent = false; }")
    expect(page.get_by_role("grid")).to_have_attribute("aria-label", "500 items of v1")
    expect(page.locator(".nbt-note")).to_have_text("")


@pytest.mark.parametrize("phone", [False, True])
def test_it_is_accessible(mock: Open, phone: bool) -> None:
    page = mock(kind="mixed", phone=phone)
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    page.locator('[data-tab="relabeled"]').click()
    expect(page.locator(".nbt-confusion")).to_be_visible()
    for step in ("", "v", "Freeze…"):
        if step == "v":
            root(page)
            page.keyboard.press(step)
        elif step:
            page.get_by_role("button", name=step).click()
        found = Axe().run(page, context=".nbt-versions").response["violations"]
        assert [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found] == [], step
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_nothing_is_left_when_it_is_closed(mock: Open) -> None:
    page = mock()
    page.evaluate("() => { window.mock.view(); window.mock.stop(); }")
    assert page.locator(".nbt-versions").count() == 0
    assert page.evaluate("() => window.mock.handlers.size") == 0
