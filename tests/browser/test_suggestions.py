"""What a model proposes: seen, taken, corrected and rejected by keys, mouse and touch; never counted as said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nbtools.labels.task import declare
from tests.browser.mocked import Open, open_mock, presented, press, saved, shown, shows, waiting
from tests.browser.pages import Visitor

TABLE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
TEXT = {"lines": 1, "longest": 2000, "empty": False, "start": None, "placeholder": None}
SPANS = {"snap": "word", "overlap": True, "relations": []}
MARKED = {"text_hash": None, "spans": [{"id": "x", "start": 0, "end": 4, "option": "jay"}], "relations": []}


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page: ``mock("rook", task="choice")`` suggests a value for each item."""

    def opened(value: Any, score: float | None = 0.87, settings: Any = None, **more: Any) -> Page:
        suggestion = {"table": TABLE, "value": value, "score": score, "model": "resnet-7"}
        page = open_mock(visitor, suggestion=json.dumps(suggestion), settings=json.dumps(settings or {}), **more)
        page.locator(".nbt-suggested-value").wait_for()
        return page

    return opened


def acts(page: Page) -> list[tuple[str, Any, bool | None]]:
    waiting(page, 0)
    return [
        (act["status"], act["value"], None if act["suggestion"] is None else act["suggestion"]["rejected"])
        for act in saved(page)
    ]


def line(page: Page) -> Any:
    return page.locator(".nbt-suggestion")


def test_a_suggestion_is_shown_and_marked_and_nothing_is_said(mock: Open) -> None:
    page = mock("rook")
    expect(line(page)).to_contain_text("resnet-7 suggests:rook87\u202f%")
    expect(page.locator(".nbt-suggested")).to_have_text("2rook")
    expect(page.locator(".nbt-suggested")).to_have_attribute("aria-description", "suggested")
    expect(page.locator('.nbt-option[aria-pressed="true"]')).to_have_count(0)
    press(page, "Enter")
    assert (shown(page), acts(page)) == (0, [])


def test_who_hears_the_page_is_told_of_each_item_even_where_the_same_is_suggested(mock: Open) -> None:
    page = mock("rook")
    heard = page.locator(".nbt-suggestion [role=status]")
    expect(heard).to_have_text("resnet-7 suggests: rook 87\u202f%")
    heard.evaluate(
        """(heard) => {
          window.told = [];
          new MutationObserver(() => window.told.push(heard.textContent)).observe(heard, { childList: true });
        }"""
    )
    press(page, "f", "a")
    shows(page, 1)
    page.wait_for_function("() => window.told.length > 0")
    assert page.evaluate("() => window.told") == ["resnet-7 suggests: rook 87\u202f%"], "once, and not for a flag"


def test_it_is_taken_corrected_rejected_or_passed_over_by_keys(mock: Open) -> None:
    page = mock("rook")
    press(page, "a", "1")
    presented(page)
    page.keyboard.press("r")
    expect(line(page)).to_contain_text("resnet-7 suggested, and you rejected:rook")
    expect(page.locator(".nbt-suggested")).to_have_count(0)
    assert shown(page) == 2
    press(page, "3", "Space")
    shows(page, 4)
    assert acts(page) == [
        ("labeled", "rook", False), ("labeled", "jay", False), ("labeled", "magpie", True), ("skipped", None, False),
    ]  # fmt: skip
    assert {act["suggestion"]["table"] for act in saved(page)} == {TABLE}


def test_undo_brings_it_back(mock: Open) -> None:
    page = mock("rook")
    press(page, "r")
    expect(page.locator(".nbt-suggested")).to_have_count(0)
    press(page, "u")
    expect(page.locator(".nbt-suggested")).to_have_count(1)
    press(page, "a", "u")
    shows(page, 0)
    expect(line(page)).to_contain_text("suggests:rook")
    assert acts(page) == [("labeled", "rook", False), ("cleared", None, None)]


def test_no_press_takes_what_nobody_has_seen(mock: Open) -> None:
    page = mock("rook")
    page.evaluate("() => window.mock.burst(6, 1, ['a'])")
    waiting(page, 0)
    assert len(saved(page)) < 6
    expect(page.locator(".nbt-status")).not_to_have_attribute("data-refused", "0")


def test_a_held_key_takes_one(mock: Open) -> None:
    page = mock("rook")
    page.keyboard.down("a")
    presented(page)
    page.keyboard.down("a")
    page.keyboard.up("a")
    assert [status for status, *_ in acts(page)] == ["labeled"]


def test_by_mouse_and_by_touch(mock: Open) -> None:
    page = mock("rook", phone=True)
    page.get_by_role("button", name="Reject").tap()
    expect(line(page)).to_contain_text("you rejected")
    page.get_by_role("button", name="Accept").tap()
    shows(page, 1)
    assert [value for _, value, _ in acts(page)] == ["rook"], "the kernel finds that it was accepted"


def test_several_options_stand_in_the_editor_first(mock: Open) -> None:
    page = mock(["jay", "magpie"], task="choices")
    expect(page.locator(".nbt-suggested")).to_have_count(2)
    press(page, "a")
    expect(page.locator('.nbt-option[aria-pressed="true"]')).to_have_count(2)
    press(page, "a")
    shows(page, 1)
    press(page, "a", "1", "Enter")
    shows(page, 2)
    press(page, "a", "r")
    expect(page.locator('.nbt-option[aria-pressed="true"]')).to_have_count(0)
    press(page, "x")
    assert acts(page) == [
        ("labeled", ["jay", "magpie"], False), ("labeled", ["magpie"], False), ("labeled", [], True),
    ]  # fmt: skip


def test_a_text_is_taken_while_one_types_and_then_corrected(mock: Open) -> None:
    page = mock("a jay cals", settings=TEXT, task="text", options="")
    press(page, "e")
    expect(page.locator(".nbt-field")).to_be_focused()
    expect(page.get_by_role("button", name="Use it").locator("kbd:visible")).to_have_text("Ctrl+Enter")
    page.keyboard.type("a")
    press(page, "Control+Enter")
    expect(page.locator(".nbt-field")).to_have_value("a jay cals")
    press(page, "Backspace")
    page.keyboard.type("ls")
    press(page, "Enter")
    shows(page, 1)
    press(page, "Control+Enter", "Control+Shift+Enter")
    expect(page.locator(".nbt-field")).to_have_value("")
    press(page, "Control+z", "Control+Enter")
    shows(page, 2)
    assert acts(page) == [("labeled", "a jay calls", False), ("labeled", "a jay cals", False)]


def test_spans_are_taken_and_changed(mock: Open) -> None:
    page = mock(MARKED, settings=SPANS, task="spans", options="jay,rook")
    expect(line(page)).to_contain_text("1 jay")
    press(page, "a")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    rows = page.locator(".nbt-editor").get_by_text("jay", exact=True)
    expect(rows.last).to_be_visible()
    press(page, "Enter")
    shows(page, 1)
    press(page, "a", "u", "x")
    shows(page, 2)
    waiting(page, 0)
    assert [len(act["value"]["spans"]) for act in saved(page)] == [1, 0]


BOX = {"id": "b1", "label": "jay", "x": 100, "y": 80, "w": 120, "h": 90, "attributes": {}}
FORM = [
    {"name": "species", "kind": "choice", "options": ["jay", "rook"]},
    {"name": "age", "kind": "number", "when": {"species": "rook"}},
]


@pytest.mark.parametrize(
    ("kind", "settings", "value", "query"),
    [
        ("boxes", {}, {"width": 400, "height": 300, "shapes": [BOX]}, {"options": "jay,rook", "kind": "image"}),
        ("form", {"fields": FORM}, {"species": "rook", "age": 3}, {"options": ""}),
        ("number", {"min": 0, "max": 9}, 4, {"options": ""}),
        ("rating", {}, 4, {"options": ""}),
        ("rank", {}, ["rook", "jay"], {"options": "jay,rook"}),
    ],
)
def test_every_kind_takes_what_is_suggested(
    mock: Open, kind: str, settings: Any, value: Any, query: dict[str, Any]
) -> None:
    options = [one for one in query["options"].split(",") if one]
    declared = declare("t", kind, options, settings=settings)
    page = mock(value, task=kind, settings=declared.settings, **query)
    press(page, "a", *([] if kind == "rating" else ["a"]))
    shows(page, 1)
    assert [said for _, said, _ in acts(page)] == [value]
    assert line(page).locator(".nbt-suggested-value").inner_text() != ""


def test_what_is_taken_says_how_candidates_stood_and_names_no_column(mock: Open) -> None:
    of = ["answer_a", "answer_b"]
    settings = declare("t", "compare", settings={"of": of}).settings
    page = mock({"better": "b"}, settings=settings, task="compare", options="", kind="record-pair")
    left = page.locator(".nbt-candidate-body").first.inner_text().split(": ")[0].split(". ")[-1].lower()
    side = "left" if left == "b" else "right"
    expect(page.locator(".nbt-suggested-value")).to_have_text(f"{side} is better")
    expect(page.locator(".nbt-suggested")).to_have_attribute("data-value", side)
    press(page, "a")
    shows(page, 1)
    assert [value for _, value, _ in acts(page)] == [{"better": "b", "left": left}]
    settings = declare("t", "rank", settings={"of": of}).settings
    page = mock(["answer_b", "answer_a"], settings=settings, task="rank", options="", kind="record-pair")
    press(page, "a")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    press(page, "a")
    shows(page, 1)
    ((_, value, _),) = acts(page)
    assert value["ranking"] == ["answer_b", "answer_a"]
    assert sorted(value["shown"]) == of


def test_a_form_says_how_candidates_of_its_fields_stood(mock: Open) -> None:
    of = ["answer_a", "answer_b"]
    fields = [{"name": "truer", "kind": "compare", "of": of}, {"name": "note", "kind": "text", "required": False}]
    settings = declare("t", "form", settings={"fields": fields}).settings
    page = mock({"truer": {"better": "a"}}, settings=settings, task="form", options="", kind="record-pair")
    press(page, "a")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    press(page, "a")
    shows(page, 1)
    ((_, value, _),) = acts(page)
    assert value["truer"]["better"] == "a"
    assert value["truer"]["left"] in ("a", "b")


def test_in_a_form_that_is_typed_into_what_submits_it_does_not_take_what_is_suggested(mock: Open) -> None:
    species = {"name": "species", "kind": "choice", "options": [f"bird {n}" for n in range(12)]}
    fields = [species, {"name": "note", "kind": "text", "lines": 1, "required": False}]
    settings = declare("t", "form", settings={"fields": fields}).settings
    page = mock({"species": "bird 11", "note": "a guess"}, settings=settings, task="form", options="")
    press(page, "2")
    page.locator(".nbt-field").fill("seen")
    expect(page.get_by_role("button", name="Use it").locator("kbd:visible")).to_have_count(0)
    press(page, "Control+Enter")
    shows(page, 1)
    press(page, "a")
    expect(page.locator(".nbt-field")).to_have_value("a guess")
    press(page, "a")
    shows(page, 2)
    assert [said for _, said, _ in acts(page)] == [
        {"species": "bird 1", "note": "seen"}, {"species": "bird 11", "note": "a guess"},
    ]  # fmt: skip


def test_a_number_that_is_no_share_is_shown_as_it_is(mock: Open) -> None:
    page = mock("rook", score=12.345)
    expect(page.locator(".nbt-suggested-score")).to_have_text("12.3")
    again = mock("rook", score=None)
    expect(again.locator(".nbt-suggested-score")).to_have_text("")


def test_review_shows_it_beside_the_label(mock: Open) -> None:
    page = mock("rook")
    press(page, "1", "1")
    waiting(page, 0)
    page.goto(page.url + "&mode=review")
    page.locator(".nbt-suggested-value").wait_for()
    page.locator(".nbt-labeler").focus()
    expect(page.locator(".nbt-suggested")).to_have_text("2rook")
    expect(page.locator('.nbt-option[aria-pressed="true"]')).to_have_text("1jay")
    press(page, "a")
    shows(page, 1)
    assert [value for _, value, _ in acts(page)] == ["jay", "jay", "rook"]


def test_nothing_moves_and_its_keys_are_among_the_others(mock: Open) -> None:
    page = mock("rook")
    places = page.evaluate("() => window.mock.places()")
    press(page, "r")
    assert page.evaluate("() => window.mock.places()") == places
    press(page, "a")
    shows(page, 1)
    assert page.evaluate("() => window.mock.places()") == places
    press(page, "?")
    expect(page.locator(".nbt-keys")).to_contain_text("take what is suggested")
    expect(page.locator(".nbt-keys")).to_contain_text("reject what is suggested")


def test_a_value_from_a_model_is_no_markup(mock: Open) -> None:
    page = mock("<img src=x onerror=alert(1)>", settings=TEXT, task="text", options="")
    expect(page.locator(".nbt-suggested-value")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".nbt-suggestion img")).to_have_count(0)


@pytest.mark.parametrize(("task", "value"), [("choice", "rook"), ("choices", ["jay", "rook"])])
def test_axe_finds_nothing(mock: Open, task: str, value: Any) -> None:
    page = mock(value, task=task)
    for keys in ((), ("r",)):
        press(page, *keys)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, context=".nbt-labeler").response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
