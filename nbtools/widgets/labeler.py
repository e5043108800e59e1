"""The Labeler: one item at a time, a key for each label, and nothing lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from nbtools.dataset.session import Session
from nbtools.dataset.tasks import found
from nbtools.errors import UnknownItemError
from nbtools.labels.kinds import kind_of
from nbtools.orders.wanted import Wanted
from nbtools.widgets._base import dataset
from nbtools.widgets.candidates import Candidates
from nbtools.widgets.cards import brief, card
from nbtools.widgets.content import Content
from nbtools.widgets.copies import item_peaks, screen_copy
from nbtools.widgets.display import Display, DisplayItem, Displays
from nbtools.widgets.identity import identify
from nbtools.widgets.labeling import LabelingWidget
from nbtools.widgets.payload import Files, View
from nbtools.widgets.waiting import Waiting

if TYPE_CHECKING:
    import pandas as pd

    from nbtools.dataset import Dataset
    from nbtools.labels.task import Task
    from nbtools.orders import Column, Context, Order, Shuffled


class Labeler(LabelingWidget):
    """Label the items of a dataset, by key, for one task.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    task : str or Task
        The task, as declared by ``ds.task(…)``.
    items : sequence of str, optional
        Ids of the items to label; all unless given.
    where : str, optional
        A condition on columns and attributes, such as ``"site = 'north'"``.
    mode : {"new", "review"}
        "new" offers what is not labeled yet; "review" what is, to be confirmed.
    show : sequence of str
        Attributes to show beside the item.
    display : callable, optional
        Makes what is shown of an item: gets a `DisplayItem`, returns an array, a PIL
        image, the bytes of an image file, text, or a matplotlib figure.
    show_suggestions : bool or str
        Whether what models propose (``ds.suggest``) is shown: False, so that nobody is
        led by it, or the name of one model. The page never counts it as said.
    annotator : str, optional
        Who labels; from the environment unless given, else the page asks.
    order : str, callable or object, optional
        In which order: "sequential", "shuffled", "column:NAME", "least_confident", "margin",
        "entropy", "disagreement", an object of `nbtools.orders`, or a function
        ``rank(ids, context)``. A ranking that fails leaves the order as it is; the page says so.
    every : int or None
        After so many labels the rest is ranked anew, in the background; None for never.
    random_share : float
        What part is drawn at random, such as .1.
    gold : True, mapping or sequence of str, optional
        Items with known answers, mixed in unseen: all adjudicated ones, a mapping of item to
        answer, or ids. ``ds.gold(task)`` tells how they were answered. Unless `order` is
        given, items come at random then: in their own order gold could be told by its name.
    gold_share : float
        What part of all they are.
    **options : object
        `layout`, `tooltip` and `tabbable`, as of any widget.

    Raises
    ------
    TypeError
        If a keyword is unknown (the nearest known one is named), or `ds` is no dataset.
    SchemaError
        If there is no such task.
    QueryError
        If `where` can't be evaluated, or there is no such `mode`.
    OrderError
        If there is no such order, share or gold.

    Examples
    --------
    >>> nbtools.Labeler(ds, "species", show=["site"])  # doctest: +SKIP
    """

    def __init__(
        self,
        ds: Dataset,
        task: str | Task,
        items: Sequence[str] | None = None,
        where: str | None = None,
        mode: Literal["new", "review"] = "new",
        show: Sequence[str] = (),
        display: Display | None = None,
        annotator: str | None = None,
        *,
        show_suggestions: bool | str = True,
        order: str | Callable[[Sequence[str], Context], Any] | Order | Column | Shuffled | None = None,
        every: int | None = 50,
        random_share: float = 0.0,
        gold: Literal[True] | Mapping[str, Any] | Sequence[str] | None = None,
        gold_share: float = 0.05,
        **options: object,
    ) -> None:
        self._ds = dataset(ds)
        name = task if isinstance(task, str) else task.name
        self._refuse_unknown(options)
        who = identify(annotator)
        _read(ds)
        wanted = Wanted(order, every, random_share, gold, gold_share)
        of_person = partial(Session, ds, name, annotator=who.name, identity=who.how, wanted=wanted)
        session = of_person(
            items=None if items is None else list(items),
            where=where,
            mode=mode,
            show=tuple(show),
            show_suggestions=show_suggestions,
            tell=self._say_order,
        )
        self._displays = None if display is None else Displays(display)
        self._path = session.path
        self._files = Files(session.path, partial(screen_copy, ds), peaks=partial(item_peaks, ds))
        self._candidates = Candidates(ds, session.path)
        super().__init__(session, name, **options)

    @property
    def labels(self) -> pd.DataFrame:
        """All current labels of the task: one row per item and annotator."""
        return self._ds.labels(self._task)

    def goto(self, id: str) -> None:
        """Show an item in every open page of this widget.

        Parameters
        ----------
        id : str
            The item's id, or a beginning of it that only one item has.

        Raises
        ------
        UnknownItemError
            If there is no such item.
        """
        view = self._session.item(id=self._ds._index.find(id))  # noqa: SLF001 -- a page gives whole ids, a person not
        self._say("goto", position=view["position"], id=view["id"])

    def _say_order(self) -> None:
        self._say_opened(self._session.describe())

    def _summary(self) -> str:
        counts = self._session.counts()
        done = counts["total"] - counts["left"]
        return f"Labeler · {self._task} · {done:,} of {counts['total']:,}"

    def _content(self, view: View) -> Content:
        task = found(self._ds, self._task)
        columns = kind_of(task.kind).candidates(task)
        item = self._item_content(view)
        return item if columns is None else self._candidates.beside(columns, view, item)

    def _card(self, view: View) -> Content:
        row = self._ds._index.item(view["id"])  # noqa: SLF001 -- the session tells a page less than this
        if self._displays is not None or row is None:
            return self._content(view)
        if row.kind in ("text", "record"):
            return brief(self._files.of(view))
        made = card(self._ds, dataclasses.asdict(row))
        # Of sound and film there is no small picture.
        return made if made.fields else Content({"text": row.kind})

    def _item_content(self, view: View) -> Content:
        if self._displays is None:
            return self._files.of(view)
        return self._displays.of(str(view["id"]), partial(self._display_item, view))

    def _display_item(self, view: View) -> DisplayItem:
        row = self._ds._index.item(view["id"])  # noqa: SLF001 -- the session tells a page less than this
        if row is None:
            raise UnknownItemError(f"{view['id']} is gone from the dataset")
        return DisplayItem(row.id, self._path(row.id), row.kind, row.attributes, row.sources)

    def _chunk(self, item: str, start: int) -> tuple[bytes, int]:
        return self._files.chunk(item, start)

    def _peaks(self, item: str) -> bytes:
        return self._files.peaks(item)


def _read(ds: Dataset) -> None:
    waiting = Waiting("Reading the dataset")
    ds._index.refresh(waiting)  # noqa: SLF001 -- the session does it too, but says nothing meanwhile
    waiting.over()
