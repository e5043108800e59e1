"""Every kind, and every setting of it, is told: in Python, in the docstring of ds.task and in the README."""

import ast
import html
import re
from pathlib import Path

import pytest

import nbtools
from nbtools.dataset import Dataset
from nbtools.errors import SchemaError
from nbtools.labels.kinds import KINDS, kind_of
from nbtools.labels.kinds.base import text_hash
from nbtools.labels.task import check, declare
from nbtools.labels.telling import EXAMPLES, settings_told

README = (Path(__file__).parents[2] / "README.md").read_text()


@pytest.mark.parametrize("name", KINDS)
def test_each_setting_of_a_kind_is_told_with_what_it_is_unless_given(name: str) -> None:
    kind, told = kind_of(name), repr(nbtools.kinds(name))
    assert list(settings_told(kind)) == list(kind.defaults), "the docstring of the class names each"
    for setting, words in settings_told(kind).items():
        assert f"\n{setting}=" in told
        assert words in told
        assert len(words) > 15
    assert "`" not in told


@pytest.mark.parametrize("name", KINDS)
def test_the_docstring_of_task_names_each_setting(name: str) -> None:
    told = " ".join((Dataset.task.__doc__ or "").split())
    assert f"``{name}``" in told
    found = re.search(rf"``{name}``: ([\w, ]+)\.", told)
    assert (found[1].split(", ") if found else []) == list(kind_of(name).defaults)


@pytest.mark.parametrize("name", KINDS)
def test_the_example_is_a_task_and_a_value_as_it_is_kept(name: str) -> None:
    example, told = EXAMPLES[name], repr(nbtools.kinds(name))
    task = declare("t", name, list(example.options), settings=example.settings)
    assert check(task, example.value) == example.value
    shown = re.search(r"^A label holds, for example: (.+)$", told, re.MULTILINE)
    assert shown is not None
    assert ast.literal_eval(shown[1]) == example.value
    call = ast.parse(told.rpartition("next: ")[2], mode="eval").body
    assert isinstance(call, ast.Call)
    assert {word.arg for word in call.keywords} >= {"kind", *example.settings}


def test_spans_know_their_text() -> None:
    assert EXAMPLES["spans"].value["text_hash"] == text_hash(EXAMPLES["text"].value)


@pytest.mark.parametrize("name", KINDS)
def test_the_readme_has_a_row_for_each_kind_with_its_settings_and_a_value(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \| (.+) \|$", README, re.MULTILINE)
    about, value = row.rsplit(" | ", 1)
    assert set(re.findall(r"`(\w+)`", about)) >= set(kind_of(name).defaults)
    example = EXAMPLES[name]
    task = declare("t", name, list(example.options), settings=example.settings)
    kept = ast.literal_eval(value.strip("`"))
    assert check(task, kept) == kept, "it is as labels hold it"


def test_all_kinds_are_listed_in_a_line_each() -> None:
    told = nbtools.kinds()
    lines = repr(told).splitlines()
    assert [line.split()[0] for line in lines] == [*KINDS, "next:"]
    assert told._repr_html_() == f"<pre>{html.escape(repr(told))}</pre>"


def test_a_kind_that_is_not_there_is_named_nearly() -> None:
    with pytest.raises(SchemaError, match="did you mean 'boxes'"):
        nbtools.kinds("boxs")
