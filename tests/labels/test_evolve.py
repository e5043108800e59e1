import pytest

from nbtools.errors import SchemaError
from nbtools.labels.evolve import evolve
from nbtools.labels.task import Task, declare

OLD = declare("species", "choice", ["jay", "rook"])


def changed(task: Task | None) -> Task:
    assert task is not None
    return task


def test_the_same_again_is_nothing_new() -> None:
    assert evolve(OLD, ["jay", "rook"]) is None


def test_one_more_option_is_the_next_schema() -> None:
    new = changed(evolve(OLD, ["jay", "rook", "tit"]))
    assert (new.schema, [option.id for option in new.options]) == (2, ["jay", "rook", "tit"])


def test_another_order_is_the_next_schema() -> None:
    assert [option.id for option in changed(evolve(OLD, ["rook", "jay"])).options] == ["rook", "jay"]


def test_a_renamed_option_keeps_its_id_and_is_known_by_both_names() -> None:
    new = changed(evolve(OLD, OLD.options, rename={"rook": "Saatkrähe"}))
    assert new.names() == {"jay": "jay", "rook": "Saatkrähe"}
    assert evolve(new, ["jay", "rook"]) is None
    assert evolve(new, ["jay", "Saatkrähe"]) is None
    assert evolve(new, ["jay", "rook"], rename={"rook": "Saatkrähe"}) is None


def test_an_option_that_no_label_holds_can_go() -> None:
    assert changed(evolve(OLD, ["jay"])).names() == {"jay": "jay"}


def test_an_option_that_labels_hold_cannot_and_the_ways_out_are_named() -> None:
    with pytest.raises(SchemaError, match=r"rename=.*merge=.*retire="):
        evolve(OLD, ["jay"], values=["rook"])


def test_a_retired_option_stays_known_and_stays_retired() -> None:
    new = changed(evolve(OLD, ["jay"], retire=["rook"], values=["rook"]))
    assert [(option.id, option.retired) for option in new.options] == [("jay", False), ("rook", True)]
    assert evolve(new, ["jay"], values=["rook"]) is None
    assert evolve(new, ["jay", "rook"], values=["rook"]) is None


def test_a_color_that_is_given_later_is_the_next_schema() -> None:
    new = changed(evolve(OLD, [{"name": "jay", "color": "blue"}, "rook"]))
    assert new.options[0].color == "blue"
    assert evolve(new, ["jay", "rook"]) is None


def test_the_title_can_change_alone() -> None:
    assert changed(evolve(OLD, OLD.options, title="Which bird?")).title == "Which bird?"
    assert evolve(changed(evolve(OLD, OLD.options, title="Which bird?")), OLD.options) is None


def test_a_name_that_was_anothers_cannot_be_given_again() -> None:
    new = changed(evolve(OLD, OLD.options, rename={"rook": "crow"}))
    with pytest.raises(SchemaError, match="twice, or was once another"):
        evolve(new, ["jay", "rook", "rook"])
    with pytest.raises(SchemaError, match="another"):
        evolve(new, new.options, rename={"jay": "rook"})


def test_renaming_or_retiring_what_is_not_there_is_refused() -> None:
    with pytest.raises(SchemaError, match="did you mean 'rook'"):
        evolve(OLD, OLD.options, rename={"rok": "x"})
    with pytest.raises(SchemaError, match="no option"):
        evolve(OLD, OLD.options, retire=["zzz"])


def test_all_options_cannot_be_retired() -> None:
    with pytest.raises(SchemaError, match="at least one"):
        evolve(OLD, OLD.options, retire=["jay", "rook"])
