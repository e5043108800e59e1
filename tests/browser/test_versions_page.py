"""A person looks at versions and makes them, in a page of Voilà and in JupyterLab."""

from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.labeling import ANNA, eventually
from tests.browser.pages import Visitor, run_in_lab, write_notebook
from tests.browser.servers import Server
from tests.widgets.birds import birds

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "versions.ipynb"
FREEZE = "import sys, nbtools; nbtools.Dataset(sys.argv[1]).freeze(sys.argv[2])"


def frozen(folder: Path) -> Dataset:
    """Make a dataset with a version in which one item is labeled."""
    ds = birds(folder, 9)
    ds.record("species", {next(iter(ds.items()["id"])): "jay"}, annotator="anna", origin="person")
    ds.freeze("first")
    return ds


def is_there(page: Page, name: str) -> None:
    """Wait until a version is on the timeline."""
    expect(page.locator(f'[data-version="{name}"]')).to_be_visible()


def make(page: Page, message: str, name: str) -> None:
    """Freeze by the page's own form."""
    page.get_by_role("button", name="Freeze…").click()
    expect(page.locator(".nbt-preview")).to_contain_text("since v")
    page.get_by_role("textbox", name="what it is").fill(message)
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-panel")).to_contain_text(f"{name} is made.")
    page.keyboard.press("Escape")
    is_there(page, name)


def test_versions_are_made_here_and_elsewhere_and_looked_at(
    visitor: Visitor, voila: Callable[..., Server], tmp_path: Path
) -> None:
    ds = frozen(tmp_path / "birds")
    server = voila(NOTEBOOK, env={"NBTOOLS_DATASET": str(ds.path), **ANNA})
    page = visitor.open(server.plain_url)
    is_there(page, "v1")
    expect(page.locator(".nbt-card .nbt-thumb img")).to_have_count(9)
    ds.exclude(next(iter(ds.items()["id"])), "blurred")
    make(page, "one less", "v2")
    made = Dataset(ds.path).version("v2")
    assert (made.message, made.author, len(made)) == ("one less", "anna", 8)
    ds.record("species", {ds.items()["id"].iloc[0]: "rook"}, annotator="anna", origin="person")
    subprocess.run([sys.executable, "-c", FREEZE, str(ds.path), "from another process"], check=True)
    is_there(page, "v3")
    page.locator('[data-version="v3"]').click()
    page.get_by_label("compared with").select_option("v1")
    expect(page.get_by_role("heading", name="added 0")).to_be_visible()
    expect(page.get_by_role("heading", name="removed 1")).to_be_visible()
    page.locator('[data-part="removed"] .nbt-card').click()
    expect(page.locator(".nbt-facts")).to_contain_text("jay · anna")
    expect(page.locator(".nbt-picture canvas")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Verify…").click()
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.locator(".nbt-panel")).to_contain_text("all as they were")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Restore…").click()
    page.get_by_role("textbox", name="a folder").fill(str(tmp_path / "out"))
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.locator(".nbt-panel")).to_contain_text("8 files written")
    assert len(list((tmp_path / "out").rglob("*.png"))) == 8
    page.keyboard.press("Escape")
    with wave.open(str(ds.raw / "call.wav"), "wb") as call:
        call.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        call.writeframes(bytes([128]) * 8000 * 60)
    ds.ingest()
    make(page, "with a call", "v4")
    page.locator('[data-version="v4"]').click()
    card = page.locator('[data-part="added"] .nbt-thumb')
    card.get_by_role("button", name="play call.wav").click()
    expect(card).to_have_attribute("data-play", "playing")
    expect(card).to_contain_text("/ 1:00")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Report").click()
    assert "from another process" in Path(begun.value.path()).read_text()
    assert "Traceback" not in server.output()


def test_it_works_in_jupyterlab_and_keeps_its_keys(
    visitor: Visitor, lab: Callable[..., Server], tmp_path: Path
) -> None:
    ds = frozen(tmp_path / "birds")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cell = f"import nbtools as nb\nds = nb.Dataset({str(ds.path)!r})\nnb.VersionBrowser(ds)"
    write_notebook(folder / "look.ipynb", [cell])
    page = run_in_lab(visitor, lab(folder, env=ANNA).url, "look.ipynb")
    is_there(page, "v1")
    root = page.locator(".nbt-versions")
    expect(page.locator(".nbt-card .nbt-thumb img").first).to_be_visible()
    root.focus()
    page.keyboard.press("v")
    expect(page.locator(".nbt-rows .nbt-tr")).to_have_count(9)
    page.keyboard.press("/")
    page.keyboard.type("0003")
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-rows .nbt-tr")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".nbt-detail-title")).to_have_text("0003.png")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.get_by_role("button", name="Report").focus()
    page.keyboard.press("a")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1, "no key of the notebook's own"
    ds.exclude(ds.items()["id"].iloc[1])
    make(page, "one less", "v2")
    eventually(lambda: [one.name for one in Dataset(ds.path).versions()] == ["v1", "v2"], "the version is on the disk")
    page.keyboard.press("Escape")
    expect(root).not_to_be_focused()
