"""A person splits a version in a page of Voilà, and the split is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from nbtools.dataset import Dataset
from tests.browser.pages import Visitor, picture_all, run_in_lab
from tests.browser.servers import Server
from tests.factory import Datasets

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "splits.ipynb"
SITES = ("north", "south", "east", "west", "hill")


def birds(datasets: Datasets) -> Dataset:
    files = {f"{SITES[at % 5]}/{at:02}.txt": f"bird number {at} was heard at dawn".encode() for at in range(100)}
    ds = datasets.of(files, name="birds")
    ds.ingest(attributes={"site": "folder:0"})
    ds.record("species", {item: ("jay", "rook")[at % 2] for at, item in enumerate(sorted(ds.items()["id"]))})
    ds.freeze("first", author="anna")
    return ds


def test_a_split_is_chosen_seen_and_saved(visitor: Visitor, voila: Callable[..., Server], datasets: Datasets) -> None:
    ds = birds(datasets)
    page = visitor.open(voila(NOTEBOOK, env={"NBTOOLS_DATASET": str(ds.path)}).url)
    said = page.locator(".nbt-state")
    expect(said).to_contain_text("previewed · 100 items")
    page.get_by_label("train in percent").fill("60")
    page.keyboard.press("Enter")
    page.get_by_role("group", name="stratify by").get_by_role("button", name="species").click()
    page.get_by_role("group", name="keep together").get_by_role("button", name="site").click()
    expect(page.locator(".nbt-line")).to_contain_text('stratify="species", groups="site"')
    expect(said).to_contain_text("in 5 units")
    page.get_by_role("button", name="Look for them").click()
    page.locator(".nbt-gallery li").first.focus()
    page.keyboard.press("d")
    expect(page.locator(".nbt-line")).to_contain_text("dismissed=[(")
    expect(page.locator(".nbt-near").first).to_contain_text("1 dismissed")
    picture_all(page, "splits-voila")
    confirm = page.get_by_label("that is as it has to be")
    if confirm.is_visible():
        confirm.check()
    page.get_by_label("message").fill("by site")
    page.get_by_role("button", name="Save split").click()
    expect(page.locator(".nbt-said")).to_have_text("saved as v1.1")
    split = ds.split("v1.1")
    plan = ds.version("v1").split({"train": 0.6, "val": 0.2, "test": 0.2}, stratify="species", groups="site")
    assert len(split.dismissed) == 1
    assert split.assignments.to_dict() == plan.assignments.to_dict()
    assert (split.message, split.recipe["groups"]) == ("by site", ["site"])


def test_it_works_in_jupyterlab(
    visitor: Visitor, lab: Callable[..., Server], datasets: Datasets, tmp_path: Path
) -> None:
    ds = birds(datasets)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "splits.ipynb").write_text(NOTEBOOK.read_text())
    server = lab(tmp_path / "notebooks", env={"NBTOOLS_DATASET": str(ds.path)})
    page = run_in_lab(visitor, server.url, "splits.ipynb")
    expect(page.locator(".nbt-state")).to_contain_text("previewed · 100 items")
    slider = page.get_by_label("train: share")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("j")
    assert page.get_by_label("train in percent").input_value() == "79"
    expect(page.locator(".nbt-state")).to_contain_text("previewed")
    expect(page.locator(".nbt-line")).to_contain_text('"train": 0.79')
