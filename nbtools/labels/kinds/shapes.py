"""`boxes`, `polygons` and `points`: shapes on a picture, each with an option, if the task has some, and attributes.

A value is ``{"width": …, "height": …, "shapes": [{"id", "label", …, "attributes"}, …]}``. All
numbers are pixels of the upright original, whose size goes with them; (0, 0) is the corner at
its top left, so that a pixel reaches from one whole number to the next. A shape's id is its
own and stays when the shape is moved, reshaped or gets another label; `label` is the id of
an option, null in a task without options. No shapes at all are an answer too.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts, Kind
from nbtools.labels.kinds.partattributes import declared, said
from nbtools.labels.kinds.parts import give_ids, id_of, label_of, list_of, mapping_of

if TYPE_CHECKING:
    from nbtools.labels.task import Task

Size = tuple[int | None, int | None]
Place = tuple[float, float]
# Hundredths of a pixel: more than a hand or a model can mean.
DIGITS = 2
_LARGEST = 1_000_000
_SHOWN = 60
_WITHOUT_PICTURE = ("text", "audio", "record")


class Shapes(Kind):
    """Shapes on a picture; a subclass says which.

    Its settings:

    ``attributes`` : mapping
        What else is said of each shape, by name: a list of options, ``"text"``,
        ``"number"`` or ``bool``. None unless given.

    Attributes
    ----------
    one, many : str
        What a shape is called.
    keys : tuple of str
        Where it lies.
    example : str
        How one is written.
    """

    has_options: ClassVar[bool] = True
    needs_options: ClassVar[bool] = False
    needs_item: ClassVar[bool] = True
    draws: ClassVar[str | None] = "picture"
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({"attributes": MappingProxyType({})})
    one: ClassVar[str]
    many: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]
    example: ClassVar[str]

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, the attributes of a shape as they are kept."""
        return settings | {"attributes": declared(settings["attributes"])}

    def check(self, task: Task, value: Any, item: ItemFacts) -> dict[str, Any]:
        """Return the shapes from top to bottom and left to right, with the size of the picture.

        A list is taken for the shapes of a value. A shape without an id gets one, and a value
        without a size that of the item.
        """
        given = value if isinstance(value, Mapping) else {"shapes": value}
        mapping_of(task, given, ("width", "height", "shapes"), "the value")
        size = _size(task, given, item)
        listed = list_of(task, given.get("shapes"), "shapes", f"[{self.example}]")
        shapes = [self._shape(task, one, at, size) for at, one in enumerate(listed)]
        order = {option.id: at for at, option in enumerate(task.options)}
        shapes.sort(key=lambda one: (*self._corner(one), order.get(one["label"], 0), json.dumps(one, sort_keys=True)))
        give_ids(shapes)
        self._beside(task, shapes)
        return {"width": size[0], "height": size[1], "shapes": shapes}

    def answer(self, value: Any) -> Any:
        """Return the shapes without their ids."""
        shapes = [{**one, **self._same(one)} for one in value["shapes"]]
        return sorted(([one[key] for key in one if key != "id"] for one in shapes), key=json.dumps)

    def used(self, value: Any) -> frozenset[str]:
        """Return the options of the shapes."""
        return frozenset(one["label"] for one in value["shapes"] if one["label"] is not None)

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return the shapes with what their options have become."""
        if not self.used(value) & set(into):
            return value
        return {
            **value,
            "shapes": [{**one, "label": into.get(one["label"], one["label"])} for one in value["shapes"]],
        }

    def words(self, task: Task, value: Any) -> str:
        """Return how many shapes of each option there are, cut off where there are many."""
        names, counts = task.names(), Counter(one["label"] for one in value["shapes"])
        said = [f"{count} {self._called(names, option, count)}" for option, count in counts.items()]
        line = ", ".join(said) or f"no {self.many}"
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"

    def _called(self, names: Mapping[str, str], option: str | None, count: int) -> str:
        return names.get(option, option) if option is not None else self.one if count == 1 else self.many

    @abstractmethod
    def _place(self, task: Task, one: Mapping[str, Any], where: str, size: Size) -> dict[str, Any]:
        """Return where a shape lies, as it is kept."""

    @abstractmethod
    def _corner(self, shape: Mapping[str, Any]) -> Place:
        """Return the top and left of a kept shape."""

    def _same(self, shape: Mapping[str, Any]) -> dict[str, Any]:
        """Return what of a kept shape can be written in several ways, in one of them."""
        return {}

    def _beside(self, task: Task, shapes: Sequence[Mapping[str, Any]]) -> None:
        """Refuse shapes that cannot be beside each other."""
        seen: set[str] = set()
        for one in shapes:
            if one["id"] in seen:
                raise LabelError(f"{task.name!r}: two shapes have the id {one['id']!r}: give one of them another")
            seen.add(one["id"])

    def _shape(self, task: Task, value: object, at: int, size: Size) -> dict[str, Any]:
        where = f"shape {at}"
        one = mapping_of(task, value, ("id", "label", *self.keys, "attributes"), where)
        name = id_of(task, one, where)
        where = where if name is None else f"shape {name!r}"
        option = label_of(task, one.get("label"), where)
        place = self._place(task, one, where, size)
        try:
            attributes = said(task.settings["attributes"], one.get("attributes"))
        except LabelError as error:
            raise LabelError(f"{task.name!r}: {where}: {error}") from None
        return {"id": name, "label": option, **place, "attributes": attributes}


def _size(task: Task, given: Mapping[str, Any], item: ItemFacts) -> Size:
    """Return the size of the picture that the shapes are on: what the value says, and the item."""
    for key in ("width", "height"):
        one = given.get(key)
        if one is not None and not (isinstance(one, int) and not isinstance(one, bool) and 0 < one <= _LARGEST):
            raise LabelError(
                f"{task.name!r}: {key}={str(one)[:80]}: it is a whole number of pixels from 1 to {_LARGEST:,}; "
                "leave it out if unknown"
            )
    width, height = given.get("width"), given.get("height")
    if item is UNKNOWN:
        return width, height
    if item.kind in _WITHOUT_PICTURE:
        raise LabelError(f"{task.name!r} takes shapes on a picture, and this item ({item.kind}) shows none: skip it")
    if item.width is None or item.height is None:
        return width, height
    if (width or item.width, height or item.height) != (item.width, item.height):
        raise LabelError(
            f"{task.name!r}: the shapes were drawn on a picture of {width} × {height} pixels, and the item has "
            f"{item.width} × {item.height} (of the upright original): scale them, or leave width and height out"
        )
    return item.width, item.height


def number(task: Task, value: object, where: str) -> float:
    """Return a number of pixels as it is kept: a whole one as such, others to hundredths.

    Raises
    ------
    LabelError
        If it is none that a picture can have.
    """
    # What NaN is compared with is false too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
        raise LabelError(f"{task.name!r}: {where}={str(value)[:80]}: it is a finite number of pixels")
    kept = round(float(value), DIGITS) + 0.0
    return int(kept) if kept.is_integer() else kept


def within(task: Task, reach: tuple[float, float], size: Size, where: str) -> None:
    """Refuse what reaches beyond the picture.

    Parameters
    ----------
    task : Task
        What is answered.
    reach : tuple of float
        A place across and down, in pixels.
    size : tuple of int or None
        Width and height of the picture, where they are known.
    where : str
        What it is that lies there.

    Raises
    ------
    LabelError
        If it does.
    """
    for at, most, way in zip(reach, size, ("across", "down"), strict=True):
        if at < 0 or (most is not None and round(at, DIGITS) > most):
            end = "" if most is None else f" to {most:,}"
            raise LabelError(
                f"{task.name!r}: {where} lies at {at:,g} {way}, outside of the picture, which goes from 0{end}: "
                "cut the shape off at its edge, or leave it out"
            )
