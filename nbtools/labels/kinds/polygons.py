"""`polygons`: closed rings on a picture, each ``{"id", "label", "points": [[x, y], …], "attributes"}``.

A ring is kept as it was drawn, with its first point and its direction, which change nothing
of the answer. Its last point is joined to its first one, which is not there twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError
from nbtools.labels.kinds.parts import list_of
from nbtools.labels.kinds.shapes import Place, Shapes, Size, number, within

if TYPE_CHECKING:
    from nbtools.labels.task import Task

FEWEST = 3


class Polygons(Shapes):
    """Closed rings of at least three points.

    Its settings are those of all shapes.
    """

    one: ClassVar[str] = "polygon"
    many: ClassVar[str] = "polygons"
    keys: ClassVar[tuple[str, ...]] = ("points",)
    example: ClassVar[str] = '{"points": [[40, 30], [160, 30], [100, 110]], "label": …}'

    def _place(self, task: Task, one: Mapping[str, Any], where: str, size: Size) -> dict[str, Any]:
        ring: list[list[float]] = []
        for at, given in enumerate(list_of(task, one.get("points"), f"points ({where})", "[[40, 30], …]")):
            point = _point(task, given, f"{where}: point {at}")
            within(task, (point[0], point[1]), size, f"{where}: point {at}")
            if not ring or point != ring[-1]:
                ring.append(point)
        if len(ring) > 1 and ring[0] == ring[-1]:
            ring.pop()
        if len({tuple(point) for point in ring}) < FEWEST:
            raise LabelError(f"{task.name!r}: {where} has {len(ring)} points: a ring has at least {FEWEST} places")
        if _doubled_area(ring) == 0 and not _crosses(ring):
            raise LabelError(f"{task.name!r}: {where}: all its points lie on one line: a ring is larger than nothing")
        return {"points": ring}

    def _same(self, shape: Mapping[str, Any]) -> dict[str, Any]:
        ring = shape["points"]
        turned = [way[at:] + way[:at] for way in (ring, ring[::-1]) for at in range(len(ring)) if way[at] == min(ring)]
        return {"points": min(turned)}

    def _corner(self, shape: Mapping[str, Any]) -> Place:
        return min(y for _, y in shape["points"]), min(x for x, _ in shape["points"])


def _point(task: Task, given: object, where: str) -> list[float]:
    pair = list_of(task, given, f"two numbers ({where})")
    if len(pair) != 2:
        raise LabelError(f"{task.name!r}: {where} is {str(given)[:80]}: it is two numbers, across and down")
    return [number(task, one, f"{where}: {key}") for key, one in zip("xy", pair, strict=True)]


def _doubled_area(ring: list[list[float]]) -> float:
    """Return twice the area, by the shoelace formula; below a thousandth of a square pixel it is none."""
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))
    return 0 if abs(area) < 1e-3 else area


def _crosses(ring: list[list[float]]) -> bool:
    """Tell whether not all points lie on one line: a figure of eight can have as much area on both sides."""
    (ax, ay), (bx, by) = ring[0], next(point for point in ring if point != ring[0])
    return any(abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) >= 1e-3 for x, y in ring)
