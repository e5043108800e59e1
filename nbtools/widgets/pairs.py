"""Items that are nearly alike, two by two, as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbtools.derived import thumbnail
from nbtools.errors import NbtoolsError
from nbtools.widgets.checks import shorten
from nbtools.widgets.content import Content, failed, of_image

if TYPE_CHECKING:
    from nbtools.dataset import Dataset
    from nbtools.splits.links import Links
    from nbtools.versions.previews import Preview

_SIDE = 160
_LONGEST = 400
_COLUMNS = ("id", "kind", "path", "sha256", "text", "sources")


class Pairs:
    """Pairs of a version in an order that stays while a person decides about them.

    Parameters
    ----------
    ds : Dataset
        The dataset, which keeps the small pictures.
    """

    def __init__(self, ds: Dataset) -> None:
        self._ds = ds
        self._of: tuple[Links, ...] | None = None
        self._order: Any = None

    def page(
        self, preview: Preview, start: int, count: int, *, anew: bool, pictures: bool
    ) -> tuple[int, list[dict[str, Any]], list[bytes]]:
        """Return how many pairs there are, some of them, and the pictures that they name by number.

        Parameters
        ----------
        preview : Preview
            The split that is looked at.
        start, count : int
            The first pair, and how many.
        anew : bool
            Whether those that are in two parts now come first from now on: they would be leaks.
        pictures : bool
            Whether pictures and texts are wanted.
        """
        import numpy as np

        links = preview.near or ()
        if anew or self._of is not preview.near:
            across = [preview.plan.codes[one.left] != preview.plan.codes[one.right] for one in links]
            order = np.argsort(~np.concatenate([np.empty(0, bool), *across]), kind="stable")
            self._of, self._order = preview.near, order
        buffers: list[bytes] = []
        ends = np.cumsum([len(one) for one in links])
        pairs = []
        for place in self._order[start : start + count].tolist():
            number = int(np.searchsorted(ends, place, side="right"))
            at = place - (int(ends[number - 1]) if number else 0)
            pairs.append(self._pair(preview, links[number], at, buffers if pictures else None))
        return len(self._order), pairs, buffers

    def _pair(self, preview: Preview, links: Links, at: int, buffers: list[bytes] | None) -> dict[str, Any]:
        rows = (int(links.left[at]), int(links.right[at]))
        sides = [_side(self._ds, preview, row, buffers) for row in rows]
        ids = (min(side["id"] for side in sides), max(side["id"] for side in sides))
        decided = preview.decided
        return {
            "kind": links.kind,
            "measure": float(links.measure[at]),
            "unit": links.unit,
            "items": sides,
            "said": "linked" if ids in decided.linked else "dismissed" if ids in decided.dismissed else None,
            "together": bool(preview.plan.units.of[rows[0]] == preview.plan.units.of[rows[1]]),
        }


def _side(ds: Dataset, preview: Preview, row: int, buffers: list[bytes] | None) -> dict[str, Any]:
    item = preview.items.slice(row, 1).select(_COLUMNS).to_pylist()[0]
    sources = item["sources"] or [item["path"] or item["id"]]
    part = str(preview.plan.assigned[row])
    shown = {} if buffers is None else _shown(ds, item).numbered(buffers)
    return {"id": item["id"], "name": sources[0], "part": part, **shown}


def _shown(ds: Dataset, item: Mapping[str, Any]) -> Content:
    if item["kind"] != "image":
        return Content({"text": (item["text"] or "")[:_LONGEST]})
    try:
        path = ds.file(str(item["path"]))
        return of_image(*thumbnail(ds._folder, path, item["sha256"], _SIDE))  # noqa: SLF001 -- the cache is the dataset's
    except (NbtoolsError, OSError) as error:
        return failed(shorten(str(error), 160))
