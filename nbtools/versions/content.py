"""What a version holds: its tables, made of what was read, and the digests by which two are told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import DatasetError
from nbtools.items.ids import ID_LENGTH
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import Kind
from nbtools.labels.task import Task
from nbtools.versions.columns import canonical_json, encoded, lists, spread, typed
from nbtools.versions.digest import attributes_digest, items_digest, labels_digest, values_digest
from nbtools.versions.tables import EXCLUDED, EXCLUDED_SCHEMA, ITEM_SCHEMA, ITEMS, LABEL_SCHEMA, LABELS
from nbtools.versions.truth import Answers, Numbers, settle

_KINDS = {"choice": pa.string(), "choices": pa.list_(pa.string())}
_MOST_VALUES = 1_000


class Handed(NamedTuple):
    """What a version is to be made of, as it was at one moment.

    Attributes
    ----------
    items : Table
        The columns of `ITEM_SCHEMA`, but `sources` is JSON; and `attributes`, JSON. In any order.
    labels : Table
        The columns of `LABEL_SCHEMA`, but `item` is the row of the item in `items`.
        What is current and not cleared, of the tasks that are wanted. In any order.
    excluded : mapping of str to (str or None)
        The reason of each item that is out.
    tasks : mapping of str to Task
        The tasks that are wanted.
    """

    items: pa.Table
    labels: pa.Table
    excluded: Mapping[str, str | None]
    tasks: Mapping[str, Task]


class Content(NamedTuple):
    """What a version holds.

    Attributes
    ----------
    files : mapping of str to Table
        Its tables, by file.
    tasks : mapping of str to Task
        The tasks whose labels it holds.
    digests, truth, counts : mapping
        As in its record.
    """

    files: Mapping[str, pa.Table]
    tasks: Mapping[str, Task]
    digests: Mapping[str, str]
    truth: Mapping[str, Mapping[str, str]]
    counts: Mapping[str, Any]


class _Task(NamedTuple):
    """What a task came to: of each item the value's JSON and the value, how it was settled, and how often each is."""

    written: pa.ChunkedArray
    value: pa.ChunkedArray
    rule: str
    counts: Mapping[str, Any]


def content(handed: Handed, truth: Mapping[str, str]) -> Content:
    """Return what a version holds.

    Parameters
    ----------
    handed : Handed
        What it is to be made of.
    truth : mapping of str to str
        By task, how answers that differ are settled.

    Raises
    ------
    UnsettledError
        If answers differ and it was not said how to settle them.
    DatasetError
        If an item is there twice.
    """
    order = _sorted_ids(handed.items["id"])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    items = _taken(handed.items, order)
    labels = _sorted_labels(handed.labels, rank)
    attributes = spread(items["attributes"])
    tasks = {name: _task(task, labels, len(order), truth.get(name)) for name, task in sorted(handed.tasks.items())}
    ids = items["id"]
    written = {name: pa.chunked_array([column]) for name, (column, _) in attributes.items()}
    table = _items(items, {name: column for name, (_, column) in attributes.items()}, tasks)
    named = labels.set_column(labels.schema.get_field_index("item"), "item", ids.take(labels["item"]))
    named = named.select(LABEL_SCHEMA.names).cast(LABEL_SCHEMA)
    files = {ITEMS: table, LABELS: named}
    if handed.excluded:
        out = sorted(handed.excluded.items())
        files[EXCLUDED] = pa.table([list(column) for column in zip(*out, strict=True)], schema=EXCLUDED_SCHEMA)
    digests = {
        "items_digest": items_digest(items),
        "attributes_digest": attributes_digest(ids, written),
        "labels_digest": labels_digest(named),
    }
    truths = {name: {"rule": one.rule, "digest": values_digest(ids, one.written)} for name, one in tasks.items()}
    return Content(files, handed.tasks, digests, truths, _counts(items, tasks))


def _sorted_ids(ids: pa.ChunkedArray) -> Numbers:
    """Return the order of ids, which are 32 hex digits: mostly the first eight tell them apart."""
    try:
        fixed = ids.combine_chunks().cast(pa.binary()).cast(pa.binary(ID_LENGTH))
    except pa.ArrowInvalid as error:
        raise DatasetError(
            f"an item's id has not {ID_LENGTH} digits: {error}. Bring metadata/ back from a backup"
        ) from error
    words = np.frombuffer(fixed.buffers()[1], ">u8").reshape(-1, ID_LENGTH // 8)[fixed.offset :][: len(fixed)]
    first = words[:, 0].astype(np.uint64)
    order = np.argsort(first, kind="stable")
    tied = np.flatnonzero(np.diff(first[order]) == 0)
    if len(tied):
        places = np.union1d(tied, tied + 1)
        rows = order[places]
        rows = rows[np.lexsort(words[rows].T[::-1])]
        order[places] = rows
        same = np.flatnonzero((words[rows][1:] == words[rows][:-1]).all(axis=1))
        if len(same):
            raise DatasetError(f"the item {ids[int(rows[same[0]])]} is there twice: bring metadata/ back from a backup")
    return order


def _taken(table: pa.Table, order: Numbers) -> pa.Table:
    """Return the rows of a table in an order, several columns at once: Arrow takes them one after the other."""
    rows = pa.array(order)
    with ThreadPoolExecutor() as pool:
        columns = list(pool.map(lambda column: column.take(rows), table.columns))
    return pa.table(columns, table.schema)


def _sorted_labels(labels: pa.Table, rank: Numbers) -> pa.Table:
    """Return labels by task, item and annotator, each value in its canonical form."""
    item = rank[labels["item"].to_numpy()]
    keys = [_numbers(labels["annotator"]), item, _numbers(labels["task"])]
    order = np.lexsort(keys)
    codes, distinct = encoded(labels["value"])
    values = pa.array([canonical_json(json.loads(text)) for text in distinct], pa.string()).take(codes)
    for name, column in (("value", values), ("item", pa.array(item))):
        labels = labels.set_column(labels.schema.get_field_index(name), name, column)
    return _taken(labels, order)


def _numbers(names: pa.ChunkedArray) -> Numbers:
    """Return a column as numbers that sort as its texts do."""
    codes, distinct = encoded(names)
    place = np.empty(len(distinct), np.int64)
    place[sorted(range(len(distinct)), key=distinct.__getitem__)] = np.arange(len(distinct))
    return place[codes.to_numpy()] if len(distinct) else np.empty(0, np.int64)


def _task(task: Task, labels: pa.Table, count: int, rule: str | None) -> _Task:
    wanted = pc.and_(pc.equal(labels["task"], task.name), pc.equal(labels["status"], "labeled"))
    mine = labels.filter(wanted)
    codes, distinct = encoded(mine["value"])
    values = [json.loads(text) for text in distinct]
    said = codes.to_numpy().astype(np.int64)
    item = mine["item"].to_numpy()
    same = _answers(task, values)
    answers = Answers(item, same[said], mine["origin"], mine["at"], mine["act"])
    settled = settle(task.name, answers, count, rule)
    value = _worded(settled.value, answers, said)
    distinct, values, value = _truths(task, distinct, values, value)
    known = value >= 0
    chosen = pa.array(value, mask=~known)
    column = typed(values, _KINDS.get(task.kind)) if values else pa.array([], _KINDS.get(task.kind, pa.string()))
    sizes = np.bincount(value[known], minlength=len(distinct)).tolist()
    found = {text: size for text, size in zip(distinct, sizes, strict=True) if size}
    counts = {"answers": mine.num_rows, "labeled": int(known.sum()), "values": _named(found, values, distinct)}
    written = pa.array(distinct, pa.string()).take(chosen)
    return _Task(pa.chunked_array([written]), pa.chunked_array([column.take(chosen)]), settled.rule, counts)


def _answers(task: Task, values: list[Any]) -> Numbers:
    """Return a number for each value, the same for those that are one answer."""
    kind = kind_of(task.kind)
    if type(kind).answer is Kind.answer:
        return np.arange(len(values))
    numbers: dict[str, int] = {}
    said = (canonical_json(kind.answer(value)) for value in values)
    return np.array([numbers.setdefault(answer, len(numbers)) for answer in said], np.int64)


def _worded(settled: Numbers, answers: Answers, said: Numbers) -> Numbers:
    """Return of each item the number of a value, as one of its own annotators has written the answer."""
    value = np.full(len(settled), -1, np.int64)
    rows = np.flatnonzero(settled[answers.item] == answers.value)[::-1]
    value[answers.item[rows]] = said[rows]
    return value


def _truths(task: Task, distinct: list[str], values: list[Any], value: Numbers) -> tuple[list[str], list[Any], Numbers]:
    """Return values, and of each item the number of its own, without what says nothing of the item."""
    kind = kind_of(task.kind)
    if type(kind).truth is Kind.truth or not values:
        return distinct, values, value
    texts = [canonical_json(kind.truth(one)) for one in values]
    known = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    place = np.array([known[text] for text in texts], np.int64)
    return list(known), [json.loads(text) for text in known], np.where(value < 0, -1, place[value])


def _named(found: Mapping[str, int], values: list[Any], distinct: list[str]) -> dict[str, int]:
    """Return how often each value is there, by the value itself where it is a text; the most frequent ones."""
    names = {text: value if isinstance(value, str) else text for text, value in zip(distinct, values, strict=True)}
    often = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_MOST_VALUES]
    return {names[text]: size for text, size in often}


def _items(items: pa.Table, attributes: Mapping[str, pa.Array], tasks: Mapping[str, _Task]) -> pa.Table:
    columns = {name: items[name] for name in ITEM_SCHEMA.names} | {"sources": lists(items["sources"])}
    table = pa.table({name: columns[name] for name in ITEM_SCHEMA.names}).cast(ITEM_SCHEMA)
    for name, column in {**attributes, **{name: task.value for name, task in tasks.items()}}.items():
        table = table.append_column(name, column)
    return table


def _counts(items: pa.Table, tasks: Mapping[str, _Task]) -> dict[str, Any]:
    kinds = {one["values"].as_py(): one["counts"].as_py() for one in pc.value_counts(items["kind"].combine_chunks())}
    return {
        "items": items.num_rows,
        "bytes": pc.sum(items["bytes"]).as_py() or 0,
        "kinds": dict(sorted(kinds.items())),
        "labels": {name: task.counts for name, task in tasks.items()},
    }
