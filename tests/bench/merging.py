"""Two copies of a dataset made one again, beside a comparison of their files; and items erased from it for good."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nbtools.dataset import Dataset
from tests.bench.ingesting import make
from tests.bench.table import Table


def run(files: int = 10_000, new: int = 1_000, erased: int = 100) -> list[Table]:
    """Merge a colleague's copy, and erase."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = _copies(Path(folder), files, new)
        return [_merged(ours, theirs, files, new), _erased(ours, files + new, erased)]


def _copies(folder: Path, files: int, new: int) -> tuple[Dataset, Dataset]:
    ours = Dataset.create(folder / "ours")
    make(ours.raw, range(files), 2_000)
    ours.ingest(link="hard")
    ours.task("species", kind="choice", options=["jay", "rook"])
    ours.freeze("before")
    shutil.copytree(ours.path, folder / "theirs")
    theirs = Dataset(folder / "theirs")
    make(theirs.raw, range(files, files + new), 2_000)
    theirs.ingest(link="hard")
    for ds, who, value in ((ours, "anna", "jay"), (theirs, "ben", "rook")):
        ids = ds.items(columns=["id"])["id"].tolist()[-new:]
        ds.record("species", dict.fromkeys(ids, value), annotator=who, origin="person")
    return ours, theirs


def _merged(ours: Dataset, theirs: Dataset, files: int, new: int) -> Table:
    table = Table(
        f"Two copies of {files:,} files of 2 KB, of which one has {new:,} more, and {new:,} labels each",
        ["work", "s"],
        remarks=["`diff -rq` reads both copies and knows neither items nor labels."],
    )
    compare = ["diff", "-rq", str(ours.path), str(theirs.path)]
    table.add("diff -rq", _seconds(lambda: subprocess.run(compare, check=False, capture_output=True)))
    table.add("merge, planned", _seconds(lambda: ours.merge(theirs.path, dry_run=True)))
    table.add("merge", _seconds(lambda: ours.merge(theirs.path)))
    table.add("merge again", _seconds(lambda: ours.merge(theirs.path)))
    if len(ours) != files + new:
        raise SystemExit(f"{len(ours)} items came of it")
    return table


def _erased(ds: Dataset, items: int, count: int) -> Table:
    table = Table(f"{count:,} of {items:,} items erased, which are in two versions", ["work", "s"])
    ds.freeze("after")
    ids = ds.items(columns=["id"])["id"].tolist()[:count]
    table.add("erase", _seconds(lambda: ds.erase(ids, reason="consent withdrawn")))
    table.add("erase again", _seconds(lambda: ds.erase(ids, reason="consent withdrawn")))
    table.add("verify of both versions", _seconds(lambda: [version.verify() for version in ds.versions()]))
    return table


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
