"""The notebooks that come with nbtools, as people open them."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.pages import Visitor, run_in_lab
from tests.browser.servers import Server, free_port, start
from tests.factory import Datasets

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
READY = "/voila/templates/nbtools/static/page.css"

Serve = Callable[..., Server]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the notebooks, since JupyterLab saves what it runs."""
    return Path(shutil.copytree(NOTEBOOKS, tmp_path / "notebooks"))


@pytest.fixture
def ds(datasets: Datasets) -> Dataset:
    return datasets.images(3, name="birds")


@pytest.fixture
def served(ds: Dataset, tmp_path: Path) -> Iterator[Server]:
    """Serve the annotate page by our own command."""
    port = free_port()
    command = [sys.executable, "-m", "nbtools.cli", "label", str(ds.path), "--no-browser", f"--port={port}"]
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "LOGNAME": "anna"}
    running = start(command, tmp_path / "served", port=port, ready=READY, env=env)
    yield running
    running.stop()


def _item(page: Page) -> None:
    expect(page.locator(".nbt-item[data-seen]")).to_be_visible()


def test_label_serves_a_page_on_which_a_press_is_kept(visitor: Visitor, served: Server, ds: Dataset) -> None:
    page = visitor.open(served.url)
    _item(page)
    assert page.title() == "nbtools · birds"
    page.keyboard.press("2")
    expect(page.locator(".nbt-status")).to_have_attribute("data-unsaved", "0")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    assert ds.labels("species")[["annotator", "value", "identity"]].values.tolist() == [["anna", "rook", "environment"]]
    kernels = served.kernels()
    page.close(run_before_unload=True)
    assert psutil.wait_procs(kernels, timeout=20)[1] == []


def test_annotate_works_in_jupyterlab(visitor: Visitor, lab: Serve, copied: Path, ds: Dataset) -> None:
    env = {"NBTOOLS_DATASET": str(ds.path), "NBTOOLS_TASK": "species", "NBTOOLS_ANNOTATOR": "anna"}
    page = run_in_lab(visitor, lab(copied, env=env).url, "annotate.ipynb")
    _item(page)


def test_the_quickstart_runs_from_files_to_what_a_split_by_writer_is_worth_and_again(
    visitor: Visitor, lab: Serve, copied: Path, tmp_path: Path
) -> None:
    server = lab(copied, env={"XDG_DATA_HOME": str(tmp_path / "data"), "NBTOOLS_ANNOTATOR": "anna"})
    page = run_in_lab(visitor, server.url, "quickstart.ipynb")
    _item(page)
    told = page.locator(".jp-OutputArea-output pre", has_text="by writer: ")
    expect(told).to_be_visible()
    home = tmp_path / "data" / "nbtools" / "quickstart"
    once = _kept(home)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
    _item(page)
    expect(page.locator(".jp-OutputArea-error")).to_have_count(0)
    expect(told).to_be_visible()
    assert _kept(home) == once, "versions, catalogue and labels are those of the first time"
    shares = dict(re.findall(r"^(at random|by writer): ([\d.]+)%$", told.text_content() or "", re.MULTILINE))
    assert float(shares["at random"]) - float(shares["by writer"]) > 1, "what a writer who was seen before is worth"
    dataset = Dataset(home)
    assert (len(dataset), dataset.tasks()["digit"].schema) == (1797, 1)
    options = dataset.tasks()["digit"].options
    assert [option.key for option in options] == [option.name for option in options], "3 is pressed for a 3"
    assert len(set(dataset.items()["writer"])) == 14
    assert [one.splits for one in dataset.versions()] == [["v1.1", "v1.2"]], "the second time nothing is new"


def _kept(home: Path) -> dict[str, bytes]:
    """Return the bytes of everything that was frozen, catalogued or said."""
    files = [path for place in ("versions", "metadata/items", "metadata/labels") for path in (home / place).rglob("*")]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files if path.is_file()}


def test_no_notebook_holds_logic() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        source = "\n".join("".join(cell["source"]) for cell in cells)
        assert len(source.splitlines()) <= 30, path.name
        assert not any(word in source for word in ("def ", "class ", "lambda", "try:")), path.name
