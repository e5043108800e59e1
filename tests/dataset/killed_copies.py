"""Kills merges and erasures at random moments, does them again, and compares with one that nobody disturbed.

A program of its own, so that a fresh process is a fork and not half a second of
imports: ``python killed_copies.py FOLDER merge|erase MOMENTS SEED``. It prints what
differs, or "same".
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.ingest import fetching, run, taking, trying, writing  # noqa: F401 - imported before the forks
from nbtools.store import build  # noqa: F401

Action = Callable[[Path], object]


def make(folder: Path) -> None:
    """Make two copies of a dataset, each with something of its own."""
    ours, theirs = folder / "ours", folder / "theirs"
    (ours / "raw" / "a").mkdir(parents=True)
    for number in range(8):
        Image.new("L", (9, 7), number).save(ours / "raw" / "a" / f"{number}.png")
    (ours / "raw" / "a" / "twin.png").write_bytes((ours / "raw" / "a" / "1.png").read_bytes())
    (ours / "raw" / "rows.csv").write_text("n,words\n" + "".join(f"{n},words number {n}\n" for n in range(9)))
    dataset = Dataset.create(ours, "killed")
    options: dict[str, Any] = {"rows": True, "text": "words"}
    dataset.ingest(**options)
    dataset.task("species", options=["jay", "rook"])
    items = dataset.items()["id"].tolist()
    dataset.record("species", dict.fromkeys(items[:12], "jay"), annotator="anna", origin="person")
    shutil.copytree(ours, theirs)
    for copy, shades in ((ours, (20, 21)), (theirs, (21, 22, 23))):
        dataset = Dataset(copy)
        for shade in shades:
            Image.new("L", (9, 7), shade).save(copy / "raw" / f"{shade % 21}.png")
        with (copy / "raw" / "rows.csv").open("a") as table:
            table.write(f"9,words of {copy.name}\n")
        dataset.ingest(**options)
        dataset.task("species", options=["jay", "rook", copy.name])
        dataset.record("species", {dataset.items()["id"].iloc[-1]: copy.name}, annotator=copy.name, origin="person")
        dataset.exclude(items[3], "blurry")
        chosen = dataset.items(where="source = 'raw/a/1.png' or text = 'words number 3'")["id"].tolist()
        (folder / "chosen.json").write_text(json.dumps(chosen))
        dataset.attach(pd.DataFrame({"id": items[:9], "site": ["north"] * 9}), on="id")


def state(folder: Path) -> dict[str, Any]:
    """Return what a dataset comes to, apart from names that are drawn by chance."""
    dataset = Dataset(folder)
    items = json.loads(dataset.items(["id", "kind", "bytes", "sources", "site", "text"]).to_json(orient="records"))
    labels = dataset.labels("species")[["item", "annotator", "value"]].to_numpy().tolist()
    return {
        "items": items,
        "labels": sorted(labels),
        "acts": sorted(dataset.history()["act"]),
        "options": [option.id for option in dataset.tasks()["species"].options],
        "raw": {str(path.relative_to(folder)): path.read_bytes().hex() for path in _files(folder / "raw")},
        "processed": sorted(path.name for path in _files(folder / "processed") if "records-" not in path.name),
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def in_child(action: Action, folder: Path, kill_at: int | None = None) -> Any:
    """Act in a fork, killed at the n-th thing it does with a file; return the state, or None if it was killed."""
    reading, answering = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        events = 0
        counting = True

        def hook(_event: str, _args: object) -> None:
            nonlocal events
            events += counting
            if counting and events == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        action(folder)
        counting = False
        with os.fdopen(answering, "w") as out:
            json.dump({"events": events, **state(folder / "ours")}, out)
        os._exit(0)
    os.close(answering)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def merge(folder: Path) -> None:
    """Merge the second copy into the first."""
    Dataset(folder / "ours").merge(folder / "theirs")


def erase(folder: Path) -> None:
    """Erase an image, its twin among them, and a row."""
    ours = folder / "ours"
    chosen = json.loads((folder / "chosen.json").read_text())
    Dataset(ours).erase(chosen, reason="asked")
    left = [path for path in ours.rglob("*") if path.is_file() and _holds(path)]
    if left:
        raise AssertionError(f"not erased: {left}")


def _holds(path: Path) -> bool:
    words = b"words number 3"
    if path.suffix == ".parquet":
        return words in str(pyarrow.parquet.read_table(path).to_pylist()).encode()
    return words in path.read_bytes()


def main(folder: Path, what: str, moments: int, seed: int) -> list[str]:
    """Do it; return what differs."""
    action: Action = {"merge": merge, "erase": erase}[what]
    chance = random.Random(seed)
    made = folder / "made"
    sys.stdout, told = sys.stderr if os.environ.get("TELL") else open(os.devnull, "w"), sys.stdout  # noqa: PTH123, SIM115
    in_child(make, made)
    shutil.copytree(made, folder / "undisturbed")
    wanted = in_child(action, folder / "undisturbed")
    wrong, killed = [], 0
    for at in range(moments):
        place = folder / str(at)
        shutil.copytree(made, place)
        got = None
        for _ in range(chance.choice((1, 2))):
            got = got or in_child(action, place, chance.randrange(1, wanted["events"]))
        killed += got is None
        got = got or in_child(action, place)
        again = in_child(action, place)
        wrong += [
            f"{at} {name}: {wanted[name]} became {got[name]} and {again[name]}"[:2000]
            for name in wanted.keys() - {"events"}
            if not wanted[name] == got[name] == again[name]
        ]
        shutil.rmtree(place)
    if killed < moments // 2:
        wrong.append(f"only {killed} were killed")
    sys.stdout = told
    return wrong


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    sys.stdout.write("\n".join(found[:20]) or "same")
