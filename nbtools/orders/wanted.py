"""All that is asked for about the order of one person's items."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nbtools.errors import OrderError
from nbtools.orders.base import NEEDED, Order
from nbtools.orders.naming import order_of
from nbtools.orders.plain import Column, Shuffled

_UNTIL_THE_END = 2_000


@dataclass(frozen=True)
class Wanted:
    """What a session is asked to order by.

    Parameters
    ----------
    order : str, callable, object or None
        As `order_of` takes it. None is the order of the dataset, or with gold at random:
        in the order of the dataset what is mixed in could be told by its name.
    every : int or None
        After so many labels what is left is ranked anew; None for never.
    random_share : float
        What part of the items is drawn at random, from 0 to 1.
    gold : True, mapping of item to answer, sequence of ids, or None
        Items with known answers to mix in; True for those with adjudicated labels.
    gold_share : float
        What part of all that is shown they are, above 0 and below 1.

    Raises
    ------
    OrderError
        If one of these is not so.
    """

    order: Any = None
    every: int | None = 50
    random_share: float = 0.0
    gold: Literal[True] | Mapping[str, Any] | Sequence[str] | None = field(default=None, repr=False)
    gold_share: float = 0.05

    def __post_init__(self) -> None:
        """Refuse what cannot be so."""
        order_of(self.order)
        if self.every is not None and (type(self.every) is not int or self.every < 1):
            raise OrderError(f"every={self.every!r}: a number of labels such as 50, or None to rank only once")
        if not (_is_number(self.random_share) and 0 <= self.random_share <= 1):
            raise OrderError(f"random_share={self.random_share!r}: a share from 0 to 1, such as 0.1")
        if not (_is_number(self.gold_share) and 0 < self.gold_share < 1):
            raise OrderError(f"gold_share={self.gold_share!r}: a share above 0 and below 1, such as 0.05")
        if isinstance(self.gold, str) or (
            self.gold is not None and not isinstance(self.gold, bool | Mapping | Sequence)
        ):
            raise OrderError(
                f"gold={str(self.gold)[:80]!r}: True for all adjudicated items, a mapping of items to answers, or ids"
            )

    @property
    def plain(self) -> bool:
        """Whether items come as they are."""
        return order_of(self.order) is None and not self.gold and not self.random_share

    @property
    def ranks(self) -> Column | Shuffled | Order | None:
        """What orders the items."""
        found = order_of(self.order)
        return Shuffled() if found is None and self.gold and self.order is None else found

    @property
    def needed(self) -> int:
        """How many items may be shown before the next ranking, what a page holds ahead included."""
        return _UNTIL_THE_END if self.every is None else 2 * self.every + NEEDED


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
