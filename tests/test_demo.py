"""The demo's dataset: all digits, by writer, without their answers; made in any number of goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from nbtools import demo
from nbtools.dataset import Dataset
from nbtools.errors import DatasetError, MissingExtraError

FEW = (0, 5, 8, 12)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo have twelve digits by three writers."""
    monkeypatch.setattr(demo, "COUNT", FEW[-1])
    monkeypatch.setattr(demo, "_BOUNDS", FEW)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    kept = [path for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts]
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size) for path in kept}


def test_the_whole_demo(tmp_path: Path) -> None:
    dataset = demo.make_demo(tmp_path / "demo")
    items = dataset.items()
    assert (len(dataset), dataset.name, len(items)) == (1797, "Digits", 1797)
    written = items["writer"].value_counts()
    assert written.index.sort_values().tolist() == [f"w{number:02}" for number in range(1, 15)]
    assert (written["w01"], written["w07"], written["w14"]) == (130, 139, 130)
    task = dataset.tasks()["digit"]
    assert [(option.name, option.key) for option in task.offered] == [(str(n), str(n)) for n in range(10)]
    assert len(dataset.labels("digit")) == 0
    assert set(items["kind"]) == {"image"}
    assert set(zip(items["width"], items["height"], strict=True)) == {(160, 160)}


@pytest.mark.usefixtures("few")
def test_no_answer_is_given_away(tmp_path: Path) -> None:
    dataset = demo.make_demo(tmp_path)
    assert "digit" not in dataset.items().columns
    assert {path.name for path in (tmp_path / "raw" / "w01").iterdir()} == {f"{n:04}.png" for n in range(5)}


@pytest.mark.usefixtures("few")
def test_again_opens_what_is_there_with_its_labels(tmp_path: Path) -> None:
    dataset = demo.make_demo(tmp_path)
    dataset.record("digit", {dataset.items()["id"][0]: "0"}, annotator="anna", origin="person")
    before = _state(tmp_path)
    again = demo.make_demo(tmp_path)
    assert _state(tmp_path) == before
    assert again.labels("digit")["value"].tolist() == ["0"]


@pytest.mark.usefixtures("few")
def test_a_task_that_was_changed_stays_so(tmp_path: Path) -> None:
    demo.make_demo(tmp_path).task("digit", rename={"0": "zero"})
    assert demo.make_demo(tmp_path).tasks()["digit"].offered[0].name == "zero"


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("at", [1, 6, 12])
def test_ended_while_drawing_it_goes_on(tmp_path: Path, at: int) -> None:
    def stop(done: int, _total: int | None) -> None:
        if done == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make_demo(tmp_path, on_draw=stop)
    drawn = _state(tmp_path / "raw")
    assert len(drawn) == at
    dataset = demo.make_demo(tmp_path)
    assert len(dataset) == FEW[-1]
    assert drawn.items() <= _state(tmp_path / "raw").items()
    for path in (tmp_path / "raw").rglob("*.png"):
        Image.open(path).load()


@pytest.mark.usefixtures("few")
def test_license_and_source_are_named(tmp_path: Path) -> None:
    demo.make_demo(tmp_path)
    said = (tmp_path / "metadata" / "dataset.json").read_text()
    assert "CC-BY-4.0" in said
    assert "UCI Machine Learning Repository" in said


def test_another_dataset_is_not_touched(tmp_path: Path) -> None:
    Dataset.create(tmp_path / "birds", name="Birds")
    before = _state(tmp_path)
    with pytest.raises(DatasetError, match=r"another dataset, 'Birds'.*--path"):
        demo.make_demo(tmp_path / "birds")
    assert _state(tmp_path) == before


@pytest.mark.parametrize("file", ["letter.txt", "raw/mine.png"])
def test_a_folder_with_something_else_is_not_touched(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("mine")
    with pytest.raises(DatasetError, match="something else"):
        demo.make_demo(tmp_path)
    assert list(_state(tmp_path)) == [file]


@pytest.mark.usefixtures("few")
def test_what_a_demo_that_was_ended_at_once_leaves_is_no_obstacle(tmp_path: Path) -> None:
    for name in ("raw", "metadata", "processed"):
        (tmp_path / name).mkdir()
    (tmp_path / "README.txt").write_text("…")
    assert len(demo.make_demo(tmp_path)) == FEW[-1]


@pytest.mark.usefixtures("few")
def test_without_scikit_learn_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingExtraError, match=r"nbtools-data\[demo\]"):
        demo.make_demo(tmp_path)
