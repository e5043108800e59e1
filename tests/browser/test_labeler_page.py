"""The Labeler's page on a mock kernel: every kind of item, every size of screen, every way to use it."""

from __future__ import annotations

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.mocked import Open, kernel, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import PHONE, Visitor

MARKUP = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>"


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(kind="image", n=20)``."""
    return partial(open_mock, visitor)


@pytest.mark.parametrize("kind", ["markup", "svg", "record"])
def test_nothing_from_the_data_is_markup(mock: Open, kind: str) -> None:
    page = mock(kind=kind, n=6, options=f"{MARKUP},jay", file=MARKUP, dataset=MARKUP, show=MARKUP, name=MARKUP)
    press(page, "1", "2", "Space")
    page.locator(".nbt-help").click()
    expect(page.locator(".nbt-keys")).to_contain_text("<img")
    waiting(page, 0)
    assert page.evaluate("() => window.pwned") is None
    assert page.locator(".nbt-labeler script, .nbt-labeler [onerror]").count() == 0


def test_a_person_without_a_name_is_asked_once(mock: Open) -> None:
    page = mock(n=3, name="", wait=".nbt-name")
    page.locator(".nbt-name").fill("ben")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-item[data-item-id]")).to_be_visible()
    expect(page.locator(".nbt-labeler")).to_be_focused()
    press(page, "1")
    waiting(page, 0)
    page = mock(n=3, name="", like=page)
    expect(page.locator(".nbt-who")).to_have_text("not ben?")
    page.locator(".nbt-who").click()
    page.get_by_role("button", name="Forget the name and reload").click()
    expect(page.locator(".nbt-name")).to_be_visible()


def test_a_name_that_is_refused_is_asked_for_again(mock: Open) -> None:
    page = mock(n=3, name="", wait=".nbt-name")
    page.locator(".nbt-name").fill("taken")
    page.keyboard.press("Enter")
    expect(page.get_by_text("this kernel already knows who labels: ben")).to_be_visible()


def test_what_cannot_be_shown_cannot_be_labeled_but_skipped(mock: Open) -> None:
    page = mock(kind="broken", n=4)
    for item in (0, 1):
        press(page, "1")
        expect(page.locator(".nbt-status")).to_have_text("cannot be shown: not recorded")
        assert shown(page) == item
        press(page, "Space")
    waiting(page, 0)
    assert [act["status"] for act in saved(page)] == ["skipped", "skipped"]


def test_mouse_and_touch_label_what_they_were_pressed_on(mock: Open) -> None:
    page = mock(n=5)
    presented(page)
    page.locator(".nbt-option[data-value=rook]").click()
    presented(page)
    page.keyboard.press("Space")
    waiting(page, 0)
    assert [(act["status"], act["value"]) for act in saved(page)] == [("labeled", "rook"), ("skipped", None)]
    phone = mock(n=5, phone=True)
    presented(phone)
    phone.locator(".nbt-option[data-value=magpie]").tap()
    waiting(phone, 0)
    assert [act["value"] for act in saved(phone)] == ["magpie"]


@pytest.mark.parametrize("width", [320, PHONE["width"]])
def test_a_narrow_page_holds_everything(mock: Open, width: int) -> None:
    page = mock(
        kind="image",
        n=5,
        phone=True,
        show="a very long value of an attribute that goes on and on",
        options="jay,rook,magpie,none of these",
    )
    page.set_viewport_size({"width": width, "height": 700})
    presented(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    boxes = [button.bounding_box() for button in page.locator("button:visible:not(.nbt-past)").all()]
    assert boxes
    assert all(box and box["height"] >= 44 and box["width"] >= 44 and box["x"] + box["width"] <= width for box in boxes)
    last = page.locator(".nbt-actions").bounding_box()
    assert last
    assert last["y"] + last["height"] <= 700, "options and actions are on the first screen"


@pytest.mark.parametrize("kind", ["text", "image", "audio", "array", "record", "long", "broken"])
def test_nothing_moves_when_the_next_item_comes(mock: Open, kind: str) -> None:
    page = mock(kind=kind, n=9)
    places = "() => window.mock.places()"
    before = page.evaluate(places)
    press(page, "f", "Space", "1", "Space")
    assert page.evaluate(places) == before
    kernel(page, "throws", on=True)
    press(page, "Space")
    expect(page.locator(".nbt-status")).to_contain_text("not connected")
    assert page.evaluate(places) == before


def test_long_texts_open_at_the_top_and_scroll_by_keys(mock: Open) -> None:
    page = mock(kind="long", n=5)
    top = "() => document.querySelector('.nbt-scroll').scrollTop"
    press(page, "PageDown", "PageDown")
    assert page.evaluate(top) > 300
    press(page, "End", "1")
    assert shown(page) == 1
    assert page.evaluate(top) == 0
    page.get_by_role("button", name="show the rest").click()
    expect(page.locator(".nbt-text")).to_contain_text("the whole text")
    measure = page.evaluate(
        "() => { const { width } = document.querySelector('.nbt-text').getBoundingClientRect(); return width; }"
    )
    assert measure < 800


def test_an_image_is_zoomed_by_keys_and_wheel_up_to_its_full_size(mock: Open) -> None:
    page = mock(kind="image", n=5, full=1)
    transform = "() => document.querySelector('.nbt-picture canvas').style.transform"
    press(page, "+")
    assert "scale(1.5)" in page.evaluate(transform)
    page.wait_for_function("() => document.querySelector('.nbt-picture canvas').width === 1600")
    press(page, "0")
    assert page.evaluate(transform) == ""
    page.locator(".nbt-picture").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_function("() => document.querySelector('.nbt-picture canvas').style.transform.includes('scale')")
    press(page, "1")
    assert page.evaluate(transform) == "", "the next one is fitted"


def test_a_large_image_is_painted_in_the_pixels_of_the_screen_and_sharp_when_zoomed(mock: Open) -> None:
    page = mock(kind="image", n=3, side=2000)
    width = "() => document.querySelector('.nbt-picture canvas').width"
    assert page.evaluate(width) == page.evaluate(
        "() => Math.round(document.querySelector('.nbt-stage').clientHeight / .75)"
    )
    press(page, "+")
    page.wait_for_function("() => document.querySelector('.nbt-picture canvas').width === 2000")


def test_an_array_has_a_window_and_channels(mock: Open) -> None:
    page = mock(kind="array", n=3)
    tools = page.locator(".nbt-tools .nbt-tool-name").first
    expect(tools).to_contain_text("channel 1 of 2")
    before = tools.text_content()
    press(page, "]")
    assert tools.text_content() != before
    press(page, ".")
    expect(tools).to_contain_text("channel 2 of 2")


def test_sound_plays_by_key_and_stops_with_its_item(mock: Open) -> None:
    page = mock(kind="audio", n=3)
    page.evaluate("() => { window.first = document.querySelector('audio'); }")
    press(page, "p")
    page.wait_for_function("() => window.first.currentTime > 0")
    press(page, "1")
    page.wait_for_function("() => window.first.paused")
    waiting(page, 0)


def test_two_views_of_one_session_stay_in_step(mock: Open) -> None:
    page = mock(n=5, views=2)
    press(page, "1")
    items = page.locator(".nbt-item")
    assert items.nth(0).get_attribute("data-item-id") == items.nth(1).get_attribute("data-item-id") == f"{1:032x}"
    waiting(page, 0)
    assert len(saved(page)) == 1


def test_a_closed_widget_leaves_nothing_behind(mock: Open) -> None:
    page = mock(n=5, views=2)
    page.evaluate("() => { for (const close of window.mock.views) close(); window.mock.stop(); }")
    expect(page.locator(".nbt-labeler, style.nbt")).to_have_count(0)
    assert page.evaluate("() => window.mock.handlers.get('msg:custom').length") == 0
    sent = page.evaluate("() => window.mock.kernel.got.length")
    page.keyboard.press("1")
    presented(page)
    assert page.evaluate("() => window.mock.kernel.got.length") == sent


def test_it_draws_in_a_shadow_root(mock: Open) -> None:
    page = mock(n=5)
    page.evaluate(
        """() => {
          const host = document.body.appendChild(document.createElement("div"));
          window.mock.render(host.attachShadow({ mode: "open" }));
        }"""
    )
    inner = page.locator(".nbt-labeler").nth(1)
    expect(inner.locator(".nbt-item[data-item-id]")).to_be_visible()
    inner.focus()
    press(page, "1")
    waiting(page, 0)
    assert inner.locator(".nbt-stage").evaluate("(each) => getComputedStyle(each).position") == "relative"


def test_an_item_the_kernel_names_is_shown(mock: Open) -> None:
    page = mock(n=300)
    page.evaluate("() => window.mock.say({ type: 'goto', position: 250, id: window.mock.ids[250] })")
    shows(page, 250)
    press(page, "1")
    assert shown(page) == 0


def test_escape_gives_the_keys_back_and_the_page_says_how_to_get_them(mock: Open) -> None:
    page = mock(n=5)
    press(page, "Escape", "1")
    expect(page.locator(".nbt-note-text")).to_have_text("click or press Tab here to use keys")
    assert saved(page) == []
    page.locator(".nbt-stage").click()
    press(page, "1")
    waiting(page, 0)
    assert len(saved(page)) == 1


def test_the_focus_is_never_taken_from_someone_who_types(mock: Open) -> None:
    page = mock(n=5)
    page.evaluate("() => { document.body.appendChild(document.createElement('textarea')).focus(); }")
    page.evaluate("() => { window.mock.render(); }")
    presented(page)
    assert page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("121")
    assert saved(page) == []


def test_keys_can_be_changed_and_are_listed(mock: Open) -> None:
    page = mock(n=5)
    press(page, "?")
    expect(page.locator(".nbt-keys")).to_contain_text("jay")
    page.get_by_role("button", name="change the key for skip").click()
    press(page, "s", "Escape", "s")
    waiting(page, 0)
    assert [act["status"] for act in saved(page)] == ["skipped"]
    expect(page.locator(".nbt-skip kbd")).to_have_text("S")


def test_thirty_options_have_their_keys_and_stay_usable(mock: Open) -> None:
    page = mock(n=5, options=",".join(f"species {i}" for i in range(30)))
    press(page, "0", "a")
    waiting(page, 0)
    assert [act["value"] for act in saved(page)] == ["species 9", "species 10"]
    box = page.locator(".nbt-options").bounding_box()
    assert box
    assert box["width"] <= 1280


@pytest.mark.parametrize(
    "query", [{"kind": "image"}, {"kind": "text", "task": "choices"}, {"kind": "record"}, {"kind": "broken"}]
)
def test_a_screen_reader_is_told_everything(mock: Open, query: dict[str, str]) -> None:
    page = mock(n=6, **query)
    press(page, "Space", "1", "Enter", "ArrowLeft")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=".nbt-labeler").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    press(page, "?")
    found = Axe().run(page, context=".nbt-labeler").response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
