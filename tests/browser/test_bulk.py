"""Many items at once: chosen by keys, mouse and touch, labeled by one press, taken back by one."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import Open, kernel, open_mock, saved, waiting
from tests.browser.pages import Visitor

SEEN = ".nbt-grid-cell[data-seen]"


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(kind="image", n=100)``."""
    return partial(open_mock, visitor)


def grid(page: Page) -> None:
    """Open the grid, and wait until its first items were on the screen."""
    expect(page.locator(".nbt-grid-button")).to_be_visible()
    page.keyboard.press("b")
    page.locator(SEEN).nth(1).wait_for()
    ready(page)


def ready(page: Page) -> None:
    """Wait until what is chosen was on the screen."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    page.locator(".nbt-grid-scroller[data-ready]").wait_for()


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)
        if page.locator(".nbt-grid").is_visible():
            ready(page)


def cell(page: Page, position: int) -> Any:
    return page.locator(f'.nbt-grid-cell[data-position="{position}"]')


def labeled(page: Page) -> list[tuple[int, object]]:
    waiting(page, 0)
    return [(int(act["item"], 16), act["value"]) for act in saved(page)]


def selected(page: Page) -> list[int]:
    cells = page.locator('.nbt-grid-cell[aria-selected="true"]').all()
    return [int(one.get_attribute("data-position") or -1) for one in cells]


def test_keys_choose_label_and_take_back(mock: Open) -> None:
    page = mock(kind="image", n=60)
    grid(page)
    keys(page, "Space", "Shift+ArrowRight", "Shift+ArrowRight")
    assert selected(page) == [0, 1, 2]
    expect(page.locator(".nbt-grid-says")).to_have_text("3 selected of 60")
    keys(page, "2")
    assert labeled(page) == [(0, "rook"), (1, "rook"), (2, "rook")]
    assert len({act["bulk"] for act in saved(page)}) == 1
    expect(cell(page, 1).locator(".nbt-cell-said")).to_have_text("rook")
    assert selected(page) == []
    keys(page, "u")
    waiting(page, 0)
    undone = saved(page)[3:]
    assert [(act["kind"], act["status"], act["undoes"]) for act in undone] == [
        ("undo", "cleared", act["act"]) for act in saved(page)[:3]
    ]
    expect(cell(page, 1).locator(".nbt-cell-said")).to_have_text("")
    keys(page, "Control+y")
    assert labeled(page)[6:] == [(0, "rook"), (1, "rook"), (2, "rook")]
    keys(page, "Escape")
    expect(page.locator(".nbt-grid")).to_be_hidden()
    expect(page.locator(".nbt-item")).to_have_attribute("data-item-id", f"{3:032x}")


def test_the_mouse_chooses_by_click_range_and_band(mock: Open) -> None:
    page = mock(kind="image", n=60)
    grid(page)
    cell(page, 1).click()
    cell(page, 3).click(modifiers=["Shift"])
    ready(page)
    assert selected(page) == [1, 2, 3]
    cell(page, 2).click()
    ready(page)
    assert selected(page) == [1, 3]
    first, last = cell(page, 0).bounding_box(), cell(page, 2).bounding_box()
    assert first is not None
    assert last is not None
    page.mouse.move(first["x"] + 20, first["y"] + 40)
    page.mouse.down()
    page.mouse.move(last["x"] + 30, last["y"] + 60, steps=4)
    expect(page.locator(".nbt-band")).to_be_visible()
    page.mouse.up()
    ready(page)
    assert selected(page) == [0, 1, 2, 3]
    page.locator('.nbt-option[data-value="jay"]').click()
    assert labeled(page) == [(0, "jay"), (1, "jay"), (2, "jay"), (3, "jay")]


def test_nothing_is_said_about_what_was_not_seen_or_not_chosen(mock: Open) -> None:
    page = mock(n=500)
    grid(page)
    keys(page, "1")
    expect(page.locator(".nbt-status")).to_contain_text("select items first")
    keys(page, "Space", "Shift+End")
    cell(page, 499).wait_for()
    shown = page.locator(".nbt-grid-says").inner_text()
    assert int(shown.split()[0]) < 120
    keys(page, "Control+a", "1")
    waiting(page, 0)
    assert {int(act["item"], 16) for act in saved(page)}.isdisjoint(range(150, 350))
    keys(page, "Space", "f", "c", "Enter")
    assert not [act for act in saved(page) if act["flagged"] or act["comment"]]


def test_a_press_before_the_choice_was_on_the_screen_is_refused(mock: Open) -> None:
    page = mock(kind="image", n=60)
    grid(page)
    page.evaluate(
        """() => {
          const root = document.querySelector(".nbt-labeler");
          const key = (name) => root.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
          key(" "); key("1");
        }"""
    )
    expect(page.locator(".nbt-status")).to_contain_text("too fast: not recorded")
    ready(page)
    assert saved(page) == []
    keys(page, "1")
    assert labeled(page) == [(0, "jay")]


def test_the_grid_stays_when_all_is_done_and_gives_its_place_to_the_keys(mock: Open) -> None:
    page = mock(kind="image", n=4)
    grid(page)
    keys(page, "Control+a", "1")
    assert len(labeled(page)) == 4
    expect(page.get_by_text("All 4 labeled")).to_have_count(1)
    assert page.evaluate(
        """() => {
          const box = document.querySelector(".nbt-stage").getBoundingClientRect();
          return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest(".nbt-grid") !== null;
        }"""
    )
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    expect(page.locator(".nbt-grid")).to_be_hidden()


def test_unlabeled_only_leaves_out_what_is_labeled(mock: Open) -> None:
    page = mock(kind="image", n=30)
    grid(page)
    keys(page, "Space", "1")
    waiting(page, 0)
    page.get_by_role("button", name="Unlabeled only").click()
    expect(page.locator(".nbt-grid-says")).to_have_text("0 selected of 29")
    expect(cell(page, 0)).to_have_attribute("data-item-id", f"{1:032x}")


def test_several_options_are_set_first_and_submitted_for_all(mock: Open) -> None:
    page = mock(kind="image", n=30, task="choices")
    grid(page)
    keys(page, "Space", "Shift+ArrowRight", "1", "3")
    expect(page.locator(".nbt-grid-says")).to_contain_text("2 selected of 30 · jay, magpie, then Enter")
    keys(page, "Enter")
    assert labeled(page) == [(0, ["jay", "magpie"]), (1, ["jay", "magpie"])]
    keys(page, "Space", "x")
    assert labeled(page)[2:] == [(1, [])]


def test_a_rating_is_a_number_and_a_text_has_no_grid(mock: Open) -> None:
    page = mock(n=30, task="rating", options="", settings='{"min": 1, "max": 5, "words": null}')
    grid(page)
    keys(page, "Space", "4")
    assert labeled(page) == [(0, 4)]
    page = mock(n=3, task="text", options="", settings='{"lines": 1, "longest": null, "start": null, "empty": false}')
    expect(page.locator(".nbt-past")).not_to_have_count(0)
    expect(page.locator(".nbt-grid-button")).to_be_hidden()


def test_what_cannot_be_shown_cannot_be_chosen(mock: Open) -> None:
    page = mock(kind="broken", n=20)
    page.locator(".nbt-grid-button").click()
    cell(page, 1).wait_for()
    ready(page)
    cell(page, 1).click()
    ready(page)
    assert 1 not in selected(page)


def test_a_silent_kernel_loses_nothing(mock: Open) -> None:
    page = mock(kind="image", n=60)
    grid(page)
    kernel(page, "silent", on=True)
    keys(page, "Space", "Shift+ArrowRight", "1")
    waiting(page, 2)
    kernel(page, "silent", on=False)
    assert labeled(page) == [(0, "jay"), (1, "jay")]


def test_by_touch_on_a_phone(mock: Open) -> None:
    page = mock(kind="image", n=40, phone=True)
    page.get_by_role("button", name="Many at once").tap()
    page.locator(SEEN).nth(1).wait_for()
    ready(page)
    cell(page, 0).tap()
    cell(page, 1).tap()
    ready(page)
    page.locator('.nbt-option[data-value="rook"]').tap()
    assert labeled(page) == [(0, "rook"), (1, "rook")]
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(mock: Open, scheme: Literal["light", "dark"]) -> None:
    page = mock(kind="image", n=40)
    page.emulate_media(color_scheme=scheme)
    grid(page)
    keys(page, "Space", "1", "ArrowRight", "Space")
    found = Axe().run(page, context=".nbt-labeler")
    assert found.violations_count == 0, found.generate_report()


def test_a_million_items_draw_what_is_seen(mock: Open) -> None:
    page = mock(n=20_000)
    grid(page)
    keys(page, "End")
    cell(page, 19_999).wait_for()
    assert page.locator(".nbt-grid-cell").count() < 200
