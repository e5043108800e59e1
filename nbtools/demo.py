"""A real dataset to try nbtools on: 1,797 handwritten digits, by 14 blocks of writers.

The digits come with scikit-learn (extra ``demo``), so nothing is fetched. What each
digit is, is left out: that is what the demo asks.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.dataset import Dataset
from nbtools.errors import DatasetError, MissingExtraError

if TYPE_CHECKING:
    from PIL.Image import Image

Progress = Callable[[int, "int | None"], None]

TASK = "digit"
COUNT = 1797
_NAME = "Digits"
_LICENSE = "CC-BY-4.0"
_DESCRIPTION = (
    "Optical Recognition of Handwritten Digits, test part: 1,797 digits of 8 by 8 pixels, drawn larger. "
    "E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, doi:10.24432/C50P49; as it comes with "
    "scikit-learn. The folders w01 to w14 are blocks of one writer each, as far as that can be told from the order."
)
# Where a new writer begins. The data does not say; these are the bounds that the
# scikit-learn course of Inria infers from the order of the digits.
_BOUNDS = (0, 130, 256, 386, 516, 646, 776, 915, 1029, 1157, 1287, 1415, 1545, 1667, COUNT)
_SCALE = 16


def _nothing(done: int, total: int | None) -> None:
    pass


def make_demo(path: str | os.PathLike[str], *, on_draw: Progress = _nothing, on_ingest: Progress = _nothing) -> Dataset:
    """Return the demo's dataset; what is missing of it is made first.

    It may be ended at any moment and called again, which goes on where it was. A demo
    that is complete is opened as it is, with its labels.

    Parameters
    ----------
    path : str or Path
        The dataset's folder.
    on_draw, on_ingest : callable
        Called with the number of files drawn, or ingested, and of all.

    Raises
    ------
    DatasetError
        If the folder holds something else.
    MissingExtraError
        If scikit-learn is not installed.
    """
    folder = Path(path).expanduser().resolve()
    dataset = _opened(folder)
    _write_digits(dataset, on_draw)
    if len(dataset) < COUNT:
        dataset.ingest(attributes={"writer": "folder:0"}, on_progress=on_ingest)
    if TASK not in dataset.tasks():
        dataset.task(TASK, kind="choice", options=[{"name": str(digit), "key": str(digit)} for digit in range(10)])
    return dataset


def _opened(folder: Path) -> Dataset:
    if (folder / "metadata" / "dataset.json").is_file():
        dataset = Dataset(folder)
        if dataset.name != _NAME:
            raise DatasetError(f"{folder} holds another dataset, {dataset.name!r}: name another folder with --path")
        return dataset
    # What a demo that was ended in its first moment leaves may be there, and nothing else.
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if found - {"README.txt", "raw", "processed", "versions", "metadata"} or any((folder / "raw").glob("*")):
        raise DatasetError(f"{folder} holds something else than a demo of nbtools: name another folder with --path")
    return Dataset.create(folder, name=_NAME, license=_LICENSE, description=_DESCRIPTION)


def _write_digits(dataset: Dataset, on_draw: Progress) -> None:
    places = [
        dataset.raw / f"w{writer:02}" / f"{number:04}.png"
        for writer, (first, end) in enumerate(itertools.pairwise(_BOUNDS), start=1)
        for number in range(first, end)
    ]
    missing = [number for number, place in enumerate(places) if not place.exists()]
    if not missing:
        return
    digits = _digits()
    staged = dataset.path / "metadata" / "cache" / f"demo-{os.getpid()}.png"
    staged.parent.mkdir(parents=True, exist_ok=True)
    for done, number in enumerate(missing, start=COUNT - len(missing) + 1):
        places[number].parent.mkdir(parents=True, exist_ok=True)
        _drawn(digits[number]).save(staged)
        staged.replace(places[number])  # so that a file under its own name is always a whole one
        on_draw(done, COUNT)


def _digits() -> Any:
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingExtraError(
            "the demo's digits come with scikit-learn, which is not installed: pip install 'nbtools-data[demo]'"
        ) from error
    return load_digits().images


def _drawn(pixels: Any) -> Image:
    # Dark ink on white paper with a margin; eight pixels a side are read better smooth than as blocks.
    from PIL import Image, ImageOps

    small = Image.fromarray((255 - pixels * (255 / 16)).round().astype("uint8"))
    bordered = ImageOps.expand(small, border=1, fill=255)
    return bordered.resize((bordered.width * _SCALE, bordered.height * _SCALE), Image.Resampling.BICUBIC)
