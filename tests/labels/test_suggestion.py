import json
import math

import pytest

from nbtools.errors import LabelError
from nbtools.labels.suggestion import (
    Suggestion,
    best_of,
    model_name,
    outcome,
    parse_suggestion,
    score_of,
    scores_of,
)
from nbtools.labels.task import declare

TASK = declare("species", "choice", ["jay", "rook"])
ONE = Suggestion("a" * 32, "resnet-7", "rook", 0.87, {"jay": 0.13, "rook": 0.87}, 1, "2026-01-01T00:00:00.000Z", "T")


def test_a_line_is_what_it_was_made_of() -> None:
    line = ONE.to_line("species")
    assert line.endswith(b"\n")
    assert json.loads(line)["task"] == "species"
    assert parse_suggestion(line, "species", "T") == ONE
    assert parse_suggestion(Suggestion("a", "m", None).to_line("t"), "t") == Suggestion("a", "m", None)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"format":2,"item":"a","model":"m","value":1}',
        b'{"format":1,"item":"a","model":"m"}',
        b'{"format":1,"item":1,"model":"m","value":1}',
        b'{"format":1,"item":"a","model":"","value":1}',
        b'{"format":1,"item":"a","model":"m","value":1,"score":NaN}',
        b'{"format":1,"item":"a","model":"m","value":1,"score":1e999}',
        b'{"format":1,"item":"a","model":"m","value":1,"score":"1"}',
        b'{"format":1,"item":"a","model":"m","value":1,"scores":[1]}',
        b'{"format":1,"item":"a","model":"m","value":1,"task":"other"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_suggestion_is_none(line: bytes) -> None:
    assert parse_suggestion(line, "species") is None


@pytest.mark.parametrize("score", [math.nan, math.inf, True, "0.5", None, [1]])
def test_a_score_is_a_finite_number(score: object) -> None:
    with pytest.raises(LabelError, match="a finite number, mostly from 0 to 1; leave it out where there is none"):
        score_of(score)


def test_scores_are_kept_by_id_in_the_order_of_the_options() -> None:
    assert list(scores_of(TASK, {"rook": 1, "jay": 0}).items()) == [("jay", 0.0), ("rook", 1.0)]
    assert best_of({"jay": 0.5, "rook": 0.5}) == "jay"
    for wrong in ({}, [1], {"crow": 1}, {"jay": math.nan}):
        with pytest.raises(LabelError):
            scores_of(TASK, wrong)
    with pytest.raises(LabelError, match="for a task that has options"):
        scores_of(declare("t", "text"), {"a": 1})


@pytest.mark.parametrize("name", ["", " ", "a\nb", "m" * 201, None, 7])
def test_a_model_has_a_name_on_one_line(name: object) -> None:
    with pytest.raises(LabelError, match="tells this model from others"):
        model_name(name)


@pytest.mark.parametrize(
    ("value", "status", "rejected", "became"),
    [
        ("rook", "labeled", False, "accepted"),
        ("rook", "labeled", True, "accepted"),
        ("jay", "labeled", False, "corrected"),
        ("jay", "labeled", True, "rejected"),
        (None, "skipped", True, "rejected"),
        (None, "skipped", False, "ignored"),
        (None, "cleared", False, "ignored"),
    ],
)
def test_what_became_of_it(value: object, status: str, rejected: bool, became: str) -> None:
    said = outcome(TASK, ONE, value, status, rejected=rejected)
    assert said == {
        "table": "T",
        "model": "resnet-7",
        "score": 0.87,
        "outcome": became,
        **({} if became == "accepted" else {"value": "rook"}),
    }


def test_spans_under_other_ids_are_accepted() -> None:
    task = declare("names", "spans", ["jay"])
    span = {"id": "a", "start": 0, "end": 2, "option": "jay"}
    suggested = {"text_hash": None, "spans": [span], "relations": []}
    labeled = {"text_hash": None, "spans": [{**span, "id": "s1"}], "relations": []}
    said = outcome(task, Suggestion("a", "m", suggested), labeled, "labeled", rejected=False)
    assert said["outcome"] == "accepted"
