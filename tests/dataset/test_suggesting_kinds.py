"""What a model proposes for a task of each kind: handed over, shown, taken, corrected, rejected, passed over."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.errors import LabelError
from nbtools.labels.kinds import KINDS, kind_of
from nbtools.storage import new_ulid
from tests.factory import Datasets, picture

BIRDS = {"options": ["jay", "rook"]}
PAIR = ["answer_a", "answer_b"]
COUNT = 4


class Case(NamedTuple):
    """A task of a kind, what a model proposes, what a person says instead, and what is no answer."""

    about: str
    proposed: Any
    other: Any
    wrong: Any
    task: Mapping[str, Any]
    #: What the page sends where a person takes it: ids, sides and orders of its own.
    taken: Any = None


def _box(**more: Any) -> dict[str, Any]:
    return {"x": 10, "y": 20, "w": 30, "h": 40, "label": "jay", **more}


CASES = {
    "choice": Case("text", "jay", "rook", "crow", BIRDS),
    "choices": Case("text", ["jay", "rook"], ["rook"], ["crow"], BIRDS),
    "text": Case("audio", "a jay calls", "a rook calls", 7, {}),
    "number": Case("image", 2.5, 3, "many", {}),
    "rating": Case("image", 4, 2, 9, {}),
    "spans": Case(
        "text",
        [{"start": 0, "end": 4, "option": "jay"}],
        [],
        [{"start": 0, "end": 99, "option": "jay"}],
        BIRDS,
        [{"id": "s7", "start": 0, "end": 4, "option": "jay"}],
    ),
    "compare": Case("record", {"better": "a"}, "tie", "c", {"of": PAIR}, {"better": "a", "left": "b"}),
    "rank": Case("record", PAIR, PAIR[::-1], PAIR[:1], {"of": PAIR}, {"ranking": PAIR, "shown": PAIR[::-1]}),
    "regions": Case(
        "audio",
        [{"start": 0.1, "end": 0.5, "label": "jay"}],
        [{"start": 0.1, "end": 0.6, "label": "jay"}],
        [{"start": 0.1, "end": 9, "label": "jay"}],
        {**BIRDS, "attributes": {"far": bool}},
        [{"id": "s7", "start": 0.1, "end": 0.5, "label": "jay", "attributes": {"far": False}}],
    ),
    "boxes": Case("image", [_box()], [_box(label="rook")], [_box(x=1000)], BIRDS, [_box(id="s7")]),
    "polygons": Case(
        "image",
        [{"points": [[4, 3], [16, 3], [10, 11]], "label": "jay"}],
        [],
        [{"points": [[4, 3], [16, 3]], "label": "jay"}],
        BIRDS,
        [{"id": "s7", "points": [[16, 3], [10, 11], [4, 3]], "label": "jay"}],
    ),
    "points": Case("image", [{"x": 4, "y": 3, "label": "jay"}], [], [{"x": -4, "y": 3, "label": "jay"}], BIRDS),
    "form": Case(
        "record",
        {"species": "rook", "better": "b"},
        {"species": "jay", "better": "b"},
        {"species": "crow"},
        {"fields": [{"name": "species", "kind": "choice", **BIRDS}, {"name": "better", "kind": "compare", "of": PAIR}]},
        {"species": "rook", "better": {"better": "b", "left": "a"}},
    ),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Dataset]:
    """Where items of each kind are."""
    datasets = Datasets(tmp_path_factory.mktemp("kinds"))
    files: dict[str, bytes] = {}
    for at in range(COUNT):
        image, sound = io.BytesIO(), io.BytesIO()
        picture(at).save(image, "png")
        with wave.open(sound, "wb") as file:
            file.setparams((1, 1, 8000, 8000, "NONE", ""))
            file.writeframes(bytes([128 + at]) * 8000)
        files |= {f"{at}.png": image.getvalue(), f"{at}.wav": sound.getvalue(), f"{at}.txt": b"jays and rooks %d" % at}
    rows = b"prompt,answer_a,answer_b\n" + b"".join(b"%d,here,there\n" % at for at in range(COUNT))
    found = datasets.of(files, task=None)
    pairs = datasets.of({"pairs.csv": rows}, name="pairs", task=None)
    return {"image": found, "audio": found, "text": found, "record": pairs}


def test_each_kind_has_a_case_here() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_suggested_shown_taken_corrected_rejected_and_passed_over(
    places: Mapping[str, Dataset], kind: str
) -> None:
    case = CASES[kind]
    ds = places[case.about]
    items = [row.id for row in ds._index.rows() if row.kind == case.about]
    assert len(items) == COUNT
    task = ds.task(f"of_{kind}", kind=kind, **case.task)
    with pytest.raises(LabelError, match=f"item {items[0]}"):
        ds.suggest(task.name, {items[0]: case.wrong}, model="m")
    table = [{"id": one, "value": case.proposed, "score": 0.87} for one in items]
    assert (ds.suggest(task.name, table, model="m").written, ds.suggest(task.name, table, model="m").written) == (4, 0)

    session = Session(ds, task.name, annotator="anna", identity="verified")
    views = {view["id"]: view["suggestion"] for view in session.fetch(None, 20).items}
    shown = [views[one] for one in items]
    assert [(one["model"], one["score"]) for one in shown] == [("m", 0.87)] * COUNT
    assert kind_of(kind).words(task, shown[0]["value"]), "the page says it in words"
    assert session.counts()["labeled"] == 0, "nothing counts as said"

    taken = shown[0]["value"] if case.taken is None else case.taken
    turns = [(taken, False), (case.other, False), (case.other, True), (None, False)]
    acts = [
        {
            "act": new_ulid(),
            "item": one,
            "kind": "label",
            "schema": 1,
            "status": "skipped" if value is None else "labeled",
            "value": value,
            "suggestion": {"table": view["table"], "rejected": rejected},
        }
        for one, view, (value, rejected) in zip(items, shown, turns, strict=True)
    ]
    assert [(ack["saved"], ack.get("why")) for ack in session.record(acts)] == [(True, None)] * COUNT
    said = {one["item"]: one["suggestion"] for one in ds.history(task.name).to_dict("records")}
    assert [said[one]["outcome"] for one in items] == ["accepted", "corrected", "rejected", "ignored"]
    assert [said[one].get("value") for one in items] == [None, *(view["value"] for view in shown[1:])]
