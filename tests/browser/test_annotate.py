"""`nbtools.annotate` in JupyterLab: a live list in the kernel, and a kernel that dies."""

from __future__ import annotations

import ast
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.labeling import ANNA, eventually, labeler, press, shows, unsaved
from tests.browser.pages import Visitor, run_all_cells, run_in_lab, write_notebook
from tests.browser.servers import Server, start_lab

CELLS = [
    """
import pathlib, nbtools, matplotlib.pyplot as plt
from IPython.display import HTML, display

def show(number):
    print(f"number {number}")
    if number % 2:
        plt.figure(figsize=(2, 1))
        plt.plot([0, number])
    else:
        display(HTML(f"<table><tr><td>{number}</td></tr></table>"))
""",
    "annotations = nbtools.annotate(range(8), [1, 'two', None], display_fn=show)",
    "print('a cell of its own')",
]
# Ends when the test is done with it, and never runs longer than half a minute.
BUSY = """
import threading
pathlib.Path("busy").touch()
for _ in range(300):
    print("working")
    if pathlib.Path("free").exists():
        break
    threading.Event().wait(0.1)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_lab(root, tmp_path_factory.mktemp("lab"), env=ANNA)
    yield server
    server.stop()


@pytest.fixture
def here(root: Path, request: pytest.FixtureRequest) -> Path:
    """Make a folder below JupyterLab's, in which the kernel of its notebook works."""
    folder = root / str(request.node.name)
    folder.mkdir()
    write_notebook(folder / "birds.ipynb", CELLS)
    return folder


@pytest.fixture
def page(visitor: Visitor, server: Server, here: Path) -> Page:
    page = run_in_lab(visitor, server.url, f"{here.name}/birds.ipynb")
    labeler(page)
    return page


def _run(page: Page, code: str) -> None:
    """Run code in the kernel of the notebook that is open, as one of its cells would be."""
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"(code) => {{ {kernel}.requestExecute({{ code }}) }}", code)


def _list_is(page: Page, here: Path, wanted: list[tuple[Any, Any]]) -> None:
    """Wait until the list in the kernel holds this."""
    told = here / "told"

    def holds() -> bool:
        _run(page, "pathlib.Path('told').write_text(repr(annotations))")
        return told.exists() and bool(text := told.read_text()) and ast.literal_eval(text) == wanted

    eventually(holds, f"the list in the kernel is {wanted}")


def _outputs(page: Page) -> list[int]:
    """Return how many outputs stand below each cell."""
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells")
    return [len(cell["outputs"]) for cell in cells]


def test_the_list_grows_is_corrected_and_taken_back(page: Page, here: Path) -> None:
    expect(page.locator(".nbt-item td")).to_have_text("0")
    press(page, "2")
    expect(page.locator(".nbt-item canvas")).to_be_visible()
    expect(page.locator(".nbt-item")).to_contain_text("number 1")
    second = press(page, "1")
    press(page, "Space")
    press(page, "3")
    unsaved(page, 0)
    _list_is(page, here, [(0, "two"), (1, 1), (3, None)])
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("u")
    shows(page, second)
    press(page, "2")
    unsaved(page, 0)
    _list_is(page, here, [(0, "two"), (1, "two")])
    # Nothing of what was made ahead stands below a cell: there is the widget, and what the last cell prints.
    assert _outputs(page) == [0, 1, 1]


def test_texts_are_written(visitor: Visitor, server: Server, here: Path) -> None:
    cells = ["import pathlib, nbtools", "annotations = nbtools.annotate(['it sang', 'it flew'])"]
    write_notebook(here / "texts.ipynb", cells)
    page = run_in_lab(visitor, server.url, f"{here.name}/texts.ipynb")
    expect(page.locator(".nbt-item[data-seen]")).to_contain_text("it sang")
    page.locator(".nbt-field").click()
    page.keyboard.type("a jay ")
    press(page, "Enter")
    expect(page.locator(".nbt-item[data-seen]")).to_contain_text("it flew")
    page.keyboard.type("u, a rook")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    unsaved(page, 0)
    _list_is(page, here, [("it sang", "a jay "), ("it flew", "u, a rook")])


def test_a_cell_that_runs_keeps_its_words_and_no_press_waits_for_it(page: Page, here: Path) -> None:
    _run(page, BUSY)
    eventually((here / "busy").exists, "the cell runs")
    for _ in range(3):
        press(page, "2")
    unsaved(page, 0)
    (here / "free").touch()
    _list_is(page, here, [(0, "two"), (1, "two"), (2, "two")])


def test_after_the_kernels_death_it_goes_on_where_it_was(page: Page, here: Path, server: Server) -> None:
    for key in ("1", "Space"):
        press(page, key)
    unsaved(page, 0)
    kernel = server.kernel()
    kernel.send_signal(signal.SIGSTOP)
    for key in ("2", "3"):
        press(page, key)
    unsaved(page, 2)
    kernel.send_signal(signal.SIGKILL)
    page.locator(".jp-Dialog button").first.click()
    run_all_cells(page)
    labeler(page)
    unsaved(page, 0)
    _list_is(page, here, [(0, 1), (2, "two"), (3, None)])
    expect(page.locator(".nbt-item")).to_contain_text("4")
    (file,) = here.glob(".nbtools/annotate-*.jsonl")
    acts = [json.loads(line) for line in file.read_text().splitlines()]
    assert [act.get("example") for act in acts] == [None, "0", "1", "2", "3"]
