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
    assert chooser.path is None
    # ipyfilechooser's own line is HTML too, and it shows the name.
    assert "<img" not in chooser.children[1]._label.value
    assert "&lt;img" in chooser.children[1]._label.value


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
