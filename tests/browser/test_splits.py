"""A SplitBuilder on a mock kernel: shares, columns, refusals, saving; by keys, on a phone, for a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import PLAIN_HOST
from tests.browser.mocked import _serve
from tests.browser.pages import Visitor, picture_all

Open = Callable[..., Page]


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page: ``mock(phone=True, concerns=1)``."""

    def opened(*, phone: bool = False, **query: object) -> Page:
        page = visitor.open("about:blank", phone=phone)
        page.route(f"http://{PLAIN_HOST}/**", _serve)
        page.goto(f"http://{PLAIN_HOST}/splits.html?{urlencode(query)}")
        page.wait_for_function("() => window.mock")
        if query.get("versions") != 0:
            expect(page.locator(".nbt-summary")).not_to_be_empty()
        return page

    return opened


def shares(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator(".nbt-share").all()]


def wanted(page: Page) -> dict[str, Any]:
    """Return what the newest preview was asked for."""
    found: dict[str, Any] = page.evaluate(
        "() => window.mock.kernel.got.filter((m) => m.type === 'preview').at(-1).wanted"
    )
    return found


def state(page: Page) -> Locator:
    return page.locator(".nbt-state")


def settled(page: Page) -> None:
    expect(page.locator(".nbt-results")).not_to_have_attribute("aria-busy", "true")


def add(page: Page, what: str, column: str) -> None:
    page.get_by_role("group", name=what).get_by_role("button", name=column).click()
    settled(page)


def test_shares_add_up_to_a_hundred_by_slider_and_by_field(mock: Open) -> None:
    page = mock()
    assert shares(page) == ["80", "10", "10"]
    page.get_by_label("train: share").focus()
    page.keyboard.press("ArrowLeft")
    assert shares(page) == ["79", "10.5", "10.5"]
    page.keyboard.press("Shift+ArrowLeft")
    assert shares(page)[0] == "78.9"
    page.get_by_label("val in percent").fill("20")
    page.keyboard.press("Enter")
    assert shares(page)[1] == "20"
    assert sum(float(share) for share in shares(page)) == pytest.approx(100)
    page.get_by_label("test in percent").fill("none of it")
    page.keyboard.press("Tab")
    assert sum(float(share) for share in shares(page)) == pytest.approx(100), "what is no share is put back"
    settled(page)
    assert sum(part["share"] for part in wanted(page)["ratios"]) == 1000
    page.get_by_label("parts", exact=True).fill("train, holdout")
    page.keyboard.press("Tab")
    settled(page)
    assert [part["name"] for part in wanted(page)["ratios"]] == ["train", "holdout"]


def test_a_slider_pulled_to_its_end_and_back_is_as_before(mock: Open) -> None:
    page = mock()
    page.get_by_label("train: share").evaluate(
        """slider => { for (const value of [990, 998, 950, 800]) {
            slider.value = value; slider.dispatchEvent(new Event("input")); }
            slider.dispatchEvent(new Event("change")); }"""
    )
    assert shares(page) == ["80", "10", "10"]


def test_all_by_keys_alone(mock: Open) -> None:
    page = mock()
    page.locator(".nbt-splits").focus()
    for _ in range(60):
        if page.evaluate("() => document.activeElement.dataset.column") == "species":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    species = page.get_by_role("group", name="stratify by").get_by_role("button", name="species")
    expect(species).to_have_attribute("aria-pressed", "true")
    settled(page)
    expect(page.locator("[data-worst] .nbt-number")).to_have_text("80.0")
    page.get_by_label("message").focus()
    page.keyboard.type("by species")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-said")).to_have_text("saved as v2.2")
    saved = page.evaluate("() => window.mock.kernel.saved")
    assert (saved[0]["message"], saved[0]["wanted"]["stratify"], saved[0]["version"]) == (
        "by species",
        ["species"],
        "v2",
    )
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement === document.body")


def test_a_refusal_stands_beside_its_control_and_moves_nothing(mock: Open) -> None:
    page = mock()
    add(page, "keep together", "site")
    expect(page.locator("[data-of=missing] .nbt-hint")).to_contain_text("12 of 2,116 items have no value")
    expect(page.get_by_label("without a value")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".nbt-save")).to_have_attribute("aria-disabled", "true")
    below = page.locator(".nbt-results").bounding_box()
    page.get_by_label("without a value").select_option("alone")
    settled(page)
    expect(page.locator("[data-of=missing] .nbt-hint")).to_have_text("items that have none in a column of groups")
    assert page.locator(".nbt-results").bounding_box() == below
    assert wanted(page)["missing"] == "alone"


def test_what_the_report_asks_is_confirmed_before_it_is_saved(mock: Open) -> None:
    page = mock(concerns=1)
    save = page.get_by_role("button", name="Save split")
    expect(page.get_by_text("magpie in test", exact=False).first).to_be_visible()
    save.click(force=True)
    assert page.evaluate("() => window.mock.kernel.saved.length") == 0
    page.get_by_label("that is as it has to be").check()
    expect(page.locator(".nbt-line")).to_contain_text(".save(confirm=True)")
    save.click()
    expect(page.locator(".nbt-said")).to_have_text("saved as v2.2")
    assert page.evaluate("() => window.mock.kernel.saved[0].confirm") is True


def test_who_would_move_and_which_are_alike_is_seen(mock: Open) -> None:
    page = mock()
    page.get_by_label("compare with").select_option("v2.1")
    expect(page.locator(".nbt-compared")).to_contain_text("2 moved (2 from train to test)")
    page.get_by_role("button", name="Look for them").click()
    expect(page.locator(".nbt-gallery li")).to_have_count(3)
    expect(page.locator(".nbt-gallery li[data-across]")).to_have_count(1)
    expect(page.locator(".nbt-gallery")).to_contain_text("a <b>jay</b>")
    expect(page.locator(".nbt-gallery img").first).to_have_js_property("complete", value=True)
    page.get_by_role("button", name="Look").click()
    expect(page.locator(".nbt-gallery")).to_be_hidden()


def test_pairs_are_decided_by_keys_and_stay_where_they_are(mock: Open) -> None:
    page = mock()
    page.get_by_role("button", name="Look for them").click()
    pairs = page.locator(".nbt-gallery li")
    expect(pairs).to_have_count(3)
    names = pairs.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    pairs.first.focus()
    page.keyboard.press("k")
    expect(pairs.nth(1)).to_be_focused()
    expect(pairs.first.get_by_role("button", name="Keep together")).to_have_attribute("aria-pressed", "true")
    expect(pairs.first).not_to_have_attribute("data-across", "")
    settled(page)
    page.keyboard.press("d")
    page.keyboard.press("ArrowLeft")
    expect(pairs.nth(1)).to_be_focused()
    settled(page)
    assert (len(wanted(page)["linked"]), len(wanted(page)["dismissed"])) == (1, 1)
    page.keyboard.press("u")
    expect(pairs.nth(1).get_by_role("button", name="Dismiss")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Control+z")
    expect(pairs.first).to_be_focused()
    expect(pairs.first).to_have_attribute("data-across", "")
    settled(page)
    assert (wanted(page)["linked"], wanted(page)["dismissed"]) == ([], [])
    expect(page.locator(".nbt-undo")).to_have_attribute("aria-disabled", "true")
    dismiss = pairs.nth(2).get_by_role("button", name="Dismiss")
    dismiss.click()
    expect(dismiss).to_have_attribute("aria-pressed", "true")
    dismiss.click()
    expect(dismiss).to_have_attribute("aria-pressed", "false")
    settled(page)
    assert pairs.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))") == names
    assert page.evaluate("() => window.mock.kernel.got.filter((m) => m.type === 'pairs' && m.pictures).length") == 1


def test_each_strategy_has_its_own_controls(mock: Open) -> None:
    page = mock()
    way = page.get_by_label("strategy")
    way.select_option("time")
    expect(page.get_by_label("time", exact=True)).to_have_value("taken")
    page.get_by_label("gap", exact=True).fill("7D")
    page.get_by_label("parts begin").select_option("at")
    page.get_by_label("val begins at").fill("2026-05-01")
    page.get_by_label("test begins at").fill("2026-06-01")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_label("train: share")).to_be_hidden()
    expect(page.get_by_label("seed")).to_be_hidden()
    said = wanted(page)
    assert (said["strategy"], said["time"], said["gap"]) == ("time", "taken", "7D")
    assert [part["from"] for part in said["cutoffs"]] == [None, "2026-05-01", "2026-06-01"]
    page.get_by_label("parts", exact=True).fill("train, test")
    page.keyboard.press("Tab")
    settled(page)
    assert [part["from"] for part in wanted(page)["cutoffs"]] == [None, "2026-06-01"], "what was named stays"
    way.select_option("folds")
    page.get_by_label("folds", exact=True).fill("4")
    page.get_by_label("test set in percent").fill("20")
    page.keyboard.press("Tab")
    page.get_by_label("folds", exact=True).fill("one")
    page.keyboard.press("Tab")
    expect(page.get_by_label("folds", exact=True)).to_have_value("4")
    settled(page)
    assert (wanted(page)["folds"], wanted(page)["test"]) == (4, 200)
    way.select_option("predefined")
    expect(page.get_by_label("parts", exact=True)).to_be_hidden()
    page.get_by_label("named by").select_option("=species")
    page.get_by_label("without a part").select_option("drop")
    settled(page)
    assert (wanted(page)["column"], wanted(page)["rest"]) == ("species", "drop")


def test_what_is_to_be_confirmed_moves_nothing(mock: Open) -> None:
    page = mock(concerns=1)
    save = page.get_by_role("button", name="Save split")
    before = save.bounding_box()
    page.get_by_label("seed").fill("1")
    settled(page)
    expect(page.get_by_text("Before it is saved", exact=False)).to_be_hidden()
    assert save.bounding_box() == before


def test_a_long_look_is_told_and_called_off(mock: Open) -> None:
    page = mock()
    page.evaluate("() => { window.mock.kernel.slow = true; }")
    page.get_by_label("keep near-duplicates together").check()
    expect(state(page)).to_contain_text("of 2\u202f000 images")
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_contain_text("called off")
    page.evaluate("() => { window.mock.kernel.slow = false; }")
    page.get_by_label("keep near-duplicates together").uncheck()
    expect(state(page)).to_contain_text("previewed")


def test_the_line_is_copied_where_there_is_no_clipboard(mock: Open) -> None:
    page = mock()
    page.get_by_label("message").fill("by site")
    expect(page.locator(".nbt-line")).to_contain_text('.save("by site")')
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()


def test_nothing_to_split_and_read_only_are_said(mock: Open) -> None:
    page = mock(versions=0)
    expect(page.locator(".nbt-empty")).to_contain_text('ds.freeze("first")')
    expect(page.get_by_label("version")).to_be_hidden()
    page = mock(read_only=1)
    expect(page.locator(".nbt-said")).to_contain_text("read-only")
    expect(page.locator(".nbt-save")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_has_all_of_it_without_scrolling_sideways(mock: Open, width: int) -> None:
    page = mock(phone=True, concerns=1)
    page.set_viewport_size({"width": width, "height": 700})
    add(page, "stratify by", "species")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.get_by_label("that is as it has to be").tap()
    page.get_by_role("button", name="Save split").tap()
    expect(page.locator(".nbt-said")).to_have_text("saved as v2.2")


def test_a_screen_reader_finds_names_in_light_and_dark(mock: Open) -> None:
    page = mock(concerns=1)
    add(page, "stratify by", "species")
    page.get_by_role("button", name="Look for them").click()
    expect(page.locator(".nbt-gallery li")).to_have_count(3)
    picture_all(page, "splits")
    for strategy in ("time", "folds", "predefined"):
        page.get_by_label("strategy").select_option(strategy)
        settled(page)
        picture_all(page, f"splits-{strategy}")
        found = Axe().run(page, context=".nbt-splits")
        assert found.violations_count == 0, found.generate_report()
    page.get_by_label("strategy").select_option("ledger")
    page.get_by_role("group", name="keep together").get_by_role("button", name="site").click()
    expect(page.locator("[data-stale]")).to_be_visible()
    settled(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-splits")
        assert found.violations_count == 0, found.generate_report()
