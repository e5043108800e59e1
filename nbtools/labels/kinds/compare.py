"""`compare`: which of two candidates is the better one.

A value is ``{"better": "a"|"b"|"tie"|"bad", "left": "a"|"b", "strength": 1…}``: `a` is the
first column that the task names and `b` the second. `left` says which of them stood on the
left, or above, as it was drawn by chance; it is there where it is known, and no part of the
answer. `strength` is there where the task asks for it and one is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import UNKNOWN, Columns, ItemFacts, Kind
from nbtools.labels.kinds.candidates import SHOWS, columns, missing, present
from nbtools.labels.kinds.settings import flag, one_of

if TYPE_CHECKING:
    from nbtools.labels.task import Task

SIDES = ("a", "b")
_KEYS = ("better", "left", "strength")
_MOST_STRENGTHS = 4


class Compare(Kind):
    """The better one of two.

    Its settings:

    ``of`` : list of str
        The two columns of a row, or attributes of an item, that are compared. The other
        columns, such as a prompt, stand above them.
    ``shows`` : {"text", "items"}
        What the columns hold: text, or ids or paths of other items of the dataset, such
        as pictures.
    ``tie``, ``bad`` : bool
        Whether "as good as each other" and "both bad" are answers.
    ``strength`` : list of str, optional
        How much better one can be, from the least, such as ``["slightly", "much"]``.
    """

    needs_item: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"of": None, "shows": "text", "tie": True, "bad": True, "strength": None}
    )

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type."""
        one_of(settings, "shows", SHOWS)
        flag(settings, "tie")
        flag(settings, "bad")
        return settings | {"of": columns(settings, most=2), "strength": _strengths(settings["strength"])}

    def attributes(self, task: Task) -> tuple[str, ...]:
        """Return the names of the candidates, which may be attributes."""
        return tuple(task.settings["of"])

    def candidates(self, task: Task) -> Columns | None:
        """Return the columns of the candidates."""
        return Columns(tuple(task.settings["of"]), task.settings["shows"])

    def check(self, task: Task, value: Any, item: ItemFacts) -> dict[str, Any]:
        """Return the answer as it is kept; a word alone is taken, and the name of a column for its letter."""
        given = value if isinstance(value, Mapping) else {"better": value}
        for key in given:
            if key not in _KEYS:
                raise LabelError(f"{task.name!r}: there is no {str(key)[:80]!r}; there are {', '.join(_KEYS)}")
        better = _word(task, given.get("better"))
        left = given.get("left")
        if left is not None and left not in SIDES:
            raise LabelError(f"{task.name!r}: left is {str(left)[:80]!r}: it is 'a' or 'b', or left out if unknown")
        strength = _strength(task, better, given.get("strength"))
        if item is not UNKNOWN and len(present(task, item)) < len(SIDES):
            raise missing(task, item)
        said = {"better": better, "left": left, "strength": strength}
        return {key: one for key, one in said.items() if one is not None}

    def answer(self, value: Any) -> Any:
        """Return the value without the side."""
        return {key: one for key, one in value.items() if key != "left"}

    def truth(self, value: Any) -> Any:
        """Return the value without the side."""
        return self.answer(value)

    def words(self, task: Task, value: Any) -> str:
        """Return the column that is better, and by how much."""
        better = value["better"]
        if better not in SIDES:
            return "both bad" if better == "bad" else "tie"
        column: str = task.settings["of"][SIDES.index(better)]
        strengths, strength = task.settings["strength"] or [], value.get("strength")
        named = isinstance(strength, int) and 0 < strength <= len(strengths)
        return f"{column}, {strengths[strength - 1]}" if named else column


def _strengths(given: object) -> list[str] | None:
    if given is None:
        return None
    words = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else []
    fits = all(isinstance(one, str) and 0 < len(one) <= 40 and one.isprintable() for one in words)
    if not (fits and 2 <= len(words) <= _MOST_STRENGTHS and len(set(words)) == len(words)):
        raise SchemaError(
            f'strength={repr(given)[:80]}: it is 2 to {_MOST_STRENGTHS} words from the least, as ["slightly", "much"]'
        )
    return words


def _word(task: Task, given: object) -> str:
    first, second = task.settings["of"]
    words = {"a": "a", "b": "b"} | {name: name for name in ("tie", "bad") if task.settings[name]}
    # A column that is called as one of the words is known by its letter.
    found = ({first: "a", second: "b"} | words).get(given) if isinstance(given, str) else None
    if found is None:
        raise LabelError(
            f"{task.name!r}: {str(given)[:80]!r} is not better; one of {', '.join(map(repr, words))} is "
            f"('a' is {first!r}, 'b' is {second!r})"
        )
    return found


def _strength(task: Task, better: str, given: object) -> int | None:
    strengths = task.settings["strength"] or []
    if isinstance(given, str) and given in strengths:
        return strengths.index(given) + 1
    if better not in SIDES or not strengths:
        if given is not None:
            why = "the task has no strength=" if not strengths else f"{better!r} is of no strength"
            raise LabelError(f"{task.name!r}: strength is {str(given)[:80]!r}, and {why}: leave it out")
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given <= len(strengths):
        raise LabelError(
            f"{task.name!r}: strength is {str(given)[:80]!r}: it is 1 to {len(strengths)} ({', '.join(strengths)})"
        )
    return given
