"""Pages on a mock kernel: the page's file, and what a test asks of it.

It has the address of a machine on a plain-http network, which is no secure context.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import PLAIN_HOST
from tests.browser.pages import Visitor

ROOT = Path(__file__).resolve().parents[2]
MOCK = Path(__file__).parent / "mock"
STATIC = ROOT / "nbtools" / "widgets" / "static"

Open = Callable[..., Page]


def open_mock(
    visitor: Visitor,
    *,
    wait: str = ".nbt-item[data-item-id]",
    focus: bool = True,
    phone: bool = False,
    like: Page | None = None,
    **query: object,
) -> Page:
    """Open the mock page with a query, such as ``kind="image", n=20``, and wait for what it shows first.

    Without `focus` the keys are where the page itself puts them.
    """
    page = visitor.open("about:blank", phone=phone, like=like)
    page.route(f"http://{PLAIN_HOST}/**", _serve)
    page.goto(f"http://{PLAIN_HOST}/?{urlencode(query)}")
    page.locator(wait).first.wait_for()
    page.wait_for_function("() => window.mock")
    if focus:
        page.locator(".nbt-labeler").first.focus()
    presented(page)
    return page


def open_versions(visitor: Visitor, wait: str = ".nbt-card .nbt-name", *, phone: bool = False, **query: object) -> Page:
    """Open the mock page of a VersionBrowser with a query, such as ``kind="text", n=20``, and wait for it."""
    page = visitor.open("about:blank", phone=phone)
    page.route(f"http://{PLAIN_HOST}/**", _serve)
    page.goto(f"http://{PLAIN_HOST}/versions.html?{urlencode(query)}")
    page.locator(wait).first.wait_for()
    page.wait_for_function("() => window.mock")
    return page


def asked(page: Page, kind: str) -> int:
    """Return how many messages of a kind the mock kernel got."""
    return int(page.evaluate("(kind) => window.mock.kernel.got.filter(({ type }) => type === kind).length", kind))


def _serve(route: Route) -> None:
    name = route.request.url.split("?")[0].rsplit("/", 1)[1] or "page.html"
    path = STATIC / name if (STATIC / name).is_file() else MOCK / name
    if path.is_file():
        route.fulfill(path=path, content_type="text/html" if path.suffix == ".html" else "text/javascript")
    else:
        route.fulfill(status=404)


def presented(page: Page) -> None:
    """Wait until what was swapped in has been on the screen."""
    page.evaluate("() => window.mock.presented()")


def shown(page: Page) -> int:
    """Return the number of the item that is painted, -1 for none."""
    return int(page.locator(".nbt-item").first.get_attribute("data-item-id") or "-1", 16)


def shows(page: Page, number: int) -> None:
    """Wait until an item is painted."""
    expect(page.locator(".nbt-item").first).to_have_attribute("data-item-id", f"{number:032x}")


def saved(page: Page) -> list[dict[str, Any]]:
    """Return the acts that the mock kernel has."""
    acts: list[dict[str, Any]] = page.evaluate("() => window.mock.kernel.saved")
    return acts


def waiting(page: Page, count: int) -> None:
    """Wait until so many acts are not acknowledged."""
    expect(page.locator(".nbt-status").first).to_have_attribute("data-unsaved", str(count))


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, each once the item before it has been presented."""
    for key in keys:
        presented(page)
        page.keyboard.press(key)


def kernel(page: Page, setting: str, *, on: bool) -> None:
    """Make the mock kernel ``silent``, its disk ``full``, or the way to it throw (``throws``)."""
    page.evaluate("([setting, on]) => { window.mock.kernel[setting] = on; }", [setting, on])
