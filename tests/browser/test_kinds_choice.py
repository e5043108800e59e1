"""Options in groups, with pictures, and more of them than keys: by keys, mouse and touch."""

from __future__ import annotations

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import Open, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import Visitor

GROUPED = "jay||corvids|x,rook||corvids,none of these,tit||songbirds,magpie||corvids"
MANY = ",".join([*(f"bird {number:02}" for number in range(40)), "Saatkrähe", "Eichelhäher||Raben"])


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(options="jay,rook")``."""
    return partial(open_mock, visitor)


def values(page: Page) -> list[object]:
    waiting(page, 0)
    return [act["value"] for act in saved(page)]


def test_groups_stand_under_their_names_and_keys_follow_what_is_seen(mock: Open) -> None:
    page = mock(options=GROUPED)
    corvids = page.get_by_role("group", name="corvids")
    expect(corvids.locator(".nbt-option")).to_have_text(["1jay", "2rook", "3magpie"])
    expect(corvids.locator("img")).to_have_count(1)
    press(page, "3", "4", "5")
    presented(page)
    page.get_by_role("group", name="songbirds").get_by_role("button").click()
    assert values(page) == ["magpie", "none of these", "tit", "tit"]


def test_very_many_are_found_by_typing_the_last_chosen_first(mock: Open) -> None:
    page = mock(options=MANY, n=9)
    expect(page.locator(".nbt-option")).to_have_count(12)
    press(page, "/")
    page.keyboard.type("krah")
    expect(page.locator(".nbt-found")).to_have_text("Enter: Saatkrähe")
    press(page, "Enter")
    shows(page, 1)
    presented(page)
    page.keyboard.type("rabe")
    press(page, "Enter", "2", "Space")
    shows(page, 4)
    expect(page.locator(".nbt-option").first).to_have_text("1Saatkrähe")
    press(page, "Escape", "u", "Space")
    assert values(page) == ["Saatkrähe", "Eichelhäher", "Saatkrähe", None, None, None]
    again = mock(options=MANY, n=9, like=page)
    expect(again.locator(".nbt-option").nth(1)).to_have_text("2Eichelhäher")


def test_what_nothing_is_called_is_not_sent(mock: Open) -> None:
    page = mock(options=MANY)
    page.locator(".nbt-find").fill("ostrich")
    expect(page.locator(".nbt-found")).to_have_text("none is called so")
    press(page, "Enter")
    assert (shown(page), values(page)) == (0, [])


def test_several_of_very_many(mock: Open) -> None:
    page = mock(options=MANY, task="choices")
    press(page, "/")
    page.keyboard.type("bird 3")
    press(page, "Enter")
    expect(page.locator(".nbt-chosen .nbt-option")).to_have_text("bird 30")
    page.keyboard.type("bird 0")
    press(page, "ArrowDown", "ArrowDown", "ArrowUp", "Enter")
    page.keyboard.type("krah")
    press(page, "Enter")
    page.keyboard.type("bird 39")
    press(page, "Enter")
    page.locator(".nbt-chosen").get_by_role("button", name="bird 39").click()
    page.locator(".nbt-find").focus()
    press(page, "Enter")
    shows(page, 1)
    expect(page.locator(".nbt-chosen .nbt-option")).to_have_count(0)
    press(page, "Escape", "x")
    shows(page, 2)
    assert values(page) == [["bird 01", "bird 30", "Saatkrähe"], []]


@pytest.mark.parametrize(("task", "keys", "value"), [("choice", ["2"], "rook"), ("choices", ["2", "Enter"], ["rook"])])
def test_an_option_that_was_split_since_is_not_confirmed_but_asked_for_anew(
    mock: Open, task: str, keys: list[str], value: object
) -> None:
    page = mock(options="corvid,magpie", n=2, task=task)
    press(page, *("1", "Enter")[: len(keys)])
    waiting(page, 0)
    page = mock(options="jay,rook,magpie", n=2, task=task, mode="review", like=page)
    press(page, "Enter")
    expect(page.locator(".nbt-note-text")).to_have_text("“corvid” is not offered any more: choose another")
    assert shown(page) == 0
    press(page, *keys)
    assert values(page)[-1] == value


def test_by_touch(mock: Open) -> None:
    page = mock(options=MANY, phone=True)
    page.locator(".nbt-find").tap()
    page.keyboard.type("eich")
    presented(page)
    page.get_by_role("button", name="Eichelhäher").tap()
    assert values(page) == ["Eichelhäher"]


def test_on_a_phone_what_ends_an_item_is_in_sight_however_many_options_there_are(mock: Open) -> None:
    page = mock(options=",".join(f"bird {number}" for number in range(28)), task="choices", phone=True)
    submit = page.get_by_role("button", name="Submit")
    expect(submit).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="bird 27").tap()
    expect(submit).to_be_in_viewport(ratio=1)
    submit.tap()
    assert values(page) == [["bird 27"]]


@pytest.mark.parametrize("options", [GROUPED, MANY])
def test_axe_finds_nothing(mock: Open, options: str) -> None:
    page = mock(options=options, task="choices")
    press(page, "1")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-labeler").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
