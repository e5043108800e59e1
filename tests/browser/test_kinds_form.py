"""The editor of `form` on a mock kernel: several kinds on one item, with conditions; by keys, mouse and touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nbtools.labels.task import declare
from tests.browser.mocked import Open, open_mock, presented, press, saved, shows, waiting
from tests.browser.pages import Visitor

SPECIES = {"name": "species", "kind": "choice", "options": ["jay", "rook"], "title": "Which bird?"}
AGE = {"name": "age", "kind": "number", "min": 0, "integer": True, "unit": "years", "when": {"species": "rook"}}
SEEN = {"name": "seen", "kind": "choices", "options": ["egg", "nest", "chick"]}
SURE = {"name": "sure", "kind": "rating", "max": 3, "required": False}
NOTE = {"name": "note", "kind": "text", "lines": 1, "required": False}
NAMES = {"name": "names", "kind": "spans", "options": ["bird", "place"]}
PAIR = {"kind": "compare", "of": ["answer_a", "answer_b"]}
BOXES = {"name": "where", "kind": "boxes", "options": ["head", "wing"], "when": {"species": "rook"}}
REGIONS = {"name": "calls", "kind": "regions", "options": ["call", "song"]}
ORDER = {"name": "order", "kind": "rank", "of": ["answer_a", "answer_b"]}


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a form: ``mock(SPECIES, AGE, n=20)``."""

    def opened(*fields: dict[str, Any], **more: Any) -> Page:
        task = declare("look", "form", settings={"fields": fields or (SPECIES, AGE, SEEN, SURE, NOTE)})
        # The page itself puts the keys into the first field.
        query = {"task": "form", "options": "", "title": "What is it?", "n": 5, "focus": False, **more}
        return open_mock(visitor, settings=json.dumps(task.settings), **query)

    return opened


def values(page: Page) -> list[Any]:
    waiting(page, 0)
    return [act["value"] for act in saved(page)]


def row(page: Page, name: str) -> Any:
    return page.locator(f"[data-field={name}]")


def here(page: Page) -> str | None:
    return page.locator(".nbt-form-row.nbt-here").get_attribute("data-field")


def test_a_form_is_filled_by_keys_alone(mock: Open) -> None:
    page = mock()
    expect(row(page, "species")).to_be_focused()
    expect(row(page, "age")).to_be_hidden()
    press(page, "2")
    assert here(page) == "age", "what is answered at once leads on"
    press(page, "3", "Enter")
    assert here(page) == "seen"
    press(page, "1", "3", "Enter", "2")
    expect(page.locator(".nbt-field")).to_be_focused()
    page.keyboard.type("by 1 jay")
    press(page, "Enter")
    shows(page, 1)
    expect(row(page, "species")).to_be_focused()
    # The same hand goes on, and the condition does not hold.
    press(page, "1")
    assert here(page) == "seen"
    press(page, "x", "Control+Enter")
    shows(page, 2)
    assert values(page) == [
        {"species": "rook", "age": 3, "seen": ["egg", "chick"], "sure": 2, "note": "by 1 jay"},
        {"species": "jay", "seen": []},
    ]


def test_tab_and_arrows_go_between_fields_and_out(mock: Open) -> None:
    page = mock()
    for key, name in (("ArrowDown", "seen"), ("Tab", "sure"), ("ArrowUp", "seen"), ("Shift+Tab", "species")):
        press(page, key)
        assert here(page) == name
    press(page, "ArrowDown", "ArrowDown", "Tab")
    expect(page.locator(".nbt-field")).to_be_focused()
    press(page, "Tab")
    expect(page.locator(".nbt-submit")).to_be_focused()
    row(page, "species").focus()
    press(page, "Shift+Tab", "Shift+Tab")
    assert page.evaluate("() => document.activeElement.closest('.nbt-labeler') === null")
    press(page, "Tab")
    expect(row(page, "species")).to_be_focused()


def test_what_lacks_is_said_by_its_name_and_nothing_is_sent(mock: Open) -> None:
    page = mock()
    press(page, "Control+Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("Which bird?: choose an option, or skip")
    press(page, "2", "Control+Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("age: give a number")
    press(page, "Space")
    waiting(page, 0)
    assert [act["status"] for act in saved(page)] == ["skipped"]


def test_a_field_that_is_not_asked_any_more_is_no_part_of_the_answer_and_undo_brings_it_back(mock: Open) -> None:
    page = mock(SPECIES, AGE)
    press(page, "2", "7", "Shift+Tab", "1")
    expect(row(page, "age")).to_be_hidden()
    press(page, "Control+z")
    expect(row(page, "age").locator("input")).to_have_value("7")
    press(page, "Control+Enter", "u")
    shows(page, 0)
    expect(row(page, "age").locator("input")).to_have_value("7")
    press(page, "1", "Enter")
    assert values(page)[-1] == {"species": "jay"}


def test_words_that_are_deleted_are_no_answer(mock: Open) -> None:
    page = mock(NOTE, SURE)
    expect(page.locator(".nbt-field")).to_be_focused()
    page.keyboard.type("a")
    press(page, "Backspace", "Enter", "3", "Enter")
    assert values(page) == [{"sure": 3}]


def test_by_mouse(mock: Open) -> None:
    page = mock()
    row(page, "species").get_by_role("button", name="rook").click()
    expect(row(page, "age")).to_be_visible()
    row(page, "age").locator("input").fill("4")
    row(page, "seen").get_by_role("button", name="nest").click()
    assert here(page) == "seen"
    press(page, "3")
    row(page, "sure").get_by_role("button", name="1 of 3").click()
    page.get_by_role("button", name="Submit").click()
    assert values(page) == [{"species": "rook", "age": 4, "seen": ["nest", "chick"], "sure": 1}]


def test_by_touch(mock: Open) -> None:
    page = mock(SPECIES, AGE, SEEN, phone=True)
    row(page, "species").get_by_role("button", name="rook").tap()
    row(page, "age").locator("input").tap()
    page.keyboard.type("4")
    row(page, "seen").get_by_role("button", name="None of these").tap()
    page.get_by_role("button", name="Submit").tap()
    assert values(page) == [{"species": "rook", "age": 4, "seen": []}]
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_a_text_is_marked_beside_other_questions(mock: Open) -> None:
    page = mock(SPECIES, NAMES)
    page.locator(".nbt-text").click(position={"x": 50, "y": 10})
    assert here(page) == "names"
    press(page, "1")
    expect(row(page, "names").locator(".nbt-marking")).to_be_visible()
    row(page, "species").get_by_role("button", name="jay").click()
    press(page, "Control+Enter")
    (value,) = values(page)
    assert value["species"] == "jay"
    assert [span["option"] for span in value["names"]["spans"]] == ["bird"]


def dragged(page: Page, *places: tuple[float, float]) -> None:
    """Drag over the picture, between places given as shares of the stage."""
    box = page.locator(".nbt-stage").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_picture_is_drawn_on_only_where_that_is_asked(mock: Open) -> None:
    page = mock(SPECIES, BOXES, kind="image")
    dragged(page, (0.3, 0.3), (0.6, 0.6))
    press(page, "1", "Enter")
    shows(page, 1)
    press(page, "2")
    assert here(page) == "where"
    dragged(page, (0.3, 0.3), (0.6, 0.6))
    assert here(page) == "where"
    press(page, "2", "Control+z", "1", "Control+Enter")
    shows(page, 2)
    first, second = values(page)
    assert first == {"species": "jay"}
    assert second["species"] == "rook"
    assert [shape["label"] for shape in second["where"]["shapes"]] == ["head"]
    assert (second["where"]["width"], second["where"]["height"]) == (400, 300)


def test_a_recording_is_cut_beside_other_questions(mock: Open) -> None:
    page = mock(SPECIES, REGIONS, kind="audio")
    press(page, "1")
    assert here(page) == "calls"
    press(page, "x", "Control+Enter")
    shows(page, 1)
    assert [value["species"] for value in values(page)] == ["jay"]
    assert values(page)[0]["calls"]["regions"] == []


def test_two_answers_are_compared_in_several_respects_and_ranked(mock: Open) -> None:
    page = mock({"name": "truer", **PAIR}, {"name": "kinder", **PAIR}, ORDER, kind="record-pair")
    press(page, "1")
    page.locator(".nbt-candidate .nbt-scroll").first.click()
    press(page, "2", "1")
    expect(page.locator(".nbt-rank")).to_have_text(["1.", "2."])
    press(page, "Enter")
    (value,) = values(page)
    left = value["truer"]["left"]
    assert value["truer"] == {"better": left, "left": left}
    assert value["kinder"] == {"better": "a" if left == "b" else "b", "left": left}
    assert value["order"]["shown"] == value["order"]["ranking"], "the first one was pressed first"
    assert sorted(value["order"]["ranking"]) == ["answer_a", "answer_b"]


def standing(page: Page) -> list[str]:
    """Which answers stand on the screen, from the left: their texts say it."""
    texts = page.locator(".nbt-candidate-body").all_inner_texts()
    return [f"answer_{text.split(': ')[0][-1].lower()}" for text in texts]


def test_what_is_compared_and_ranked_stands_as_both_say_it_does(mock: Open) -> None:
    fields = ({"name": "truer", **PAIR}, ORDER)
    page = mock(*fields, kind="record-pair", n=6)
    seen = []
    for number in range(6):
        shows(page, number)
        seen.append(standing(page))
        press(page, "1", "1", "Enter")
    said = values(page)
    assert [value["order"]["shown"] for value in said] == seen
    assert [f"answer_{value['truer']['left']}" for value in said] == [first for first, _ in seen]
    assert {first for first, _ in seen} == {"answer_a", "answer_b"}
    # What was said elsewhere may say otherwise: a side is then what stands there all the same.
    page.evaluate(
        """() => {
          const acts = JSON.parse(localStorage.getItem("mock-saved"));
          for (const { value } of acts) value.order.shown.reverse();
          localStorage.setItem("mock-saved", JSON.stringify(acts));
        }"""
    )
    page = mock(*fields, kind="record-pair", n=6, mode="review", like=page)
    assert standing(page) == seen[0]
    expect(page.locator(".nbt-candidate").first).to_have_attribute("data-side", "left")
    expect(page.locator(".nbt-candidate-head").first).to_contain_text("Left")


def test_review_shows_what_was_said_and_confirms_or_corrects_it(mock: Open) -> None:
    page = mock(SPECIES, AGE, n=2)
    press(page, "2", "5", "Enter", "1", "Enter")
    waiting(page, 0)
    page = mock(SPECIES, AGE, n=2, mode="review", like=page)
    expect(row(page, "species").locator("[aria-pressed=true]")).to_have_text("2rook")
    expect(row(page, "age").locator("input")).to_have_value("5")
    press(page, "Control+Enter")
    shows(page, 1)
    press(page, "2", "6", "Enter")
    expect(page.get_by_text("All reviewed")).to_be_visible()
    assert values(page)[2:] == [{"species": "rook", "age": 5}, {"species": "rook", "age": 6}]


def test_the_layout_stays_when_fields_come_and_the_next_item_does(mock: Open) -> None:
    page = mock()
    places = []
    for key in ("", "2", "Space"):
        if key:
            press(page, key)
        presented(page)
        places.append([page.locator(name).bounding_box() for name in (".nbt-stage", ".nbt-actions")])
    assert places[0] == places[1] == places[2]
    stage, form = (page.locator(name).bounding_box() for name in (".nbt-stage", ".nbt-editor"))
    assert stage is not None
    assert form is not None
    assert form["x"] >= stage["x"] + stage["width"], "beside the item"


def test_the_keys_of_its_kinds_are_listed(mock: Open) -> None:
    page = mock()
    press(page, "?")
    expect(page.get_by_text("submit, from any field")).to_be_visible()
    expect(page.locator(".nbt-keys").get_by_text("none of these")).to_be_visible()


def test_axe_finds_nothing(mock: Open) -> None:
    for page in (mock(), mock(SPECIES, NAMES), mock({"name": "truer", **PAIR}, ORDER, kind="record-pair")):
        press(page, "2")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, context=".nbt-labeler").response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_sound_that_is_not_marked_is_played_as_for_other_kinds(mock: Open) -> None:
    page = mock(SPECIES, kind="audio")
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.locator(".nbt-track")).to_have_count(0)
    page = mock(SPECIES, REGIONS, kind="audio")
    expect(page.locator(".nbt-track .nbt-shape")).to_be_visible()
    press(page, "Space")
    expect(page.locator(".nbt-play")).to_contain_text("Pause")
