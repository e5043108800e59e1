"""What suggestions for every item cost a Labeler's kernel, beside the same dataset without."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import nbtools
from tests.bench.opening import OPEN, measured
from tests.bench.table import Table

ITEMS = 100_000


def run(items: int = ITEMS) -> list[Table]:
    """Open the dataset by a fresh kernel without suggestions, with them, and with them and no index."""
    table = Table(
        f"{items:,} rows as items, opened by a fresh kernel",
        ["suggestions", "first unlabeled item, s beyond the kernel's start", "item 90 % in, ms", "kernel MB"],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dataset")
        (path / "raw").mkdir(parents=True)
        lines = (f"r{number:07},what person {number} wrote\n" for number in range(items))
        (path / "raw" / "rows.csv").write_text("name,text\n" + "".join(lines))
        ds = nbtools.Dataset.create(path)
        ds.ingest()
        ds.task("letter", kind="choice", options=list("abcde"))
        ids = ds.items(columns=["id"])["id"].tolist()
        _opened(table, "none", path, items)
        shutil.rmtree(path / "metadata" / "cache")
        _opened(table, "none, index deleted", path, items)
        rows = [{"id": item, "value": "abcde"[at % 5], "score": at / items} for at, item in enumerate(ids)]
        started = time.perf_counter()
        ds.suggest("letter", rows, model="resnet-7")
        took = time.perf_counter() - started
        size = sum(file.stat().st_size for file in path.glob("metadata/suggestions/letter/*"))
        table.remarks.append(f"Handed over in {took:.1f} s: {size / 1e6:.0f} MB of JSON lines.")
        _opened(table, "one each", path, items)
        shutil.rmtree(path / "metadata" / "cache")
        _opened(table, "one each, index deleted", path, items)
    return [table]


def _opened(table: Table, case: str, path: Path, items: int) -> None:
    seen, memory = measured(OPEN.format(path=str(path), far=items * 9 // 10), path.parent)
    table.add(case, seen["ready"], seen["far"] * 1000, memory)
