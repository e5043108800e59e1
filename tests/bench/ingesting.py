"""Raw files taken in, beside ``dvc add``, which keeps the same promise: a copy that is known by its content."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.bench.table import Table, median

SETS = {"10k × 20 KB": (10_000, 20_000), "100k × 2 KB": (100_000, 2_000)}
STEPS = ("first", "+1 %", "unchanged")
OURS = "import nbtools, sys; report = nbtools.Dataset.create({path!r}).ingest(link={link!r}); print(report)"


def run(rounds: int = 1, sets: Sequence[str] = tuple(SETS)) -> list[Table]:
    """Measure both tools on each set, one after the other in each round."""
    table = Table(
        "Files taken in",
        ["files", "tool", *(f"{step} s" for step in STEPS), *(f"÷ dvc, {step}" for step in STEPS)],
        remarks=[
            "Wall time of whole commands, interpreter included; median of the rounds.",
            "`dvc` copies into its cache, `dvc hardlink` links; at first the files are on disk, not in memory.",
            "÷ dvc: how many times faster than `dvc`.",
        ],
    )
    for name in sets:
        took: dict[str, list[list[float]]] = {}
        for _ in range(rounds):
            for tool, measure in _tools().items():
                with tempfile.TemporaryDirectory() as folder:
                    took.setdefault(tool, []).append(measure(Path(folder), *SETS[name]))
        middle = {tool: [median(step) for step in zip(*each, strict=True)] for tool, each in took.items()}
        for tool, seconds in middle.items():
            ratios = [f"{dvc / own:.1f}×" for dvc, own in zip(middle["dvc"], seconds, strict=True)]
            table.add(name, tool, *seconds, *ratios)
    return [table]


def _tools() -> dict[str, Callable[[Path, int, int], list[float]]]:
    return {
        "dvc": lambda folder, count, size: _dvc(folder, count, size, None),
        "dvc hardlink": lambda folder, count, size: _dvc(folder, count, size, "hardlink"),
        "nbtools, link hard": lambda folder, count, size: _nbtools(folder, count, size, "hard"),
        "nbtools, link reference": lambda folder, count, size: _nbtools(folder, count, size, "reference"),
        "nbtools, link copy": lambda folder, count, size: _nbtools(folder, count, size, "copy"),
    }


def _dvc(folder: Path, count: int, size: int, cache: str | None) -> list[float]:
    environment = {**_environment(), "HOME": str(folder), "DVC_NO_ANALYTICS": "1"}
    work = folder / "work"
    make(work / "raw", range(count), size)

    def dvc(*arguments: str) -> None:
        command = [sys.executable, "-m", "dvc", *arguments, "-q"]
        subprocess.run(command, cwd=work, env=environment, check=True, capture_output=True)

    dvc("init", "--no-scm")
    dvc("config", "core.analytics", "false")
    if cache:
        dvc("config", "cache.type", cache)
    return _steps(lambda: dvc("add", "raw"), work / "raw", count, size)


def _nbtools(folder: Path, count: int, size: int, link: str) -> list[float]:
    make(folder / "set" / "raw", range(count), size)
    program = OURS.format(path=str(folder / "set"), link=link)
    command = [sys.executable, "-c", program]

    def ingest() -> None:
        subprocess.run(command, env=_environment(), check=True, capture_output=True)

    return _steps(ingest, folder / "set" / "raw", count, size)


def _environment() -> dict[str, str]:
    """Return the environment of a user, in which modules are compiled once; that of dvc is when it is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _steps(take_in: Callable[[], object], raw: Path, count: int, size: int) -> list[float]:
    took = [_seconds(take_in, raw)]
    make(raw, range(count, count + count // 100), size)
    return [*took, _seconds(take_in), _seconds(take_in)]


def _seconds(work: Callable[[], object], cold: Path | None = None) -> float:
    os.sync()
    if cold is not None:
        _forget(cold)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _forget(folder: Path) -> None:
    """Put the files out of the page cache, as they are when they have just been copied from elsewhere."""
    for path in folder.rglob("*.jpg"):
        handle = os.open(path, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def make(raw: Path, numbers: range, size: int) -> None:
    """Write different JPEG files of nearly one size: one picture, with a comment that names the number."""
    side = 16 if size < 10_000 else 128
    data = BytesIO()
    Image.effect_noise((side, side), 80).save(data, "JPEG", quality=80)
    picture = data.getvalue()
    padding = max(16, size - len(picture) - 4)
    for number in numbers:
        folder = raw / f"{number // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        comment = b"\xff\xfe" + (padding + 2).to_bytes(2, "big") + f"{number:012}".encode().ljust(padding, b".")
        (folder / f"{number:06}.jpg").write_bytes(picture[:2] + comment + picture[2:])
