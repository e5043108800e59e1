"""What a grid of a selection shows: its items by place, from a list that stays as it is while it is looked at."""

from __future__ import annotations

from array import array

from nbtools.dataset.progress import Progress


class Gridding:
    """The lists that grids are read from, one with every item and one without what is labeled.

    Parameters
    ----------
    progress : Progress
        The selection, brought up to date by the caller.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lists: dict[bool, tuple[int, array[int]]] = {}

    def page(self, start: int, count: int, *, unlabeled: bool, fresh: bool) -> tuple[list[int], int]:
        """Return the positions of some items in the dataset, and how many there are in all.

        Parameters
        ----------
        start, count : int
            The first place, from 0, and how many at most.
        unlabeled : bool
            Whether only items without a label were wanted when the list was made.
        fresh : bool
            Make the list anew. Otherwise what is labeled meanwhile keeps its place.
        """
        size, slots = self._lists.get(unlabeled, (-1, array("I")))
        if fresh or size != self._progress.size:
            slots = self._progress.those(unlabeled=unlabeled)
            self._lists[unlabeled] = self._progress.size, slots
        return self._progress.of_slots(slots[start : start + count]), len(slots)
