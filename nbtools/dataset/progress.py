"""Where one annotator stands in one selection: a byte per item, so that a million cost a megabyte."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import compress

from nbtools.dataset.turns import Found, Turns
from nbtools.errors import LabelError, UnknownItemError
from nbtools.orders.mixing import Arrangement

LARGEST_PAGE = 200
_ROUND = 32
TODO, LABELED, SKIPPED, OUT = range(4)
_OF_STATUS = {"labeled": LABELED, "skipped": SKIPPED}


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
    also : sequence of str
        Ids of items that are in the selection whatever `items` and `where` say.

    Notes
    -----
    A slot is a place in the selection: the item's position in the dataset, unless
    `items` gave an order of its own. A place is where a slot stands in the order in
    which they are shown: they are the same until `arrange` says otherwise.
    """

    def __init__(
        self,
        index: Turns,
        task: str,
        *,
        items: Sequence[str] | None,
        where: str | None,
        review: bool = False,
        also: Sequence[str] = (),
    ) -> None:
        self._index = index
        self._task = task
        self._items = None if items is None else [*items, *also]
        self._where = where
        self._also = list(also)
        self._review = review
        self._annotator: str | None = None
        self._stamp: tuple[object, ...] | None = None
        self._order: list[int] | None = None
        self._slots: dict[int, int] = {}
        self._states = bytearray()
        self._counts = [0, 0, 0, 0]
        self._turn = 0
        self._arrangement: Arrangement | None = None
        self._round = 0

    def follow(self, annotator: str | None) -> bool:
        """Take in what the index has learned since.

        Parameters
        ----------
        annotator : str or None
            Whose progress; None as long as nobody has said who they are.

        Returns
        -------
        bool
            Whether everything was read anew: then the slots are others, in their own order.
        """
        stamp = self._index.stamp()
        anew = stamp != self._stamp or annotator != self._annotator
        if anew:
            self._annotator = annotator
            self._load()
            self._stamp = stamp
        self._take_turns()
        return anew

    @property
    def arrangement(self) -> Arrangement | None:
        """The order in which slots are shown; None for their own."""
        return self._arrangement

    def set_aside(self, slots: Sequence[int]) -> None:
        """Take slots out of the selection, until it is read anew."""
        self._set(self.of_slots(slots), OUT)

    def arrange(self, arrangement: Arrangement) -> None:
        """Show slots in another order from now on.

        A cursor of before goes on after what the arrangement says was handed out.

        Parameters
        ----------
        arrangement : Arrangement
            The order.
        """
        self._arrangement = arrangement
        self._round += 1

    @property
    def size(self) -> int:
        """How many slots there are."""
        return len(self._states)

    def slots(self) -> Sequence[int]:
        """Return the slots in the order in which they are shown, those included that are out."""
        return range(len(self._states)) if self._arrangement is None else self._arrangement.slots

    def those(self, *, unlabeled: bool) -> array[int]:
        """Return the slots that are in the selection, or of these the ones without a label, as they are shown."""
        wanted = bytes(state == TODO or (state != OUT and not unlabeled) for state in range(256))
        among = self._states.translate(wanted)
        if self._arrangement is None:
            return array("I", compress(range(len(among)), among))
        return array("I", (slot for slot in self._arrangement.slots if among[slot]))

    def waits(self, slot: int) -> bool:
        """Tell whether a slot is of those that are shown first: without a label, or in review all."""
        return self._states[slot] == TODO or (self._review and self._states[slot] != OUT)

    def slot(self, position: int) -> int | None:
        """Return the slot of a position in the dataset, None where it is not in the selection."""
        if self._order is not None:
            return self._slots.get(position)
        return position if 0 <= position < len(self._states) else None

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
        phase, place = self._placed(*_checked(cursor))
        count = max(1, min(int(count), LARGEST_PAGE))
        phases = [[TODO, LABELED, SKIPPED]] if self._review else [[TODO], [SKIPPED]]
        places: list[int] = []
        while phase < len(phases):
            places = self.following(phases[phase], place, count)
            if places or phase == len(phases) - 1:
                break
            phase, place = phase + 1, 0
        end = places[-1] + 1 if places else place
        left = [(phase, end), *((later, 0) for later in range(phase + 1, len(phases)))]
        more = any(self.following(phases[one], start, 1) for one, start in left if one < len(phases))
        return Found(self.positions(places), [phase, self._round << _ROUND | end], not more, phase == 1, places)

    def following(self, states: Sequence[int], place: int, count: int) -> list[int]:
        """Return the next places, from one on, whose state is one of some."""
        if self._arrangement is not None:
            return self._along(self._arrangement.slots, states, place, count)
        if len(states) == 1:
            return self._matching(states[0], place, count)
        merged = sorted({found for state in states for found in self._matching(state, place, count)})
        return merged[:count]

    def positions(self, places: Sequence[int]) -> list[int]:
        """Return the position in the dataset of what stands at each place."""
        arranged = self._arrangement
        return self.of_slots(places if arranged is None else [arranged.slots[place] for place in places])

    def holds(self, position: int) -> bool:
        """Tell whether an item is in the selection."""
        slot = self.slot(position)
        return slot is not None and self._states[slot] != OUT

    def _placed(self, phase: int, given: int) -> tuple[int, int]:
        """Return where a cursor points to now; one of an earlier order points behind what was handed out."""
        made, place = given >> _ROUND, given & (1 << _ROUND) - 1
        if given == 0 or made == self._round:
            return phase, place
        return phase, self._arrangement.begin if phase == 0 and self._arrangement is not None else 0

    def _along(self, slots: Sequence[int], states: Sequence[int], place: int, count: int) -> list[int]:
        found: list[int] = []
        # Nobody walks along a million places for what is not there.
        if not any(self._counts[state] for state in states):
            return found
        for at in range(place, len(slots)):
            if self._states[slots[at]] in states:
                found.append(at)
                if len(found) == count:
                    break
        return found

    def _matching(self, state: int, slot: int, count: int) -> list[int]:
        found: list[int] = []
        while len(found) < count and (slot := self._states.find(state, slot)) >= 0:
            found.append(slot)
            slot += 1
        return found

    def of_slots(self, slots: Sequence[int]) -> list[int]:
        """Return the position in the dataset of each slot."""
        return list(slots) if self._order is None else [self._order[slot] for slot in slots]

    def _load(self) -> None:
        total = self._index.total()
        chosen = None if self._where is None else self._index.positions(self._where)
        if chosen is not None and self._also:
            chosen = sorted({*chosen, *self._index.positions_of(self._also).values()})
        self._arrangement = None
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
