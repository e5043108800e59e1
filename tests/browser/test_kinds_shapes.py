"""The editor of `boxes`, `polygons` and `points` on a mock kernel: drawn and reshaped by keys, mouse and touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.mocked import Open, open_mock, presented, press, saved, shows, waiting
from tests.browser.pages import Visitor

SAID = {"side": ["left", "right"], "note": "text", "age": "number", "far": "bool"}
# The mock's pictures.
WIDTH, HEIGHT = 400, 300


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of shapes, some settings given: ``mock("points", once=True)``."""

    def opened(task: str = "boxes", **more: Any) -> Page:
        settings = {"attributes": more.pop("attributes", {}), "once": more.pop("once", False)}
        query = {"task": task, "options": "jay,rook,magpie", "kind": "image", "n": 5, **more}
        return open_mock(visitor, settings=json.dumps(settings), **query)

    return opened


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where a place of the picture is in the window, as long as it is fitted."""
    box = page.locator(".nbt-shapes").first.bounding_box()
    assert box is not None
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT)
    left = box["x"] + (box["width"] - WIDTH * scale) / 2
    top = box["y"] + (box["height"] - HEIGHT * scale) / 2
    return left + x * scale, top + y * scale


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    presented(page)
    page.mouse.move(*at(page, *start))
    page.mouse.down()
    page.mouse.move(*at(page, *end), steps=3)
    page.mouse.up()


def click(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        presented(page)
        page.mouse.click(*at(page, *place))


def says(page: Page, words: str) -> None:
    expect(page.locator(".nbt-selected")).to_have_text(words)


def value(page: Page) -> Any:
    waiting(page, 0)
    return saved(page)[-1]["value"]


def shapes(page: Page) -> list[dict[str, Any]]:
    """Submit, and return the shapes that were kept."""
    press(page, "Enter")
    found: list[dict[str, Any]] = value(page)["shapes"]
    return found


def where(page: Page) -> list[tuple[object, ...]]:
    """Submit, and return option, x, y, w and h of each box."""
    return [tuple(one[key] for key in ("label", "x", "y", "w", "h")) for one in shapes(page)]


def names(page: Page) -> list[str]:
    return [one.get_attribute("aria-label") or "" for one in page.locator(".nbt-shape").all()]


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
    press(page, "Control+ArrowRight", "Space", "Shift+ArrowRight", "Shift+ArrowDown", "Enter", "2", "Escape", "Escape")
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


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    given = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})


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
