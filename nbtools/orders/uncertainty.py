"""What a model is least sure of first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from nbtools.errors import OrderError, did_you_mean
from nbtools.orders.base import SECONDS, Context

if TYPE_CHECKING:
    import numpy as np

    from nbtools.orders.rows import Rows

Measure = Literal["least_confident", "margin", "entropy"]


@dataclass(frozen=True)
class Uncertainty:
    """The item that a model is least sure of first.

    Parameters
    ----------
    measure : {"least_confident", "margin", "entropy"}
        1 − p₁ of the most probable option [1]_; 1 − (p₁ − p₂) of the two most probable
        [2]_; or the entropy −Σ p log p, in nats [3]_.
    predictions : mapping, DataFrame or (ids, array), optional
        The probability of each option, by item: ``{id: {option: p}}``, ``{id: [p, …]}``, a
        table with the ids as its index or in a column ``id``, or ids and an array of
        shape (n, options). Of one column, the rest up to 1 is that of the other option.
        Unless given, what ``ds.suggest`` was told of each option, the newest.
    seconds : float
        After which a ranking is given up.

    Raises
    ------
    OrderError
        If there is no such measure.

    Notes
    -----
    Each row is scaled to the sum 1. Items without a prediction come last.

    References
    ----------
    .. [1] Lewis and Gale, "A sequential algorithm for training text classifiers", SIGIR 1994.
    .. [2] Scheffer, Decomain and Wrobel, "Active hidden Markov models for information
       extraction", IDA 2001.
    .. [3] Shannon, "A mathematical theory of communication", 1948; all three in Settles,
       "Active learning literature survey", University of Wisconsin–Madison 2009.
    """

    measure: Measure = "margin"
    predictions: Any = field(default=None, repr=False)
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        """Refuse what is no measure."""
        known = get_args(Measure)
        if self.measure not in known:
            hint = did_you_mean(str(self.measure), known)
            raise OrderError(f"measure={self.measure!r} is none of {', '.join(known)}{hint}")

    @property
    def name(self) -> str:
        """What is written with labels."""
        return self.measure

    def rank(self, ids: Sequence[str], context: Context) -> np.ndarray:
        """Return the uncertainty of each item, from 0; NaN without a prediction."""
        from nbtools.orders import measures
        from nbtools.orders.rows import read_rows

        rows = self._given if self.predictions is not None else read_rows(context.predictions, "predictions")
        if self.predictions is None and not rows.places:
            raise OrderError(
                f"{self.measure} goes by the probability that a model gives each option, and none are known: "
                "ds.suggest takes a table with a column for each option"
            )
        measure = {
            "least_confident": measures.least_confident,
            "margin": measures.margin,
            "entropy": measures.entropy,
        }[self.measure]
        return measure(rows.take(ids))

    @cached_property
    def _given(self) -> Rows:
        from nbtools.orders.rows import read_rows

        return read_rows(self.predictions, "predictions")
