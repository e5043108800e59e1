"""`text`: a caption, a transcription, or the correction of a text that is there.

A value is the text itself: NFC, without carriage returns, and without space around it,
unless the task keeps it verbatim.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import ItemFacts, Kind
from nbtools.labels.kinds.settings import flag, optional_word, whole
from nbtools.labels.names import is_name

if TYPE_CHECKING:
    from nbtools.labels.task import Task

LONGEST = 100_000
ITEM = "item"
_SHOWN = 60


class Text(Kind):
    """Words that a person writes.

    Its settings:

    ``start`` : str, optional
        What stands in the field before anything is said: ``"item"`` for the item's own
        text, ``"attribute:<name>"`` for one of its attributes. Nothing unless given.
    ``lines`` : int
        How many lines the field shows; with 1 no line can be broken.
    ``longest`` : int
        Characters at most.
    ``empty`` : bool
        Whether no text at all is an answer ("nothing is said here").
    ``placeholder`` : str, optional
        What the empty field says.
    ``verbatim`` : bool
        Whether the text is kept as it was typed, with the space around it.
    """

    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"start": None, "lines": 3, "longest": 10_000, "empty": False, "placeholder": None, "verbatim": False}
    )

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type and in its range."""
        start = optional_word(settings, "start")
        where, _, name = (start or ITEM).partition(":")
        if not (start in (None, ITEM) or (where == "attribute" and is_name(name))):
            raise SchemaError(f'start={start!r}: the field starts with "item" or "attribute:<name>"')
        whole(settings, "lines", 1, 40)
        whole(settings, "longest", 1, LONGEST)
        flag(settings, "empty")
        flag(settings, "verbatim")
        optional_word(settings, "placeholder")
        return settings

    def attributes(self, task: Task) -> tuple[str, ...]:
        """Return the attribute that the field starts with, if it is one."""
        start = task.settings["start"] or ITEM
        return () if start == ITEM else (start.partition(":")[2],)

    def check(self, task: Task, value: Any, item: ItemFacts) -> str:
        """Return the text as it is kept."""
        if not isinstance(value, str):
            raise LabelError(f"{task.name!r} takes text, and {str(value)[:80]!r} is none: pass str(…) of it")
        text = value if task.settings["verbatim"] else _tidy(value)
        longest = task.settings["longest"]
        if len(text) > longest:
            raise LabelError(f"{task.name!r} takes {longest:,} characters at most, and this has {len(text):,}: cut it")
        if not text and not task.settings["empty"]:
            raise LabelError(f"{task.name!r} takes no empty text: write some, or skip the item")
        if task.settings["lines"] == 1 and "\n" in text:
            raise LabelError(f"{task.name!r} takes one line, and {text[:_SHOWN]!r} has more: join them")
        if any("\ud800" <= one <= "\udfff" for one in text):
            raise LabelError(f"{text[:_SHOWN]!r} holds half of a character: leave it out")
        return text

    def words(self, task: Task, value: Any) -> str:
        """Return the beginning of the text, on one line."""
        line = " ".join(str(value).split())
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _tidy(value: str) -> str:
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
