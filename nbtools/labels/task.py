"""What a task is: a question, and the options that answer it.

An option's `id` is the name it was first given and never changes; it is what labels
hold. So an option can be renamed, reordered or retired, and no label moves.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from nbtools.errors import LabelError, SchemaError, did_you_mean
from nbtools.labels.names import check_name

KINDS = ("choice", "choices")
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer.

    Attributes
    ----------
    id : str
        The name it was first given; what labels hold.
    name : str
        What people see.
    key : str or None
        A key that chooses it beside 1-9.
    color, description : str or None
        How it is shown.
    retired : bool
        Not offered any more; labels that hold it stay.
    """

    id: str
    name: str
    key: str | None = None
    color: str | None = None
    description: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """A question asked of every item.

    Attributes
    ----------
    name : str
        A column name.
    kind : str
        ``choice`` (exactly one option) or ``choices`` (any number of them).
    options : tuple of Option
        In the order in which they are shown.
    schema : int
        Counted up by each change, from 1.
    title : str or None
        The question as people see it.
    """

    name: str
    kind: str
    options: tuple[Option, ...]
    schema: int = 1
    title: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the task as what JSON can hold; what is not set is left out."""
        options = [{key: value for key, value in asdict(option).items() if value} for option in self.options]
        found = {"name": self.name, "kind": self.kind, "schema": self.schema, "title": self.title, "options": options}
        return {key: value for key, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, found: Any) -> Task:
        """Return the task that `to_json` wrote; keys it does not know are passed over.

        Raises
        ------
        SchemaError
            If it is not such a thing.
        """
        try:
            options = tuple(_option({k: v for k, v in one.items() if k in _KEYS}) for one in found["options"])
            schema, title = found.get("schema", 1), found.get("title")
            task = cls(found["name"], found["kind"], options, schema, title)
            whole = isinstance(schema, int) and schema >= 1 and isinstance(title, str | None)
        except (KeyError, TypeError, AttributeError) as error:
            raise SchemaError(f"this is no task: {str(found)[:200]} ({type(error).__name__} {error})") from error
        if task.kind not in KINDS or not whole:
            raise SchemaError(f"this is no task of kind {' or '.join(KINDS)}: {str(found)[:200]}")
        check_name(task.name, "task")
        check_options(options)
        return task

    def __repr__(self) -> str:
        """Say what is asked, and the next sensible call."""
        names = ", ".join(option.name for option in self.offered)
        return f'{self.name} ({self.kind}, schema {self.schema}): {names}\nnext: nbtools.Labeler(ds, "{self.name}")'

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that can be chosen: those not retired."""
        return tuple(option for option in self.options if not option.retired)

    def names(self) -> dict[str, str]:
        """Return the present name of each option, by its id."""
        return {option.id: option.name for option in self.options}


_KEYS = tuple(field.name for field in fields(Option))


def declare(
    name: str, kind: str, options: Sequence[str | Mapping[str, Any] | Option], *, title: str | None = None
) -> Task:
    """Return a new task, its options checked.

    Parameters
    ----------
    name : str
        A column name: lower-case letters, digits and ``_``.
    kind : str
        ``choice`` or ``choices``.
    options : sequence of str, mapping or Option
        Names, or mappings with ``name`` and any of ``key``, ``color``, ``description``.
    title : str, optional
        The question as people see it.

    Raises
    ------
    SchemaError
        If the name, the kind or an option cannot be so.
    """
    check_name(name, "task")
    if kind not in KINDS:
        raise SchemaError(f"{kind!r} is no kind of task; there are {', '.join(map(repr, KINDS))}" + _hint(kind, KINDS))
    made = tuple(given(one) for one in listed(options))
    check_options(made)
    return Task(name, kind, made, 1, title)


def check(task: Task, value: object) -> str | list[str]:
    """Return a label's value as it is kept: option ids, in the order of the options.

    Parameters
    ----------
    task : Task
        What is answered.
    value : object
        The id or present name of an option; for ``choices`` a list of them.

    Raises
    ------
    LabelError
        If it is no answer to the task.
    """
    if task.kind == "choice":
        return _chosen(task, value)
    if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
        raise LabelError(f"{task.name!r} takes a list of options, and {str(value)[:80]!r} is none")
    chosen = {_chosen(task, one) for one in value}
    return [option.id for option in task.options if option.id in chosen]


def _chosen(task: Task, value: object) -> str:
    if isinstance(value, str):
        wanted = unicodedata.normalize("NFC", value).strip()
        for option in task.options:
            if wanted in (option.id, option.name):
                if option.retired:
                    raise LabelError(f"{option.name!r} is retired from {task.name!r}: choose another option")
                return option.id
    raise LabelError(no_option(task, value))


def no_option(task: Task, value: object) -> str:
    """Return in words that something is no option, and what the options are."""
    names = [option.name for option in task.offered]
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"{str(value)[:80]!r} is no option of {task.name!r}, which has {listed}" + _hint(str(value)[:80], names)


def _hint(word: object, known: Sequence[str]) -> str:
    return did_you_mean(str(word), known)


def listed(options: object) -> list[str | Mapping[str, Any] | Option]:
    """Return options as a list; a string, which is a sequence too, is refused."""
    if isinstance(options, str) or not isinstance(options, Sequence):
        raise SchemaError(
            f'the options are a list of names, such as ["jay", "rook"], and this is {str(options)[:80]!r}'
        )
    return list(options)


def given(one: str | Mapping[str, Any] | Option) -> Option:
    """Return an option as it was given, checked on its own."""
    if isinstance(one, Option):
        return one
    if isinstance(one, Mapping):
        for key in one:
            if key not in _KEYS:
                raise SchemaError(f"an option has no {key!r}; it has {', '.join(_KEYS)}" + _hint(key, _KEYS))
        return _option(dict(one))
    return _option({"name": one})


def _option(found: dict[str, Any]) -> Option:
    name = clean(found.pop("name", None))
    made = Option(clean(found.pop("id", name)), name, **found)
    texts = (made.key, made.color, made.description)
    if not all(isinstance(text, str | None) for text in texts) or not isinstance(made.retired, bool):
        raise SchemaError(f"key, color and description of an option are text: {made}")
    if made.key is not None and len(made.key) != 1:
        raise SchemaError(f"the key of an option is one character, and {made.name!r} has {made.key!r}")
    return made


def clean(name: object) -> str:
    """Return an option's name as it is kept: NFC, stripped, on one line."""
    text = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not text or not text.isprintable():
        raise SchemaError(f"an option's name is text on one line, and {str(name)[:80]!r} is none: pass str(…) of it")
    return text


def check_options(options: Sequence[Option]) -> None:
    """Refuse options that cannot be told from each other.

    Raises
    ------
    SchemaError
        If a name, an id or a key is there twice, or nothing can be chosen.
    """
    if not any(not option.retired for option in options):
        raise SchemaError("a task needs at least one option that can be chosen")
    seen: dict[str, str] = {}
    for option in options:
        for word in {option.id, option.name}:
            if seen.setdefault(word, option.id) != option.id or sum(one.id == option.id for one in options) > 1:
                raise SchemaError(
                    f"the option {word!r} is there twice, or was once another's name: give it another name"
                )
    keys = [option.key.lower() for option in options if option.key]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise SchemaError(f"the key {twice[0]!r} is given to two options: give one of them another")
