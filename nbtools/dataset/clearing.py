"""Clears a dataset of what nobody needs, and joins what is in many small files."""

from __future__ import annotations

import time

from nbtools.items.sighting import PARTS
from nbtools.storage import Folder
from nbtools.versions.removing import DAY, Garbage, Left, collect


def clear(folder: Folder, *, dry_run: bool, now: float | None = None) -> Garbage:
    """Clear what is older than a day; see `Dataset.gc`.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    dry_run : bool
        Only say what it is.
    now : float, optional
        Seconds since 1970; the clock's unless given.

    Raises
    ------
    DatasetError
        If a part of the catalogue cannot be read.
    NotSavedError
        If the disk refuses.
    """
    from nbtools.items.compacting import finish, join_parts, small_parts

    now = time.time() if now is None else now
    found = collect(folder, dry_run=dry_run, now=now)
    if not dry_run:
        finish(folder)
    runs = small_parts(folder, now - DAY)
    for run in () if dry_run else runs:
        join_parts(folder, run)
    joined = (
        Left(f"{PARTS}/{run.names[0]}", run.bytes, f"joined with the {len(run.names) - 1} after it") for run in runs
    )
    return Garbage((*found.found, *joined), found.removed)
