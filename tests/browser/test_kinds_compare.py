"""The editors of `compare` and `rank` on a mock kernel: by keys, mouse, drag and touch; undo and review."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import Open, open_mock, presented, press, saved, shows, waiting
from tests.browser.pages import Visitor

PAIR = {"of": ["answer_a", "answer_b"], "shows": "text", "tie": True, "bad": True, "strength": None}
FOUR = {"of": [f"answer_{one}" for one in "abcd"], "shows": "text", "ties": True, "top": None, "shuffle": True}


@pytest.fixture
def pair(visitor: Visitor) -> Open:
    """Open the mock page with a task of kind `compare`: ``pair(n=4, strength=["slightly", "much"])``."""

    def opened(**more: Any) -> Page:
        settings = {name: more.pop(name) for name in PAIR if name in more}
        query = {"task": "compare", "options": "", "kind": "record-pair", "n": 6, **more}
        return open_mock(visitor, settings=json.dumps({**PAIR, **settings}), **query)

    return opened


@pytest.fixture
def four(visitor: Visitor) -> Open:
    """Open the mock page with a task of kind `rank`: ``four(top=2)``."""

    def opened(**more: Any) -> Page:
        settings = {name: more.pop(name) for name in FOUR if name in more}
        query = {"task": "rank", "options": "", "kind": "record-four", "n": 4, **more}
        return open_mock(visitor, settings=json.dumps({**FOUR, **settings}), **query)

    return opened


def values(page: Page) -> list[Any]:
    waiting(page, 0)
    return [act["value"] for act in saved(page)]


def ranked(there: list[str], *ranking: Any) -> dict[str, Any]:
    """Return the value that ranks candidates which stood in some order."""
    return {"ranking": list(ranking), "shown": there}


def sides(page: Page) -> list[str]:
    """Which candidates stand on the screen, from the left: their texts say it."""
    bodies = page.locator(".nbt-candidate-body").all_inner_texts()
    return [body.split(": ")[0].split(". ")[-1].lower() for body in bodies]


def test_keys_follow_what_is_on_the_screen_and_the_side_is_recorded(pair: Open) -> None:
    page = pair(n=12)
    seen = []
    for number in range(12):
        shows(page, number)
        seen.append(sides(page))
        press(page, "1" if number % 2 == 0 else "2")
    expected = [{"better": each[number % 2], "left": each[0]} for number, each in enumerate(seen)]
    assert values(page) == expected
    assert {each[0] for each in seen} == {"a", "b"}, "each of them stands on the left now and then"
    expect(page.get_by_text("All 12 labeled")).to_be_visible()


def test_ties_and_both_bad_can_be_said_unless_they_are_switched_off(pair: Open) -> None:
    page = pair()
    press(page, "3", "4")
    assert [value["better"] for value in values(page)] == ["tie", "bad"]
    page = pair(tie=False, bad=False)
    assert page.locator(".nbt-option").all_inner_texts() == ["1\nLeft is better", "2\nRight is better"]


def test_strengths_stand_from_the_left_to_the_right(pair: Open) -> None:
    page = pair(strength=["slightly", "much"], bad=False)
    names = [text.split("\n")[1] for text in page.locator(".nbt-option").all_inner_texts()]
    assert names == [
        "Left is much better",
        "Left is slightly better",
        "Tie",
        "Right is slightly better",
        "Right is much better",
    ]
    first = sides(page)
    press(page, "5")
    assert values(page) == [{"better": first[1], "left": first[0], "strength": 2}]


def test_undo_reload_and_review_show_the_same_sides(pair: Open) -> None:
    page = pair(n=3)
    before = sides(page)
    press(page, "2", "u")
    shows(page, 0)
    assert sides(page) == before
    press(page, "2")
    waiting(page, 0)
    page = pair(n=3, mode="review", like=page)
    assert sides(page) == before
    expect(page.locator(".nbt-option[aria-pressed=true]")).to_have_attribute("data-value", "right")
    press(page, "Enter")
    assert values(page)[-1] == {"better": before[1], "left": before[0]}


def test_pictures_stand_side_by_side_and_zoom_together(pair: Open) -> None:
    page = pair(kind="record-pictures", of=["image_a", "image_b"])
    expect(page.locator(".nbt-candidate canvas")).to_have_count(2)
    press(page, "+")
    expect(page.locator(".nbt-zoomed")).to_have_count(2)
    press(page, "1")
    assert values(page)[0]["better"] == values(page)[0]["left"]


def test_long_answers_are_read_beside_each_other_by_keys(pair: Open) -> None:
    page = pair(repeat=200)
    press(page, "PageDown")
    tops = page.locator(".nbt-candidate .nbt-scroll").evaluate_all("(all) => all.map((each) => each.scrollTop)")
    assert tops[0] == tops[1] > 0
    page.locator(".nbt-candidate .nbt-scroll").nth(1).click()
    first = sides(page)
    press(page, "2")
    assert values(page) == [{"better": first[1], "left": first[0]}]


def test_by_mouse_and_by_touch_one_above_the_other(pair: Open) -> None:
    for phone in (False, True):
        page = pair(phone=phone)
        first = sides(page)
        option = page.locator(".nbt-option[data-value=right]")
        assert option.inner_text().split("\n")[-1].strip() == ("Lower is better" if phone else "Right is better")
        (option.tap if phone else option.click)()
        shows(page, 1)
        assert values(page) == [{"better": first[1], "left": first[0]}]


def test_digits_rank_in_the_order_in_which_they_are_pressed(four: Open) -> None:
    page = four()
    there = [f"answer_{one}" for one in sides(page)]
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("rank 4 more, or skip")
    press(page, "3", "1", "4")
    expect(page.locator(".nbt-rank")).to_have_text(["1.", "2.", "3.", "4."])
    assert sides(page) == [one[-1] for one in there], "what is read stays where it is"
    press(page, "Enter")
    shows(page, 1)
    assert values(page) == [ranked(there, there[2], there[0], there[3], there[1])]


def test_the_order_in_which_candidates_stood_is_recorded_and_shown_again(four: Open) -> None:
    page = four(n=4)
    stood = []
    for number in range(4):
        shows(page, number)
        stood.append([f"answer_{one}" for one in sides(page)])
        press(page, "1", "2", "3", "Enter")
    assert [value["shown"] for value in values(page)] == stood
    assert [value["ranking"] for value in values(page)] == stood
    assert len({tuple(each) for each in stood}) > 1, "it is drawn anew for each item"
    page = four(n=4, mode="review", name="ben", like=page)
    assert [f"answer_{one}" for one in sides(page)] == stood[0], "as they stood for whoever ranked them"
    press(page, "Enter")
    assert values(page)[-1] == ranked(stood[0], *stood[0])


def test_an_order_that_does_not_say_how_they_stood_is_read_as_before(four: Open) -> None:
    page = four(n=1, ties=False)
    there = [f"answer_{one}" for one in sides(page)]
    press(page, "1", "2", "3", "Enter")
    waiting(page, 0)
    page.evaluate(
        """() => {
          const [act] = window.mock.kernel.saved;
          const older = { ...act, value: act.value.ranking };
          localStorage.setItem("mock-saved", JSON.stringify([older]));
        }"""
    )
    page = four(n=1, ties=False, mode="review", like=page)
    assert [f"answer_{one}" for one in sides(page)] == there
    expect(page.locator(".nbt-rank")).to_have_text(["1.", "2.", "3.", "4."])
    press(page, "Enter")
    assert values(page)[-1] == there


def test_keys_move_tie_and_take_back(four: Open) -> None:
    page = four()
    there = [f"answer_{one}" for one in sides(page)]
    press(page, "1", "2", "3", "ArrowUp", "Shift+ArrowUp", "ArrowDown", "ArrowDown", "=", "Enter")
    assert values(page) == [ranked(there, there[1], [there[0], there[2]], there[3])]
    press(page, "u", "Control+z", "Enter")
    assert values(page)[-1] == ranked(there, there[1], there[0], there[2], there[3])


def test_rows_are_dragged(four: Open) -> None:
    page = four(ties=False)
    there = [f"answer_{one}" for one in sides(page)]
    press(page, "1", "2", "3")
    rows = page.locator(".nbt-ranking li")
    source, target = (rows.nth(n).locator(".nbt-rank").bounding_box() for n in (3, 0))
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + 8, source["y"] + source["height"] / 2)
    page.mouse.down()
    page.mouse.move(target["x"] + 8, target["y"] + 4, steps=4)
    expect(page.locator(".nbt-here-above")).to_have_count(1)
    page.mouse.up()
    press(page, "Enter")
    assert values(page) == [ranked(there, there[3], there[0], there[1], there[2])]


def test_a_top_few_and_fixed_options(four: Open) -> None:
    page = four(of=None, shuffle=False, top=2, ties=False, options="jay,rook,magpie,crow", kind="text")
    press(page, "4", "2", "1")
    expect(page.locator(".nbt-note-text")).to_contain_text("take one back first")
    press(page, "Backspace", "1", "Enter")
    assert values(page) == [["crow", "jay"]]


def test_by_touch_and_in_review(four: Open) -> None:
    page = four(phone=True, n=1)
    there = [f"answer_{one}" for one in sides(page)]
    for row in (1, 2, 3):
        page.locator(".nbt-ranking .nbt-option").nth(row).tap()
    page.get_by_role("button", name="move up").nth(1).tap()
    page.get_by_role("button", name="Submit").tap()
    first = values(page)
    assert sorted(first[0]["ranking"]) == sorted(there) == sorted(first[0]["shown"])
    page = four(n=1, mode="review", like=page)
    press(page, "Enter")
    expect(page.get_by_text("All reviewed")).to_be_visible()
    assert values(page) == [*first, *first]


def test_axe_finds_nothing(pair: Open, four: Open) -> None:
    for page in (pair(), pair(repeat=200), four(), pair(kind="record-pictures", of=["image_a", "image_b"])):
        press(page, "1")
        presented(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, context=".nbt-labeler").response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
