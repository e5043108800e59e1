"""`nbtools split`: a version dealt out at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from tests.cli.ran import Run
from tests.factory import Datasets


@pytest.fixture
def birds(datasets: Datasets) -> Dataset:
    ds = datasets.images(20)
    ds.record("species", {item: ("jay", "rook")[at % 2] for at, item in enumerate(ds.items()["id"])})
    ds.freeze("first")
    return ds


def test_split_plans_keeps_and_shows(birds: Dataset, run: Run) -> None:
    folder = str(birds.path)
    ratios = ("--ratio", "train=.5", "--ratio", "test=.5")
    planned = run("split", folder, "v1", *ratios, "--stratify", "species", "--dry-run", "--json")
    assert json.loads(planned.out)["parts"] == {"train": 10, "test": 10}
    assert birds.version("v1").splits == []
    kept = run("split", folder, "v1", *ratios, "--stratify", "species", "--message", "halves")
    assert kept.out.startswith("v1.1 · 20 items: train 10 (50.0%) · test 10 (50.0%)\nhalves")
    assert f"next: nbtools restore {folder} v1.1" in kept.out
    shown = run("split", folder, "v1.1")
    assert shown.out.startswith("v1.1 · 20 items")


def test_a_split_is_restored_into_folders(birds: Dataset, run: Run, tmp_path: Path) -> None:
    run("split", str(birds.path), "v1", "--ratio", "train=.5", "--ratio", "test=.5", "--stratify", "species")
    out = tmp_path / "out"
    done = run("restore", str(birds.path), "v1.1", str(out), "--layout", "imagefolder", "--target", "species")
    assert done.code == 0
    assert sorted(path.relative_to(out).as_posix() for path in out.glob("*/*")) == [
        "test/jay",
        "test/rook",
        "train/jay",
        "train/rook",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--ratio", "train"), "--ratio takes NAME=SHARE"),
        (("--ratio", "train=.9"), "name two or more"),
        (("--stratify", "specie"), "did you mean 'species'"),
    ],
)
def test_what_cannot_be_is_wrong_use(birds: Dataset, run: Run, given: tuple[str, ...], said: str) -> None:
    done = run("split", str(birds.path), "v1", *given)
    assert done.code == 2
    assert said in done.err
