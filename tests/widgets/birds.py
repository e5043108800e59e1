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
    if not hasattr(ds, "ingest"):
        _direct(ds, folder)
    else:
        ds.ingest(attributes={"site": "folder:0"})
    ds.task("species", kind="choice", options=OPTIONS)
    return ds


def _direct(ds, folder):
    import hashlib
    import json

    from nbtools.items.catalogue import Sighting, write_part

    rows = []
    for path in sorted((folder / "raw").rglob("*.png"), key=lambda p: p.name):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        (folder / "processed").mkdir(exist_ok=True)
        (folder / "processed" / f"{digest[:32]}.png").write_bytes(data)
        rows.append(
            Sighting(
                id=digest[:32],
                recipe=0,
                sha256=digest,
                content=None,
                kind="image",
                media_type="image/png",
                path=f"processed/{digest[:32]}.png",
                row=None,
                text=None,
                bytes=len(data),
                width=40,
                height=30,
                duration=None,
                source=str(path.relative_to(folder)),
                state="present",
                attributes=json.dumps({"site": path.parent.name}),
                replaces=None,
                added="2026-11-03T10:00:00.000Z",
            )
        )
    write_part(ds._folder, rows)
