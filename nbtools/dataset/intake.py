"""How data comes into a dataset, and how its items are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.dataset.labeling import Labeling

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.ingest.report import Report

Progress = Callable[[int, "int | None"], None]


class Intake(Labeling):
    """What a dataset can do with raw data and items."""

    def ingest(
        self,
        *,
        attributes: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        include: str | Sequence[str] | None = None,
        exclude: str | Sequence[str] | None = None,
        rows: str | bool | Sequence[str] = "auto",
        key: str | Mapping[str, str] | None = None,
        text: str | Mapping[str, str] | None = None,
        convert: Mapping[str, object] | None = None,
        link: str = "auto",
        rename: Mapping[str, str] | None = None,
        executor: Executor | None = None,
        on_progress: Progress | None = None,
    ) -> Report:
        from nbtools.ingest.run import Ingest, Options

        options = Options(attributes, labels, include, exclude, rows, key, text, convert, link, None, rename)
        return Ingest(self._folder, self.raw, options, executor, on_progress).run()
