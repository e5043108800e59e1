"""What a model suggests on an item, drawn before anybody takes it: told from the person's own, and out of reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nbtools.labels.task import declare
from tests.browser import drawing
from tests.browser.mocked import Open, open_mock, press, saved, shows, waiting
from tests.browser.pages import Visitor

TABLE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
OPTIONS = ["jay", "rook"]


def _shapes(**place: Any) -> dict[str, Any]:
    return {"width": 400, "height": 300, "shapes": [{"id": "m1", "label": "rook", **place, "attributes": {}}]}


BOXES = _shapes(x=100, y=80, w=120, h=90)
SPANS = {"text_hash": None, "spans": [{"id": "m1", "start": 0, "end": 8, "option": "rook"}], "relations": []}
REGIONS = {"duration": 2.0, "regions": [{"id": "m1", "label": "rook", "start": 0.5, "end": 1.25}]}


class Case(NamedTuple):
    """How a kind shows what is suggested, and how a person marks something else on top of it."""

    value: Any
    query: Mapping[str, Any]
    #: What is suggested, and what is the person's own.
    proposed: str
    own: str
    mark: Callable[[Page], None]


def _box(page: Page) -> None:
    drawing.drag(page, (120, 100), (200, 150))
    press(page, "1")


def _polygon(page: Page) -> None:
    press(page, "1")
    drawing.click(page, (120, 100), (200, 100), (160, 150), (160, 150))


def _point(page: Page) -> None:
    press(page, "1")
    drawing.click(page, (150, 120))


def _region(page: Page) -> None:
    box = page.locator(".nbt-bands").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40, steps=3)
    page.mouse.up()
    press(page, "1")


def _span(page: Page) -> None:
    press(page, "e", "Shift+ArrowRight", "1", "Escape")


PICTURE = {"kind": "image"}
SHAPES = (".nbt-proposal", ".nbt-shape")
CASES = {
    "boxes": Case(BOXES, PICTURE, *SHAPES, _box),
    "polygons": Case(_shapes(points=[[100, 80], [220, 80], [160, 170]]), PICTURE, *SHAPES, _polygon),
    "points": Case(_shapes(x=150, y=120), PICTURE, *SHAPES, _point),
    "regions": Case(REGIONS, {"kind": "audio"}, ".nbt-proposed-row", ".nbt-region", _region),
    "spans": Case(SPANS, {"words": "The rook is far off."}, ".nbt-proposed-row", ".nbt-span", _span),
}


@pytest.fixture
def mock(visitor: Visitor) -> Open:
    """Open the mock page with a kind of task and what is suggested for each item: ``mock("boxes")``."""

    def opened(kind: str, value: Any = None, score: float | None = 0.87, **more: Any) -> Page:
        suggested = CASES[kind].value if value is None else value
        suggestion = {"table": TABLE, "value": suggested, "score": score, "model": "resnet-7"}
        settings = declare("t", kind, OPTIONS, settings=more.pop("settings", None)).settings
        query = {"task": kind, "options": ",".join(OPTIONS), "n": 5, **CASES[kind].query, **more}
        page = open_mock(visitor, suggestion=json.dumps(suggestion), settings=json.dumps(settings), **query)
        page.locator(".nbt-suggested-value").wait_for()
        return page

    return opened


def count(page: Page, selector: str, number: int) -> None:
    expect(page.locator(selector)).to_have_count(number)


def values(page: Page) -> list[Any]:
    waiting(page, 0)
    return [act["value"] for act in saved(page)]


def painted(page: Page) -> list[str]:
    """Return the highlights of a text that have ranges, by the end of their names."""
    found: list[str] = page.evaluate(
        "() => [...CSS.highlights.keys()].map((name) => name.split('-').slice(2).join('-'))"
    )
    return sorted(found)


@pytest.mark.parametrize("kind", CASES)
def test_it_is_seen_with_its_label_and_score_and_enter_takes_nothing(mock: Open, kind: str) -> None:
    page, case = mock(kind), CASES[kind]
    count(page, case.proposed, 1)
    count(page, case.own, 0)
    expect(page.locator(case.proposed)).to_contain_text("rook? 87\u202f%")
    expect(page.locator(".nbt-suggestion [role=status]")).to_have_text("resnet-7 suggests: 1 rook 87\u202f%")
    press(page, "Enter", "Enter")
    expect(page.locator(".nbt-note-text")).to_contain_text("or say “no ")
    count(page, case.proposed, 1)
    assert values(page) == []
    shows(page, 0)


@pytest.mark.parametrize("kind", CASES)
def test_it_is_the_persons_once_it_is_taken_and_not_before(mock: Open, kind: str) -> None:
    page, case = mock(kind), CASES[kind]
    assert page.locator(f"{case.proposed} :is([tabindex], button, input), {case.proposed}[tabindex]").count() == 0
    press(page, "a")
    count(page, case.proposed, 0)
    count(page, case.own, 1)
    press(page, "u")
    count(page, case.proposed, 1)
    count(page, case.own, 0)
    press(page, "a", "Enter")
    shows(page, 1)
    count(page, case.proposed, 1)
    assert values(page) == [case.value]
    press(page, "ArrowLeft")
    shows(page, 0)
    count(page, case.proposed, 0)
    count(page, case.own, 1)


@pytest.mark.parametrize("kind", CASES)
def test_it_goes_when_it_is_rejected(mock: Open, kind: str) -> None:
    page, case = mock(kind), CASES[kind]
    press(page, "r")
    count(page, case.proposed, 0)
    count(page, case.own, 0)
    press(page, "u")
    count(page, case.proposed, 1)
    page.get_by_role("button", name="Reject").click()
    count(page, case.proposed, 0)
    press(page, "x")
    shows(page, 1)
    waiting(page, 0)
    assert [act["suggestion"]["rejected"] for act in saved(page)] == [True]


@pytest.mark.parametrize("kind", CASES)
def test_who_marks_over_it_holds_nothing_of_it_and_sees_it_until_all_is_said(mock: Open, kind: str) -> None:
    page, case = mock(kind), CASES[kind]
    case.mark(page)
    count(page, case.own, 1)
    count(page, case.proposed, 1)
    press(page, "Enter")
    shows(page, 1)
    (value,) = values(page)
    assert value != case.value
    assert "jay" in json.dumps(value)
    press(page, "ArrowLeft")
    shows(page, 0)
    count(page, case.proposed, 0)


@pytest.mark.parametrize("kind", CASES)
def test_axe_finds_nothing(mock: Open, kind: str) -> None:
    page = mock(kind)
    for keys in ((), ("a",)):
        press(page, *keys)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, context=".nbt-labeler").response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_a_press_on_a_suggested_box_selects_nothing(mock: Open) -> None:
    page = mock("boxes")
    drawing.click(page, (150, 120))
    drawing.says(page, "Drag to draw a box · no boxes")
    press(page, "Shift+ArrowDown", ".", "Delete")
    count(page, ".nbt-proposal", 1)
    press(page, "h")
    expect(page.locator(".nbt-proposal path").first).to_be_hidden()


def test_the_score_of_many_stands_at_none_of_them(mock: Open) -> None:
    two = [{"id": f"m{at}", "label": "jay", "x": 90 * at, "y": 40, "w": 60, "h": 50, "attributes": {}} for at in (1, 2)]
    page = mock("boxes", {**BOXES, "shapes": two})
    assert page.locator(".nbt-proposal text").all_text_contents() == ["jay?", "jay?"]
    expect(page.locator(".nbt-suggested-score")).to_have_text("87\u202f%")


def test_suggested_spans_are_dashed_and_their_text_stays_as_it_is(mock: Open) -> None:
    page = mock("spans")
    assert painted(page) == ["proposed-1-0"]
    expect(page.locator(".nbt-proposed-row")).to_contain_text("“The rook”")
    press(page, "a")
    assert painted(page) == ["1-0"]


def test_where_a_region_is_suggested_r_rejects_and_another_key_plays(mock: Open) -> None:
    page = mock("regions")
    expect(page.get_by_role("button", name="Reject").locator("kbd").first).to_have_text("R")
    expect(page.get_by_role("button", name="Play it").locator("kbd")).to_have_text("Shift+Space")


def test_a_finger_takes_and_rejects_it(mock: Open) -> None:
    page = mock("regions", phone=True)
    expect(page.locator(".nbt-band.nbt-proposal")).to_have_text("rook? 87\u202f%")
    page.get_by_role("button", name="Reject").tap()
    count(page, ".nbt-proposal", 0)
    page.get_by_role("button", name="Use it").tap()
    count(page, ".nbt-band:not(.nbt-proposal)", 1)


def test_a_form_draws_what_is_suggested_for_its_field(visitor: Visitor) -> None:
    fields = [
        {"name": "birds", "kind": "boxes", "options": OPTIONS},
        {"name": "seen", "kind": "choice", "options": ["well", "badly"]},
    ]
    value = {"birds": BOXES, "seen": "well"}
    suggestion = {"table": TABLE, "value": value, "score": 0.87, "model": "resnet-7"}
    settings = declare("t", "form", settings={"fields": fields}).settings
    query: dict[str, Any] = {"task": "form", "options": "", "kind": "image", "settings": json.dumps(settings), "n": 5}
    page = open_mock(visitor, suggestion=json.dumps(suggestion), **query)
    expect(page.locator(".nbt-proposal")).to_have_text("rook?")
    press(page, "a")
    count(page, ".nbt-proposal", 0)
    count(page, ".nbt-shape", 1)
    press(page, "a")
    shows(page, 1)
    assert values(page) == [value]
