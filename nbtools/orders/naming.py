"""`order=`: a name, a function or an object, as the object that ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbtools.errors import OrderError, did_you_mean
from nbtools.orders.base import Order, Ranker
from nbtools.orders.disagreeing import Disagreement
from nbtools.orders.plain import Column, Shuffled
from nbtools.orders.uncertainty import Uncertainty

NAMES = ("sequential", "shuffled", "least_confident", "margin", "entropy", "disagreement", "column:NAME")


def order_of(order: object) -> Column | Shuffled | Order | None:
    """Return what ranks; None for the order of the dataset.

    Parameters
    ----------
    order : str, callable, object or None
        One of the names, ``"column:NAME"``, a function ``rank(ids, context)``, or an object
        with a method `rank` of that kind.

    Raises
    ------
    OrderError
        If it is none of these.
    """
    if order is None or order == "sequential":
        return None
    if isinstance(order, str):
        return _named(order)
    if isinstance(order, Column | Shuffled):
        return order
    if isinstance(order, Order) and not isinstance(order, type):
        _refuse_signature(order.function if isinstance(order, Ranker) else order.rank)
        return order
    if callable(order) and not isinstance(order, type):
        _refuse_signature(order)
        return Ranker(order)
    raise OrderError(
        f"order={str(order)[:80]!r} is no order: give one of {', '.join(NAMES)}, an object of nbtools.orders, "
        "or a function rank(ids, context)"
    )


def _refuse_signature(function: Callable[..., Any]) -> None:
    """Refuse a function that cannot be called with ids and a context, before anybody waits for its ranking."""
    import inspect

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of what is written in C
        return
    try:
        signature.bind((), None)
    except TypeError as error:
        name = getattr(function, "__name__", "rank")
        raise OrderError(
            f"order={name}{signature} cannot be called as rank(ids, context): {error}. A ranker takes the ids that "
            "wait and what else is known, and returns ids in order or a score for each: lambda ids, context: …"
        ) from error


def _named(order: str) -> Column | Shuffled | Order:
    how, _, column = order.partition(":")
    if how == "column" and column:
        return Column(column)
    match order:
        case "shuffled":
            return Shuffled()
        case "least_confident" | "margin" | "entropy":
            return Uncertainty(order)
        case "disagreement":
            return Disagreement()
        case _:
            hint = did_you_mean(order, NAMES)
            raise OrderError(f"order={order!r} is none of {', '.join(NAMES)}{hint}")
