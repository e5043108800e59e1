"""Plans a split of a version, and keeps it as vX.Y."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import SplitError, did_you_mean
from nbtools.storage import Folder
from nbtools.versions.ancestry import assignments, carried_on
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import own_names
from nbtools.versions.nearness import COLUMNS, Progress, equal_links, near_links
from nbtools.versions.record import Record, read_record
from nbtools.versions.tables import ITEM_SCHEMA, ITEMS, read_table

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame, Series

    from nbtools.splits.plan import Plan
    from nbtools.splits.report import Report
    from nbtools.versions.split import Split

# Counted up when the same seed would come to another split.
ALGORITHM = 1
_BY = ("kind", "media_type", "sources")


@dataclass(frozen=True)
class Wanted:
    """How a version is to be split.

    Attributes
    ----------
    ratios : mapping of str to float
        The name of each part → its share.
    stratify, groups : tuple of str
        Columns of the version's items.
    seed : int or str
        Decides between what is alike.
    missing, rare : str or None
        As in `LedgerSplit`.
    near_duplicates : bool
        Whether images that look alike, and texts that read alike, stay together.
    fresh : bool
        Whether no earlier split is carried on.
    """

    ratios: Mapping[str, float]
    stratify: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    seed: int | str = 0
    missing: str | None = None
    rare: str | None = None
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

    @cached_property
    def report(self) -> Report:
        """What each part holds, how near it is to what was asked, and what leaks."""
        from nbtools.splits.report import make_report

        return make_report(self.plan)

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
        concerns = self.report.confirm
        if concerns and not confirm:
            listed = "\n".join(f"- {concern}" for concern in concerns)
            raise SplitError(f"before it is kept, look at this:\n{listed}\nIf that is as it has to be: confirm=True")
        record = commit(self._folder, self._record.name, lambda _: self._same() or self._draft(message, author))
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
        files = {f"{name}.parquet": items.take(self.plan.positions(name)) for name in self.plan.names}
        if len(self.quarantine):
            files["quarantine.parquet"] = _quarantined(self.quarantine)
        sizes = {name: len(self.plan.positions(name)) for name in self.plan.names}
        said = self._record.said
        record = {
            "parent": str(self._record.name),
            "author": author,
            "message": message,
            "recipe": self.recipe,
            "counts": {"items": sum(sizes.values()), "parts": sizes, **self.plan.counts},
            "digests": {"split_digest": self.digest, "items_digest": self._record.digests.get("items_digest")},
            "tasks": said.get("tasks", {}),
            "truth": said.get("truth", {}),
            "report": self.report.to_json(),
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

    Raises
    ------
    SplitError
        If it cannot be split so, with the value and what to do.
    """
    from nbtools.splits.ledger import LedgerSplit
    from nbtools.splits.ratios import check_ratios
    from nbtools.versions.tables import as_frame

    ratios = check_ratios(wanted.ratios)
    items = read_table(folder, record.name, ITEMS)
    strata, groups = (
        _chosen(items, names, what) for names, what in ((wanted.stratify, "stratify"), (wanted.groups, "groups"))
    )
    links = [equal_links(items)]
    if wanted.near_duplicates:
        links += near_links(folder, items.select(COLUMNS), locate, on_progress)
    before = None if wanted.fresh else carried_on(folder, record, ratios)
    splitter = LedgerSplit(ratios, seed=wanted.seed, missing=wanted.missing, rare=wanted.rare)
    plan = splitter.plan(
        items["id"].to_pandas(),
        groups=as_frame(groups) if groups is not None else None,
        strata=as_frame(strata) if strata is not None else None,
        extends=None if before is None else assignments(folder, before),
        links=[link for link in links if len(link)] or None,
    )
    extends = None if before is None else str(before.name)
    return SplitPlan(str(record.name), plan, extends, _recipe(wanted, ratios, extends), folder, record, locate)


def _recipe(wanted: Wanted, ratios: Mapping[str, float], extends: str | None) -> dict[str, Any]:
    return {
        "strategy": "ledger",
        "algorithm": ALGORITHM,
        "ratios": dict(ratios),
        "seed": wanted.seed,
        "stratify": list(wanted.stratify),
        "groups": list(wanted.groups),
        "missing": wanted.missing,
        "rare": wanted.rare,
        "near_duplicates": wanted.near_duplicates,
        "extends": extends,
    }


def splittable(items: pa.Table) -> list[str]:
    """Return the columns that one may stratify or group by: attributes, tasks, and what kind of file it is."""
    own = [name for name in items.column_names if name not in ITEM_SCHEMA.names]
    return [*own, *_BY]


def _chosen(items: pa.Table, names: Sequence[str], what: str) -> pa.Table | None:
    known = splittable(items)
    for name in names:
        if name not in known:
            raise SplitError(
                f"{what}={name!r} is no column of this version{did_you_mean(str(name), known) or ';'} "
                f"there are {', '.join(known)}"
            )
    return items.select(list(names)) if names else None


def _quarantined(rows: DataFrame) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(rows[name].tolist(), pa.string()) for name in rows.columns})
