"""What a task is: a question, its kind, and what that kind needs to be known to answer it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nbtools.errors import NewerFormatError, SchemaError
from nbtools.labels.kinds import KINDS, is_kind, kind_of
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts
from nbtools.labels.names import check_name
from nbtools.labels.options import OPTION_KEYS, Option, check_options, given, listed, option_of

_SHOWN = 20


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """A question asked of every item.

    Attributes
    ----------
    name : str
        A column name.
    kind : str
        What answers it: one of `nbtools.labels.kinds.KINDS`.
    options : tuple of Option
        In the order in which they are shown; none where the kind has none.
    schema : int
        Counted up by each change, from 1.
    title : str or None
        The question as people see it.
    settings : dict
        What else its kind needs to be known, as what JSON can hold.
    guidelines : str or None
        How to answer, as Markdown; part of the schema, so that a label names what was shown.
    """

    name: str
    kind: str
    options: tuple[Option, ...]
    schema: int = 1
    title: str | None = None
    settings: dict[str, Any] = field(default_factory=dict, hash=False)
    guidelines: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the task as what JSON can hold; what is not set is left out."""
        options = [{key: _plain(value) for key, value in asdict(option).items() if value} for option in self.options]
        settings = {key: value for key, value in self.settings.items() if value is not None}
        found = {"name": self.name, "kind": self.kind, "schema": self.schema, "title": self.title}
        found |= {"options": options, "settings": settings or None, "guidelines": self.guidelines}
        return {key: value for key, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, found: Any) -> Task:
        """Return the task that `to_json` wrote; keys it does not know are passed over.

        Raises
        ------
        SchemaError
            If it is not such a thing.
        NewerFormatError
            If this nbtools does not know its kind.
        """
        try:
            options = tuple(option_of({k: v for k, v in one.items() if k in OPTION_KEYS}) for one in found["options"])
            schema, title, kept = found.get("schema", 1), found.get("title"), dict(found.get("settings") or {})
            guidelines = found.get("guidelines")
            whole = isinstance(schema, int) and schema >= 1 and isinstance(title, str | None)
            whole = whole and isinstance(guidelines, str | None)
            name, kind = check_name(found["name"], "task"), found["kind"]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SchemaError(f"this is no task: {str(found)[:200]} ({type(error).__name__} {error})") from error
        if not is_kind(kind):
            raise NewerFormatError(
                f"{name!r} is of kind {str(kind)[:80]!r}, which this nbtools does not know "
                f"(it knows {', '.join(KINDS)}): open the dataset with a newer one"
            )
        if not whole:
            raise SchemaError(f"this is no task of kind {kind!r}: {str(found)[:200]}")
        return cls(name, kind, fitting(kind, options), schema, title, kind_of(kind).read(kept), guidelines)

    def __repr__(self) -> str:
        """Say what is asked, and the next sensible call."""
        return f'{self.asked}\nnext: nbtools.Labeler(ds, "{self.name}")'

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    @property
    def asked(self) -> str:
        """What is asked, in one line: its name and kind, and the options, or the fields of a form."""
        names = [option.name for option in self.offered] or [field["name"] for field in self.settings.get("fields", ())]
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        return f"{self.name} ({self.kind}, schema {self.schema})" + (f": {shown}" if names else "")

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that can be chosen: those not retired."""
        return tuple(option for option in self.options if not option.retired)

    def names(self) -> dict[str, str]:
        """Return the present name of each option, by its id."""
        return {option.id: option.name for option in self.options}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class Tasks(dict[str, Task]):
    """Tasks by name, which say in a notebook what they ask."""

    def __repr__(self) -> str:
        """Say one line for each, and the next sensible call."""
        if not self:
            return 'no tasks yet\nnext: ds.task("species", kind="choice", options=["jay", "rook"])'
        return "\n".join([*(task.asked for task in self.values()), f'next: nbtools.Labeler(ds, "{next(iter(self))}")'])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


def declare(
    name: str,
    kind: str,
    options: Sequence[str | Mapping[str, Any] | Option] = (),
    *,
    title: str | None = None,
    settings: Mapping[str, Any] | None = None,
    guidelines: str | None = None,
) -> Task:
    """Return a new task, its options and settings checked.

    Parameters
    ----------
    name : str
        A column name: lower-case letters, digits and ``_``.
    kind : str
        One of `nbtools.labels.kinds.KINDS`.
    options : sequence of str, mapping or Option
        Names, or mappings with ``name`` and any of ``key``, ``color``, ``description``.
    title : str, optional
        The question as people see it.
    settings : mapping, optional
        Settings of the kind, by name.
    guidelines : str, optional
        How to answer, as Markdown.

    Raises
    ------
    SchemaError
        If the name, the kind, an option or a setting cannot be so.
    """
    check_name(name, "task")
    made = fitting(kind, tuple(given(one) for one in listed(options)))
    task = Task(name, kind, made, 1, title, set_up(kind, settings or {}), guidelines or None)
    kind_of(kind).fits(task)
    return task


def set_up(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return all settings of a kind as a task keeps them, some of them given.

    Raises
    ------
    SchemaError
        If one is unknown or cannot be so.
    """
    try:
        return kind_of(kind).settings(settings)
    except SchemaError as error:
        raise SchemaError(f"a task of kind {kind!r}: {error}") from error


def check(task: Task, value: object, item: ItemFacts = UNKNOWN) -> Any:
    """Return a label's value as it is kept.

    Parameters
    ----------
    task : Task
        What is answered.
    value : object
        The answer, as the task's kind takes it.
    item : ItemFacts
        What it is about; unless given, only the form of the value is judged.

    Raises
    ------
    LabelError
        If it is no answer to the task.
    """
    return kind_of(task.kind).check(task, value, item)


def fitting(kind: str, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Return options as they are, if a task of this kind can have them.

    Raises
    ------
    SchemaError
        If the kind has none, or they cannot be told from each other.
    """
    found = kind_of(kind)
    if found.has_options and (options or found.needs_options):
        check_options(options)
    elif options:
        raise SchemaError(f"a task of kind {kind!r} has no options: leave out {options[0].name!r} and the others")
    return options
