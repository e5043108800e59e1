"""Two versions of a million items, looked at by a VersionBrowser in a fresh kernel, beside pandas."""

from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from nbtools.dataset import Dataset
from nbtools.versions.commit import Draft, commit
from nbtools.versions.tables import ITEM_SCHEMA, ITEMS, LABEL_SCHEMA, LABELS
from tests.bench.opening import measured
from tests.bench.paging import page_table
from tests.bench.table import Table

COUNT = 1_000_000
PLACES = 50
LETTERS = ["jay", "rook", "magpie", "crow", "owl", None]

OURS = """
import json, statistics, time
started = time.perf_counter()
import nbtools as nb
browser = nb.VersionBrowser(nb.Dataset({path!r}))
sent = []
browser.send = lambda content, buffers=None: sent.append(content)
def ask(kind, **message):
    asked = time.perf_counter()
    browser._receive({{"v": 1, "type": kind, "request": len(sent), **message}})
    assert sent[-1]["type"] != "error", sent[-1]
    return (time.perf_counter() - asked) * 1000
look = {{"of": "v2"}}
browser._receive({{"v": 1, "type": "open", "client": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}})
ask("view", look=look)
ask("rows", look=look, start=0, count=60)
seen = dict(ready=time.perf_counter() - started)
seen["counted"] = ask("view", look=look, facets=True)
def places(look):
    ask("view", look=look)
    took = [ask("rows", look=look, start=start, count=60) for start in {places}]
    return [statistics.median(took), max(took)]
seen["any"] = places(look)
seen["sorted"] = ask("view", look={{**look, "sort": "source", "descending": True}})
seen["filtered"] = ask("view", look={{**look, "filters": [["species", "jay"]]}})
seen["found"] = ask("view", look={{**look, "find": "IMG_00a"}})
seen["sorted_any"] = places({{**look, "sort": "bytes"}})
seen["compared"] = ask("changes", of="v2", against="v1")
seen["added_any"] = ask("rows", look={{"of": "v2", "against": "v1", "part": "added"}}, start=500, count=60)
print(json.dumps(seen))
"""

PANDAS = """
import json, statistics, time
started = time.perf_counter()
import pandas as pd
def timed(work):
    begun = time.perf_counter()
    made = work()
    return made, (time.perf_counter() - begun) * 1000
table = pd.read_parquet({path!r} + "/versions/v2/items.parquet")
table.iloc[:60].to_json(orient="split")
seen = dict(ready=time.perf_counter() - started)
def places(table):
    took = [timed(lambda: table.iloc[start:start + 60].to_json(orient="split"))[1] for start in {places}]
    return [statistics.median(took), max(took)]
seen["counted"] = timed(lambda: [table[name].value_counts() for name in ("kind", "site", "species")])[1]
seen["any"] = places(table)
seen["sorted"] = timed(lambda: table.sort_values("path", ascending=False))[1]
seen["filtered"] = timed(lambda: table[table["species"] == "jay"])[1]
seen["found"] = timed(lambda: table[table["path"].str.contains("IMG_00a", case=False, regex=False)])[1]
seen["sorted_any"] = places(table.sort_values("bytes"))
other = pd.read_parquet({path!r} + "/versions/v1/items.parquet")
seen["compared"] = timed(lambda: table.merge(other, on="id", how="outer", suffixes=("", "_old"), indicator=True))[1]
seen["added_any"] = 0
print(json.dumps(seen))
"""
WORK = {
    "ready": "first rows, s beyond the kernel's start",
    "counted": "counted by value, ms",
    "any": "a page of 60 rows anywhere, ms: median, most",
    "sorted": "sorted by a name, ms",
    "filtered": "one label only, ms",
    "found": "found in the names, ms",
    "sorted_any": "a page anywhere, sorted by size, ms: median, most",
    "compared": "compared with the version before, ms",
    "added_any": "a page of what was added, ms",
    "memory": "kernel at the end, MB",
}


def run(items: int = COUNT) -> list[Table]:
    """Make the versions, and look at them in both ways."""
    table = Table(f"Two versions of {items:,} items, looked at", ["what", "VersionBrowser", "pandas"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "versions")
        ds = Dataset.create(path)
        ids = _ids(items + items // 50, 1)
        _version(ds, sorted(ids[:items]), 1)
        _version(ds, sorted(ids[items // 50 :]), 2)
        places = random.Random(0).sample(range(items - 60), PLACES)
        seen = [_seen(program, path, places) for program in (OURS, PANDAS)]
        page = asyncio.run(page_table(path, Path(folder), items))
    for name, words in WORK.items():
        table.add(words, *(_shown(one[name]) for one in seen))
    table.remarks.append("pandas keeps all columns of a version in memory; its comparison lists no labels.")
    return [table, page]


def _seen(program: str, path: Path, places: list[int]) -> dict[str, Any]:
    seen, memory = measured(program.format(path=str(path), places=places), path.parent)
    return {**seen, "memory": memory}


def _shown(value: Any) -> object:
    return ", ".join(f"{one:.1f}" for one in value) if isinstance(value, list) else value


def _ids(count: int, seed: int) -> list[str]:
    drawn = np.random.default_rng(seed).bytes(16 * count)
    return [drawn[at : at + 16].hex() for at in range(0, 16 * count, 16)]


def _version(ds: Dataset, ids: list[str], seed: int) -> None:
    count, draw = len(ids), np.random.default_rng(seed)
    made: dict[str, Any] = {name: pa.nulls(count, ITEM_SCHEMA.field(name).type) for name in ITEM_SCHEMA.names}
    made |= {
        "id": ids,
        "kind": ["image"] * count,
        "path": [f"processed/{one}.jpg" for one in ids],
        "recipe": np.zeros(count, np.int32),
        "sha256": [one * 2 for one in ids],
        "media_type": ["image/jpeg"] * count,
        "bytes": draw.integers(1_000, 90_000, count),
        "sources": [[f"raw/walk/{one[:2]}/IMG_{one[:7]}.jpg"] for one in ids],
    }
    table = pa.table({name: made[name] for name in ITEM_SCHEMA.names}).cast(ITEM_SCHEMA)
    site = pa.array(np.array(["north", "south", "east", "west"])[draw.integers(0, 4, count)])
    # One label in a hundred is another one in the other version.
    letters = np.array([int(one[:4], 16) % 6 for one in ids])
    letters = np.where(draw.random(count) < 0.01, (letters + 1) % 6, letters)
    species = pa.array(np.array(LETTERS, dtype=object)[letters], pa.string())
    files = {
        ITEMS: table.append_column("site", site).append_column("species", species),
        LABELS: LABEL_SCHEMA.empty_table(),
    }
    said: dict[str, Any] = {
        "message": "m",
        "author": None,
        "parent": None,
        "counts": {"items": count},
        "truth": {"species": {}},
    }
    commit(ds._folder, None, lambda _name: Draft(files, said))
