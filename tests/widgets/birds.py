"""A small dataset for the tests of the widgets."""

from __future__ import annotations

import io
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
