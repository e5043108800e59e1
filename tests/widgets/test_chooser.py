"""Choosing a dataset: only below the root, only datasets, and no name is markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbtools.widgets.chooser import DatasetChooser, as_html

MARKUP = "<img src=x onerror=alert(1)>"


def _dataset(folder: Path) -> Path:
    (folder / "metadata").mkdir(parents=True)
    (folder / "metadata" / "dataset.json").write_text("{}")
    return folder


def _pick(chooser: DatasetChooser, *names: str) -> str:
    """Open the chooser, go down into folders, choose; return what is then said."""
    folders = chooser.children[1]
    for name in names:
        folders._dircontent.value = f"{name}/"
    folders._select.click()
    return str(chooser.children[0].value)


def test_a_dataset_is_taken_and_told(tmp_path: Path) -> None:
    wanted = _dataset(tmp_path / "north" / "birds")
    chooser = DatasetChooser(tmp_path)
    told: list[Path] = []
    chooser.on_choose(told.append)
    assert chooser.dataset is None
    assert "Chosen: birds" in _pick(chooser, "north", "birds")
    assert chooser.path == wanted
    assert told == [wanted]


def test_another_folder_is_not_taken_and_the_reason_is_said(tmp_path: Path) -> None:
    (tmp_path / MARKUP).mkdir()
    chooser = DatasetChooser(tmp_path)
    said = _pick(chooser, MARKUP)
    assert "is no dataset" in said
    assert "nbtools init" in said
    assert "<img" not in said
    assert str(tmp_path) not in said, "where the root lies is no business of a visitor's"
    assert chooser.path is None


def test_a_dataset_whose_name_is_markup_is_named_as_text(tmp_path: Path) -> None:
    _dataset(tmp_path / MARKUP)
    chooser = DatasetChooser(tmp_path)
    assert "&lt;img" in _pick(chooser, MARKUP)
    # ipyfilechooser's own line is HTML too, and it shows the name.
    assert "&lt;img" in chooser.children[1]._label.value
    assert "<img" not in chooser.children[1]._label.value


def test_after_a_refusal_the_button_chooses_still_and_the_words_are_of_the_folder_shown(tmp_path: Path) -> None:
    (tmp_path / "two words").mkdir()
    _dataset(tmp_path / "birds")
    chooser = DatasetChooser(tmp_path)
    said, folders = chooser.children
    assert "open its folder in the list" in _pick(chooser), "nothing was opened"
    assert "nbtools init &#x27;two words&#x27;" in _pick(chooser, "two words")
    assert (folders._select.description, folders._select.disabled) == ("Choose", False)
    assert (folders._pathlist.value, folders._cancel.layout.display) == ("/two words", "none")
    folders._pathlist.value = "/"
    assert "is no dataset" not in said.value
    folders._dircontent.value = "birds/"
    assert "birds is a dataset: press Choose" in said.value
    folders._select.click()
    assert chooser.path == tmp_path / "birds"


def test_a_folder_of_a_dataset_stands_for_it(tmp_path: Path) -> None:
    wanted = _dataset(tmp_path / "birds")
    chooser = DatasetChooser(tmp_path)
    assert "Chosen: birds" in _pick(chooser, "birds", "metadata")
    assert chooser.path == wanted


def test_no_dataset_above_the_root_is_found(tmp_path: Path) -> None:
    (_dataset(tmp_path / "birds") / "raw" / "north").mkdir(parents=True)
    chooser = DatasetChooser(tmp_path / "birds" / "raw")
    assert "is no dataset" in _pick(chooser, "north")
    assert chooser.path is None


@pytest.mark.parametrize(("visitor", "word"), [(False, "%env NBTOOLS_ROOT="), (True, "whoever gave you this address")])
def test_where_there_is_nothing_to_choose_it_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visitor: bool, word: str
) -> None:
    if visitor:
        monkeypatch.setenv("VOILA_REQUEST_URL", "http://localhost:8866/")
    chooser = DatasetChooser(tmp_path)
    assert word in chooser.children[0].value
    assert word in _pick(chooser), "it is said still when Choose was pressed"


def test_nothing_outside_of_the_root_is_listed_or_taken(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    _dataset(tmp_path / "secret")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "file.txt").write_text("not a folder")
    chooser = DatasetChooser(root)
    folders = chooser.children[1]
    assert [name for name in folders._dircontent.options if name.startswith(("..", "file.txt"))] == []
    assert list(folders._pathlist.options) == ["/"]
    folders._dircontent.value = "link/"
    assert "leads elsewhere" in chooser.children[0].value
    folders._select.click()
    assert chooser.path is None


def test_a_marker_that_is_a_link_makes_no_dataset(tmp_path: Path) -> None:
    elsewhere = _dataset(tmp_path / "elsewhere")
    (tmp_path / "fake" / "metadata").mkdir(parents=True)
    (tmp_path / "fake" / "metadata" / "dataset.json").symlink_to(elsewhere / "metadata" / "dataset.json")
    assert "is no dataset" in _pick(DatasetChooser(tmp_path), "fake")


def test_a_folder_that_vanished_is_said(tmp_path: Path) -> None:
    (tmp_path / "soon").mkdir()
    chooser = DatasetChooser(tmp_path)
    folders = chooser.children[1]
    (tmp_path / "soon").rmdir()
    _dataset(tmp_path / "birds")
    folders._dircontent.value = "soon/"
    folders.refresh()
    _pick(chooser, "birds")
    assert chooser.path == tmp_path / "birds"


@pytest.mark.parametrize("text", [MARKUP, "a & b", "'\""])
def test_words_are_never_markup(text: str) -> None:
    assert as_html(text).count("<") == 2
