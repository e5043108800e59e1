"""What a freeze and a restore from a VersionBrowser ask and show before they are made, on a mock kernel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import asked, open_versions
from tests.browser.pages import Visitor, picture_all

Open = Callable[..., Page]


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(kind="audio", n=20)``."""
    return partial(open_versions, visitor)


def test_a_freeze_shows_what_would_change_and_the_new_version_appears(mock: Open) -> None:
    page = mock(nobody=1)
    page.get_by_role("button", name="Freeze…").click()
    expect(page.locator(".nbt-preview")).to_contain_text("since v3: + 12 relabeled 4")
    page.keyboard.type("after the walk")
    page.get_by_role("textbox", name="by").fill("ben")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text("v4 is made.")
    expect(page.locator('[data-version="v4"]')).to_be_visible()
    page.get_by_role("button", name="Look at v4").click()
    expect(page.locator('[data-version="v4"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".nbt-panel")).to_be_hidden()
    page.get_by_role("button", name="Freeze…").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="what it is")).to_be_focused()
    page.keyboard.type(" ")
    page.get_by_role("textbox", name="by").fill("ben")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("a version needs a message")


def test_a_freeze_without_a_name_asks_for_it_and_sends_nothing(mock: Open) -> None:
    page = mock(nobody=1)
    page.get_by_role("button", name="Freeze…").click()
    page.keyboard.type("after the walk")
    page.keyboard.press("Enter")
    name = page.get_by_role("textbox", name="by")
    expect(name).to_be_focused()
    assert name.evaluate("(field) => field.validity.valueMissing")
    assert asked(page, "start") == 1, "nothing was begun but the preview"
    page.keyboard.type("ben")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text("v4 is made.")


def test_a_freeze_of_some_items_and_tasks_is_seen_before_it_is_made(mock: Open) -> None:
    page = mock(tasks=2)
    page.get_by_role("button", name="Freeze…").click()
    preview = page.locator(".nbt-preview")
    expect(preview).to_contain_text("since v3: + 12 relabeled 4")
    page.keyboard.type("some")
    page.get_by_role("textbox", name="only items for which").fill("site = 'north'")
    page.keyboard.press("Tab")
    expect(preview).to_contain_text("since v3: + 3")
    expect(page.get_by_role("textbox", name="what it is")).to_have_value("some")
    expect(page.get_by_role("checkbox", name="species")).to_be_focused()
    page.keyboard.press("Tab")
    age = page.get_by_role("checkbox", name="age")
    page.keyboard.press("Space")
    expect(age).not_to_be_checked()
    expect(preview).to_contain_text("species: 500 labeled")
    expect(age).to_be_focused()
    expect(age).not_to_be_checked()
    results = Axe().run(page, context=".nbt-versions")
    assert results.violations_count == 0, results.generate_report()
    picture_all(page, "freeze-some")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text("v4 is made.")
    got = page.evaluate("() => window.mock.kernel.got.filter(({ do: what }) => what === 'freeze')[0]")
    assert (got["where"], got["tasks"], got["message"]) == ("site = 'north'", ["species"], "some")


def test_what_is_listed_is_frozen_only_if_asked(mock: Open) -> None:
    page = mock()
    page.get_by_role("button", name="Freeze…").click()
    expect(page.locator(".nbt-preview")).to_contain_text("since v3: + 12")
    expect(page.get_by_role("button", name="as listed")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="site north").click()
    page.get_by_role("button", name="Freeze…").click()
    field = page.get_by_role("textbox", name="only items for which")
    expect(page.locator(".nbt-preview")).to_contain_text("since v3: + 12")
    expect(field).to_have_value("")
    page.get_by_role("button", name="as listed").click()
    expect(page.locator(".nbt-preview")).to_contain_text("since v3: + 3")
    expect(field).to_have_value("\"site\" = 'north'")
    results = Axe().run(page, context=".nbt-versions")
    assert results.violations_count == 0, results.generate_report()
    picture_all(page, "freeze-listed")
    page.get_by_role("textbox", name="what it is").fill("the north")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text("v4 is made.")
    got = page.evaluate("() => window.mock.kernel.got.filter(({ do: what }) => what === 'freeze')[0]")
    assert got["where"] == "\"site\" = 'north'"


def test_what_is_listed_of_a_difference_is_not_offered_to_be_frozen(mock: Open) -> None:
    page = mock()
    page.get_by_role("button", name="site north").click()
    page.locator('[data-version="v1"]').click(modifiers=["Shift"])
    expect(page.get_by_role("grid", name="added in v3 since v1")).to_be_visible()
    page.get_by_role("button", name="Freeze…").click()
    expect(page.locator(".nbt-preview")).to_contain_text("since v3: + 12")
    expect(page.get_by_role("textbox", name="only items for which")).to_be_visible()
    expect(page.get_by_role("button", name="as listed")).to_have_count(0)


def test_how_answers_are_settled_is_asked_only_where_they_differ(mock: Open) -> None:
    page = mock()
    page.get_by_role("button", name="Freeze…").click()
    preview = page.locator(".nbt-preview")
    expect(preview).to_contain_text("since v3")
    which = page.get_by_role("combobox", name="where answers differ")
    expect(which).to_have_count(0)
    page = mock(differ=1)
    which = page.get_by_role("combobox", name="where answers differ")
    preview = page.locator(".nbt-preview")
    page.get_by_role("button", name="Freeze…").click()
    expect(preview).to_contain_text("Answers to species differ on 12 items")
    page.keyboard.type("settled")
    results = Axe().run(page, context=".nbt-versions")
    assert results.violations_count == 0, results.generate_report()
    picture_all(page, "freeze-unsettled")
    page.keyboard.press("Enter")
    expect(which).to_be_focused()
    assert asked(page, "start") == 1, "nothing was begun but the preview"
    which.select_option("what most say holds")
    expect(preview).to_contain_text("since v3: + 12 relabeled 4")
    expect(which).to_have_value("majority")
    page.get_by_role("textbox", name="only items for which").fill("site = 'north'")
    page.keyboard.press("Tab")
    expect(which).to_have_count(0)
    page.get_by_role("textbox", name="what it is").press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text("v4 is made.")
    got = page.evaluate("() => window.mock.kernel.got.filter(({ do: what }) => what === 'freeze')[0]")
    assert "truth" not in got, "what is asked no more is said no more"


def test_a_restore_names_a_folder_already_and_without_one_begins_nothing(mock: Open) -> None:
    page = mock()
    page.get_by_role("button", name="Restore…").click()
    folder = page.get_by_role("textbox", name="a folder")
    expect(folder).to_have_value("v3-files")
    folder.fill("")
    page.keyboard.press("Enter")
    assert folder.evaluate("(field) => field.validity.valueMissing")
    assert asked(page, "start") == 0
    folder.fill("out")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text("files written")
