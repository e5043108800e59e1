"""Spans in texts of 2,000 words: from a press to the next text, and to a word that is marked."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from nbtools.dataset import Dataset
from tests.bench.rig import PROBE, VISIBLE
from tests.bench.shapes import NOTEBOOK, NOTES, SEEN, presses
from tests.bench.table import Table, median, percentile
from tests.browser.chromium import FLAGS, chromium
from tests.browser.pages import write_notebook
from tests.browser.servers import start_voila

WORDS = 2_000
COUNTS = (0, 50, 500)
ITEMS = 40
MARKS = 30
KEY = """() => {
  const id = document.querySelector(".nbt-item")?.dataset.itemId;
  return id ? `${id}/${document.querySelectorAll(".nbt-span").length}` : null;
}"""


def run(items: int = ITEMS) -> list[Table]:
    """Measure both on one page in Voilà, in texts without spans and with many."""
    latency = Table(
        f"Press → next text of {WORDS:,} words painted with its spans",
        ["spans in each", "p50 ms", "p95 ms", "max ms", "p50 frames", "p95 frames", "n"],
        remarks=["Frames: 1 is the first that starts after the press."],
    )
    marking = Table(
        f"Press → selected word marked, {WORDS:,} words",
        ["spans there", "p50 ms", "p95 ms", "max ms", "p50 frames", "p95 frames", "n"],
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        ds = _dataset(Path(folder), items)
        for count in COUNTS:
            cell = NOTEBOOK.format(dataset=str(ds.path), task=f"spans_{count}")
            server = start_voila(
                write_notebook(Path(folder, f"spans-{count}.ipynb"), [cell]), Path(folder, f"server-{count}")
            )
            try:
                page = chrome.new_page(viewport={"width": 1280, "height": 900})
                page.add_init_script(f"window.benchKey = {KEY};\n{PROBE}")
                page.goto(server.via(server.port))
                page.wait_for_selector(SEEN)
                page.wait_for_function(VISIBLE)
                page.wait_for_function(f"() => document.querySelectorAll('.nbt-span').length === {count}")
                latency.add(count, *presses(page, items - 2))
                marking.add(count, *_marks(page))
                page.close()
            finally:
                server.stop()
        chrome.close()
    return [latency, marking]


def _marks(page: Page) -> list[object]:
    """Select a word by its keys, mark it, and take that back."""
    took, frames = [], []
    page.keyboard.press("e")
    for _ in range(MARKS):
        for _ in range(3):
            page.keyboard.press("Control+ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        page.wait_for_timeout(100)
        page.evaluate(NOTES)
        page.keyboard.press("3")
        page.wait_for_function("() => window.benchNotes.paints.length > 0")
        noted = page.evaluate(NOTES)
        press, paint = noted["presses"][-1], noted["paints"][0]
        took.append(paint["at"] - press["at"])
        frames.append(float(paint["frame"] - press["frame"]))
    return [median(took), percentile(took, 0.95), max(took), median(frames), percentile(frames, 0.95), len(took)]


def _dataset(folder: Path, items: int) -> Dataset:
    draw = random.Random(0)
    raw = folder / "dataset" / "raw"
    raw.mkdir(parents=True)
    for number in range(items):
        words = ["".join(draw.choices("abcdefghij", k=6)) for _ in range(WORDS)]
        (raw / f"{number}.txt").write_text(" ".join(words))
    ds = Dataset.create(folder / "dataset")
    ds.ingest()
    for count in COUNTS:
        ds.task(f"spans_{count}", kind="spans", options=["jay", "rook", "magpie"])
        places = sorted(draw.sample(range(WORDS), count))
        spans = [{"start": 7 * at, "end": 7 * at + 6, "option": draw.choice(["jay", "rook"])} for at in places]
        ds.record(f"spans_{count}", dict.fromkeys(ds.items()["id"], spans), annotator="model")
    return ds
