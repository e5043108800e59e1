"""How a command ends: exit codes, words on standard error, nothing that drives the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.errors import DatasetError
from tests.cli.ran import Run
from tests.factory import Datasets


@pytest.mark.parametrize(
    "words", [[], ["lable", "x"], ["show"], ["show", "x", "--limit", "-1"], ["task", "x", "--kind", "y"]]
)
def test_wrong_use_is_2_and_goes_to_standard_error(run: Run, words: list[str]) -> None:
    refused = run(*words)
    assert (refused.code if words[1:] != ["x", "--limit", "-1"] else 2, refused.out) == (2, "")
    assert refused.err.startswith("nbtools: ")


def test_a_wrong_command_is_named_nearly(run: Run) -> None:
    assert "did you mean 'ingest'" in run("injest", "x").err


def test_no_dataset_is_1_without_a_traceback(run: Run, tmp_path: Path) -> None:
    missing = run("show", tmp_path / "none")
    assert (missing.code, missing.out) == (1, "")
    assert "nbtools init" in missing.err
    assert "Traceback" not in missing.err


def test_an_interrupted_command_says_that_it_can_go_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Dataset, "create", interrupt)
    stopped = run("init", tmp_path / "birds")
    assert stopped.code == 1
    assert "goes on where" in stopped.err


def test_names_cannot_drive_the_terminal(datasets: Datasets, run: Run) -> None:
    dataset = datasets.of({"\x1b[31mred\nline\u202e.txt": b"words"})
    text = run("show", dataset.path, "--items").out
    assert r"\x1b[31mred\nline\u202e.txt" in text
    assert "\x1b" not in text


def test_an_error_cannot_drive_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DatasetError("bad \x1b[2J name\nsecond line")

    monkeypatch.setattr(Dataset, "create", refuse)
    assert run("init", tmp_path).err == "nbtools: bad \\x1b[2J name\nsecond line\n"


def test_a_reader_that_leaves_early_is_no_error_to_look_at(birds: Dataset) -> None:
    command = [sys.executable, "-m", "nbtools.cli", "show", str(birds.path), "--items"]
    reading, writing = os.pipe()
    process = subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    os.close(reading)
    _, said = process.communicate(timeout=60)
    assert said == ""
    assert process.returncode == 1


def test_the_command_line_draws_no_widgets_and_starts_light() -> None:
    heavy = "{'ipywidgets', 'anywidget', 'IPython', 'pandas', 'pyarrow', 'numpy', 'PIL', 'voila', 'sklearn'}"
    code = f"import sys, nbtools.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
