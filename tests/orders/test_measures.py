import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import OrderError
from nbtools.orders import measures


@pytest.fixture(scope="module")
def pool() -> Any:
    """scikit-activeml's pool strategies, which nobody here wrote."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("skactiveml.pool")


def probabilities(n: int = 200, options: int = 5) -> np.ndarray:
    table: np.ndarray = np.random.default_rng(1).dirichlet(np.ones(options) / 2, n)
    return table


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("least_confident", "least_confident"), ("margin", "margin_sampling"), ("entropy", "entropy")],
)
@pytest.mark.parametrize("options", [2, 5])
def test_uncertainty_is_that_of_scikit_activeml(pool: Any, ours: str, theirs: str, options: int) -> None:
    table = probabilities(options=options)
    assert getattr(measures, ours)(table) == pytest.approx(pool.uncertainty_scores(table, method=theirs))


def test_vote_entropy_is_that_of_scikit_activeml(pool: Any) -> None:
    votes = np.random.default_rng(2).integers(0, 4, (100, 7))
    counts = np.stack([(votes == option).sum(axis=1) for option in range(4)], axis=1)
    assert measures.vote_entropy(counts) == pytest.approx(pool.vote_entropy(votes, classes=range(4)))


def test_divergence_is_that_of_scikit_activeml(pool: Any) -> None:
    models = np.stack([probabilities()[::step] for step in (1, -1)])
    assert measures.mean_divergence(models) == pytest.approx(pool.average_kl_divergence(models), abs=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), min_size=1, max_size=20))
def test_a_sure_model_scores_nothing_and_an_even_one_the_most(rows: list[list[float]]) -> None:
    table = np.array([*rows, [0, 7, 0], [2, 2, 2]])
    for measure in (measures.least_confident, measures.margin, measures.entropy):
        scores = measure(table)
        known = scores[~np.isnan(scores)]
        assert scores[-2] == pytest.approx(0)
        assert known.max() == pytest.approx(scores[-1])
        assert (known >= -1e-12).all()
        assert np.isnan(scores).tolist() == [sum(row) == 0 for row in table.tolist()]


def test_of_one_column_the_rest_is_the_other_option() -> None:
    assert measures.margin(np.array([[0.5], [0.9], [np.nan]])) == pytest.approx([1, 0.2, np.nan], nan_ok=True)


def test_what_only_one_model_predicts_has_no_divergence() -> None:
    both = np.array([[[0.9, 0.1], [0.5, 0.5]], [[0.1, 0.9], [np.nan, np.nan]]])
    assert measures.mean_divergence(both)[0] > 0.3
    assert np.isnan(measures.mean_divergence(both)[1])


def test_logits_are_refused() -> None:
    with pytest.raises(OrderError, match=r"at least 0, and there is -2: are these logits\?"):
        measures.margin(np.array([[-2.0, 3.0]]))
    with pytest.raises(OrderError, match="at most 1, and there is 3"):
        measures.margin(np.array([[3.0]]))
