"""The list that annotate returned: pigeon's `(example, label)` in the order of clicks, kept true in place."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import Any, NamedTuple

from nbtools.labels.act import Act


class Said(NamedTuple):
    """What is current of one example.

    Attributes
    ----------
    began : int
        When its label began: the line of the first of the acts that kept it labeled.
    value : object
        The value of the current act.
    """

    began: int
    value: Any


def said(acts: Mapping[str, Act], head: Act | None) -> Said | None:
    """Return what is current of an example, None where it is not labeled.

    Parameters
    ----------
    acts : mapping of act id to Act
        All acts on it.
    head : Act or None
        The current one.

    Notes
    -----
    A corrected label keeps its place in the list, and so does one that was taken back
    by undo and then brought back: an undone act never was.
    """
    if head is None or head.status != "labeled":
        return None
    act, passed = head, {head.act}
    while True:
        before = _before(acts, act)
        if before is None or before.act in passed or (act.undoes is None and before.status != "labeled"):
            return Said(act.line, head.value)
        act = before
        passed.add(act.act)


def _before(acts: Mapping[str, Act], act: Act) -> Act | None:
    followed = act.supersedes
    if act.undoes is not None:
        undone = acts.get(act.undoes)
        followed = undone.supersedes if undone is not None else None
    return acts.get(followed) if followed is not None else None


class LivingList:
    """A list of pairs that follows what is said; what its owner does to it besides is left alone.

    Attributes
    ----------
    pairs : list of tuple
        ``(example, label)``, always the same list object.
    """

    def __init__(self) -> None:
        self.pairs: list[tuple[Any, Any]] = []
        self._order: list[tuple[int, int]] = []
        self._shown: dict[int, tuple[Said, tuple[Any, Any]]] = {}

    def put(self, position: int, now: Said, example: Any, label: Any) -> None:
        """Say what is current of the example at a position."""
        shown = self._shown.get(position)
        if shown is not None and shown[0] == now:
            return
        pair = (example, label)
        if shown is not None and shown[0].began == now.began:
            at = self._at(shown[1])
            self._shown[position] = now, pair
            if at is not None:
                self.pairs[at] = pair
            return
        self.drop(position)
        place = bisect_left(self._order, (now.began, position))
        before = self._shown[self._order[place - 1][1]][1] if place else None
        insort(self._order, (now.began, position))
        self._shown[position] = now, pair
        self.pairs.insert(self._after(before), pair)

    def drop(self, position: int) -> None:
        """Say that the example at a position has no label."""
        shown = self._shown.pop(position, None)
        if shown is None:
            return
        self._order.remove((shown[0].began, position))
        at = self._at(shown[1])
        if at is not None:
            del self.pairs[at]

    def _after(self, before: tuple[Any, Any] | None) -> int:
        if before is None:
            # The first of all, unless all that stands there is the owner's own.
            return 0 if len(self._shown) > 1 else len(self.pairs)
        at = self._at(before)
        return len(self.pairs) if at is None else at + 1

    def _at(self, pair: tuple[Any, Any]) -> int | None:
        # From the end, where the last clicks are. A pair is known by what it is: examples may compare as they like.
        return next((at for at in range(len(self.pairs) - 1, -1, -1) if self.pairs[at] is pair), None)
