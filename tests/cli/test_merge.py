"""`merge`: a plan first, then done, then nothing."""

from __future__ import annotations

import shutil

from nbtools.dataset import Dataset
from tests.cli.ran import Run
from tests.factory import Datasets, picture


def test_merge_is_planned_done_and_done_again(birds: Dataset, run: Run) -> None:
    laptop = Dataset(shutil.copytree(birds.path, birds.path.parent / "laptop"))
    picture(9).save(laptop.raw / "9.png")
    laptop.ingest()
    plan = run("merge", birds.path, laptop.path, "--dry-run")
    assert plan.code == 0
    assert "would come: 1 item (2 files" in plan.out
    assert plan.out.endswith(f"next: nbtools merge {birds.path} {laptop.path}\n")
    assert len(birds) == 5
    done = run("merge", birds.path, laptop.path, "--json")
    assert (done.code, done.json["items"]) == (0, 1)
    assert run("merge", birds.path, laptop.path).out.startswith("nothing new")


def test_merge_says_with_1_that_something_was_left(birds: Dataset, run: Run) -> None:
    laptop = Dataset(shutil.copytree(birds.path, birds.path.parent / "laptop"))
    picture(9).save(laptop.raw / "9.png")
    laptop.ingest()
    for place in (laptop.raw / "9.png", laptop.file(laptop.items()["path"][5])):
        place.unlink()
    merged = run("merge", birds.path, laptop.path)
    assert merged.code == 1
    assert "! left 1: its file is not there" in merged.out


def test_merge_of_another_dataset_has_to_be_meant(birds: Dataset, run: Run, datasets: Datasets) -> None:
    other = datasets.texts(2)
    refused = run("merge", birds.path, other.path)
    assert refused.code == 1
    assert "is another dataset" in refused.err
    merged = run("merge", birds.path, other.path, "--foreign", "--without", "species", "--json")
    assert (merged.json["items"], merged.json["acts"]) == (2, {})
