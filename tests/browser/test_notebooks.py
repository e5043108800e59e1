"""The notebooks that come with nbtools, as people open them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
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


def test_quickstart_runs_from_start_to_end_and_again(
    visitor: Visitor, lab: Serve, copied: Path, tmp_path: Path
) -> None:
    server = lab(copied, env={"XDG_DATA_HOME": str(tmp_path / "data"), "NBTOOLS_ANNOTATOR": "anna"})
    page = run_in_lab(visitor, server.url, "quickstart.ipynb")
    _item(page)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
    _item(page)
    expect(page.locator(".jp-OutputArea-error")).to_have_count(0)
    dataset = Dataset(tmp_path / "data" / "nbtools" / "quickstart" / "shapes")
    assert (len(dataset), dataset.tasks()["shape"].schema) == (10, 1)
    assert sorted(set(dataset.items()["site"])) == ["north", "south"]


def test_the_training_notebook_shows_what_a_split_by_writer_is_worth(tmp_path: Path) -> None:
    cells = json.loads((NOTEBOOKS / "training.ipynb").read_text())["cells"]
    program = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
        for _ in "ab"
    ]
    assert [run.returncode for run in runs] == [0, 0], runs[-1].stderr
    shares = [re.findall(r"^(at random|by writer): ([\d.]+)%$", run.stdout, re.MULTILINE) for run in runs]
    assert shares[0] == shares[1], "the second time nothing is new"
    at_random, by_writer = (float(share) for _, share in shares[0])
    assert at_random - by_writer > 1, "what a writer who was seen before is worth"
    assert Dataset(tmp_path / "nbtools" / "digits").version("v1").splits == ["v1.1", "v1.2"]


def test_no_notebook_holds_logic() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        source = "\n".join("".join(cell["source"]) for cell in cells)
        assert len(source.splitlines()) <= 30, path.name
        assert not any(word in source for word in ("def ", "class ", "lambda", "try:")), path.name
