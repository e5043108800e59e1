"""What a person does with a Labeler, and what is then on the disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from playwright.sync_api import Locator, Page, expect

from nbtools.dataset import Dataset
from tests.browser.pages import SECONDS

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "annotate.ipynb"


def annotator(ds: Dataset, name: str | None = "anna") -> dict[str, str]:
    """Return the environment of a server for one person and dataset."""
    known = {"NBTOOLS_ANNOTATOR": name, "NBTOOLS_SINGLE_USER": "1"} if name else {}
    return {"NBTOOLS_DATASET": str(ds.path), **known}


def labeler(page: Page) -> Locator:
    """Return the Labeler of a page, with an item in it and the keys its own."""
    root = page.locator(".nbt-labeler")
    expect(root.locator(".nbt-item[data-item-id]")).to_be_visible()
    root.focus()
    return root


def shown(page: Page) -> str:
    """Return the id of the item that is painted."""
    found = page.locator(".nbt-item[data-item-id]").get_attribute("data-item-id")
    assert found
    return found


def press(page: Page, key: str) -> str:
    """Press a key that goes on to another item, and wait for it; return the id of the item before."""
    before = shown(page)
    # A press counts for what has been on the screen for a frame.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.keyboard.press(key)
    expect(page.locator(f'.nbt-item[data-item-id="{before}"]')).to_have_count(0)
    expect(page.locator(".nbt-item[data-item-id]")).to_be_visible()
    return before


def unsaved(page: Page, count: int) -> None:
    """Wait until so many acts are not acknowledged."""
    expect(page.locator(".nbt-status")).to_have_attribute("data-unsaved", str(count))


def labels(ds: Dataset, task: str = "species") -> dict[str, str | None]:
    """Return the value of each labeled item, as another process reads it from the disk."""
    table = Dataset(ds.path).labels(task)
    return dict(zip(table["item"], table["value"], strict=True))


def lines(ds: Dataset, task: str = "species") -> int:
    """Return how many labels the log holds, repeated ones counted each time."""
    files = ds.path.glob(f"metadata/labels/{task}/*.jsonl")
    return sum(line.count(b'"type":"label"') for file in files for line in file.read_bytes().splitlines())


def eventually(is_so: Callable[[], bool], what: str) -> None:
    """Wait until a condition outside of the page holds."""
    pause = Event()
    end = time.monotonic() + SECONDS / 1000
    while not is_so():
        assert time.monotonic() < end, f"it never came to be that {what}"
        pause.wait(0.05)
