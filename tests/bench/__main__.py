"""Measures nbtools beside its peers: ``python -m tests.bench [labeling] [versioning] … [--quick]``.

Times are of this machine and this hour; the ratios within one run are what counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    browsing,
    hearing,
    ingesting,
    labeling,
    merging,
    opening,
    ordering,
    shapes,
    spans,
    splitting,
    starting,
    suggesting,
    versioning,
)
from tests.bench.table import Table, surroundings

RESULTS = Path(__file__).with_name("results")
FULL: dict[str, Callable[[], list[Table]]] = {
    "labeling": labeling.run,
    "starting": starting.run,
    "ingesting": ingesting.run,
    "opening": opening.run,
    "versioning": versioning.run,
    "browsing": browsing.run,
    "merging": merging.run,
    "splitting": splitting.run,
    "ordering": ordering.run,
    "shapes": shapes.run,
    "hearing": hearing.run,
    "spans": spans.run,
    "suggesting": suggesting.run,
}
QUICK: dict[str, Callable[[], list[Table]]] = {
    "labeling": lambda: labeling.run(labels=10),
    "starting": lambda: starting.run(rounds=1),
    "ingesting": lambda: ingesting.run(sets=["10k × 20 KB"]),
    "opening": lambda: opening.run(items=50_000),
    "versioning": lambda: versioning.run(items=20_000, labels=2_000, files=500, rounds=1),
    "browsing": lambda: browsing.run(items=50_000),
    "merging": lambda: merging.run(files=500, new=50, erased=10),
    "splitting": lambda: splitting.run(rows=50_000, rounds=1),
    "ordering": lambda: ordering.run(items=20_000, points=5_000),
    "shapes": lambda: shapes.run(items=6),
    "hearing": lambda: hearing.run(seconds=600, presses=10),
    "spans": lambda: spans.run(items=8),
    "suggesting": lambda: suggesting.run(items=10_000),
}


def main() -> None:
    """Run the measurements that are named, or all, and write down their tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[[], *FULL], help="what to measure; everything unless named")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer, to see that it works")
    given = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    started = dt.datetime.now(tz=dt.UTC)
    target = RESULTS / f"{started:%Y-%m-%d-%H%M%S}.md"
    parts = [f"# Measured {started:%Y-%m-%d %H:%M} UTC\n\n{surroundings()}\n"]
    for name in given.what or FULL:
        print(f"{name} …", flush=True)
        parts += [table.markdown() for table in (QUICK if given.quick else FULL)[name]()]
        target.write_text("\n".join(parts))
    print(f"\n{target.read_text()}\nwritten to {target}")


if __name__ == "__main__":
    main()
