import html
import json

import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.options import Option
from nbtools.labels.task import Task, Tasks, check, declare

BIRDS = declare("species", "choice", ["jay", "rook"])
MANY = declare("tags", "choices", ["blurred", "night", "rain"])


def test_an_option_is_known_by_the_name_it_was_first_given() -> None:
    assert Task("species", "choice", (Option("jay", "jay"), Option("rook", "rook")), 1) == BIRDS


def test_names_are_normalized() -> None:
    assert declare("t", "choice", ["  e\u0301 "]).options[0].name == "é"


def test_an_option_may_have_a_key_a_color_and_words() -> None:
    given = {"name": "jay", "key": "j", "color": "#00f", "description": "blue wings"}
    assert declare("t", "choice", [given]).options == (Option("jay", "jay", "j", "#00f", "blue wings"),)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "at least one"),
        ("jay", "list of names"),
        (["jay", "jay"], "twice"),
        (["é", "e\u0301"], "twice"),
        (["jay", " jay "], "twice"),
        ([""], "text on one line"),
        (["a\nb"], "text on one line"),
        ([7], "text on one line"),
        ([{"name": "a", "key": "j"}, {"name": "b", "key": "J"}], "two options"),
        ([{"name": "a", "key": "jj"}], "one character"),
        ([{"nmae": "a"}], "did you mean 'name'"),
        ([{"name": "a", "color": 3}], "are text"),
    ],
)
def test_options_that_cannot_work_are_refused(options: list[str], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("t", "choice", options)


def test_an_unknown_kind_is_refused_with_the_likely_one() -> None:
    with pytest.raises(SchemaError, match="did you mean 'choice'"):
        declare("t", "choise", ["a"])


def test_a_task_survives_json() -> None:
    task = Task("t", "choices", (Option("a", "A", "x", "red", "first"), Option("b", "b", retired=True)), 3, "What?")
    assert Task.from_json(json.loads(json.dumps(task.to_json()))) == task


def test_keys_of_a_later_nbtools_are_passed_over() -> None:
    found = BIRDS.to_json() | {"later": 1}
    found["options"][0]["later"] = 2
    assert Task.from_json(found) == BIRDS


@pytest.mark.parametrize(
    "found",
    [
        {},
        [],
        None,
        {"name": "t", "kind": "choice"},
        {"name": "T", "kind": "choice", "options": [{"name": "a"}]},
        {"name": "t", "kind": "choice", "options": [{"name": "a"}], "schema": 0},
        {"name": "t", "kind": "choice", "options": [{"name": "a"}], "schema": "1"},
        {"name": "t", "kind": "choice", "options": ["a"]},
        {"name": "t", "kind": "choice", "options": [{"name": "a"}, {"name": "a"}]},
        {"name": "../../t", "kind": "choice", "options": [{"name": "a"}]},
    ],
)
def test_what_is_no_task_is_refused(found: object) -> None:
    with pytest.raises(SchemaError):
        Task.from_json(found)


def test_a_choice_is_kept_as_the_id_of_its_option() -> None:
    renamed = Task("species", "choice", (Option("jay", "Eurasian jay"), Option("rook", "rook")), 2)
    assert check(renamed, "jay") == "jay"
    assert check(renamed, " Eurasian jay ") == "jay"


def test_choices_are_kept_in_the_order_of_the_options() -> None:
    assert check(MANY, ["rain", "blurred", "rain"]) == ["blurred", "rain"]
    assert check(MANY, []) == []


@pytest.mark.parametrize("value", [None, "", "crow", ["jay"], 0, {"a": 1}, True])
def test_what_is_no_option_is_refused(value: object) -> None:
    with pytest.raises(LabelError, match="no option"):
        check(BIRDS, value)


@pytest.mark.parametrize("value", [None, "rain", 3, ["snow"], [["rain"]], [None], {"rain": True}])
def test_what_is_no_list_of_options_is_refused(value: object) -> None:
    with pytest.raises(LabelError):
        check(MANY, value)


def test_a_near_miss_is_named() -> None:
    with pytest.raises(LabelError, match="did you mean 'rook'"):
        check(BIRDS, "rok")


def test_a_retired_option_is_not_chosen_any_more() -> None:
    task = Task("t", "choice", (Option("a", "a"), Option("b", "b", retired=True)))
    with pytest.raises(LabelError, match="retired"):
        check(task, "b")


def test_tasks_say_what_they_ask_in_a_line_each() -> None:
    fields = [{"name": "species", "kind": "choice", "options": ["jay"]}, {"name": "age", "kind": "number"}]
    form = declare("look", "form", settings={"fields": fields})
    many = declare("number", "choice", [f"o{at}" for at in range(25)])
    found = Tasks({task.name: task for task in (BIRDS, form, many, declare("caption", "text"))})
    lines = repr(found).splitlines()
    assert lines[:2] == ["species (choice, schema 1): jay, rook", "look (form, schema 1): species, age"]
    assert lines[2].endswith(", o18, o19 and 5 more")
    assert lines[3:] == ["caption (text, schema 1)", 'next: nbtools.Labeler(ds, "species")']
    assert found._repr_html_() == f"<pre>{html.escape(repr(found))}</pre>"
    assert repr(Tasks()).splitlines()[1].startswith("next: ds.task(")


def test_a_group_of_options_is_given_with_its_options() -> None:
    corvids = {"name": "corvids", "color": "black", "options": ["jay", {"name": "rook", "color": "blue", "key": "r"}]}
    task = declare("t", "choice", [corvids, "other"])
    assert task.options == (
        Option("jay", "jay", color="black", group="corvids"),
        Option("rook", "rook", "r", "blue", group="corvids"),
        Option("other", "other"),
    )
    assert Task.from_json(json.loads(json.dumps(task.to_json()))) == task


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"name": "a", "options": []}, "are a list of names"),
        ({"name": "a", "options": "jay"}, "are a list of names"),
        ({"name": "a", "key": "x", "options": ["jay"]}, "and no 'key'"),
        ({"options": ["jay"]}, "text on one line"),
        ({"name": "a", "options": [{"name": "b", "options": ["jay"]}]}, "groups hold options and no groups"),
        ({"name": "jay", "group": "a\nb"}, "text on one line"),
        ({"name": "jay", "group": 3}, "are text"),
        ({"name": "jay", "picture": "https://example.invalid/x.png"}, "no small data: URL"),
    ],
)
def test_a_group_that_cannot_be_is_refused(group: dict[str, object], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("t", "choice", [group])
