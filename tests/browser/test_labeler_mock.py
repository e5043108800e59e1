"""The Labeler on a mock kernel that answers late, never, or by throwing: who labels what, and nothing is lost."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PLAIN_HOST
from tests.browser.mocked import Open, kernel, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import Visitor


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a query: ``mock(kind="image", n=20)``."""
    return partial(open_mock, visitor)


def test_a_press_labels_the_item_on_the_screen(mock: Open) -> None:
    page = mock(n=5)
    first = shown(page)
    press(page, "2")
    assert shown(page) == first + 1
    waiting(page, 0)
    expect(page.locator(".nbt-status")).to_have_text("saved ✓")
    (act,) = saved(page)
    assert (act["item"], act["value"], act["status"]) == (f"{first:032x}", "rook", "labeled")
    assert act["visible_ms"] >= act["active_ms"] > 0
    assert act["shown_at"] < act["sent_at"]


def test_the_act_is_kept_and_the_item_changed_when_the_press_returns(mock: Open) -> None:
    page = mock(kind="image", n=8)
    assert page.evaluate("() => window.mock.pressed('1')") == {"other": True, "width": 400, "kept": 1}


@pytest.mark.parametrize("kind", ["text", "image"])
@pytest.mark.parametrize("gap", [30, 100, 150])
def test_fast_presses_never_label_an_item_that_was_not_shown(mock: Open, kind: str, gap: int) -> None:
    page = mock(kind=kind, n=60)
    presented(page)
    presses = page.evaluate("(given) => window.mock.burst(...given)", [20, gap, ["1", "2", "3"]])
    waiting(page, 0)
    acts = saved(page)
    refused = int(page.locator(".nbt-status").get_attribute("data-refused") or "0")
    assert len(acts) + refused == 20, "each press is taken, or seen to be refused"
    assert [act["item"] for act in acts] == sorted({act["item"] for act in acts})
    names = ["jay", "rook", "magpie"]
    made = [(item, names[i % 3]) for i, item in enumerate(presses)]
    taken = [(act["item"], act["value"]) for act in acts]
    # On a busy machine an item may be on the screen for several rounds of the keys; it is labeled once.
    assert taken == [pair for pair in dict.fromkeys(made) if pair in taken]


def test_a_refused_press_is_seen(mock: Open) -> None:
    page = mock(n=9)
    presented(page)
    page.evaluate("(given) => window.mock.burst(...given)", [2, 0, ["1"]])
    expect(page.locator(".nbt-status")).to_have_text("too fast: not recorded")
    expect(page.locator(".nbt-status")).to_have_attribute("data-refused", "1")
    waiting(page, 0)
    assert len(saved(page)) == 1


def test_options_that_change_meanwhile_are_told_and_no_press_counts_before_they_were_on_the_screen(mock: Open) -> None:
    page = mock(n=9)
    presented(page)
    page.evaluate(
        """() => {
          const { task, ...rest } = window.mock.opened();
          window.mock.say({ ...rest, task: { ...task, schema: 2, options: task.options.toReversed() } });
          window.mock.strike("1");
        }"""
    )
    expect(page.locator(".nbt-status")).to_have_text("too fast: not recorded")
    expect(page.locator(".nbt-note")).to_contain_text("the options have changed")
    press(page, "1")
    waiting(page, 0)
    assert [(act["value"], act["schema"]) for act in saved(page)] == [("magpie", 2)]


def test_a_held_key_and_composing_input_label_once_and_never(mock: Open) -> None:
    page = mock(n=9)
    presented(page)
    page.keyboard.down("1")
    presented(page)
    page.keyboard.down("1")
    expect(page.locator(".nbt-status")).to_have_text("key held down: recorded once")
    page.keyboard.up("1")
    page.evaluate("() => window.mock.strike('2', { isComposing: true })")
    waiting(page, 0)
    assert [act["value"] for act in saved(page)] == ["jay"]


def test_a_silent_kernel_keeps_nobody_waiting_and_loses_nothing(mock: Open) -> None:
    page = mock(n=60, nolater=1)
    page.wait_for_function("() => window.mock.kernel.got.filter(({ type }) => type === 'fetch').length > 1")
    kernel(page, "silent", on=True)
    press(page, "1", "2", "3", "1", "2")
    waiting(page, 5)
    assert shown(page) == 5
    expect(page.locator(".nbt-note")).to_contain_text("your last 5 labels are kept in this browser and will be sent")
    expect(page.locator(".nbt-note")).to_contain_text(f"{PLAIN_HOST}/")
    with page.expect_download() as begun:
        page.get_by_role("button", name="download them").click()
    lines = Path(begun.value.path()).read_text().splitlines()
    assert [json.loads(line)["value"] for line in lines] == ["jay", "rook", "magpie", "jay", "rook"]
    kernel(page, "silent", on=False)
    waiting(page, 0)
    assert len(saved(page)) == 5


def test_what_was_kept_is_delivered_once_when_the_page_is_opened_again(mock: Open) -> None:
    page = mock(n=60)
    kernel(page, "silent", on=True)
    press(page, "1", "2", "3")
    waiting(page, 3)
    page.reload()
    page.wait_for_function("() => window.mock?.kernel.saved.length === 3")
    waiting(page, 0)
    assert shown(page) == 3
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('nbt1:01DATASET'))") == []
    page.reload()
    page.locator(".nbt-item[data-item-id]").wait_for()
    assert [act["value"] for act in saved(page)] == ["jay", "rook", "magpie"]


def test_what_moved_to_the_large_store_is_delivered_too(mock: Open) -> None:
    page = mock(n=60)
    kernel(page, "silent", on=True)
    press(page, "1", "2")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('nbt1:01DATASET'))")
    waiting(page, 2)
    page.reload()
    page.wait_for_function("() => window.mock?.kernel.saved.length === 2")
    waiting(page, 0)


def test_a_send_that_throws_is_no_connection_and_loses_nothing(mock: Open) -> None:
    page = mock(n=60)
    kernel(page, "throws", on=True)
    press(page, "1", "2")
    expect(page.locator(".nbt-status")).to_contain_text("not connected")
    waiting(page, 2)
    kernel(page, "throws", on=False)
    waiting(page, 0)
    expect(page.locator(".nbt-note-text")).to_have_text("")
    assert [act["value"] for act in saved(page)] == ["jay", "rook"]


def test_a_page_sees_that_another_one_delivered_its_labels(mock: Open) -> None:
    page = mock(n=60)
    kernel(page, "throws", on=True)
    press(page, "1", "2")
    waiting(page, 2)
    other = mock(n=60, like=page)
    waiting(other, 0)
    assert len(saved(other)) == 2
    waiting(page, 0)


def test_a_label_the_kernel_will_never_take_is_told_and_kept_aside(mock: Open) -> None:
    page = mock(n=9, invalid="rook")
    press(page, "2", "1")
    expect(page.locator(".nbt-note")).to_contain_text("1 label could not be saved: no such option")
    waiting(page, 0)
    assert [act["value"] for act in saved(page)] == ["jay"]
    assert page.evaluate("() => Object.keys(localStorage).some((key) => key.startsWith('nbt1-rejected:'))")


def test_a_full_disk_is_told_and_the_label_saved_when_there_is_room(mock: Open) -> None:
    page = mock(n=9)
    kernel(page, "full", on=True)
    press(page, "1")
    expect(page.locator(".nbt-note")).to_contain_text("Not saved yet: the disk is full")
    waiting(page, 1)
    kernel(page, "full", on=False)
    waiting(page, 0)


def test_a_full_store_stops_labeling_and_says_so(mock: Open) -> None:
    page = mock(n=9)
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    press(page, "1")
    expect(page.locator(".nbt-note")).to_contain_text("storage is full: the last press was not recorded")
    assert shown(page) == 0
    waiting(page, 0)


def test_the_whole_way_by_keys_alone(mock: Open) -> None:
    page = mock(n=7)
    press(page, "1", "Space", "f", "n", "2", "u")
    assert shown(page) == 2
    press(page, "3", "c")
    page.keyboard.type("1 blurred u?")
    expect(page.locator(".nbt-comment-field")).to_have_value("1 blurred u?")
    press(page, "Enter", "1", "ArrowLeft")
    assert shown(page) == 3
    expect(page.locator(".nbt-option[data-value=jay]")).to_have_attribute("aria-pressed", "true")
    press(page, "Enter", "Control+z", "Control+Shift+Z", "2", "3", "1")
    shows(page, 1)
    press(page, "2")
    expect(page.get_by_text("All 7 labeled and saved.")).to_be_visible()
    heads = {act["item"]: act for act in saved(page)}
    values = [heads[f"{i:032x}"]["value"] for i in range(7)]
    assert values == ["jay", "rook", "magpie", "jay", "rook", "magpie", "jay"]
    assert heads[f"{3:032x}"]["comment"] == "1 blurred u?"
    assert (heads[f"{2:032x}"]["flagged"], heads[f"{2:032x}"]["unsure"]) == (False, False)
    flagged = next(act for act in saved(page) if act["flagged"])
    assert (flagged["item"], flagged["unsure"], flagged["value"]) == (f"{2:032x}", True, "rook")


def test_several_choices(mock: Open) -> None:
    page = mock(n=4, task="choices")
    press(page, "Enter")
    expect(page.locator(".nbt-note")).to_contain_text("none of these")
    press(page, "3", "1")
    assert shown(page) == 0
    expect(page.locator(".nbt-option[aria-pressed=true]")).to_have_count(2)
    press(page, "Enter", "x")
    waiting(page, 0)
    assert [act["value"] for act in saved(page)] == [["jay", "magpie"], []]


def test_review_shows_what_was_said_and_enter_confirms(mock: Open) -> None:
    page = mock(n=3)
    press(page, "1", "2", "3")
    waiting(page, 0)
    page = mock(n=3, mode="review", like=page)
    expect(page.locator(".nbt-option[data-value=jay]")).to_have_attribute("aria-pressed", "true")
    press(page, "Enter")
    expect(page.locator(".nbt-option[data-value=rook]")).to_have_attribute("aria-pressed", "true")
    press(page, "1", "Enter")
    expect(page.get_by_text("All reviewed")).to_be_visible()
    waiting(page, 0)
    assert [act["value"] for act in saved(page)[3:]] == ["jay", "jay", "magpie"]
    assert saved(page)[4]["supersedes"] == saved(page)[1]["act"]
