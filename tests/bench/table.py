"""Tables of results, as Markdown, with what is needed to judge them."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata

PEERS = (
    "voila",
    "jupyterlab",
    "ipykernel",
    "ipywidgets",
    "anywidget",
    "playwright",
    "pigeon-jupyter",
    "dvc",
    "scikit-learn",
)


@dataclass
class Table:
    """One table: a title, the names of its columns, its rows, and remarks below it."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """Add a row, and say it at once, because a run takes long."""
        self.rows.append(cells)
        print("  ", " | ".join(_shown(cell) for cell in cells), flush=True)

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [f"## {self.title}", "", _line(self.columns), _line("---" for _ in self.columns)]
        lines += [_line(_shown(cell) for cell in row) for row in self.rows]
        return "\n".join([*lines, "", *(f"{remark}\n" for remark in self.remarks)])


def surroundings() -> str:
    """Return what machine and versions the numbers are of, and how busy it was."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PEERS)
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}; {versions}."


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which `part` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Return the median, or NaN of no values."""
    return statistics.median(values) if values else float("nan")


def _line(cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"  # type: ignore[attr-defined]


def _shown(cell: object) -> str:
    return (
        f"{cell:,.3g}"
        if isinstance(cell, float) and abs(cell) < 100
        else f"{cell:,.0f}"
        if isinstance(cell, float)
        else str(cell)
    )
