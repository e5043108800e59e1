"""A person labels in JupyterLab 4, beside the cells of their notebook."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.labeling import ANNA, eventually, labeler, labels, lines, mark_song, press, shows, unsaved
from tests.browser.pages import Visitor, run_all_cells, run_in_lab, write_notebook
from tests.browser.servers import Server, start_lab
from tests.widgets.birds import birds, songs

MAKE = "import nbtools, pathlib, threading\nlabeler = nbtools.Labeler(nbtools.Dataset({!r}), 'species')\nlabeler"
# Runs until the test is done with it, and never longer than half a minute.
BUSY = """
place = labeler._ds.path
(place / "busy").touch()
for _ in range(300):
    if (place / "free").exists():
        break
    threading.Event().wait(0.1)
"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def server(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_lab(notebooks, tmp_path_factory.mktemp("lab"), env=ANNA)
    yield server
    server.stop()


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return birds(tmp_path / "birds")


def _opened(visitor: Visitor, server: Server, folder: Path, ds: Dataset, *more: str) -> Page:
    """Open a notebook that labels a dataset, run it, and return its page."""
    notebook = write_notebook(folder / f"{ds.id}.ipynb", [MAKE.format(str(ds.path)), *more])
    page = run_in_lab(visitor, server.url, notebook.name)
    labeler(page)
    return page


def _cells(page: Page) -> int:
    return int(page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length"))


def _start(page: Page, code: str) -> None:
    """Start code in the kernel of the notebook that is open, as one of its cells would be."""
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"(code) => {{ {kernel}.requestExecute({{ code }}) }}", code)


def test_labels_by_keys_that_the_notebook_does_not_take(
    ds: Dataset, notebooks: Path, server: Server, visitor: Visitor
) -> None:
    page = _opened(visitor, server, notebooks, ds, "1 + 1")
    made = {press(page, "1"): "jay", press(page, "2"): "rook"}
    # In command mode these insert, cut, delete and convert cells; here b opens the grid, and again closes it.
    for key in ("a", "d", "d", "m", "v", "z", "Shift+m", "b"):
        page.keyboard.press(key)
    expect(page.locator(".nbt-grid")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".nbt-grid")).to_be_hidden()
    assert _cells(page) == 2
    made[press(page, "3")] = "magpie"
    unsaved(page, 0)
    assert labels(ds) == made
    _start(page, f"labeler.goto({next(iter(made))!r})")
    shows(page, next(iter(made)))
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    eventually(lambda: _cells(page) == 3, "the notebook has its keys again after Escape")


def test_no_key_is_the_notebooks_while_a_part_of_the_widget_has_the_focus(
    ds: Dataset, notebooks: Path, server: Server, visitor: Visitor
) -> None:
    page = _opened(visitor, server, notebooks, ds, "1 + 1")
    for place in (".nbt-option", ".nbt-flag", "[data-do=zoomIn]"):
        page.locator(place).first.focus()
        # Insert, cut, delete and convert cells; undo that.
        for key in ("a", "x", "d", "d", "m", "y", "Shift+m", "z"):
            page.keyboard.press(key)
        expect(page.locator(place).first).to_be_focused()
    assert (_cells(page), page.locator(".jp-CodeCell").count()) == (2, 2)
    made = {press(page, "1"): "jay"}
    unsaved(page, 0)
    assert labels(ds) == made


def test_labels_are_saved_while_a_cell_runs(ds: Dataset, notebooks: Path, server: Server, visitor: Visitor) -> None:
    page = _opened(visitor, server, notebooks, ds)
    _start(page, BUSY)
    eventually((ds.path / "busy").exists, "the cell runs")
    made = {press(page, "1"): "jay", press(page, "2"): "rook"}
    unsaved(page, 0)
    assert labels(ds) == made
    (ds.path / "free").touch()


def test_without_subshells_labels_are_safe_while_a_cell_runs_and_the_page_says_so(
    ds: Dataset, tmp_path: Path, lab: Callable[..., Server], visitor: Visitor
) -> None:
    settings = tmp_path / "lab" / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "kernels-settings.jupyterlab-settings").write_text('{"commsOverSubshells": "disabled"}')
    page = _opened(visitor, lab(tmp_path, env=ANNA), tmp_path, ds)
    _start(page, BUSY)
    eventually((ds.path / "busy").exists, "the cell runs")
    made = {press(page, "1"): "jay", press(page, "2"): "rook"}
    unsaved(page, 2)
    expect(page.locator(".nbt-labeler")).to_contain_text("kept in this browser")
    assert labels(ds) == {}
    (ds.path / "free").touch()
    unsaved(page, 0)
    assert labels(ds) == made


@pytest.mark.faults
def test_a_kernel_that_dies_takes_no_label_with_it(
    ds: Dataset, notebooks: Path, server: Server, visitor: Visitor
) -> None:
    page = _opened(visitor, server, notebooks, ds)
    kernel = server.kernel()
    kernel.send_signal(signal.SIGSTOP)
    made = {press(page, "1"): "jay", press(page, "2"): "rook", press(page, "3"): "magpie"}
    unsaved(page, 3)
    kernel.send_signal(signal.SIGKILL)
    # JupyterLab says that it starts another, and waits to be heard.
    page.locator(".jp-Dialog button").first.click()
    made[press(page, "2")] = "rook"
    run_all_cells(page)
    labeler(page)
    unsaved(page, 0)
    assert labels(ds) == made
    assert lines(ds) == len(made)


def test_the_saved_notebook_is_small_and_holds_no_data(
    ds: Dataset, notebooks: Path, server: Server, visitor: Visitor
) -> None:
    page = _opened(visitor, server, notebooks, ds)
    press(page, "1")
    unsaved(page, 0)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    saved = (notebooks / f"{ds.id}.ipynb").read_text()
    assert len(saved) < 5000
    for word in ("jay", ds.id, "anna"):
        assert word not in saved
    (output,) = json.loads(saved)["cells"][0]["outputs"]
    assert "Labeler · species · 0 of 12 · run this cell to go on" in "".join(output["data"]["text/html"])


def test_long_sound_is_marked_in_parts(tmp_path: Path, notebooks: Path, server: Server, visitor: Visitor) -> None:
    ds = songs(tmp_path / "songs")
    code = MAKE.format(str(ds.path)).replace("species", "calls")
    page = run_in_lab(visitor, server.url, write_notebook(notebooks / "songs.ipynb", [code]).name)
    labeler(page)
    mark_song(page)
    (only,) = Dataset(ds.path).labels("calls")["value"].tolist()[0]["regions"]
    assert only["end"] > only["start"] > 34
