"""Whether what is asked can be asked of each example; told before anything is shown."""

from __future__ import annotations

import itertools
import reprlib
from collections.abc import Iterator, Sequence
from typing import Any

from nbtools.annotations.things import Thing, names_file, thing_of
from nbtools.errors import SchemaError, SourceError
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import Task

_DONE = {
    "picture": "is drawn on pictures",
    "text": "is marked in texts",
    "recording": "is marked in sound or video",
}
_GIVE = {
    "picture": "give paths of image files, their bytes, PIL images or arrays (H x W or H x W x 3), "
    "or a display_fn= that returns such a picture",
    "text": "give texts or paths of text files, or a display_fn= that returns the text",
    "recording": "give paths of sound or video files, or their bytes",
}
_KINDS = {"picture": ("image",), "text": ("text",), "recording": ("audio", "video")}
_LEAST = 2
_SHOWN = 60
# A list may be longer than anybody waits for, on a disk far away.
MOST_OPENED = 1_000
_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = _SHOWN


def refuse_unfit(task: Task, examples: Sequence[Any], *, shown: bool) -> None:
    """Refuse examples of which the task cannot be asked.

    Of files only the first are opened for it; the others are judged when they are shown.

    Parameters
    ----------
    task : Task
        What is asked.
    examples : sequence
        As they were given.
    shown : bool
        Whether an example is shown as what it is, and not by a function.

    Raises
    ------
    SourceError
        If there are such; it names the first.
    SchemaError
        If a function is to show what only the example itself can.
    """
    kind = kind_of(task.kind)
    drawn_on = kind.drawn_on(task)
    if drawn_on is None and kind.candidates(task) is None:
        return
    if drawn_on == "recording" and not shown:
        raise SchemaError(
            f"kind={task.kind!r} plays the examples themselves, and display_fn= shows something else: "
            f"leave it out, and {_GIVE[drawn_on]}"
        )
    judged = [(number, thing, unfit(task, thing, shown=shown)) for number, thing in _looked_at(examples, drawn_on)]
    refused = [(number, thing, why) for number, thing, why in judged if why is not None]
    if refused:
        number, thing, why = refused[0]
        whole = "" if len(judged) == len(examples) else " looked at"
        also = f" (so for {len(refused):,} of {len(judged):,} examples{whole})" if len(refused) > 1 else ""
        raise SourceError(f"example {number}, {_called(examples[number])}{_told(thing)}: {why}{also}")


def _looked_at(examples: Sequence[Any], drawn_on: str | None) -> Iterator[tuple[int, Thing]]:
    files = (number for number, one in enumerate(examples) if names_file(one, drawn_on))
    late = set(itertools.islice(files, MOST_OPENED, None))
    return ((number, thing_of(one, drawn_on)) for number, one in enumerate(examples) if number not in late)


def unfit(task: Task, thing: Thing, *, shown: bool) -> str | None:
    """Return why a task cannot be asked of an example, and what to do; None where it can.

    Parameters
    ----------
    task : Task
        What is asked.
    thing : Thing
        What the example is.
    shown : bool
        Whether it is shown as what it is; what a function shows is judged once it has.
    """
    columns = kind_of(task.kind).candidates(task)
    if columns is not None:
        lacking = [name for name in columns.of if thing.columns.get(name) in (None, "")]
        if len(columns.of) - len(lacking) < _LEAST:
            names = ", ".join(map(repr, columns.of))
            return f"kind {task.kind!r} is about {names}, and it has no {lacking[0]!r}: give dicts with these keys"
    return misdrawn(task, thing) if shown else None


def misdrawn(task: Task, thing: Thing) -> str | None:
    """Return why an editor cannot draw on something, and what to do; None where it can, or need not."""
    drawn_on = kind_of(task.kind).drawn_on(task)
    if drawn_on is None or thing.kind in _KINDS[drawn_on]:
        return None
    return f"kind {task.kind!r} {_DONE[drawn_on]}: {_GIVE[drawn_on]}"


def _called(example: Any) -> str:
    # reprlib cuts what is long before it is written, and says what cannot say itself.
    said = _repr.repr(example)
    return f"the {type(example).__name__} {said if len(said) <= _SHOWN else f'{said[: _SHOWN - 1]}…'}"


def _told(thing: Thing) -> str:
    if thing.why is not None:
        return f" ({thing.why})"
    return "" if thing.media is None else f" ({thing.media.media_type})"
