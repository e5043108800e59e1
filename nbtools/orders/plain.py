"""Orders that need no ranking: they stay as they are from the first item to the last."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shuffled:
    """At random, the same each time for the same seed and number of items.

    Parameters
    ----------
    seed : int
        Another one gives another order.
    """

    seed: int = 0
    name = "shuffled"

    def arrange(self, slots: Sequence[int]) -> array[int]:
        """Return places of a selection in this order."""
        found = array("i", slots)
        random.Random(self.seed).shuffle(found)
        return found


@dataclass(frozen=True)
class Column:
    """By a column or an attribute of the items, those without a value last.

    Parameters
    ----------
    column : str
        An attribute, or one of ``kind``, ``path``, ``bytes``, ``width``, ``height``, ``duration``.
        Numbers come before texts, and a text that is a number counts as one.
    descending : bool
        The greatest first.
    """

    column: str
    descending: bool = False

    @property
    def name(self) -> str:
        """What is written with labels."""
        return f"column:{self.column}"
