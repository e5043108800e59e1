"""A person labels in JupyterLab 4, beside the cells of their notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.labeling import ANNA, eventually, labeler, labels, press, shows, unsaved
from tests.browser.pages import Visitor, run_in_lab, write_notebook
from tests.browser.servers import Server
from tests.widgets.birds import birds

MAKE = (
    "import nbtools, os\nlabeler = nbtools.Labeler(nbtools.Dataset(os.environ['NBTOOLS_DATASET']), 'species')\nlabeler"
)
# Runs until the test is done with it, and never longer than half a minute.
BUSY = """import pathlib, threading
pathlib.Path(os.environ["NBTOOLS_DATASET"], "busy").touch()
for _ in range(300):
    if pathlib.Path(os.environ["NBTOOLS_DATASET"], "free").exists():
        break
    threading.Event().wait(0.1)
"""


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return birds(tmp_path / "birds")


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


def _env(ds: Dataset) -> dict[str, str]:
    return {"NBTOOLS_DATASET": str(ds.path), **ANNA}


def _cells(page: Page) -> int:
    return int(page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length"))


def _start(page: Page, code: str) -> None:
    """Start code in the kernel of the notebook that is open, as one of its cells would be."""
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"(code) => {{ {kernel}.requestExecute({{ code }}) }}", code)


def test_labels_by_keys_that_the_notebook_does_not_take(
    ds: Dataset, notebooks: Path, lab: Callable[..., Server], visitor: Visitor
) -> None:
    write_notebook(notebooks / "label.ipynb", [MAKE, "1 + 1"])
    page = run_in_lab(visitor, lab(notebooks, env=_env(ds)).url, "label.ipynb")
    labeler(page)
    made = {press(page, "1"): "jay", press(page, "2"): "rook"}
    # In command mode these insert, cut, delete and convert cells.
    for key in ("a", "b", "d", "d", "m", "v", "z", "Shift+m"):
        page.keyboard.press(key)
    assert _cells(page) == 2
    made[press(page, "3")] = "magpie"
    unsaved(page, 0)
    assert labels(ds) == made
    _start(page, f"labeler.goto({next(iter(made))!r})")
    shows(page, next(iter(made)))
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    eventually(lambda: _cells(page) == 3, "the notebook has its keys again after Escape")


def test_labels_are_saved_while_a_cell_runs(
    ds: Dataset, notebooks: Path, lab: Callable[..., Server], visitor: Visitor
) -> None:
    write_notebook(notebooks / "label.ipynb", [MAKE])
    page = run_in_lab(visitor, lab(notebooks, env=_env(ds)).url, "label.ipynb")
    labeler(page)
    _start(page, BUSY)
    eventually((ds.path / "busy").exists, "the cell runs")
    made = {press(page, "1"): "jay", press(page, "2"): "rook"}
    unsaved(page, 0)
    assert labels(ds) == made
    (ds.path / "free").touch()


def test_without_subshells_labels_are_safe_while_a_cell_runs_and_the_page_says_so(
    ds: Dataset, notebooks: Path, tmp_path: Path, lab: Callable[..., Server], visitor: Visitor
) -> None:
    settings = tmp_path / "lab" / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "kernels-settings.jupyterlab-settings").write_text('{"commsOverSubshells": "disabled"}')
    write_notebook(notebooks / "label.ipynb", [MAKE])
    page = run_in_lab(visitor, lab(notebooks, env=_env(ds)).url, "label.ipynb")
    labeler(page)
    _start(page, BUSY)
    eventually((ds.path / "busy").exists, "the cell runs")
    made = {press(page, "1"): "jay", press(page, "2"): "rook"}
    unsaved(page, 2)
    expect(page.locator(".nbt-labeler")).to_contain_text("kept in this browser")
    assert labels(ds) == {}
    (ds.path / "free").touch()
    unsaved(page, 0)
    assert labels(ds) == made


def test_the_saved_notebook_is_small_and_holds_no_data(
    ds: Dataset, notebooks: Path, lab: Callable[..., Server], visitor: Visitor
) -> None:
    path = write_notebook(notebooks / "label.ipynb", [MAKE])
    page = run_in_lab(visitor, lab(notebooks, env=_env(ds)).url, "label.ipynb")
    labeler(page)
    press(page, "1")
    unsaved(page, 0)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    saved = path.read_text()
    assert len(saved) < 5000
    for word in ("jay", str(ds.path), ds.id, "anna"):
        assert word not in saved
    (output,) = json.loads(saved)["cells"][0]["outputs"]
    assert "Labeler · species · 0 of 12 · run this cell to go on" in "".join(output["data"]["text/html"])
