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
from nbtools.versions.ancestry import FOLDS, QUARANTINED, assignments, carried_on
from nbtools.versions.changelog import write_changelog
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import own_names
from nbtools.versions.nearness import COLUMNS, Progress, equal_links, near_links
from nbtools.versions.parts import folds_table, kept_parts, text_table
from nbtools.versions.record import Record, read_record
from nbtools.versions.splitcolumns import chosen, with_source
from nbtools.versions.strategies import Given, parts_of, planned, settings
from nbtools.versions.tables import ITEMS, read_table

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from nbtools.splits.plan import Plan
    from nbtools.splits.report import SplitReport
    from nbtools.splits.splitter import Splitter
    from nbtools.versions.split import Split

# Counted up when the same seed would come to another split.
ALGORITHM = 1


@dataclass(frozen=True)
class Wanted:
    """How a version is to be split.

    Attributes
    ----------
    splitter : Splitter
        The strategy.
    stratify, groups : tuple of str
        Columns of the version's items.
    near_duplicates : bool
        Whether images that look alike, and texts that read alike, stay together.
    fresh : bool
        Whether no earlier split is carried on.
    """

    splitter: Splitter
    stratify: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    near_duplicates: bool = False
    fresh: bool = False


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
    """

    version: str
    plan: Plan
    extends: str | None
    recipe: dict[str, Any]
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
            if record.digests.get("split_digest") == self.digest:
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
            "report": self.report.as_dict(),
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

    Raises
    ------
    SplitError
        If it cannot be split so, with the value and what to do.
    """
    items = read_table(folder, record.name, ITEMS)
    strata, groups = chosen(items, wanted.stratify, "stratify"), chosen(items, wanted.groups, "groups")
    links = [equal_links(items)]
    if wanted.near_duplicates:
        links += near_links(folder, items.select(COLUMNS), locate, on_progress)
    names = parts_of(wanted.splitter)
    before = None if wanted.fresh or names is None else carried_on(folder, record, names)
    given = Given(
        with_source(items),
        groups,
        strata,
        None if before is None else assignments(folder, before),
        [link for link in links if len(link)] or None,
    )
    extends = None if before is None else str(before.name)
    recipe = {
        **settings(wanted.splitter),
        "algorithm": ALGORITHM,
        "stratify": list(wanted.stratify),
        "groups": list(wanted.groups),
        "near_duplicates": wanted.near_duplicates,
        "extends": extends,
    }
    return SplitPlan(
        str(record.name), planned(wanted.splitter, given), extends, recipe, folder, record, locate, on_split
    )
