"""A part of a split as what training reads: examples by number, with their targets."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import SplitError, did_you_mean
from nbtools.versions.places import Places
from nbtools.versions.words import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.versions.split import Split


class Examples:
    """A map-style data set, as PyTorch has them: a length, and an example by its number.

    It holds paths and numbers only, so that it can be handed to worker processes.

    Attributes
    ----------
    classes : list of str
        The answers that targets stand for, in the order of the task's options.
    class_to_idx : dict of str to int
        The number of each.
    """

    def __init__(
        self,
        name: str,
        kinds: list[str],
        paths: list[Path | None],
        texts: list[str | None],
        targets: list[Any] | None,
        classes: list[str],
        transform: Callable[[Any], Any] | None,
        whole: int,
    ) -> None:
        self._name = name
        self._kinds = kinds
        self._paths = paths
        self._texts = texts
        self._targets = targets
        self._whole = whole
        self.classes = classes
        self.class_to_idx = {one: number for number, one in enumerate(classes)}
        self.transform = transform

    def __len__(self) -> int:
        """Return how many examples there are."""
        return len(self._kinds)

    def __getitem__(self, number: int) -> Any:
        """Return an example: its data, with its target where one was asked for.

        Raises
        ------
        IndexError
            If there are not so many.
        """
        if not -len(self) <= number < len(self):
            raise IndexError(f"example {number} of {len(self)}")
        data = self._data(number)
        if self.transform is not None:
            data = self.transform(data)
        return data if self._targets is None else (data, self._targets[number])

    def _data(self, number: int) -> Any:
        path, text = self._paths[number], self._texts[number]
        if self._kinds[number] == "image" and path is not None:
            from PIL import Image

            with Image.open(path) as image:
                return image.convert("RGB")
        if self._kinds[number] in ("text", "record"):
            return text if text is not None or path is None else path.read_text(encoding="utf-8")
        return path

    def __repr__(self) -> str:
        """Say how many examples there are, and of how many items."""
        out = "" if self._whole == len(self) else f" of {self._whole:,}: the others have no answer"
        classes = f"; classes {', '.join(self.classes)}" if self.classes else ""
        return f"{self._name}: {counted(len(self), 'example')}{out}{classes}"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


def labeled(split: Split, part: str, target: str) -> DataFrame:
    """Return the rows of a part that have an answer.

    Raises
    ------
    SplitError
        If there is no such task.
    """
    rows = split[part]
    tasks = list(_tasks(split))
    if target not in tasks:
        hint = did_you_mean(str(target), tasks) or ";"
        raise SplitError(f"target={target!r} is no task of {split.name}{hint} there are {', '.join(tasks) or 'none'}")
    return rows[rows[target].notna()].reset_index(drop=True)


def examples(
    split: Split, part: str, target: str | None, transform: Callable[[Any], Any] | None, places: Places
) -> Examples:
    """Return a part as a map-style data set.

    Raises
    ------
    SplitError
        If there is no such task.
    """
    rows = split[part] if target is None else labeled(split, part, target)
    whole = split.counts.get("parts", {}).get(part, len(rows))
    own = rows["row"].isna()
    paths = [places.find(path) if alone and path else None for path, alone in zip(rows["path"], own, strict=True)]
    texts = [text if isinstance(text, str) else None for text in rows["text"]]
    targets, classes = (None, []) if target is None else _targets(split, rows[target].tolist(), target)
    return Examples(f"{split.name} {part}", rows["kind"].tolist(), paths, texts, targets, classes, transform, whole)


def _targets(split: Split, values: list[Any], target: str) -> tuple[list[Any], list[str]]:
    task = _tasks(split)[target]
    if task.get("kind") != "choice":
        return values, []
    # Every option counts, so that a class that one part lacks has the same number in all.
    classes = [str(option.get("id", option.get("name"))) for option in task.get("options", [])]
    number = {one: at for at, one in enumerate(classes)}
    return [number[value] for value in values], classes


def _tasks(split: Split) -> Mapping[str, Any]:
    found = split.record.said.get("tasks")
    return (
        {name: task for name, task in found.items() if isinstance(task, Mapping)} if isinstance(found, Mapping) else {}
    )
