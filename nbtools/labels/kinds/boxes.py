"""`boxes`: upright rectangles on a picture, each ``{"id", "label", "x", "y", "w", "h", "attributes"}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError
from nbtools.labels.kinds.shapes import DIGITS, Place, Shapes, Size, number, within

if TYPE_CHECKING:
    from nbtools.labels.task import Task


class Boxes(Shapes):
    """Bounding boxes: the top left corner, width and height.

    Its settings are those of all shapes.
    """

    one: ClassVar[str] = "box"
    many: ClassVar[str] = "boxes"
    keys: ClassVar[tuple[str, ...]] = ("x", "y", "w", "h")
    example: ClassVar[str] = '{"x": 40, "y": 30, "w": 120, "h": 80, "label": …}'

    def _place(self, task: Task, one: Mapping[str, Any], where: str, size: Size) -> dict[str, Any]:
        place = {key: number(task, one.get(key), f"{where}: {key}") for key in self.keys}
        for key in ("w", "h"):
            if place[key] <= 0:
                raise LabelError(
                    f"{task.name!r}: {where}: {key}={place[key]:g}: a box is larger than nothing, "
                    "and its x and y are its top left corner"
                )
        within(task, (place["x"], place["y"]), size, where)
        far = (round(place["x"] + place["w"], DIGITS), round(place["y"] + place["h"], DIGITS))
        within(task, far, size, f"{where} (its end)")
        return place

    def _corner(self, shape: Mapping[str, Any]) -> Place:
        return shape["y"], shape["x"]
