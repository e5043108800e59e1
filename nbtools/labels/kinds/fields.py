"""The fields of a form: each a task of its own, asked only where what was said before calls for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import LabelError, NewerFormatError, SchemaError, did_you_mean
from nbtools.labels.kinds import KINDS, is_kind, kind_of
from nbtools.labels.kinds.base import UNKNOWN
from nbtools.labels.names import is_name
from nbtools.labels.options import OPTION_KEYS, given, listed

if TYPE_CHECKING:
    from nbtools.labels.task import Task

FORM = "form"
MOST = 50
# What a condition can be about: answers of which there are few.
CONDITIONS = ("choice", "choices", "number", "rating")
_OWN = ("name", "kind", "options", "title", "when", "required")


class Field(NamedTuple):
    """One question of a form.

    Attributes
    ----------
    task : Task
        What is asked.
    when : mapping of str to list
        It is asked if each of these earlier fields holds one of the values; always if
        there are none.
    required : bool
        Whether, where it is asked, it has to be answered.
    """

    task: Task
    when: Mapping[str, list[Any]]
    required: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.task.name

    def to_json(self) -> dict[str, Any]:
        """Return the field as a form keeps it; what is not set is left out."""
        said = self.task.to_json()
        found: dict[str, Any] = {key: said[key] for key in ("name", "kind", "title") if key in said}
        found |= {"options": said["options"]} if said["options"] else {}
        found |= said.get("settings", {})
        return found | ({"when": dict(self.when)} if self.when else {}) | {"required": self.required}


def declared(fields: object) -> list[Field]:
    """Return fields that were given, each checked by its own kind.

    Raises
    ------
    SchemaError
        If one cannot be so, or they do not fit each other.
    """
    if isinstance(fields, str | Mapping) or not isinstance(fields, Sequence):
        example = 'such as [{"name": "age", "kind": "number", "min": 0}]'
        raise SchemaError(f"fields={str(fields)[:80]}: it is a list of fields, {example}")
    if not 0 < len(fields) <= MOST:
        raise SchemaError(f"a form has 1 to {MOST} fields, and this has {len(fields)}")
    found: list[Field] = []
    for one in fields:
        found.append(_field(one, found))
    _refuse_two(found)
    return found


def read(fields: object) -> list[Any]:
    """Return fields as they were written, each with every setting there is; what a newer nbtools wrote is kept.

    Raises
    ------
    NewerFormatError
        If this nbtools does not know the kind of one.
    SchemaError
        If they are none.
    """
    found = declared(_known(fields))
    given = fields if isinstance(fields, Sequence) else ()
    return [{**one, **field.to_json()} for one, field in zip(given, found, strict=True)]


@lru_cache(maxsize=64)
def fields_of(form: Task) -> tuple[Field, ...]:
    """Return the fields of a form."""
    return tuple(declared(_known(form.settings["fields"])))


def _known(fields: object) -> object:
    """Return fields without the keys that only a newer nbtools knows."""
    if isinstance(fields, str | Mapping) or not isinstance(fields, Sequence):
        return fields
    return [_without(one) if isinstance(one, Mapping) else one for one in fields]


def _without(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = one.get("kind")
    if not is_kind(kind):
        raise NewerFormatError(
            f"the field {str(one.get('name'))[:80]!r} is of kind {str(kind)[:80]!r}, which this nbtools does not know "
            f"(it knows {', '.join(KINDS)}): open the dataset with a newer one"
        )
    known = {key: value for key, value in one.items() if key in _OWN or key in kind_of(kind).defaults}
    options = known.get("options")
    if isinstance(options, list):
        known["options"] = [
            {key: each[key] for key in each if key in OPTION_KEYS} if isinstance(each, Mapping) else each
            for each in options
        ]
    return known


def asked(field: Field, said: Mapping[str, Any]) -> bool:
    """Tell whether a field is asked, by what was said of the fields before it.

    Equal, or one of them, for each that the condition names; of several options that were
    chosen one is enough. What is not said fits nothing.
    """
    return all(_holds(said.get(name), wanted) for name, wanted in field.when.items())


def visible(fields: Sequence[Field], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a value says of the fields that are asked, in their order."""
    said: dict[str, Any] = {}
    for field in fields:
        if value.get(field.name) is not None and asked(field, said):
            said[field.name] = value[field.name]
    return said


def _holds(said: Any, wanted: Sequence[Any]) -> bool:
    return any(one in wanted for one in (said if isinstance(said, list) else [said]) if one is not None)


def _field(one: object, before: Sequence[Field]) -> Field:
    if not isinstance(one, Mapping):
        raise SchemaError(f"a field is a mapping with a name and a kind, and {str(one)[:80]!r} is none")
    name, kind = one.get("name"), one.get("kind")
    if not is_name(name):
        raise SchemaError(f"the field {str(name)[:80]!r}: a name takes lower-case letters, digits and _, from a letter")
    if any(name == field.name for field in before):
        raise SchemaError(f"the field {name!r} is there twice: give one of them another name")
    if not is_kind(kind) or kind == FORM:
        known = [each for each in KINDS if each != FORM]
        hint = did_you_mean(str(kind), known)
        said = "has no kind" if kind is None else f"is of kind {str(kind)[:80]!r}"
        raise SchemaError(f"the field {name!r} {said}; there are {', '.join(known)}{hint}")
    try:
        return Field(_task(name, kind, one), _when(one.get("when"), before), _required(one))
    except SchemaError as error:
        raise SchemaError(f"the field {name!r}: {error}") from error


def _task(name: str, kind: str, one: Mapping[str, Any]) -> Task:
    from nbtools.labels.task import Task, fitting, set_up

    title = one.get("title")
    if title is not None and not isinstance(title, str):
        raise SchemaError(f"title={title!r:.80}: it is text")
    options = fitting(kind, tuple(given(each) for each in listed(one.get("options") or ())))
    settings = set_up(kind, {key: value for key, value in one.items() if key not in _OWN})
    task = Task(name, kind, options, 1, title, settings)
    kind_of(kind).fits(task)
    return task


def _required(one: Mapping[str, Any]) -> bool:
    required = one.get("required", True)
    if not isinstance(required, bool):
        raise SchemaError(f"required={required!r:.80}: it is True or False")
    return required


def _when(when: object, before: Sequence[Field]) -> dict[str, list[Any]]:
    if when is None:
        return {}
    if not isinstance(when, Mapping):
        raise SchemaError(f'when={str(when)[:80]!r}: it is a mapping, such as {{"species": ["rook"]}}')
    known = {field.name: field.task for field in before if field.task.kind in CONDITIONS}
    found: dict[str, list[Any]] = {}
    for name, values in when.items():
        if name not in known:
            there = ", ".join(known) or "none"
            kinds = ", ".join(CONDITIONS)
            raise SchemaError(
                f"when= names {str(name)[:80]!r}, which is no earlier field of {kinds}; there are {there}"
            )
        several = values if isinstance(values, list | tuple | set | frozenset) else [values]
        found[name] = _with_parts(known[name], [_wanted(known[name], one) for one in several])
        if not found[name]:
            raise SchemaError(f"when= names no value of {name!r}, so that the field is never asked: leave it out")
    return found


def _wanted(task: Task, one: Any) -> Any:
    """Return a value that a condition names, as labels hold it; an option may be retired, whose labels stay."""
    for option in task.options:
        if one in (option.id, option.name):
            return option.id
    kind = kind_of(task.kind)
    try:
        return kind.check(task, [one] if task.kind == "choices" else one, UNKNOWN)
    except LabelError as error:
        raise SchemaError(f"when= of {task.name!r}: {error}") from error


def _with_parts(task: Task, values: Sequence[Any]) -> list[Any]:
    """Return the values of a condition with what options were split into, for whom the same is asked."""
    parts = {option.id: option.parts or () for option in task.options}
    found: list[Any] = []
    waiting = list(values)
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            waiting += parts.get(one, ()) if isinstance(one, str) else ()
    return found


def _refuse_two(fields: Sequence[Field]) -> None:
    drawing = [field.name for field in fields if kind_of(field.task.kind).draws is not None]
    if len(drawing) > 1:
        raise SchemaError(
            f"the fields {', '.join(map(repr, drawing))} all draw on the item, and one can: make a task of each other"
        )
    shown = {kind_of(field.task.kind).candidates(field.task) for field in fields} - {None}
    if len(shown) > 1:
        raise SchemaError(
            "the fields compare or rank different columns, and an item shows one set: give all the same of="
        )
