import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.orders.centers import k_center


def test_it_chooses_what_scikit_activeml_chooses() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skactiveml.pool import k_greedy_center
    points = np.random.default_rng(0).normal(size=(300, 8))
    labels = np.full(300, np.nan)
    labels[:5] = 0
    theirs, _ = k_greedy_center(points, labels, batch_size=20, random_state=0)
    ours, _ = k_center(points[5:], 20, points[:5])
    assert (ours + 5).tolist() == list(theirs)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(0, 5), st.integers(0, 2**16))
def test_each_is_the_farthest_from_those_before_it(count: int, covered: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(-9, 9, (30, 3)).astype(float)
    done = rng.integers(-9, 9, (covered, 3)).astype(float)
    chosen, distances = k_center(points, count, done)
    assert len(set(chosen.tolist())) == count
    before = [*done]
    for at, distance in zip(chosen, distances, strict=True):
        if before:
            each = np.array([min(np.linalg.norm(point - other) for other in before) for point in points])
            assert each[at] == pytest.approx(each.max())
            assert distance == pytest.approx(each[at])
        before.append(points[at])


def test_equal_points_are_each_chosen_once() -> None:
    chosen, distances = k_center(np.ones((4, 2), np.float32), 9, np.empty((0, 2)))
    assert sorted(chosen.tolist()) == [0, 1, 2, 3]
    assert distances.tolist() == [0, 0, 0, 0]


def test_of_nothing_nothing_is_chosen() -> None:
    assert k_center(np.empty((0, 2)), 3, np.ones((1, 2)))[0].tolist() == []
