"""Splits beside those of scikit-learn and iterative-stratification, and the search for near-duplicates."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit
from PIL import Image
from sklearn.datasets import load_sample_images
from sklearn.model_selection import StratifiedGroupKFold, train_test_split

from nbtools.dataset import Dataset
from nbtools.media import difference_hash
from nbtools.splits import LedgerSplit, near_hashes, near_texts
from nbtools.versions.choice import Choice
from nbtools.versions.outlook import outlook
from nbtools.versions.previews import Previews
from tests.bench.table import Table, median
from tests.bench.versioning import _synthesize

THREE = {"train": 0.8, "val": 0.1, "test": 0.1}
TWO = {"train": 0.8, "test": 0.2}
Array = np.ndarray[Any, Any]
# Gives the name of the part of each row, or the rows of each part.
Split = Callable[[], "Array | dict[str, Array]"]


def run(rows: int = 1_000_000, rounds: int = 5) -> list[Table]:
    """Measure splits, previews and searches; `rows` is also the number of hashes, ten times that of all else."""
    with tempfile.TemporaryDirectory() as folder:
        return [_splits(rows, rounds), _previews(Path(folder), rows // 10, rounds), _searches(rows, rounds)]


def _splits(rows: int, rounds: int) -> Table:
    table = Table(
        "Splits",
        ["rows", "what", "tool", "s", "÷ peer", "worst class error", "worst size error"],
        remarks=[
            "Processor seconds, median of the rounds; StratifiedGroupKFold once.",
            "Strings in, names of splits out; of the peers, positions.",
            "÷ peer: how many times faster. Class error: the largest |share of a class in a split - target|.",
        ],
    )
    rng = np.random.default_rng(0)
    ids = np.array([hashlib.md5(b"%d" % number).hexdigest() for number in range(rows)], object)
    labels = _zipf(rng, rows, 20)
    groups = np.array([f"group {number}" for number in rng.integers(0, rows // 10, rows)], object)
    grouped: dict[str, tuple[Split, dict[str, float], int]] = {
        "StratifiedGroupKFold(5), first fold": (lambda: _first(StratifiedGroupKFold(5), labels, groups), TWO, 1),
        "LedgerSplit, two": (lambda: LedgerSplit(TWO).assign(ids, groups, labels), TWO, rounds),
        "LedgerSplit, three": (lambda: LedgerSplit(THREE).assign(ids, groups, labels), THREE, rounds),
    }
    _compare(table, f"{rows // 10:,} groups, 20 classes", labels, grouped)
    alone: dict[str, tuple[Split, dict[str, float], int]] = {
        "train_test_split twice": (lambda: _twice(labels), THREE, rounds),
        "LedgerSplit": (lambda: LedgerSplit(THREE).assign(ids, strata=labels), THREE, rounds),
    }
    _compare(table, "20 classes", labels, alone)
    _multilabel(table, rng, rows // 10, rounds)
    return table


def _multilabel(table: Table, rng: np.random.Generator, rows: int, rounds: int) -> None:
    has = rng.random((rows, 20)) < np.linspace(0.02, 0.3, 20)
    names = np.array([f"label {number}" for number in range(20)])
    sets = [names[row].tolist() for row in has]
    ids = np.array([f"item {number}" for number in range(rows)], object)
    peer = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=0)
    numbers = has.astype(int)

    def by_peer() -> dict[str, Array]:
        train, test = next(peer.split(np.zeros(rows), numbers))
        return {"train": train, "test": test}

    splits: dict[str, tuple[Split, dict[str, float], int]] = {
        "iterative-stratification": (by_peer, TWO, rounds),
        "LedgerSplit": (lambda: LedgerSplit(TWO).assign(ids, strata=sets), TWO, rounds),
    }
    _compare(table, "sets of 20 labels", has, splits)


def _compare(
    table: Table,
    what: str,
    labels: Array,
    splits: dict[str, tuple[Split, dict[str, float], int]],
) -> None:
    first = None
    for tool, (split, ratios, rounds) in splits.items():
        took = []
        found: Array | dict[str, Array] = {}
        for _ in range(rounds):
            start = time.process_time()
            found = split()
            took.append(time.process_time() - start)
        parts = found if isinstance(found, dict) else {name: np.flatnonzero(found == name) for name in ratios}
        first = median(took) if first is None else first
        row = (f"{len(labels):,}", what, tool, median(took), f"{first / median(took):.1f}×")
        size = max(abs(len(parts[name]) / len(labels) - share) for name, share in ratios.items())
        table.add(*row, f"{_class_error(labels, parts, ratios):.5f}", f"{size:.5f}")


def _class_error(labels: Array, parts: dict[str, Array], ratios: dict[str, float]) -> float:
    masks = labels.T if labels.ndim == 2 else [labels == label for label in np.unique(labels)]
    off = (abs(mask[parts[name]].sum() / mask.sum() - share) for mask in masks for name, share in ratios.items())
    return float(max(off))


def _first(peer: Any, labels: Array, groups: Array) -> dict[str, Array]:
    train, test = next(peer.split(labels, labels, groups))
    return {"train": train, "test": test}


def _twice(labels: Array) -> dict[str, Array]:
    rows = np.arange(len(labels))
    train, rest = train_test_split(rows, test_size=0.2, stratify=labels, random_state=0)
    val, test = train_test_split(rest, test_size=0.5, stratify=labels[rest], random_state=0)
    return {"train": train, "val": val, "test": test}


def _zipf(rng: np.random.Generator, rows: int, classes: int) -> Array:
    shares = 1 / np.arange(1, classes + 1)
    return np.array([f"class {number}" for number in rng.choice(classes, rows, p=shares / shares.sum())], object)


def _previews(folder: Path, items: int, rounds: int) -> Table:
    table = Table(
        f"A SplitBuilder's preview of {items:,} items",
        ["what was changed", "ms", "processor ms"],
        remarks=[
            "From the choice to the answer as JSON, by the clock; the median of the rounds, each with another seed."
        ],
    )
    previews = _version(folder, items)
    plain: dict[str, Any] = {"ratios": THREE, "seed": 0}
    changes: dict[str, dict[str, Any]] = {
        "nothing is there yet: the first one": {"stratify": ("species",), "groups": ("site",)},
        "seed, with strata and groups": {"stratify": ("species",), "groups": ("site",)},
        "seed, with strata": {"stratify": ("species",)},
        "seed": {},
    }
    for what, more in changes.items():
        took = []
        for seed in range(1 if what.startswith("nothing") else 2 * rounds):
            start, processor = time.perf_counter(), time.process_time()
            choice = Choice("ledger", {**plain, "seed": seed}, **more)
            json.dumps(outlook(previews.plan(choice.wanted())))
            took.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - processor)))
        table.add(what, median([one for one, _ in took]), median([one for _, one in took]))
    return table


def _version(folder: Path, items: int) -> Previews:
    ds = Dataset(_synthesize(folder, items, items))
    rng = np.random.default_rng(0)
    ids = ds.items(columns=["id"])["id"]
    species, sites = rng.choice(["jay", "rook"], items, p=[0.8, 0.2]), rng.integers(0, items // 10, items)
    ds.attach(pd.DataFrame({"id": ids, "site": [f"site {number}" for number in sites]}), on="id")
    ds.record("species", dict(zip(ids, species.tolist(), strict=True)))
    record = ds.freeze("all", truth="latest").record
    return Previews(ds._folder, record, ds.file)


def _searches(rows: int, rounds: int) -> Table:
    columns = ["what", "items", "s", "items/s", "found of what was planted"]
    table = Table("Near-duplicates", columns, remarks=["Processor seconds, median of the rounds."])
    photos = _photos(400)
    took = _best(lambda: [difference_hash(BytesIO(photo)) for photo in photos], rounds)
    table.add("difference hash of a JPEG, 640×480", f"{len(photos):,}", took, len(photos) / took, "")
    hashes, planted = _hashes(rows)
    took = _best(lambda: near_hashes(hashes), rounds)
    found = near_hashes(hashes)
    table.add("pairs of hashes within 3 bits", f"{rows:,}", took, rows / took, _recall(found, planted))
    texts, edited = _texts(rows // 10)
    took = _best(lambda: near_texts(texts), rounds)
    table.add(
        "texts of 10 to 30 words with one other word",
        f"{len(texts):,}",
        took,
        len(texts) / took,
        _recall(near_texts(texts), edited),
    )
    return table


def _best(work: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return median(took)


def _recall(found: Any, planted: set[tuple[int, int]]) -> str:
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    return f"{len(planted & pairs) / len(planted):.4f}"


def _photos(count: int) -> list[bytes]:
    sources = [Image.fromarray(photo) for photo in load_sample_images().images]
    made = []
    for number in range(count):
        file = BytesIO()
        left, top = number % 20, number // 20
        sources[number % 2].crop((left, top, 620 + left, 400 + top)).resize((640, 480)).save(file, "JPEG", quality=85)
        made.append(file.getvalue())
    return made


def _hashes(count: int) -> tuple[Array, set[tuple[int, int]]]:
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, count, dtype=np.uint64)
    copies, originals = np.arange(count - count // 100, count), rng.choice(count // 2, count // 100, replace=False)
    bits = np.uint64(1) << rng.integers(0, 64, (3, len(copies))).astype(np.uint64)
    hashes[copies] = hashes[originals] ^ (bits[0] | bits[1] | bits[2])
    return hashes, set(zip(originals.tolist(), copies.tolist(), strict=True))


def _texts(count: int) -> tuple[list[str], set[tuple[int, int]]]:
    rng = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = ["".join(rng.choice(letters, rng.integers(3, 10))) for _ in range(20_000)]
    shares = 1 / np.arange(1, len(words) + 1) ** 0.8
    edits = count // 20
    lengths = rng.integers(10, 31, count - edits)
    drawn = iter(rng.choice(len(words), int(lengths.sum()), p=shares / shares.sum()).tolist())
    texts = [" ".join(words[next(drawn)] for _ in range(length)) for length in lengths.tolist()]
    pairs = set()
    for source in rng.choice(len(texts), edits, replace=False).tolist():
        changed = texts[source].split()
        changed[int(rng.integers(len(changed)))] = words[int(rng.integers(len(words)))]
        pairs.add((source, len(texts)))
        texts.append(" ".join(changed))
    return texts, pairs
