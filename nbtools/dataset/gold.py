"""Gold: items with known answers among the others, and how annotators answer them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.dataset.recording import whole_ids
from nbtools.errors import LabelError, OrderError
from nbtools.labels.act import Act
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import UNKNOWN
from nbtools.labels.task import Task, check
from nbtools.orders.wanted import Wanted

if TYPE_CHECKING:
    import pandas as pd


def gold_items(ds: Core, task: Task, wanted: Wanted, mode: str) -> list[str]:
    """Return the ids of the items that are mixed in as gold.

    Raises
    ------
    OrderError
        If there are none, or labels are reviewed: then everybody sees what was said.
    LabelError
        If an item or an answer is none.
    """
    if not wanted.gold:
        return []
    if mode == "review":
        raise OrderError("gold= is for items that are labeled anew: leave it out of a review")
    if wanted.gold is True:
        found = list(ds._index.answers(task.name))
        if not found:
            raise OrderError(
                f"gold=True takes the adjudicated items of {task.name!r}, and there are none: "
                f"ds.record({task.name!r}, {{item: answer}}, origin='adjudication'), or give gold= a mapping"
            )
        return found
    if isinstance(wanted.gold, Mapping):
        return list(answers_of(ds, task, wanted.gold))
    return whole_ids(ds, wanted.gold)


def answers_of(ds: Core, task: Task, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return given answers by whole id, as they are kept.

    Raises
    ------
    LabelError
        If an item or an answer is none.
    """
    found = {}
    for item, value in zip(whole_ids(ds, given), given.values(), strict=True):
        try:
            found[item] = check(task, value, UNKNOWN)
        except LabelError as error:
            raise LabelError(f"the gold answer of {item}: {error}") from error
    return found


def gold_table(ds: Core, task: Task, answers: Mapping[str, Any]) -> pd.DataFrame:
    """Return how each annotator answered what they were shown as gold.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    task : Task
        The task.
    answers : mapping
        Item → answer, as it is kept.
    """
    import pandas as pd

    shown = {(act.annotator or "", act.item or "") for act in ds._index.history(task.name) if _was_gold(act)}
    kind = kind_of(task.kind)
    answered: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    for head in ds._index.heads(task.name):
        act = head.act
        who, item = act.annotator or "", act.item or ""
        if (who, item) in shown and item in answers and act.status == "labeled":
            answered[who] += 1
            correct[who] += kind.answer(act.value) == kind.answer(answers[item])
    rows = [(who, many, correct[who], correct[who] / many) for who, many in sorted(answered.items())]
    return pd.DataFrame(rows, columns=["annotator", "n", "correct", "share"]).astype({"n": int, "correct": int})


def _was_gold(act: Act) -> bool:
    return isinstance(act.why, Mapping) and act.why.get("gold") is True
