"""From a press to the next item on the screen, and which item a fast press was kept on."""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.bench.camera import Camera, find_code
from tests.bench.material import write
from tests.bench.rig import Rig, browser, rig
from tests.bench.table import Table, median, percentile
from tests.bench.tools import OPTIONS, Kept, Ours, Pigeon, Tool
from tests.browser.proxy import Proxy
from tests.browser.servers import Server, free_port, start, start_lab, start_voila

HOSTS = ("Voilà", "JupyterLab")
KINDS = ("text", "image")
LABELS = 50
PAUSE = 0.12
BURST = 20
INTERVALS = (0.03, 0.1, 0.15)
ITEMS = 400
ROUND_TRIP = 0.1
BLOCKED = 3.0


def run(labels: int = LABELS) -> list[Table]:
    """Measure both tools in both hosts with both kinds of items."""
    latency = Table(
        "Press → next item painted",
        ["tool", "host", "items", "by", "case", "p50 ms", "p95 ms", "max ms", "p50 frames", "p95 frames", "n"],
        remarks=[
            "Frames: 1 is the first that starts after the press.",
            f"n: presses out of {labels} that painted an item within 6 s.",
        ],
    )
    bursts = Table(
        f"{BURST} presses in a row",
        ["tool", "host", "items", "by", "ms apart", "kept", "on another item than was on the screen", "not kept"],
        remarks=["The judge is the item's number in its pixels, in the last frame that was due before the press."],
    )
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_all(Path(folder), labels, latency, bursts))
    return [latency, bursts]


async def _all(folder: Path, labels: int, latency: Table, bursts: Table) -> None:
    names = itertools.count()
    async with browser() as chrome:
        for kind, host in itertools.product(KINDS, HOSTS):
            items = folder / f"items-{kind}"
            if not items.exists():
                write(items, kind, ITEMS)
            for tool in (Pigeon(folder, kind, items), Ours(folder, kind, items, f"anna{next(names)}")):
                async with _serve(tool, host, folder / f"server-{next(names)}") as server:
                    print(f"{tool.name} in {host}, {kind}", flush=True)
                    async with rig(chrome, tool, server, host) as page:
                        await _near(page, host, labels, latency, bursts)
                    with Proxy(server.port, round_trip=ROUND_TRIP) as proxy:
                        async with rig(chrome, tool, server, host, proxy.port) as page:
                            await _press_slowly(page, host, latency, labels // 2, "100 ms round trip")


async def _near(page: Rig, host: str, labels: int, latency: Table, bursts: Table) -> None:
    ways = ("key", "click") if page.tool.name == "nbtools" else ("click",)
    for by in ways:
        await _press_slowly(page, host, latency, labels, "near", by)
    for by, interval in itertools.product(ways, INTERVALS):
        await _burst(page, host, bursts, by, interval)
    kernel = page.server.kernel()
    kernel.send_signal(signal.SIGSTOP)
    asyncio.get_running_loop().call_later(BLOCKED, kernel.send_signal, signal.SIGCONT)
    await _press_slowly(page, host, latency, 5, "kernel stopped")


async def _press_slowly(page: Rig, host: str, latency: Table, labels: int, case: str, by: str | None = None) -> None:
    """Press, wait for the next item and a moment more, and press again."""
    by = by or ("key" if page.tool.name == "nbtools" else "click")
    took, frames = [], []
    await page.still()
    await page.notes()
    for number in range(labels):
        await page.press(number % len(OPTIONS), by)
        try:
            await page.painted(1)
        except PlaywrightTimeout:
            continue
        noted = await page.notes()
        press, paint = noted["presses"][0], noted["paints"][0]
        took.append((paint["at"] - press["at"]) * 1000)
        frames.append(float(paint["frame"] - press["frame"]))
        await asyncio.sleep(PAUSE)
    marks = [median(took), percentile(took, 0.95), max(took)] if took else ["-"] * 3
    counted = [median(frames), percentile(frames, 0.95)] if frames else ["-"] * 2
    latency.add(page.tool.name, host, page.tool.kind, by, case, *marks, *counted, len(took))


async def _burst(page: Rig, host: str, bursts: Table, by: str, interval: float) -> None:
    await page.still()
    before = len(page.tool.stored(page.server))
    await page.notes()
    points = await find_code(page.page, page.tool.kind)
    options = [number % len(OPTIONS) for number in range(BURST)]
    async with Camera(page.chrome, page.page, points) as camera:
        await asyncio.sleep(0.3)
        await page.press_all(options, by, interval)
        await page.still()
    presses = (await page.notes())["presses"]
    kept = page.tool.stored(page.server)[before:]
    places = paired(kept, options, [each["at"] for each in presses])
    seen = [None if place is None else camera.seen_at(presses[place]["at"]) for place in places]
    wrong = sum(known != each.item for known, each in zip(seen, kept, strict=True))
    apart = f"{interval * 1000:.0f}"
    bursts.add(page.tool.name, host, page.tool.kind, by, apart, len(kept), wrong, len(presses) - len(kept))


def paired(kept: Sequence[Kept], options: Sequence[int], pressed: Sequence[float]) -> list[int | None]:
    """Return for each kept label the number of the press that gave it.

    Options come round in turn, so it is the next press of its option; where a tool
    says when a label was given, the last one before that.
    """
    found: list[int | None] = []
    start = 0
    for each in kept:
        fits = [place for place in range(start, len(pressed)) if OPTIONS[options[place]] == each.label]
        if each.at is not None:
            # The tool tells whole milliseconds.
            fits = [place for place in fits if pressed[place] <= each.at + 0.002][-1:]
        found.append(fits[0] if fits else None)
        start = found[-1] + 1 if found[-1] is not None else start
    return found


@asynccontextmanager
async def _serve(tool: Tool, host: str, folder: Path) -> AsyncIterator[Server]:
    """Start the host for one tool: each tool in Voilà as its users start it."""
    if host == "JupyterLab":
        server = start_lab(tool.notebook.parent, folder)
    elif tool.name == "nbtools":
        server = start_voila(tool.notebook, folder)
    else:
        port = free_port()
        command: list[Any] = [sys.executable, "-m", "voila", str(tool.notebook), f"--port={port}", "--no-browser"]
        server = start(command, folder, port=port)
    try:
        yield server
    finally:
        server.stop()
