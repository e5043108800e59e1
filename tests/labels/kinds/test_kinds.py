"""What holds of every kind of task, whatever it asks."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nbtools.errors import LabelError, NewerFormatError, SchemaError
from nbtools.labels.kinds import KINDS, kind_of
from nbtools.labels.kinds.base import text_hash
from nbtools.labels.suggestion import Suggestion, outcome
from nbtools.labels.task import Task, check, declare

ENTRIES = Path(__file__).parents[3] / "nbtools" / "widgets" / "src" / "entries"
# One answer to a task of each kind.
ANSWERS: dict[str, Any] = {
    "choice": "jay",
    "choices": ["rook"],
    "text": "a jay calls",
    "number": 2.5,
    "rating": 4,
    "spans": [{"start": 2, "end": 5, "option": "jay"}],
    "compare": {"better": "a", "left": "b"},
    "rank": ["rook", "jay"],
    "regions": [{"start": 0.5, "end": 2, "label": "jay"}],
    "boxes": [{"x": 4, "y": 3.5, "w": 10, "h": 8, "label": "jay"}],
    "polygons": [{"points": [[4, 3], [16, 3], [10, 11.25]], "label": "rook"}],
    "points": [{"x": 4, "y": 3, "label": "jay"}],
    "form": {"species": "rook", "age": 3},
}
# What a task of a kind cannot be without.
SETTINGS: dict[str, Any] = {
    "compare": {"of": ["answer_a", "answer_b"]},
    "form": {
        "fields": [
            {"name": "species", "kind": "choice", "options": ["jay", "rook"]},
            {"name": "age", "kind": "number", "when": {"species": "rook"}},
        ]
    },
}


def _task(kind: str) -> Task:
    return declare("t", kind, ["jay", "rook"] if kind_of(kind).has_options else [], settings=SETTINGS.get(kind))


def test_each_kind_has_an_editor_and_an_answer_here() -> None:
    assert {path.stem for path in ENTRIES.glob("*.ts")} == set(KINDS) == set(ANSWERS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_task_and_an_answer_survive_json_and_a_second_check(kind: str) -> None:
    task = _task(kind)
    assert Task.from_json(json.loads(json.dumps(task.to_json()))) == task
    kept = check(task, ANSWERS[kind])
    assert check(task, json.loads(json.dumps(kept))) == kept
    words = kind_of(kind).words(task, kept)
    assert words
    assert "\n" not in words
    assert kind_of(kind).merged(task, kept, {}) == kept


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_model_proposed_is_accepted_by_the_same_answer(kind: str) -> None:
    task = _task(kind)
    suggested = Suggestion("a" * 32, "m", check(task, ANSWERS[kind]))
    said = outcome(task, suggested, check(task, ANSWERS[kind]), "labeled", rejected=False)
    assert said["outcome"] == "accepted"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, True, 10**400, float("nan"), [[1]], {"a": 1}, b"x", object(), "\ud800"])
def test_what_is_no_answer_is_a_label_error(kind: str, value: object) -> None:
    with pytest.raises(LabelError):
        check(_task(kind), value)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_setting_is_refused_with_those_there_are(kind: str) -> None:
    with pytest.raises(SchemaError, match=f"a task of kind '{kind}': there is no 'titel'.*did you mean 'title'"):
        declare("t", kind, ["jay"] if kind_of(kind).has_options else [], settings={"titel": 1})


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind_of(kind).has_options])
def test_a_kind_without_options_takes_none(kind: str) -> None:
    with pytest.raises(SchemaError, match="has no options: leave out 'jay'"):
        declare("t", kind, ["jay"])


def test_a_setting_of_a_later_nbtools_is_kept() -> None:
    found = declare("t", "text").to_json()
    found["settings"]["later"] = {"a": 1}
    assert Task.from_json(found).to_json() == found


def test_a_kind_of_a_later_nbtools_is_named() -> None:
    found = declare("t", "choice", ["a"]).to_json() | {"kind": "holograms"}
    with pytest.raises(NewerFormatError, match=r"'t' is of kind 'holograms', which this nbtools does not know.*newer"):
        Task.from_json(found)


def test_a_kind_is_loaded_when_it_is_touched() -> None:
    declared = "from nbtools.labels.task import declare; declare('t', 'choice', ['a'])"
    code = f"import sys; {declared}; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"nbtools\.labels\.kinds\.(\w+)", loaded) == ["base", "choice"]


def test_a_text_is_known_again_by_its_hash() -> None:
    assert text_hash("äöü") == "bc329dbfa029f66476cb633afcd3136c", "SHA-256 of its UTF-8"
    assert len(text_hash("")) == 32
    assert text_hash("a") != text_hash("b")
