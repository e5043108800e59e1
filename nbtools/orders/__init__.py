"""Which item is shown next: orders by name, by column, by what a model is unsure of, or by your own function.

Pure: ids, tables and labels in, an order out. What stands on NumPy is loaded when it
is first used, so that a dashboard in plain order pays nothing for it.
"""

from __future__ import annotations

from nbtools.orders.active import QueryStrategy
from nbtools.orders.base import Context, Order, Ranker, Ranking
from nbtools.orders.disagreeing import Disagreement
from nbtools.orders.diverse import KCenter
from nbtools.orders.plain import Column, Shuffled
from nbtools.orders.uncertainty import Uncertainty

__all__ = [
    "Column",
    "Context",
    "Disagreement",
    "KCenter",
    "Order",
    "QueryStrategy",
    "Ranker",
    "Ranking",
    "Shuffled",
    "Uncertainty",
]
