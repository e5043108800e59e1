"""An option of a task that is split: what is in the log, what labels say, and what a version sees."""

from typing import Any

import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.errors import LabelError, SchemaError
from tests.factory import Datasets


@pytest.fixture
def ds(datasets: Datasets) -> Dataset:
    ds = datasets.texts(4, options=("corvid", "magpie"))
    ids = ds.items()["id"]
    ds.record("species", {ids[0]: "corvid", ids[1]: "corvid", ids[2]: "magpie"}, annotator="anna", origin="person")
    return ds


def split(ds: Dataset) -> None:
    ds.task("species", split={"corvid": ["jay", "rook"]})


def test_the_act_says_that_it_was_a_split_and_no_label_changes(ds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    before = ds.labels("species")
    capsys.readouterr()
    split(ds)
    changed, held = capsys.readouterr().out.splitlines()
    assert changed == "species: schema 2 (split 'corvid' into 'jay', 'rook')"
    call = "nbtools.Labeler(ds, 'species', ds.labels('species', holding='corvid')['item'], mode=\"review\")"
    assert held == f"2 labels of 'species' left with 'corvid'; to ask for them anew: {call}"
    assert ds.labels("species").equals(before)
    act = ds.history("species").iloc[-1]
    assert (act["type"], act["schema"]) == ("schema", 2)
    assert act["value"]["options"][0] == {"id": "corvid", "name": "corvid", "retired": True, "parts": ["jay", "rook"]}
    acts = len(ds.history())
    split(ds)
    ds.task("species", options=["corvid", "magpie"])
    assert (ds.task("species").schema, len(ds.history())) == (2, acts)
    assert Dataset(ds.path).task("species") == ds.task("species")


def test_what_holds_it_is_asked_for_anew_and_a_version_tells_what_became_of_it(ds: Dataset) -> None:
    v1 = ds.freeze("before")
    split(ds)
    assert ds.freeze("no answer is another").diff(v1).summary["relabeled"] == {"species": 0}
    held = ds.labels("species", holding="corvid")
    session = Session(ds, "species", annotator="anna", identity="verified", items=list(held["item"]), mode="review")
    page = session.fetch(None, 10).items
    assert [(item["id"], item["current"]["value"]) for item in page] == [(one, "corvid") for one in held["item"]]
    assert [option["name"] for option in session.describe()["task"]["options"]] == ["jay", "rook", "magpie"]
    with pytest.raises(LabelError, match="'corvid' is retired"):
        ds.record("species", {held["item"][0]: "corvid"}, annotator="ben")
    ds.record("species", {held["item"][0]: "rook"}, annotator="anna", origin="person")
    assert list(ds.labels("species", holding="corvid")["item"]) == [held["item"][1]]
    relabeled = ds.freeze("one is a rook").diff(v1).relabeled
    assert relabeled[["from", "to"]].to_numpy().tolist() == [["corvid", "rook"]]
    assert list(v1.items["species"].dropna()).count("corvid") == 2, "an earlier version is as it was"


def test_a_page_of_before_keeps_its_answer(ds: Dataset) -> None:
    ds.task("species", guidelines="Black: a corvid.")
    session = Session(ds, "species", annotator="ben", identity="verified")
    split(ds)
    assert session.describe()["task"]["guidelines"] == {"text": "Black: a corvid.", "changed": None}
    said = {"kind": "label", "act": "0" * 26, "item": ds.items()["id"][3], "schema": 2}
    (ack,) = session.record([{**said, "value": "corvid", "status": "labeled"}])
    assert ack["saved"]
    assert set(ds.labels("species", holding="corvid")["annotator"]) == {"anna", "ben"}


def test_labels_hold_an_option_in_every_kind(ds: Dataset) -> None:
    first, second, *_ = ds.items()["id"]
    ds.task("names", kind="spans", options=["bird", "place"])
    ds.record("names", {first: [{"start": 0, "end": 4, "option": "bird"}], second: []})
    ds.task("seen", kind="choices", options=["nest", "egg"])
    ds.record("seen", {first: ["nest", "egg"], second: ["egg"]})
    ds.task("look", kind="form", fields=[{"name": "sex", "kind": "choice", "options": ["f", "m"]}])
    ds.record("look", {first: {"sex": "f"}, second: {"sex": "m"}})
    for task, option in (("names", "bird"), ("seen", "nest"), ("look", "sex.f")):
        assert list(ds.labels(task, holding=option)["item"]) == [first]
        assert list(ds.labels(task, truth="majority", holding=option)["item"]) == [first]
    with pytest.raises(SchemaError, match="did you mean 'nest'"):
        ds.labels("seen", holding="nst")


@pytest.mark.parametrize("change", [{"split": {"corvid": ["jay", "rook"]}}, {"merge": {"corvid": "magpie"}}, {}])
def test_a_notebook_that_is_run_again_records_nothing_anew(
    datasets: Datasets, change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    ds = datasets.of({"corvid/a.txt": b"a", "corvid/b.txt": b"b", "magpie/c.txt": b"c"}, task=None)
    by_hand = {"raw/corvid/a.txt": "corvid"}
    counts = []
    for _ in range(3):
        ds.ingest(labels={"species": "folder:-1"})
        ds.record("species", by_hand, annotator="ben")
        ds.task("species", **change, retire=[] if change else ["corvid"])
        counts.append((len(ds.history()), ds.task("species").schema))
    acts = len(ds.history())
    assert counts == [(acts, 2)] * 3
    with pytest.raises(LabelError, match="'corvid' is retired"):
        ds.record("species", by_hand, annotator="cleo")
    (ds.raw / "corvid" / "d.txt").write_text("d")
    capsys.readouterr()
    ds.ingest(labels={"species": "folder:-1"})
    assert "1 item found as 'corvid', which is retired from 'species': left unlabeled" in capsys.readouterr().out
    assert (len(ds), len(ds.history())) == (4, acts)


def test_one_change_at_a_time(ds: Dataset) -> None:
    before = ds.history()
    with pytest.raises(SchemaError, match="'corvid' cannot be split and merged at once"):
        ds.task("species", split={"corvid": ["jay", "rook"]}, merge={"corvid": "magpie"})
    assert ds.history().equals(before)


def test_what_is_renamed_and_split_at_once_is_told_by_its_new_name(
    ds: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    ds.task("species", rename={"corvid": "crows"})
    capsys.readouterr()
    task = ds.task("species", rename={"crows": "corvidae"}, split={"crows": ["jay", "rook"]})
    changed, held = capsys.readouterr().out.splitlines()
    assert changed == "species: schema 3 (split 'corvidae' into 'jay', 'rook', renamed 'crows' to 'corvidae')"
    assert held.startswith("2 labels of 'species' left with 'corvidae'; to ask for them anew: ")
    assert [option.name for option in task.offered] == ["jay", "rook", "magpie"]


def test_what_is_merged_into_an_option_that_is_split_waits_with_its_labels(ds: Dataset) -> None:
    ds.task("species", merge={"magpie": "corvid"}, split={"corvid": ["jay", "rook"]})
    assert len(ds.labels("species", holding="corvid")) == 3
    assert [option.name for option in ds.task("species").offered] == ["jay", "rook"]


def test_what_ever_held_an_option_is_in_its_history(ds: Dataset) -> None:
    first, second, _ = ds.labels("species")["item"]
    split(ds)
    ds.record("species", {first: "jay"}, annotator="anna", origin="person")
    assert list(ds.labels("species", holding="corvid")["item"]) == [second]
    history = ds.labels("species", holding="corvid", history=True)
    assert set(history["item"]) == {first, second}
    assert set(history["type"]) == {"label"}
    with pytest.raises(SchemaError, match="'owl' is no option"):
        ds.labels("species", holding="owl", history=True)


@pytest.mark.parametrize("scores", [False, True], ids=["values", "scores"])
def test_what_was_suggested_before_a_split_is_suggested_again_by_a_notebook_that_is_run_again(
    ds: Dataset, *, scores: bool
) -> None:
    first, second = ds.items()["id"][:2]
    both = [{"item": first, "corvid": 0.8, "magpie": 0.2}, {"item": second, "corvid": 0.1, "magpie": 0.9}]
    table: Any = both if scores else {first: "corvid", second: "magpie"}
    ds.suggest("species", table, model="m")
    split(ds)
    again = ds.suggest("species", table, model="m")
    assert (again.written, again.unchanged) == (0, 2)
    session = Session(ds, "species", annotator="ben", identity="verified", items=[first, second])
    shown = [item["suggestion"] for item in session.fetch(None, 2).items]
    assert shown[0] is None, "it is no answer any more"
    assert shown[1]["value"] == "magpie"
    both[0]["corvid"] = 0.7
    with pytest.raises(LabelError, match="'corvid'.* is retired" if not scores else "a column 'corvid', which is ret"):
        ds.suggest("species", both if scores else {second: "corvid"}, model="m")
    assert len(ds.suggestions("species")) == 2
