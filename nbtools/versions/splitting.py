"""Plans a split of a version, and keeps it as vX.Y."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import SplitError
from nbtools.storage import Folder
from nbtools.versions.ancestry import FOLDS, QUARANTINED
from nbtools.versions.changelog import write_changelog
from nbtools.versions.commit import Draft, commit
from nbtools.versions.decided import PAIRS, Decided, decided_table, kept_decided
from nbtools.versions.names import own_names
from nbtools.versions.nearness import Progress
from nbtools.versions.parts import folds_table, kept_parts, text_table
from nbtools.versions.previews import Previews
from nbtools.versions.ranking import RankedActs
from nbtools.versions.record import Record, read_record
from nbtools.versions.tables import ITEMS, read_table
from nbtools.versions.wanted import Wanted

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from nbtools.splits.plan import Plan
    from nbtools.splits.report import SplitReport
    from nbtools.versions.split import Split


@dataclass(eq=False)
class SplitPlan:
    """A split that is not saved yet: who goes where, and what to judge it by.

    Attributes
    ----------
    version : str
        What is split.
    plan : Plan
        Who goes where.
    extends : str or None
        The split that is carried on.
    recipe : dict
        How it came to be, as it is kept.
    decided : Decided
        The pairs of items that were linked by hand or dismissed, then and now.
    """

    version: str
    plan: Plan
    extends: str | None
    recipe: dict[str, Any]
    decided: Decided
    _folder: Folder = field(repr=False)
    _record: Record = field(repr=False)
    _locate: Callable[[str], Path] = field(repr=False)
    _on_split: Callable[[], None] | None = field(default=None, repr=False)

    @property
    def report(self) -> SplitReport:
        """What each part holds, how near it is to what was asked, and what leaks."""
        return self.plan.report

    @property
    def assignments(self) -> Series[Any]:
        """The part of each item, by id; ``quarantine`` for those in none."""
        return self.plan.assignments

    @property
    def quarantine(self) -> DataFrame:
        """The items in no part: id, was, keeps, reason."""
        return self.plan.quarantine

    @property
    def summary(self) -> str:
        """Who stays and who is new, in one line; nothing where no split is carried on."""
        return self.plan.summary.replace("extends:", f"extends {self.extends}:")

    def save(self, message: str = "", *, confirm: bool = False, author: str | None = None) -> Split:
        """Keep it as the next split of its version; the same again is the same split.

        Parameters
        ----------
        message : str
            What it is, in words, such as ``by site``.
        confirm : bool
            Whether it is kept although the report names something to be confirmed.
        author : str, optional
            Who makes it.

        Raises
        ------
        SplitError
            If something is to be confirmed first.
        NotSavedError
            If the disk refuses.
        """
        from nbtools.versions.split import Split

        if not isinstance(message, str):
            raise SplitError(f"the message is text, and {str(message)[:80]!r} is none")
        concerns = self.report.to_confirm
        if concerns and not confirm:
            listed = "\n".join(f"- {concern}" for concern in concerns)
            raise SplitError(f"before it is kept, look at this:\n{listed}\nIf that is as it has to be: confirm=True")
        record = commit(self._folder, self._record.name, lambda _: self._same() or self._draft(message, author))
        write_changelog(self._folder)
        if self._on_split is not None:
            self._on_split()
        return Split(self._folder, record, self._locate)

    @cached_property
    def digest(self) -> str:
        """64 hex digits that two plans share when they put every item in the same part."""
        told = self.assignments.sort_index()
        lines = (f"{item}\t{part}\n" for item, part in told.items())
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def _same(self) -> Record | None:
        mine = self._record.name
        splits = [name for name in own_names(self._folder) if name.is_split and name.version == mine]
        for record in (read_record(self._folder, name) for name in splits):
            if record.digests.get("split_digest") == self.digest and kept_decided(self._folder, record) == self.decided:
                return record
        return None

    def _draft(self, message: str, author: str | None) -> Draft:
        items = read_table(self._folder, self._record.name, ITEMS)
        parts, folds = kept_parts(self.plan)
        files = {f"{name}.parquet": items.take(rows) for name, rows in parts.items()}
        if folds:
            files[FOLDS] = folds_table(items["id"], folds)
        if len(self.quarantine):
            files[QUARANTINED] = text_table(self.quarantine)
        if self.decided:
            files[PAIRS] = decided_table(self.decided)
        said = self._record.said
        record = {
            "parent": str(self._record.name),
            "author": author,
            "message": message,
            "recipe": self.recipe,
            "names": list(self.plan.names),
            "counts": {
                "items": sum(map(len, parts.values())),
                "parts": {name: len(rows) for name, rows in parts.items()},
                **self.plan.counts,
            },
            "digests": {"split_digest": self.digest, "items_digest": self._record.digests.get("items_digest")},
            "tasks": said.get("tasks", {}),
            "truth": said.get("truth", {}),
            "report": self.report.as_kept(),
        }
        return Draft(files, record)

    def __repr__(self) -> str:
        """Say who goes where, and the next sensible call."""
        lines = [line for line in repr(self.plan).splitlines() if not line.startswith(("Next:", "extends:"))]
        lines += [self.summary] if self.summary else []
        return "\n".join([f"a split of {self.version}, not saved yet", *lines, 'next: plan.report, plan.save("…")'])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


def plan_split(
    folder: Folder,
    record: Record,
    locate: Callable[[str], Path],
    wanted: Wanted,
    on_progress: Progress | None = None,
    on_split: Callable[[], None] | None = None,
    ranked: RankedActs | None = None,
) -> SplitPlan:
    """Plan a split of a version; nothing is written.

    Parameters
    ----------
    folder, record, locate : Folder, Record, callable
        The dataset's folder, the version, and where the file of a path lies.
    wanted : Wanted
        How it is to be split.
    on_progress : callable, optional
        Called with the number of images that were hashed and of all.
    on_split : callable, optional
        Called when the split was kept.
    ranked : callable, optional
        Returns of a task the ids of acts whose item a ranker chose.

    Raises
    ------
    SplitError
        If it cannot be split so, with the value and what to do.
    """
    seen = Previews(folder, record, locate, ranked).plan(wanted, on_progress)
    recipe = wanted.recipe(seen.plan, seen.extends, seen.decided)
    return SplitPlan(seen.version, seen.plan, seen.extends, recipe, seen.decided, folder, record, locate, on_split)
