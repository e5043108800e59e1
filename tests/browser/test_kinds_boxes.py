"""The editor of `boxes` on a mock kernel: drawn, moved and reshaped by keys, mouse and touch."""

from __future__ import annotations

import json
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.drawing import HEIGHT, WIDTH, at, click, drag, names, open_shapes, says, shapes, touch, value, where
from tests.browser.mocked import Open, presented, press, saved, shows, waiting
from tests.browser.pages import Visitor


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of shapes: ``mock("points", once=True)``."""
    return partial(open_shapes, visitor)


def test_a_box_is_dragged_and_gets_the_option_that_is_pressed(mock: Open) -> None:
    page = mock()
    drag(page, (150, 120), (50, 40))
    says(page, "box without an option, 100 × 80 at 50, 40")
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("1 box has no option yet: choose one")
    press(page, "2")
    drag(page, (200, 100), (300, 200))
    assert names(page) == ["rook, 100 × 80 at 50, 40", "rook, 100 × 100 at 200, 100"]
    press(page, "Enter")
    assert value(page) == {
        "width": 400,
        "height": 300,
        "shapes": [
            {"id": "s1", "label": "rook", "x": 50, "y": 40, "w": 100, "h": 80, "attributes": {}},
            {"id": "s2", "label": "rook", "x": 200, "y": 100, "w": 100, "h": 100, "attributes": {}},
        ],
    }
    shows(page, 1)
    assert names(page) == []


def test_an_option_chosen_before_a_box_is_kept_by_it_until_the_box_is_touched(mock: Open) -> None:
    page = mock()
    press(page, "1")
    drag(page, (50, 40), (100, 80))
    press(page, "2")
    drag(page, (150, 40), (200, 80))
    assert [name.split(",")[0] for name in names(page)] == ["jay", "rook"]
    press(page, "Shift+ArrowDown", "1")
    assert [name.split(",")[0] for name in names(page)] == ["jay", "jay"]


def test_a_box_is_moved_and_reshaped_within_the_picture_one_step_a_drag(mock: Open) -> None:
    page = mock()
    press(page, "1")
    drag(page, (50, 40), (150, 120))
    drag(page, (100, 80), (120, 90))
    says(page, "jay, 100 × 80 at 70, 50")
    drag(page, (170, 130), (180, 190))
    says(page, "jay, 110 × 140 at 70, 50")
    drag(page, (70, 120), (5, 120))
    says(page, "jay, 175 × 140 at 5, 50")
    drag(page, (100, 100), (100, 20))
    says(page, "jay, 175 × 140 at 5, 0")
    press(page, "u", "u")
    says(page, "jay, 110 × 140 at 70, 50")
    press(page, "Control+y", "Control+z", "u", "u", "u")
    assert names(page) == []
    expect(page.locator(".nbt-note-text")).not_to_have_text("nothing to undo")


def test_a_press_selects_the_smallest_box_and_the_next_press_the_one_around_it(mock: Open) -> None:
    page = mock()
    press(page, "1")
    drag(page, (20, 20), (220, 220))
    press(page, "Escape", "2")
    press(page, "o")
    says(page, "The next press draws a box, whatever is there")
    drag(page, (60, 60), (120, 120))
    says(page, "rook, 60 × 60 at 60, 60")
    click(page, (90, 90))
    says(page, "jay, 200 × 200 at 20, 20")
    page.keyboard.down("Shift")
    drag(page, (150, 150), (200, 200))
    page.keyboard.up("Shift")
    says(page, "rook, 50 × 50 at 150, 150")
    click(page, (300, 280))
    says(page, "Drag to draw a box · 3 boxes · next: rook")
    click(page, (90, 90))
    press(page, "Backspace")
    assert where(page) == [("jay", 20, 20, 200, 200), ("rook", 150, 150, 50, 50)]


def test_boxes_are_drawn_and_changed_by_keys_alone(mock: Open) -> None:
    page = mock()
    press(page, "1", "e", "Control+ArrowLeft", "Shift+ArrowUp", "Space")
    press(page, "Control+ArrowRight", "ArrowRight", "Control+ArrowDown")
    says(page, "Space sets the other corner")
    press(page, "Space")
    press(page, "2", "Control+ArrowRight", "Space", "Shift+ArrowRight", "Shift+ArrowDown", "Enter", "Escape", "Escape")
    before = ["jay, 31 × 30 at 170, 140", "rook, 10 × 10 at 231, 170"]
    assert names(page) == before
    press(page, ".", "ArrowLeft", "ArrowLeft", "Shift+ArrowDown", "g", "ArrowRight", "Shift+ArrowDown")
    says(page, "jay, 32 × 40 at 168, 150 · lower right corner")
    expect(page.locator(".nbt-shape").first).to_be_focused()
    press(page, "u", "u")
    assert names(page) == before
    press(page, ".", "Delete")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    press(page, ",", "g", "g", "ArrowUp", "3")
    assert where(page) == [("magpie", 170, 140, 31, 29)]
    shows(page, 1)
    press(page, "ArrowLeft")
    shows(page, 0)


def test_the_same_keys_draw_on_each_item_whether_they_begin_with_the_cross_or_not(mock: Open) -> None:
    page = mock(options="jay")
    keys = ["Space", "Control+ArrowRight", "Control+ArrowDown", "Space"]
    for number, first in enumerate((["e"], ["e"], [])):
        shows(page, number)
        press(page, *first, *keys)
        assert names(page) == ["jay, 30 × 30 at 200, 150"]
        press(page, "Enter")
    shows(page, 3)
    press(page, "ArrowRight", "e", "Space")
    shows(page, 4)
    waiting(page, 0)
    assert [act["status"] for act in saved(page)] == ["labeled", "labeled", "labeled", "skipped"]


def test_the_button_ends_drawing_by_keys_on_the_next_item_too(mock: Open) -> None:
    page = mock()
    press(page, "1", "e")
    says(page, "Arrows move, Space sets · no boxes · next: jay")
    page.set_viewport_size({"width": 900, "height": 800})
    assert page.locator(".nbt-selected").evaluate("(line) => line.scrollWidth <= line.clientWidth"), "all of it is seen"
    press(page, "x")
    shows(page, 1)
    draws = page.get_by_role("button", name="Draw by keys")
    expect(draws).to_have_attribute("aria-pressed", "true")
    draws.click()
    expect(draws).to_have_attribute("aria-pressed", "false")


def test_a_held_arrow_nudges_and_counts_as_one_step(mock: Open) -> None:
    page = mock()
    drag(page, (50, 40), (150, 120))
    presented(page)
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    says(page, "box without an option, 100 × 80 at 53, 40")
    press(page, "u")
    says(page, "box without an option, 100 × 80 at 50, 40")


def test_shapes_of_the_item_before_are_copied_with_ids_of_their_own(mock: Open) -> None:
    page = mock()
    press(page, "v")
    expect(page.locator(".nbt-note-text")).to_have_text("the item before this one has no boxes")
    press(page, "1")
    drag(page, (50, 40), (150, 120))
    press(page, "Enter")
    shows(page, 1)
    drag(page, (200, 40), (250, 80))
    press(page, "v", "v")
    expect(page.locator(".nbt-note-text")).to_have_text("each box of the item before is here already")
    assert [(one["id"], one["x"]) for one in shapes(page)] == [("s2", 50), ("s1", 200)]


def test_no_boxes_are_an_answer_and_hidden_shapes_come_back(mock: Open) -> None:
    page = mock()
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("draw a box, or say “no boxes”, or skip")
    drag(page, (50, 40), (150, 120))
    press(page, "h")
    says(page, "1 box, hidden")
    expect(page.locator(".nbt-shape path").first).to_be_hidden()
    press(page, "h", "Delete", "x")
    assert value(page) == {"width": 400, "height": 300, "shapes": []}
    shows(page, 1)


def test_review_shows_what_was_drawn_and_a_change_keeps_the_id(mock: Open) -> None:
    page = mock(n=1)
    press(page, "1")
    drag(page, (50, 40), (150, 120))
    press(page, "Enter")
    waiting(page, 0)
    page = mock(n=1, mode="review", like=page)
    assert names(page) == ["jay, 100 × 80 at 50, 40"]
    press(page, ".", "Shift+ArrowRight", "2")
    assert where(page) == [("rook", 60, 40, 100, 80)]
    assert [act["value"]["shapes"][0]["id"] for act in saved(page)] == ["s1", "s1"]


def test_an_option_that_was_split_since_is_not_confirmed_but_asked_for_anew(mock: Open) -> None:
    page = mock(n=1)
    press(page, "1")
    drag(page, (50, 40), (150, 120))
    press(page, "Enter")
    waiting(page, 0)
    page = mock(n=1, mode="review", options="kea,rook", like=page)
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("“jay” is not offered any more: choose another")
    press(page, ".", "1", "Enter")
    waiting(page, 0)
    assert [act["value"]["shapes"][0]["label"] for act in saved(page)] == ["jay", "kea"]


def test_what_a_model_suggests_is_taken_and_changed_like_what_was_drawn(mock: Open) -> None:
    one = {"id": "m1", "label": "jay", "x": 40, "y": 30, "w": 100, "h": 80, "attributes": {}}
    value = {"width": WIDTH, "height": HEIGHT, "shapes": [one]}
    suggestion = {"table": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "value": value, "score": 0.9, "model": "yolo"}
    page = mock(suggestion=json.dumps(suggestion))
    expect(page.locator(".nbt-suggested-value")).to_have_text("1 jay")
    assert names(page) == []
    press(page, "a")
    assert names(page) == ["jay, 100 × 80 at 40, 30"]
    click(page, (90, 70))
    drag(page, (90, 70), (100, 70))
    press(page, "2", "Enter")
    waiting(page, 0)
    assert saved(page)[-1]["value"]["shapes"] == [{**one, "x": 50, "label": "rook"}]


def test_a_finger_draws_selects_and_moves_and_two_zoom(mock: Open) -> None:
    page = mock(phone=True)
    session = page.context.new_cdp_session(page)
    page.get_by_role("button", name="jay").tap()

    def swipe(start: tuple[float, float], end: tuple[float, float]) -> None:
        presented(page)
        touch(session, "touchStart", at(page, *start))
        for share in (0.5, 1):
            place = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            touch(session, "touchMove", at(page, *place))
        touch(session, "touchEnd")

    swipe((40, 40), (240, 200))
    expect(page.locator(".nbt-shape")).to_have_count(1)
    page.touchscreen.tap(*at(page, 300, 280))
    says(page, "Drag to draw a box · 1 box · next: jay")
    page.touchscreen.tap(*at(page, 140, 120))
    says(page, "jay, 200 × 160 at 40, 40")
    swipe((140, 120), (160, 130))
    swipe((255, 205), (275, 215))
    handle = names(page)
    (x, y), (other, _) = at(page, 140, 120), at(page, 180, 120)
    touch(session, "touchStart", (x, y))
    touch(session, "touchStart", (x, y), (other, y))
    for by in (10, 20, 40):
        touch(session, "touchMove", (x - by, y), (other + by, y))
    touch(session, "touchEnd")
    expect(page.locator(".nbt-zoomed")).to_have_count(1)
    assert names(page) == handle, "what two fingers do draws nothing"
    page.get_by_role("button", name="Submit").tap()
    (one,) = value(page)["shapes"]
    assert [abs(one[key] - near) <= 2 for key, near in (("x", 60), ("y", 50), ("w", 220), ("h", 170))] == [True] * 4


def test_two_views_are_in_step_and_another_item_begins_anew(mock: Open) -> None:
    page = mock(views=2)
    drag(page, (50, 40), (150, 120))
    expect(page.locator(".nbt-shape")).to_have_count(2)
    press(page, "1", "Escape", "Space")
    shows(page, 1)
    expect(page.locator(".nbt-shape")).to_have_count(0)


def test_a_thousand_boxes_are_kept_and_one_is_drawn_again(mock: Open) -> None:
    places = [{"x": 4 * (n % 80), "y": 20 * (n // 80), "w": 3, "h": 9} for n in range(1000)]
    boxes = [{"id": f"s{n}", "label": "jay", **place, "attributes": {}} for n, place in enumerate(places)]
    value = {"width": WIDTH, "height": HEIGHT, "shapes": boxes}
    suggestion = {"table": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "value": value, "score": None, "model": "yolo"}
    page = mock(suggestion=json.dumps(suggestion), n=1)
    press(page, "a")
    page.evaluate(
        """() => {
          const base = document.querySelector(".nbt-shapes");
          window.changed = new Set();
          const noted = ({ target }) => target !== base && window.changed.add(target.closest("g").dataset.shape);
          new MutationObserver((all) => all.forEach(noted)).observe(base, { subtree: true, attributes: true });
        }"""
    )
    drag(page, (350, 150), (390, 280))
    expect(page.locator(".nbt-shape")).to_have_count(1001)
    drag(page, (370, 200), (365, 205))
    assert set(page.evaluate("() => [...window.changed]")) <= {"s1000", "s0"}, "the others are left as they are"
    press(page, "1")
    assert len(shapes(page)) == 1001


def test_boxes_are_drawn_in_a_shadow_root_too(mock: Open) -> None:
    page = mock()
    page.evaluate(
        """() => {
          window.mock.views[0]();
          const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
          window.mock.render(root);
        }"""
    )
    page.locator(".nbt-item[data-seen]").wait_for()
    page.locator(".nbt-labeler").focus()
    drag(page, (50, 40), (150, 120))
    page.keyboard.press("2")
    page.keyboard.press(".")
    page.keyboard.press("ArrowRight")
    assert names(page) == ["rook, 100 × 80 at 51, 40"]
