"""What changed between two sorted tables of items, counted or listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.versions.pairing import Rows, differing, mask, matches, picked, truths
from nbtools.versions.pieces import SPLIT
from nbtools.versions.tables import as_frame
from nbtools.versions.words import no_changes

if TYPE_CHECKING:
    from pandas import DataFrame

BYTES = ("id", "recipe", "sha256")
Pairs = Iterable[tuple[pa.Table, pa.Table]]


def count_changes(pairs: Pairs, tasks: Sequence[str], excluded: pa.Array | None = None) -> dict[str, Any]:
    """Return how many items were added, removed (of these excluded), replaced, moved; by task, relabeled and labeled.

    Parameters
    ----------
    pairs : iterable of (Table, Table)
        Pieces of the old and the new table that hold the same range of ids: the
        columns `BYTES`, or ``split``, and one per task.
    tasks : sequence of str
        The tasks to compare.
    excluded : Array, optional
        The ids of the items that a person took out.
    """
    counts = no_changes(tasks)
    for old, new in pairs:
        before, after = matches(old, new)
        counts["added"] += int((~after).sum())
        gone = old["id"].filter(mask(~before))
        counts["removed"] += len(gone)
        if excluded is not None and len(gone):
            counts["excluded"] += pc.sum(pc.is_in(gone, value_set=excluded)).as_py()
        was, now = picked(old.drop_columns("id"), before), picked(new.drop_columns("id"), after)
        counts["replaced"] += int(_replaced(was, now).sum())
        counts["moved"] += int(_moved(was, now).sum())
        for task in tasks:
            changed, had = _labels(was, now, task)
            counts["relabeled"][task] += int((changed & had).sum())
            counts["labeled"][task] += int((changed & ~had).sum())
    return counts


def added(pairs: Pairs, columns: Sequence[str]) -> DataFrame:
    """Return the items that are only in the new table."""
    return _listed((picked(new, ~matches(old, new)[1]) for old, new in pairs), columns)


def removed(pairs: Pairs, columns: Sequence[str]) -> DataFrame:
    """Return the items that are only in the old table."""
    return _listed((picked(old, ~matches(old, new)[0]) for old, new in pairs), columns)


def replaced(pairs: Pairs) -> DataFrame:
    """Return the items of which the bytes are others: id, recipe and sha256, from and to."""
    return _both(pairs, _replaced, ("recipe", "sha256"), named=True)


def moved(pairs: Pairs) -> DataFrame:
    """Return the items that are in another part of the split: id, from, to."""
    return _both(pairs, _moved, (SPLIT,), named=False)


def labels_changed(pairs: Pairs, tasks: Sequence[str], *, were_labeled: bool) -> DataFrame:
    """Return the items whose label is another one: id, task, from, to.

    Parameters
    ----------
    pairs : iterable of (Table, Table)
        Pieces with a column per task.
    tasks : sequence of str
        The tasks to compare.
    were_labeled : bool
        Whether those that had a label before are wanted, or those that had none.
    """
    import pandas as pd

    found = [pd.DataFrame({name: pd.Series(dtype=object) for name in ("id", "task", "from", "to")})]
    for old, new in pairs:
        before, after = matches(old, new)
        was, now = picked(old, before), picked(new, after)
        for task in tasks:
            changed, had = _labels(was, now, task)
            rows = pa.array(np.flatnonzero(changed & (had if were_labeled else ~had)))
            if len(rows):
                columns = {"id": now["id"], "from": was[task], "to": now[task]}
                table = {name: column.take(rows).to_pandas().astype(object) for name, column in columns.items()}
                found.append(pd.DataFrame({"id": table["id"], "task": task, "from": table["from"], "to": table["to"]}))
    return pd.concat(found, ignore_index=True)


def _labels(was: pa.Table, now: pa.Table, task: str) -> tuple[Rows, Rows]:
    had = truths(was[task].is_valid())
    return differing(was[task], now[task]), had


def _replaced(was: pa.Table, now: pa.Table) -> Rows:
    if "sha256" not in was.column_names:
        return np.zeros(was.num_rows, bool)
    other: Rows = differing(was["recipe"], now["recipe"]) | differing(was["sha256"], now["sha256"])
    return other


def _moved(was: pa.Table, now: pa.Table) -> Rows:
    if SPLIT not in was.column_names:
        return np.zeros(was.num_rows, bool)
    return differing(was[SPLIT], now[SPLIT])


def _both(
    pairs: Pairs, differ: Callable[[pa.Table, pa.Table], Rows], columns: Sequence[str], *, named: bool
) -> DataFrame:
    def found() -> Iterator[pa.Table]:
        for old, new in pairs:
            before, after = matches(old, new)
            was, now = picked(old, before), picked(new, after)
            rows = pa.array(np.flatnonzero(differ(was, now)))
            table = pa.table({"id": now["id"].take(rows)})
            for name in columns:
                ending = f"_{name}" if named else ""
                table = table.append_column(f"from{ending}", was[name].take(rows))
                table = table.append_column(f"to{ending}", now[name].take(rows))
            yield table

    ends = [f"{end}_{name}" if named else end for name in columns for end in ("from", "to")]
    return _listed(found(), ("id", *ends))


def _listed(tables: Iterable[pa.Table], columns: Sequence[str]) -> DataFrame:
    empty = pa.table({name: pa.array([], pa.string()) for name in columns})
    found = [table.select(list(columns)) for table in tables if table.num_rows]
    return as_frame(pa.concat_tables(found) if found else empty)
