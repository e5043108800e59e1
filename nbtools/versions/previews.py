"""Plans of one version, made again and again while a person chooses: what does not change is read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import SplitError
from nbtools.storage import Folder
from nbtools.versions.ancestry import assignments, carried_on
from nbtools.versions.decided import Decided, kept_decided, refuse_strangers
from nbtools.versions.nearness import COLUMNS, Progress, equal_links, near_links
from nbtools.versions.ranking import RankedActs, kept_from_tests, ranked_items, told
from nbtools.versions.record import Record
from nbtools.versions.splitcolumns import chosen, splittable, timely, with_files, with_source
from nbtools.versions.strategies import Given, parts_of, planned
from nbtools.versions.tables import ITEMS, read_table
from nbtools.versions.wanted import Wanted

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame, Series

    from nbtools.splits.links import Links
    from nbtools.splits.plan import Plan


@dataclass(frozen=True, eq=False)
class Preview:
    """A split that is looked at before anybody has decided for it.

    Attributes
    ----------
    version : str
        What is split.
    wanted : Wanted
        How.
    plan : Plan
        Who goes where; the same as that of ``version.split(…)``.
    extends : str or None
        The split that is carried on.
    near : tuple of Links or None
        Items that are nearly alike, whether they are kept together or not, and dismissed
        or not; None where nobody has looked for them.
    alike : tuple of Links
        The same without those that were dismissed.
    decided : Decided
        The pairs that a person linked or dismissed, then and now.
    items : Table
        The items, in the order of the plan.
    """

    version: str
    wanted: Wanted
    plan: Plan
    extends: str | None
    near: tuple[Links, ...] | None
    alike: tuple[Links, ...]
    decided: Decided
    items: pa.Table


class Previews:
    """Plans splits of a version as ``version.split`` does, and reads its items once.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        The version.
    locate : callable
        Where the file of a path that the version names lies.
    ranked : callable, optional
        Returns of a task the ids of acts whose item a ranker chose.
    """

    def __init__(
        self, folder: Folder, record: Record, locate: Callable[[str], Path], ranked: RankedActs | None = None
    ) -> None:
        self._folder = folder
        self._record = record
        self._locate = locate
        self._acts = ranked
        self._columns: dict[str, Series[Any]] = {}
        self._before: dict[str, Series[str]] = {}
        self._near: tuple[Links, ...] | None = None

    @property
    def columns(self) -> list[str]:
        """What one may stratify or group by."""
        return splittable(self.items)

    @cached_property
    def times(self) -> list[dict[str, Any]]:
        """The columns that one may split by time with: name, and whether its times are plain numbers."""
        return timely(self.items)

    @cached_property
    def items(self) -> pa.Table:
        """The items of the version."""
        return read_table(self._folder, self._record.name, ITEMS)

    def plan(self, wanted: Wanted, on_progress: Progress | None = None, *, look: bool = False) -> Preview:
        """Plan a split; nothing is written.

        Parameters
        ----------
        wanted : Wanted
            How it is to be split.
        on_progress : callable, optional
            Called with the number of images that were hashed and of all.
        look : bool
            Whether to look for items that are nearly alike although they are not kept together.

        Raises
        ------
        SplitError
            If it cannot be split so, with the value and what to do.
        """
        strata, groups = self._chosen(wanted.stratify, "stratify"), self._chosen(wanted.groups, "groups")
        if (wanted.near_duplicates or look) and self._near is None:
            self._near = tuple(near_links(self._folder, self.items.select(COLUMNS), self._locate, on_progress))
        names = parts_of(wanted.splitter)
        carried = None if wanted.fresh or names is None else carried_on(self._folder, self._record, names)
        decided = self._decided(wanted.decided, carried)
        alike = tuple(decided.left_of(one, self._ids) for one in self._near or ())
        before = None if carried is None else self.assignments(carried)
        given = Given(
            self._ids,
            lambda: self._table,
            groups,
            strata,
            kept_from_tests(wanted.splitter, before, self._ids, self._ranked) if wanted.eval else before,
            self._links(wanted, decided, alike),
        )
        try:
            plan = planned(wanted.splitter, given)
        except SplitError as error:
            raise SplitError(with_files(str(error), self.items)) from error
        plan = told(plan, before, self._ranked) if self._ranked else plan
        extends = None if carried is None else str(carried.name)
        return Preview(str(self._record.name), wanted, plan, extends, self._near, alike, decided, self.items)

    def _decided(self, said: Decided, carried: Record | None) -> Decided:
        here = said.among(self._ids)
        refuse_strangers(said, here, str(self._record.name))
        return here if carried is None else kept_decided(self._folder, carried).among(self._ids).followed_by(here)

    def _links(self, wanted: Wanted, decided: Decided, alike: Sequence[Links]) -> list[Links] | None:
        found = [decided.left_of(one, self._ids) for one in wanted.found]
        links = [self._equal, *(alike if wanted.near_duplicates else ()), *found, *decided.links(self._ids)]
        return [one for one in links if len(one) or len(one.unlinked)] or None

    def assignments(self, record: Record) -> Series[str]:
        """Return the part of each item of a split, by id; read once, as a split never changes."""
        name = str(record.name)
        if name not in self._before:
            self._before[name] = assignments(self._folder, record)
        return self._before[name]

    @cached_property
    def _ids(self) -> Series[str]:
        ids: Series[str] = self.items["id"].to_pandas()
        return ids

    @cached_property
    def _ranked(self) -> dict[str, tuple[Any, Any]]:
        return {} if self._acts is None else ranked_items(self._folder, self._record, self._ids, self._acts)

    @cached_property
    def _table(self) -> DataFrame:
        return with_source(self.items)

    @cached_property
    def _equal(self) -> Links:
        return equal_links(self.items)

    def _chosen(self, names: Sequence[str], what: str) -> dict[str, Series[Any]] | None:
        new = [name for name in names if name not in self._columns]
        frame = chosen(self.items, new, what)
        self._columns |= {name: frame[name] for name in new} if frame is not None else {}
        return {name: self._columns[name] for name in names} or None
