"""How the index fares with a million items and half a million labels: ``python tests/bench/index_scale.py``.

Prints a table. The kernel's part is measured in a process of its own, which imports
nothing that a Labeler's kernel would not.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

_CHILD = """
import json, sys, time
start = time.perf_counter()
from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
imported = time.perf_counter()
ds = Dataset(sys.argv[1])
session = Session(ds, "species", annotator="anna", identity="python", show=["writer"])
opened = time.perf_counter()
processor = time.process_time()
page = session.fetch(None, 20)
first = time.perf_counter()
count = len(ds)
far = session.item(position=count * 9 // 10)
reached = time.perf_counter()
from nbtools.storage import new_ulid
times = []
for view in page.items:
    before = time.perf_counter()
    acks = session.record([{"act": new_ulid(), "item": view["id"], "kind": "label", "schema": 1,
        "status": "labeled", "value": "jay"}])
    session.counts()
    times.append(time.perf_counter() - before)
    assert acks[0]["saved"], acks
heavy = [name for name in ("numpy", "pandas", "pyarrow", "duckdb", "sklearn") if name in sys.modules]
rss = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(json.dumps({"import s": imported - start, "open s": opened - imported, "processor s": processor,
    "first unlabeled item s": first - imported,
    "far item ms": (reached - first) * 1000, "label ms (median)": sorted(times)[len(times) // 2] * 1000,
    "label ms (worst)": max(times) * 1000, "kernel MB": rss, "heavy": heavy}))
"""


def synthesize(folder: Path, items: int, labels: int, order: str) -> Path:
    """Write a catalogue of `items` and a log of `labels`, and return the dataset's folder."""
    from nbtools.items.catalogue import write_part
    from tests.store.making import label, make, sighting

    ds = make(folder, 0)
    ds.task("species", "choice", ["jay", "rook"])
    chunk = 100_000
    for start in range(0, items, chunk):
        write_part(ds._folder, [sighting(number) for number in range(start, min(items, start + chunk))])
    numbers = list(range(labels)) if order == "prefix" else random.Random(0).sample(range(items), labels)
    for start in range(0, labels, chunk):
        ds._log.append("species", [label(number, "rook") for number in numbers[start : start + chunk]])
    return ds.path


def measure(path: Path) -> dict[str, object]:
    """Open the dataset in a fresh process and return what it took."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def main() -> None:
    """Measure, and print a row for each order of labels, with the index absent and current."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--orders", nargs="+", default=["random", "prefix"])
    parser.add_argument("--labels", type=int, default=500_000)
    arguments = parser.parse_args()
    for order in arguments.orders:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            path = synthesize(Path(folder), arguments.items, arguments.labels, order)
            print(f"{arguments.items:,} items, {arguments.labels:,} labels, order {order} "
                  f"(made in {time.perf_counter() - start:.0f} s)")  # fmt: skip
            for state in ("no index", "index current", "again"):
                print(f"  {state:14}", "  ".join(_shown(name, value) for name, value in measure(path).items()))
            print(f"  index on disk  {(path / 'metadata/cache/index.sqlite').stat().st_size / 1e6:.0f} MB")


def _shown(name: str, value: object) -> str:
    return f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}"


if __name__ == "__main__":
    main()
