"""Everything that a version is made of, read at one moment: items, current labels, exclusions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.dataset.pseudonyms import pseudonyms
from nbtools.dataset.recording import whole_ids
from nbtools.errors import VersionError
from nbtools.labels.task import Task

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from nbtools.store.bulk import Everything
    from nbtools.versions.content import Handed

_SHOWN = 3


def snapshot(ds: Core, tasks: Sequence[Task], items: Any) -> Handed:
    """Return what a version is to hold, as it is now.

    Parameters
    ----------
    ds : Core
        The dataset; its index is brought up to date here.
    tasks : sequence of Task
        Whose labels are wanted.
    items : None, str, DataFrame or iterable of str
        Which items: those that are in; or of these the ones for which a SQL
        expression holds; or the ones that are named.

    Raises
    ------
    QueryError
        If the expression cannot be evaluated.
    UnknownItemError
        If an item is not there.
    VersionError
        If an item that is named was excluded.
    """
    from nbtools.store.bulk import everything
    from nbtools.versions.content import Handed

    ds._index.refresh()
    while True:
        before = ds._index.stamp()
        chosen = None if items is None else _chosen(ds, items)
        found = everything(ds._index)
        # Positions and what lies at them are of one moment only if neither has changed between.
        if ds._index.stamp() == before:
            break
    kept = _kept(found, chosen, named=items is not None and not isinstance(items, str))
    labels = _labels(ds, found, kept, {task.name for task in tasks})
    excluded = dict(found.excluded.values())
    rows = found.items if kept.all() else found.items.filter(_mask(kept))
    return Handed(rows, labels, excluded, {task.name: task for task in tasks})


def _chosen(ds: Core, items: Any) -> list[int]:
    if isinstance(items, str):
        return ds._index.positions(items)
    ids = _ids(items)
    known = ds._index.positions_of(whole_ids(ds, ids))
    return list(known.values())


def _ids(items: Any) -> list[str]:
    if hasattr(items, "columns"):
        name = next((name for name in ("id", "item") if name in items.columns), None)
        if name is None:
            raise VersionError(f"items= is a table without a column 'id'; it has {', '.join(map(str, items.columns))}")
        items = items[name]
    if not isinstance(items, Iterable):
        raise VersionError(
            f"items= is a SQL expression, a table with a column 'id', or ids, and this is {str(items)[:80]!r}"
        )
    return [str(one) for one in items]


def _kept(found: Everything, chosen: list[int] | None, *, named: bool) -> np.ndarray[Any, Any]:
    import numpy as np

    count = found.items.num_rows
    kept = np.full(count, chosen is None)
    if chosen is not None:
        kept[chosen] = True
    out = [position for position in found.excluded if position < count]
    refused = [found.excluded[position][0] for position in out if named and kept[position]]
    if refused:
        shown = ", ".join(refused[:_SHOWN]) + (" …" if len(refused) > _SHOWN else "")
        raise VersionError(f"items= names {len(refused):,} excluded items: {shown}. ds.include(ids) takes them back in")
    kept[out] = False
    return kept


def _labels(ds: Core, found: Everything, kept: np.ndarray[Any, Any], tasks: set[str]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    from nbtools.versions.tables import LABEL_SCHEMA

    numbers = {number: at for at, number in enumerate(found.series)}
    wanted = np.array([task in tasks for task, _ in found.series.values()], bool)
    place = np.full(max(found.series, default=0) + 1, -1)
    place[list(numbers)] = list(numbers.values())
    series = place[found.labels["series"].to_numpy()]
    position = found.labels["position"].to_numpy()
    mask = (wanted[series] & kept[position]) if len(series) else np.zeros(0, bool)
    labels = found.labels.filter(pa.array(mask))
    known = pseudonyms(ds._folder, ds.id, {who for (task, who) in found.series.values() if task in tasks and who})
    named = {
        "task": [task for task, _ in found.series.values()],
        "annotator": [known.get(who, "") for _, who in found.series.values()],
    }
    rows = np.cumsum(kept) - 1
    columns = {name: pa.array(texts, pa.string()).take(pa.array(series[mask])) for name, texts in named.items()}
    columns["item"] = pa.array(rows[position[mask]], pa.int64())
    return pa.table({name: columns[name] if name in columns else labels[name] for name in LABEL_SCHEMA.names})


def _mask(kept: np.ndarray[Any, Any]) -> pa.Array:
    import pyarrow as pa

    return pa.array(kept)
