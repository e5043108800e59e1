"""One person, one task, one selection: what a Labeler talks to.

It takes and gives what JSON can hold, knows no widget, and imports nothing heavy.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from nbtools.dataset.answering import Answering
from nbtools.dataset.core import Core
from nbtools.dataset.facts import facts_of
from nbtools.dataset.gold import gold_items
from nbtools.dataset.gridding import Gridding
from nbtools.dataset.guidelines import picture, shown
from nbtools.dataset.ordering import Ordering
from nbtools.dataset.person import Person
from nbtools.dataset.progress import Progress, refuse_unknown
from nbtools.dataset.suggesting import checked_model, fitting, shown_suggestions
from nbtools.dataset.tasks import found
from nbtools.dataset.views import shown_attributes, shown_task, views
from nbtools.errors import DatasetError, QueryError, did_you_mean
from nbtools.labels.act import Act
from nbtools.labels.suggestion import Suggestion
from nbtools.orders.wanted import Wanted
from nbtools.store.rows import ItemRow
from nbtools.store.tasks import read_task

CHUNK = 3_500_000
Mode = Literal["new", "review"]


class Page(NamedTuple):
    """Some items, and where the next ones begin.

    Attributes
    ----------
    items : list of dict
        As the front end has them.
    cursor : list of int
        To be given back as it is.
    exhausted : bool
        Whether nothing follows.
    """

    items: list[dict[str, Any]]
    cursor: list[int]
    exhausted: bool


class Session:
    """What one annotator sees and does in one task.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    task : str
        The task's name.
    annotator : str or None
        Who it is; None until `introduce`.
    identity : str or None
        How sure that is: verified, environment, self-declared or python.
    items : sequence of str, optional
        Ids, in the order in which they are to be shown.
    where : str, optional
        A SQL expression over columns and attributes.
    mode : str
        ``new``, or ``review`` for what has a label.
    show : sequence of str
        Attributes that are shown beside an item.
    show_suggestions : bool or str
        Whether what models propose is shown, or the name of the model of which it is.
    wanted : Wanted, optional
        In which order, and what is mixed in.
    tell : callable
        Called when `describe` has another ``order``.

    Raises
    ------
    SchemaError
        If there is no such task or attribute.
    LabelError
        If no model of that name has suggested anything.
    QueryError, UnknownItemError
        If the selection cannot be made.
    OrderError
        If nothing is known of the gold, or labels are to be reviewed with gold among them.
    """

    def __init__(
        self,
        ds: Core,
        task: str,
        *,
        annotator: str | None = None,
        identity: str | None = None,
        items: Sequence[str] | None = None,
        where: str | None = None,
        mode: Mode = "new",
        show: Sequence[str] = (),
        show_suggestions: bool | str = True,
        wanted: Wanted | None = None,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self._ds = ds
        self._index = ds._index
        self._lock = threading.RLock()
        self._task = found(ds, task)
        self._who = Person(annotator, identity)
        self._mode = _checked_mode(mode)
        about = partial(facts_of, ds), self._suggestion, self._why
        self._answering = Answering(self._index, self._append, self._follow_at_once, *about)
        self._index.refresh()
        self._suggests = checked_model(self._index, task, show_suggestions)
        self._show = shown_attributes(self._index, show)
        wanted = wanted or Wanted()
        gold = gold_items(ds, self._task, wanted, mode)
        review = mode == "review"
        self._progress = Progress(self._index, task, items=items, where=where, review=review, also=gold)
        self._progress.follow(annotator)
        self._gridding = Gridding(self._progress)
        self._ordering: Ordering | None = None
        if not wanted.plain:
            self._ordering = Ordering(ds, self._task, self._progress, wanted, gold, self._lock, tell)
            self._ordering.begin(annotator)

    def describe(self) -> dict[str, Any]:
        """Return all that a front end needs to know before the first item."""
        with self._lock:
            self._task = found(self._ds, self._task.name)
            return {
                "dataset": {"id": self._ds.id, "name": self._ds.name},
                "task": {**shown_task(self._task), "guidelines": shown(self._ds, self._task)},
                "annotator": self._who.describe(),
                "mode": self._mode,
                "counts": self.counts(),
                "show": list(self._show),
                "order": None if self._ordering is None else self._ordering.shown,
                "chunk": CHUNK,
                "suggests": self._suggests is not False and self._index.has_suggestions(self._task.name),
            }

    def introduce(self, name: str) -> None:
        """Say who is labeling; once.

        Raises
        ------
        LabelError
            If that is known already, or is no name.
        """
        with self._lock:
            self._who.introduce(name)
            self._follow()

    def counts(self) -> dict[str, int]:
        """Return how many items there are in all, labeled, skipped and left."""
        with self._lock:
            self._follow_at_once()
            return self._progress.counts()

    def fetch(self, cursor: Sequence[int] | None, count: int) -> Page:
        """Return the next items to label, and after them those that were skipped.

        Parameters
        ----------
        cursor : sequence of int or None
            Of the page before; None for the start.
        count : int
            How many at most.
        """
        with self._lock:
            self._follow()
            found = self._progress.page(cursor, count)
            rows = self._index.rows_at(found.positions)
            if self._ordering is not None:
                self._ordering.handed(cursor, found, {row.position: row.id for row in rows})
            return Page(self._views(rows, again=found.again), found.cursor, found.exhausted)

    def grid(self, start: int, count: int, *, unlabeled: bool, fresh: bool) -> tuple[list[dict[str, Any]], int]:
        """Return some items of the selection by their place in it, and how many there are; see `Gridding.page`."""
        with self._lock:
            self._follow()
            positions, total = self._gridding.page(start, count, unlabeled=unlabeled, fresh=fresh)
            rows = self._index.rows_at(positions)
            if self._ordering is not None:
                self._ordering.looked_at({row.position: row.id for row in rows})
            return self._views(rows, again=False), total

    def item(self, *, id: str | None = None, position: int | None = None) -> dict[str, Any]:
        """Return one item of the selection, by its id or its position in the dataset.

        Raises
        ------
        UnknownItemError
            If it is not there.
        """
        with self._lock:
            self._follow()
            row = self._index.item(id) if isinstance(id, str) else self._at(position)
            if row is None or not self._progress.holds(row.position):
                raise refuse_unknown(id if id is not None else position)
            return self._views([row], again=False)[0]

    def path(self, item_id: str) -> Path:
        """Return where the bytes of an item lie.

        Raises
        ------
        UnknownItemError
            If there is no such item.
        UnsafePathError
            If the catalogue names a file outside of the dataset.
        """
        row = self._index.item(item_id)
        if row is None or row.path is None:
            raise refuse_unknown(item_id)
        return self._ds.file(row.path)

    def picture(self, path: str) -> bytes:
        """Return an image that the task's guidelines name.

        Raises
        ------
        UnknownItemError, UnsafePathError
            If there is none that may be shown.
        """
        return picture(self._ds, self._task, path)

    def record(self, acts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Take acts; those that are saved are on the disk on return.

        Parameters
        ----------
        acts : sequence of mapping
            As they came from the front end.

        Returns
        -------
        list of dict
            One acknowledgement per act, in order.
        """
        with self._lock:
            self._follow_at_once()
            self._task = found(self._ds, self._task.name)
            schema = partial(read_task, self._ds._folder, self._task.name)
            acks = self._answering.take(acts, self._task, schema, self._who)
            if self._ordering is not None:
                self._ordering.saved(sum(ack["saved"] and not ack.get("duplicate") for ack in acks))
            return acks

    def _append(self, new: Sequence[Act]) -> None:
        self._ds._log.append(self._task.name, new)

    def _why(self, item: str) -> dict[str, Any] | None:
        return None if self._ordering is None else self._ordering.why(item)

    def _follow(self) -> None:
        self._index.refresh()
        self._follow_progress()

    def _follow_progress(self) -> None:
        if self._progress.follow(self._who.name) and self._ordering is not None:
            self._ordering.begin_again(self._who.name)

    def _follow_at_once(self) -> None:
        # A label is saved when it is in the log. Nobody waits for the cache over it, nor for room on its disk.
        with contextlib.suppress(DatasetError):
            self._index.refresh_at_once()
            self._follow_progress()

    def _at(self, position: object) -> ItemRow | None:
        return self._index.at(position) if isinstance(position, int) and 0 <= position < 2**62 else None

    def _views(self, rows: Sequence[ItemRow], *, again: bool) -> list[dict[str, Any]]:
        review = self._mode == "review"
        who, model = self._who.name, self._suggests
        suggested = {} if model is False else shown_suggestions(self._ds, self._task, rows, model)
        return views(self._index, rows, self._task, who, self._show, review=review, again=again, suggested=suggested)

    def _suggestion(self, item: str, table: str) -> Suggestion | None:
        # Looked up again, so that nothing is believed of what the page says that it showed.
        found = self._index.suggestion(self._task.name, item, table)
        row = None if found is None else self._index.item(item)
        return None if found is None or row is None else fitting(self._task, found, facts_of(self._ds, row))


def _checked_mode(mode: Mode) -> Mode:
    known = get_args(Mode)
    if mode not in known:
        raise QueryError(f"mode={mode!r} is none of {', '.join(known)}{did_you_mean(str(mode), known)}")
    return mode
