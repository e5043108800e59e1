import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import check, declare

CAPTION = declare("caption", "text")
LINE = declare("line", "text", settings={"lines": 1, "longest": 5, "empty": True})


def test_a_text_is_kept_composed_and_without_space_around_it() -> None:
    assert check(CAPTION, "  e\u0301in\r\nHäher\r ") == "éin\nHäher"
    assert check(CAPTION, "שלום 👩‍👩‍👧") == "שלום 👩‍👩‍👧"
    assert check(LINE, " ") == ""


def test_a_verbatim_text_is_kept_as_it_was_typed() -> None:
    exact = declare("exact", "text", settings={"verbatim": True, "empty": True})
    for typed in ("  e\u0301in\r\n ", " ", ""):
        assert check(exact, typed) == typed
    with pytest.raises(LabelError, match="half of a character"):
        check(exact, "a \ud83d")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "takes text"),
        ("  ", "no empty text: write some, or skip"),
        ("x" * 10_001, "10,000 characters at most, and this has 10,001"),
        ("a \ud83d", "half of a character"),
    ],
)
def test_what_is_no_text_is_refused(value: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(CAPTION, value)


def test_characters_are_counted_and_lines_too() -> None:
    assert check(LINE, "🐦" * 5) == "🐦" * 5
    with pytest.raises(LabelError, match="5 characters at most"):
        check(LINE, "🐦" * 6)
    with pytest.raises(LabelError, match="one line"):
        check(LINE, "a\nb")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("start", "column:x", "item"),
        ("start", "attribute:", "item"),
        ("start", 3, "text on one line"),
        ("lines", 0, "from 1 to 40"),
        ("lines", True, "from 1 to 40"),
        ("longest", 1e3, "whole number"),
        ("empty", 1, "True or False"),
        ("verbatim", "no", "True or False"),
        ("placeholder", "a\nb", "text on one line"),
    ],
)
def test_settings_that_cannot_be_are_refused(name: str, value: object, words: str) -> None:
    with pytest.raises(SchemaError, match=f"a task of kind 'text': {name}=.*{words}"):
        declare("t", "text", settings={name: value})


def test_the_attribute_that_it_starts_with_is_asked_for() -> None:
    kind = kind_of("text")
    assert kind.attributes(declare("t", "text", settings={"start": "attribute:asr"})) == ("asr",)
    assert kind.attributes(declare("t", "text", settings={"start": "item"})) == ()


def test_tables_show_its_beginning_on_one_line() -> None:
    assert kind_of("text").words(CAPTION, "a\njay " + "x" * 90) == "a jay " + "x" * 53 + "…"
