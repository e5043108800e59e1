"""What a selection is made of, and what is handed out of it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple, Protocol


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
    places : list of int
        Where each stands in the order.
    """

    positions: list[int]
    cursor: list[int]
    exhausted: bool
    again: bool
    places: list[int]


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
