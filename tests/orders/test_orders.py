import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbtools import orders
from nbtools.errors import OrderError
from nbtools.orders import Column, Context, Disagreement, KCenter, Ranker, Shuffled, Uncertainty
from nbtools.orders.base import name_of, seconds_of
from nbtools.orders.naming import order_of
from nbtools.orders.ranking import read_ranking

IDS = ["a", "b", "c", "d"]
SURE = {"a": [0.9, 0.1], "b": [0.5, 0.5], "c": [0.7, 0.3]}


def ranked(order: Any, context: Context | None = None) -> list[str]:
    return [IDS[place] for place in read_ranking(order.rank(IDS, context or Context()), IDS).places]


@pytest.mark.parametrize(
    "predictions",
    [
        SURE,
        {item: {"jay": row[0], "rook": row[1]} for item, row in SURE.items()},
        pd.DataFrame(SURE, ["jay", "rook"]).T,
        pd.DataFrame({"id": list(SURE), "jay": [0.9, 0.5, 0.7], "rook": [0.1, 0.5, 0.3]}),
        (list(SURE), np.array(list(SURE.values()), np.float32)),
        {"a": 0.9, "b": 0.5, "c": 0.3},
    ],
)
@pytest.mark.parametrize("measure", ["least_confident", "margin", "entropy"])
def test_the_least_sure_comes_first(predictions: Any, measure: Any) -> None:
    order = Uncertainty(measure, predictions)
    assert ranked(order) == ["b", "c", "a"]
    assert name_of(order) == measure


def test_predictions_come_from_the_context_unless_given() -> None:
    assert ranked(Uncertainty(), Context(read_models=lambda: {"resnet": SURE})) == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("predictions", "words"),
    [
        ({}, "predictions has none of the 4 items that wait: give one row for each whole id, such as 'a'"),
        ({"x": [1, 0]}, "it has 'x'"),
        ({"a": [1, 0], "b": [1]}, "predictions cannot be read"),
        ((["a", "b"], np.ones((3, 2))), "2 ids and numbers of the shape"),
        ((["a", "a"], np.ones((2, 2))), "names the item 'a' twice"),
        ({"a": [1, float("inf")]}, "predictions of 'a' is infinite"),
        (7, "predictions cannot be read"),
    ],
)
def test_what_are_no_predictions_is_refused(predictions: Any, words: str) -> None:
    with pytest.raises(OrderError, match=words):
        Uncertainty(predictions=predictions).rank(IDS, Context())


def test_what_annotators_disagree_about_comes_first() -> None:
    said: dict[str, dict[str, Any]] = {
        "a": {"anna": "jay", "ben": "jay"},
        "c": {"anna": ["x"], "ben": ["y"]},
        "d": {"anna": "jay"},
    }
    assert ranked(Disagreement(), Context(read_labels=lambda: said)) == ["c", "a", "d"]


def test_nothing_said_is_no_disagreement() -> None:
    with pytest.raises(OrderError, match="gave no item a score"):
        ranked(Disagreement())


def test_what_models_disagree_about_comes_first() -> None:
    other = {"a": [0.1, 0.9], "b": [0.5, 0.5], "c": [0.6, 0.4]}
    assert ranked(Disagreement([SURE, other])) == ["a", "c", "b"]
    assert ranked(Disagreement("suggestions"), Context(read_models=lambda: {"m": SURE, "n": other})) == ["a", "c", "b"]
    with pytest.raises(OrderError, match="two or more models predict of the same options, and there are 1 with 2"):
        Disagreement([SURE]).rank(IDS, Context())


def test_what_is_far_from_all_that_is_labeled_comes_first() -> None:
    places = {"a": [0.0], "b": [10.0], "c": [4.0], "z": [1.0], "d": [float("nan")]}
    found = KCenter(places).rank(IDS, Context(needed=2, read_labels=lambda: {"z": {"anna": "jay"}}))
    assert (list(found.ids), found.scores) == (["b", "c"], [9.0, 3.0])


def test_a_function_finds_what_it_was_given_in_its_context() -> None:
    def mine(ids: Sequence[str], context: Context) -> list[float]:
        assert (context.embeddings, context.predictions) == ("E", "P")
        return [float(one) for one in context.rng.random(len(ids))]

    order = Ranker(mine, embeddings="E", predictions="P", seconds=5)
    assert ranked(order, Context(seed=3)) == ranked(order, Context(seed=3)) != ranked(order, Context(seed=4))
    assert (name_of(order), seconds_of(order)) == ("mine", 5)


def _backwards(ids: Sequence[str], context: Context) -> list[str]:
    return sorted(ids, reverse=True)


class _Misread:
    def rank(self, ids: Sequence[str]) -> Sequence[str]:
        return ids


def test_orders_have_names() -> None:
    assert order_of(None) is order_of("sequential") is None
    assert order_of("shuffled") == Shuffled()
    assert order_of("column:site") == Column("site")
    assert order_of("entropy") == Uncertainty("entropy")
    assert order_of("disagreement") == Disagreement()
    assert name_of(order_of(_backwards)) == "_backwards"
    assert [name_of(one) for one in (KCenter({}), Column("site"), Shuffled())] == [
        "k_center",
        "column:site",
        "shuffled",
    ]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("margins", r"order='margins' is none of .*; did you mean 'margin'\?"),
        (Uncertainty, "is no order"),
        (7, "order='7' is no order"),
        (
            lambda ids: ids,
            r"order=<lambda>\(ids\) cannot be called as rank\(ids, context\): too many positional arguments",
        ),
        (
            lambda _ids, _context, _more: None,
            "missing a required argument: '_more'.*returns ids in order or a score for each",
        ),
        (Ranker(lambda ids: ids), r"rank\(ids, context\)"),  # type: ignore[arg-type, misc]
        (_Misread(), r"order=rank\(ids: .* cannot be called as rank\(ids, context\)"),
    ],
)
def test_what_is_no_order_is_refused(order: object, words: str) -> None:
    with pytest.raises(OrderError, match=words):
        order_of(order)


def test_a_measure_is_one_that_there_is() -> None:
    with pytest.raises(OrderError, match="measure='margins' is none of"):
        Uncertainty("margins")  # type: ignore[arg-type]


def test_the_room_loads_no_numpy() -> None:
    rooms = f"{orders.__name__}, nbtools.orders.naming, nbtools.orders.mixing"
    program = f"import sys; import {rooms}; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
