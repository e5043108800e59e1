"""What options mean, and what is recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nbtools.annotations.modes import mode_of
from nbtools.errors import SchemaError
from nbtools.labels.task import check


def names(options: Any, kind: str | None = None) -> list[str]:
    return [option.name for option in mode_of(options, kind).task.options]


def test_the_object_itself_is_recorded() -> None:
    good, bad = object(), ["x"]
    mode = mode_of([good, bad, 0, None, np.float32(1)])
    assert mode.task.kind == "choice"
    assert [mode.label(option.id) for option in mode.task.options] == [good, bad, 0, None, np.float32(1)]
    assert mode.label(mode.task.options[0].id) is good
    assert mode_of([0, 1], "choices").label(["1", "0"]) == [1, 0]


def test_options_that_read_the_same_are_told_apart() -> None:
    class Same:
        def __repr__(self) -> str:
            return "same"

    assert names([1, "1", True, 1.0]) == ["1", "'1'", "True", "1.0"]
    assert names([Same(), Same()]) == ["same", "same (2)"]
    assert names(["a", "b", "a"]) == ["a", "b"]
    assert names(["", "two\nlines", "\x07", "x" * 300]) == ["''", "two lines", "'\\x07'", "x" * 190 + "…"]


@pytest.mark.parametrize("options", [np.array(["a", "b"]), type("Mine", (list,), {})(["a", "b"]), ["a", "b"]])
def test_a_list_is_any_list_and_an_array(options: Any) -> None:
    assert names(options) == ["a", "b"]


def test_an_option_that_another_run_has_is_its_text() -> None:
    assert mode_of(["a"]).label("b") == "b"


@pytest.mark.parametrize("options", [(1,), (1, 2, 3, 4), "ab", {"a", "b"}, range(3), np.zeros((2, 2)), 7, {"a": 1}])
def test_what_pigeon_refuses_is_refused(options: Any) -> None:
    with pytest.raises(SchemaError, match="give a list of options"):
        mode_of(options)


def test_without_options_any_text_is_recorded_as_it_was_typed() -> None:
    mode = mode_of(None)
    assert (mode.task.kind, mode.task.options) == ("text", ())
    for typed in ("", "  a\r\n", "e\u0301", "x" * 100_000):
        assert mode.label(check(mode.task, typed)) == typed


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ((1, 10), {"min": 1, "max": 10, "step": None, "integer": True}),
        ((0, 1.0), {"min": 0, "max": 1, "step": None, "integer": True}),
        ((0.0, 1), {"min": 0.0, "max": 1.0, "step": None, "integer": False}),
        ((0, 10, 5), {"min": 0, "max": 10, "step": 5, "integer": True}),
        # In pigeon these are sliders of whole numbers, on which nothing between can be said.
        ((0, 1, 0.1), {"min": 0.0, "max": 1.0, "step": 0.1, "integer": False}),
        ((0, 0.5), {"min": 0.0, "max": 0.5, "step": None, "integer": False}),
        ((np.int64(1), np.float32(2)), {"min": 1.0, "max": 2.0, "step": None, "integer": False}),
        ((True, 3), {"min": 1.0, "max": 3.0, "step": None, "integer": False}),
    ],
)
def test_a_tuple_is_a_range_of_numbers(options: tuple[Any, ...], settings: dict[str, Any]) -> None:
    task = mode_of(options).task
    assert task.kind == "number"
    assert {name: task.settings[name] for name in settings} == settings
    assert [type(task.settings[name]) for name in settings] == [type(value) for value in settings.values()]


@pytest.mark.parametrize("options", [("cat", "dog"), (None, 1), ([], 2), (1, 10**400)])
def test_a_tuple_of_something_else_is_told_to_be_a_list(options: tuple[Any, ...]) -> None:
    with pytest.raises(SchemaError, match="to have one of these chosen give a list"):
        mode_of(options)


@pytest.mark.parametrize("options", [(5, 1), (0, 1, 0), (0, 1, -1), (0.0, float("inf")), (0.0, 1.0, 2.0)])
def test_a_range_in_which_no_number_lies_is_refused(options: tuple[Any, ...]) -> None:
    with pytest.raises(SchemaError, match="kind 'number'"):
        mode_of(options)


def test_a_kind_is_named_alone_or_with_its_settings() -> None:
    rating = mode_of(None, {"kind": "rating", "max": 7})
    assert (rating.task.kind, rating.task.settings["max"], rating.asked) == ("rating", 7, ({"max": 7},))
    assert mode_of(None, "rating").asked == ()
    weight = mode_of((0, 5), {"unit": "kg"})
    assert (weight.task.kind, weight.task.settings["unit"], weight.task.settings["max"]) == ("number", "kg", 5)
    spans = mode_of(["name", "place"], "spans")
    assert [option.id for option in spans.task.options] == ["name", "place"]


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(SchemaError, match="options is empty"):
        mode_of([])
    with pytest.raises(SchemaError, match=r"'choise' is no kind of task.*did you mean 'choice'"):
        mode_of(["a"], "choise")
    with pytest.raises(SchemaError, match="give a list of at least one option"):
        mode_of(None, "choice")
    with pytest.raises(SchemaError, match="takes a list of options"):
        mode_of((0, 1), "choice")
    with pytest.raises(SchemaError, match="'rating': there is no 'most'"):
        mode_of(None, {"kind": "rating", "most": 7})
    with pytest.raises(SchemaError, match=r"kind='text' takes other options than options=\['a'\]"):
        mode_of(["a"], "text")
