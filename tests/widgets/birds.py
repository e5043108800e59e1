"""A small dataset for the tests of the widgets."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from PIL import Image

from nbtools.dataset import Dataset

OPTIONS = ["jay", "rook", "magpie"]


def picture(number: int, size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a PNG file whose color is its number."""
    stream = io.BytesIO()
    Image.new("RGB", size, (number % 256, number // 256, 99)).save(stream, "PNG")
    return stream.getvalue()


def birds(folder: Path, count: int = 12) -> Dataset:
    """Make a dataset of pictures, in two sites, with the task "species"."""
    ds = Dataset.create(folder, name="Birds")
    for number in range(count):
        site = folder / "raw" / ("north" if number % 2 else "south")
        site.mkdir(parents=True, exist_ok=True)
        (site / f"{number:04}.png").write_bytes(picture(number))
    ds.ingest(attributes={"site": "folder:0"})
    ds.task("species", kind="choice", options=OPTIONS)
    return ds


def songs(folder: Path) -> Dataset:
    """Return a dataset with the task "calls" about one recording, which is long enough to be played in parts."""
    raw = folder / "raw"
    raw.mkdir(parents=True)
    with wave.open(str(raw / "song.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        for second in range(100):
            file.writeframes((second * 300).to_bytes(2, "little") * 48_000)
    ds = Dataset.create(folder)
    ds.ingest()
    ds.task("calls", kind="regions", options=["jay", "rook"])
    return ds
