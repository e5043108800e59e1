"""Nothing from the data or the address runs, and nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.labeling import ANNA, Hall, labeler, labels, press, shown, unsaved
from tests.browser.pages import Visitor, write_notebook
from tests.browser.servers import Server
from tests.widgets.birds import picture

IMG = "<img src=x onerror=window.ran=1>"
SCRIPT = "<script>window.ran=1</script>"
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='60' onload='top.ran=1'>"
    "<script>top.ran=1; window.ran=1</script><rect width='80' height='60' fill='teal'/>"
    "<image href='http://tracker.invalid/x.png' width='9' height='9'/></svg>"
)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    yield hall
    hall.server.stop()


def _poisoned(folder: Path) -> Dataset:
    """Make a dataset in which everything that can be named is markup."""
    ds = Dataset.create(folder, name=f"Birds {IMG}")
    raw = folder / "raw" / IMG
    raw.mkdir(parents=True)
    (raw / f"{IMG}.png").write_bytes(picture(1))
    (raw / "note.txt").write_text(f"{IMG}\n{SCRIPT}\n<svg onload=window.ran=1>")
    (raw / "drawing.svg").write_text(SVG)
    (raw / "page.html").write_text(f"<!doctype html><html><body>{IMG}{SCRIPT}</body></html>")
    ds.ingest(attributes={"site": "folder:-1"})
    options = [{"name": SCRIPT}, {"name": IMG, "description": IMG}, {"name": "plain"}]
    ds.task("species", kind="choice", options=options)
    return ds


SHOW = """
import os, nbtools
nbtools.Labeler(nbtools.Dataset(os.environ["NBTOOLS_DATASET"]), "species", show=["site"])
"""


def _nothing_ran(page: Page) -> None:
    assert page.evaluate("() => window.ran") is None
    assert page.locator(".nbt-labeler script, .nbt-labeler iframe, .nbt-labeler object").count() == 0
    assert page.locator(".nbt-labeler [onerror], .nbt-labeler [onload]").count() == 0


def test_markup_in_the_data_is_text(tmp_path: Path, voila: Callable[..., Server], visitor: Visitor) -> None:
    ds = _poisoned(tmp_path / "birds")
    page = visitor.open(
        voila(
            write_notebook(tmp_path / "show.ipynb", [SHOW]),
            env={**ANNA, "NBTOOLS_DATASET": str(ds.path), "NBTOOLS_ANNOTATOR": IMG},
        ).url
    )
    root = labeler(page)
    expect(root.locator(".nbt-option").filter(has_text=SCRIPT)).to_be_visible()
    seen = set()
    for _ in range(len(ds)):
        seen.add(shown(page))
        _nothing_ran(page)
        expect(root).to_contain_text(f"site: {IMG}")
        if len(seen) < len(ds):
            press(page, "1")
    page.keyboard.press("?")
    _nothing_ran(page)
    unsaved(page, 0)
    assert set(labels(ds).values()) == {SCRIPT}
    # An SVG in <img> asks for nothing: the address inside it was never looked up.
    assert visitor.outside == []


def test_markup_in_the_names_of_tasks_and_errors_is_text(hall: Hall, visitor: Visitor) -> None:
    ds = _poisoned(hall.root / "errors")
    page = visitor.open(f"{hall.server.url}{hall.address(ds)}&task={quote(IMG)}")
    expect(page.get_by_text(IMG)).to_be_visible()
    assert page.evaluate("() => window.ran") is None


@pytest.mark.parametrize(
    "query", [f"dataset={quote(IMG)}", f"task={quote(SCRIPT)}", 'theme="><script>window.ran=1</script>']
)
def test_the_address_runs_nothing(hall: Hall, visitor: Visitor, query: str) -> None:
    page = visitor.open(f"{hall.server.url}?{query}")
    page.locator("main").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => window.ran") is None


def test_an_address_leads_to_no_folder_outside_of_the_root(hall: Hall, visitor: Visitor) -> None:
    secret = _poisoned(hall.root.parent / "secret")
    page = visitor.open(f"{hall.server.url}?dataset=../{secret.path.name}")
    expect(page.get_by_text("takes the name of a folder below the root")).to_be_visible()
    assert page.locator(".nbt-labeler").count() == 0


def test_labels_over_plain_http_from_another_host(hall: Hall, visitor: Visitor) -> None:
    ds = hall.dataset()
    page = visitor.open(hall.server.plain_url + hall.address(ds))
    assert page.evaluate("() => isSecureContext") is False
    labeler(page)
    made = {press(page, "1"), press(page, "1")}
    unsaved(page, 0)
    assert set(labels(ds)) == made
    assert visitor.outside == []
