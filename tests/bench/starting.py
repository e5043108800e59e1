"""What a visitor waits for: the import, the kernel, the first item, the first label."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from tests.bench.material import write
from tests.bench.rig import VISIBLE, browser
from tests.bench.table import Table, median
from tests.bench.tools import Ours, Pigeon, Tool
from tests.browser.pages import write_notebook
from tests.browser.servers import ROOT, Server, free_port, start, start_voila

BARE = """
import anywidget
class Bare(anywidget.AnyWidget):
    _esm = "export default { render({ el }) { el.className = 'bare'; el.textContent = 'here' } }"
Bare()
"""


def run(rounds: int = 5) -> list[Table]:
    """Measure imports and first visits."""
    with tempfile.TemporaryDirectory() as folder:
        return [_imports(rounds * 4), asyncio.run(_visits(Path(folder), rounds))]


def _imports(rounds: int) -> Table:
    table = Table("A fresh process", ["program", "ms", "more than bare Python, ms", "MB"])
    programs = {
        "pass": "pass",
        "import nbtools": "import nbtools",
        "nbtools.Labeler": "import nbtools; nbtools.Labeler",
        "import anywidget": "import anywidget",
    }
    took: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, cwd="/")
            took[name].append((time.perf_counter() - started) * 1000)
    for name, program in programs.items():
        table.add(name, median(took[name]), median(took[name]) - median(took["pass"]), _memory(program))
    return table


def _memory(program: str) -> float:
    ask = f"{program}\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, cwd="/")
    return int(done.stdout) / 1000


async def _visits(folder: Path, rounds: int) -> Table:
    table = Table(
        "A visitor of Voilà",
        ["tool", "server start → first label, s", "later visit → first item, s", "kernel MB (PSS)"],
        remarks=[
            "First label: the next item is on the screen and nothing is unsaved. The browser is open already.",
            f"Medians of {rounds} rounds, the tools one after the other in each; a bare anywidget page has no label.",
        ],
    )
    items = write(folder / "items", "text", 200)[0].parent
    bare = write_notebook(folder / "bare.ipynb", [BARE])
    names = [("pigeon", 0), ("nbtools", 0), ("nbtools, annotate.ipynb", 1), ("bare anywidget", 0)]
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name, _ in names}
    async with browser() as chrome:
        for turn in range(rounds):
            pigeon, ours = Pigeon(folder, "text", items), Ours(folder, "text", items, f"anna{turn}")
            found["pigeon"].append(await _visit(chrome, pigeon, partial(_plain, folder, pigeon.notebook)))
            found["nbtools"].append(await _visit(chrome, ours, partial(start_voila, ours.notebook, folder / "voila")))
            served = Ours(folder, "text", items, f"ben{turn}")
            found["nbtools, annotate.ipynb"].append(await _visit(chrome, served, partial(_dashboard, folder, served)))
            found["bare anywidget"].append(await _visit(chrome, None, partial(_plain, folder, bare)))
    for name, rows in found.items():
        table.add(name, *(median(list(column)) for column in zip(*rows, strict=True)))
    return table


async def _visit(chrome: Any, tool: Tool | None, serve: Callable[[], Server]) -> tuple[float, float, float]:
    """Return the seconds to the first label of all, those of a second visit to its first item, and the kernel's MB."""
    started = time.perf_counter()
    server = await asyncio.to_thread(serve)
    try:
        page = await _open(chrome, tool, server)
        if tool is not None:
            shown = await page.evaluate(tool.key)
            await page.locator(tool.button.format(0)).click()
            await page.wait_for_function(
                f"(before) => {{ const now = ({tool.key})(); return now && now !== before }}", arg=shown
            )
            await tool.settled(page)
        labeled = time.perf_counter() - started
        again = time.perf_counter()
        await _open(chrome, tool, server)
        visited = time.perf_counter() - again
        memory = psutil.Process(server.kernel().pid).memory_full_info().pss / 1e6
        return labeled, visited, memory
    finally:
        server.stop()


async def _open(chrome: Any, tool: Tool | None, server: Server) -> Any:
    context = await chrome.new_context(service_workers="block")
    context.set_default_timeout(60_000)
    page = await context.new_page()
    await page.goto(server.url)
    await page.wait_for_function(VISIBLE)
    if tool is None:
        await page.wait_for_selector(".bare")
    else:
        await page.wait_for_selector(tool.button.format(0))
        await page.wait_for_function(tool.key)
    return page


def _plain(folder: Path, notebook: Path) -> Server:
    port = free_port()
    command: Sequence[str] = [sys.executable, "-m", "voila", str(notebook), f"--port={port}", "--no-browser"]
    return start(command, folder / "plain", port=port)


def _dashboard(folder: Path, tool: Ours) -> Server:
    environment = {**os.environ, "NBTOOLS_DATASET": str(tool.dataset), "NBTOOLS_TASK": "letter"}
    environment |= {"NBTOOLS_ANNOTATOR": tool.annotator, "NBTOOLS_SINGLE_USER": "1"}
    return start_voila(ROOT / "notebooks" / "annotate.ipynb", folder / "dashboard", env=environment)
