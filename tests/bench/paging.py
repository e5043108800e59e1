"""A VersionBrowser over many items in a page of Voilà: the first paint, and any place that is scrolled to."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any

import psutil

from tests.bench.rig import VISIBLE, browser
from tests.bench.starting import BARE
from tests.bench.table import Table, median
from tests.browser.pages import write_notebook
from tests.browser.servers import ROOT, Server, start_voila

PLACES = 30
# From the moment of scrolling until the rows of that place are in sight, each with its text, in a frame that was drawn.
SCROLL = """
async (share) => {
  const scroller = document.querySelector(".nbt-scroller");
  const place = share * (Number(scroller.getAttribute("aria-rowcount")) - 1);
  const began = performance.now();
  scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
  const frame = () => new Promise(requestAnimationFrame);
  const inSight = () => {
    const box = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll(".nbt-rows .nbt-tr")].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > box.top + 40 && top < box.bottom;
    });
  };
  const isThere = (row) => Math.abs(Number(row.dataset.position) - place) < 60 && !row.querySelector(".nbt-bone");
  do await frame(); while (inSight().length === 0 || !inSight().every(isThere));
  await frame();
  return performance.now() - began;
}
"""


async def page_table(dataset: Path, folder: Path, items: int, rounds: int = 3) -> Table:
    """Measure the page, beside a page of Voilà that shows next to nothing.

    Parameters
    ----------
    dataset : Path
        With two versions of so many items.
    folder : Path
        For what the servers write.
    items : int
        How many.
    rounds : int
        Visits of each page, one after the other.
    """
    table = Table(
        f"A VersionBrowser over {items:,} items in Voilà",
        ["page", "visit → first paint, s", "any place, ms: median, most", "kernel MB (PSS)"],
        remarks=["Visits by turns, medians; the server runs. First paint: versions and the first items by name."],
    )
    bare = start_voila(write_notebook(folder / "bare.ipynb", [BARE]), folder / "bare")
    ours = start_voila(ROOT / "notebooks" / "versions.ipynb", folder / "ours", env=_environment(dataset))
    waits = {"a bare anywidget": (bare, ".bare"), "VersionBrowser": (ours, ".nbt-card .nbt-name:not(:empty)")}
    took: dict[str, list[float]] = {name: [] for name in waits}
    pages: list[Any] = []
    try:
        async with browser() as chrome:
            for _ in range(rounds):
                for name, (server, selector) in waits.items():
                    seconds, page = await _visit(chrome, server, selector)
                    took[name].append(seconds)
                    pages.append(page)
            scrolled = await _scrolled(pages[-1])
            memory = psutil.Process(ours.kernel().pid).memory_full_info().pss / 1e6
    finally:
        bare.stop()
        ours.stop()
    table.add("a bare anywidget", median(took["a bare anywidget"]), "", "")
    table.add("VersionBrowser", median(took["VersionBrowser"]), f"{median(scrolled):.0f}, {max(scrolled):.0f}", memory)
    return table


def _environment(dataset: Path) -> dict[str, str]:
    return {**os.environ, "NBTOOLS_DATASET": str(dataset), "NBTOOLS_ANNOTATOR": "anna", "NBTOOLS_SINGLE_USER": "1"}


async def _visit(chrome: Any, server: Server, selector: str) -> tuple[float, Any]:
    context = await chrome.new_context(service_workers="block", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    page = await context.new_page()
    started = time.perf_counter()
    await page.goto(server.url)
    await page.wait_for_function(VISIBLE)
    await page.wait_for_selector(selector)
    return time.perf_counter() - started, page


async def _scrolled(page: Any) -> list[float]:
    await page.locator(".nbt-versions").focus()
    await page.keyboard.press("v")
    await page.wait_for_selector(".nbt-rows .nbt-tr")
    draw = random.Random(0)
    return [await page.evaluate(SCROLL, draw.random()) for _ in range(PLACES)]
