"""Labels and acts as tables; pandas is imported when one is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import LabelError
from nbtools.labels.act import Act
from nbtools.labels.current import rank
from nbtools.labels.names import did_you_mean
from nbtools.store.index import Index
from nbtools.store.rows import Head

if TYPE_CHECKING:
    import pandas as pd

_LABELS = "item annotator value status flagged unsure comment at origin identity conflict schema act"
_MAJORITY = "item value votes annotators"
_HISTORY = (
    "act type task item annotator value status flagged unsure comment origin identity "
    "supersedes undoes bulk schema at visible_ms active_ms"
)
_TRUTHS = ("latest", "majority")


def labels_table(index: Index, task: str, truth: str | None) -> pd.DataFrame:
    """Return the current labels of the items that are in.

    Raises
    ------
    LabelError
        If `truth` is no way of settling them.
    """
    if truth is not None and truth not in _TRUTHS:
        raise LabelError(f"truth={truth!r} is none of None, 'latest', 'majority'{did_you_mean(str(truth), _TRUTHS)}")
    out = index.excluded()
    heads = [head for head in index.heads(task) if head.act.status != "cleared" and head.act.item not in out]
    if truth is None:
        return _table(_LABELS, [_label(head) for head in heads])
    settled = [_yielding(of_item) for of_item in _by_item(heads)]
    if truth == "latest":
        latest = [max(of_item, key=lambda head: rank(head.act)) for of_item in settled if of_item]
        return _table(_LABELS, [_label(head) for head in latest])
    return _table(_MAJORITY, [_majority([head.act for head in of_item]) for of_item in settled if of_item])


def history_table(acts: Sequence[Act]) -> pd.DataFrame:
    """Return acts in the order in which they came."""
    names = _HISTORY.replace(" at ", " received_at ").split()
    return _table(_HISTORY, [[getattr(act, name) for name in names] for act in sorted(acts, key=rank)])


def _by_item(heads: Iterable[Head]) -> list[list[Head]]:
    found: dict[str | None, list[Head]] = {}
    for head in heads:
        if head.act.status == "labeled":
            found.setdefault(head.act.item, []).append(head)
    return list(found.values())


def _yielding(heads: list[Head]) -> list[Head]:
    """Return the labels of persons, or where there are none the imported ones."""
    return [head for head in heads if head.act.origin != "import"] or heads


def _label(head: Head) -> list[Any]:
    act = head.act
    return [
        act.item, act.annotator, act.value, act.status, act.flagged, act.unsure, act.comment, act.received_at,
        act.origin, act.identity, head.conflict, act.schema, act.act,
    ]  # fmt: skip


def _majority(acts: Sequence[Act]) -> list[Any]:
    values = {_key(act.value): act.value for act in acts}
    (first, votes), *others = Counter(_key(act.value) for act in acts).most_common(2)
    even = bool(others) and others[0][1] == votes
    return [acts[0].item, None if even else values[first], votes, len(acts)]


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _table(columns: str, rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    import pandas as pd

    names = columns.split()
    table = pd.DataFrame({name: pd.Series([row[at] for row in rows], dtype=object) for at, name in enumerate(names)})
    if "at" in names:
        table["at"] = pd.to_datetime(table["at"], utc=True, format="ISO8601").dt.as_unit("ms")
    flags = {name: bool for name in ("flagged", "unsure", "conflict") if name in names}
    return table.astype(flags)
