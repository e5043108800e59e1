"""Fixtures for tests in a real browser.

The browser lives as long as a file's tests, not longer: Playwright keeps an event
loop on the thread, beside which no other test could run its own.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.chromium import FLAGS, chromium
from tests.browser.pages import Visitor
from tests.browser.servers import Server, start_lab, start_voila

_OUTCOME = pytest.StashKey[pytest.TestReport]()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a headless Chromium for the tests of one file."""
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Open pages; the test fails if one asks for another machine or throws."""
    person = Visitor(browser)
    yield person
    report = request.node.stash.get(_OUTCOME, None)
    if report is not None and report.failed:
        with contextlib.suppress(Error):
            person.shoot("failed-" + re.sub(r"\W+", "-", request.node.name))
    person.close()
    if report is None or not report.failed:
        person.check()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """Open an empty page."""
    return visitor.open("about:blank")


@pytest.fixture
def voila(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start Voilà as `start_voila` does, and end it after the test: ``voila(notebook, env={…})``."""
    with contextlib.ExitStack() as stack:

        def serve(notebook: Path, **options: object) -> Server:
            server = start_voila(notebook, tmp_path / "voila", **options)  # type: ignore[arg-type]
            stack.callback(server.stop)
            return server

        yield serve


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start JupyterLab as `start_lab` does, and end it after the test: ``lab(folder, env={…})``."""
    with contextlib.ExitStack() as stack:

        def serve(notebooks: Path, **options: object) -> Server:
            server = start_lab(notebooks, tmp_path / "lab", **options)  # type: ignore[arg-type]
            stack.callback(server.stop)
            return server

        yield serve


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a test's outcome, for the picture that is taken when it failed."""
    report = yield
    if report.when == "call":
        item.stash[_OUTCOME] = report
    return report
