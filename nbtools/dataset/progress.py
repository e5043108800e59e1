"""Where one annotator stands in one selection: a byte per item, so that a million cost a megabyte."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from nbtools.errors import LabelError, UnknownItemError

LARGEST_PAGE = 200
TODO, LABELED, SKIPPED, OUT = range(4)
_OF_STATUS = {"labeled": LABELED, "skipped": SKIPPED}


class Found(NamedTuple):
    """Some places of a selection, and where the next ones begin.

    Attributes
    ----------
    positions : list of int
        Positions in the dataset.
    cursor : list of int
        To be given back as it is.
    exhausted : bool
        Whether nothing follows.
    again : bool
        Whether they were skipped before.
    """

    positions: list[int]
    cursor: list[int]
    exhausted: bool
    again: bool


class Turns(Protocol):
    """What progress is made of: the index of a dataset, or what stands in for one."""

    def stamp(self) -> tuple[object, ...]:
        """Return what stays the same as long as positions and exclusions do."""

    def total(self) -> int:
        """Return how many positions there are."""

    def positions(self, where: str) -> list[int]:
        """Return the positions at which a condition holds."""

    def positions_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the positions of those of some ids that are there."""

    def find(self, wanted: str) -> str:
        """Return the id that begins so."""

    def excluded_positions(self) -> Sequence[int]:
        """Return the positions of what was taken out."""

    def labeled_positions(self, task: str) -> Sequence[int]:
        """Return the positions of what anyone has labeled."""

    def turns(self, task: str, annotator: str, since: int) -> tuple[int, dict[str, array[int]]]:
        """Return what became current after a turn: the last turn, and the positions by status."""


class Progress:
    """What is done, skipped and left of a selection.

    Parameters
    ----------
    index : Turns
        Brought up to date by the caller.
    task : str
        The task's name.
    items : sequence of str, optional
        Ids or unique beginnings of ids, in the order in which they are to be shown.
    where : str, optional
        A SQL expression.
    review : bool
        Whether the selection is what anyone has labeled.

    Notes
    -----
    A slot is a place in the selection: the item's position in the dataset, unless
    `items` gave an order of its own.
    """

    def __init__(
        self, index: Turns, task: str, *, items: Sequence[str] | None, where: str | None, review: bool = False
    ) -> None:
        self._index = index
        self._task = task
        self._items = None if items is None else list(items)
        self._where = where
        self._review = review
        self._annotator: str | None = None
        self._stamp: tuple[object, ...] | None = None
        self._order: list[int] | None = None
        self._slots: dict[int, int] = {}
        self._states = bytearray()
        self._counts = [0, 0, 0, 0]
        self._turn = 0

    def follow(self, annotator: str | None) -> None:
        """Take in what the index has learned since.

        Parameters
        ----------
        annotator : str or None
            Whose progress; None as long as nobody has said who they are.
        """
        stamp = self._index.stamp()
        if stamp != self._stamp or annotator != self._annotator:
            self._annotator = annotator
            self._load()
            self._stamp = stamp
        self._take_turns()

    def counts(self) -> dict[str, int]:
        """Return how many items there are in all, labeled, skipped and left."""
        left, labeled, skipped, _ = self._counts
        return {"total": labeled + skipped + left, "labeled": labeled, "skipped": skipped, "left": left}

    def page(self, cursor: Sequence[object] | None, count: int) -> Found:
        """Return the next places to label, and after them those that were skipped.

        Parameters
        ----------
        cursor : sequence of int or None
            Of the page before; None for the start.
        count : int
            How many at most.

        Raises
        ------
        LabelError
            If the cursor is none that was handed out.
        """
        phase, slot = _checked(cursor)
        count = max(1, min(int(count), LARGEST_PAGE))
        phases = [[TODO, LABELED, SKIPPED]] if self._review else [[TODO], [SKIPPED]]
        slots: list[int] = []
        while phase < len(phases):
            slots = self.following(phases[phase], slot, count)
            if slots or phase == len(phases) - 1:
                break
            phase, slot = phase + 1, 0
        end = slots[-1] + 1 if slots else slot
        left = [(phase, end), *((later, 0) for later in range(phase + 1, len(phases)))]
        more = any(self.following(phases[one], start, 1) for one, start in left if one < len(phases))
        return Found(self.positions(slots), [phase, end], not more, phase == 1)

    def following(self, states: Sequence[int], slot: int, count: int) -> list[int]:
        """Return the next slots, from one on, whose state is one of some."""
        if len(states) == 1:
            return self._matching(states[0], slot, count)
        merged = sorted({found for state in states for found in self._matching(state, slot, count)})
        return merged[:count]

    def positions(self, slots: Sequence[int]) -> list[int]:
        """Return the position in the dataset of each slot."""
        return list(slots) if self._order is None else [self._order[slot] for slot in slots]

    def holds(self, position: int) -> bool:
        """Tell whether an item is in the selection."""
        slot = self._slot(position)
        return slot is not None and self._states[slot] != OUT

    def _matching(self, state: int, slot: int, count: int) -> list[int]:
        found: list[int] = []
        while len(found) < count and (slot := self._states.find(state, slot)) >= 0:
            found.append(slot)
            slot += 1
        return found

    def _slot(self, position: int) -> int | None:
        if self._order is not None:
            return self._slots.get(position)
        return position if 0 <= position < len(self._states) else None

    def _load(self) -> None:
        total = self._index.total()
        chosen = None if self._where is None else self._index.positions(self._where)
        if self._items is not None:
            self._order = self._ordered(self._items, chosen)
            self._slots = {position: slot for slot, position in enumerate(self._order)}
            self._states = bytearray(len(self._order))
        elif chosen is not None:
            self._states = bytearray([OUT]) * total
            for position in chosen:
                self._states[position] = TODO
        else:
            self._states = bytearray(total)
        gone = self._index.excluded_positions()
        if self._review:
            labeled = set(self._index.labeled_positions(self._task))
            gone = [*gone, *(one for one in self._all_positions(total) if one not in labeled)]
        self._counts = [self._states.count(state) for state in range(4)]
        self._set(gone, OUT)
        self._turn = 0

    def _all_positions(self, total: int) -> Sequence[int]:
        return range(total) if self._order is None else self._order

    def _ordered(self, items: list[str], chosen: list[int] | None) -> list[int]:
        known = self._index.positions_of(items)
        for item in items:
            if item not in known:
                known[item] = self._index.positions_of([self._index.find(item)]).popitem()[1]
        allowed = None if chosen is None else set(chosen)
        order = dict.fromkeys(known[item] for item in items)
        return [position for position in order if allowed is None or position in allowed]

    def _take_turns(self) -> None:
        if self._annotator is None:
            return
        self._turn, changed = self._index.turns(self._task, self._annotator, self._turn)
        for status, positions in changed.items():
            self._set(positions, _OF_STATUS.get(status, TODO))

    def _set(self, positions: Sequence[int], state: int) -> None:
        states, counts = self._states, self._counts
        in_order = self._order is None
        for position in positions:
            slot = position if in_order and position < len(states) else self._slots.get(position, -1)
            if slot >= 0 and states[slot] != OUT:
                counts[states[slot]] -= 1
                counts[state] += 1
                states[slot] = state


def refuse_unknown(item: object) -> UnknownItemError:
    """Return the error for an item that is not in the dataset or its selection."""
    return UnknownItemError(f"{str(item)[:80]!r} is no item of this selection: ds.items() lists what there is")


def _checked(cursor: Sequence[object] | None) -> tuple[int, int]:
    if cursor is None:
        return 0, 0
    phase, slot = cursor if len(cursor) == 2 else (None, None)
    if not (isinstance(phase, int) and isinstance(slot, int) and 0 <= phase <= 1 and 0 <= slot < 2**53):
        raise LabelError(f"the cursor {list(cursor)!r} is not one that was handed out: begin again without one")
    return phase, slot
