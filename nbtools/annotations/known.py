"""What is known of the examples of a session: looked at when they are first shown, and once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from nbtools.annotations.things import Thing, measured, thing_of
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts
from nbtools.labels.task import Task

_AT_ONCE = (str, Mapping)


class Things:
    """What each example is.

    Parameters
    ----------
    examples : sequence
        In the order in which they are shown.
    task : Task
        What is asked.
    shown : bool
        Whether an example is shown as what it is, and not by a function. What that shows
        is what an editor draws on, and only known once it has.
    """

    def __init__(self, examples: Sequence[Any], task: Task, *, shown: bool) -> None:
        kind = kind_of(task.kind)
        self._examples = examples
        self._shown = shown
        self._drawn_on = kind.drawn_on(task)
        self._known: dict[int, Thing] = {}
        self._showed: dict[int, Thing] = {}
        self._look: Callable[[Any], Thing] = partial(thing_of, drawn_on=self._drawn_on) if shown else _of_columns

    def of(self, position: int) -> Thing:
        """Return what an example is, with its size or duration; its file may be read for it."""
        known = self._found(position)
        # A file that could not be read may be back.
        if known is None or known.why is not None:
            known = self._known[position] = measured(self._look(self._examples[position]))
        return known

    def at_once(self, position: int) -> Thing | None:
        """Return what `of` does where no file has to be read for it, None elsewhere."""
        named = self._shown and self._drawn_on is not None
        if isinstance(self._examples[position], _AT_ONCE) and not named:
            return self.of(position)
        return self._found(position)

    def showed(self, position: int, thing: Thing) -> None:
        """Take in what a function has shown of an example, and an editor draws on."""
        self._showed[position] = replace(thing, columns=self.of(position).columns)

    def facts(self, position: int) -> ItemFacts:
        """Return what a value about an example can be checked against."""
        # A label may come before what it was drawn on was shown again: then only its form is judged.
        unseen = self._drawn_on is not None and not self._shown and position not in self._showed
        return UNKNOWN if unseen else self.of(position).facts

    def _found(self, position: int) -> Thing | None:
        return self._showed.get(position) or self._known.get(position)


def _of_columns(example: Any) -> Thing:
    """Return what an example is of which a function shows something else: its columns count all the same."""
    return thing_of(example) if isinstance(example, _AT_ONCE) else Thing("other")
