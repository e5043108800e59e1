"""Labels of a version whose items a ranker chose: what is measured on them is not what chance would have shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from nbtools.errors import SplitError
from nbtools.storage import Folder
from nbtools.versions.record import Record
from nbtools.versions.tables import LABELS, read_table

if TYPE_CHECKING:
    from pandas import Series

    from nbtools.splits.plan import Plan, Removal
    from nbtools.splits.splitter import Splitter

# Of a task, the ids of acts whose item a ranker chose.
RankedActs: TypeAlias = Callable[[str], set[str]]


def ranked_items(folder: Folder, record: Record, ids: Series[str], acts: RankedActs) -> dict[str, tuple[Any, Any]]:
    """Return by task the positions of items with a label, and of those that a ranker chose; only tasks that have such.

    Raises
    ------
    DatasetError
        If the version's labels cannot be read.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    index, found = pd.Index(ids), {}
    for task in record.truth:
        chosen = acts(task)
        if not chosen:
            continue
        table = read_table(folder, record.name, LABELS, ["task", "item", "status", "act"])
        mine = table.filter(pc.and_(pc.equal(table["task"], task), pc.equal(table["status"], "labeled")))
        labeled = index.get_indexer(pd.unique(mine["item"].to_pandas()))
        ranked = mine.filter(pc.is_in(mine["act"], value_set=pa.array(sorted(chosen), pa.string())))["item"].to_pandas()
        found[task] = (labeled[labeled >= 0], index.get_indexer(pd.unique(ranked)))
    return {task: pair for task, pair in found.items() if len(pair[1])}


def kept_from_tests(
    splitter: Splitter, before: Series[str] | None, ids: Series[str], ranked: Mapping[str, tuple[Any, Any]]
) -> Series[str] | None:
    """Return a split that is carried on, with items that a ranker chose and that are new put into train.

    One that belongs with an item that is tested on cannot be there either: tests are not
    touched, and it is in quarantine.

    Raises
    ------
    SplitError
        If the strategy is not one that fills what is lacking.
    """
    import pandas as pd

    from nbtools.splits.ledger import LedgerSplit
    from nbtools.splits.ratios import check_ratios, train_and_test

    if not isinstance(splitter, LedgerSplit):
        raise SplitError(
            f'eval="random" goes with ratios, and {type(splitter).__name__} decides by other things: leave it out'
        )
    train, _ = train_and_test(check_ratios(splitter.ratios))
    chosen = sorted({ids.iloc[at] for _, positions in ranked.values() for at in positions})
    old = pd.Series(dtype=object) if before is None else before
    new = pd.Series({one: train for one in chosen if one not in old.index}, dtype=object)
    return pd.concat([old, new]) if len(new) else before


def told(plan: Plan, before: Series[str] | None, ranked: Mapping[str, tuple[Any, Any]]) -> Plan:
    """Return a plan that knows of them, and in which no item was before that was not."""
    import numpy as np

    from nbtools.splits.plan import NEW

    there = np.isin(plan.ids.array.astype(str), [] if before is None else before.index.to_numpy(str))
    removals = [one if there[one.row] else _never_in(one) for one in plan.removals]
    return replace(plan, ranked=ranked, before=np.where(there, plan.before, NEW), removals=removals)


def _never_in(removal: Removal) -> Removal:
    from nbtools.splits.history import LEAK

    reason = f'eval="random": a ranker chose it, and it {removal.reason.removeprefix(LEAK)}'
    return replace(removal, was=None, reason=reason)
