"""A person labels in a page of Voilà, and what they did is on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from tests.browser.labeling import (
    ANNA,
    NOTEBOOK,
    Hall,
    eventually,
    labeler,
    labels,
    mark,
    mark_song,
    press,
    shown,
    shows,
    unsaved,
)
from tests.browser.pages import Visitor, write_notebook
from tests.browser.servers import Server
from tests.widgets.birds import songs


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    yield hall
    hall.server.stop()


@pytest.fixture
def ds(hall: Hall) -> Dataset:
    return hall.dataset()


@pytest.fixture
def opened(visitor: Visitor, hall: Hall, ds: Dataset) -> Page:
    page = visitor.open(hall.server.url + hall.address(ds))
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


def test_undo_and_redo(opened: Page, ds: Dataset) -> None:
    first = press(opened, "1")
    opened.keyboard.press("u")
    shows(opened, first)
    unsaved(opened, 0)
    assert labels(ds).get(first) is None
    opened.keyboard.press("Control+Shift+z")
    unsaved(opened, 0)
    eventually(lambda: labels(ds) == {first: "jay"}, "the label is back")


def test_skip_flag_comment_and_back(opened: Page, ds: Dataset) -> None:
    skipped = press(opened, "Space")
    mark(opened, "f")
    opened.keyboard.press("c")
    opened.keyboard.type("1 of 2, <b>behind</b> the branch")
    opened.keyboard.press("Enter")
    flagged = press(opened, "2")
    unsaved(opened, 0)
    rows = {row["item"]: row for row in Dataset(ds.path).labels("species").to_dict("records")}
    said = {key: rows[flagged][key] for key in ("value", "flagged", "comment")}
    assert said == {"value": "rook", "flagged": True, "comment": "1 of 2, <b>behind</b> the branch"}
    opened.keyboard.press("ArrowLeft")
    shows(opened, flagged)
    opened.keyboard.press("ArrowLeft")
    shows(opened, skipped)
    press(opened, "3")
    unsaved(opened, 0)
    assert labels(ds)[skipped] == "magpie"


def test_what_became_of_a_suggestion_is_on_the_disk(hall: Hall, ds: Dataset, visitor: Visitor) -> None:
    ids = list(ds.items()["id"])
    ds.suggest("species", [{"id": one, "value": "rook", "score": 0.9} for one in ids], model="resnet-7")
    page = visitor.open(hall.server.url + hall.address(ds))
    labeler(page)
    expect(page.locator(".nbt-suggestion")).to_contain_text("resnet-7 suggests:rook90\u202f%")
    made = {press(page, "a"): "rook", press(page, "1"): "jay"}
    mark(page, "r")
    expect(page.locator(".nbt-suggestion")).to_contain_text("you rejected")
    made[press(page, "3")] = "magpie"
    unsaved(page, 0)
    assert labels(ds) == made
    acts = Dataset(ds.path).history("species").dropna(subset="suggestion")
    became = {
        item: (said["model"], said["outcome"]) for item, said in zip(acts["item"], acts["suggestion"], strict=True)
    }
    outcomes = ("accepted", "corrected", "rejected")
    assert became == {item: ("resnet-7", one) for item, one in zip(made, outcomes, strict=True)}


def test_by_mouse(opened: Page, ds: Dataset) -> None:
    item = shown(opened)
    opened.locator('.nbt-option[data-value="magpie"]').click()
    expect(opened.locator(f'.nbt-item[data-item-id="{item}"]')).to_have_count(0)
    other = shown(opened)
    opened.locator(".nbt-skip").click()
    expect(opened.locator(f'.nbt-item[data-item-id="{other}"]')).to_have_count(0)
    opened.locator(".nbt-undo").click()
    shows(opened, other)
    unsaved(opened, 0)
    assert labels(ds)[item] == "magpie"


def test_a_label_is_refused_on_an_item_whose_file_is_broken(hall: Hall, ds: Dataset, visitor: Visitor) -> None:
    first = next(iter(ds.items()["id"]))
    next((ds.path / "processed").glob(f"{first}*")).unlink()
    page = visitor.open(hall.server.url + hall.address(ds))
    labeler(page)
    expect(page.locator(f'.nbt-item[data-item-id="{first}"]')).to_contain_text("can't be read")
    mark(page, "1")
    expect(page.locator(".nbt-status")).to_contain_text("not recorded")
    assert press(page, "Space") == first
    press(page, "2")
    unsaved(page, 0)
    assert labels(ds).get(first) is None


def test_the_last_item_ends_it(hall: Hall, visitor: Visitor) -> None:
    ds = hall.dataset(2)
    page = visitor.open(hall.server.url + hall.address(ds))
    labeler(page)
    press(page, "1")
    mark(page, "2")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    unsaved(page, 0)
    assert sorted(map(str, labels(ds).values())) == ["jay", "rook"]


def test_what_is_wrong_is_said_in_the_page(hall: Hall, visitor: Visitor) -> None:
    page = visitor.open(f"{hall.server.url}?dataset=gone")
    expect(page.get_by_text("gone")).to_be_visible()
    assert page.locator(".nbt-labeler").count() == 0


def test_where_nothing_is_named_a_visitor_chooses(hall: Hall, ds: Dataset, visitor: Visitor) -> None:
    ds.task("sex", kind="choice", options=["f", "m"])
    page = visitor.open(hall.server.url)
    page.get_by_role("listbox").select_option(f"{ds.path.name}/")
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("button", name="sex").click()
    labeler(page)
    made = {press(page, "2"): "m"}
    unsaved(page, 0)
    assert labels(ds, "sex") == made


def test_who_labels_is_asked_where_nobody_knows(ds: Dataset, voila: Callable[..., Server], visitor: Visitor) -> None:
    page = visitor.open(voila(NOTEBOOK, env={"NBTOOLS_DATASET": str(ds.path)}).url)
    page.get_by_label("Your name").fill("ben")
    page.keyboard.press("Enter")
    labeler(page)
    press(page, "1")
    unsaved(page, 0)
    (row,) = Dataset(ds.path).labels("species").to_dict("records")
    assert (row["annotator"], row["identity"]) == ("ben", "self-declared")


def test_labels_are_reviewed(ds: Dataset, tmp_path: Path, voila: Callable[..., Server], visitor: Visitor) -> None:
    items = list(ds.items()["id"])
    ds.record("species", {items[4]: "rook", items[7]: "jay"})
    cell = f"import nbtools; nbtools.Labeler(nbtools.Dataset({str(ds.path)!r}), 'species', mode='review')"
    page = visitor.open(voila(write_notebook(tmp_path / "review.ipynb", [cell]), env=ANNA).url)
    labeler(page)
    assert press(page, "Enter") == items[4]
    shows(page, items[7])
    mark(page, "3")
    unsaved(page, 0)
    mine = Dataset(ds.path).labels("species").query("annotator == 'anna'")
    assert dict(zip(mine["item"], mine["value"], strict=True)) == {items[4]: "rook", items[7]: "magpie"}


def test_long_sound_is_marked_in_parts(visitor: Visitor, hall: Hall) -> None:
    ds = songs(hall.root / "songs")
    page = visitor.open(hall.server.url + hall.address(ds))
    labeler(page)
    mark_song(page)
    (only,) = Dataset(ds.path).labels("calls")["value"].tolist()[0]["regions"]
    assert only["start"] == pytest.approx(35, abs=0.2)
    assert only["end"] > 35.7
    assert not visitor.outside
