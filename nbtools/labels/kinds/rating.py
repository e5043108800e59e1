"""`rating`: how good, how bad, how sure, on a scale of a few levels.

A value is an int: the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import ItemFacts, Kind
from nbtools.labels.kinds.settings import whole

if TYPE_CHECKING:
    from nbtools.labels.task import Task

_LONGEST = 60


class Rating(Kind):
    """One of a few levels in a row.

    Its settings:

    ``min``, ``max`` : int
        The lowest level, 0 or 1, and the highest, up to 10.
    ``words`` : list of str, optional
        What the levels are called: one word for each, or two for the lowest and the
        highest.
    """

    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({"min": 1, "max": 5, "words": None})

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type, with a word for each level or none."""
        least = whole(settings, "min", 0, 1)
        levels = whole(settings, "max", least + 1, 10) - least + 1
        words = settings["words"]
        if words is None:
            return settings
        if not isinstance(words, list | tuple) or not all(
            isinstance(word, str) and 0 < len(word) <= _LONGEST and word.isprintable() for word in words
        ):
            raise SchemaError(f"words={words!r:.80}: they are texts on one line, of at most {_LONGEST} characters")
        if len(words) not in (2, levels):
            raise SchemaError(f"words={words!r:.80}: there are 2 of them, or {levels}, one for each level")
        return {**settings, "words": list(words)}

    def check(self, task: Task, value: Any, item: ItemFacts) -> int:
        """Return the level; a text that is one is taken, as tables have them."""
        least, most = task.settings["min"], task.settings["max"]
        if isinstance(value, str) and value.isascii() and value.strip().isdigit():
            value = int(value[:9])
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in range(least, most + 1):
            raise LabelError(f"{task.name!r} is a whole number from {least} to {most}, not {str(value)[:80]!r}")
        return int(value)

    def words(self, task: Task, value: Any) -> str:
        """Return the level, of how many, and what it is called."""
        least, most, words = (task.settings[name] for name in ("min", "max", "words"))
        named = words is not None and len(words) == most - least + 1
        return f"{value} of {most}" + (f", {words[value - least]}" if named and least <= value <= most else "")
