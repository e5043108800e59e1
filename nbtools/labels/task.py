"""What a task is: a question, and the options that answer it.

An option's `id` is the name it was first given and never changes; it is what labels
hold. So an option can be renamed, reordered or retired, and no label moves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.names import check_name, did_you_mean

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


@dataclass(frozen=True, slots=True)
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
    def from_json(cls, found: Mapping[str, Any]) -> Task:
        """Return the task that `to_json` wrote; keys it does not know are passed over.

        Raises
        ------
        SchemaError
            If it is not such a thing.
        """
        try:
            options = tuple(_option({k: v for k, v in one.items() if k in _KEYS}) for one in found["options"])
            task = cls(found["name"], found["kind"], options, found.get("schema", 1), found.get("title"))
            whole = isinstance(task.schema, int) and task.schema >= 1 and isinstance(task.title, str | None)
        except (KeyError, TypeError, AttributeError) as error:
            raise SchemaError(f"this is no task: {str(found)[:200]} ({type(error).__name__} {error})") from error
        if task.kind not in KINDS or not whole:
            raise SchemaError(f"this is no task of kind {' or '.join(KINDS)}: {str(found)[:200]}")
        check_name(task.name, "task")
        _check_options(options)
        return task

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
    made = tuple(_given(one) for one in _listed(options))
    _check_options(made)
    return Task(name, kind, made, 1, title)


def evolve(
    old: Task,
    options: Sequence[str | Mapping[str, Any] | Option],
    *,
    title: str | None = None,
    rename: Mapping[str, str] | None = None,
    retire: Sequence[str] = (),
    used: frozenset[str] = frozenset(),
) -> Task | None:
    """Return the task with these options, as its next schema.

    Parameters
    ----------
    old : Task
        The task as it is.
    options : sequence of str, mapping or Option
        The options as they are to be, by id or present name; others are new.
    title : str, optional
        The question; unchanged unless given.
    rename : mapping, optional
        Present name or id of an option → its new name.
    retire : sequence of str
        Options that are not offered any more; their labels stay.
    used : frozenset of str
        Ids of the options that some label holds.

    Returns
    -------
    Task or None
        None if there is nothing new.

    Raises
    ------
    SchemaError
        If an option that labels hold is missing, or an option cannot be so.
    """
    named = {_find(old, one).id: _clean(new) for one, new in (rename or {}).items()}
    retired = {_find(old, one).id for one in retire}
    given = [_matched(old, _given(one), named) for one in _listed(options)]
    present = {option.id for option in given}
    missing = [option for option in old.options if option.id not in present]
    lost = [option.name for option in missing if option.id in used and not option.retired and option.id not in retired]
    if lost:
        raise SchemaError(_lost(old.name, lost))
    kept = [option for option in missing if option.id in used or option.retired or option.id in retired]
    merged = tuple(replace(one, retired=one.retired or one.id in retired) for one in [*given, *kept])
    _check_options(merged)
    if merged == old.options and title in (None, old.title):
        return None
    return Task(old.name, old.kind, merged, old.schema + 1, title if title is not None else old.title)


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
    raise LabelError(_no_option(task, value))


def _no_option(task: Task, value: object) -> str:
    names = [option.name for option in task.offered]
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"{str(value)[:80]!r} is no option of {task.name!r}, which has {listed}" + _hint(str(value)[:80], names)


def _hint(word: object, known: Sequence[str]) -> str:
    return did_you_mean(str(word), known)


def _find(task: Task, wanted: str) -> Option:
    for option in task.options:
        if wanted in (option.id, option.name):
            return option
    raise SchemaError(_no_option(task, wanted))


def _matched(old: Task, given: Option, named: Mapping[str, str]) -> Option:
    # A notebook that is run again names an option as it did the first time: by its id.
    for option in old.options:
        new_name = named.get(option.id, option.name)
        if given.name in (option.id, option.name, new_name):
            set_again = {key: getattr(given, key) for key in _KEYS[2:5] if getattr(given, key) is not None}
            return replace(option, name=new_name, **set_again)
    return given


def _listed(options: object) -> list[str | Mapping[str, Any] | Option]:
    if isinstance(options, str) or not isinstance(options, Sequence):
        raise SchemaError(
            f'the options are a list of names, such as ["jay", "rook"], and this is {str(options)[:80]!r}'
        )
    return list(options)


def _given(one: str | Mapping[str, Any] | Option) -> Option:
    if isinstance(one, Option):
        return one
    if isinstance(one, Mapping):
        for key in one:
            if key not in _KEYS:
                raise SchemaError(f"an option has no {key!r}; it has {', '.join(_KEYS)}" + _hint(key, _KEYS))
        return _option(dict(one))
    return _option({"name": one})


def _option(found: dict[str, Any]) -> Option:
    name = _clean(found.pop("name", None))
    made = Option(_clean(found.pop("id", name)), name, **found)
    texts = (made.key, made.color, made.description)
    if not all(isinstance(text, str | None) for text in texts) or not isinstance(made.retired, bool):
        raise SchemaError(f"key, color and description of an option are text: {made}")
    if made.key is not None and len(made.key) != 1:
        raise SchemaError(f"the key of an option is one character, and {made.name!r} has {made.key!r}")
    return made


def _clean(name: object) -> str:
    text = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not text or not text.isprintable():
        raise SchemaError(f"an option's name is text on one line, and {str(name)[:80]!r} is none: pass str(…) of it")
    return text


def _check_options(options: Sequence[Option]) -> None:
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


def _lost(task: str, names: Sequence[str]) -> str:
    one = names[0]
    return (
        f"labels of {task!r} hold {', '.join(map(repr, names))}, which the new options lack. To give it another name: "
        f'rename={{{one!r}: "…"}}; to turn its labels into another\'s: merge={{{one!r}: "…"}}; '
        f"to offer it no more and keep its labels: retire=[{one!r}]"
    )
