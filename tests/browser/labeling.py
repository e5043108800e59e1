"""What a person does with a Labeler, and what is then on the disk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from nbtools.dataset import Dataset
from tests.browser.pages import SECONDS
from tests.browser.servers import start_voila
from tests.widgets.birds import birds

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "annotate.ipynb"


ANNA = {"NBTOOLS_ANNOTATOR": "anna", "NBTOOLS_SINGLE_USER": "1"}


class Hall:
    """A server for the tests of one file, with a dataset for each of them.

    Parameters
    ----------
    folder : Path
        Where the datasets and the server's log lie.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "datasets"
        self.root.mkdir()
        self.server = start_voila(NOTEBOOK, folder / "voila", env={"NBTOOLS_ROOT": str(self.root), **ANNA})

    def dataset(self, count: int = 12) -> Dataset:
        """Make a dataset of pictures with the task "species"."""
        return birds(self.root / f"birds{len(list(self.root.iterdir()))}", count)

    def address(self, ds: Dataset) -> str:
        """Return the path and query of the page on which a dataset is labeled."""
        return f"?{urlencode({'dataset': ds.path.name})}"


def mark_song(page: Page) -> None:
    """Play a recording into its second part, and mark what was played."""
    expect(page.locator(".nbt-time")).to_have_text("0:00.00 / 1:40.00")
    expect(page.locator(".nbt-shape path")).to_have_attribute("d", re.compile("^M"))
    # The first part ends at 35.4 s.
    box = page.locator(".nbt-bands").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] / 2)
    mark(page, "1")
    page.keyboard.press("Space")
    past = "() => parseFloat(document.querySelector('.nbt-time').textContent.slice(2)) > 35.8"
    page.wait_for_function(past)
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect(page.locator(".nbt-region")).to_have_count(1)
    mark(page, "Enter")
    unsaved(page, 0)


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


def shows(page: Page, item: str) -> None:
    """Wait until an item is painted."""
    expect(page.locator(f'.nbt-item[data-item-id="{item}"]')).to_be_visible()


def mark(page: Page, key: str) -> None:
    """Press a key once the item has been on the screen: earlier, a press counts for nothing."""
    expect(page.locator(".nbt-item[data-seen]")).to_have_count(1)
    page.keyboard.press(key)


def press(page: Page, key: str) -> str:
    """Press a key that goes on to another item, and wait for it; return the id of the item before."""
    before = shown(page)
    mark(page, key)
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
