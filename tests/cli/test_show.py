"""What `show` tells of a dataset."""

from __future__ import annotations

from pathlib import Path

from nbtools.dataset import Dataset
from tests.cli.ran import Run
from tests.factory import Datasets


def test_show_sums_up(birds: Dataset, run: Run, tmp_path: Path) -> None:
    shown = run("show", birds.path)
    assert "birds · 5 items" in shown.out
    assert f"next: nbtools label {birds.path}" in shown.out
    data = run("show", birds.path, "--json").json
    assert (data["items"], data["kinds"]) == (5, {"image": 5})
    assert (data["tasks"][0]["labels"], data["tasks"][0]["annotators"]) == (2, 1)
    run("init", tmp_path / "empty")
    assert "nbtools add" in run("show", tmp_path / "empty").out


def test_show_items_with_columns_and_a_limit(birds: Dataset, run: Run) -> None:
    rows = run("show", birds.path, "--columns", "id,width", "--limit", 2, "--json").json
    assert [list(row) for row in rows] == [["id", "width"], ["id", "width"]]
    text = run("show", birds.path, "--items", "--limit", 2).out
    assert "the first 2; all: --limit 0" in text
    assert len(run("show", birds.path, "--items", "--limit", 0, "--json").json) == 5


def test_show_labels_and_their_history(birds: Dataset, run: Run) -> None:
    labels = run("show", birds.path, "--labels", "species", "--json").json
    assert [(row["annotator"], row["value"]) for row in labels] == [("anna", "jay"), ("anna", "rook")]
    first = birds.items()["id"][0]
    birds.record("species", {first: "rook"}, annotator="anna", origin="person")
    history = run("show", birds.path, "--labels", "species", "--history", "--json").json
    assert [row["value"] for row in history if row["type"] == "label"] == ["jay", "rook", "rook"]


def test_show_one_item_by_the_beginning_of_its_id(birds: Dataset, run: Run) -> None:
    item = birds.items()["id"][0]
    found = run("show", birds.path, item[:8], "--json").json
    assert found["item"]["id"] == item
    assert [(row["task"], row["value"]) for row in found["labels"]] == [("species", "jay")]
    assert "no labels yet" in run("show", birds.path, birds.items()["id"][4][:8]).out


def test_show_refuses_a_beginning_that_is_none_or_of_several(datasets: Datasets, run: Run) -> None:
    dataset = datasets.texts(40)
    ids = list(dataset.items()["id"])
    several = next(one[:1] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    for prefix, said in ((several, "several ids begin"), ("f" * 32, "no id begins"), ("x%", "is no item's id")):
        refused = run("show", dataset.path, prefix)
        assert refused.code == 2
        assert said in refused.err


def test_a_column_that_is_not_there_is_named_nearly(birds: Dataset, run: Run) -> None:
    for words in (("--where", "widht > 3"), ("--columns", "id,widht")):
        refused = run("show", birds.path, *words)
        assert refused.code == 2
        assert "did you mean 'width'" in refused.err


def test_show_answers_sql(birds: Dataset, run: Run) -> None:
    rows = run(
        "show", birds.path, "--sql", "select value, count(*) n from labels group by all order by 1", "--json"
    ).json
    assert rows == [{"value": "jay", "n": 1}, {"value": "rook", "n": 1}]
    text = run("show", birds.path, "--sql", "select kind, sources, width from items", "--limit", 2).out
    assert text.splitlines()[0].split() == ["kind", "sources", "width"]
    assert "raw/00000.png" in text
    assert "the first 2 of 5; all: --limit 0" in text
    assert "PROJECTION" in run("show", birds.path, "--sql", "explain select id from items where width > 3").out.upper()


def test_sql_that_does_not_only_read_is_wrong_use(birds: Dataset, run: Run, tmp_path: Path) -> None:
    refused = run("show", birds.path, "--sql", f"copy items to '{tmp_path}/out.csv'")
    assert refused.code == 2
    assert "a query is one SELECT" in refused.err
    assert not (tmp_path / "out.csv").exists()
