"""An option split into others: what becomes of it, of its parts, and of a notebook that is run again."""

import json
from typing import Any

import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.evolve import evolve
from nbtools.labels.options import Option
from nbtools.labels.task import Task, check, declare
from nbtools.labels.unite import unite

OLD = declare("species", "choice", [{"name": "corvid", "group": "birds"}, "magpie"])


def split(old: Task, parts: dict[str, Any], options: Any = None, **more: Any) -> Task:
    found = evolve(old, old.options if options is None else options, split=parts, **more)
    assert found is not None
    return found


NEW = split(OLD, {"corvid": ["jay", {"name": "rook", "key": "r"}]}, values=["corvid"])


def test_it_is_retired_and_names_its_parts_which_stand_in_its_place() -> None:
    assert NEW.options == (
        Option("corvid", "corvid", retired=True, group="birds", parts=("jay", "rook")),
        Option("jay", "jay", group="birds"),
        Option("rook", "rook", "r", group="birds"),
        Option("magpie", "magpie"),
    )
    assert NEW.schema == 2
    assert Task.from_json(json.loads(json.dumps(NEW.to_json()))) == NEW
    with pytest.raises(LabelError, match="'corvid' is retired"):
        check(NEW, "corvid")


@pytest.mark.parametrize("values", [(), ["corvid"], ["corvid", "jay", "rook"]])
def test_a_notebook_that_is_run_again_changes_nothing(values: list[str]) -> None:
    assert evolve(NEW, ["corvid", "magpie"], values=values) is None, "the cell from before the split"
    assert evolve(NEW, NEW.options, split={"corvid": ["jay", "rook"]}, values=values) is None
    assert evolve(NEW, ["corvid", "magpie"], split={"corvid": ["jay", "rook"]}, values=values) is None


def test_a_part_may_be_there_already_and_is_known_by_its_id_when_renamed() -> None:
    new = split(OLD, {"corvid": ["magpie", "jay"]})
    assert [(one.id, one.parts) for one in new.options] == [
        ("corvid", ("magpie", "jay")),
        ("jay", None),
        ("magpie", None),
    ]
    renamed = evolve(NEW, NEW.options, rename={"jay": "blue jay"})
    assert renamed is not None
    assert evolve(renamed, renamed.options, split={"corvid": ["jay", "rook"]}) is None


def test_a_part_is_split_in_turn_or_retired() -> None:
    deeper = split(NEW, {"rook": ["young rook", "old rook"]})
    assert [one.id for one in deeper.options] == ["corvid", "jay", "rook", "young rook", "old rook", "magpie"]
    assert [one.id for one in deeper.offered] == ["jay", "young rook", "old rook", "magpie"]
    assert evolve(deeper, ["corvid", "magpie"], values=["rook", "old rook"]) is None
    gone = evolve(NEW, NEW.options, retire=["rook"])
    assert gone is not None
    assert [one.id for one in gone.offered] == ["jay", "magpie"]


def test_an_option_that_several_are_split_into_is_one() -> None:
    new = split(OLD, {"corvid": ["jay", "other"], "magpie": ["azure-winged", "other"]})
    assert [one.id for one in new.offered] == ["jay", "other", "azure-winged"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"corvid": ["jay"]}, r"split=.*into two others or more.*rename=\{'corvid': \"…\"\}"),
        ({"corvid": ["jay", "jay"]}, "each there once"),
        ({"corvid": ["corvid", "jay"]}, "into two others or more"),
        ({"corvid": "jay, rook"}, "the options are a list of names"),
        ({"corvd": ["jay", "rook"]}, "did you mean 'corvid'"),
        ({"corvid": ["jay", 3]}, "text on one line"),
    ],
)
def test_what_is_no_split_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        split(OLD, parts)


def test_nothing_is_split_into_what_is_retired() -> None:
    retired = evolve(OLD, OLD.options, retire=["magpie"])
    assert retired is not None
    with pytest.raises(SchemaError, match="cannot be split into 'magpie', which is retired"):
        split(retired, {"corvid": ["magpie", "jay"]})


@pytest.mark.parametrize("parts", ["jay", ["jay"], 3, [1, 2]])
def test_parts_from_a_file_are_checked(parts: object) -> None:
    with pytest.raises(SchemaError):
        Task.from_json({"name": "t", "kind": "choice", "options": [{"name": "a", "parts": parts}, {"name": "b"}]})


def test_an_option_of_a_field_is_split_by_the_field_s_name() -> None:
    fields = [{"name": "species", "kind": "choice", "options": ["corvid", "magpie"]}, {"name": "age", "kind": "number"}]
    form = declare("look", "form", settings={"fields": fields})
    new = evolve(form, (), split={"species.corvid": ["jay", "rook"]}, values=[{"species": "corvid", "age": 1.0}])
    assert new is not None
    (field, _) = new.settings["fields"]
    assert [(one["id"], one.get("retired"), one.get("parts")) for one in field["options"]] == [
        ("corvid", True, ["jay", "rook"]),
        ("jay", None, None),
        ("rook", None, None),
        ("magpie", None, None),
    ]
    assert evolve(new, (), settings={"fields": fields}) is None
    assert Task.from_json(json.loads(json.dumps(new.to_json()))) == new


def test_what_is_asked_of_an_option_is_asked_of_its_parts() -> None:
    fields = [
        {"name": "species", "kind": "choice", "options": ["corvid", "magpie"]},
        {"name": "age", "kind": "number", "when": {"species": "corvid"}},
    ]
    form = declare("look", "form", settings={"fields": fields})
    said = {"species": "corvid", "age": 1.0}
    new = evolve(form, (), split={"species.corvid": ["jay", "crow"]}, values=[said])
    assert new is not None
    newest = evolve(new, (), split={"species.crow": ["rook", "raven"]}, values=[said])
    assert newest is not None
    kinds = ["corvid", "jay", "crow", "rook", "raven"]
    assert newest.settings["fields"][1]["when"] == {"species": kinds}
    for one in ("jay", "raven"):
        assert check(newest, {"species": one, "age": 2}) == {"species": one, "age": 2.0}
    assert evolve(newest, (), settings={"fields": fields}, values=[said]) is None, "a notebook that is run again"


def test_a_split_in_one_copy_of_a_dataset_is_one_in_both() -> None:
    assert unite(OLD, NEW, OLD).task.options == NEW.options
