"""What an ingest came to: pure counting, then tables and a few lines for a person."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.ingest.describe import Catch
from nbtools.ingest.known import Known

if TYPE_CHECKING:
    from pandas import DataFrame


class LabelFound(NamedTuple):
    """A label that came with the data."""

    task: str
    item: str
    value: str
    source: str


@dataclass(slots=True)
class Outcome:
    """What an ingest saw and did, before it is compared with what was known.

    Attributes
    ----------
    before : Known
        What the catalogue said when the work began.
    found : list of (str, str)
        Source and id of every data point that is there now, in order.
    settled : int
        How many more are where the catalogue has them, and nothing is said of them.
    kinds : dict of str to str
        The kind of each item that is new.
    vanished : list of str
        Sources that were there before and are not now.
    changed : list of (str, str)
        Source and id of rows that have a key and whose other columns changed.
    failed, left : list of (str, str)
        Paths that could not be taken, or are no data points, each with the reason.
    labels : list of LabelFound
        One per item and task, where the sources agree.
    disagreeing : list of (str, str, str)
        Task, item, and the values that its sources give.
    catches : list of Catch
        What the rules for attributes and labels caught.
    notes, warnings : list of str
        What a person should know.
    there : set of str
        Every raw file that exists, asked for or not, relative to the dataset.
    passed_over : int
        Files that systems leave behind.
    """

    before: Known
    there: set[str] = field(default_factory=set)
    found: list[tuple[str, str]] = field(default_factory=list)
    settled: int = 0
    kinds: dict[str, str] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    labels: list[LabelFound] = field(default_factory=list)
    disagreeing: list[tuple[str, str, str]] = field(default_factory=list)
    catches: list[Catch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    passed_over: int = 0


class _Compared(NamedTuple):
    added: list[tuple[str, str, str]]
    duplicates: list[tuple[str, str, str]]
    replaced: list[tuple[str, str, str]]
    moved: list[tuple[str, str, str]]
    missing: list[tuple[str, str]]
    unchanged: int


class Report:
    """What an ingest came to.

    The tables are pandas DataFrames, made when they are first asked for.

    Parameters
    ----------
    outcome : Outcome
        What was seen and done.
    next_call : str
        What a person would sensibly type next.
    """

    def __init__(self, outcome: Outcome, next_call: str) -> None:
        self._outcome = outcome
        self._next = next_call
        self._compared = _compare(outcome)

    @property
    def added(self) -> DataFrame:
        """New items: id, kind, source."""
        return _table(("id", "kind", "source"), self._compared.added)

    @property
    def duplicates(self) -> DataFrame:
        """Further files with the bytes of an item: id, source, first (the source it was first seen at)."""
        return _table(("id", "source", "first"), self._compared.duplicates)

    @property
    def replaced(self) -> DataFrame:
        """Sources that hold something else than before: source, before, after (ids)."""
        return _table(("source", "before", "after"), self._compared.replaced)

    @property
    def moved(self) -> DataFrame:
        """Items found under another name: id, source, before (the source it had)."""
        return _table(("id", "source", "before"), self._compared.moved)

    @property
    def missing(self) -> DataFrame:
        """Raw files that are not there any more, of items that stay: id, source."""
        return _table(("id", "source"), self._compared.missing)

    @property
    def failed(self) -> DataFrame:
        """What could not be taken: path, reason."""
        return _table(("path", "reason"), self._outcome.failed)

    @property
    def left(self) -> DataFrame:
        """Files that are no data points: path, reason."""
        return _table(("path", "reason"), self._outcome.left)

    @property
    def labels(self) -> DataFrame:
        """Labels that came with the data: task, item, value, source."""
        return _table(("task", "item", "value", "source"), self._outcome.labels)

    @property
    def disagreeing(self) -> DataFrame:
        """Items whose sources give different labels, so that none was written: task, item, values."""
        return _table(("task", "item", "values"), self._outcome.disagreeing)

    @property
    def found_labels(self) -> list[LabelFound]:
        """The labels that came with the data, for the dataset to record."""
        return self._outcome.labels

    @property
    def replacements(self) -> list[tuple[str, str]]:
        """Pairs of ids: what was at a source before, and what is there now."""
        return [(before, after) for _, before, after in self._compared.replaced]

    @property
    def notes(self) -> list[str]:
        """How tables and rules were understood, and how to overrule it."""
        return [*self._outcome.notes, *map(str, self._outcome.catches)]

    @property
    def warnings(self) -> list[str]:
        """What may not be as meant."""
        return self._outcome.warnings

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows each table has, and how many sources are as they were."""
        compared, outcome = self._compared, self._outcome
        return {
            **{name: len(getattr(compared, name)) for name in ("added", "duplicates", "replaced", "moved", "missing")},
            "failed": len(outcome.failed),
            "left": len(outcome.left),
            "labels": len(outcome.labels),
            "disagreeing": len(outcome.disagreeing),
            "unchanged": compared.unchanged,
            "passed_over": outcome.passed_over,
        }

    def to_json(self) -> dict[str, Any]:
        """Return counts, notes, warnings, and the rows of every short table, for a program."""
        tables = ("added", "duplicates", "replaced", "moved", "missing")
        return {
            "counts": self.counts,
            "notes": self.notes,
            "warnings": self.warnings,
            "failed": [list(row) for row in self._outcome.failed],
            "left": [list(row) for row in self._outcome.left],
            **{name: [list(row) for row in getattr(self._compared, name)] for name in tables},
        }

    def __repr__(self) -> str:
        """Say in a few lines what happened, and what to type next."""
        return "\n".join([*self._lines(), self._next])

    def _repr_html_(self) -> str:
        lines = [f"<li>{html.escape(line)}</li>" for line in self._lines()]
        return f"<ul>{''.join(lines)}</ul><pre>{html.escape(self._next)}</pre>"

    def _lines(self) -> list[str]:
        kinds = Counter(kind for _, kind, _ in self._compared.added)
        told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
        counts = self.counts
        first = f"added {counts['added']:,} items" + (f" ({told})" if told else "")
        rest = [f"{counts[name]:,} {said}" for name, said in _SAID.items() if counts[name]]
        lines = [", ".join([first, *rest]), *self.notes, *(f"! {warning}" for warning in self.warnings)]
        if rows := len(self._outcome.changed):
            lines.append(
                f"! {rows:,} rows changed under their key, and labels given before still count: report.replaced"
            )
        return lines + self._failures()

    def _failures(self) -> list[str]:
        failed = self._outcome.failed
        more = [f"! and {len(failed) - 5:,} more: report.failed"] if len(failed) > 5 else []
        return [*(f"! failed: {path}: {reason}" for path, reason in failed[:5]), *more]


_SAID = {
    "unchanged": "as they were",
    "duplicates": "duplicates",
    "replaced": "replaced",
    "moved": "moved",
    "missing": "missing in raw/ (kept here)",
    "failed": "failed",
    "left": "left",
    "labels": "labels found",
    "disagreeing": "labels that disagree (not written)",
}


def _compare(outcome: Outcome) -> _Compared:
    before = outcome.before
    vanished: dict[str, str] = {before.present[source]: source for source in reversed(outcome.vanished)}
    first = {item: source for source, item in reversed(before.present.items())}
    result = _Compared([], [], list(_changed_rows(outcome)), [], [], 0)
    unchanged = outcome.settled
    moved = set()
    for source, item in outcome.found:
        old = before.present.get(source)
        if old == item:
            unchanged += 1
            continue
        if old is not None:
            result.replaced.append((source, old, item))
        if item in vanished and item not in moved:
            moved.add(item)
            result.moved.append((item, source, vanished[item]))
        elif item in first or item in before.items:
            result.duplicates.append((item, source, first.get(item, "")))
        else:
            result.added.append((item, outcome.kinds.get(item, "other"), source))
        first.setdefault(item, source)
    gone = [(before.present[source], source) for source in outcome.vanished if before.present[source] not in moved]
    if before.gone:
        here = {item for _, item in outcome.found} | set(before.present.values())
        gone += [(item, source) for source, item in before.gone.items() if item not in here]
    result.missing.extend(sorted(gone, key=lambda pair: pair[1]))
    return result._replace(unchanged=unchanged)


def _changed_rows(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(source, item, item) for source, item in outcome.changed]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))
