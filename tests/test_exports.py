"""What can be imported is what is promised."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nbtools
from nbtools import errors

ROOMS = sorted(
    module.name
    for module in pkgutil.walk_packages(nbtools.__path__, "nbtools.")
    if not module.name.endswith(".__main__") and "._" not in module.name
)


def test_the_public_names_are_these() -> None:
    splitters = ["HashSplit", "KFoldSplit", "LedgerSplit", "PredefinedSplit", "TimeSplit"]
    widgets = ["DatasetChooser", "Labeler", "SplitBuilder", "VersionBrowser"]
    assert nbtools.__all__ == sorted(["Dataset", "annotate", "kinds", *widgets, *splitters])


def test_dir_lists_them_before_they_are_loaded() -> None:
    assert dir(nbtools) == sorted([*nbtools.__all__, "__version__", "orders"])


@pytest.mark.parametrize("name", nbtools.__all__)
def test_a_public_name_loads_and_says_what_it_is(name: str) -> None:
    value = getattr(nbtools, name)
    assert value.__name__ == name
    assert inspect.getdoc(value)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'Labeller'"):
        _ = nbtools.Labeller


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_can_be_imported_and_has_what_it_lists(room: str) -> None:
    module = importlib.import_module(room)
    assert [name for name in getattr(module, "__all__", []) if not hasattr(module, name)] == []


def test_the_tree_of_errors_is_the_one_drawn() -> None:
    drawn = {
        word
        for line in (errors.__doc__ or "").splitlines()
        for word in line.replace("(", " ").split()
        if word.endswith("Error")
    }
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.NbtoolsError)
    }
    builtin = {"FileNotFoundError", "ImportError", "KeyError", "OSError", "ValueError"}
    assert {word.rstrip(")") for word in drawn} - builtin == defined


def test_the_other_project_of_this_name_in_one_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "nbtools"
    folder.mkdir()
    shutil.copy(nbtools.__file__, folder)
    (folder / "uibuilder.py").touch()
    run = [sys.executable, "-c", "import nbtools"]
    told = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stderr
    assert "pip uninstall nbtools nbtools-data" in told
