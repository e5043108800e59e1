"""What models propose: handed over, kept, shown to a page, and what became of it in the act."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.errors import LabelError, UnknownItemError
from nbtools.labels.kinds.base import text_hash
from nbtools.storage import new_ulid
from tests.store.making import item, make


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    ds = make(tmp_path, 6)
    ds.task("species", "choice", ["jay", "rook"])
    return ds


def files(ds: Dataset) -> list[Path]:
    return sorted((ds.path / "metadata" / "suggestions").rglob("*.jsonl"))


def session(ds: Dataset, task: str = "species", **more: Any) -> Session:
    return Session(ds, task, annotator="anna", identity="verified", **more)


def said(number: int, value: Any, suggestion: Any, **more: Any) -> dict[str, Any]:
    status = "labeled" if value is not None else "skipped"
    given = {"act": new_ulid(), "item": item(number), "kind": "label", "schema": 1, "status": status, "value": value}
    return given | {"suggestion": suggestion} | more


def named(view: dict[str, Any], *, rejected: bool = False) -> dict[str, Any]:
    return {"table": view["suggestion"]["table"], "rejected": rejected}


def test_a_table_is_kept_in_a_file_that_anyone_can_read_and_the_same_again_writes_nothing(ds: Dataset) -> None:
    table = pd.DataFrame({"id": [item(1), item(0)[:8]], "value": ["rook", "jay"], "score": [0.87, 0.5]})
    done = ds.suggest("species", table, model="resnet-7")
    assert (done.written, done.unchanged) == (2, 0)
    assert repr(done).endswith("next: nbtools.Labeler(ds, 'species')")
    (file,) = files(ds)
    line = json.loads(file.read_text().splitlines()[0])
    assert (line["item"], line["model"], line["value"], line["score"]) == (item(1), "resnet-7", "rook", 0.87)
    assert ds.suggest("species", table, model="resnet-7").written == 0
    assert files(ds) == [file]
    found = ds.suggestions("species")
    assert found[["item", "model", "value", "score"]].to_numpy().tolist() == [
        [item(0), "resnet-7", "jay", 0.5],
        [item(1), "resnet-7", "rook", 0.87],
    ]
    assert len(ds.labels("species")) == 0, "nothing counts as said"


@pytest.mark.parametrize(
    "table",
    [
        {item(0): "jay", item(1): None},
        pd.Series({item(0): "jay", item(1): None}),
        [{"item": item(0), "value": "jay"}],
        [(item(0), "jay")],
        pd.DataFrame({"item": [item(0)], "species": ["jay"]}),
        pd.DataFrame({"id": [item(0)], "jay": [0.9], "rook": [0.1]}),
        {item(0): {"jay": 0.9, "rook": 0.1}},
        [{"id": item(0), "scores": {"jay": 0.9, "rook": 0.1}}],
    ],
)
def test_a_table_comes_in_whatever_form(ds: Dataset, table: object) -> None:
    ds.suggest("species", table, model="m")
    (row,) = ds.suggestions("species").to_dict("records")
    assert (row["item"], row["value"]) == (item(0), "jay")
    if row["scores"] is not None:
        assert (row["scores"], row["score"]) == ({"jay": 0.9, "rook": 0.1}, 0.9)
    assert ds.suggest("species", table, model="m").written == 0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"ffff": "jay"}, "names no item of this dataset"),
        ({item(0): "crow"}, f"item {item(0)}: 'crow' is no option of 'species'"),
        ([{"id": item(0), "value": "jay", "score": math.nan}], f"item {item(0)}: the score is 'nan'"),
        ([{"id": item(0), "value": "jay", "scores": {"crow": 1}}], "'crow' is no option"),
        (pd.DataFrame({"id": [item(0)], "species": ["jay"], "rook": [math.inf]}), "the score is 'inf'"),
        ([(item(0), "jay"), (item(0), "rook")], "given two suggestions, 'jay' and 'rook': leave one"),
        (pd.DataFrame({"file": [1], "value": ["jay"]}), "a column 'item' or 'id'.*this one has file, value"),
        (pd.DataFrame({"id": [item(0)]}), "one column for each option; this one has id"),
        (
            pd.DataFrame({"id": [item(0)], "jay": [0.9], "Rok": [0.1]}),
            r"a column 'Rok', .* \(there are jay, rook\); did you mean 'rook'\? .* table.drop\(columns='Rok'\)",
        ),
        ([{"id": item(0), "jayy": 0.9, "rok": 0.1}], "a column 'jayy'.*did you mean 'jay'"),
        ("jay", "a DataFrame, a Series, a mapping.*and this is str: 'jay'"),
        (7, "and this is int: '7'"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(ds: Dataset, table: object, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        ds.suggest("species", table, model="m")
    assert files(ds) == []
    assert Session(ds, "species").describe()["suggests"] is False


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"jay": [0.9], "epoch": [3]}, "species: no column is for 'rook'; passed over, as no options: 'epoch'\n"),
        (
            {"value": ["jay"], "jey": [0.9]},
            "passed over: the column 'jey', which is no option of 'species' (there are jay",
        ),
        ({"value": ["jay"], "path": ["a.png"]}, ""),
        ({"jay": [0.9], "rook": [0.1], "epoch": [3]}, ""),
    ],
)
def test_columns_that_are_no_options_are_passed_over_and_where_it_may_matter_that_is_said(
    ds: Dataset, capsys: pytest.CaptureFixture[str], table: dict[str, list[object]], said: str
) -> None:
    assert ds.suggest("species", pd.DataFrame({"id": [item(0)], **table}), model="m").written == 1
    out = capsys.readouterr().out
    assert out.startswith(said)
    assert bool(out) == bool(said)


def test_an_item_that_is_not_there_is_told_as_such(ds: Dataset) -> None:
    with pytest.raises(UnknownItemError):
        ds.suggest("species", {item(0): "jay", "0" * 32: "jay"}, model="m")
    with pytest.raises(LabelError, match="model=''"):
        ds.suggest("species", {item(0): "jay"}, model="")
    assert files(ds) == []


def test_values_are_checked_against_their_items(ds: Dataset) -> None:
    ds.task("names", "spans", ["jay"])
    span = {"start": 0, "end": 99, "option": "jay"}
    with pytest.raises(LabelError, match=f"item {item(0)}: 'names': span 's1' goes from 0 to 99"):
        ds.suggest("names", {item(0): [span]}, model="ner")
    ds.suggest("names", {item(0): [{**span, "end": 4}]}, model="ner")
    (view,) = session(ds, "names").fetch(None, 1).items
    assert view["suggestion"]["value"] == {
        "text_hash": text_hash("item 0"), "spans": [{**span, "id": "s1", "end": 4}], "relations": []
    }  # fmt: skip


def test_the_newest_table_is_shown_and_the_newest_of_each_model_counts(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "jay"}, model="old")
    ds.suggest("species", {item(0): "rook"}, model="new")
    ds.suggest("species", {item(0): "jay"}, model="new")
    assert ds.suggestions("species")[["model", "value"]].to_numpy().tolist() == [["new", "jay"], ["old", "jay"]]
    assert ds.suggestions("species", "old")["model"].tolist() == ["old"]
    (view,) = session(ds).fetch(None, 1).items
    assert view["suggestion"] == {
        "table": files(ds)[-1].stem, "model": "new", "value": "jay", "score": None
    }  # fmt: skip
    assert session(ds, show_suggestions="old").item(position=0)["suggestion"]["model"] == "old"
    blind = session(ds, show_suggestions=False)
    assert (blind.item(position=0)["suggestion"], blind.describe()["suggests"]) == (None, False)
    with pytest.raises(LabelError, match="a model that has made some for 'species'; there are new, old; did you mean"):
        session(ds, show_suggestions="odl")


def test_the_act_holds_what_became_of_it_and_the_page_is_not_believed(ds: Dataset) -> None:
    ds.suggest("species", [{"id": item(n), "value": "rook", "score": 0.5} for n in range(4)], model="m")
    here = session(ds)
    views = here.fetch(None, 5).items
    acts = [
        said(0, "rook", named(views[0], rejected=True)),
        said(1, "jay", named(views[1])),
        said(2, "jay", named(views[2], rejected=True)),
        said(3, None, named(views[3])),
        said(4, "jay", named(views[0])),
        said(5, "jay", None),
    ]
    assert all(ack["saved"] for ack in here.record(acts))
    acts_kept = ds.history("species").query("type == 'label'")
    kept: list[Any] = acts_kept["suggestion"].tolist()
    assert [one and one["outcome"] for one in kept] == ["accepted", "corrected", "rejected", "ignored", None, None]
    assert kept[1] == {
        "table": views[1]["suggestion"]["table"], "model": "m", "score": 0.5, "value": "rook", "outcome": "corrected"
    }  # fmt: skip
    (ack,) = here.record([said(5, "rook", {"table": "nonsense"})])
    assert not ack["saved"]
    assert "is not the id of a table of them" in ack["why"]


def test_a_label_made_of_an_older_suggestion_says_which(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "rook"}, model="m")
    here = session(ds)
    (view,) = here.fetch(None, 1).items
    ds.suggest("species", {item(0): "jay"}, model="m")
    here.record([said(0, "rook", named(view))])
    assert ds.history("species")["suggestion"].iloc[-1]["outcome"] == "accepted"


def test_an_undo_says_nothing_of_it_and_brings_it_back(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "rook"}, model="m")
    here = session(ds)
    (view,) = here.fetch(None, 1).items
    act = said(0, "rook", named(view))
    undo = said(0, None, named(view), kind="undo", undoes=act["act"], supersedes=act["act"])
    assert all(ack["saved"] for ack in here.record([act, undo]))
    assert ds.history("species")["suggestion"].iloc[-1] is None
    (again,) = here.fetch(None, 1).items
    assert again["suggestion"] == view["suggestion"]


def test_what_is_no_answer_any_more_is_not_shown(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "rook", item(1): "jay"}, model="m")
    (shown,) = session(ds).fetch(None, 1).items
    ds.task("species", retire=["rook"])
    here = session(ds)
    assert [view["suggestion"] and view["suggestion"]["value"] for view in here.fetch(None, 2).items] == [None, "jay"]
    (ack,) = here.record([said(0, "jay", named(shown), schema=2)])
    assert ack["saved"], "no label is lost for it"


def test_review_shows_it_beside_the_label(ds: Dataset) -> None:
    ds.record("species", {item(2): "jay"})
    ds.suggest("species", {item(2): "rook"}, model="m")
    (view,) = session(ds, mode="review").fetch(None, 5).items
    assert (view["current"]["value"], view["suggestion"]["value"]) == ("jay", "rook")


def test_what_somebody_else_wrote_is_checked(ds: Dataset) -> None:
    folder = ds.path / "metadata" / "suggestions" / "species"
    folder.mkdir(parents=True)
    lines = [
        {"format": 1, "item": item(0), "model": "m", "value": ["x"]},
        {"format": 1, "item": item(1), "model": "m", "value": "jay", "later": 1},
        {"format": 1, "item": "../x", "model": "m", "value": "jay"},
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (folder / f"{new_ulid()}.jsonl").write_text(f"{text}no json\n{text[:40]}")
    (folder / "other.jsonl").write_text(text)
    (folder.parent / "Not a task").mkdir()
    views = session(ds).fetch(None, 3).items
    assert [view["suggestion"] and view["suggestion"]["value"] for view in views] == [None, "jay", None]


def test_excluded_items_have_none(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "rook", item(1): "jay"}, model="m")
    ds.exclude([item(0)])
    assert ds.suggestions("species")["item"].tolist() == [item(1)]


def test_erasing_takes_suggestions_too(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "rook", item(1): "jay"}, model="m")
    ds.suggest("species", {item(0): "jay"}, model="n")
    done = ds.erase([item(0)], reason="asked to")
    assert done.suggestions == 2
    assert "2 suggestions of models" in repr(done)
    assert [item(0) in file.read_text() for file in files(ds)] == [False]
    assert ds.suggestions("species")["item"].tolist() == [item(1)]
    before = files(ds)
    assert ds.erase([item(0)], reason="asked to").suggestions == 0
    assert files(ds) == before


def test_a_merge_unites_suggestions(ds: Dataset, tmp_path: Path) -> None:
    ds.suggest("species", {item(0): "rook"}, model="ours")
    copy = tmp_path / "copy"
    shutil.copytree(ds.path, copy)
    theirs = Dataset(copy)
    theirs.suggest("species", {item(1): "jay", item(2): "jay"}, model="theirs")
    ds.erase([item(2)], reason="asked to")
    assert ds.merge(copy, dry_run=True).suggestions == {"species": 1}
    merged = ds.merge(copy)
    assert "1 suggestion on species" in repr(merged)
    assert ds.suggestions("species")["model"].tolist() == ["ours", "theirs"]
    assert all(item(2) not in file.read_text() for file in files(ds))
    assert ds.merge(copy).nothing_new


def test_a_labelers_kernel_reads_them_without_pandas_or_pyarrow(ds: Dataset) -> None:
    ds.suggest("species", {item(0): "rook"}, model="m")
    code = (
        "import sys; from nbtools.dataset import Dataset; from nbtools.dataset.session import Session\n"
        "here = Session(Dataset(sys.argv[1]), 'species', annotator='anna', identity='verified')\n"
        "print(here.item(position=0)['suggestion']['value'], {'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(ds.path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["rook", "set()"]
