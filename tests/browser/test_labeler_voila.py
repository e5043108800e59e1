"""A person labels in a page of Voilà, and what they did is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.labeling import NOTEBOOK, annotator, labeler, labels, press, shown, unsaved
from tests.browser.pages import Visitor
from tests.browser.servers import Server
from tests.widgets.birds import birds


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return birds(tmp_path / "birds")


@pytest.fixture
def server(ds: Dataset, voila: Callable[..., Server]) -> Server:
    return voila(NOTEBOOK, env=annotator(ds))


@pytest.fixture
def opened(visitor: Visitor, server: Server) -> Page:
    page = visitor.open(server.url)
    labeler(page)
    return page


def test_labels_by_keys_are_on_the_disk_and_a_reload_goes_on(opened: Page, ds: Dataset) -> None:
    made = {press(opened, "1"): "jay", press(opened, "2"): "rook", press(opened, "3"): "magpie"}
    unsaved(opened, 0)
    assert labels(ds) == made
    here = shown(opened)
    opened.reload()
    labeler(opened)
    assert shown(opened) == here
    made[press(opened, "2")] = "rook"
    unsaved(opened, 0)
    assert labels(ds) == made


def test_undo_redo_back_skip_flag_and_comment(opened: Page, ds: Dataset) -> None:
    first = press(opened, "1")
    opened.keyboard.press("u")
    expect(opened.locator(f'.nbt-item[data-item-id="{first}"]')).to_be_visible()
    unsaved(opened, 0)
    assert [*Dataset(ds.path).labels("species")["status"]] in ([], ["cleared"])
    opened.keyboard.press("Control+Shift+z")
    unsaved(opened, 0)
    assert labels(ds) == {first: "jay"}
    _show(opened, ds, 1)
    skipped = press(opened, "Space")
    opened.keyboard.press("f")
    opened.keyboard.press("c")
    opened.keyboard.type("1 of 2, <b>behind</b> the branch")
    opened.keyboard.press("Enter")
    labeler(opened)
    flagged = press(opened, "2")
    unsaved(opened, 0)
    rows = {row["item"]: row for row in Dataset(ds.path).labels("species").to_dict("records")}
    assert rows[flagged]["flagged"] is True or rows[flagged]["flagged"]
    assert rows[flagged]["comment"] == "1 of 2, <b>behind</b> the branch"
    assert rows[flagged]["value"] == "rook"
    opened.keyboard.press("ArrowLeft")
    expect(opened.locator(f'.nbt-item[data-item-id="{flagged}"]')).to_be_visible()
    opened.keyboard.press("ArrowLeft")
    expect(opened.locator(f'.nbt-item[data-item-id="{skipped}"]')).to_be_visible()
    opened.keyboard.press("3")
    unsaved(opened, 0)
    assert labels(ds)[skipped] == "magpie"


def _show(page: Page, ds: Dataset, position: int) -> None:
    """Go forward until an item is shown that is not labeled."""
    done = labels(ds)
    if shown(page) in done:
        page.keyboard.press("ArrowRight")
        expect(page.locator(f'.nbt-item[data-item-id="{next(iter(done))}"]')).to_have_count(0)
    assert shown(page) not in done, position


def test_by_mouse(opened: Page, ds: Dataset) -> None:
    item = shown(opened)
    opened.locator('.nbt-option[data-value="magpie"]').click()
    expect(opened.locator(f'.nbt-item[data-item-id="{item}"]')).to_have_count(0)
    other = shown(opened)
    opened.locator(".nbt-skip").click()
    expect(opened.locator(f'.nbt-item[data-item-id="{other}"]')).to_have_count(0)
    opened.locator(".nbt-undo").click()
    expect(opened.locator(f'.nbt-item[data-item-id="{other}"]')).to_be_visible()
    unsaved(opened, 0)
    assert labels(ds)[item] == "magpie"


def test_who_labels_is_asked_once_where_nobody_knows(
    ds: Dataset, voila: Callable[..., Server], visitor: Visitor
) -> None:
    page = visitor.open(voila(NOTEBOOK, env=annotator(ds, None)).url)
    page.get_by_label("Your name").fill("ben")
    page.keyboard.press("Enter")
    labeler(page)
    press(page, "1")
    unsaved(page, 0)
    (row,) = Dataset(ds.path).labels("species").to_dict("records")
    assert (row["annotator"], row["identity"]) == ("ben", "self-declared")


def test_a_label_is_refused_on_an_item_whose_file_is_broken(ds: Dataset, server: Server, visitor: Visitor) -> None:
    first = next(iter(ds.items()["id"]))
    next((ds.path / "processed").glob(f"{first}*")).unlink()
    page = visitor.open(server.url)
    labeler(page)
    expect(page.locator(f'.nbt-item[data-item-id="{first}"]')).to_contain_text("can't be read")
    page.keyboard.press("1")
    press(page, "Space")
    press(page, "2")
    unsaved(page, 0)
    assert first not in {item for item, value in labels(ds).items() if value is not None}


def test_the_last_item_ends_it(tmp_path: Path, voila: Callable[..., Server], visitor: Visitor) -> None:
    ds = birds(tmp_path / "few", 2)
    page = visitor.open(voila(NOTEBOOK, env=annotator(ds)).url)
    labeler(page)
    press(page, "1")
    page.keyboard.press("2")
    expect(page.get_by_text("Done")).to_be_visible()
    unsaved(page, 0)
    assert sorted(labels(ds).values()) == ["jay", "rook"]


def test_what_is_wrong_is_said_in_the_page(tmp_path: Path, voila: Callable[..., Server], visitor: Visitor) -> None:
    gone = tmp_path / "<img src=x onerror=window.ran=1>"
    page = visitor.open(voila(NOTEBOOK, env={"NBTOOLS_DATASET": str(gone)}).url)
    expect(page.get_by_text("<img src=x onerror=window.ran=1>")).to_be_visible()
    assert page.evaluate("() => window.ran") is None
