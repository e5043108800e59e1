"""The editor of `spans` on a mock kernel: marked, nested, related, resized, taken back; by keys, mouse and touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nbtools.labels.kinds.base import text_hash
from tests.browser.mocked import Open, open_mock, presented, press, saved, shows, waiting
from tests.browser.pages import Visitor

SETTINGS = {"snap": "word", "overlap": True, "relations": ["eats", "sees"]}
BIRDS = "The jay 🐦 and 👩‍👩‍👧 see the rook, far off."
JAY, ROOK = {"start": 4, "end": 7, "option": "bird"}, {"start": 28, "end": 32, "option": "bird"}


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of kind `spans`, some settings given: ``mock(words="…", snap="character")``."""

    def opened(**more: Any) -> Page:
        settings = {name: more.pop(name, value) for name, value in SETTINGS.items()}
        query = {"task": "spans", "options": "bird,person", "title": "Names", "words": BIRDS, "n": 5, **more}
        return open_mock(visitor, settings=json.dumps(settings), **query)

    return opened


def value(page: Page, at: int = -1) -> Any:
    waiting(page, 0)
    return saved(page)[at]["value"]


def marked(page: Page) -> list[dict[str, Any]]:
    """Submit, and return the spans without their ids."""
    press(page, "Enter")
    return [{key: one[key] for key in ("start", "end", "option")} for one in value(page)["spans"]]


def rows(page: Page) -> list[str]:
    return [row.inner_text().replace("\n", " ") for row in page.locator(".nbt-span").all()]


def word(page: Page, start: int, end: int) -> dict[str, float]:
    """Return where a part of the text lies, in UTF-16 units."""
    found: dict[str, float] = page.evaluate(
        """([start, end]) => {
          const range = document.createRange();
          const node = document.querySelector(".nbt-text").firstChild;
          range.setStart(node, start);
          range.setEnd(node, end);
          const { left, right, top, bottom } = range.getBoundingClientRect();
          return { left, right, x: (left + right) / 2, y: (top + bottom) / 2 };
        }""",
        [start, end],
    )
    return found


def click(page: Page, start: int, end: int) -> None:
    at = word(page, start, end)
    page.mouse.click(at["x"], at["y"])


def painted(page: Page) -> dict[str, int]:
    """Return how many ranges each highlight has, by the end of its name."""
    found: dict[str, int] = page.evaluate(
        """() => {
          const ending = (name) => name.split("-").slice(2).join("-");
          return Object.fromEntries([...CSS.highlights].map(([name, { size }]) => [ending(name), size]));
        }"""
    )
    return found


def test_words_are_marked_by_keys_and_kept_in_code_points(mock: Open) -> None:
    page = mock()
    press(page, "e", "ArrowRight", "Shift+ArrowRight", "1")
    press(page, "ArrowRight", "ArrowRight", "Shift+ArrowRight", "2")
    assert rows(page) == ["bird “jay”", "person “👩‍👩‍👧”"]
    press(page, "Enter")
    assert value(page) == {
        "text_hash": text_hash(BIRDS),
        "spans": [{"id": "s1", **JAY}, {"id": "s2", "start": 14, "end": 19, "option": "person"}],
        "relations": [],
    }
    shows(page, 1)
    press(page, "Shift+ArrowRight", "1")
    assert marked(page) == [{"start": 0, "end": 3, "option": "bird"}]
    press(page, "Escape", "ArrowLeft")
    shows(page, 1)


def test_characters_are_marked_where_nothing_snaps_and_emoji_stay_whole(mock: Open) -> None:
    page = mock(snap="character", words="👩‍👩‍👧e\u0301🐦")
    press(page, "Shift+ArrowRight", "1", "e", "ArrowRight", "Shift+ArrowRight", "2")
    assert marked(page) == [
        {"start": 0, "end": 5, "option": "bird"},
        {"start": 5, "end": 7, "option": "person"},
    ]


def test_arrows_go_where_they_point_from_right_to_left(mock: Open) -> None:
    page = mock(words="שלום עולם")
    press(page, "e", "Shift+ArrowLeft", "1", "ArrowLeft", "Shift+ArrowRight", "2")
    assert marked(page) == [
        {"start": 0, "end": 4, "option": "bird"},
        {"start": 5, "end": 9, "option": "person"},
    ]


def test_lines_are_gone_up_and_down_and_keys_that_are_not_used_stay_the_items(mock: Open) -> None:
    page = mock(words="one two\nthree four")
    press(page, "ArrowRight")
    press(page, "e", "ArrowDown", "Shift+ArrowRight", "1")
    assert marked(page) == [{"start": 8, "end": 13, "option": "bird"}]
    press(page, "ArrowDown", "Shift+ArrowUp", "Escape", "Escape", "Space")
    waiting(page, 0)
    assert saved(page)[-1]["status"] == "skipped"


def test_spans_are_gone_through_resized_changed_and_removed_and_keep_their_ids(mock: Open) -> None:
    page = mock()
    press(page, "e", "ArrowRight", "Shift+ArrowRight", "1", "Shift+ArrowRight", "2", "Tab")
    expect(page.locator(".nbt-span").first).to_be_focused()
    press(page, "Tab")
    expect(page.locator(".nbt-span").last).to_have_attribute("aria-pressed", "true")
    press(page, "Shift+Tab", "Shift+ArrowRight", "Shift+ArrowRight", "Control+Shift+ArrowLeft", "2")
    assert rows(page) == ["person “The jay 🐦 and”", "person “🐦”"]
    press(page, "u", "u")
    assert rows(page) == ["bird “jay”", "person “🐦”"], "steps of one end are taken back together"
    press(page, "Control+y", "Tab", "Delete")
    assert rows(page) == ["bird “The jay 🐦 and”"]
    expect(page.locator(".nbt-span")).to_be_focused()
    press(page, "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft")
    expect(page.locator(".nbt-note-text")).to_contain_text("cannot be shorter")
    press(page, "Enter")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    press(page, "Enter")
    assert value(page)["spans"] == [{"id": "s1", "start": 0, "end": 3, "option": "bird"}]


def test_escape_lets_go_of_a_row_and_of_its_keys(mock: Open) -> None:
    page = mock()
    press(page, "e", "Shift+ArrowRight", "1", "Tab", "2", "Escape")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    press(page, "Enter")
    assert value(page)["spans"] == [{"id": "s1", "start": 0, "end": 3, "option": "person"}]


def test_the_caret_stays_with_its_word_where_lines_break_elsewhere(mock: Open) -> None:
    page = mock(words="one two three four " * 20)
    press(page, "e", *["ArrowRight"] * 34)
    end = len("one two three four ") * 8 + len("one tw")
    beside = """(left) => {
      const caret = document.querySelector(".nbt-caret").getBoundingClientRect();
      return Math.abs(caret.left - left) < 3;
    }"""
    before = word(page, end, end + 1)["right"]
    page.wait_for_function(beside, arg=before)
    page.set_viewport_size({"width": 420, "height": 800})
    assert word(page, end, end + 1)["right"] != before
    page.wait_for_function(beside, arg=word(page, end, end + 1)["right"])


def test_nothing_is_removed_to_nothing_said_and_no_spans_are_an_answer(mock: Open) -> None:
    page = mock()
    press(page, "1")
    expect(page.locator(".nbt-note-text")).to_have_text("select a part of the text first")
    press(page, "Shift+ArrowRight", "1", ".", "Delete", "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("mark a span, or say “no spans”, or skip")
    press(page, "x")
    assert value(page) == {"text_hash": text_hash(BIRDS), "spans": [], "relations": []}
    shows(page, 1)


def test_a_drag_marks_whole_words_and_spans_nest(mock: Open) -> None:
    page = mock()
    start, end = word(page, 5, 6), word(page, 30, 31)
    page.mouse.move(start["x"], start["y"])
    page.mouse.down()
    page.mouse.move(end["x"], end["y"], steps=4)
    page.mouse.up()
    assert painted(page) == {"selected": 1}
    page.get_by_role("button", name="person").click()
    click(page, 4, 7)
    expect(page.locator(".nbt-span[aria-pressed=true]")).to_have_count(1)
    click(page, 4, 7)
    page.get_by_role("button", name="bird").first.click()
    assert painted(page) == {"1-0": 1, "0-1": 1}
    assert rows(page) == ["person “jay 🐦 and 👩‍👩‍👧 see the”", "bird “jay”"]
    assert marked(page)[1] == JAY
    assert painted(page) == {}, "the next item has none"


def test_spans_do_not_overlap_where_they_may_not(mock: Open) -> None:
    page = mock(overlap=False)
    press(page, "Shift+ArrowRight", "1", "e", "Shift+ArrowRight", "2")
    expect(page.locator(".nbt-note-text")).to_have_text("spans do not overlap here")
    assert rows(page) == ["bird “The”"]


def test_relations_go_from_one_span_to_another(mock: Open) -> None:
    page = mock()
    press(page, "e", "Shift+ArrowRight", "1", "Shift+ArrowRight", "1", ",", "3", ",", "3")
    expect(page.locator(".nbt-span").last).to_have_text("eatsbird “jay” → bird “The”")
    press(page, ".")
    page.get_by_role("button", name="sees").click()
    click(page, 0, 3)
    press(page, "Enter")
    assert [tuple(each.values()) for each in value(page)["relations"]] == [("eats", "s2", "s1"), ("sees", "s2", "s1")]


def test_words_are_tapped_and_a_second_tap_widens(mock: Open) -> None:
    page = mock(phone=True)
    for start, end in ((4, 7), (8, 10)):
        at = word(page, start, end)
        page.touchscreen.tap(at["x"], at["y"])
    presented(page)
    page.get_by_role("button", name="bird").first.tap()
    at = word(page, 4, 7)
    page.touchscreen.tap(at["x"], at["y"])
    page.get_by_role("button", name="End ←").tap()
    expect(page.locator(".nbt-span")).to_have_text("bird“jay”")
    presented(page)
    page.get_by_role("button", name="Submit").tap()
    assert value(page)["spans"] == [{"id": "s1", **JAY}]


def test_review_shows_what_was_marked_and_a_changed_text_is_told(mock: Open) -> None:
    page = mock(n=1)
    press(page, "Shift+ArrowRight", "1", "Enter")
    waiting(page, 0)
    page = mock(n=1, mode="review", like=page)
    assert rows(page) == ["bird “The”"]
    other = mock(n=1, mode="review", like=page, words="quite another text")
    expect(other.locator(".nbt-selected")).to_contain_text("of another text")
    assert painted(other) == {}
    press(other, "Shift+ArrowRight", "1", "Escape", ".", "Delete", "Shift+ArrowRight", "1", "Enter")
    assert value(other) == {
        "text_hash": text_hash("quite another text"),
        "spans": [{"id": "s1", "start": 0, "end": 5, "option": "bird"}],
        "relations": [],
    }


def test_two_views_and_the_end_of_one_leave_each_other_alone(mock: Open) -> None:
    page = mock(views=2)
    press(page, "Shift+ArrowRight", "1")
    assert page.evaluate("() => CSS.highlights.size") == 2
    page.evaluate("() => window.mock.views[1]()")
    assert page.evaluate("() => CSS.highlights.size") == 1


def test_a_drag_is_read_in_a_shadow_root_too(mock: Open) -> None:
    page = mock()
    page.evaluate(
        """() => {
          window.mock.views[0]();
          const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
          window.mock.render(root);
        }"""
    )
    text = page.locator(".nbt-item[data-item-id] .nbt-text")
    text.wait_for()
    at = text.evaluate(
        """(element) => {
          const range = document.createRange();
          range.setStart(element.firstChild, 5);
          range.setEnd(element.firstChild, 9);
          const { left, right, top } = range.getBoundingClientRect();
          return { left, right, y: top + 8 };
        }"""
    )
    page.mouse.move(at["left"], at["y"])
    page.mouse.down()
    page.mouse.move(at["right"], at["y"], steps=3)
    page.mouse.up()
    expect(page.locator(".nbt-selected")).to_have_text("“jay 🐦”: choose an option")
    page.get_by_role("button", name="bird").first.click()
    page.mouse.click(at["left"], at["y"])
    expect(page.locator(".nbt-span[aria-pressed=true]")).to_have_text("bird“jay 🐦”")


def test_a_long_text_lies_in_blocks_and_offsets_go_through_them(mock: Open) -> None:
    words = "\n".join(f"{number}. the jay 🐦 calls" for number in range(900))
    page = mock(words=words)
    assert page.locator(".nbt-block").count() > 1
    page.evaluate(
        """() => {
          const node = document.querySelectorAll(".nbt-block")[1].firstChild;
          node.parentElement.scrollIntoView();
          document.getSelection().setBaseAndExtent(node, 3, node, 8);
        }"""
    )
    expect(page.locator(".nbt-selected")).to_contain_text("choose an option")
    selected = page.locator(".nbt-selected").inner_text()
    press(page, "1")
    (one,) = marked(page)
    assert f"“{words[one['start'] : one['end']]}”: choose an option" == selected


def test_axe_finds_nothing(mock: Open) -> None:
    page = mock()
    press(page, "e", "Shift+ArrowRight", "1", "Shift+ArrowRight", "2", ".", "3", ",", "3", ".")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-labeler").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_one_of_very_many_options_is_found_by_typing(mock: Open) -> None:
    many = ",".join([*(f"kind {number:02}" for number in range(40)), "Saatkrähe"])
    page = mock(options=many, relations=[])
    expect(page.locator(".nbt-editor .nbt-option")).to_have_count(12)
    page.mouse.dblclick(word(page, 4, 7)["x"], word(page, 4, 7)["y"])
    press(page, "/")
    page.keyboard.type("krah")
    expect(page.locator(".nbt-found")).to_have_text("Enter: Saatkrähe")
    press(page, "Enter")
    expect(page.locator(".nbt-span")).to_have_count(1)
    press(page, "Escape", ".", "/")
    page.keyboard.type("kind 07")
    press(page, "Enter", "Escape")
    assert marked(page) == [{"start": 4, "end": 7, "option": "kind 07"}]
