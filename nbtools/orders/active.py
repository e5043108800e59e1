"""The query strategies of scikit-activeml as orders."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbtools.errors import MissingExtraError, OrderError
from nbtools.orders.base import SECONDS, Context, Ranking

if TYPE_CHECKING:
    import numpy as np

    from nbtools.orders.rows import Rows

# What the strategies call the model that they are given.
_MODELS = ("clf", "ensemble", "estimator", "discriminator", "reg")


@dataclass(frozen=True)
class QueryStrategy:
    """A query strategy of scikit-activeml (``pip install nbtools-data[active]``).

    Parameters
    ----------
    strategy : skactiveml.base.SingleAnnotatorPoolQueryStrategy
        One of ``skactiveml.pool``, such as ``UncertaintySampling(method="entropy")``, with
        ``missing_label`` NaN as it is unless given.
    features : mapping, DataFrame or (ids, array)
        One vector for each item, as of `KCenter`.
    model : estimator or sequence of estimators, optional
        What the strategy learns with, where it needs a model: one of scikit-activeml, or
        one of scikit-learn, which is wrapped as a classifier (as a regressor for a task
        without options). A sequence is a committee.
    query : mapping, optional
        More arguments of the strategy's ``query``.
    seconds : float
        After which a ranking is given up.

    Notes
    -----
    Labels are the numbers of the options in the task's order, or the numbers themselves
    for a task without options: what most annotators said, of the even the first. Other
    values cannot be learned from. The score is the strategy's utility.

    References
    ----------
    Kottke et al., "scikit-activeml: a library and toolbox for active learning", 2021.
    """

    strategy: Any
    features: Any = field(repr=False)
    model: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = SECONDS

    @property
    def name(self) -> str:
        """What is written with labels: the strategy's class."""
        return type(self.strategy).__name__

    def rank(self, ids: Sequence[str], context: Context) -> Ranking:
        """Return as many items as are needed, with their utilities.

        Raises
        ------
        MissingExtraError
            If scikit-activeml is not installed.
        OrderError
            If the strategy needs a model and has none, or no item has features.
        """
        import numpy as np

        waiting = set(ids)
        done = [one for one in context.labels if one not in waiting and one in self._rows.places]
        table = self._rows.take([*ids, *done])
        candidates = np.flatnonzero(~np.isnan(table[: len(ids)]).any(axis=1))
        if not len(candidates):
            raise OrderError("features= has none of the items that wait: give one vector for each whole id")
        answers = _answers([*([None] * len(ids)), *(context.labels[one] for one in done)], context.options)
        known = ~np.isnan(table).any(axis=1)
        at = np.cumsum(known) - 1
        chosen, utilities = self.strategy.query(
            table[known],
            answers[known],
            candidates=at[candidates],
            batch_size=min(context.needed, len(candidates)),
            return_utilities=True,
            **self._model(context.options),
            **self.query,
        )
        picked = np.flatnonzero(known)[chosen]
        scores = [float(row[column]) for row, column in zip(utilities, chosen, strict=True)]
        return Ranking([ids[place] for place in picked], scores)

    @cached_property
    def _rows(self) -> Rows:
        from nbtools.orders.rows import read_rows

        return read_rows(self.features, "features")

    def _model(self, options: Sequence[str]) -> dict[str, Any]:
        asked = inspect.signature(self.strategy.query).parameters
        named = next((name for name in _MODELS if name in asked and name not in self.query), None)
        if named is None:
            return {}
        if self.model is None:
            raise OrderError(f"{self.name} learns with a model: QueryStrategy(…, model=LogisticRegression())")
        committee = isinstance(self.model, list | tuple)
        made = [_wrapped(one, options) for one in (self.model if committee else [self.model])]
        return {named: made if committee else made[0]}


def _wrapped(model: Any, options: Sequence[str]) -> Any:
    try:
        from skactiveml.base import SkactivemlClassifier, SkactivemlRegressor
        from skactiveml.classifier import SklearnClassifier
        from skactiveml.regressor import SklearnRegressor
    except ImportError as error:
        raise MissingExtraError("this order needs scikit-activeml: pip install 'nbtools-data[active]'") from error
    if isinstance(model, SkactivemlClassifier | SkactivemlRegressor):
        return model
    return SklearnClassifier(model, classes=list(range(len(options)))) if options else SklearnRegressor(model)


def _answers(said: Sequence[Mapping[str, Any] | None], options: Sequence[str]) -> np.ndarray:
    import numpy as np

    numbers = {option: place for place, option in enumerate(options)}
    answers: np.ndarray = np.full(len(said), np.nan)
    for place, one in enumerate(said):
        known = [number for value in (one or {}).values() if (number := _number(value, numbers)) is not None]
        if known:
            answers[place] = Counter(known).most_common(1)[0][0]
    return answers


def _number(value: Any, numbers: Mapping[str, int]) -> float | None:
    if numbers:
        return numbers.get(value) if isinstance(value, str) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
