"""Two copies of a task that were changed apart: nothing of either is lost, and what differs is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import SchemaError
from nbtools.labels.options import Option
from nbtools.labels.task import Task, declare
from nbtools.labels.unite import same, unite

BASE = declare("species", "choice", ["jay", "rook"])


def changed(*options: dict[str, Any] | str, schema: int = 2, title: str | None = None) -> Task:
    given = tuple(Option(one, one) if isinstance(one, str) else Option(**one) for one in options)
    return Task("species", "choice", given, schema, title)


def test_options_added_on_both_sides_stand_side_by_side() -> None:
    united = unite(changed("jay", "rook", "owl"), changed("jay", "rook", "magpie"), BASE)
    assert [option.id for option in united.task.options] == ["jay", "rook", "owl", "magpie"]
    assert (united.task.schema, united.added, united.remarks) == (3, ("magpie",), ())


def test_what_only_one_has_changed_is_changed() -> None:
    theirs = changed({"id": "jay", "name": "blue jay", "key": "j"}, "rook", title="Which bird?")
    assert same(unite(BASE, theirs, BASE).task, theirs)
    assert unite(theirs, BASE, BASE).task is theirs


def test_an_unchanged_copy_takes_the_order_of_the_other() -> None:
    theirs = changed("rook", "magpie", "jay")
    assert same(unite(BASE, theirs, BASE).task, theirs)


def test_an_option_that_only_the_other_dropped_stays() -> None:
    assert [option.id for option in unite(BASE, changed("jay"), BASE).task.options] == ["jay", "rook"]


def test_an_option_of_two_meanings_is_named_and_kept() -> None:
    ours, theirs = ({"id": "jay", "name": name} for name in ("blue jay", "eurasian jay"))
    united = unite(changed(ours, "rook"), changed(theirs, "rook"), BASE)
    assert united.task.names()["jay"] == "blue jay"
    (remark,) = united.remarks
    assert "'jay' of 'species' is called 'blue jay' here and is 'eurasian jay' there" in remark.replace(
        "is called", "is called"
    )


def test_the_same_new_id_with_another_description_is_named() -> None:
    ours, theirs = ({"id": "owl", "name": "owl", "description": text} for text in ("any owl", "barn owl"))
    united = unite(changed("jay", ours), changed("jay", theirs), None)
    assert "'any owl' here" in united.remarks[0]


def test_a_key_that_is_taken_here_is_left_out() -> None:
    united = unite(
        changed({"id": "jay", "name": "jay", "key": "j"}),
        changed("jay", {"id": "jackdaw", "name": "jackdaw", "key": "J"}),
        None,
    )
    assert [option.key for option in united.task.options] == ["j", None]
    assert "without its key 'J'" in united.remarks[0]


def test_another_kind_is_refused_with_what_to_do() -> None:
    with pytest.raises(SchemaError, match=r"kind 'choice' here and of kind 'choices' there.*without=\['species'\]"):
        unite(BASE, declare("species", "choices", ["jay"]), None)


def test_names_that_clash_are_refused_with_what_to_do() -> None:
    with pytest.raises(SchemaError, match=r"side by side.*'owl'.*rename="):
        unite(changed("jay", "owl"), changed({"id": "jay", "name": "owl"}), declare("species", "choice", ["jay"]))


names = st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)


@settings(max_examples=50)
@given(names, names, names)
def test_nothing_is_lost_and_once_more_changes_nothing(base: list[str], ours: list[str], theirs: list[str]) -> None:
    first = declare("species", "choice", base)
    united = unite(changed(*ours), changed(*theirs), first).task
    assert {option.id for option in united.options} == {*ours, *theirs}
    assert unite(united, changed(*theirs), first).task is united
