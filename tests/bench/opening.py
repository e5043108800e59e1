"""A million items, half of them labeled in random order, opened by a fresh kernel."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.bench.table import Table

ITEMS = 1_000_000
BULK = 500
NEW = 1_000
MORE = f"{NEW:,} items more"
EARLY = f"{MORE}, not behind the others"
OPEN = """
import json, sys, time
started = time.perf_counter()
import nbtools as nb
labeler = nb.Labeler(nb.Dataset({path!r}), "letter", annotator="anna")
sent = []
labeler.send = lambda content, buffers=None: sent.append((time.perf_counter(), content))
def ask(kind, **message):
    before, asked = len(sent), time.perf_counter()
    labeler._receive({{"v": 1, "type": kind, **message}})
    assert sent[before][1]["type"] in ("opened", "items"), sent[before]
    return time.perf_counter() - asked, sent[-1][1]
ask("open", client="01ARZ3NDEKTSV4RRFFQ69G5FAV")
first = ask("fetch", request=1, cursor=None, count=20, bytes=3000000)[1]["items"][0]["position"]
ready = time.perf_counter() - started
far, reply = ask("item", request=2, position={far})
def grid(request, start, **which):
    took, page = ask("grid", request=request, start=start, count=60, **which)
    return took, page["items"]
whole = grid(3, 0, unlabeled=False, fresh=True)[0]
unlabeled = grid(4, 0, unlabeled=True, fresh=True)[0]
chosen = [item["id"] for at in range(0, 540, 60) for item in grid(5, at, unlabeled=True, fresh=False)[1]][:{bulk}]
from nbtools.storage import new_ulid
rest = dict(flagged=False, unsure=False, comment=None, supersedes=None, undoes=None, bulk=new_ulid())
label = dict(kind="label", schema=1, status="labeled", value="a", **rest)
made = [dict(act=new_ulid(), item=item, **label) for item in chosen]
before = time.perf_counter()
for at in range(0, len(made), 64):
    asked = len(sent)
    labeler._receive(dict(v=1, type="acts", acts=made[at : at + 64]))
    assert all(ack["saved"] for ack in sent[asked][1]["acks"]), sent[asked][1]
bulk = time.perf_counter() - before
heavy = sorted(sys.modules.keys() & {{"pandas", "pyarrow", "duckdb", "sklearn", "numpy"}})
print(json.dumps(dict(ready=ready, first=first, far=far, position=reply["items"][0]["position"], heavy=heavy,
    grid=whole, unlabeled=unlabeled, bulk=bulk)))
"""


def run(items: int = ITEMS) -> list[Table]:
    """Make the dataset, then open it with and without its index."""
    table = Table(
        f"{items:,} rows as items, half of them labeled, opened by a fresh kernel",
        [
            "opened",
            "first unlabeled item, s beyond the kernel's start",
            "item 90 % in, ms",
            "a grid's first 60, ms",
            "of the unlabeled, ms",
            f"{BULK} labels at once, ms",
            "kernel MB",
            "heavy modules",
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "million")
        took = _make(path, items)
        table.remarks.append(
            f"{MORE} come in one part of the catalogue. Behind all others, the index grows by it; between two of them, "
            "all of its items are made anew."
        )
        table.remarks.append("Made: " + ", ".join(f"{what} {seconds:.0f} s" for what, seconds in took.items()) + ".")
        for case in ("index there", "index there", MORE, EARLY, "index deleted"):
            if case in (MORE, EARLY):
                _add(path, early=case == EARLY)
            elif case == "index deleted":
                shutil.rmtree(path / "metadata" / "cache")
            seen, memory = _open(path, items)
            times = [seen[one] * 1000 for one in ("far", "grid", "unlabeled", "bulk")]
            table.add(case, seen["ready"], *times, memory, " ".join(seen["heavy"]) or "none")
    return [table]


def _make(path: Path, items: int) -> dict[str, float]:
    import nbtools

    took = {}
    (path / "raw").mkdir(parents=True)
    started = time.perf_counter()
    with (path / "raw" / "rows.csv").open("w") as file:
        file.write("name,text\n")
        file.writelines(f"r{number:07},what person {number} wrote\n" for number in range(items))
    dataset = nbtools.Dataset.create(path)
    dataset.ingest()
    took["ingested"] = time.perf_counter() - started
    dataset.task("letter", kind="choice", options=list("abcde"))
    started = time.perf_counter()
    ids = dataset.items(columns=["id"])["id"].tolist()
    took["listed"] = time.perf_counter() - started
    chosen = random.Random(0).sample(ids, items // 2)
    started = time.perf_counter()
    dataset.record("letter", {item: "abcde"[place % 5] for place, item in enumerate(chosen)}, annotator="anna")
    took["labeled"] = time.perf_counter() - started
    _open(path, items)
    return took


def _add(path: Path, *, early: bool) -> None:
    """Add items to the catalogue, and not to the index; in a part behind all others, or before the last of them."""
    from nbtools.items.catalogue import PARTS, part_names, write_part
    from nbtools.storage import Folder
    from tests.store.making import sighting

    folder = Folder(path)
    start = NEW if early else 0
    name = write_part(folder, [sighting(number) for number in range(start, start + NEW)])
    if early:
        before = part_names(folder)[-3].removesuffix(".parquet")
        folder.path(f"{PARTS}/{name}").rename(folder.path(f"{PARTS}/{before}~.parquet"))


def _open(path: Path, items: int) -> tuple[dict[str, Any], float]:
    """Return what a fresh kernel measured, and its memory in MB."""
    return measured(OPEN.format(path=str(path), far=items * 9 // 10, bulk=BULK), path.parent)


def measured(program: str, folder: Path) -> tuple[dict[str, Any], float]:
    """Run a program in a fresh kernel; return the JSON that it printed last, and the kernel's memory in MB."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder))
    client: BlockingKernelClient = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        printed: list[str] = []

        def keep(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                printed.append(content["text"])

        client.execute_interactive(program, timeout=900, output_hook=keep)
        seen: dict[str, Any] = json.loads("".join(printed).splitlines()[-1])
        memory = psutil.Process(manager.provisioner.pid).memory_info().rss / 1e6  # type: ignore[union-attr]
        return seen, memory
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
