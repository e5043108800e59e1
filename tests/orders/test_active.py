import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nbtools.errors import OrderError
from nbtools.orders import Context, QueryStrategy


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Their warnings are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


IDS = [f"{number:02d}" for number in range(40)]
FEATURES = (IDS, np.random.default_rng(0).normal(size=(40, 3)))
SAID = {one: {"anna": "jay" if FEATURES[1][place, 0] > 0 else "rook"} for place, one in enumerate(IDS[:10])}


def context(**more: Any) -> Context:
    given: dict[str, Any] = {"options": ("jay", "rook"), "needed": 5, "read_labels": lambda: SAID}
    return Context(**given | more)


def test_uncertainty_sampling_chooses_what_it_chooses_by_itself() -> None:
    from skactiveml.classifier import SklearnClassifier
    from skactiveml.pool import UncertaintySampling
    from sklearn.linear_model import LogisticRegression

    found = QueryStrategy(UncertaintySampling(random_state=0), FEATURES, LogisticRegression()).rank(IDS[10:], context())
    y = np.array([0.0 if SAID[one]["anna"] == "jay" else 1.0 for one in IDS[:10]] + [np.nan] * 30)
    model = SklearnClassifier(LogisticRegression(), classes=[0, 1])
    theirs = UncertaintySampling(random_state=0).query(FEATURES[1], y, model, batch_size=5)
    assert found.ids == [IDS[place] for place in theirs]
    assert found.scores is not None
    assert all(0 <= score <= 0.5 for score in found.scores)


@pytest.mark.parametrize("name", ["CoreSet", "RandomSampling", "TypiClust", "GreedySamplingX"])
def test_strategies_without_a_model_need_none(name: str) -> None:
    import skactiveml.pool

    found = QueryStrategy(getattr(skactiveml.pool, name)(random_state=0), FEATURES).rank(IDS[10:], context())
    assert len(set(found.ids)) == 5
    assert set(found.ids) <= set(IDS[10:])


def test_a_committee_is_a_sequence_of_models() -> None:
    from skactiveml.pool import QueryByCommittee
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB

    order = QueryStrategy(QueryByCommittee(random_state=0), FEATURES, [LogisticRegression(), GaussianNB()])
    assert len(order.rank(IDS[10:], context()).ids) == 5
    assert order.name == "QueryByCommittee"


def test_numbers_are_learned_by_a_regressor() -> None:
    from skactiveml.pool import GreedySamplingTarget
    from sklearn.linear_model import LinearRegression

    numbers = {one: {"anna": float(place), "ben": True} for place, one in enumerate(IDS[:10])}
    order = QueryStrategy(GreedySamplingTarget(random_state=0), FEATURES, LinearRegression())
    assert len(order.rank(IDS[10:], context(options=(), read_labels=lambda: numbers)).ids) == 5


def test_what_has_no_features_is_left_out() -> None:
    from skactiveml.pool import CoreSet

    some = {one: FEATURES[1][place] for place, one in enumerate(IDS) if place % 2}
    found = QueryStrategy(CoreSet(random_state=0), some).rank(IDS[10:], context())
    assert all(int(one) % 2 for one in found.ids)
    with pytest.raises(OrderError, match="features has none of the 30 items that wait"):
        QueryStrategy(CoreSet(), {"x": [1.0]}).rank(IDS[10:], context(read_labels=dict))


def test_a_strategy_that_learns_says_that_it_needs_a_model() -> None:
    from skactiveml.pool import UncertaintySampling

    with pytest.raises(OrderError, match=r"UncertaintySampling learns with a model: QueryStrategy\(…, model="):
        QueryStrategy(UncertaintySampling(), FEATURES).rank(IDS[10:], context())
