"""What a call of annotate comes to: checked as a whole before anything is shown or written."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbtools.annotations.file import ActFile, default_name
from nbtools.annotations.fitting import refuse_unfit
from nbtools.annotations.modes import Mode, mode_of
from nbtools.annotations.naming import caption, form, ids_by_content, ids_by_key
from nbtools.annotations.session import Example, ExampleSession
from nbtools.annotations.things import OF_FILES
from nbtools.dataset.person import Person
from nbtools.errors import SourceError
from nbtools.labels.kinds import kind_of
from nbtools.storage import new_ulid

Key = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Call:
    """What annotate was called with; `nbtools.annotate` says what each is."""

    examples: Sequence[Any]
    mode: Mode
    shuffle: bool
    skip: bool
    save: str | os.PathLike[str] | None
    key: Key | None
    shown: bool

    def begin(self, who: Person) -> ExampleSession:
        """Return the session, which goes on where the file ends.

        Raises
        ------
        SourceError
            If the task cannot be asked of an example, the examples cannot be told apart, or
            the file cannot be gone on with.
        SchemaError
            If the file holds labels that do not fit what is asked.
        """
        refuse_unfit(self.mode.task, self.examples, shown=self.shown)
        ids = _ids(self.examples, self.key, needed=self.save is not None)
        file = None if ids is None else ActFile(self._path(ids))
        # With the same seed it is pigeon's order; ids are made before, so that they do not change with it.
        order = list(range(len(self.examples)))
        if self.shuffle:
            random.shuffle(order)
        known = ids or [hashlib.sha256(f"{new_ulid()} {number}".encode()).hexdigest()[:32] for number in order]
        made = [self._example(number, known[number]) for number in order]
        return ExampleSession(made, self.mode, who, file, skip=self.skip, shown=self.shown)

    def _path(self, ids: Sequence[str]) -> Path:
        return Path(default_name(self.mode, ids) if self.save is None else self.save)

    def _example(self, number: int, id: str) -> Example:
        value = self.examples[number]
        key = None if self.key is None else str(self.key(value))
        # What is drawn on is a file where it is named by a text.
        shown = self.shown and kind_of(self.mode.task.kind).drawn_on(self.mode.task) not in OF_FILES
        return Example(id, value, caption(value, number, shown=shown) if key is None else key, key)


def call_of(
    examples: Iterable[Any],
    options: Any,
    *,
    shuffle: bool,
    skip: bool,
    save: str | os.PathLike[str] | None,
    key: Key | None,
    kind: str | Mapping[str, Any] | None,
    shown: bool,
) -> Call:
    """Return a call, its words checked.

    Parameters
    ----------
    examples, options, shuffle, skip, save, key, kind
        As annotate was given them.
    shown : bool
        Whether an example is shown as what it is, and not by a function.

    Raises
    ------
    SchemaError
        If the options mean nothing, or do not fit the kind.
    """
    return Call(list(examples), mode_of(options, kind), shuffle, skip, save, key, shown)


def _ids(examples: Sequence[Any], key: Key | None, *, needed: bool) -> list[str] | None:
    if key is not None:
        return ids_by_key(examples, key)
    ids = ids_by_content(examples)
    if ids is None and needed:
        for number, example in enumerate(examples):
            try:
                form(example)
            except SourceError as error:
                raise SourceError(f"example {number} cannot be saved: {error}") from error
    return ids
