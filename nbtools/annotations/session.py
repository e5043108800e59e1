"""What a page talks to when examples are annotated: a session in memory, and perhaps a file behind it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from nbtools.annotations.file import ActFile
from nbtools.annotations.known import Things
from nbtools.annotations.living import LivingList
from nbtools.annotations.memory import Memory
from nbtools.annotations.modes import Mode
from nbtools.annotations.schema import Schemas
from nbtools.annotations.things import Thing
from nbtools.dataset.answering import Answering
from nbtools.dataset.gridding import Gridding
from nbtools.dataset.person import Person
from nbtools.dataset.progress import Progress, refuse_unknown
from nbtools.dataset.session import CHUNK, Page
from nbtools.dataset.views import shown_task, views
from nbtools.errors import UnknownItemError
from nbtools.labels.act import Act
from nbtools.labels.kinds.base import ItemFacts
from nbtools.storage import new_ulid
from nbtools.store.rows import ItemRow

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Example:
    """One example, as it was given.

    Attributes
    ----------
    id : str
        What it is known by.
    value : object
        The object itself.
    name : str
        The line below it.
    key : str or None
        What its `key=` function says of it.
    """

    id: str
    value: Any
    name: str
    key: str | None = None

    @property
    def noted(self) -> str:
        """What the file says of it, so that who reads the file knows it again."""
        said = self.key if self.key is not None else _text(self.value)
        return said[:_LONGEST]


class ExampleSession:
    """What a person sees and does with some examples; it has the interface of a dataset's session.

    Parameters
    ----------
    examples : sequence of Example
        In the order in which they are shown.
    mode : Mode
        What is asked.
    who : Person
        Who labels.
    file : ActFile, optional
        Where labels are saved; nowhere unless given.
    skip : bool
        Whether the page offers to skip; what cannot be shown it lets be skipped all the same.
    shown : bool
        Whether an example is shown as what it is, and not by a function.

    Raises
    ------
    SchemaError
        If the file holds labels that do not fit what is asked.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        mode: Mode,
        who: Person,
        file: ActFile | None = None,
        *,
        skip: bool = True,
        shown: bool = True,
    ) -> None:
        self._lock = threading.RLock()
        self._examples = list(examples)
        self._who = who
        self._file = file
        self._skip = skip
        self._memory = Memory([_row(position, one) for position, one in enumerate(examples)])
        self._list = LivingList()
        self._lines = 0
        read = [] if file is None else file.new()
        told = self._memory.take(read)
        self._schemas = Schemas(mode, read, self._memory.current(), None if file is None else file.path)
        self._mode = self._schemas.mode
        self._id = (
            f"annotate-{new_ulid() if file is None else hashlib.sha256(str(file.path).encode()).hexdigest()[:26]}"
        )
        self._things = Things([one.value for one in examples], self._mode.task, shown=shown)
        self._answering = Answering(self._memory, self._append, self._follow, self._facts)
        self._progress = Progress(self._memory, self._mode.task.name, items=None, where=None)
        self._gridding = Gridding(self._progress)
        self._mirror(told)

    @property
    def annotations(self) -> list[tuple[Any, Any]]:
        """The pairs of example and label: one list, that follows what is said."""
        return self._list.pairs

    @property
    def saves(self) -> bool:
        """Whether labels are saved in a file."""
        return self._file is not None

    def describe(self) -> dict[str, Any]:
        """Return all that a front end needs to know before the first item."""
        with self._lock:
            title = "not saved: only in this kernel's memory" if self._file is None else f"saved in {self._file.shown}"
            return {
                "dataset": {"id": self._id, "name": "annotate"},
                "task": {**shown_task(self._mode.task), "title": title},
                "annotator": self._who.describe(),
                "mode": "new",
                "counts": self.counts(),
                "show": [],
                "chunk": CHUNK,
                "saves": self.saves,
                "skips": self._skip,
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

    def counts(self) -> dict[str, int]:
        """Return how many examples there are in all, labeled, skipped and left."""
        with self._lock:
            self._follow()
            return self._progress.counts()

    def fetch(self, cursor: Sequence[int] | None, count: int) -> Page:
        """Return the next examples to label, and after them those that were skipped."""
        with self._lock:
            self._follow()
            found = self._progress.page(cursor, count)
            rows = self._memory.rows_at(found.positions)
            return Page(self._views(rows, again=found.again), found.cursor, found.exhausted)

    def grid(self, start: int, count: int, *, unlabeled: bool, fresh: bool) -> tuple[list[dict[str, Any]], int]:
        """Return some examples by their place, and how many there are; see `Gridding.page`."""
        with self._lock:
            self._follow()
            positions, total = self._gridding.page(start, count, unlabeled=unlabeled, fresh=fresh)
            return self._views(self._memory.rows_at(positions), again=False), total

    def item(self, *, id: str | None = None, position: int | None = None) -> dict[str, Any]:
        """Return one example, by its id or its position.

        Raises
        ------
        UnknownItemError
            If it is not there.
        """
        with self._lock:
            self._follow()
            row = self._memory.item(id) if id is not None else self._memory.at(-1 if position is None else position)
            if row is None:
                raise refuse_unknown(id if id is not None else position)
            return self._views([row], again=False)[0]

    def example(self, position: int) -> Any:
        """Return the object at a position."""
        return self._examples[position].value

    def position(self, id: str) -> int:
        """Return where an example is.

        Raises
        ------
        UnknownItemError
            If it is not there.
        """
        row = self._memory.item(id)
        if row is None:
            raise refuse_unknown(id)
        return row.position

    def thing(self, position: int) -> Thing:
        """Return what the example at a position is; as its file may be read, nothing waits for it meanwhile."""
        return self._things.of(position)

    def showed(self, position: int, thing: Thing) -> None:
        """Say what a function has shown of an example, for labels that are drawn on that."""
        self._things.showed(position, thing)

    def picture(self, path: str) -> bytes:
        """Return no image: examples come without guidelines.

        Raises
        ------
        UnknownItemError
            Always.
        """
        raise UnknownItemError(f"{path[:200]!r} is no picture of these guidelines")

    def record(self, acts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Take acts; those that are saved are on the disk on return, and in the list."""
        with self._lock:
            self._follow()
            return self._answering.take(acts, self._mode.task, self._schemas.get, self._who)

    def _append(self, new: Sequence[Act]) -> None:
        if self._file is not None:
            noted = [self._noted(act) for act in new]
            self._file.append([*self._schemas.unsaved(), *noted] if noted else [])
            self._schemas.saved()
            return
        numbered = [replace(act, line=self._lines + number) for number, act in enumerate(new)]
        self._lines += len(numbered)
        self._mirror(self._memory.take(numbered))

    def _noted(self, act: Act) -> Act:
        row = self._memory.item(act.item or "")
        return act if row is None else replace(act, extra={"example": self._examples[row.position].noted})

    def _follow(self) -> None:
        if self._file is not None:
            self._mirror(self._memory.take(self._file.new()))
        self._progress.follow(self._who.name)

    def _mirror(self, positions: Sequence[int]) -> None:
        said = [(position, self._memory.said(position)) for position in positions]
        for position, now in sorted(said, key=lambda one: -1 if one[1] is None else one[1].began):
            if now is None:
                self._list.drop(position)
            else:
                self._list.put(position, now, self._examples[position].value, self._mode.label(now.value))

    def _views(self, rows: Sequence[ItemRow], *, again: bool) -> list[dict[str, Any]]:
        known = [self._known(row) for row in rows]
        return views(self._memory, known, self._mode.task, self._who.name, (), review=False, again=again)

    def _known(self, row: ItemRow) -> ItemRow:
        thing = self._things.at_once(row.position)
        return row if thing is None else replace(row, **thing.shown, text=thing.text, attributes=thing.columns)

    def _facts(self, row: ItemRow) -> ItemFacts:
        return self._things.facts(row.position)


def _row(position: int, example: Example) -> ItemRow:
    return ItemRow(
        position=position, id=example.id, kind="other", media_type=None, path=None, recipe=0, row=None, text=None,
        bytes=None, width=None, height=None, duration=None, sha256=None, content=None, sources=(example.name,),
        attributes={}, excluded=False,
    )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, PurePath):
        return value.as_posix()
    return str(value[:_LONGEST] if isinstance(value, str | bytes | bytearray) else value)
