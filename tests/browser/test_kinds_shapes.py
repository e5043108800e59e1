"""The editor of `polygons` and `points`, and what it does for all shapes: attributes, zoom, what axe finds."""

from __future__ import annotations

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.drawing import SAID, at, click, drag, open_shapes, says, shapes
from tests.browser.mocked import Open, presented, press
from tests.browser.pages import Visitor


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of shapes: ``mock("points", once=True)``."""
    return partial(open_shapes, visitor)


def test_a_polygon_is_pressed_corner_by_corner_and_closed_by_the_last_one_twice(mock: Open) -> None:
    page = mock("polygons")
    press(page, "1")
    click(page, (50, 50), (150, 50), (150, 150))
    says(page, "3 corners: Enter or the last one again closes")
    click(page, (60, 150), (60, 150))
    says(page, "jay, 4 corners at 50, 50")
    drag(page, (150, 150), (170, 160))
    drag(page, (100, 50), (100, 20))
    click(page, (60, 150))
    says(page, "jay, 5 corners at 50, 20 · corner 5")
    press(page, "Delete")
    drag(page, (120, 70), (130, 80))
    (one,) = shapes(page)
    assert one["points"] == [[60, 60], [110, 30], [160, 60], [180, 170]]


def test_a_polygon_is_drawn_by_keys_and_its_corners_moved_added_and_removed(mock: Open) -> None:
    page = mock("polygons", options="")
    press(
        page,
        "e",
        "Space",
        "Control+ArrowRight",
        "Space",
        "Control+ArrowDown",
        "Space",
        "ArrowLeft",
        "Space",
        "u",
        "Enter",
    )
    press(page, "Escape", "Escape", ".")
    says(page, "polygon, 3 corners at 200, 150")
    press(page, "g", "ArrowLeft", "i")
    says(page, "polygon, 4 corners at 199, 150 · corner 2")
    press(page, "Shift+ArrowUp", "g", "Delete")
    says(page, "polygon, 3 corners at 199, 140 · corner 3")
    press(page, "Delete")
    expect(page.locator(".nbt-note-text")).to_have_text("it needs its corners: Esc, then Del removes it whole")
    (one,) = shapes(page)
    assert (one["label"], one["points"]) == (None, [[199, 150], [214.5, 140], [230, 180]])


def test_a_polygon_that_is_begun_is_dropped_or_closed_but_never_lost_by_submitting(mock: Open) -> None:
    page = mock("polygons", options="jay")
    click(page, (50, 50), (150, 50))
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("a polygon is larger than that")
    click(page, (150, 150))
    presented(page)
    page.get_by_role("button", name="Submit").click()
    says(page, "jay, 3 corners at 50, 50")
    click(page, (300, 200), (350, 200))
    press(page, "Escape")
    assert len(shapes(page)) == 1


def test_points_are_set_in_the_order_of_their_options_where_each_is_there_once(mock: Open) -> None:
    page = mock("points", once=True, options="nose,eye,ear")
    click(page, (100, 100), (150, 80))
    press(page, "1")
    says(page, "nose, at 100, 100")
    press(page, "2")
    expect(page.locator(".nbt-note-text")).to_contain_text("there is a “eye” already")
    drag(page, (100, 100), (110, 105))
    click(page, (200, 90), (300, 200))
    expect(page.locator(".nbt-note-text")).to_contain_text("already: move it, or choose another option")
    kept = [(one["label"], one["x"], one["y"]) for one in shapes(page)]
    assert kept == [("eye", 150, 80), ("ear", 200, 90), ("nose", 110, 105)]


def test_attributes_of_the_selected_shape_are_filled_in_and_typed_words_are_one_step(mock: Open) -> None:
    page = mock(attributes=SAID, options="jay")
    expect(page.get_by_label("note")).to_be_disabled()
    drag(page, (50, 40), (150, 120))
    press(page, "s")
    expect(page.get_by_label("side")).to_be_focused()
    page.get_by_label("side").select_option("right")
    page.get_by_label("note").focus()
    page.keyboard.type("behind")
    page.get_by_label("age").focus()
    page.keyboard.type("2.5x")
    expect(page.get_by_label("age")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("far").check()
    page.get_by_label("note").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    drag(page, (200, 40), (250, 80))
    expect(page.get_by_label("note")).to_have_value("")
    click(page, (60, 60))
    expect(page.get_by_label("note")).to_have_value("behind")
    press(page, "u", "u")
    expect(page.get_by_label("far")).not_to_be_checked()
    press(page, "Control+y")
    assert [one["attributes"] for one in shapes(page)] == [{"side": "right", "note": "behind", "age": 2.5, "far": True}]


def test_a_zoomed_picture_is_drawn_on_to_the_pixel_and_panned_by_ctrl(mock: Open) -> None:
    page = mock("points", options="")
    presented(page)
    middle = at(page, 200, 150)
    page.mouse.move(*middle)
    for _ in range(4):
        press(page, "+")
    page.mouse.click(*middle)
    says(page, "point, at 200, 150")
    page.keyboard.down("Control")
    page.mouse.down()
    page.mouse.move(middle[0] + 90, middle[1], steps=3)
    page.mouse.up()
    page.keyboard.up("Control")
    presented(page)
    page.mouse.click(*middle)
    (first, second) = sorted(one["x"] for one in shapes(page))
    assert second == 200
    assert 150 < first < 199
    assert first != round(first), "where a pixel is large, a part of it can be meant"


def test_what_is_no_picture_cannot_be_drawn_on(mock: Open) -> None:
    page = mock(kind="text")
    press(page, "e")
    expect(page.locator(".nbt-note-text")).to_have_text("there is no picture here to draw on")


@pytest.mark.parametrize("kind", ["boxes", "polygons", "points"])
def test_axe_finds_nothing(mock: Open, kind: str) -> None:
    page = mock(kind, attributes=SAID)
    press(page, "1", "e")
    more = {"boxes": ["Space"], "polygons": ["Space", "Control+ArrowUp", "Space", "Enter"], "points": []}[kind]
    for _ in range(2):
        press(page, "Space", "Control+ArrowRight", "Control+ArrowDown", *more)
    press(page, ".")
    expect(page.locator(".nbt-shape[aria-selected=true]")).to_have_count(1)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-labeler").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
