"""Kills freezes at every step, and looks at what a reader sees then and what the next freeze makes of it.

A program of its own, so that a fresh process is a fork and not half a second of
imports: ``python killed_freezes.py FOLDER EVERY``. It prints what is wrong, or "same".
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet  # noqa: F401 - imported before the forks

from nbtools.dataset import Dataset, snapshot  # noqa: F401
from nbtools.store import bulk  # noqa: F401
from nbtools.versions import changes, content, texts, verify  # noqa: F401
from nbtools.versions.removing import DAY, collect


def freeze(folder: Path, message: str, kill_at: int | None) -> dict[str, Any]:
    """Freeze, killing this process at the n-th thing that it does with a file; return what there is then."""
    dataset = Dataset(folder)
    dataset._index.refresh()
    events = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal events
        if event.startswith(("open", "os.", "shutil.")):
            events += 1
            if events == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    made = dataset.freeze(message).name
    return {"events": events, "made": made}


def in_child(folder: Path, message: str, kill_at: int | None = None) -> Any:
    """Freeze in a fork; return what it says, or None if it was killed."""
    reading, answering = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(answering, "w") as out:
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - this process ends without closing anything
            json.dump(freeze(folder, message, kill_at), out)
        os._exit(0)
    os.close(answering)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def seen(folder: Path) -> list[tuple[str, str, int]]:
    """Return the name, message and number of items of each version, each verified to the last byte."""
    versions = list(Dataset(folder).versions())
    wrong = [(version.name, version.verify().found) for version in versions if not version.verify().ok]
    if wrong:
        raise AssertionError(f"a version that can be seen is not whole: {wrong}")
    return [(version.name, version.message, len(version)) for version in versions]


def killed_once(folder: Path, kill_at: int) -> list[str]:
    """Kill the second freeze at one step; return what is wrong then."""
    before = [("v1", "first", 3)]
    after = [*before, ("v2", "second", 4)]
    ended = in_child(folder, "second", kill_at)
    found = seen(folder)
    wrong = [] if found in (before, after) else [f"step {kill_at}: a reader saw {found}"]
    if ended is not None:
        wrong.append(f"step {kill_at} was not reached")
    again = in_child(folder, "second")
    if again is None or again["made"] != "v2" or seen(folder) != after:
        wrong.append(f"step {kill_at}: the next freeze made {again} of {found}, and now there is {seen(folder)}")
    if "## [v2]" not in (folder / "metadata/CHANGELOG.md").read_text():
        wrong.append(f"step {kill_at}: the changelog does not tell of v2")
    left = [path.name for path in (folder / "versions").iterdir() if path.name.startswith(".")]
    collect(Dataset(folder)._folder, dry_run=False)
    kept = [path.name for path in (folder / "versions").iterdir() if path.name.startswith(".")]
    if kept != left:
        wrong.append(f"step {kill_at}: gc cleared {set(left) - set(kept)}, which another process may be making")
    collect(Dataset(folder)._folder, dry_run=False, now=time.time() + 2 * DAY)
    kept = [path.name for path in folder.rglob(".*") if path.name.endswith(".part") or "staging" in path.name]
    return wrong + ([f"step {kill_at}: gc left {kept}"] if kept else [])


def main(folder: Path, every: int) -> list[str]:
    """Do it; return what is wrong."""
    start = folder / "start"
    (start / "raw").mkdir(parents=True)
    for number in range(3):
        (start / "raw" / f"{number}.txt").write_text(f"text {number}")
    dataset = Dataset.create(start, "killed")
    dataset.ingest()
    dataset.task("species", "choice", ["jay", "rook"])
    dataset.freeze("first")
    (start / "raw" / "3.txt").write_text("text 3")
    dataset.ingest()
    dataset.record("species", {dataset.items()["id"][0]: "jay"}, annotator="anna", origin="person")
    undisturbed = Path(shutil.copytree(start, folder / "undisturbed"))
    steps = in_child(undisturbed, "second")["events"]
    wrong = [] if steps > 40 else [f"there were only {steps} steps"]
    for kill_at in range(1, steps + 1, every):
        place = Path(shutil.copytree(start, folder / "place"))
        wrong += killed_once(place, kill_at)
        shutil.rmtree(place)
    return wrong


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), int(sys.argv[2]))
    sys.__stdout__.write("\n".join(["", *found[:20]]) if found else "same")  # type: ignore[union-attr]
