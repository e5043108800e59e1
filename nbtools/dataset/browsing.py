"""Looking at the versions of a dataset: what a browser of versions talks to.

It takes and gives what JSON can hold and knows no widget. pyarrow is loaded with the
first version that is looked into.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nbtools.dataset.core import Core
from nbtools.dataset.looking import columns_of, facets_of, item_of, row_of, summary_of
from nbtools.dataset.timeline import mark_of, timeline
from nbtools.errors import VersionError
from nbtools.versions.names import find
from nbtools.versions.record import read_record

if TYPE_CHECKING:
    from nbtools.versions.browse.compare import Changes, Relabeled
    from nbtools.versions.browse.items import ItemRows, Rows

PARTS = ("all", "added", "removed", "replaced", "moved", "relabeled")
_TABLES = 3
_VIEWS = 6
_SHOWN_ROWS = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at.

    Attributes
    ----------
    of : str
        The version or split.
    against : str or None
        The one that it is compared with, of the same kind.
    part : str
        Of the difference: all, added, removed, replaced, moved or relabeled; of the
        items that were removed, those of the other version are shown.
    task : str or None
        Whose labels, of those relabeled.
    cell : tuple of (str or None) or None
        Only those that went from the one label to the other.
    find, filters, sort, descending
        As in `nbtools.versions.browse.select.Selection`; filters are pairs of column and value.
    """

    of: str
    against: str | None = None
    part: str = "all"
    task: str | None = None
    cell: tuple[str | None, str | None] | None = None
    find: str = ""
    filters: tuple[tuple[str, str | None], ...] = ()
    sort: str | None = None
    descending: bool = False


class Kept(Generic[T]):
    """The last few of something that takes time to make.

    Parameters
    ----------
    most : int
        How many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key; make it where nothing is."""
        with self._lock:
            found = self._made.pop(key) if key in self._made else make()
            self._made[key] = found
            while len(self._made) > self._most:
                self._made.popitem(last=False)
            return found


@dataclass
class Browsing:
    """The versions of one dataset, looked at.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    """

    ds: Core
    _tables: Kept[ItemRows] = field(default_factory=lambda: Kept(_TABLES), init=False)
    _changes: Kept[Changes] = field(default_factory=lambda: Kept(2), init=False)
    _views: Kept[Rows | None] = field(default_factory=lambda: Kept(_VIEWS), init=False)

    def timeline(self, known: str | None = None) -> dict[str, Any] | None:
        """Return the versions and splits; None where they are as they were, which is found out in no time.

        Parameters
        ----------
        known : str, optional
            The ``mark`` of what is known already.
        """
        return None if known is not None and known == mark_of(self.ds) else timeline(self.ds)

    def view(self, look: Look) -> dict[str, Any]:
        """Return how many items are looked at, and their columns.

        `labeled` counts those relabeled that had no label; `where` is what finds the same
        among the items as they are now.

        Raises
        ------
        UnknownVersionError
            If there is no such version.
        VersionError
            If the two are not of one kind, or a column or task is not there.
        DatasetError
            If a table cannot be read.
        """
        table = self._table(look)
        rows = self._rows(look)
        return {
            "total": table.count if rows is None else len(rows),
            "columns": columns_of(table),
            "line": self.line(look),
            "where": self._where(look),
            "labeled": 0 if rows is None or look.part != "relabeled" else self._relabeled(look).labeled(rows),
            "relabels": list(self._changed(look).relabeled) if look.against is not None else [],
        }

    def facets(self, look: Look) -> dict[str, Any]:
        """Return how many of the items hold each value of each column that tells them apart, and their bytes."""
        table = self._table(look)
        found = facets_of(table, self._rows(replace(look, sort=None, descending=False)))
        table.rest()
        return found

    def rows(self, look: Look, start: int, count: int) -> list[dict[str, Any]]:
        """Return some of the items, in order, each with the columns of `view`.

        Parameters
        ----------
        look : Look
            What is looked at.
        start, count : int
            The first one, from 0, and how many at most.
        """
        return [row_of(row) for row in self._page(look, start, count)]

    def cards(self, look: Look, start: int, count: int) -> list[dict[str, Any]]:
        """Return some of the items as a picture of each is made from: with path and hash, unshortened."""
        return self._page(look, start, count)

    def item(self, look: Look, position: int) -> dict[str, Any]:
        """Return all that is known of one item: what it was in the version, and what became of its labels.

        Raises
        ------
        VersionError
            If there is none at the position.
        """
        rows = self._numbers(look, position, 1)
        if not len(rows):
            raise VersionError(f"there is no item at position {position} any more: reload the page")
        table = self._table(look)
        return item_of(self.ds, table.record, table.whole(int(rows[0])))

    def changes(self, of: str, against: str) -> dict[str, Any]:
        """Return what is different in a version from another one, and for each task which labels became which."""
        return summary_of(self._changed(Look(of, against)))

    def line(self, look: Look) -> str:
        """Return the line of Python that loads what is looked at."""
        from nbtools.versions.browse.line import filtered, line_of
        from nbtools.versions.browse.select import Filter

        opened = line_of(str(self.ds.path), look.of, against=look.against, part=look.part)
        if look.against is not None and look.part != "all":
            return opened
        whole = line_of(str(self.ds.path), look.of)
        filters = tuple(Filter(*one) for one in look.filters)
        return filtered(whole, filters, self._table(look).schema) if filters else opened

    def _where(self, look: Look) -> str | None:
        from nbtools.versions.browse.compare import tasks_of
        from nbtools.versions.browse.line import where_of
        from nbtools.versions.browse.select import Filter
        from nbtools.versions.pieces import SPLIT

        if look.find.strip() or not look.filters or look.part != "all":
            return None
        table = self._table(look)
        return where_of(tuple(Filter(*one) for one in look.filters), table.schema, {SPLIT, *tasks_of(table)})

    def _page(self, look: Look, start: int, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._table(look).take(self._numbers(look, start, count)).to_pylist()
        return found

    def _numbers(self, look: Look, start: int, count: int) -> Rows:
        import numpy as np

        rows = self._rows(look)
        end = start + min(count, _SHOWN_ROWS)
        if rows is not None:
            return rows[start:end]
        return np.arange(start, max(start, min(end, self._table(look).count)), dtype=np.int32)

    def _rows(self, look: Look) -> Rows | None:
        """Return the numbers of the rows that are looked at; None for all, as they are."""
        return self._views.get(look, lambda: self._selected(look))

    def _selected(self, look: Look) -> Rows | None:
        from nbtools.versions.browse.select import Filter, Selection, select

        wanted = Selection(look.find, tuple(Filter(*one) for one in look.filters), look.sort, look.descending)
        among = None if look.part == "all" else self._among(look)
        if wanted.everything:
            return among
        table = self._table(look)
        found = select(table, wanted, among)
        table.rest()
        return found

    def _among(self, look: Look) -> Rows:
        if look.part != "relabeled":
            rows: Rows = getattr(self._changed(look), look.part)
            return rows
        relabeled = self._relabeled(look)
        return relabeled.rows if look.cell is None else relabeled.cell(*look.cell)

    def _relabeled(self, look: Look) -> Relabeled:
        changed = self._changed(look)
        task = look.task if look.task is not None else next(iter(changed.relabeled), None)
        if task is None or task not in changed.relabeled:
            raise VersionError(f"{look.of} and {look.against} have no task {task!r:.60} in common")
        return changed.relabeled[task]

    def _changed(self, look: Look) -> Changes:
        if look.against is None:
            raise VersionError(f"{look.of} is compared with nothing: name another version")
        old, new = self._opened(look.against), self._opened(look.of)
        return self._changes.get((look.against, look.of), lambda: self._compared(old, new))

    def _compared(self, old: ItemRows, new: ItemRows) -> Changes:
        from nbtools.versions.browse.compare import compare

        found = compare(old, new)
        old.rest()
        new.rest()
        return found

    def _table(self, look: Look) -> ItemRows:
        """Return the table in which the rows are: what was removed is only in the other one."""
        return self._opened(look.against if look.part == "removed" and look.against is not None else look.of)

    def _opened(self, name: str) -> ItemRows:
        from nbtools.versions.browse.items import ItemRows

        record = read_record(self.ds._folder, find(self.ds._folder, name))
        return self._tables.get((name, record.write_id), lambda: ItemRows(self.ds._folder, record))
