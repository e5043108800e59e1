"""Guidelines beside the item: shown, folded, remembered, and harmless whatever stands in them."""

from __future__ import annotations

from functools import partial
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.mocked import Open, open_mock, press, saved, waiting
from tests.browser.pages import Visitor

GOOD = """# Jay or rook

- a *jay* has **blue** on its wings
- [more](https://example.invalid/birds)

![a jay](metadata/jay%20bird.gif)
"""
HOSTILE = """[local](/etc/passwd) [g](file:///etc/passwd)
<script>window.pwned=1</script> <img src=x onerror="window.pwned=1"> <svg onload="window.pwned=1">
[a](javascript:window.pwned=1) [b](JaVaScRiPt:window.pwned=1) [c](data:text/html,<script>window.pwned=1</script>)
[d](vbscript:x) <javascript:window.pwned=1> [e](\tjavascript:window.pwned=1) [f](&#106;avascript:window.pwned=1)

![x](http://tracker.invalid/x.png) ![y](//tracker.invalid/y.png) ![z](data:image/png;base64,AAAA)
![up](metadata/../../secret.png) ![root](/etc/x.png) ![q](javascript:window.pwned=1) ![raw](raw/none.png)
![" onerror="window.pwned=1](raw/none.png "a\\" onload=\\"window.pwned=1")

<iframe src="http://tracker.invalid/"></iframe><form action="http://tracker.invalid"><input></form>
<style>body{display:none}</style><a href="javascript:window.pwned=1" onclick="window.pwned=1">x</a>
<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1></style></mglyph></table></mtext></math>
"""
CHANGED = "2026-11-03T10:00:00.000Z"


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(guidelines="# How")``."""
    return partial(open_mock, visitor)


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    aside, stage = (page.locator(name).bounding_box() for name in (".nbt-guide", ".nbt-stage"))
    assert aside is not None
    assert stage is not None
    return dict(aside), dict(stage)  # type: ignore[arg-type]


def test_guidelines_stand_beside_the_item_with_pictures_of_the_dataset(mock: Open) -> None:
    page = mock(guidelines=GOOD, changed=CHANGED)
    expect(page.locator(".nbt-guide h1")).to_have_text("Jay or rook")
    expect(page.locator(".nbt-guide-changed")).to_have_text("guidelines changed on 3 Nov")
    picture = page.get_by_alt_text("a jay")
    page.wait_for_function("(image) => image.naturalWidth > 0", arg=picture.element_handle())
    link = page.get_by_role("link", name="more")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    aside, stage = boxes(page)
    assert aside["x"] + aside["width"] <= stage["x"]
    press(page, "1")
    waiting(page, 0)
    assert [act["value"] for act in saved(page)] == ["jay"]


def test_they_fold_by_key_and_button_and_stay_so_for_this_person_until_they_change(mock: Open) -> None:
    page = mock(guidelines="how", name="anna")
    shown = page.locator(".nbt-guide")
    expect(shown).to_be_visible()
    page.keyboard.press("g")
    expect(shown).to_be_hidden()
    page.reload()
    fold = page.get_by_role("button", name="Guidelines")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(shown).to_be_hidden()
    page.goto(f"{page.url}&changed={CHANGED}")
    expect(shown).to_be_visible()
    fold.click()
    expect(shown).to_be_hidden()
    page.goto(page.url.replace("name=anna", "name=ben"))
    expect(shown).to_be_visible()


def test_a_task_without_guidelines_has_no_button(mock: Open) -> None:
    page = mock()
    expect(page.locator(".nbt-past")).not_to_have_count(0)
    expect(page.locator(".nbt-guide-button")).to_be_hidden()
    page.keyboard.press("g")
    expect(page.locator(".nbt-guide")).to_be_hidden()


def test_nothing_in_them_runs_or_leaves_the_machine(mock: Open) -> None:
    page = mock(guidelines=HOSTILE)
    shown = page.locator(".nbt-guide-text")
    expect(shown).to_contain_text("local")
    expect(shown.locator("img")).to_have_count(0)
    allowed = {"H1", "P", "A", "EM", "STRONG", "BR", "CODE"}
    assert set(shown.evaluate("(e) => [...e.querySelectorAll('*')].map((one) => one.tagName)")) <= allowed
    names = shown.evaluate("(e) => [...e.querySelectorAll('*')].flatMap((one) => one.getAttributeNames())")
    assert set(names) <= {"target", "rel"}
    assert page.evaluate("() => window.pwned") is None
    asked = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    assert not [url for url in asked if "tracker" in url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(mock: Open, scheme: Literal["light", "dark"]) -> None:
    page = mock(guidelines=GOOD, changed=CHANGED)
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".nbt-guide h1")).to_be_visible()
    found = Axe().run(page, context=".nbt-labeler")
    assert found.violations_count == 0, found.generate_report()


def test_on_a_phone_they_begin_folded_and_open_above_the_item(mock: Open) -> None:
    page = mock(guidelines=GOOD, phone=True)
    expect(page.locator(".nbt-guide")).to_be_hidden()
    page.get_by_role("button", name="Guidelines").tap()
    expect(page.locator(".nbt-guide h1")).to_be_visible()
    aside, stage = boxes(page)
    assert aside["y"] + aside["height"] <= stage["y"]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
