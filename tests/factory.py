"""Small datasets for tests, made in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from nbtools.dataset import Dataset

COLORS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")


class Datasets:
    """Makes datasets below one folder.

    Parameters
    ----------
    folder : Path
        Where they are to lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def images(
        self,
        count: int,
        *,
        name: str = "pictures",
        task: str | None = "species",
        options: Sequence[str] = ("jay", "rook"),
    ) -> Dataset:
        """Return a dataset of `count` small PNG files, each showing its number.

        The task, of kind ``choice``, is declared unless it is None.
        """
        raw = self.folder / name / "raw"
        raw.mkdir(parents=True)
        for number in range(count):
            picture(number).save(raw / f"{number:05}.png")
        return self._ingested(name, task, options)

    def texts(
        self, count: int, *, name: str = "texts", task: str | None = "species", options: Sequence[str] = ("jay", "rook")
    ) -> Dataset:
        """Return a dataset of `count` text files, each saying its number."""
        raw = self.folder / name / "raw"
        raw.mkdir(parents=True)
        for number in range(count):
            (raw / f"{number:05}.txt").write_text(f"text number {number}")
        return self._ingested(name, task, options)

    def of(
        self,
        files: dict[str, bytes],
        *,
        name: str = "mixed",
        task: str | None = "species",
        options: Sequence[str] = ("jay", "rook"),
    ) -> Dataset:
        """Return a dataset of the given files: path below ``raw/`` → bytes."""
        raw = self.folder / name / "raw"
        for path, data in files.items():
            (raw / path).parent.mkdir(parents=True, exist_ok=True)
            (raw / path).write_bytes(data)
        return self._ingested(name, task, options)

    def _ingested(self, name: str, task: str | None, options: Sequence[str]) -> Dataset:
        from nbtools.dataset import Dataset

        dataset = Dataset.create(self.folder / name, name=name)
        dataset.ingest()
        if task is not None:
            dataset.task(task, kind="choice", options=list(options))
        return dataset


def picture(number: int, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Return an image that shows a number as a person would read it."""
    image = Image.new("RGB", size, COLORS[number % len(COLORS)])
    font = ImageFont.load_default(size[1] // 3)
    ImageDraw.Draw(image).text((size[0] / 2, size[1] / 2), str(number), fill="black", font=font, anchor="mm")
    return image
