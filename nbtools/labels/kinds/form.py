"""`form`: several questions about one item, some asked only if others were answered so.

A value is ``{"<field>": …}``: of each field that is asked and answered, a value of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, did_you_mean
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import Columns, ItemFacts, Kind
from nbtools.labels.kinds.fields import asked, declared, fields_of, read

if TYPE_CHECKING:
    from nbtools.labels.task import Task

_SHOWN = 80
# The kinds whose values hold more than the answer, by a key that only they have.
_MORE = MappingProxyType({"better": "compare", "ranking": "rank", "spans": "spans", "regions": "regions"})
_SHAPES = MappingProxyType({"w": "boxes", "points": "polygons", "x": "points"})


class Form(Kind):
    """Several questions about one item.

    Its settings:

    ``fields`` : list of mapping
        Each has a ``name``, a ``kind``, perhaps a ``title`` and ``options``, and the
        settings of its kind. With ``when={"species": ["rook"]}`` it is asked only if each
        earlier field that is named holds one of the values; with ``required=False`` it
        can be left open.
    """

    needs_item: ClassVar[bool] = True
    has_fields: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({"fields": ()})

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each field checked by its kind."""
        return settings | {"fields": [field.to_json() for field in declared(settings["fields"])]}

    def read(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings that were written, each field as its kind reads it."""
        return {**kept, "fields": read(kept.get("fields"))}

    def attributes(self, task: Task) -> tuple[str, ...]:
        """Return the attributes that any of the fields needs."""
        found = (name for field in fields_of(task) for name in kind_of(field.task.kind).attributes(field.task))
        return tuple(dict.fromkeys(found))

    def drawn_on(self, task: Task) -> str | None:
        """Return what the field that draws has to have; there is one at most."""
        found = (kind_of(field.task.kind).draws for field in fields_of(task))
        return next((one for one in found if one is not None), None)

    def candidates(self, task: Task) -> Columns | None:
        """Return the columns that fields compare or rank."""
        found = (kind_of(field.task.kind).candidates(field.task) for field in fields_of(task))
        return next((columns for columns in found if columns is not None), None)

    def check(self, task: Task, value: Any, item: ItemFacts) -> dict[str, Any]:
        """Return what is said of the fields that are asked; what is said of others is left out."""
        if not isinstance(value, Mapping):
            raise LabelError(f"{task.name!r} takes a mapping of fields to values, and {str(value)[:80]!r} is none")
        fields = fields_of(task)
        names = [field.name for field in fields]
        for name in value:
            if name not in names:
                hint = did_you_mean(str(name), names)
                raise LabelError(f"{task.name!r} has no field {str(name)[:80]!r}; it has {', '.join(names)}{hint}")
        said: dict[str, Any] = {}
        for field in fields:
            if not asked(field, said):
                continue
            if value.get(field.name) is None:
                if field.required:
                    raise LabelError(f"{task.name!r}: {field.name!r} is not answered: answer it, or skip the item")
                continue
            try:
                said[field.name] = kind_of(field.task.kind).check(field.task, value[field.name], item)
            except LabelError as error:
                raise LabelError(f"{task.name!r}: {error}") from error
        if not said:
            raise LabelError(f"{task.name!r} takes an answer to one field at least: answer one, or skip the item")
        return said

    def answer(self, value: Any) -> Any:
        """Return of each field what its kind has for the answer."""
        return {name: one if (kind := _kind(one)) is None else kind.answer(one) for name, one in value.items()}

    def truth(self, value: Any) -> Any:
        """Return of each field what its kind holds for true."""
        return {name: one if (kind := _kind(one)) is None else kind.truth(one) for name, one in value.items()}

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return a value in which options of fields, given as ``field.option``, have become others."""
        found = dict(value)
        for field in fields_of(task):
            start = f"{field.name}."
            inner = {
                one.removeprefix(start): other.removeprefix(start)
                for one, other in into.items()
                if one.startswith(start)
            }
            if inner and field.name in found:
                found[field.name] = kind_of(field.task.kind).merged(field.task, found[field.name], inner)
        return found

    def words(self, task: Task, value: Any) -> str:
        """Return what is said of each field, cut off where there is much."""
        tasks = {field.name: field.task for field in fields_of(task)}
        said = (kind_of(tasks[name].kind).words(tasks[name], one) for name, one in value.items() if name in tasks)
        line = " · ".join(said)
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _kind(value: Any) -> Kind | None:
    if not isinstance(value, Mapping):
        return None
    shape: Mapping[str, Any] = next(iter(value.get("shapes", ())), {})
    kinds = [kind for key, kind in _MORE.items() if key in value] + [
        one for key, one in _SHAPES.items() if key in shape
    ]
    return kind_of(kinds[0]) if kinds else None
