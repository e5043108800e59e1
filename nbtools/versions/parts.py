"""What of a plan is kept as which table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame

    from nbtools.splits.plan import Plan


def kept_parts(plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the positions of the parts that are kept as tables, and those of folds.

    Folds are kept together as ``train``, and one table says which item is in which.
    """
    rows = {name: plan.positions(name) for name in plan.names}
    folds = {name: at for name, at in rows.items() if name.startswith("fold") and name[4:].isdigit()}
    if not folds:
        return rows, {}
    import numpy as np

    others = {name: at for name, at in rows.items() if name not in folds}
    return {"train": np.sort(np.concatenate(list(folds.values()))), **others}, folds


def text_table(rows: DataFrame) -> pa.Table:
    """Return columns of text, with nothing where there is None."""
    import pyarrow as pa

    return pa.table({name: pa.array(rows[name].tolist(), pa.string()) for name in rows.columns})


def folds_table(ids: pa.ChunkedArray, folds: Mapping[str, Any]) -> pa.Table:
    """Return which item is in which fold, sorted by id.

    Parameters
    ----------
    ids : ChunkedArray
        Of all items.
    folds : mapping of str to ndarray of int
        The positions of the items of each.
    """
    import numpy as np
    import pyarrow as pa

    rows = np.concatenate(list(folds.values()))
    names = np.repeat(list(folds), [len(at) for at in folds.values()])
    return pa.table({"id": ids.take(rows), "fold": pa.array(names.tolist(), pa.string())}).sort_by("id")
