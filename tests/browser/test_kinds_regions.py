"""The editor of `regions` on a mock kernel: sound, long sound and video marked; by keys, mouse and touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.drawing import SAID
from tests.browser.mocked import Open, open_mock, presented, press, saved, shows, waiting
from tests.browser.pages import Visitor

SETTINGS: dict[str, Any] = {"overlap": True, "points": False, "attributes": {}}
LONG = {"kind": "audio-long", "n": 1}
# The sound of the mock lasts so long.
SECONDS = 2.0


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a task of kind `regions`, some settings given: ``mock(kind="video", points=True)``."""

    def opened(**more: Any) -> Page:
        settings = {name: more.pop(name, value) for name, value in SETTINGS.items()}
        query = {"task": "regions", "kind": "audio", "options": "jay,rook", "title": "Calls", "n": 4, **more}
        return open_mock(visitor, settings=json.dumps(settings), **query)

    return opened


def regions(page: Page, at: int = -1) -> list[dict[str, Any]]:
    """Submit, and return the regions that are kept."""
    before = len(saved(page))
    press(page, "Enter")
    waiting(page, 0)
    page.wait_for_function(f"() => window.mock.kernel.saved.length > {before}")
    kept: list[dict[str, Any]] = saved(page)[at]["value"]["regions"]
    return kept


def drag(page: Page, start: float, end: float, duration: float = SECONDS) -> None:
    """Drag over the sound from one time to another, at half its height."""
    box = page.locator(".nbt-bands").bounding_box()
    assert box is not None
    at = [box["x"] + box["width"] * time / duration for time in (start, end)]
    page.mouse.move(at[0], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move((at[0] + at[1]) / 2, box["y"] + box["height"] / 2)
    page.mouse.move(at[1], box["y"] + box["height"] / 2)
    page.mouse.up()


def go(page: Page, time: float, duration: float = SECONDS) -> None:
    """Click on the sound."""
    box = page.locator(".nbt-bands").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * time / duration, box["y"] + box["height"] / 2)


def rows(page: Page) -> list[str]:
    return [row.inner_text().replace("\n", " ") for row in page.locator(".nbt-region").all()]


def near(region: dict[str, Any], start: float, end: float, label: str | None = "jay") -> bool:
    times: bool = abs(region["start"] - start) < 0.01 and abs(region["end"] - end) < 0.01
    return times and bool(region["label"] == label)


def test_a_drag_and_a_label_make_a_region(mock: Open) -> None:
    page = mock()
    drag(page, 0.5, 1.25)
    expect(page.locator(".nbt-selected")).to_contain_text("choose a label")
    press(page, "1")
    drag(page, 1.75, 1.0)
    press(page, "2")
    first, second = regions(page)
    assert near(first, 0.5, 1.25)
    assert near(second, 1.0, 1.75, "rook")
    assert saved(page)[-1]["value"]["duration"] == SECONDS
    shows(page, 1)
    expect(page.locator(".nbt-region")).to_have_count(0)


def test_attributes_of_the_selected_region_are_filled_in_and_typed_words_are_one_step(mock: Open) -> None:
    page = mock(attributes=SAID)
    expect(page.get_by_label("note")).to_be_disabled()
    drag(page, 0.5, 1.25)
    press(page, "1", "ArrowDown", "t")
    expect(page.get_by_label("side")).to_be_focused()
    page.get_by_label("side").select_option("right")
    page.get_by_label("note").focus()
    page.keyboard.type("a sigh, 1st")
    page.get_by_label("age").focus()
    page.keyboard.type("2.5x")
    expect(page.get_by_label("age")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("far").check()
    page.keyboard.press("Escape")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    drag(page, 1.5, 1.75)
    expect(page.get_by_label("note")).to_be_disabled()
    press(page, "2", "ArrowUp")
    expect(page.get_by_label("note")).to_have_value("")
    press(page, "ArrowUp")
    expect(page.get_by_label("note")).to_have_value("a sigh, 1st")
    press(page, "u", "u")
    expect(page.get_by_label("far")).not_to_be_checked()
    press(page, "Control+y", "Control+y", "ArrowDown", "ArrowUp", "Shift+ArrowRight")
    first, second = regions(page)
    assert near(first, 0.5, 1.26)
    assert first["attributes"] == {"side": "right", "note": "a sigh, 1st", "age": 2.5, "far": True}
    assert "attributes" not in second, "the kernel adds what is not said"
    shows(page, 1)
    expect(page.get_by_label("note")).to_have_value("")


def test_regions_without_declared_attributes_have_no_place_and_no_key_for_them(mock: Open) -> None:
    page = mock()
    expect(page.locator(".nbt-attributes")).to_have_count(0)
    press(page, "?")
    expect(page.locator(".nbt-keys")).not_to_contain_text("to the attributes")


def test_a_label_begins_a_region_where_it_plays_and_again_ends_it(mock: Open) -> None:
    page = mock()
    go(page, 0.5)
    press(page, "1")
    expect(page.locator(".nbt-begun")).to_have_count(1)
    go(page, 0.75)
    press(page, "2")
    go(page, 1.0)
    press(page, "1")
    go(page, 1.5)
    press(page, "2")
    first, second = regions(page)
    assert near(first, 0.5, 1.0)
    assert near(second, 0.75, 1.5, "rook")


def test_start_and_end_are_set_where_it_plays(mock: Open) -> None:
    page = mock()
    press(page, "o")
    expect(page.locator(".nbt-note, .nbt-status").filter(has_text="say first where it starts").first).to_be_visible()
    go(page, 0.5)
    press(page, "i")
    go(page, 1.0)
    press(page, "o", "1")
    press(page, "ArrowDown")
    go(page, 1.25)
    press(page, "ArrowDown", "i")
    assert page.locator(".nbt-edge").first.input_value() == "0.5", "choosing a region goes to its start"
    press(page, ".", ".", "i", "Escape")
    (only,) = regions(page)
    assert near(only, 0.52, 1.0)


def test_space_plays_and_s_skips(mock: Open) -> None:
    page = mock()
    press(page, "Space")
    expect(page.locator(".nbt-play")).to_contain_text("Pause")
    page.wait_for_function("() => !document.querySelector('.nbt-time').textContent.startsWith('0:00.00')")
    press(page, "Space")
    expect(page.locator(".nbt-play")).to_contain_text("Play")
    assert not saved(page)
    assert page.locator(".nbt-skip kbd").inner_text() == "S"
    press(page, "s")
    shows(page, 1)
    waiting(page, 0)
    assert saved(page)[0]["status"] == "skipped"


def test_a_region_is_played_once_or_round_and_round(mock: Open) -> None:
    page = mock()
    drag(page, 0.5, 0.7)
    press(page, "1", "ArrowDown", "r")
    expect(page.locator(".nbt-play")).to_contain_text("Play")
    page.wait_for_function("() => document.querySelector('.nbt-time').textContent.startsWith('0:00.70')")
    press(page, "l", ">", ">", "r")
    expect(page.locator(".nbt-speed")).to_have_text("1.5×")
    page.evaluate(
        """() => {
          window.rounds = 0;
          let last = 0;
          const watch = () => {
            const now = parseFloat(document.querySelector(".nbt-playhead").style.left);
            if (now < last - 1) window.rounds += 1;
            last = now;
            requestAnimationFrame(watch);
          };
          watch();
        }"""
    )
    page.wait_for_function("() => window.rounds >= 2")
    press(page, "Space")
    expect(page.locator(".nbt-play")).to_contain_text("Play")


def test_ends_are_nudged_dragged_and_typed_each_as_one_step_back(mock: Open) -> None:
    page = mock()
    drag(page, 0.5, 1.0)
    press(page, "1", "ArrowDown")
    start, end = (page.locator(".nbt-edge").nth(n) for n in (0, 1))
    begin = float(start.input_value())
    press(page, "Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft", "Control+Shift+ArrowUp")
    assert float(start.input_value()) == pytest.approx(begin + 0.08)
    press(page, "u")
    assert float(start.input_value()) == begin, "a run of nudges is one step"
    press(page, "Shift+ArrowRight", "Shift+ArrowUp")
    assert float(end.input_value()) == pytest.approx(1.11, abs=0.01)
    drag(page, float(end.input_value()), 1.5)
    assert float(end.input_value()) == pytest.approx(1.5, abs=0.01)
    drag(page, 1.0, 1.25)
    assert float(start.input_value()) == pytest.approx(0.75, abs=0.01), "inside the chosen one a drag moves it"
    start.fill("0,25")
    page.keyboard.press("Enter")
    press(page, "Control+ArrowRight")
    (only,) = regions(page)
    assert near(only, 0.26, 1.76)
    assert only["id"] == "s1"


def test_a_typed_time_that_cannot_be_changes_nothing(mock: Open) -> None:
    page = mock()
    drag(page, 0.5, 1.0)
    press(page, "1", "ArrowDown")
    end = page.locator(".nbt-edge").nth(1)
    before = end.input_value()
    for text in ("soon", "99", "0.1"):
        end.fill(text)
        page.keyboard.press("Enter")
        expect(end).to_have_value(before)
    end.fill("1.75")
    page.keyboard.press("Escape")
    expect(end).to_have_value(before)


def test_clicks_choose_the_inner_region_first_and_labels_change_the_chosen(mock: Open) -> None:
    page = mock()
    drag(page, 0.25, 1.75)
    press(page, "1")
    drag(page, 0.75, 1.25)
    press(page, "2")
    chosen = page.locator(".nbt-region[aria-pressed=true] .nbt-words")
    go(page, 1.0)
    expect(chosen).to_have_text("rook")
    go(page, 1.0)
    expect(chosen).to_have_text("jay")
    press(page, "2")
    expect(chosen).to_have_text("rook")
    press(page, "Delete")
    assert len(regions(page)) == 1


def test_the_list_is_gone_through_by_tab_and_arrows(mock: Open) -> None:
    page = mock()
    for number in range(3):
        drag(page, 0.2 + number / 2, 0.4 + number / 2)
        press(page, "1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".nbt-region").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    press(page, "ArrowDown", "Backspace")
    assert len(rows(page)) == 2
    page.keyboard.press("Tab")
    expect(page.locator(".nbt-region").first).to_be_focused()
    press(page, "Escape")
    expect(page.locator(".nbt-labeler")).to_be_focused()
    assert [near(one, at, at + 0.2) for one, at in zip(regions(page), (0.2, 0.7), strict=True)] == [True, True]


def test_what_cannot_be_is_refused_before_it_is_said(mock: Open) -> None:
    page = mock(overlap=False)
    drag(page, 0.5, 1.0)
    press(page, "1")
    drag(page, 0.75, 1.5)
    press(page, "2")
    expect(page.locator(".nbt-labeler")).to_contain_text("regions do not overlap here")
    press(page, "Escape", "2", "2")
    expect(page.locator(".nbt-labeler")).to_contain_text("a region ends after it starts")
    assert len(rows(page)) == 1


def test_a_moment_is_the_same_press_twice(mock: Open) -> None:
    page = mock(points=True)
    go(page, 0.5)
    press(page, "1", "1")
    expect(page.locator(".nbt-moment")).to_have_count(1)
    (only,) = regions(page)
    assert only["start"] == only["end"] == pytest.approx(0.5, abs=0.01)


def test_without_options_a_drag_is_the_whole_region(mock: Open) -> None:
    page = mock(options="")
    drag(page, 0.5, 1.0)
    go(page, 1.25)
    press(page, "i")
    go(page, 1.5)
    press(page, "o")
    first, second = regions(page)
    assert near(first, 0.5, 1.0, None)
    assert near(second, 1.25, 1.5, None)


def test_no_regions_are_said_at_once_and_nothing_marked_is_no_answer(mock: Open) -> None:
    page = mock()
    press(page, "Enter")
    expect(page.locator(".nbt-labeler")).to_contain_text("mark a region, or say “no regions”, or skip")
    press(page, "x")
    shows(page, 1)
    waiting(page, 0)
    assert saved(page)[0]["value"] == {"duration": SECONDS, "regions": []}


def test_what_was_taken_back_stands_again(mock: Open) -> None:
    page = mock()
    drag(page, 0.5, 1.0)
    press(page, "1")
    regions(page)
    shows(page, 1)
    press(page, "u")
    shows(page, 0)
    assert len(rows(page)) == 1
    press(page, "u")
    assert not rows(page)
    press(page, "Control+y")
    assert len(rows(page)) == 1


def test_a_value_is_reviewed_and_corrected(mock: Open, visitor: Visitor) -> None:
    page = mock()
    drag(page, 0.5, 1.0)
    press(page, "1")
    regions(page)
    query: dict[str, Any] = {"task": "regions", "kind": "audio", "options": "jay,rook", "n": 4, "mode": "review"}
    again = open_mock(visitor, settings=json.dumps(SETTINGS), like=page, **query)
    assert [row.split(" ")[0] for row in rows(again)] == ["jay"]
    press(again, "ArrowDown", "2")
    (only,) = regions(again)
    assert (only["label"], only["id"]) == ("rook", "s1")


def test_the_sound_is_zoomed_moved_and_comes_back(mock: Open) -> None:
    page = mock()
    seen = page.locator(".nbt-wave")
    go(page, 1.5)
    press(page, "+", "+")
    expect(seen).to_have_attribute("data-seen", "0:01.125 0:01.625")
    page.locator(".nbt-sound").hover()
    page.mouse.wheel(-100_000, 0)
    expect(seen).to_have_attribute("data-seen", "0:00.000 0:00.500")
    drag(page, 0.1, 0.2, 0.5)
    press(page, "1", "0")
    expect(seen).to_have_attribute("data-seen", "0:00.000 0:02.000")
    assert near(regions(page)[0], 0.1, 0.2)


def test_frequencies_are_fetched_when_they_are_asked_for_and_stay_on(mock: Open) -> None:
    page = mock()
    asked = "() => window.mock.kernel.got.filter(({ name }) => name === 'spectrogram').length"
    assert page.evaluate(asked) == 0
    press(page, "h")
    expect(page.locator(".nbt-says")).to_have_text("0 to 4 kHz")
    # 220 Hz is 28 of 512 rows from below.
    dark = """() => {
      const canvas = document.querySelector(".nbt-spectrum");
      const { data } = canvas.getContext("2d").getImageData(canvas.width >> 1, 0, 1, canvas.height);
      const alphas = Array.from({ length: canvas.height }, (_, row) => data[4 * row + 3]);
      return canvas.height - 1 - alphas.indexOf(Math.max(...alphas));
    }"""
    assert page.evaluate(dark) == pytest.approx(220 / 8000 * 512, abs=1.5)
    press(page, "s")
    shows(page, 1)
    expect(page.locator(".nbt-says")).to_have_text("0 to 4 kHz")
    assert page.evaluate(asked) == 1


def test_long_sound_is_played_and_seen_in_parts(mock: Open) -> None:
    page = mock(**LONG)
    expect(page.locator(".nbt-time")).to_have_text("0:00.00 / 20:00.00")
    asked = "() => window.mock.kernel.got.filter(({ type }) => type === 'bytes').length"
    whole = 9_600_000 / 300_000
    assert page.evaluate(asked) < whole, "the mock sends 300 KB at a time"
    # The first piece ends at 425 s.
    go(page, 424.7, 1200)
    press(page, ">", ">", ">", "Space")
    page.wait_for_function("() => parseFloat(document.querySelector('.nbt-time').textContent.slice(2)) > 5.3")
    press(page, "Space")
    assert page.locator(".nbt-time").inner_text().startswith("7:0")
    for _ in range(5):
        press(page, "+")
    press(page, "h")
    expect(page.locator(".nbt-says")).to_have_text("0 to 4 kHz")
    press(page, "0")
    expect(page.locator(".nbt-says")).to_have_text("zoom in to see the frequencies")
    drag(page, 600, 900, 1200)
    press(page, "1")
    (only,) = regions(page)
    assert only["end"] - only["start"] == pytest.approx(300, abs=2)


def test_video_is_gone_through_frame_by_frame(mock: Open) -> None:
    page = mock(kind="video")
    assert page.locator(".nbt-video").is_visible()
    press(page, ".", ".", ".", ",")
    expect(page.locator(".nbt-time")).to_contain_text("0:00.08 /")
    press(page, "1")
    press(page, ".", ".", "1")
    (only,) = regions(page)
    assert (only["start"], only["end"]) == (pytest.approx(0.08), pytest.approx(0.16))


def test_by_touch(mock: Open) -> None:
    page = mock(phone=True)
    page.locator("[data-do=playing]").tap()
    page.wait_for_function("() => !document.querySelector('.nbt-time').textContent.startsWith('0:00.00')")
    page.locator("[data-do=playing]").tap()
    box = page.locator(".nbt-bands").bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    y = box["y"] + box["height"] / 2
    for kind, share in (("touchStart", 0.25), ("touchMove", 0.3), ("touchMove", 0.5), ("touchEnd", None)):
        points = [] if share is None else [{"x": box["x"] + box["width"] * share, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.locator(".nbt-option").first.tap()
    page.locator(".nbt-region").tap()
    page.locator("[data-do=endOn]").tap()
    page.locator(".nbt-submit").tap()
    waiting(page, 0)
    (only,) = saved(page)[-1]["value"]["regions"]
    assert near(only, 0.5, 1.01)


def test_what_is_no_recording_is_shown_and_cannot_be_marked(mock: Open) -> None:
    page = mock(kind="text")
    press(page, "1")
    expect(page.locator(".nbt-labeler")).to_contain_text("there is no sound or video here to mark")
    press(page, "s")
    shows(page, 1)


def test_two_views_show_the_same_regions(mock: Open) -> None:
    page = mock(views=2)
    first = page.locator(".nbt-labeler").first
    first.locator(".nbt-option").first.click()
    presented(page)
    press(page, ".", ".", "1")
    expect(page.locator(".nbt-region")).to_have_count(2)
    expect(page.locator(".nbt-band:not(.nbt-begun)")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(mock: Open, scheme: Any) -> None:
    page = mock(attributes=SAID)
    page.emulate_media(color_scheme=scheme)
    drag(page, 0.5, 1.0)
    press(page, "1")
    drag(page, 0.75, 1.5)
    press(page, "2", "ArrowDown")
    found = Axe().run(page, ".nbt-labeler")
    assert found.violations_count == 0, found.generate_report()


def test_nothing_moves_when_a_region_is_chosen(mock: Open) -> None:
    page = mock(attributes=SAID)
    places = page.evaluate("() => window.mock.places()")
    drag(page, 0.5, 1.0)
    press(page, "1", "ArrowDown")
    assert page.evaluate("() => window.mock.places()") == places


def test_other_kinds_of_task_do_not_take_in_what_only_parts_could_bring(visitor: Visitor) -> None:
    page = open_mock(visitor, task="choice", kind="audio-huge", n=1)
    expect(page.locator(".nbt-failure")).to_contain_text("played in parts, and only by a task of kind regions")


def test_a_panel_lies_over_the_region_that_is_chosen(mock: Open) -> None:
    page = mock(attributes=SAID)
    drag(page, 0.1, 1.9)
    press(page, "1", "ArrowDown", "?")
    panel = page.locator(".nbt-panel")
    expect(panel).to_contain_text("play round and round")
    over = """() => {
      const { left, top, width, height } = document.querySelector(".nbt-bands").getBoundingClientRect();
      document.querySelector(".nbt-band").style.pointerEvents = "auto";
      return document.elementFromPoint(left + width / 2, top + height - 2).closest(".nbt-panel") !== null;
    }"""
    assert page.evaluate(over)


def test_the_key_that_plays_is_the_one_that_a_person_has_chosen(mock: Open) -> None:
    page = mock(attributes=SAID)
    cap = page.locator(".nbt-play kbd")
    expect(cap).to_have_text("Space")
    press(page, "?")
    page.locator("[data-remap=playing]").click()
    page.keyboard.press("y")
    page.keyboard.press("Escape")
    expect(cap).to_have_text("Y")
    press(page, "y")
    expect(page.locator(".nbt-play")).to_contain_text("Pause")
