from typing import Any

import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import ItemFacts
from nbtools.labels.task import check, declare

PAIR = declare("pair", "compare", settings={"of": ["gpt", "baseline"]})
GRADED = declare(
    "pair", "compare", settings={"of": ["gpt", "baseline"], "tie": False, "strength": ("slightly", "much")}
)


def item(**columns: Any) -> ItemFacts:
    return ItemFacts("record", read_columns=lambda: columns)


def test_a_word_a_column_or_a_mapping_is_taken() -> None:
    assert check(PAIR, "a") == check(PAIR, "gpt") == check(PAIR, {"better": "a"}) == {"better": "a"}
    assert check(PAIR, {"better": "baseline", "left": "b"}) == {"better": "b", "left": "b"}
    assert check(GRADED, {"better": "a", "strength": "much"}) == {"better": "a", "strength": 2}
    assert check(GRADED, {"better": "bad", "left": None}) == {"better": "bad"}


def test_the_side_is_no_part_of_the_answer() -> None:
    kind = kind_of("compare")
    assert kind.answer({"better": "a", "left": "b"}) == kind.answer({"better": "a", "left": "a"}) == {"better": "a"}
    assert kind.answer({"better": "a", "left": "b", "strength": 1}) == {"better": "a", "strength": 1}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("c", r"'c' is not better; one of 'a', 'b', 'tie', 'bad' is \('a' is 'gpt', 'b' is 'baseline'\)"),
        ({"better": "a", "left": "left"}, "left is 'left': it is 'a' or 'b'"),
        ({"better": "a", "side": "b"}, "there is no 'side'; there are better, left, strength"),
        ({"better": "a", "strength": 1}, "the task has no strength="),
        ({}, "'None' is not better"),
    ],
)
def test_what_is_no_answer_is_refused(value: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(PAIR, value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("tie", "one of 'a', 'b', 'bad' is"),
        ("a", r"strength is 'None': it is 1 to 2 \(slightly, much\)"),
        ({"better": "a", "strength": True}, "it is 1 to 2"),
        ({"better": "bad", "strength": 1}, "'bad' is of no strength: leave it out"),
    ],
)
def test_strength_belongs_to_what_is_better(value: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(GRADED, value)


def test_an_item_without_a_candidate_is_refused() -> None:
    assert check(PAIR, "a", item(gpt="x", baseline="y")) == {"better": "a"}
    with pytest.raises(LabelError, match="is about gpt, baseline, and this item has no 'baseline': skip it"):
        check(PAIR, "a", item(gpt="x", baseline=""))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "of=None: it is a list of columns"),
        ({"of": "gpt"}, "it is a list of columns"),
        ({"of": ["a"]}, "it names 2 columns, each once"),
        ({"of": ["a", "a"]}, "each once"),
        ({"of": ["a", "b", "c"]}, "it names 2 columns"),
        ({"of": ["a", "b\n"]}, "text on one line"),
        ({"of": ["a", "b"], "shows": "item"}, "did you mean 'items'"),
        ({"of": ["a", "b"], "strength": ["much"]}, "2 to 4 words"),
        ({"of": ["a", "b"], "strength": "much"}, "2 to 4 words"),
        ({"of": ["a", "b"], "tie": 1}, "True or False"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("t", "compare", settings=settings)


def test_tables_name_the_column_that_is_better() -> None:
    words = kind_of("compare").words
    assert words(PAIR, {"better": "b", "left": "b"}) == "baseline"
    assert words(GRADED, {"better": "a", "strength": 2}) == "gpt, much"
    assert (words(PAIR, {"better": "tie"}), words(PAIR, {"better": "bad"})) == ("tie", "both bad")
