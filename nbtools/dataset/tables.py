"""Labels and acts as tables; pandas is imported when one is asked for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import LabelError, did_you_mean
from nbtools.labels.act import Act
from nbtools.labels.current import rank
from nbtools.labels.evolve import find, holds
from nbtools.labels.task import Task
from nbtools.store.index import Index
from nbtools.store.rows import Label

if TYPE_CHECKING:
    import pandas as pd

_LABELS = " ".join(Label._fields)
_MAJORITY = "item value votes annotators"
_HISTORY = (
    "act type task item annotator value status flagged unsure comment origin identity "
    "supersedes undoes bulk suggestion schema at visible_ms active_ms"
)
_TRUTHS = ("latest", "majority", "adjudicated")


def labels_table(
    index: Index, task: str, truth: str | None, answer: Callable[[Any], Any] = lambda value: value
) -> pd.DataFrame:
    """Return the current labels of the items that are in; `answer` is the kind's, by which a majority is counted.

    Raises
    ------
    LabelError
        If `truth` is no way of settling them.
    """
    if truth is not None and truth not in _TRUTHS:
        there = ", ".join(map(repr, _TRUTHS))
        raise LabelError(f"truth={truth!r} is none of None, {there}{did_you_mean(str(truth), _TRUTHS)}")
    labels = [label._replace(value=json.loads(label.value)) for label in index.labels(task)]
    if truth is None:
        return _table(_LABELS, labels)
    settled = [_yielding(of_item) for of_item in _by_item(labels)]
    if truth == "adjudicated":
        judged = [_judged(of_item, answer) for of_item in settled]
        settled = [of_item for of_item in judged if of_item]
    if truth != "majority":
        latest = [max(of_item, key=_when) for of_item in settled]
        return _table(_LABELS, latest)
    return _table(_MAJORITY, [_majority(of_item, answer) for of_item in settled])


def holding(labels: pd.DataFrame, task: Task, option: str) -> pd.DataFrame:
    """Return the labels that hold an option.

    Raises
    ------
    SchemaError
        If there is no such option.
    """
    wanted = find(task, option).id
    return labels[[holds(task, value, wanted) for value in labels["value"]]].reset_index(drop=True)


def history_table(acts: Sequence[Act], task: Task | None = None, option: str | None = None) -> pd.DataFrame:
    """Return acts in the order in which they came; where an option is given, the labels of the task that hold it.

    Raises
    ------
    SchemaError
        If there is no such option.
    """
    if task is not None and option is not None:
        wanted = find(task, option).id
        acts = [act for act in acts if act.type == "label" and holds(task, act.value, wanted)]
    names = _HISTORY.replace(" at ", " received_at ").split()
    return _table(_HISTORY, [[getattr(act, name) for name in names] for act in sorted(acts, key=rank)])


def _by_item(labels: Iterable[Label]) -> list[list[Label]]:
    found: dict[str, list[Label]] = {}
    for label in labels:
        if label.status == "labeled":
            found.setdefault(label.item, []).append(label)
    return list(found.values())


def _yielding(labels: list[Label]) -> list[Label]:
    """Return the labels of persons, or where there are none the imported ones."""
    return [label for label in labels if label.origin != "import"] or labels


def _judged(labels: list[Label], answer: Callable[[Any], Any]) -> list[Label]:
    """Return the labels of adjudicators, or where no answers differ all."""
    if len({_key(answer(label.value)) for label in labels}) < 2:
        return labels
    return [label for label in labels if label.origin == "adjudication"]


def _majority(labels: Sequence[Label], answer: Callable[[Any], Any]) -> list[Any]:
    said = [_key(answer(label.value)) for label in labels]
    values = {key: label.value for key, label in zip(said, labels, strict=True)}
    (first, votes), *others = Counter(said).most_common(2)
    even = bool(others) and others[0][1] == votes
    return [labels[0].item, None if even else values[first], votes, len(labels)]


def _when(label: Label) -> tuple[str, str]:
    return label.at or "", label.act


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _table(columns: str, rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    import pandas as pd

    names = columns.split()
    table = pd.DataFrame({name: pd.Series([row[at] for row in rows], dtype=object) for at, name in enumerate(names)})
    if "at" in names:
        table["at"] = pd.to_datetime(table["at"], utc=True, format="ISO8601").dt.as_unit("ms")
    flags = {name: bool for name in ("flagged", "unsure", "conflict") if name in names}
    return table.astype(flags)
