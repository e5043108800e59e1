"""Pages opened in a real browser, with everything that went wrong on them written down."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, ViewportSize, expect

from tests.browser.chromium import LOCAL_HOSTS

SHOTS = Path(__file__).parent / "shots"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SECONDS = 30_000

expect.set_options(timeout=SECONDS)


class Visitor:
    """A person with a browser; each page is in a profile of its own unless it shares one.

    Attributes
    ----------
    outside : list of str
        Addresses on other machines that a page asked for. None was reached.
    errors : list of str
        What pages wrote to the console as errors.
    crashes : list of str
        Exceptions that no script on a page caught.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        # A server may end before its page has loaded the last script; one that is missed shows in what is not drawn.
        self._allowed = ["ChunkLoadError"]
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.crashes: list[str] = []

    def open(self, url: str, *, dark: bool = False, phone: bool = False, like: Page | None = None) -> Page:
        """Open a page.

        Parameters
        ----------
        url : str
            Its address.
        dark, phone : bool
            Prefer dark colors; a touch screen of a phone's size.
        like : Page, optional
            Open it as another tab beside this one, with the same storage.
        """
        page = (like.context if like else self._profile(dark=dark, phone=phone)).new_page()
        page.goto(url)
        return page

    def allow(self, crash: str) -> None:
        """Expect uncaught exceptions whose text this regular expression finds."""
        self._allowed.append(crash)

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()

    def check(self) -> None:
        """Fail if a page asked for another machine, or threw what was not expected."""
        assert not self.outside, f"asked for other machines: {self.outside}"
        crashes = [crash for crash in self.crashes if not any(re.search(known, crash) for known in self._allowed)]
        assert not crashes, f"threw: {crashes}"

    def shoot(self, name: str) -> None:
        """Take a picture of each open page, under a name."""
        SHOTS.mkdir(exist_ok=True)
        for number, page in enumerate(page for context in self._contexts for page in context.pages):
            page.screenshot(path=SHOTS / f"{name}-{number}.png")

    def _profile(self, *, dark: bool, phone: bool) -> BrowserContext:
        context = self._browser.new_context(
            viewport=PHONE if phone else WIDE,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            service_workers="block",
        )
        context.set_default_timeout(SECONDS)
        context.on("request", lambda request: self._saw(request.url))
        context.on("console", self._heard)
        context.on("weberror", lambda error: self._crashed(error.error))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._saw(socket.url)))
        self._contexts.append(context)
        return context

    def _saw(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOCAL_HOSTS:
            self.outside.append(url)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _crashed(self, error: Error) -> None:
        self.crashes.append(f"{error.message}\n{error.stack}")


def picture_all(page: Page, name: str) -> list[Path]:
    """Take the four pictures of a page that a person would look at: light and dark, wide and phone.

    Returns
    -------
    list of Path
        Where they lie: ``shots/<name>-<light|dark>-<wide|phone>.png``.
    """
    SHOTS.mkdir(exist_ok=True)
    taken = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for form, size in {"wide": WIDE, "phone": PHONE}.items():
            page.set_viewport_size(size)
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            taken.append(SHOTS / f"{name}-{scheme}-{form}.png")
            page.screenshot(path=taken[-1])
    return taken


def write_notebook(path: Path, cells: Sequence[str], metadata: dict[str, object] | None = None) -> Path:
    """Write a notebook of code cells and return its path."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
            for n, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": kernel, **(metadata or {})},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook))
    return path


def run_in_lab(visitor: Visitor, lab_url: str, notebook: str) -> Page:
    """Open a notebook in JupyterLab, run all its cells, and return when they have run.

    Parameters
    ----------
    lab_url : str
        The address of JupyterLab, ending with ``/lab``.
    notebook : str
        Its path below the folder that JupyterLab shows.
    """
    page = visitor.open(f"{lab_url}/tree/{notebook}?reset")
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady")
    run_all_cells(page)
    return page


def run_all_cells(page: Page) -> None:
    """Run all cells of the notebook that is open in JupyterLab."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
