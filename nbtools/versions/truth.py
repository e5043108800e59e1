"""What the answers of several annotators come to: one value for each item of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbtools.errors import UnsettledError, VersionError, did_you_mean

TRUTHS = ("latest", "majority", "adjudicated")
AGREED = "agreed"
Numbers = np.ndarray[Any, np.dtype[Any]]


class Answers(NamedTuple):
    """The answers to one task, one row each.

    Attributes
    ----------
    item : array of int
        The row of the item in the table of items.
    value : array of int
        A number for each different value.
    origin : ChunkedArray of str
        person, import, correction or adjudication.
    at, act : ChunkedArray of str
        When the server received it, and its id.
    """

    item: Numbers
    value: Numbers
    origin: pa.ChunkedArray
    at: pa.ChunkedArray
    act: pa.ChunkedArray


class Settled(NamedTuple):
    """What the answers to one task come to.

    Attributes
    ----------
    value : array of int
        Of each item, the number of its value, or -1 where there is none.
    rule : str
        ``agreed`` where no answers differ, else the rule that was asked for.
    """

    value: Numbers
    rule: str


def check_truth(truth: object, tasks: Mapping[str, Any]) -> dict[str, str]:
    """Return the rule of each task for which one was given.

    Parameters
    ----------
    truth : None, str or mapping of str to str
        One rule for all tasks, or by task.
    tasks : mapping
        The tasks there are.

    Raises
    ------
    VersionError
        If a rule or a task is not one.
    """
    given = dict.fromkeys(tasks, truth) if isinstance(truth, str) else dict(truth or {})  # type: ignore[call-overload]
    for task, rule in given.items():
        if task not in tasks:
            raise VersionError(
                f"truth= speaks of a task {task!r}{did_you_mean(str(task), tasks)}; there are {', '.join(tasks)}"
            )
        if rule not in TRUTHS:
            hint = did_you_mean(str(rule), TRUTHS)
            raise VersionError(f"truth={rule!r} is none of {', '.join(map(repr, TRUTHS))}{hint}")
    return given


def settle(task: str, answers: Answers, count: int, rule: str | None) -> Settled:
    """Return one value for each item.

    Parameters
    ----------
    task : str
        Its name.
    answers : Answers
        Of status ``labeled``.
    count : int
        How many items there are.
    rule : str or None
        ``latest`` (the answer made last), ``majority`` (what most say, none where
        they are even) or ``adjudicated`` (what an adjudicator said last, none where
        none did). Asked for only where answers differ. An import yields to any person's.

    Raises
    ------
    UnsettledError
        If answers differ and there is no rule; the message lists the choices.
    """
    person = pc.not_equal(pc.fill_null(answers.origin, "person"), "import").to_numpy()
    asked = np.zeros(count, bool)
    asked[answers.item[person]] = True
    kept = np.flatnonzero(person | ~asked[answers.item])
    item, value = answers.item[kept], answers.value[kept]
    most = np.full(count, -1, np.int64)
    least = np.full(count, np.iinfo(np.int64).max, np.int64)
    np.maximum.at(most, item, value)
    np.minimum.at(least, item, value)
    differ = (most >= 0) & (most != least)
    if not differ.any():
        return Settled(most, AGREED)
    if rule is None:
        on = int(differ.sum())
        raise UnsettledError(_unsettled(task, on), task, on)
    most[differ] = -1
    disputed = differ[item]
    _RULES[rule](answers, kept[disputed], most)
    return Settled(most, rule)


def _latest(answers: Answers, rows: Numbers, out: Numbers) -> None:
    when = pa.table({"at": pc.fill_null(answers.at.take(rows), ""), "act": answers.act.take(rows)})
    order = rows[pc.sort_indices(when, [("at", "ascending"), ("act", "ascending")]).to_numpy()]
    items = answers.item[order]
    # Of each item the last one: the first, seen from the end.
    which, last = np.unique(items[::-1], return_index=True)
    out[which] = answers.value[order][::-1][last]


def _majority(answers: Answers, rows: Numbers, out: Numbers) -> None:
    pairs = np.stack([answers.item[rows], answers.value[rows]], axis=1)
    said, votes = np.unique(pairs, axis=0, return_counts=True)
    order = np.lexsort((-votes, said[:, 0]))
    said, votes = said[order], votes[order]
    first = np.flatnonzero(np.r_[True, said[1:, 0] != said[:-1, 0]])
    # Whose answers differ has two values at least, so that the one after the first is of the same item.
    clear = first[votes[first] > votes[first + 1]]
    out[said[clear, 0]] = said[clear, 1]


def _adjudicated(answers: Answers, rows: Numbers, out: Numbers) -> None:
    by = pc.equal(answers.origin.take(rows), "adjudication")
    _latest(answers, rows[pc.fill_null(by, fill_value=False).to_numpy()], out)


_RULES = {"latest": _latest, "majority": _majority, "adjudicated": _adjudicated}


def _unsettled(task: str, count: int) -> str:
    items = "1 item" if count == 1 else f"{count:,} items"
    return (
        f"answers differ on {items} of {task!r}, and a version holds one for each. Say which: "
        f"truth='latest' (made last), truth='majority' (none where even) or truth='adjudicated' (an adjudicator's); "
        f"by task: truth={{{task!r}: 'latest'}}"
    )
