"""An hour of sound: opened until its waveform is painted, marked until its region is; beside wavesurfer.js."""

from __future__ import annotations

import functools
import http.server
import shutil
import tempfile
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from nbtools.dataset import Dataset
from tests.bench.table import Table, median, percentile
from tests.browser.chromium import FLAGS, chromium
from tests.browser.labeling import ANNA, NOTEBOOK
from tests.browser.servers import start_voila

SECONDS = 3600
RATE = 16_000
PRESSES = 40
SOURCES = Path(__file__).resolve().parents[2] / "nbtools" / "widgets" / "src"
PEER = SOURCES / "node_modules" / "wavesurfer.js" / "dist" / "wavesurfer.esm.js"
# Notes when the Labeler's element came, and the first frame that has its waveform.
WATCH = """
window.noted = {};
const watch = () => {
  if (document.querySelector(".nbt-labeler")) window.noted.there ??= performance.now();
  if (document.querySelector(".nbt-shape path")?.getAttribute("d")) window.noted.painted ??= performance.now();
  if (window.noted.painted === undefined) requestAnimationFrame(watch);
};
requestAnimationFrame(watch);
"""
# From the key going down to the first frame that starts after its region is there.
PRESSED = """
() => {
  window.pressed = [];
  let at = null;
  addEventListener("keydown", (event) => { if (event.key === "2") at = [event.timeStamp, regions()]; }, true);
  const regions = () => document.querySelectorAll(".nbt-region").length;
  const watch = () => {
    if (at !== null && regions() > at[1]) {
      window.pressed.push(performance.now() - at[0]);
      at = null;
    }
    requestAnimationFrame(watch);
  };
  watch();
}
"""
PAGE = """<!doctype html><div id="here"></div><script type="module">
import WaveSurfer from "./wavesurfer.js";
const started = performance.now();
const made = WaveSurfer.create({ container: "#here", url: "./hour.wav" });
made.on("ready", () => requestAnimationFrame(() => { window.took = performance.now() - started; }));
</script>"""


def run(seconds: int = SECONDS, presses: int = PRESSES) -> list[Table]:
    """Make the recording, open it in both, and mark it."""
    opening = Table(
        f"A WAV file of {seconds:,} s ({seconds * RATE * 2 / 1e6:.0f} MB) opened",
        ["tool", "case", "waveform painted, ms", "MB sent before"],
        remarks=[
            "nbtools: from the Labeler's element on the page, its kernel asked over Voilà.",
            "wavesurfer.js: from its creation, the file from a server on this machine, decoded in the browser.",
        ],
    )
    pressing = Table("Press that ends a region → region painted", ["there before", "p50 ms", "p95 ms", "n"])
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        ds = _dataset(folder / "songs", seconds)
        chrome = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        with _voila(ds, folder) as url:
            for case in ("first time", "peaks kept"):
                page, sent = _opened(chrome, url)
                noted = page.evaluate("() => window.noted")
                opening.add("nbtools", case, float(noted["painted"] - noted["there"]), sent[0] / 1e6)
                if case == "peaks kept":
                    _press(page, presses, pressing)
                page.context.close()
        opening.add("wavesurfer.js", "-", *_peer(chrome, folder, ds))
        chrome.close()
    return [opening, pressing]


def _dataset(folder: Path, seconds: int) -> Dataset:
    (folder / "raw").mkdir(parents=True)
    time = np.arange(RATE) / RATE
    with wave.open(str(folder / "raw" / "hour.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for second in range(seconds):
            tone = np.sin(2 * np.pi * (200 + second % 600) * time) * (1 + second % 30) * 1000
            file.writeframes(tone.astype("<i2").tobytes())
    ds = Dataset.create(folder)
    ds.ingest()
    ds.task("calls", kind="regions", options=["jay", "rook"])
    return ds


@contextmanager
def _voila(ds: Dataset, folder: Path) -> Iterator[str]:
    server = start_voila(NOTEBOOK, folder / "voila", env={"NBTOOLS_DATASET": str(ds.path), **ANNA})
    try:
        yield server.url
    finally:
        server.stop()


def _opened(chrome: Browser, url: str) -> tuple[Page, list[int]]:
    page = chrome.new_context(viewport={"width": 1280, "height": 900}, service_workers="block").new_page()
    sent = [0]

    def received(payload: str | bytes) -> None:
        sent[0] += len(payload)

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function("() => window.noted.painted !== undefined")
    return page, list(sent)


def _press(page: Page, presses: int, table: Table) -> None:
    """Begin and end regions by key, a hundredth apart, while nothing plays."""
    page.locator(".nbt-labeler").focus()
    page.wait_for_selector(".nbt-item[data-seen]")
    page.evaluate(PRESSED)
    for before in (0, 50):
        while page.locator(".nbt-region").count() < before:
            _mark(page, "1")
        page.evaluate("() => { window.pressed.length = 0; }")
        for number in range(presses):
            _mark(page, "2")
            page.wait_for_function(f"() => window.pressed.length > {number}")
            page.keyboard.press("u")
        took: list[Any] = page.evaluate("() => window.pressed")
        table.add(str(before), median(took), percentile(took, 0.95), len(took))


def _mark(page: Page, key: str) -> None:
    page.keyboard.press(key)
    page.keyboard.press(".")
    page.keyboard.press(key)


def _peer(chrome: Browser, folder: Path, ds: Dataset) -> tuple[float, float]:
    """Return how long wavesurfer.js takes from its creation to its waveform, and what it is sent."""
    served = folder / "peer"
    served.mkdir()
    (served / "index.html").write_text(PAGE)
    shutil.copy(PEER, served / "wavesurfer.js")
    sound = served / "hour.wav"
    sound.hardlink_to(ds.path / "raw" / "hour.wav")
    handler = functools.partial(_Quiet, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chrome.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_function("() => window.took !== undefined", timeout=180_000)
        took = float(page.evaluate("() => window.took"))
        page.close()
        server.shutdown()
    return took, sound.stat().st_size / 1e6


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
