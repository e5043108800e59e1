"""Suggestions of another copy of a dataset, taken over file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from nbtools.dataset.core import Core
from nbtools.dataset.mergetasks import SchemaMerge
from nbtools.items.erased import Blocked
from nbtools.store.suggestions import Name, files, read, take_over

_BATCH = 5_000


def take_suggestions(
    ds: Core, other: Core, blocked: Blocked, schemas: SchemaMerge, without: Sequence[str], *, dry: bool
) -> dict[str, int]:
    """Take over the suggestions that another copy has more; again: nothing.

    Parameters
    ----------
    ds, other : Core
        The dataset, whose items are merged already, and the copy.
    blocked : Blocked
        What was erased in either.
    schemas : SchemaMerge
        What is an answer to the tasks of either.
    without : sequence of str
        Tasks that are left out.
    dry : bool
        Only count: then those for items that would come are not among them.

    Returns
    -------
    dict of str to int
        How many, by task.

    Raises
    ------
    NotSavedError
        If the disk refuses; whole files that were taken until then stay.
    """
    counts: Counter[str] = Counter()
    here = files(ds._folder)
    for name in files(other._folder):
        task = name[0]
        if name in here or task in without or task not in schemas.tasks:
            continue
        lines = [line for line in _lines(ds, other, name, schemas) if line[0] not in blocked]
        if lines and not dry:
            take_over(ds._folder, name, [line for _, line in lines])
        counts[task] += len(lines)
    if not dry:
        ds._index.refresh()
    return {task: count for task, count in sorted(counts.items()) if count}


def _lines(ds: Core, other: Core, name: Name, schemas: SchemaMerge) -> Iterator[tuple[str, bytes]]:
    """Yield the items and lines of a file that speak of items of ours, and are answers."""
    found = [(one.item, line) for one, line in read(other._folder, name) if schemas.answers(name[0], one.value)]
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        there = ds._index.positions_of([item for item, _ in batch])
        yield from (pair for pair in batch if pair[0] in there)
