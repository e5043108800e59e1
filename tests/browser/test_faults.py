"""Nothing that was labeled is lost, whatever dies: each fault in a real browser with real processes."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page

from nbtools.dataset import Dataset
from tests.browser.labeling import NOTEBOOK, annotator, eventually, labeler, labels, lines, press, unsaved
from tests.browser.pages import Visitor, write_notebook
from tests.browser.proxy import Proxy
from tests.browser.servers import Server
from tests.widgets.birds import birds

pytestmark = pytest.mark.faults
OPTIONS = {"1": "jay", "2": "rook", "3": "magpie"}
CUT_SECONDS = 5
RECONNECT = 90_000


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return birds(tmp_path / "birds", 40)


@pytest.fixture
def server(ds: Dataset, voila: Callable[..., Server]) -> Server:
    return voila(NOTEBOOK, env=annotator(ds))


def _press_five(page: Page) -> dict[str, str]:
    return {press(page, key): OPTIONS[key] for key in "12321"}


def _saved_once(ds: Dataset, made: dict[str, str]) -> None:
    assert labels(ds) == made
    assert lines(ds) == len(made)


def test_a_kernel_that_hangs_and_is_killed(
    ds: Dataset, server: Server, visitor: Visitor, rounds: Callable[[int, int], int]
) -> None:
    made: dict[str, str] = {}
    page = visitor.open(server.url)
    for _ in range(rounds(1, 5)):
        labeler(page)
        kernel = server.kernel()
        kernel.send_signal(signal.SIGSTOP)
        made |= _press_five(page)
        unsaved(page, 5)
        kernel.send_signal(signal.SIGKILL)
        page = visitor.open(server.url, like=page)
        labeler(page)
        unsaved(page, 0)
        _saved_once(ds, made)


def test_a_closed_tab(ds: Dataset, server: Server, visitor: Visitor) -> None:
    page = visitor.open(server.url)
    labeler(page)
    server.kernel().send_signal(signal.SIGSTOP)
    made = _press_five(page)
    unsaved(page, 5)
    # Another tab keeps the browser's storage, as a browser that stays open does.
    other = visitor.open("about:blank", like=page)
    page.close(run_before_unload=False)
    server.kernel().send_signal(signal.SIGKILL)
    other.goto(server.url)
    labeler(other)
    unsaved(other, 0)
    _saved_once(ds, made)


def test_a_server_that_is_started_again(ds: Dataset, voila: Callable[..., Server], visitor: Visitor) -> None:
    server = voila(NOTEBOOK, env=annotator(ds))
    page = visitor.open(server.url)
    labeler(page)
    before = press(page, "3")
    unsaved(page, 0)
    server.stop()
    made = {before: "magpie", **_press_five(page)}
    unsaved(page, 5)
    voila(NOTEBOOK, env=annotator(ds), port=server.port)
    page.reload()
    labeler(page)
    unsaved(page, 0)
    _saved_once(ds, made)


def test_a_connection_that_is_cut_for_a_while(ds: Dataset, server: Server, visitor: Visitor) -> None:
    with Proxy(server.port) as proxy:
        page = visitor.open(server.via(proxy.port))
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
    page = visitor.open(voila(write_notebook(tmp_path / "busy.ipynb", [BLOCKED]), env=annotator(ds)).url)
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
    page = visitor.open(voila(write_notebook(tmp_path / "full.ipynb", [cell]), env=annotator(ds)).url)
    root = labeler(page)
    made = {press(page, "1"): "jay"}
    root.get_by_text("No space left on device").first.wait_for()
    unsaved(page, 1)
    assert labels(ds) == {}
    (ds.path / "free").touch()
    unsaved(page, 0)
    _saved_once(ds, made)
