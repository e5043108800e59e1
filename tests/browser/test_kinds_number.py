"""The editors of `number` and `rating` on a mock kernel: by keys, mouse and touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import Open, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import Visitor

NUMBER = {"min": None, "max": None, "step": None, "integer": False, "unit": None, "slider": False}
SHARE = {"min": 0, "max": 1, "step": 0.1, "slider": True}
RATING = {"min": 1, "max": 5, "words": None}


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of a kind, some of its settings given: ``mock("rating", max=7)``."""

    def opened(task: str, **more: Any) -> Page:
        known = NUMBER if task == "number" else RATING
        settings = {name: more.pop(name, value) for name, value in known.items()}
        query = {"options": "", "title": "Quality", "n": 5, **more}
        return open_mock(visitor, task=task, settings=json.dumps(settings), **query)

    return opened


def values(page: Page) -> list[object]:
    waiting(page, 0)
    return [act["value"] for act in saved(page)]


def test_a_digit_begins_a_number_and_enter_submits_it(mock: Open) -> None:
    page = mock("number", unit="kg")
    press(page, "2")
    page.keyboard.type(",5")
    press(page, "Enter", "Space", "f")
    shows(page, 2)
    assert page.locator(".nbt-number").input_value() == "", "each item begins anew"
    press(page, "4", "Enter")
    waiting(page, 0)
    assert [(act["status"], act["value"], act["flagged"]) for act in saved(page)] == [
        ("labeled", 2.5, False),
        ("skipped", None, False),
        ("labeled", 4, True),
    ]
    expect(page.locator(".nbt-past").last).to_have_text("4 kg")


def test_nothing_is_preselected_and_what_is_no_such_number_is_not_sent(mock: Open) -> None:
    page = mock("number", **SHARE)
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("give a number, or skip")
    press(page, "2", "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("at most 1")
    page.locator(".nbt-number").fill("a lot")
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("“a lot” is no number")
    assert (shown(page), values(page)) == (0, [])


def test_steps_by_keys_are_taken_back_together(mock: Open) -> None:
    page = mock("number", **SHARE)
    press(page, "ArrowUp", "ArrowUp", "ArrowUp")
    assert page.locator(".nbt-number").input_value() == "0.2"
    expect(page.locator(".nbt-slider")).to_have_attribute("aria-valuetext", "0.2")
    press(page, "u")
    expect(page.locator(".nbt-slider")).to_have_attribute("aria-valuetext", "not set")
    press(page, "Control+y", "Shift+ArrowUp", "Enter", "u")
    shows(page, 0)
    assert page.locator(".nbt-number").input_value() == "1"
    press(page, "ArrowDown", "Enter")
    assert values(page) == [1, None, 0.9]


@pytest.mark.parametrize("phone", [False, True])
def test_the_slider_by_mouse_and_by_touch(mock: Open, phone: bool) -> None:
    page = mock("number", phone=phone, **SHARE)
    slider = page.locator(".nbt-slider")
    box = slider.bounding_box()
    assert box
    presented(page)
    if phone:
        slider.tap(position={"x": box["width"] / 2, "y": box["height"] / 2})
    else:
        slider.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator(".nbt-number")).to_have_value("0.5")
    presented(page)
    button = page.get_by_role("button", name="Submit")
    button.tap() if phone else button.click()
    assert values(page) == [0.5]
    expect(slider).to_have_attribute("aria-valuetext", "not set")


def test_a_level_is_one_press(mock: Open) -> None:
    page = mock("rating", words=None)
    press(page, "4", "1")
    shows(page, 2)
    presented(page)
    page.locator(".nbt-level[data-value='5']").click()
    press(page, "7", "u")
    shows(page, 2)
    assert values(page) == [4, 1, 5, None]
    press(page, "ArrowLeft")
    expect(page.locator(".nbt-level[aria-pressed=true]")).to_have_text("1")
    expect(page.locator(".nbt-reached")).to_have_count(1)


def test_levels_by_touch_have_their_words(mock: Open) -> None:
    page = mock("rating", phone=True, min=0, max=2, words=["no", "so so", "yes"])
    presented(page)
    page.get_by_role("button", name="1 of 2, so so").tap()
    press(page, "0")
    assert values(page) == [1, 0]
    boxes = [level.bounding_box() for level in page.locator(".nbt-level").all()]
    assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)


@pytest.mark.parametrize(("task", "said"), [("number", ["3", "Enter"]), ("rating", ["3"])])
def test_review_shows_what_was_said_and_enter_confirms(mock: Open, task: str, said: list[str]) -> None:
    page = mock(task, n=1)
    press(page, *said)
    waiting(page, 0)
    page = mock(task, n=1, mode="review", like=page)
    press(page, "Enter")
    expect(page.get_by_text("All reviewed")).to_be_visible()
    assert values(page) == [3, 3]


@pytest.mark.parametrize(
    ("task", "settings"), [("number", {**SHARE, "unit": "kg"}), ("rating", {"words": ["bad", "good"]})]
)
def test_axe_finds_nothing(mock: Open, task: str, settings: dict[str, object]) -> None:
    page = mock(task, **settings)
    press(page, "1", "Enter", "ArrowLeft")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-labeler").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
