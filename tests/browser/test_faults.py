"""Nothing that was labeled is lost, whatever dies: each fault in a real browser with real processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest
from playwright.sync_api import Page

from nbtools.dataset import Dataset
from tests.browser.labeling import ANNA, NOTEBOOK, Hall, eventually, labeler, labels, lines, press, unsaved
from tests.browser.pages import Visitor, write_notebook
from tests.browser.proxy import Proxy
from tests.browser.servers import Server

pytestmark = pytest.mark.faults
OPTIONS = {"1": "jay", "2": "rook", "3": "magpie"}
CUT_SECONDS = 5
RECONNECT = 90_000


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    yield hall
    hall.server.stop()


@pytest.fixture
def ds(hall: Hall) -> Dataset:
    return hall.dataset(40)


def _env(ds: Dataset) -> dict[str, str]:
    return {"NBTOOLS_DATASET": str(ds.path), **ANNA}


def _press_five(page: Page) -> dict[str, str]:
    return {press(page, key): OPTIONS[key] for key in "12321"}


def _saved_once(ds: Dataset, made: dict[str, str]) -> None:
    assert labels(ds) == made
    assert lines(ds) == len(made)


def _stop(server: Server) -> list[psutil.Process]:
    """Stop all kernels: the server starts a killed one again, so that the youngest need not be the page's."""
    kernels = server.kernels()
    for kernel in kernels:
        kernel.send_signal(signal.SIGSTOP)
    return kernels


def _kill(kernels: list[psutil.Process]) -> None:
    for kernel in kernels:
        kernel.send_signal(signal.SIGKILL)


def test_a_kernel_that_hangs_and_is_killed(
    ds: Dataset, hall: Hall, visitor: Visitor, rounds: Callable[[int, int], int]
) -> None:
    made: dict[str, str] = {}
    url = hall.server.url + hall.address(ds)
    # Voilà's own page says so of what it had asked the killed kernel.
    visitor.allow("Canceled future for kernel_info_request")
    page = visitor.open(url)
    for _ in range(rounds(1, 5)):
        labeler(page)
        stopped = _stop(hall.server)
        made |= _press_five(page)
        unsaved(page, 5)
        _kill(stopped)
        page = visitor.open(url, like=page)
        labeler(page)
        unsaved(page, 0)
        _saved_once(ds, made)


def test_a_closed_tab(ds: Dataset, hall: Hall, visitor: Visitor) -> None:
    url = hall.server.url + hall.address(ds)
    page = visitor.open(url)
    labeler(page)
    stopped = _stop(hall.server)
    made = _press_five(page)
    unsaved(page, 5)
    # Another tab keeps the browser's storage, as a browser that stays open does.
    other = visitor.open("about:blank", like=page)
    page.close(run_before_unload=False)
    _kill(stopped)
    other.goto(url)
    labeler(other)
    unsaved(other, 0)
    _saved_once(ds, made)


def test_a_server_that_is_started_again(ds: Dataset, voila: Callable[..., Server], visitor: Visitor) -> None:
    server = voila(NOTEBOOK, env=_env(ds))
    page = visitor.open(server.url)
    labeler(page)
    before = press(page, "3")
    unsaved(page, 0)
    server.stop()
    made = {before: "magpie", **_press_five(page)}
    unsaved(page, 5)
    voila(NOTEBOOK, env=_env(ds), port=server.port)
    page.reload()
    labeler(page)
    unsaved(page, 0)
    _saved_once(ds, made)


def test_a_connection_that_is_cut_for_a_while(ds: Dataset, hall: Hall, visitor: Visitor) -> None:
    with Proxy(hall.server.port) as proxy:
        page = visitor.open(hall.server.via(proxy.port) + hall.address(ds))
        labeler(page)
        made = {press(page, "1"): "jay"}
        unsaved(page, 0)
        proxy.cut()
        cut = Event()
        made |= _press_five(page)
        unsaved(page, 5)
        cut.wait(CUT_SECONDS)
        proxy.restore()
        page.locator('.nbt-status[data-unsaved="0"]').wait_for(state="attached", timeout=RECONNECT)
        _saved_once(ds, made)
        page.close()


BLOCKED = """
import os, pathlib, threading
import nbtools
root = pathlib.Path(os.environ["NBTOOLS_DATASET"])
labeler = nbtools.Labeler(nbtools.Dataset(root), "species")
def block(event):
    (root / "busy").touch()
    for _ in range(300):
        if (root / "free").exists():
            break
        threading.Event().wait(0.1)
labeler.on_label(block)
labeler
"""


def test_a_kernel_of_voila_that_is_busy(
    ds: Dataset, tmp_path: Path, voila: Callable[..., Server], visitor: Visitor
) -> None:
    page = visitor.open(voila(write_notebook(tmp_path / "busy.ipynb", [BLOCKED]), env=_env(ds)).url)
    root = labeler(page)
    made = {press(page, "1"): "jay"}
    eventually((ds.path / "busy").exists, "the kernel is busy")
    made |= {press(page, "2"): "rook", press(page, "3"): "magpie"}
    unsaved(page, 2)
    root.get_by_text("kept in this browser").first.wait_for()
    (ds.path / "free").touch()
    unsaved(page, 0)
    _saved_once(ds, made)


def test_a_disk_that_is_full(ds: Dataset, tmp_path: Path, voila: Callable[..., Server], visitor: Visitor) -> None:
    cell = """
import errno, os, pathlib
import nbtools, nbtools.storage as storage
from nbtools.widgets import dashboard
root = pathlib.Path(os.environ["NBTOOLS_DATASET"])
write = storage._write
def full(handle, data):
    if not (root / "free").exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return write(handle, data)
storage._write = full
dashboard.annotate()
"""
    page = visitor.open(voila(write_notebook(tmp_path / "full.ipynb", [cell]), env=_env(ds)).url)
    root = labeler(page)
    made = {press(page, "1"): "jay"}
    root.get_by_text("No space left on device").first.wait_for()
    unsaved(page, 1)
    assert labels(ds) == {}
    (ds.path / "free").touch()
    unsaved(page, 0)
    _saved_once(ds, made)
