"""What is asked, by pigeon's rules: a list is options, a tuple a range of numbers, nothing a text. Pure."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from nbtools.errors import SchemaError, SourceError
from nbtools.items.ids import canonical
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.text import LONGEST
from nbtools.labels.options import Option
from nbtools.labels.task import Task, declare

TASK = "label"
_LONGEST = 200
_CHOICES = ("choice", "choices")
# As pigeon's field: any text is recorded as it was typed, none too.
_CAPTION = MappingProxyType({"empty": True, "longest": LONGEST, "verbatim": True})


@dataclass(frozen=True, slots=True)
class Mode:
    """What is asked of each example, and what an answer is recorded as.

    Attributes
    ----------
    task : Task
        As the page and the file have it.
    objects : mapping of str to object
        The option that was given, by its id. A page shows its text; the object itself
        is what is recorded.
    asked : tuple
        What was asked for beside the kind, by which the file is named: a later nbtools
        may write more settings with the task.
    """

    task: Task
    objects: Mapping[str, Any]
    asked: tuple[Any, ...]

    def label(self, value: Any) -> Any:
        """Return what is recorded for a value of the task.

        An option that only another run on the same file has is recorded as its text.
        """
        if self.task.kind not in _CHOICES:
            # The list is its owner's, who may change what is in it.
            return copy.deepcopy(value)
        if isinstance(value, list):
            return [self.objects.get(one, one) for one in value]
        return self.objects.get(value, value)


def mode_of(options: Any, kind: str | Mapping[str, Any] | None = None) -> Mode:
    """Return what is asked, by the options and, where it is given, the kind of task.

    Parameters
    ----------
    options : list, tuple or None
        As pigeon takes them; a subclass of list and an array count as a list.
    kind : str or mapping, optional
        The kind of task, where it is not the one that the options mean; a mapping holds
        it as ``kind``, beside settings of that kind.

    Raises
    ------
    SchemaError
        If the options mean nothing, or do not fit the kind.
    """
    meant = _meant(options)
    wanted, settings = _kind(kind, meant)
    if kind_of(wanted).has_options:
        if meant == "number":
            raise SchemaError(f"kind={wanted!r} takes a list of options, and options={repr(options)[:80]} is none")
        return _of_options(wanted, [] if options is None else list(options), settings)
    if meant not in (wanted, "text"):
        raise SchemaError(f"kind={wanted!r} takes other options than options={repr(options)[:80]}")
    if meant == "number":
        return _of_range(options, settings)
    of_kind = {**(_CAPTION if wanted == "text" else {}), **settings}
    task = declare(TASK, wanted, settings=of_kind)
    return Mode(task, {}, _asked(settings, task))


def _kind(given: str | Mapping[str, Any] | None, meant: str) -> tuple[str, dict[str, Any]]:
    if not isinstance(given, Mapping):
        return given or meant, {}
    settings = {str(name): value for name, value in given.items()}
    return settings.pop("kind", meant), settings


def _asked(settings: Mapping[str, Any], task: Task) -> tuple[Any, ...]:
    """Return what settings add to the name of a file: nothing where none is given, as it was before there were any."""
    try:
        canonical(dict(settings))
    except SourceError:
        # One holds what only Python has, such as bool for an attribute of shapes.
        settings = {name: task.settings[name] for name in settings}
    return (dict(settings),) if settings else ()


def _meant(options: Any) -> str:
    if options is None:
        return "text"
    if isinstance(options, tuple) and len(options) in (2, 3):
        return "number"
    if isinstance(options, list) or (hasattr(options, "__array__") and getattr(options, "ndim", 0) == 1):
        return "choice"
    raise SchemaError(
        f"options={repr(options)[:80]} is a {type(options).__name__}; give a list of options, "
        "a tuple (least, most) or (least, most, step) of numbers, or nothing for a text"
    )


def _of_options(kind: str, given: Sequence[Any], settings: Mapping[str, Any]) -> Mode:
    if not given and kind in _CHOICES:
        raise SchemaError("options is empty, so that nothing could be recorded: give a list of at least one option")
    objects = _told_apart(_distinct(given))
    task = declare(TASK, kind, [Option(name, name) for name in objects], settings=settings)
    return Mode(task, objects, (*objects, *_asked(settings, task)))


def _of_range(given: tuple[Any, ...], settings: Mapping[str, Any]) -> Mode:
    try:
        least, most, *step = (float(one) for one in given)
    except (TypeError, ValueError, OverflowError) as error:
        raise SchemaError(
            f"options={repr(given)[:80]} is a tuple, which means (least, most) or (least, most, step) of numbers; "
            "to have one of these chosen give a list"
        ) from error
    # pigeon goes by the first alone, and its slider of whole numbers then cannot hold what is not whole.
    integer = type(given[0]) is int and all(number.is_integer() for number in (least, most, *step))
    bounds = {"min": least, "max": most, "step": step[0] if step else None, "integer": integer}
    task = declare(TASK, "number", settings={**settings, **bounds})
    return Mode(task, {}, (integer, least, most, *step, *_asked(settings, task)))


def _distinct(given: Sequence[Any]) -> list[Any]:
    # The same option twice is offered once; 1 and True, which are equal, are two.
    found: list[Any] = []
    for one in given:
        if not any(one is other or (type(one) is type(other) and _equal(one, other)) for other in found):
            found.append(one)
    return found


def _equal(one: object, other: object) -> bool:
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001 -- an object may compare as it likes, arrays among them do not
        return False


def _told_apart(given: Sequence[Any]) -> dict[str, Any]:
    texts = [_line(str(one)) or _line(repr(one)) for one in given]
    twice = Counter(texts)
    texts = [_line(repr(one)) if twice[text] > 1 else text for one, text in zip(given, texts, strict=True)]
    named: dict[str, Any] = {}
    for one, text in zip(given, texts, strict=True):
        name, number = text, 1
        while name in named:
            number += 1
            name = f"{text} ({number})"
        named[name] = one
    return named


def _line(text: str) -> str:
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 10]}…"
