import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import check, declare

ANY = declare("weight", "number", settings={"unit": "kg"})
SHARE = declare("share", "number", settings={"min": 0, "max": 1, "step": 0.1})
COUNT = declare("count", "number", settings={"min": 0, "integer": True})


def test_a_number_is_kept_as_a_float_or_as_an_int() -> None:
    for given_, kept in ((3, 3.0), ("2.5", 2.5), (" -1e3 ", -1000.0)):
        assert (check(ANY, given_), type(check(ANY, given_))) == (kept, float)
    for whole in (3, 3.0, "3"):
        assert (check(COUNT, whole), type(check(COUNT, whole))) == (3, int)


@given(st.integers(0, 10))
def test_a_number_on_a_step_is_the_decimal_that_was_meant(steps: int) -> None:
    kept = check(SHARE, steps * 0.1)
    assert kept == round(steps / 10, 1)
    assert check(SHARE, kept) == kept


@pytest.mark.parametrize(
    ("task", "value", "words"),
    [
        (ANY, True, "takes a number"),
        (ANY, "12 kg", "takes a number, and '12 kg' is none"),
        (ANY, None, "takes a number"),
        (ANY, math.inf, "finite"),
        (ANY, 10**400, "takes a finite"),
        (COUNT, -1, "at least 0, not -1"),
        (COUNT, 2.5, "whole number, and 2.5 is none"),
        (SHARE, 1.1, "at least 0 and at most 1, not 1.1"),
        (SHARE, 0.25, r"steps of 0.1 from 0, and 0.25 lies between: take 0\.2"),
    ],
)
def test_what_is_no_such_number_is_refused(task: object, value: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(task, value)  # type: ignore[arg-type]


def test_a_slider_is_there_where_both_ends_are() -> None:
    assert [task.settings["slider"] for task in (ANY, SHARE, COUNT)] == [False, True, False]
    assert declare("t", "number", settings={"min": 0, "max": 1, "slider": False}).settings["slider"] is False


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"min": 1, "max": 1}, "min is less than max"),
        ({"min": "1"}, "finite number"),
        ({"max": math.nan}, "finite number"),
        ({"step": 0}, "more than 0"),
        ({"min": 0, "max": 1, "step": 2}, "no more than max - min"),
        ({"min": 0.5, "integer": True}, "with integer=True it is a whole number"),
        ({"integer": 1}, "True or False"),
        ({"unit": ""}, "text on one line"),
        ({"slider": True, "min": 0}, "give min and max"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("t", "number", settings=settings)


def test_tables_show_the_number_with_its_unit() -> None:
    assert kind_of("number").words(ANY, 2.0) == "2 kg"
    assert kind_of("number").words(COUNT, 1200) == "1200"
