"""Where one annotator stands in one selection: a byte per item, so that a million cost a megabyte."""

from __future__ import annotations

from collections.abc import Sequence

from nbtools.errors import UnknownItemError
from nbtools.store.index import Index

TODO, LABELED, SKIPPED, OUT = range(4)
_OF_STATUS = {"labeled": LABELED, "skipped": SKIPPED}


class Progress:
    """What is done, skipped and left of a selection.

    Parameters
    ----------
    index : Index
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
        self, index: Index, task: str, *, items: Sequence[str] | None, where: str | None, review: bool = False
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
