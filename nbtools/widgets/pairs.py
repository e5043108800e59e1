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


def pairs_of(ds: Dataset, preview: Preview, start: int, count: int) -> tuple[int, list[dict[str, Any]], list[bytes]]:
    """Return how many pairs there are, some of them, and the pictures that they name by number.

    Pairs in two parts come first: they would be leaks.

    Parameters
    ----------
    ds : Dataset
        The dataset, which keeps the small pictures.
    preview : Preview
        The split that is looked at.
    start, count : int
        The first pair, and how many.
    """
    import numpy as np

    links = preview.near or ()
    across = [preview.plan.codes[one.left] != preview.plan.codes[one.right] for one in links]
    places = [(number, at) for number, one in enumerate(links) for at in range(len(one))]
    order = np.argsort(~np.concatenate([np.empty(0, bool), *across]), kind="stable")[start : start + count]
    buffers: list[bytes] = []
    chosen = [places[at] for at in order.tolist()]
    return len(places), [_pair(ds, preview, links[number], at, buffers) for number, at in chosen], buffers


def _pair(ds: Dataset, preview: Preview, links: Links, at: int, buffers: list[bytes]) -> dict[str, Any]:
    rows = (int(links.left[at]), int(links.right[at]))
    sides = [_side(ds, preview, row, buffers) for row in rows]
    return {"kind": links.kind, "measure": float(links.measure[at]), "unit": links.unit, "items": sides}


def _side(ds: Dataset, preview: Preview, row: int, buffers: list[bytes]) -> dict[str, Any]:
    item = preview.items.slice(row, 1).select(_COLUMNS).to_pylist()[0]
    sources = item["sources"] or [item["path"] or item["id"]]
    part = str(preview.plan.assigned[row])
    return {"id": item["id"], "name": sources[0], "part": part, **_shown(ds, item).numbered(buffers)}


def _shown(ds: Dataset, item: Mapping[str, Any]) -> Content:
    if item["kind"] != "image":
        return Content({"text": (item["text"] or "")[:_LONGEST]})
    try:
        path = ds.file(str(item["path"]))
        return of_image(*thumbnail(ds._folder, path, item["sha256"], _SIDE))  # noqa: SLF001 -- the cache is the dataset's
    except (NbtoolsError, OSError) as error:
        return failed(shorten(str(error), 160))
