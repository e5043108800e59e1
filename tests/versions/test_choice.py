"""The line of Python of a choice, and which control a refusal belongs to."""

from __future__ import annotations

import pytest

from nbtools.versions.choice import Choice, control, python_line

HALVES = {"train": 0.5, "test": 0.5}


def test_the_line_names_only_what_was_chosen() -> None:
    start = 'nbtools.Dataset("birds").version("v2").split('
    assert python_line("birds", "v2", Choice(HALVES)) == start + '{"train": 0.5, "test": 0.5})'
    full = Choice(HALVES, ("species", "sex"), ("site",), 'a "b"', "alone", "keep", near_duplicates=True, fresh=True)
    line = python_line("birds", "v2", full)
    given: dict[str, object] = {}
    exec(f"given.update(dict({line.partition('.split(')[2].replace('{', 'ratios={', 1)})", {"given": given})
    assert given == {
        "ratios": HALVES,
        "stratify": ["species", "sex"],
        "groups": "site",
        "seed": 'a "b"',
        "missing": "alone",
        "rare": "keep",
        "near_duplicates": True,
        "fresh": True,
    }


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("3 of 9 items have no value in the group column 'site'. Choose: missing=\"alone\"", "missing"),
        ("one item only has species 'jay': get more, or pass rare=\"keep\"", "rare"),
        ("group column 'site' holds the int 7 and the text '7'", "groups"),
        ("stratum column 'age' holds infinity", "stratify"),
        ("stratify='specie' is no column of this version", "stratify"),
        ("all 9 items are one unit, and 3 splits need as many", "groups"),
        ("the ratios add up to .9", "ratios"),
    ],
)
def test_a_refusal_belongs_to_the_control_that_it_names(words: str, name: str) -> None:
    assert control(words, Choice(HALVES, groups=("site",))) == name
