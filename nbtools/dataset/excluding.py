"""Takes items out of a dataset and back in, by acts; files and labels stay where they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from nbtools.dataset.core import Core
from nbtools.dataset.inbox import now
from nbtools.dataset.recording import whole_ids
from nbtools.labels.act import Act
from nbtools.storage import new_ulid
from nbtools.store.log import ITEMS
from nbtools.versions.words import say


def set_excluded(ds: Core, ids: str | Iterable[str], kind: Literal["exclude", "include"], reason: str | None) -> int:
    """Exclude or include items; return for how many that is new.

    Raises
    ------
    UnknownItemError
        If one is not there.
    NotSavedError
        If the disk refuses.
    """
    ds._index.refresh()
    wanted = whole_ids(ds, [ids] if isinstance(ids, str) else ids)
    out = ds._index.excluded()
    bulk = new_ulid() if len(wanted) > 1 else None
    acts = [
        Act(act=new_ulid(), type=kind, item=one, identity="python", comment=reason, received_at=now(), bulk=bulk)
        for one in dict.fromkeys(wanted)
        if (one in out) != (kind == "exclude")
    ]
    ds._log.append(ITEMS, acts)
    if not acts:
        say(f"nothing to do: the items are {'out' if kind == 'exclude' else 'in'} already")
    return len(acts)
