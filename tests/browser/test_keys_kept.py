"""Who works by keys keeps them in the widget, though what they stood on goes with the item.

Else the next key would be a command of the notebook.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mocked import open_mock, presented, saved, shows, waiting
from tests.browser.pages import Visitor

MANY = ",".join(f"bird {number:02}" for number in range(40))
SUGGESTED = json.dumps({"table": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "value": "jay", "score": 0.9, "model": "yolo"})
# What a person stands on, and the page's query.
STANDS: Mapping[str, Mapping[str, Any]] = {
    "[data-do=zoomIn]": {"kind": "image"},
    "audio": {"kind": "audio"},
    "[data-do=faster]": {"kind": "audio-long", "task": "regions"},
    ".nbt-ranking .nbt-option": {"task": "rank"},
    ".nbt-find": {"options": MANY},
    ".nbt-field": {"task": "text"},
    ".nbt-reject": {"suggestion": SUGGESTED},
}


def leave(page: Page) -> None:
    """Skip as a key does that stays where it is."""
    presented(page)
    page.evaluate("() => document.querySelector('.nbt-skip').click()")


@pytest.mark.parametrize("stands", STANDS)
def test_they_are_the_widgets_on_the_next_item_and_where_none_is_ready(visitor: Visitor, stands: str) -> None:
    page = open_mock(visitor, n=2, **STANDS[stands])
    for number in range(2):
        shows(page, number)
        page.locator(stands).first.focus()
        leave(page)
    waiting(page, 0)
    assert [act["status"] for act in saved(page)] == ["skipped", "skipped"]
    presented(page)
    expect(page.locator(".nbt-labeler:focus-within")).to_have_count(1)
