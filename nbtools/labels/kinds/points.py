"""`points`: places on a picture, each ``{"id", "label", "x", "y", "attributes"}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError
from nbtools.labels.kinds.settings import flag
from nbtools.labels.kinds.shapes import Place, Shapes, Size, number, within

if TYPE_CHECKING:
    from nbtools.labels.task import Task


class Points(Shapes):
    """Single places, such as the joints of a body.

    Its settings, beside those of all shapes:

    ``once`` : bool
        Whether there is at most one point of each option, or, where the task has no options, at all.
    """

    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({**Shapes.defaults, "once": False})
    one: ClassVar[str] = "point"
    many: ClassVar[str] = "points"
    keys: ClassVar[tuple[str, ...]] = ("x", "y")
    example: ClassVar[str] = '{"x": 40, "y": 30, "label": …}'

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type."""
        flag(settings, "once")
        return super().checked(settings)

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return what the options have become; of each, where there is one at most, the first point."""
        moved = super().merged(task, value, into)
        if moved is value or not task.settings["once"]:
            return moved
        first = {one["label"]: one for one in reversed(moved["shapes"])}
        return {**moved, "shapes": [one for one in moved["shapes"] if first[one["label"]] is one]}

    def _place(self, task: Task, one: Mapping[str, Any], where: str, size: Size) -> dict[str, Any]:
        place = {key: number(task, one.get(key), f"{where}: {key}") for key in self.keys}
        within(task, (place["x"], place["y"]), size, where)
        return place

    def _corner(self, shape: Mapping[str, Any]) -> Place:
        return shape["y"], shape["x"]

    def _beside(self, task: Task, shapes: Sequence[Mapping[str, Any]]) -> None:
        super()._beside(task, shapes)
        seen: dict[str | None, str] = {}
        for one in shapes if task.settings["once"] else ():
            other = seen.setdefault(one["label"], one["id"])
            if other != one["id"]:
                name = task.names().get(one["label"] or "", "point")
                raise LabelError(
                    f"{task.name!r} takes each option once, and {other!r} and {one['id']!r} are both {name!r}: "
                    "leave one out, or give it another option"
                )
