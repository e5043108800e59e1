"""Labels that come with the data: one per item, where its sources agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbtools.ingest.report import LabelFound, Outcome


class LabelsFound:
    """Gathers what each source says an item is.

    Parameters
    ----------
    outcome : Outcome
        Where the labels go in the end.
    """

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._said: dict[tuple[str, str], dict[str, str]] = {}

    def note(self, item: str, source: str, labels: Mapping[str, Any]) -> None:
        """Take in what a source says."""
        for task, value in labels.items():
            self._said.setdefault((task, item), {}).setdefault(str(value), source)

    def close(self) -> None:
        """Sort out where the sources of an item disagree; such labels are reported, not written."""
        for (task, item), values in self._said.items():
            if len(values) > 1:
                told = ", ".join(f"{value!r} ({source})" for value, source in sorted(values.items()))
                self._outcome.disagreeing.append((task, item, told))
            else:
                ((value, source),) = values.items()
                self._outcome.labels.append(LabelFound(task, item, value, source))
