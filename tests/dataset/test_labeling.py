import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.errors import LabelError, SchemaError, UnknownItemError
from nbtools.store.tasks import save_task
from tests.store.making import item, make


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    ds = make(tmp_path, 10)
    ds.task("species", "choice", ["jay", "rook", "tit"])
    return ds


def values(ds: Dataset, **more: Any) -> dict[str, Any]:
    table = ds.labels("species", **more)
    return dict(zip(table["item"], table["value"], strict=True))


def state(ds: Dataset) -> dict[str, bytes]:
    """Return every byte of the metadata but the cache."""
    root = ds.path / "metadata"
    files = (path for path in root.rglob("*") if path.is_file() and root / "cache" not in path.parents)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


# Tasks


def test_a_task_is_on_disk_and_in_the_log(ds: Dataset) -> None:
    written = json.loads((ds.path / "metadata/tasks/species/1.json").read_text())
    assert [option["id"] for option in written["options"]] == ["jay", "rook", "tit"]
    (act,) = ds._index.schema_acts()
    assert (act.task, act.schema, act.value) == ("species", 1, written)


def test_the_same_again_changes_nothing(ds: Dataset) -> None:
    before = state(ds)
    for opened in (ds, Dataset(ds.path)):
        assert opened.task("species", "choice", ["jay", "rook", "tit"]) == opened.task("species")
    assert state(ds) == before


def test_one_more_option_is_the_next_schema_and_says_so(ds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert ds.task("species", options=["jay", "rook", "tit", "crow"]).schema == 2
    assert capsys.readouterr().out == "species: schema 2 (added 'crow')\n"
    assert ds.tasks()["species"].schema == 2


def test_one_fewer_that_has_labels_is_an_error(ds: Dataset) -> None:
    ds.record("species", {item(0): "rook"})
    with pytest.raises(SchemaError, match=r"rename=.*merge=.*retire="):
        ds.task("species", options=["jay", "tit"])
    assert ds.task("species").schema == 1


def test_a_renamed_option_changes_no_label(ds: Dataset) -> None:
    ds.record("species", {item(0): "rook"})
    ds.task("species", rename={"rook": "Rook"})
    assert values(ds) == {item(0): "rook"}
    ds.record("species", {item(1): "Rook"})
    assert values(ds) == {item(0): "rook", item(1): "rook"}
    assert ds.task("species", "choice", ["jay", "rook", "tit"], rename={"rook": "Rook"}).schema == 2


def test_a_merged_option_takes_its_labels_along_and_can_be_taken_back(ds: Dataset) -> None:
    ds.record("species", {item(0): "rook", item(1): "tit"})
    before = None
    for _ in range(2):
        task = ds.task("species", options=["jay", "tit"], merge={"rook": "jay"})
        assert [option.name for option in task.offered] == ["jay", "tit"]
        assert values(ds) == {item(0): "jay", item(1): "tit"}
        assert before in (None, state(ds))
        before = state(ds)
    bulk = ds.history("species")["bulk"].iloc[-2]
    ds.revert(bulk)
    assert values(ds) == {item(0): "rook", item(1): "tit"}


def test_options_cannot_be_merged_in_a_circle(ds: Dataset) -> None:
    for merge in ({"jay": "rook", "rook": "tit"}, {"jay": "jay"}, {"jay": "crow"}):
        with pytest.raises(SchemaError):
            ds.task("species", merge=merge)


def test_a_retired_option_keeps_its_labels(ds: Dataset) -> None:
    ds.record("species", {item(0): "rook"})
    ds.task("species", options=["jay", "tit"], retire=["rook"])
    assert values(ds) == {item(0): "rook"}
    with pytest.raises(LabelError, match="retired"):
        ds.record("species", {item(1): "rook"})
    assert ds.task("species", options=["jay", "tit"], retire=["rook"]).schema == 2


def test_another_kind_is_another_task(ds: Dataset) -> None:
    with pytest.raises(SchemaError, match="of another name"):
        ds.task("species", "choices", ["jay", "rook", "tit"])


def test_a_task_cannot_be_named_like_an_attribute(ds: Dataset) -> None:
    with pytest.raises(SchemaError, match="share one table"):
        ds.task("writer", "choice", ["a"])
    with pytest.raises(SchemaError, match="of its own"):
        ds.task("split", "choice", ["a"])


def test_a_task_that_is_not_there_names_those_that_are(ds: Dataset) -> None:
    for ask in (ds.task, ds.labels, lambda name: ds.record(name, {})):
        with pytest.raises(SchemaError, match="did you mean 'species'"):
            ask("speces")


def test_two_who_change_a_task_at_once_both_get_their_option(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Dataset(ds.path)
    raced: list[Path] = []

    def race(folder: Any, task: Any) -> bool:
        if not raced:
            raced.append(other.path)
            other.task("species", options=["jay", "rook", "tit", "crow"])
        return save_task(folder, task)

    monkeypatch.setattr("nbtools.dataset.tasks.save_task", race)
    assert ds.task("species", options=["jay", "rook", "tit", "crow", "owl"]).schema == 3
    assert [option.id for option in other.task("species").options] == ["jay", "rook", "tit", "crow", "owl"]


def test_files_of_tasks_that_are_lost_are_written_again_from_the_log(ds: Dataset) -> None:
    ds.task("species", options=["jay", "rook", "tit", "crow"])
    before = state(ds)
    for path in (ds.path / "metadata/tasks/species").iterdir():
        path.unlink()
    assert Dataset(ds.path).tasks()["species"].schema == 2
    assert state(ds) == before


def test_a_task_killed_between_file_and_log_is_made_whole(ds: Dataset) -> None:
    (name,) = ds._log.sizes()
    (ds.path / "metadata/labels" / name).unlink()
    again = Dataset(ds.path)
    again.task("species", "choice", ["jay", "rook", "tit"])
    assert len(again._index.schema_acts()) == 1


# Recording


def test_labels_in_whatever_they_come(ds: Dataset) -> None:
    given: list[Any] = [
        {item(0): "jay"},
        pd.Series({item(1): "jay"}),
        pd.DataFrame({"item": [item(2)], "value": ["jay"]}),
        pd.DataFrame({"id": [item(3)], "species": pd.Categorical(["jay"])}),
        [(item(4), "jay")],
        iter([(item(5)[:9], "jay")]),
    ]
    for number, labels in enumerate(given):
        assert ds.record("species", labels).written == 1
        assert values(ds)[item(number)] == "jay"


def test_labels_from_an_attribute(tmp_path: Path) -> None:
    ds = make(tmp_path, 4, lambda number: {"folder": "jay"} if number else {})
    ds.task("species", "choice", ["jay"])
    assert ds.record("species", "column:folder").written == 3
    with pytest.raises(LabelError, match="did you mean 'folder'"):
        ds.record("species", "column:foldr")


@pytest.mark.parametrize("labels", [5, None, ["jay"], "jay", pd.DataFrame({"a": [1]}), [("a", "b", "c")]])
def test_what_is_no_labels_says_what_would_be(ds: Dataset, labels: object) -> None:
    with pytest.raises(LabelError):
        ds.record("species", labels)


@pytest.mark.parametrize(
    ("named", "call"),
    [("labels.csv", r"pandas\.read_csv\('labels.csv'\)"), ("l.parquet", r"pandas\.read_parquet\('l.parquet'\)")],
)
def test_a_file_of_labels_is_to_be_read_first(ds: Dataset, named: str, call: str) -> None:
    with pytest.raises(LabelError, match=f"'{named}' is a file: read it first, {call}, and hand over the table"):
        ds.record("species", named)


def test_missing_values_are_passed_over(ds: Dataset) -> None:
    labels = {item(0): None, item(1): float("nan"), item(2): pd.NA, item(3): pd.NaT, item(4): "jay"}
    assert ds.record("species", labels).written == 1


def test_the_same_again_writes_nothing(ds: Dataset) -> None:
    labels = {item(number): "jay" for number in range(5)}
    assert ds.record("species", labels).written == 5
    before = state(ds)
    for opened in (ds, Dataset(ds.path)):
        report = opened.record("species", labels)
        assert (report.written, report.unchanged, report.bulk) == (0, 5, None)
    assert state(ds) == before


def test_an_import_killed_and_finished_later_writes_none_twice(ds: Dataset) -> None:
    ds.record("species", {item(0): "jay", item(1): "rook"})
    other = Dataset(ds.path)
    assert other.record("species", {item(number): "jay" if number != 1 else "rook" for number in range(4)}).written == 2
    assert len(ds.labels("species")) == 4


def test_a_run_again_does_not_bring_back_what_was_corrected_since(ds: Dataset) -> None:
    ds.record("species", {item(0): "jay"})
    ds.record("species", {item(0): "rook"})
    assert values(ds) == {item(0): "rook"}
    assert ds.record("species", {item(0): "jay"}).written == 0
    assert values(ds) == {item(0): "rook"}


def test_all_is_checked_before_anything_is_written(ds: Dataset) -> None:
    before = state(ds)
    with pytest.raises(LabelError, match=f"item {item(1)}: 'crow' is no option"):
        ds.record("species", {item(0): "jay", item(1): "crow"})
    with pytest.raises(UnknownItemError):
        ds.record("species", {item(0): "jay", "zz": "jay"})
    with pytest.raises(LabelError, match="two labels"):
        ds.record("species", [(item(0), "jay"), (item(0)[:9], "rook")])
    with pytest.raises(LabelError, match="did you mean 'import'"):
        ds.record("species", {item(0): "jay"}, origin="imports")  # type: ignore[arg-type]
    assert state(ds) == before


def test_who_and_how_is_kept(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBTOOLS_ANNOTATOR", "zoe")
    ds.record("species", {item(0): "jay"}, source="folder:-1")
    ds.record("species", {item(1): "jay"}, origin="person")
    ds.record("species", {item(2): "jay"}, origin="correction", annotator="ben", reason="as agreed")
    rows = ds.labels("species").set_index("item")
    assert rows[["annotator", "origin", "identity", "comment"]].astype(object).to_numpy().tolist() == [
        ["import", "import", "import", None],
        ["zoe", "person", "python", None],
        ["ben", "correction", "python", "as agreed"],
    ]


def test_several_options_at_once(ds: Dataset) -> None:
    ds.task("tags", "choices", ["night", "rain"])
    ds.record("tags", {item(0): ["rain", "night"], item(1): (), item(2): {"rain"}})
    table = ds.labels("tags")
    assert table["value"].tolist() == [["night", "rain"], [], ["rain"]]
    assert ds.labels("tags", truth="majority")["value"].tolist() == [["night", "rain"], [], ["rain"]]


def test_what_was_written_says_how_to_take_it_back(ds: Dataset) -> None:
    report = ds.record("species", {item(0): "jay"})
    assert repr(report) == f"1 written, 0 left as they were · to take them back: ds.revert({report.bulk!r})"
    assert "ds.revert" in report._repr_html_()


# Labels


def test_an_import_yields_to_any_person(ds: Dataset) -> None:
    ds.record("species", {item(0): "rook"}, origin="person", annotator="anna")
    ds.record("species", {item(0): "jay", item(1): "jay"})
    assert len(ds.labels("species")) == 3
    assert values(ds, truth="latest") == values(ds, truth="majority") == {item(0): "rook", item(1): "jay"}


def test_the_majority_and_a_tie(ds: Dataset) -> None:
    for who, labels in (("a", ["jay", "jay"]), ("b", ["rook", "jay"]), ("c", ["rook", "tit"]), ("d", ["jay", "jay"])):
        pairs = dict(zip([item(0), item(1)], labels, strict=True))
        ds.record("species", pairs, origin="person", annotator=who)
    table = ds.labels("species", truth="majority")
    assert table.astype(object).to_numpy().tolist() == [[item(0), None, 2, 4], [item(1), "jay", 3, 4]]


def test_an_adjudicator_settles_what_differs(ds: Dataset) -> None:
    said = {"a": ["jay", "jay", "jay"], "b": ["rook", "rook", "jay"]}
    for who, labels in said.items():
        pairs = dict(zip(map(item, range(3)), labels, strict=True))
        ds.record("species", pairs, origin="person", annotator=who)
    assert values(ds, truth="adjudicated") == {item(2): "jay"}
    ds.record("species", {item(0): "rook"}, origin="adjudication", annotator="judge")
    assert values(ds, truth="adjudicated") == {item(0): "rook", item(2): "jay"}
    frozen = ds.freeze("m", truth="adjudicated").items.set_index("id")["species"].dropna()
    assert frozen.to_dict() == values(ds, truth="adjudicated")


def test_truth_is_one_of_three(ds: Dataset) -> None:
    with pytest.raises(LabelError, match="did you mean 'latest'"):
        ds.labels("species", truth="lates")  # type: ignore[arg-type]


def test_labels_of_excluded_items_are_out(ds: Dataset) -> None:
    ds.record("species", {item(0): "jay", item(1): "jay"})
    ds.exclude(item(0))
    assert values(ds) == {item(1): "jay"}
    ds.include(item(0))
    assert len(values(ds)) == 2


def test_no_labels_is_a_table_with_the_same_columns(ds: Dataset) -> None:
    empty = ds.labels("species")
    ds.record("species", {item(0): "jay"})
    full = ds.labels("species")
    assert list(empty.columns) == list(full.columns)
    assert (empty.dtypes == full.dtypes).all()
    assert len(empty) == 0


_READER = """
import sys
from nbtools.dataset import Dataset
ds = Dataset(sys.argv[1])
for line in sys.stdin:
    print(len(ds.labels("species")), flush=True)
"""


def test_labels_are_seen_by_another_process_as_they_are_written(ds: Dataset) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _READER, str(ds.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        for number in range(5):
            ds.record("species", {item(number): "jay"})
            reader.stdin.write("\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == f"{number + 1}\n"
        reader.stdin.close()


# History


def test_every_act_is_in_the_history(ds: Dataset) -> None:
    report = ds.record("species", {item(0): "jay"})
    ds.exclude(item(1), "blurred")
    table = ds.history()
    assert table["type"].tolist() == ["schema", "label", "exclude"]
    assert table["comment"].iloc[-1] == "blurred"
    assert table["bulk"].iloc[1] == report.bulk
    assert len(ds.history("species")) == len(ds.labels("species", history=True)) == 2


def test_a_call_is_reverted_once_and_its_reverse_too(ds: Dataset) -> None:
    ds.record("species", {item(0): "jay", item(1): "jay"})
    second = ds.record("species", {item(0): "rook", item(2): "tit"})
    assert second.bulk is not None
    back = ds.revert(second.bulk)
    assert values(ds) == {item(0): "jay", item(1): "jay"}
    before = state(ds)
    assert ds.revert(second.bulk).written == 0
    assert state(ds) == before
    assert back.bulk is not None
    ds.revert(back.bulk)
    assert values(ds) == {item(0): "rook", item(1): "jay", item(2): "tit"}


def test_what_was_labeled_since_is_not_reverted(ds: Dataset) -> None:
    first = ds.record("species", {item(0): "jay", item(1): "jay"})
    ds.record("species", {item(0): "rook"})
    report = ds.revert(str(first.bulk))
    assert (report.written, report.unchanged) == (1, 1)
    assert values(ds) == {item(0): "rook"}


def test_a_single_act_is_reverted(ds: Dataset) -> None:
    ds.record("species", {item(0): "jay"})
    ds.revert(ds.history()["act"].iloc[-1])
    assert values(ds) == {}


def test_what_is_no_act_cannot_be_reverted(ds: Dataset) -> None:
    for wrong in ("01XYZ", "", None, "\ud800"):
        with pytest.raises(LabelError, match=r"ds\.history"):
            ds.revert(wrong)  # type: ignore[arg-type]
    with pytest.raises(LabelError, match=r"ds\.task"):
        ds.revert(ds.history()["act"].iloc[0])


# Excluding


def test_excluding_and_including(ds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert ds.exclude([item(0), item(1)[:9]], "blurred") == 2
    assert len(ds) == 8
    before = state(ds)
    assert ds.exclude(item(0)) == 0
    assert "out already" in capsys.readouterr().out
    assert state(ds) == before
    assert ds.include([item(0), item(2)]) == 1
    assert len(Dataset(ds.path)) == 9
    assert ds.exclude(item(0)) == 1
    assert len(ds) == 8


def test_an_exclusion_is_reverted_like_any_act(ds: Dataset) -> None:
    ds.exclude([item(0), item(1)], "blurred")
    bulk = ds.history()["bulk"].iloc[-1]
    ds.revert(bulk)
    assert len(ds) == 10
    assert ds.revert(bulk).written == 0


def test_an_unknown_item_is_not_excluded(ds: Dataset) -> None:
    with pytest.raises(UnknownItemError):
        ds.exclude([item(0), "zz"])
    assert len(ds) == 10
