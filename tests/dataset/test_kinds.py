"""Tasks of every kind, from their declaration to the table of labels."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.facts import facts_of
from nbtools.dataset.session import Session
from nbtools.errors import LabelError, SchemaError
from nbtools.labels import kinds
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts, Kind, text_hash
from nbtools.labels.task import Task
from nbtools.storage import new_ulid
from tests.factory import Datasets
from tests.store.making import item, make


class Length(Kind):
    """How long an item's text is: a kind that cannot be checked without its item."""

    needs_item: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({"less": 0})

    def check(self, task: Task, value: Any, item: ItemFacts) -> Any:
        if item is UNKNOWN:
            return value
        text = item.read_text()
        if text is None or value != len(text) - task.settings["less"]:
            raise LabelError(f"{value!r} is not the length of {text!r}: count again")
        return {"length": value}


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return make(tmp_path, 5)


@pytest.fixture
def length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_PLACES", {**kinds._PLACES, "length": f"{__name__}:Length"})
    monkeypatch.setitem(kinds._loaded, "length", Length())


def lines(ds: Dataset) -> list[bytes]:
    return [
        line for path in sorted(ds.path.glob("metadata/labels/*/*.jsonl")) for line in path.read_bytes().split(b"\n")
    ]


def said(number: int, value: Any, **more: Any) -> dict[str, Any]:
    given = {"act": new_ulid(), "item": item(number), "kind": "label", "schema": 1, "status": "labeled", "value": value}
    return given | more


def test_a_kind_takes_its_settings_as_keywords_and_the_same_again_changes_nothing(ds: Dataset) -> None:
    task = ds.task("caption", kind="text", lines=1)
    assert (task.schema, task.settings["lines"], task.settings["longest"]) == (1, 1, 10_000)
    assert ds.task("caption", kind="text", lines=1) == Dataset(ds.path).task("caption") == task


def test_one_setting_changes_and_the_others_stay(ds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    ds.task("caption", kind="text", lines=1, longest=20)
    capsys.readouterr()
    changed = ds.task("caption", longest=30)
    assert (changed.schema, changed.settings["lines"], changed.settings["longest"]) == (2, 1, 30)
    assert capsys.readouterr().out == "caption: schema 2 (longest=30)\n"
    assert ds.task("caption", kind="text", lines=1).schema == 2


def test_a_setting_that_would_lose_labels_is_refused_and_nothing_written(ds: Dataset) -> None:
    ds.task("caption", kind="text")
    ds.record("caption", {item(0): "a jay calls"})
    before = lines(ds)
    with pytest.raises(SchemaError, match=r"hold 'a jay calls', which the new settings refuse.*another name"):
        ds.task("caption", longest=5)
    assert (ds.task("caption").schema, lines(ds)) == (1, before)


def test_a_misspelt_setting_is_refused_before_anything_is_merged(ds: Dataset) -> None:
    ds.task("species", "choice", ["jay", "rook"])
    ds.record("species", {item(0): "rook"})
    before = lines(ds)
    with pytest.raises(SchemaError, match="there is no 'colour'"):
        ds.task("species", options=["jay"], merge={"rook": "jay"}, colour="red")
    assert lines(ds) == before


def test_texts_are_recorded_and_come_back_in_tables(ds: Dataset) -> None:
    ds.task("caption", kind="text")
    written = ds.record("caption", pd.Series({item(0): "a jay", item(1): "a rook", item(2): None}))
    assert (written.written, ds.record("caption", {item(0): " a jay "}).unchanged) == (2, 1)
    assert list(ds.labels("caption")["value"]) == ["a jay", "a rook"]
    with pytest.raises(LabelError, match=f"item {item(3)}: 'caption' takes no empty text"):
        ds.record("caption", {item(1): "other", item(3): ""})
    assert list(ds.labels("caption")["value"]) == ["a jay", "a rook"]


@pytest.mark.usefixtures("length")
def test_most_annotators_agree_on_values_of_any_form(ds: Dataset) -> None:
    ds.task("size", kind="length")
    for who in ("anna", "ben"):
        ds.record("size", {item(0): 6}, annotator=who)
    (row,) = ds.labels("size", truth="majority").to_dict("records")
    assert (row["value"], row["votes"]) == ({"length": 6}, 2)


def test_a_page_is_refused_what_the_kind_refuses_and_the_log_untouched(ds: Dataset) -> None:
    ds.task("caption", kind="text")
    session = Session(ds, "caption", annotator="anna", identity="verified")
    before = lines(ds)
    acks = session.record([said(0, "  "), said(0, {"text": "x"}), said(0, ["x"])])
    assert [(ack["saved"], ack["final"]) for ack in acks] == [(False, True)] * 3
    assert "write some, or skip" in acks[0]["why"]
    assert lines(ds) == before
    (ack,) = session.record([said(0, " a jay ")])
    assert ack["current"]["value"] == "a jay"


@pytest.mark.usefixtures("length")
def test_a_value_is_checked_against_its_item(ds: Dataset) -> None:
    ds.task("size", kind="length")
    session = Session(ds, "size", annotator="anna", identity="verified")
    wrong, right = session.record([said(0, 5), said(1, 6)])
    assert "not the length of 'item 0'" in wrong["why"]
    assert right["current"]["value"] == {"length": 6}
    ds.record("size", {item(2): np.int64(6)})
    with pytest.raises(LabelError, match=f"item {item(3)}: 7 is not the length"):
        ds.record("size", {item(3): 7})
    assert ds.task("size", less=1).schema == 2, "where a label lies in its item is as right as it was"


def test_spans_are_checked_against_the_text_and_survive_a_merge_of_options(ds: Dataset) -> None:
    ds.task("names", kind="spans", options=["jay", "rook"], relations=["eats"])
    session = Session(ds, "names", annotator="anna", identity="verified")
    item_0 = [{"id": "a", "start": 0, "end": 4, "option": "jay"}, {"id": "b", "start": 5, "end": 6, "option": "rook"}]
    eats = [{"type": "eats", "from": "b", "to": "a"}]
    before = lines(ds)
    (past,) = session.record([said(0, [{"start": 0, "end": 7, "option": "jay"}])])
    (other,) = session.record([said(0, {"text_hash": text_hash("item 1"), "spans": item_0})])
    assert "'s1' goes from 0 to 7, and the text has 6 characters" in past["why"]
    assert "marked in another text" in other["why"]
    assert lines(ds) == before
    (ack,) = session.record([said(0, {"text_hash": text_hash("item 0"), "spans": item_0, "relations": eats})])
    assert ack["current"]["value"] == {"text_hash": text_hash("item 0"), "spans": item_0, "relations": eats}
    ds.task("names", options=["jay"], merge={"rook": "jay"})
    (row,) = ds.labels("names").to_dict("records")
    assert [one["option"] for one in row["value"]["spans"]] == ["jay", "jay"]
    assert row["value"]["relations"] == eats


def test_spans_of_other_ids_are_the_same_answer(ds: Dataset) -> None:
    ds.task("names", kind="spans", options=["jay", "rook"])
    for who, name, end in (("anna", "a", 4), ("ben", "b", 4), ("cleo", "c", 2)):
        ds.record("names", {item(0): [{"id": name, "start": 0, "end": end, "option": "jay"}]}, annotator=who)
    (row,) = ds.labels("names", truth="majority").to_dict("records")
    assert (row["votes"], row["value"]["spans"][0]["end"]) == (2, 4)
    frozen = ds.freeze("first", truth="majority").items
    said = frozen.loc[frozen["id"] == item(0), "names"].item()
    assert '"id":"a"' in said or '"id":"b"' in said, "as one of those who said it wrote it"


def test_a_region_past_the_end_is_refused_and_nothing_written(datasets: Datasets) -> None:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\0" * 12_000)
    ds = datasets.of({"song.wav": sound.getvalue(), "jay.txt": b"a jay"}, task=None)
    ds.task("calls", kind="regions", options=["jay", "rook"])
    song, text = (ds.items(where=f"kind = '{kind}'")["id"].item() for kind in ("audio", "text"))
    before = lines(ds)
    with pytest.raises(LabelError, match=r"region 's1' goes from 1 s to 1.6 s, and the recording lasts 1.5 s"):
        ds.record("calls", {song: [{"start": 1, "end": 1.6, "label": "jay"}]})
    with pytest.raises(LabelError, match=r"this item \(text\) is neither: skip it"):
        ds.record("calls", {text: []})
    assert lines(ds) == before
    ds.record("calls", {song: [{"start": 1, "end": 1.5, "label": "jay"}]})
    assert ds.labels("calls")["value"].item() == {
        "duration": 1.5,
        "regions": [{"id": "s1", "label": "jay", "start": 1.0, "end": 1.5}],
    }


def test_a_page_gets_settings_and_the_attributes_that_its_editor_needs(ds: Dataset) -> None:
    ds.task("note", kind="text", start="attribute:writer", title="What is it?")
    session = Session(ds, "note", annotator="anna", identity="verified")
    task = session.describe()["task"]
    assert (task["kind"], task["title"], task["options"], task["settings"]["lines"]) == ("text", "What is it?", [], 3)
    view = session.item(position=0)
    assert view["attributes"] == {}
    assert view["given"] == {"writer": "w0"}


def test_facts_of_an_item_are_those_of_what_the_page_shows(datasets: Datasets) -> None:
    files = {"a.txt": "\ufeffé\r\n".encode(), "b.txt": "wörter".encode("utf-16"), "c.txt": "wört\r\n".encode()}
    ds = datasets.of(files, task=None)
    texts = {row.sources[0]: facts_of(ds, row).read_text() for row in ds._index.rows()}
    assert texts == {"raw/a.txt": "é\r\n", "raw/b.txt": "wörter", "raw/c.txt": "wört\r\n"}
    (picture,) = datasets.images(1, task=None)._index.rows()
    facts = facts_of(ds, picture)
    assert (facts.kind, facts.width, facts.height, facts.read_text()) == ("image", 160, 120, None)


def test_candidates_of_rows_are_compared_ranked_and_frozen_without_the_side(datasets: Datasets) -> None:
    rows = b"prompt,answer_a,answer_b\nwhat?,a jay,a rook\nwhere?,here,\n"
    ds = datasets.of({"pairs.csv": rows}, task=None)
    ds.task("better", kind="compare", of=["answer_a", "answer_b"])
    ds.task("order", kind="rank", of=["answer_a", "answer_b"], ties=True)
    whole, lacking = (row.id for row in ds._index.rows())
    for who, left in (("anna", "a"), ("ben", "b")):
        ds.record("better", {whole: {"better": "b", "left": left}}, annotator=who, origin="person")
    with pytest.raises(LabelError, match=f"item {lacking}: 'better' is about .* has no 'answer_b': skip it"):
        ds.record("better", {lacking: "a"})
    ranking = ["answer_b", "answer_a"]
    for who, shown in (("anna", ["answer_a", "answer_b"]), ("ben", ranking)):
        ds.record("order", {whole: {"ranking": ranking, "shown": shown}}, annotator=who, origin="person")
    (row,) = ds.labels("better", truth="majority").to_dict("records")
    assert (row["value"]["better"], row["votes"]) == ("b", 2)
    version = ds.freeze("both agree, whatever stood where")
    ds.record("better", {whole: {"better": "b", "left": "a"}}, annotator="ben", origin="correction")
    later = ds.freeze("another side is no other answer")
    assert later.name == "v2"
    assert len(later.diff(version).relabeled) == 0
    (order,) = ds.labels("order", truth="majority").to_dict("records")
    assert (order["value"]["ranking"], order["votes"]) == (ranking, 2)
    assert [each["shown"] for each in ds.labels("order")["value"]] == [["answer_a", "answer_b"], ranking]
    ds.record("order", {whole: ranking}, annotator="cleo", origin="person")
    (order,) = ds.labels("order", truth="majority").to_dict("records")
    assert order["votes"] == 3, "one that does not say how they stood says the same"


def test_a_form_is_recorded_changed_merged_and_frozen(ds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    species = {"name": "species", "kind": "choice", "options": ["jay", "rook"]}
    age = {"name": "age", "kind": "number", "integer": True, "when": {"species": ["rook"]}, "required": False}
    names = {"name": "names", "kind": "spans", "options": ["bird"], "required": False}
    for _ in range(2):
        assert ds.task("look", kind="form", fields=[species, age, names]).schema == 1
    session = Session(ds, "look", annotator="anna", identity="verified")
    before = lines(ds)
    outside = {"species": "jay", "names": [{"start": 0, "end": 9, "option": "bird"}]}
    (past,) = session.record([said(0, outside)])
    assert "'s1' goes from 0 to 9, and the text has 6 characters" in past["why"]
    assert lines(ds) == before
    session.record([said(0, {"species": "rook", "age": 3}), said(1, {"species": "jay", "age": 3})])
    assert list(ds.labels("look")["value"]) == [{"species": "rook", "age": 3}, {"species": "jay"}]
    capsys.readouterr()
    ds.task("look", fields=[{**species, "options": ["jay", "rook", "crow"]}, age, names])
    assert capsys.readouterr().out == "look: schema 2 (fields: species)\n"
    ds.task("look", rename={"species.rook": "raven"})
    ds.record("look", {item(2): {"species": "raven", "age": 5}})
    before = lines(ds)
    with pytest.raises(SchemaError, match=r"hold 'age' where it would not be asked any more .*widen its when="):
        ds.task("look", merge={"species.rook": "species.crow"})
    assert lines(ds) == before
    wider = {**age, "when": {"species": ["rook", "crow"]}}
    ds.task("look", fields=[{**species, "options": ["jay", "rook", "crow"]}, wider, names])
    ds.task("look", merge={"species.rook": "species.crow"})
    assert [value["species"] for value in ds.labels("look")["value"]] == ["crow", "jay", "crow"]
    with pytest.raises(LabelError, match="'raven' is retired from 'species'"):
        ds.record("look", {item(3): {"species": "rook"}})
    assert ds.freeze("forms").name
    assert Dataset(ds.path).task("look") == ds.task("look")
