import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.task import check, declare

STARS = declare("quality", "rating")
NAMED = declare("quality", "rating", settings={"min": 0, "max": 2, "words": ("bad", "fair", "good")})


def test_a_level_is_kept_as_an_int() -> None:
    assert [check(STARS, value) for value in (1, 5.0, "3", " 4 ")] == [1, 5, 3, 4]
    assert type(check(STARS, 5.0)) is int
    assert check(NAMED, 0) == 0


@pytest.mark.parametrize("value", [0, 6, 2.5, True, None, "five", "²", [3], float("nan"), 10**30])
def test_what_is_no_level_is_refused(value: object) -> None:
    with pytest.raises(LabelError, match="whole number from 1 to 5, not"):
        check(STARS, value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"min": 2}, "from 0 to 1"),
        ({"max": 1}, "from 2 to 10"),
        ({"max": 11}, "from 2 to 10"),
        ({"words": ["a", "b", "c"]}, "2 of them, or 5"),
        ({"words": "good"}, "texts on one line"),
        ({"words": ["bad", ""]}, "texts on one line"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("t", "rating", settings=settings)


def test_tables_show_the_level_of_how_many_and_its_word() -> None:
    assert kind_of("rating").words(STARS, 4) == "4 of 5"
    assert kind_of("rating").words(NAMED, 1) == "1 of 2, fair"
