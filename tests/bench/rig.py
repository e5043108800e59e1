"""A page under measurement: opened, pressed at set times, and asked for what it noted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, ViewportSize, async_playwright

from tests.bench.tools import OPTIONS, Tool
from tests.browser.chromium import FLAGS, chromium
from tests.browser.servers import Server

PROBE = Path(__file__).with_name("probe.js").read_text()
# Tall enough that neither tool has to be scrolled between its buttons and an image.
VIEWPORTS: dict[str, ViewportSize] = {"text": {"width": 1280, "height": 900}, "image": {"width": 1280, "height": 1300}}
# Our template keeps the page unseen while it is half made.
VISIBLE = "() => !document.body.classList.contains('nbtools-loading')"
READY = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady"
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)"


@dataclass
class Rig:
    """A tool on a page in a host.

    Attributes
    ----------
    spots : list of (float, float)
        Where the buttons of the options are, in pixels of the page.
    """

    tool: Tool
    server: Server
    chrome: Browser
    page: Page
    session: CDPSession
    spots: list[tuple[float, float]]

    async def press(self, option: int, by: str) -> None:
        """Press an option's button (``click``) or key (``key``)."""
        await asyncio.gather(*self._press(option, by))

    async def press_all(self, options: Sequence[int], by: str, interval: float) -> None:
        """Press at fixed times, whether or not the page keeps up."""
        start = time.monotonic() + 0.1
        running = []
        for place, option in enumerate(options):
            await asyncio.sleep(max(0, start + place * interval - time.monotonic()))
            running += self._press(option, by)
        await asyncio.gather(*running)

    def _press(self, option: int, by: str) -> list[asyncio.Future[Any]]:
        """Send down and up at once, so that they keep their order when the page is slow."""
        if by == "key":
            digit = str(option + 1)
            what = {"key": digit, "code": f"Digit{digit}", "windowsVirtualKeyCode": 49 + option}
            events = [("Input.dispatchKeyEvent", {"type": kind, **what}) for kind in ("keyDown", "keyUp")]
        else:
            x, y = self.spots[option]
            at = {"x": x, "y": y, "button": "left", "clickCount": 1}
            events = [("Input.dispatchMouseEvent", {"type": kind, **at}) for kind in ("mousePressed", "mouseReleased")]
        return [asyncio.ensure_future(self.session.send(name, event)) for name, event in events]

    async def notes(self) -> dict[str, Any]:
        """Return what the probe has noted, and forget it; times are seconds since the epoch."""
        noted: dict[str, Any] = await self.page.evaluate(
            "() => { const n = window.benchNotes; const copy = structuredClone(n);"
            " n.presses.length = n.paints.length = 0; return { ...copy, origin: performance.timeOrigin } }"
        )
        for each in noted["presses"] + noted["paints"]:
            each["at"] = (noted["origin"] + each["at"]) / 1000
        return noted

    async def painted(self, count: int, seconds: float = 6) -> None:
        """Wait until so many items have been painted since the notes were last taken."""
        condition = f"() => window.benchNotes.paints.length >= {count}"
        await self.page.wait_for_function(condition, timeout=seconds * 1000)

    async def still(self) -> None:
        """Wait until the shown item has not changed for half a second, and nothing is unsent."""
        await self.page.wait_for_function(
            "() => { const last = window.benchNotes.paints.at(-1)?.at ?? 0; return performance.now() - last > 500 }"
        )
        await self.tool.settled(self.page)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start a headless Chromium."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield started
        await started.close()


@asynccontextmanager
async def rig(chrome: Browser, tool: Tool, server: Server, host: str, port: int | None = None) -> AsyncIterator[Rig]:
    """Open a tool's page and wait for its first item.

    Parameters
    ----------
    host : str
        ``Voilà``, whose server shows the tool's notebook, or ``JupyterLab``, whose
        server shows its folder.
    port : int, optional
        Go through this port, a proxy's.
    """
    context = await chrome.new_context(viewport=VIEWPORTS[tool.kind], service_workers="block")
    context.set_default_timeout(60_000)
    await context.add_init_script(f"window.benchKey = {tool.key};\n{PROBE}")
    page = await context.new_page()
    url = server.via(port or server.port)
    if host == "JupyterLab":
        await page.goto(f"{url}/tree/{tool.notebook.name}?reset")
        await page.wait_for_function(READY)
        await page.evaluate(RUN_ALL)
    else:
        await page.goto(url)
    await page.wait_for_selector(tool.button.format(0))
    await page.wait_for_function(VISIBLE)
    await page.wait_for_function("() => window.benchNotes.paints.length > 0")
    made = Rig(tool, server, chrome, page, await context.new_cdp_session(page), [])
    await made.still()
    await page.locator(tool.button.format(len(OPTIONS) - 1)).scroll_into_view_if_needed()
    made.spots += [await _middle(page, tool.button.format(option)) for option in range(len(OPTIONS))]
    await made.notes()
    yield made
    await context.close()


async def _middle(page: Page, selector: str) -> tuple[float, float]:
    """Return the middle of a button, in pixels of the page, once it can be pressed there."""
    button = page.locator(selector)
    await button.click(trial=True)
    box = await button.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
