from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import OrderError
from nbtools.orders import Ranking
from nbtools.orders.ranking import read_ranking

IDS = ["a", "b", "c"]


@pytest.mark.parametrize(
    "found",
    [
        ["c", "a", "b"],
        np.array(["c", "a", "b"]),
        Ranking(["c", "a", "b"]),
        [0.2, 0.1, 0.9],
        np.array([0.2, 0.1, 0.9], np.float32),
        pd.Series([0.2, 0.1, 0.9], IDS),
        {"b": 0.1, "c": 0.9, "a": 0.2},
        (score for score in (2, 1, 3)),
    ],
)
def test_a_ranking_comes_in_many_forms(found: Any) -> None:
    assert read_ranking(found, IDS).places.tolist() == [2, 0, 1]


def test_scores_go_with_it_and_nan_is_none() -> None:
    ranked = read_ranking([0.2, float("nan"), 0.9], IDS)
    assert (ranked.places.tolist(), ranked.scores.tolist()) == ([2, 0], [0.9, 0.2])
    assert read_ranking(Ranking(["b"], [3]), IDS).scores.tolist() == [3.0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_equals_stay_in_the_order_of_before(scores: list[int]) -> None:
    ids = [str(place) for place in range(len(scores))]
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
    assert read_ranking(scores, ids).places.tolist() == expected


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "a ranker returns ids in order, or a score for each, and this is NoneType"),
        ("abc", "this is str"),
        (["a", "x"], "returned 'x' and it is none of those that it was given"),
        (["a", "a"], "returned 'a' twice"),
        ([1, 2], "was given 3 ids and returned 2 scores"),
        ([1, 2, "x"], "a score is a number"),
        ([[1, 2], [3, 4], [5, 6]], r"the shape \(3, 2\)"),
        ([float("nan")] * 3, "gave no item a score"),
        (Ranking(["a", "b"], [1]), "2 ids and 1 scores"),
    ],
)
def test_what_is_no_ranking_is_refused(found: Any, words: str) -> None:
    with pytest.raises(OrderError, match=words):
        read_ranking(found, IDS)
