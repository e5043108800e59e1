"""Boxes on pictures of 4000 × 3000: frames while one of many is dragged, and from a press to the next picture."""

from __future__ import annotations

import random
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from nbtools.dataset import Dataset
from tests.bench.rig import PROBE, VISIBLE
from tests.bench.table import Table, median, percentile
from tests.browser.chromium import FLAGS, chromium
from tests.browser.pages import write_notebook
from tests.browser.servers import start_voila

SIZE = (4000, 3000)
COUNTS = (1, 50, 1_000)
MOVES = 120
ITEMS = 40
KEY = "() => document.querySelector('.nbt-item')?.dataset.itemId || null"
SEEN = ".nbt-item[data-seen]"
NOTES = """() => {
  const { presses, paints, frames } = window.benchNotes;
  const copy = structuredClone({ presses, paints, frames });
  presses.length = paints.length = 0;
  return copy;
}"""
NOTEBOOK = """
import nbtools as nb
nb.Labeler(nb.Dataset({dataset!r}), {task!r}, mode="review", annotator="anna")
"""


def run(items: int = ITEMS) -> list[Table]:
    """Measure both on one page in Voilà, with nothing else on the pictures and with many boxes."""
    dragging = Table(
        "One of many boxes dragged, 4000 × 3000",
        ["boxes", "frames a second", "median ms", "p95 ms", "worst ms", "frames"],
        remarks=[
            f"{MOVES} moves of the mouse, each sent when the one before was heard; “still”: no box, nothing moves."
        ],
    )
    latency = Table(
        "Press → next picture painted with its boxes",
        ["boxes on each", "p50 ms", "p95 ms", "max ms", "p50 frames", "p95 frames", "n"],
        remarks=["Frames: 1 is the first that starts after the press."],
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        ds = _dataset(Path(folder), items)
        for count in COUNTS:
            notebook = write_notebook(
                Path(folder, f"boxes-{count}.ipynb"), [NOTEBOOK.format(dataset=str(ds.path), task=f"boxes_{count}")]
            )
            server = start_voila(notebook, Path(folder, f"server-{count}"))
            try:
                page = chrome.new_page(viewport={"width": 1280, "height": 900})
                page.add_init_script(f"window.benchKey = {KEY};\n{PROBE}")
                page.goto(server.via(server.port))
                page.wait_for_selector(SEEN)
                page.wait_for_function(VISIBLE)
                page.wait_for_function(f"() => document.querySelectorAll('.nbt-shape').length === {count}")
                if count == COUNTS[0]:
                    dragging.add("still", *_frames(page, moves=0))
                dragging.add(count, *_frames(page, MOVES))
                latency.add(count, *presses(page, items - 2))
                page.close()
            finally:
                server.stop()
        chrome.close()
    return [dragging, latency]


def _frames(page: Page, moves: int) -> list[object]:
    """Take hold of the box in the middle, and carry it to and fro."""
    frame = page.locator(".nbt-shapes").bounding_box()
    assert frame is not None
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    if moves:
        page.mouse.click(x, y)
        page.wait_for_selector(".nbt-shape[aria-selected=true]", state="attached")
        page.mouse.move(x, y)
        page.mouse.down()
    page.evaluate("() => { window.benchNotes.frames.length = 0 }")
    if moves:
        for number in range(moves):
            step = number % 60
            page.mouse.move(x + 3 * min(step, 60 - step), y + min(step, 60 - step))
    else:
        page.wait_for_function("() => window.benchNotes.frames.length > 120")
    frames = page.evaluate(NOTES)["frames"]
    if moves:
        page.mouse.up()
        page.keyboard.press("u")
        page.keyboard.press("Escape")
    took = [after - before for before, after in pairwise(frames)]
    rate = 1000 * len(took) / (frames[-1] - frames[0])
    return [rate, median(took), percentile(took, 0.95), max(took), len(took)]


def presses(page: Page, count: int) -> list[object]:
    """Press Enter on one item after the other: p50, p95 and worst in ms, p50 and p95 in frames, and how many."""
    took, frames = [], []
    page.evaluate(NOTES)
    for _ in range(count):
        page.wait_for_selector(SEEN)
        page.wait_for_timeout(250)
        page.keyboard.press("Enter")
        page.wait_for_function("() => window.benchNotes.paints.length > 0")
        noted: dict[str, Any] = page.evaluate(NOTES)
        press, paint = noted["presses"][-1], noted["paints"][0]
        took.append(paint["at"] - press["at"])
        frames.append(float(paint["frame"] - press["frame"]))
    marks = [median(took), percentile(took, 0.95), max(took)]
    return [*marks, median(frames), percentile(frames, 0.95), len(took)]


def _dataset(folder: Path, items: int) -> Dataset:
    """Return pictures, each with boxes of a model's: one in the middle, where a mouse finds it, and others."""
    from PIL import Image

    raw = folder / "dataset" / "raw"
    raw.mkdir(parents=True)
    for number in range(items):
        Image.effect_noise((SIZE[0] // 8, SIZE[1] // 8), 60 + number).resize(SIZE).save(
            raw / f"{number}.jpg", quality=80
        )
    ds = Dataset.create(folder / "dataset")
    ds.ingest()
    draw = random.Random(0)
    for count in COUNTS:
        task = f"boxes_{count}"
        ds.task(task, kind="boxes", options=["jay", "rook", "magpie"])
        ds.record(task, {item: _boxes(draw, count) for item in ds.items()["id"]}, annotator="model")
    return ds


def _boxes(draw: random.Random, count: int) -> list[dict[str, object]]:
    middle: dict[str, object] = {"x": 1900, "y": 1400, "w": 200, "h": 200, "label": "jay"}
    return [middle, *({**_box(draw), "label": draw.choice(["jay", "rook", "magpie"])} for _ in range(count - 1))]


def _box(draw: random.Random) -> dict[str, object]:
    w, h = draw.randint(30, 400), draw.randint(30, 400)
    return {"x": draw.randint(0, SIZE[0] - w), "y": draw.randint(0, SIZE[1] - h), "w": w, "h": h}
