"""Freezing and comparing: a million items, and 100,000 files beside ``dvc``, which keeps versions too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.ingesting import make
from tests.bench.table import Table

_MEASURED = """
import json, resource, sys, time
import pyarrow.parquet, pyarrow.compute
from nbtools.dataset import Dataset
from nbtools.versions import changes, pairing, pieces
def measured(work):
    processor, start = time.process_time(), time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    used = time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, used, peak, result]), file=sys.stderr)
"""
_FREEZE = """
ds = Dataset(sys.argv[1])
ds._index.refresh()
from nbtools.dataset import snapshot
from nbtools.versions import content, freezing, texts
measured(lambda: ds.freeze(sys.argv[2]).name)
"""
_DIFF = """
ds = Dataset(sys.argv[1])
def compare():
    found = ds.version("v2").diff("v1").summary
    return [found["added"], found["removed"], found["replaced"], found["relabeled"]["species"]]
measured(compare)
"""
_PANDAS = """
import pandas
def compare():
    columns = ["id", "recipe", "sha256", "species"]
    paths = [f"{sys.argv[1]}/versions/{name}/items.parquet" for name in ("v1", "v2")]
    old, new = (pandas.read_parquet(path, columns=columns) for path in paths)
    merged = old.merge(new, on="id", how="outer", indicator=True, suffixes=("_old", "_new"))
    both = merged[merged["_merge"] == "both"]
    bytes_ = (both["recipe_old"] != both["recipe_new"]) | (both["sha256_old"] != both["sha256_new"])
    was = both[both["species_old"].notna()]
    relabeled = was[was["species_old"] != was["species_new"]]
    return [int((merged["_merge"] == "right_only").sum()), int((merged["_merge"] == "left_only").sum()),
            int(bytes_.sum()), len(relabeled)]
measured(compare)
"""
_FROZEN = (
    "import nbtools, sys; ds = nbtools.Dataset.create(sys.argv[1]); ds.ingest(link='hard'); ds.freeze(sys.argv[2])"
)
_COMPARED = "import nbtools, sys; diff = nbtools.Dataset(sys.argv[1]).version('v2').diff('v1'); print(diff, diff.added)"


def run(items: int = 1_000_000, labels: int = 100_000, files: int = 100_000, rounds: int = 3) -> list[Table]:
    """Measure freezing and comparing in memory's reach, and the whole commands beside ``dvc``."""
    with tempfile.TemporaryDirectory() as folder:
        tables = [_scale(Path(folder), items, labels, rounds)]
    with tempfile.TemporaryDirectory() as folder:
        return [*tables, _beside_dvc(Path(folder), files)]


def _scale(folder: Path, items: int, labels: int, rounds: int) -> Table:
    table = Table(
        f"Versions of {items:,} items and {labels:,} labels",
        ["work", "tool", "s", "processor s", "peak MB", "÷ pandas"],
        remarks=[
            "Each in a process of its own, imports and index done before; the best of the rounds, memory all told.",
            "diff: 1 % of the items added, removed or relabeled; tables read from disk; counts.",
            "pandas reads id, recipe, sha256 and label of the same files, by pyarrow.",
            "The items are files as they came, of which equal ids are equal bytes: nbtools reads id and label.",
        ],
    )
    path = _synthesize(folder, items, labels)
    first = _measured(_FREEZE, path, "first")
    table.add("freeze", "nbtools", *first[:3], "")
    _change(path, items, labels)
    table.add("freeze again, 1 % changed", "nbtools", *_measured(_FREEZE, path, "second")[:3], "")
    ours = min(_measured(_DIFF, path) for _ in range(rounds))
    theirs = min(_measured(_PANDAS, path) for _ in range(rounds))
    if ours[3] != theirs[3]:
        raise SystemExit(f"nbtools found {ours[3]}, pandas {theirs[3]}")
    table.add("diff", "pandas.merge", *theirs[:3], "1×")
    table.add("diff", "nbtools", *ours[:3], f"{theirs[0] / ours[0]:.1f}×")
    return table


def _synthesize(folder: Path, items: int, labels: int) -> Path:
    from tests.store.making import label, make

    ds = make(folder, 0)
    ds.task("species", "choice", ["jay", "rook"])
    _catalogue(ds.path, range(items))
    ds._log.append("species", [label(number * (items // labels), "rook") for number in range(labels)])
    return ds.path


def _change(path: Path, items: int, labels: int) -> None:
    from nbtools.dataset import Dataset
    from tests.store.making import item

    ds = Dataset(path)
    every = items // labels
    ds.exclude([item(number * every + 1) for number in range(items // 400)])
    ds.record(
        "species", {item(number * every): "jay" for number in range(items // 200)}, annotator="anna", origin="person"
    )
    _catalogue(path, range(items, items + items // 400))


def _catalogue(path: Path, numbers: range, at_once: int = 100_000) -> None:
    from nbtools.items.catalogue import write_part
    from nbtools.storage import Folder
    from tests.store.making import sighting

    for start in range(numbers.start, numbers.stop, at_once):
        batch = range(start, min(numbers.stop, start + at_once))
        write_part(Folder(path), [sighting(number, kind="image", media_type="image/png") for number in batch])


def _measured(program: str, path: Path, *more: str) -> list[float]:
    """Return seconds, seconds of the processor, megabytes and what the program found."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED + program, str(path), *more], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    found: list[float] = json.loads(done.stderr.splitlines()[-1])
    return found


def _beside_dvc(folder: Path, count: int) -> Table:
    table = Table(
        f"Versions of {count:,} files of 2 KB",
        ["tool", "first s", "+1 % s", "what changed s", "÷ dvc, first", "÷ dvc, +1 %", "÷ dvc, what changed"],
        remarks=[
            "Whole commands, interpreter included. `dvc`: `add` and `git commit`, then `diff`; its cache links.",
            "nbtools: `ingest` with hard links and `freeze`, then `diff`.",
        ],
    )
    dvc = _steps(_dvc(folder / "dvc"), folder / "dvc" / "raw", count)
    ours = _steps(_nbtools(folder / "own"), folder / "own" / "raw", count)
    for tool, seconds in (("dvc", dvc), ("nbtools", ours)):
        table.add(tool, *seconds, *(f"{one / other:.1f}×" for one, other in zip(dvc, seconds, strict=True)))
    return table


def _steps(tool: tuple[Callable[[str], object], Callable[[], object]], raw: Path, count: int) -> list[float]:
    keep, compare = tool
    make(raw, range(count), 2_000)
    took = [_seconds(lambda: keep("first"))]
    make(raw, range(count, count + count // 100), 2_000)
    return [*took, _seconds(lambda: keep("second")), _seconds(compare)]


def _seconds(work: Callable[[], object]) -> float:
    os.sync()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _dvc(folder: Path) -> tuple[Callable[[str], object], Callable[[], object]]:
    folder.mkdir()
    who = {f"GIT_{one}_{key}": "bench@localhost" for one in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "HOME": str(folder), "DVC_NO_ANALYTICS": "1"}

    def call(*command: str) -> None:
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)

    def dvc(*words: str) -> None:
        call(sys.executable, "-m", "dvc", *words)

    def keep(message: str) -> None:
        dvc("add", "-q", "raw")
        call("git", "add", ".gitignore", "raw.dvc", ".dvc")
        call("git", "commit", "-qm", message)

    call("git", "init", "-q")
    dvc("init", "-q")
    dvc("config", "core.analytics", "false")
    dvc("config", "cache.type", "hardlink")
    return keep, lambda: dvc("diff", "HEAD~1", "HEAD")


def _nbtools(folder: Path) -> tuple[Callable[[str], object], Callable[[], object]]:
    def call(program: str, *words: str) -> None:
        subprocess.run([sys.executable, "-c", program, str(folder), *words], check=True, capture_output=True)

    return lambda message: call(_FROZEN, message), lambda: call(_COMPARED)
