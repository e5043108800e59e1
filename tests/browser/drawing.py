"""Shapes drawn on the mock page's pictures, by a mouse, and what is read back."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.mocked import open_mock, presented, press, saved, waiting
from tests.browser.pages import Visitor

SAID = {"side": ["left", "right"], "note": "text", "age": "number", "far": "bool"}
# The mock's pictures.
WIDTH, HEIGHT = 400, 300


def open_shapes(visitor: Visitor, task: str = "boxes", **more: Any) -> Page:
    """Open the mock page with a task of shapes, some settings given: ``open_shapes(visitor, "points", once=True)``."""
    settings = {"attributes": more.pop("attributes", {}), "once": more.pop("once", False)}
    query = {"task": task, "options": "jay,rook,magpie", "kind": "image", "n": 5, **more}
    return open_mock(visitor, settings=json.dumps(settings), **query)


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where a place of the picture is in the window, as long as it is fitted."""
    box = page.locator(".nbt-shapes").first.bounding_box()
    assert box is not None
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT)
    left = box["x"] + (box["width"] - WIDTH * scale) / 2
    top = box["y"] + (box["height"] - HEIGHT * scale) / 2
    return left + x * scale, top + y * scale


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at a place of the picture, go to another and let go."""
    presented(page)
    page.mouse.move(*at(page, *start))
    page.mouse.down()
    page.mouse.move(*at(page, *end), steps=3)
    page.mouse.up()


def click(page: Page, *places: tuple[float, float]) -> None:
    """Press places of the picture, one after the other."""
    for place in places:
        presented(page)
        page.mouse.click(*at(page, *place))


def says(page: Page, words: str) -> None:
    """Wait until the line below the picture says this."""
    expect(page.locator(".nbt-selected")).to_have_text(words)


def value(page: Page) -> Any:
    """Return the last value that was kept."""
    waiting(page, 0)
    return saved(page)[-1]["value"]


def shapes(page: Page) -> list[dict[str, Any]]:
    """Submit, and return the shapes that were kept."""
    press(page, "Enter")
    found: list[dict[str, Any]] = value(page)["shapes"]
    return found


def where(page: Page) -> list[tuple[object, ...]]:
    """Submit, and return option, x, y, w and h of each box."""
    return [tuple(one[key] for key in ("label", "x", "y", "w", "h")) for one in shapes(page)]


def names(page: Page) -> list[str]:
    """Return what each shape is called."""
    return [one.get_attribute("aria-label") or "" for one in page.locator(".nbt-shape").all()]


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    """Send what one finger or two do."""
    given = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})
