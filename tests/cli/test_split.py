"""`nbtools split`: a version dealt out at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
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
    ("given", "call", "parts"),
    [
        (("--strategy", "hash", "--seed", "7"), "HashSplit", {"train", "val", "test"}),
        (("--strategy", "kfold", "--folds", "4", "--test", ".2"), "KFoldSplit(4, test=0.2)", {"test", "fold1"}),
        (
            ("--strategy", "time", "--time", "year", "--cutoff", "train=", "--cutoff", "test=2010", "--gap", "1"),
            "TimeSplit(None, cutoffs={'train': None, 'test': 2010.0}, gap=1.0, time='year')",
            {"train", "test"},
        ),
        (("--strategy", "predefined", "--column", "official"), "PredefinedSplit(column='official')", {"train", "test"}),
        (("--bins", "3", "--eval", "random"), "bins=3", {"train", "val", "test"}),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_every_strategy_with_its_own_settings(
    birds: Dataset, run: Run, given: tuple[str, ...], call: str, parts: set[str]
) -> None:
    ids = birds.items()["id"]
    columns = {"id": ids, "year": range(2000, 2020), "official": ["train", "test"] * 10}
    birds.attach(pd.DataFrame(columns), on="id")
    birds.freeze("columns")
    done = run("split", birds.path, "v2", *given, "--dry-run", "--json")
    assert done.code == 0, done.err
    assert call in done.json["recipe"]["call"]
    assert parts <= set(done.json["parts"])


@pytest.fixture
def photos(datasets: Datasets) -> Dataset:
    """Make photos that came in folders for their parts, some dated, of nests that straddle the years."""
    folders = ("Train/a", "Train/b", "Holdout/a", "unsorted")
    ds = datasets.of({f"{folder}/{at}.txt": f"{folder} {at}".encode() for folder in folders for at in range(4)})
    paths = [sources[0].removeprefix("raw/") for sources in ds.items()["sources"]]
    at = [int(path[-5]) for path in paths]
    table = {
        "id": ds.items()["id"],
        "year": [None if path.startswith("unsorted") else 2020 + n for path, n in zip(paths, at, strict=True)],
        "nest": [f"n{n // 3}" for n in at],
        "official": [{"Train": "fit", "Holdout": "score"}.get(path.split("/")[0]) for path in paths],
    }
    ds.attach(pd.DataFrame(table), on="id")
    ds.freeze("as it came")
    return ds


BY_FOLDERS = ("--strategy", "predefined", "--folders", "source", "--rename", "holdout=test")
BY_COLUMN = ("--strategy", "predefined", "--column", "official", "--rename", "fit=train", "--rename", "score=test")
BY_YEAR = ("--strategy", "time", "--time", "year", "--cutoff", "train=", "--cutoff", "test=2022")


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ((*BY_FOLDERS, "--rest", "drop"), {"train": 8, "test": 4}),
        ((*BY_FOLDERS, "--rest", "train"), {"train": 12, "test": 4}),
        ((*BY_FOLDERS, "--rest", "spare"), {"train": 8, "test": 4, "spare": 4}),
        ((*BY_COLUMN, "--rest", "drop"), {"train": 8, "test": 4}),
        ((*BY_YEAR, "--undated", "drop"), {"train": 6, "test": 6}),
        ((*BY_YEAR, "--undated", "first"), {"train": 10, "test": 6}),
        ((*BY_YEAR, "--undated", "drop", "--groups", "nest", "--straddling", "drop"), {"train": 0, "test": 4}),
        ((*BY_YEAR, "--undated", "drop", "--groups", "nest", "--straddling", "earlier"), {"train": 12, "test": 4}),
        ((*BY_YEAR, "--undated", "drop", "--groups", "nest", "--straddling", "later"), {"train": 0, "test": 16}),
    ],
    ids=lambda value: " ".join(value[2:]) if isinstance(value, tuple) else "",
)
def test_what_the_data_came_with_and_what_it_lacks(
    photos: Dataset, run: Run, given: tuple[str, ...], parts: dict[str, int]
) -> None:
    done = run("split", photos.path, "v1", *given, "--dry-run", "--json")
    assert done.code == 0, done.err
    assert done.json["parts"] == parts


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (BY_FOLDERS, "Choose: --rest drop, or --rest train or another split"),
        (BY_YEAR, "Choose: --undated drop or"),
        (("--groups", "year"), "Choose: --missing alone (each is its own group)"),
        ((*BY_YEAR, "--straddling", "both"), "invalid choice: 'both'"),
        ((*BY_YEAR, "--undated", "last"), "invalid choice: 'last'"),
        (("--strategy", "predefined", "--folders", "sorce"), "did you mean 'source'"),
        ((*BY_FOLDERS[:4], "--rename", "holdout"), "--rename takes FROM=TO"),
        (("--rest", "drop"), "--rest does not go with --strategy ledger"),
        (("--rename", "a=b"), "--rename does not go with --strategy ledger"),
        (("--folders", "source"), "--folders does not go with --strategy ledger"),
    ],
)
def test_what_is_still_to_be_chosen_names_the_flag(
    photos: Dataset, run: Run, given: tuple[str, ...], said: str
) -> None:
    refused = run("split", photos.path, "v1", *given)
    assert refused.code == 2
    assert said in refused.err
    assert photos.version("v1").splits == []


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_pairs_come_from_a_table(birds: Dataset, run: Run, tmp_path: Path, suffix: str) -> None:
    ids, path = sorted(birds.items()["id"]), tmp_path / f"pairs.{suffix}"
    table = pd.DataFrame({"left": ids[:5], "right": ids[5:10]})
    table.to_csv(path, index=False) if suffix == "csv" else table.to_parquet(path)
    ratios = ("--ratio", "train=.5", "--ratio", "test=.5", "--confirm", "--json")
    done = run("split", birds.path, "v1", *ratios, "--links", path)
    assert (done.code, done.json["recipe"]["links"]) == (0, {"given link": 5})
    assert birds.split("v1.1").links == sorted(zip(table["left"], table["right"], strict=True))
    away = run("split", birds.path, "v1", *ratios, "--dismissed", path)
    assert (away.code, away.json["recipe"]["dismissed"]) == (0, 5)


def test_a_table_that_holds_no_pairs_is_wrong_use(birds: Dataset, run: Run, tmp_path: Path) -> None:
    ids, path = birds.items()["id"].tolist(), tmp_path / "pairs.csv"
    refused = run("split", birds.path, "v1", "--links", path)
    assert (refused.code, "is no CSV or Parquet file of pairs" in refused.err) == (2, True)
    path.write_text(f"{ids[0]},{ids[1]}\n")
    refused = run("split", birds.path, "v1", "--links", path)
    assert (refused.code, "begins with a pair" in refused.err) == (2, True)
    assert birds.version("v1").splits == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--gap", "7D"), "--gap does not go with --strategy ledger"),
        (("--strategy", "hash", "--rare", "keep"), "--rare does not go with --strategy hash"),
        (("--strategy", "time", "--time", "year", "--cutoff", "2010"), "--cutoff takes NAME=TIME"),
        (("--ratio", "train"), "--ratio takes NAME=SHARE"),
        (("--ratio", "train=.9"), "name two or more"),
        (("--stratify", "specie"), "did you mean 'species'"),
    ],
)
def test_what_cannot_be_is_wrong_use(birds: Dataset, run: Run, given: tuple[str, ...], said: str) -> None:
    done = run("split", str(birds.path), "v1", *given)
    assert done.code == 2
    assert said in done.err


def test_what_is_to_be_confirmed_names_the_flag(birds: Dataset, run: Run) -> None:
    asked = run("split", birds.path, "v1", "--ratio", "train=.5", "--ratio", "test=.5", "--groups", "kind")
    assert asked.code == 2
    refused = run("split", birds.path, "v1", "--strategy", "kfold", "--folds", "2", "--groups", "species")
    assert (refused.code, refused.err.splitlines()[-1]) == (2, "If that is as it has to be: --confirm")
    assert run("split", birds.path, "v1", "--folds", "2", "--strategy", "kfold", "--confirm").code == 0
