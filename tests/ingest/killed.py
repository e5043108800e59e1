"""Kills ingests at random moments, finishes them, and compares with one that nobody disturbed.

A program of its own, so that a fresh process is a fork and not half a second of
imports: ``python killed.py FOLDER MOMENTS SEED``. It prints what differs, or "same".
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet  # noqa: F401 - imported before the forks
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.ingest import files, rows, run, tables, trying, writing  # noqa: F401 - imported before the forks
from nbtools.items.catalogue import part_names
from nbtools.items.fold import fold_parts

RULES = {"attributes": {"writer": "folder:0"}, "link": "copy"}


def make_raw(raw: Path, *, table: bool) -> None:
    """Write some files: images, texts, copies of them, a bad one, one that is left; or a table."""
    raw.mkdir(parents=True)
    if table:
        lines = [f"{n},text number {n % 90},{n % 7}" for n in range(120)]
        (raw / "rows.csv").write_text("\n".join(["n,text,site", *lines, "a,b"]) + "\n")
        return
    for number in range(60):
        folder = raw / f"w{number % 5}"
        folder.mkdir(exist_ok=True)
        Image.new("L", (9, 7), number).save(folder / f"{number:03}.png")
        (folder / f"{number:03}.txt").write_text(f"text {number // 2}")
    (raw / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (raw / "README.md").write_text("about")


def ingest(folder: Path, kill_at: int | None) -> dict[str, Any]:
    """Ingest, killing this process at the n-th thing it does with a file; return what there is then."""
    dataset = Dataset(folder)
    events = 0
    counting = True

    def hook(_event: str, _args: object) -> None:
        nonlocal events
        events += counting
        if events == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    report = dataset.ingest(**(RULES if not (folder / "raw" / "rows.csv").exists() else {}))  # type: ignore[arg-type]
    counting = False
    found = sorted(item for batch in fold_parts(dataset._folder, part_names(dataset._folder)) for item in batch)
    plain = [item._replace(path=None) if item.row is not None else item for item in found]
    names = sorted(path.name for path in (folder / "processed").iterdir() if not path.name.startswith("records-"))
    return {
        "events": events,
        "report": report.to_json(),
        "items": [item._replace(row=None) for item in plain],
        "processed": names,
    }


def in_child(folder: Path, kill_at: int | None = None) -> Any:
    """Ingest in a fork; return what there is then, or None if it was killed."""
    reading, answering = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(answering, "w") as out:
            json.dump(ingest(folder, kill_at), out)
        os._exit(0)
    os.close(answering)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def differing(wanted: dict[str, Any], got: dict[str, Any], where: str = "") -> list[str]:
    """Return in words what differs."""
    wrong = []
    for name in sorted(wanted.keys() - {"events"}):
        if isinstance(wanted[name], dict):
            wrong += differing(wanted[name], got[name], f"{where}{name}.")
        elif wanted[name] != got[name]:
            lost = (
                [one for one in wanted[name] if one not in got[name]]
                if isinstance(wanted[name], list)
                else wanted[name]
            )
            extra = (
                [one for one in got[name] if one not in wanted[name]] if isinstance(wanted[name], list) else got[name]
            )
            wrong.append(f"{where}{name}: {str(lost)[:300]} became {str(extra)[:300]}")
    return wrong


def main(folder: Path, moments: int, seed: int, *, table: bool) -> list[str]:
    """Do it; return what differs."""
    writing._MOST_ROWS, files._BATCH_FILES, rows._BATCH_ROWS = 24, 8, 24
    make_raw(folder / "raw", table=table)
    undisturbed = folder / "undisturbed"
    for name in [undisturbed, *(folder / str(at) for at in range(moments))]:
        shutil.copytree(folder / "raw", name / "raw")
        Dataset.create(name, "killed")
    wanted = in_child(undisturbed)
    chance = random.Random(seed)
    wrong, killed = [], 0
    for at in range(moments):
        place = folder / str(at)
        got = None
        got = None
        # Twice, so that what a killed run left is found by another one that is killed.
        for _ in range(chance.choice((1, 2))):
            got = got or in_child(place, chance.randrange(1, wanted["events"]))
        # A run that had less to do than the moment it was to be killed at came to its end.
        killed += got is None
        got = got or in_child(place)
        wrong += differing(wanted, got)
        again = in_child(place)
        if again["report"]["counts"]["added"] or again["items"] != got["items"]:
            wrong.append(f"ingesting once more was not without effect: {again['report']['counts']}")
    if killed < moments // 2:
        wrong.append(f"only {killed} were killed")
    return wrong


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), table=sys.argv[4] == "table")
    sys.stdout.write("\n".join(found[:20]) or "same")
