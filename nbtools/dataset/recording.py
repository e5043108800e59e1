"""Labels written from Python: read from whatever they come in, checked, and written once."""

from __future__ import annotations

import getpass
import hashlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbtools.dataset import tasks
from nbtools.dataset.core import Core
from nbtools.dataset.facts import facts_of
from nbtools.dataset.inbox import now
from nbtools.dataset.pointing import pointed
from nbtools.errors import LabelError, did_you_mean
from nbtools.labels.act import ORIGINS, Act
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts
from nbtools.labels.names import IMPORTER, annotator_name
from nbtools.labels.task import Task, check
from nbtools.storage import new_ulid
from nbtools.store.rows import Head
from nbtools.store.tasks import read_task

_BATCH = 5_000
_TABLES = (".csv", ".tsv", ".parquet", ".pq", ".json", ".jsonl", ".xlsx")


@dataclass(frozen=True)
class Recorded:
    """What a call has written.

    Attributes
    ----------
    bulk : str or None
        What ``ds.revert`` takes; None where nothing was written.
    written : int
        How many acts.
    unchanged : int
        How many were there already, or could not be reverted because more was said since.
    """

    bulk: str | None
    written: int
    unchanged: int

    def __repr__(self) -> str:
        """Say it in words, and how to take it back."""
        back = f" · to take them back: ds.revert({self.bulk!r})" if self.bulk else ""
        return f"{self.written:,} written, {self.unchanged:,} left as they were{back}"

    def _repr_html_(self) -> str:
        return f"<pre>{self!r}</pre>"


def record(
    ds: Core,
    task: str,
    labels: object,
    *,
    annotator: str | None,
    origin: str,
    source: str | None,
    reason: str | None,
) -> Recorded:
    """Write labels; all are checked before the first is written.

    Raises
    ------
    LabelError
        If an item or a value is not one.
    NotSavedError
        If the disk refuses.
    """
    declared = read_task(ds._folder, task)
    if origin not in ORIGINS:
        raise LabelError(f"origin={origin!r} is none of {', '.join(ORIGINS)}{did_you_mean(str(origin), ORIGINS)}")
    if declared is None:
        raise LabelError(f"the task {task!r} went away while labels were written")
    call = _Call(declared, _annotator(annotator, origin), origin, source, reason, new_ulid())
    pairs = _pairs(ds, declared, labels)
    facts = facts_of_all(ds, declared, [item for item, _ in pairs])
    values = _values(ds, call, pairs, facts)
    items = list(values)
    written = 0
    for start in range(0, len(items), _BATCH):
        batch = items[start : start + _BATCH]
        heads = ds._index.heads_of(task, call.who, batch)
        made = [call.act(item, values[item], heads.get(item)) for item in batch]
        known = ds._index.known_acts([act.act for act in made])
        new = [act for act in made if act.act not in known and not _same(heads.get(act.item or ""), act)]
        ds._log.append(task, new)
        written += len(new)
    return Recorded(call.bulk if written else None, written, len(items) - written)


def whole_ids(ds: Core, ids: Iterable[str]) -> list[str]:
    """Return whole ids for ids or unique beginnings of ids.

    Raises
    ------
    UnknownItemError
        If one is not there.
    """
    given = [str(one) for one in ids]
    known = ds._index.positions_of(given)
    return [one if one in known else ds._index.find(one) for one in given]


@dataclass(frozen=True)
class _Call:
    """What all acts of one call have in common."""

    task: Task
    who: str
    origin: str
    source: str | None
    reason: str | None
    bulk: str

    def act(self, item: str, value: Any, head: Head | None) -> Act:
        # Its id is what it says: written twice, by two runs or two processes, it counts once.
        said = json.dumps([self.task.name, item, self.who, self.origin, self.source, self.reason, value])
        return Act(
            act=f"{self.origin}-{hashlib.sha256(said.encode()).hexdigest()[:32]}",
            task=self.task.name,
            schema=self.task.schema,
            item=item,
            annotator=self.who,
            identity="import" if self.origin == "import" else "python",
            value=value,
            status="labeled",
            comment=self.reason,
            origin=self.origin,
            supersedes=head.act.act if head is not None else None,
            received_at=now(),
            why=None if self.source is None else {"source": self.source},
            bulk=self.bulk,
        )


def _same(head: Head | None, act: Act) -> bool:
    return head is not None and (head.act.value, head.act.status) == (act.value, act.status)


def _annotator(annotator: str | None, origin: str) -> str:
    if annotator is not None:
        return annotator_name(annotator) if annotator != IMPORTER else IMPORTER
    if origin == "import":
        return IMPORTER
    return annotator_name(os.environ.get("NBTOOLS_ANNOTATOR") or getpass.getuser())


def _pairs(ds: Core, task: Task, labels: object) -> list[tuple[str, Any]]:
    given = [(item, value) for item, value in _given(ds, task, labels) if not is_missing(value)]
    items = pointed(ds, [item for item, _ in given])
    pairs = [(item, value) for item, (_, value) in zip(items, given, strict=True)]
    seen: dict[str, Any] = {}
    for item, value in pairs:
        if item in seen and seen[item] != value:
            raise LabelError(f"the item {item} is given two labels, {seen[item]!r} and {value!r}: leave one")
        seen[item] = value
    return pairs


def _given(ds: Core, task: Task, labels: Any) -> list[tuple[str, Any]]:
    if isinstance(labels, str):
        return _from_attribute(ds, labels)
    if hasattr(labels, "columns") and hasattr(labels, "itertuples"):
        return _from_table(task, labels)
    if isinstance(labels, Mapping) or (hasattr(labels, "items") and hasattr(labels, "index")):
        return [(str(item), value) for item, value in labels.items()]
    try:
        return [(str(item), value) for item, value in labels]
    except (TypeError, ValueError) as error:
        raise LabelError(
            "labels are a mapping of item to value, a Series, a DataFrame, pairs, or 'column:<attribute>', "
            f"and this is {type(labels).__name__}: {str(labels)[:80]!r}"
        ) from error


def _from_attribute(ds: Core, labels: str) -> list[tuple[str, Any]]:
    how, _, name = labels.partition(":")
    known = ds._index.attributes()
    if labels.lower().endswith(_TABLES) and name not in known:
        read = "read_parquet" if labels.lower().endswith((".parquet", ".pq")) else "read_csv"
        raise LabelError(
            f"{labels!r} is a file: read it first, pandas.{read}({labels!r}), and hand over the table, with a column "
            "'item' or 'id' and a column 'value' or one named as the task"
        )
    if how != "column" or name not in known:
        raise LabelError(
            f"{labels!r} names no attribute: write 'column:<attribute>'{did_you_mean(name, known)}; "
            f"there are {', '.join(known) or 'none'}"
        )
    return [(row.id, row.attributes[name]) for row in ds._index.rows() if name in row.attributes]


def _from_table(task: Task, table: Any) -> list[tuple[str, Any]]:
    columns = [str(name) for name in table.columns]
    item = next((name for name in ("item", "id") if name in columns), None)
    value = next((name for name in ("value", task.name) if name in columns), None)
    if item is None or value is None:
        raise LabelError(
            f"a table of labels has a column 'item' or 'id' and a column 'value' or {task.name!r}; "
            f"this one has {', '.join(columns)}"
        )
    return [(str(one), said) for one, said in zip(table[item], table[value], strict=True)]


def is_missing(value: Any) -> bool:
    """Tell whether a cell of a table holds nothing."""
    return (
        value is None
        or type(value).__name__ in ("NAType", "NaTType")
        or (isinstance(value, float) and math.isnan(value))
    )


def facts_of_all(ds: Core, task: Task, items: Sequence[str]) -> dict[str, ItemFacts]:
    """Return what values about some items can be checked against; nothing where the task's kind needs no item."""
    if not kind_of(task.kind).needs_item:
        return {}
    places = list(ds._index.positions_of(items).values())
    batches = (places[start : start + _BATCH] for start in range(0, len(places), _BATCH))
    return {row.id: facts_of(ds, row) for batch in batches for row in ds._index.rows_at(batch)}


def _values(ds: Core, call: _Call, pairs: Sequence[tuple[str, Any]], facts: Mapping[str, ItemFacts]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    earlier: list[Task] | None = None
    for item, value in pairs:
        try:
            values[item] = _checked(call.task, item, value, facts)
        except LabelError:
            # What was recorded before its option was retired can be recorded again: it is there already.
            if earlier is None:
                earlier = list(tasks.earlier(ds, call.task))
            said = [one for task in earlier for one in _said(ds, call, task, item, value, facts)]
            if not said:
                raise
            values[item] = said[0]
    return values


def _said(ds: Core, call: _Call, task: Task, item: str, value: Any, facts: Mapping[str, ItemFacts]) -> Iterator[Any]:
    try:
        found = _checked(task, item, value, facts)
    except LabelError:
        return
    if ds._index.act(call.act(item, found, None).act) is not None:
        yield found


def _checked(task: Task, item: str, value: Any, facts: Mapping[str, ItemFacts]) -> Any:
    try:
        return check(task, plain(value), facts.get(item, UNKNOWN))
    except LabelError as error:
        raise LabelError(f"item {item}: {error}") from error


def plain(value: Any) -> Any:
    """Return what JSON can hold of a value that came in numpy's numbers and arrays."""
    if hasattr(value, "tolist"):  # an array, or one number of it
        value = value.tolist()
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
