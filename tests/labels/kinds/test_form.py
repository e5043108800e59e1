import json
from pathlib import Path
from typing import Any

import pytest

from nbtools.errors import LabelError, NewerFormatError, SchemaError
from nbtools.labels.evolve import evolve, find
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import Columns, ItemFacts
from nbtools.labels.kinds.fields import Field, asked
from nbtools.labels.task import Task, check, declare
from nbtools.labels.unite import unite

CASES = json.loads((Path(__file__).parent / "conditions.json").read_text(encoding="utf-8"))
SPECIES = {"name": "species", "kind": "choice", "options": ["jay", "rook"], "title": "Which bird?"}
AGE = {"name": "age", "kind": "number", "min": 0, "integer": True, "when": {"species": ["rook"]}}
NOTE = {"name": "note", "kind": "text", "required": False}
SEEN = {"name": "seen", "kind": "choices", "options": ["egg", "nest"], "required": False}
EGGS = {"name": "eggs", "kind": "rating", "when": {"seen": "egg"}, "required": False}


def form(*fields: object) -> Task:
    return declare("look", "form", settings={"fields": list(fields)})


LOOK = form(SPECIES, AGE, NOTE, SEEN, EGGS)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_conditions_hold_as_they_do_in_the_page(case: dict[str, Any]) -> None:
    field = Field(declare("x", "text"), case["when"], required=True)
    assert asked(field, case["said"]) is case["asked"]


def test_a_value_holds_what_is_asked_each_as_its_kind_keeps_it() -> None:
    assert check(LOOK, {"note": " old ", "species": "rook", "age": "3"}) == {"species": "rook", "age": 3, "note": "old"}
    assert check(LOOK, {"species": "jay", "age": 3}) == {"species": "jay"}, "what is not asked is no part of it"
    said = {"species": "jay", "seen": ["nest", "egg"], "eggs": 4}
    assert check(LOOK, said) == {"species": "jay", "seen": ["egg", "nest"], "eggs": 4}
    assert check(LOOK, said | {"seen": ["nest"]}) == {"species": "jay", "seen": ["nest"]}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("rook", "takes a mapping of fields"),
        ({"species": "rook"}, "'age' is not answered: answer it, or skip"),
        ({"species": "crow"}, "'look': 'crow' is no option of 'species'"),
        ({"species": "rook", "age": -1}, "'look': 'age' is at least 0"),
        ({"specie": "rook"}, "no field 'specie'.*did you mean 'species'"),
        ({"species": None, "note": "x"}, "'species' is not answered"),
    ],
)
def test_what_is_no_answer_is_refused_by_the_field(value: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(LOOK, value)


def test_a_form_of_open_questions_needs_an_answer_to_one() -> None:
    with pytest.raises(LabelError, match="an answer to one field at least"):
        check(form(NOTE, SEEN), {})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "1 to 50 fields, and this has 0"),
        ("species", "it is a list of fields"),
        ([3], "a field is a mapping"),
        ([SPECIES, SPECIES], "the field 'species' is there twice"),
        ([{"name": "Age", "kind": "number"}], "the field 'Age': a name takes"),
        ([{"name": "a", "kind": "form", "fields": [NOTE]}], "is of kind 'form'; there are choice"),
        ([{"name": "a", "kind": "nmber"}], "did you mean 'number'"),
        ([{"name": "a", "kind": "number", "mim": 0}], "the field 'a': .*did you mean 'min'"),
        ([{"name": "a", "kind": "choice"}], "the field 'a': a task needs at least one option"),
        ([{"name": "a", "kind": "text", "options": ["x"]}], "has no options"),
        ([AGE, SPECIES], "when= names 'species', which is no earlier field"),
        ([NOTE, {"name": "b", "kind": "text", "when": {"note": "x"}}], "no earlier field of choice, choices"),
        ([SPECIES, {**AGE, "when": {"species": "crow"}}], "when= of 'species': 'crow' is no option"),
        ([SPECIES, {**AGE, "when": {"species": []}}], "names no value"),
        ([SPECIES, {**AGE, "when": "rook"}], "it is a mapping"),
        ([{**NOTE, "required": 0}], "it is True or False"),
        ([{**NOTE, "title": 3}], "title=3: it is text"),
        (
            [{"name": name, "kind": "spans", "options": ["x"]} for name in ("a", "b")],
            "'a', 'b' all draw on the item, and one can",
        ),
        (
            [{"name": one, "kind": "compare", "of": ["x", one]} for one in ("a", "b")],
            "give all the same of=",
        ),
    ],
)
def test_fields_that_cannot_be_are_refused(fields: Any, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("look", "form", settings={"fields": fields})


def test_fields_are_kept_with_every_setting_and_read_again() -> None:
    species, age, *_ = LOOK.settings["fields"]
    assert (species["title"], species["options"][1]) == ("Which bird?", {"id": "rook", "name": "rook"})
    assert (age["when"], age["required"], age["slider"]) == ({"species": ["rook"]}, True, False)
    assert Task.from_json(json.loads(json.dumps(LOOK.to_json()))) == LOOK
    assert form(*LOOK.settings["fields"]) == LOOK


def test_fields_speak_for_the_form() -> None:
    pair = {"kind": "compare", "of": ["x", "y"]}
    both = form({"name": "better", **pair}, {"name": "kinder", **pair}, {**NOTE, "start": "attribute:asr"})
    kind = kind_of("form")
    assert kind.candidates(both) == Columns(("x", "y"), "text")
    assert kind.attributes(both) == ("x", "y", "asr")
    said = {"better": {"better": "a", "left": "b"}, "kinder": {"better": "b", "left": "b"}, "note": "x"}
    assert kind.answer(check(both, said)) == {"better": {"better": "a"}, "kinder": {"better": "b"}, "note": "x"}
    ranks = form({"name": "best", "kind": "rank", "options": ["a", "b"], "shuffle": True}, NOTE)
    stood = {"best": {"ranking": ["b", "a"], "shown": ["a", "b"]}, "note": "x"}
    assert kind.truth(check(ranks, stood)) == kind.answer(check(ranks, {**stood, "best": ["b", "a"]}))
    item = ItemFacts("record", read_columns=lambda: {"x": 1})
    with pytest.raises(LabelError, match="'look': 'better' is about x, y, and this item has no 'y'"):
        check(both, said, item)
    assert kind.words(LOOK, {"species": "rook", "age": 3, "note": "x"}) == "rook · 3 · x"


def test_an_option_of_a_field_is_added_renamed_and_retired() -> None:
    more = evolve(
        LOOK, (), settings={"fields": [{**SPECIES, "options": ["jay", "rook", "crow"]}, AGE, NOTE, SEEN, EGGS]}
    )
    assert more is not None
    assert [one["id"] for one in more.settings["fields"][0]["options"]] == ["jay", "rook", "crow"]
    named = evolve(more, (), rename={"species.rook": "raven"}, values=[{"species": "rook", "age": 3}])
    assert named is not None
    assert check(named, {"species": "raven", "age": 3}) == {"species": "rook", "age": 3}
    assert named.settings["fields"][1]["when"] == {"species": ["rook"]}
    again = [{**SPECIES, "options": ["jay", "rook", "crow"]}, AGE, NOTE, SEEN, EGGS]
    assert evolve(named, (), settings={"fields": again}, values=[{"species": "rook"}]) is None, "run once more"
    less = evolve(named, (), retire=["species.jay"], values=[{"species": "jay"}])
    assert less is not None
    with pytest.raises(LabelError, match="'jay' is retired from 'species'"):
        check(less, {"species": "jay"})


def test_options_of_a_field_become_one() -> None:
    assert find(LOOK, "species.rook").id == "species.rook"
    into = {"species.jay": "species.rook", "seen.nest": "seen.egg"}
    value = {"species": "jay", "seen": ["egg", "nest"], "note": "jay"}
    assert kind_of("form").merged(LOOK, value, into) == {"species": "rook", "seen": ["egg"], "note": "jay"}


@pytest.mark.parametrize(
    ("fields", "more", "words"),
    [
        ([{**SPECIES, "options": ["jay"]}, NOTE], {}, "the field 'species': labels of 'species' hold 'rook', which"),
        ([SPECIES, NOTE], {}, "hold the field 'age' of kind 'number', which the new fields lack"),
        ([SPECIES, {"name": "age", "kind": "text"}], {}, "hold the field 'age' of kind 'number'"),
        ([SPECIES, {**AGE, "when": {"species": "jay"}}], {}, "hold 'age' where it would not be asked any more"),
        ([SPECIES, {**AGE, "min": 4}], {}, "the field 'age': labels of 'age' hold '3', which the new settings refuse"),
        (None, {"rename": {"species.crow": "x"}}, "'crow' is no option of 'species'"),
        (None, {"rename": {"rook": "x"}}, "is no option of a field of 'look': write field.option"),
        (3, {}, "it is a list of fields"),
    ],
)
def test_a_change_that_would_lose_labels_is_refused(fields: Any, more: dict[str, Any], words: str) -> None:
    settings = {} if fields is None else {"fields": fields}
    with pytest.raises(SchemaError, match=words):
        evolve(LOOK, (), settings=settings, values=[{"species": "rook", "age": 3}], **more)


def test_a_field_more_loses_nothing() -> None:
    new = evolve(
        form(SPECIES),
        (),
        settings={"fields": [SPECIES, AGE, {"name": "sex", "kind": "text"}]},
        values=[{"species": "rook"}],
    )
    assert new is not None
    assert new.schema == 2


def test_what_a_later_nbtools_wrote_of_a_field_is_kept() -> None:
    found = LOOK.to_json()
    found["settings"]["fields"][0] |= {"later": 1}
    found["settings"]["fields"][0]["options"][0] |= {"sound": "caw"}
    read = Task.from_json(found)
    assert read.settings["fields"][0]["later"] == 1
    assert check(read, {"species": "jay"}) == {"species": "jay"}
    found["settings"]["fields"][1]["kind"] = "holograms"
    with pytest.raises(NewerFormatError, match="the field 'age' is of kind 'holograms'"):
        Task.from_json(found)


def test_a_version_holds_what_is_said_of_the_item() -> None:
    said = {"better": {"better": "a", "left": "b"}, "names": {"text_hash": None, "spans": [], "relations": []}}
    assert kind_of("form").truth(said) == said | {"better": {"better": "a"}}


def test_shapes_and_regions_in_a_form_are_compared_without_their_ids() -> None:
    kind = kind_of("form")
    parts: dict[str, dict[str, Any]] = {
        "boxes": {"x": 4, "y": 3, "w": 10, "h": 8, "label": "x"},
        "polygons": {"points": [[4, 3], [16, 3], [10, 11]], "label": "x"},
        "points": {"x": 4, "y": 3, "label": "x"},
        "regions": {"start": 0.5, "end": 2, "label": "x"},
    }
    for name, made in parts.items():
        drawn = form({"name": "a", "kind": name, "options": ["x"]})
        one, other = (check(drawn, {"a": [{**made, "id": each}]}) for each in ("p", "q"))
        assert one != other
        assert kind.answer(one) == kind.answer(other) == {"a": kind_of(name).answer(one["a"])}


def test_two_copies_of_a_form_become_one_field_by_field() -> None:
    base = form(SPECIES, NOTE)
    ours = form({**SPECIES, "options": ["jay", "rook", "crow"]}, NOTE)
    theirs = form({**SPECIES, "options": ["jay", "rook", "kite"]}, {**NOTE, "required": True}, SEEN)
    united = unite(ours, theirs, base)
    species, note, seen = united.task.settings["fields"]
    assert {one["name"] for one in species["options"]} == {"jay", "rook", "crow", "kite"}
    assert (note["required"], seen["name"]) == (True, "seen")
    assert united.added == ("species.kite", "seen")
    with pytest.raises(SchemaError, match="'note' is of kind 'text' here and of kind 'rating' there"):
        unite(ours, form(SPECIES, {"name": "note", "kind": "rating"}), base)


def test_a_field_without_a_kind_is_told_the_kinds() -> None:
    with pytest.raises(SchemaError, match="the field 'a' has no kind; there are choice, choices, text"):
        declare("seen", "form", settings={"fields": [{"name": "a"}]})
