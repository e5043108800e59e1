"""What every kind of task says of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from nbtools.errors import SchemaError, did_you_mean

if TYPE_CHECKING:
    from nbtools.labels.task import Task

_ELSE = ("options", "title")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is known of the item that a value is about.

    Attributes
    ----------
    kind : str
        image, text, audio, video, record or other; "unknown" where the item is not at
        hand, so that only the form of a value is judged.
    width, height : int or None
        Pixels of the upright original.
    duration : float or None
        Seconds.
    read_text : callable
        Returns the text as the page shows it, None where there is none. It may read a file.
    read_columns : callable
        Returns the item's attributes and, of a row of a table, its columns, by name.
    """

    kind: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    read_text: Callable[[], str | None] = lambda: None
    read_columns: Callable[[], Mapping[str, Any]] = dict


UNKNOWN = ItemFacts("unknown")


class Columns(NamedTuple):
    """Columns of an item that are shown beside each other.

    Attributes
    ----------
    of : tuple of str
        Their names: columns of a row, or attributes of an item.
    shows : str
        What they hold: "text", or "items" for ids or paths of other items.
    """

    of: tuple[str, ...]
    shows: str


def text_hash(text: str) -> str:
    """Return the first 32 hex digits of the SHA-256 of a text in UTF-8, by which a span knows its text again."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


class Kind:
    """One kind of task. What a subclass leaves as it is holds for answers without options.

    Attributes
    ----------
    has_options : bool
        Whether a task of it has options.
    needs_options : bool
        Whether at least one of them has to be there that can be chosen.
    needs_item : bool
        Whether a value is checked against its item.
    has_fields : bool
        Whether a task of it is made of others, its fields, whose options lie in its settings.
    draws : str or None
        What its editor draws on or plays, so that there is room for one of it: a "picture",
        a "text" or a "recording".
    defaults : mapping
        The settings there are, each with the value it has unless given. A default is
        written with the task, so that it may change later; None is not.
    """

    has_options: ClassVar[bool] = False
    needs_options: ClassVar[bool] = True
    needs_item: ClassVar[bool] = False
    has_fields: ClassVar[bool] = False
    draws: ClassVar[str | None] = None
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings as they are kept: every one there is, as what JSON can hold.

        Parameters
        ----------
        given : mapping
            Some of them, by name.

        Raises
        ------
        SchemaError
            If one is unknown or cannot be so.
        """
        for name in given:
            if name not in self.defaults:
                known = (*self.defaults, *_ELSE)
                hint = did_you_mean(str(name), known)
                raise SchemaError(f"there is no {str(name)[:80]!r}; there are {', '.join(known)}{hint}")
        return self.checked({**self.defaults, **given})

    def read(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings that were written; what a newer nbtools wrote is kept as it is.

        Raises
        ------
        SchemaError
            If one that this one can judge cannot be so.
        """
        known = {name: value for name, value in kept.items() if name in self.defaults}
        return {**kept, **self.settings(known)}

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return settings, all of which are there, as they are kept; a subclass says what they may be.

        Raises
        ------
        SchemaError
            If one cannot be so, or they do not fit each other.
        """
        return settings

    def fits(self, task: Task) -> None:
        """Refuse options and settings that do not fit each other.

        Raises
        ------
        SchemaError
            If they do not.
        """

    def attributes(self, task: Task) -> tuple[str, ...]:
        """Return the names of the attributes of an item that its editor needs."""
        return ()

    def drawn_on(self, task: Task) -> str | None:
        """Return what an item has to be for the task's editor: as `draws`, None where it can be anything."""
        return self.draws

    def candidates(self, task: Task) -> Columns | None:
        """Return the columns of an item whose values stand beside each other, where it is about such."""
        return None

    def check(self, task: Task, value: Any, item: ItemFacts) -> Any:
        """Return a value as it is kept: plain JSON, the same for equal answers.

        Parameters
        ----------
        task : Task
            What is answered.
        value : object
            The answer, from a browser or from Python: nothing of it is believed.
        item : ItemFacts
            What it is about. Of `UNKNOWN`, and where `needs_item` is false, nothing is
            known: then only the form is judged.

        Raises
        ------
        LabelError
            If it is no answer: what is wrong, where, and what to do.
        """
        raise NotImplementedError

    def answer(self, value: Any) -> Any:
        """Return what of a kept value is the answer: equal for all that say the same.

        What was only drawn or counted up on the way (the id of a shape, the side on which
        something stood) is left out; agreement, majority and what became of a suggestion go by this.
        """
        return value

    def truth(self, value: Any) -> Any:
        """Return the value that a version holds for the item: without what is only of the person who gave it."""
        return value

    def used(self, value: Any) -> frozenset[str]:
        """Return the ids of the options that a kept value holds."""
        return frozenset()

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return a kept value in which some options have become others.

        Parameters
        ----------
        task : Task
            What is answered.
        value : object
            A value as it is kept.
        into : mapping of str to str
            The id of an option → the id of the one that takes its place.
        """
        return value

    def words(self, task: Task, value: Any) -> str:
        """Return a kept value in a few words, for tables."""
        return str(value)
