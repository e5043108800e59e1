"""The dashboards: straight to the labels or the splits, or words that say what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from nbtools.dataset import Dataset
from nbtools.widgets.chooser import DatasetChooser
from nbtools.widgets.dashboard import annotate, splits
from nbtools.widgets.labeler import Labeler
from nbtools.widgets.splitbuilder import SplitBuilder
from tests.widgets.birds import birds

VOILA = {"VOILA_REQUEST_URL": "http://localhost:8866/"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("datasets")
    birds(folder / "birds", 4)
    two = birds(folder / "two", 4)
    two.task("sex", kind="choice", options=["f", "m"])
    Dataset.create(folder / "none", name="<img src=x>")
    return folder


def _words(widget: Any) -> str:
    assert isinstance(widget, ipywidgets.HTML)
    return str(widget.value)


def test_one_task_opens_at_once(root: Path) -> None:
    assert isinstance(annotate({"NBTOOLS_DATASET": str(root / "birds")}), Labeler)


def test_the_task_named_opens_at_once(root: Path) -> None:
    widget = annotate({"NBTOOLS_DATASET": str(root / "two"), "NBTOOLS_TASK": "sex"})
    assert repr(widget) == "Labeler · sex · 0 of 4"


def test_of_several_tasks_one_is_chosen(root: Path) -> None:
    place = annotate({"NBTOOLS_DATASET": str(root / "two")})
    buttons = {button.description: button for button in place.children[1:]}
    assert sorted(buttons) == ["sex", "species"]
    assert {button.layout.width for button in buttons.values()} == {"auto"}, "no name is cut"
    buttons["species"].click()
    (labeler,) = place.children
    assert repr(labeler) == "Labeler · species · 0 of 4"


def test_the_address_of_the_page_chooses(root: Path) -> None:
    environ = {**VOILA, "NBTOOLS_ROOT": str(root), "QUERY_STRING": "dataset=two&task=species"}
    assert repr(annotate(environ)) == "Labeler · species · 0 of 4"


def _order(widget: Any) -> list[str]:
    return [item["id"] for item in widget._session.fetch(None, 10).items]


def test_the_order_is_that_of_the_environment(root: Path) -> None:
    environ = {"NBTOOLS_DATASET": str(root / "two"), "NBTOOLS_ORDER": "column:bytes"}
    ds = Dataset(root / "two")
    by_size = [ds.items()["id"][at] for at in ds._index.sorted_positions("bytes")]
    place = annotate(environ)
    place.children[1].click()
    assert _order(place.children[0]) == _order(annotate({**environ, "NBTOOLS_TASK": "sex"})) == by_size
    said = _words(annotate({**environ, "NBTOOLS_TASK": "sex", "NBTOOLS_ORDER": "<b>shufled"}))
    assert "&lt;b&gt;shufled" in said


def test_without_a_task_it_says_what_to_type(root: Path) -> None:
    said = _words(annotate({"NBTOOLS_DATASET": str(root / "none")}))
    assert ".task(&quot;species&quot;" in said
    assert "<img" not in said


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        (lambda root: {"NBTOOLS_DATASET": str(root / "gone<b>")}, "gone&lt;b&gt;"),
        (lambda root: {"NBTOOLS_DATASET": str(root / "birds"), "NBTOOLS_TASK": "<i>"}, "&lt;i&gt;"),
        (lambda root: {**VOILA, "NBTOOLS_ROOT": str(root), "QUERY_STRING": "dataset=../etc<s>"}, "etc&lt;s&gt;"),
        (lambda _: {**VOILA, "QUERY_STRING": "dataset=birds"}, "NBTOOLS_ROOT"),
    ],
)
def test_what_goes_wrong_is_said_in_the_page(root: Path, environ: Callable[[Path], dict[str, str]], word: str) -> None:
    said = _words(annotate(environ(root)))
    assert word in said
    assert said.count("<") == 2


def test_a_failure_that_nobody_foresaw_is_said_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("1/<b>0</b>")

    monkeypatch.setattr("nbtools.widgets.dashboard.Labeler", fail)
    said = _words(annotate({"NBTOOLS_DATASET": str(root / "birds")}))
    assert "ZeroDivisionError: 1/&lt;b&gt;0" in said


def test_where_nothing_is_named_it_is_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NBTOOLS_DATASET", "NBTOOLS_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(root)
    place = annotate({})
    (chooser,) = place.children
    assert isinstance(chooser, DatasetChooser)
    folders = chooser.children[1]
    folders._dircontent.value = "birds/"
    folders._select.click()
    (labeler,) = place.children
    assert isinstance(labeler, Labeler)


def test_a_visitor_of_a_server_that_names_nothing_reads_how_to_start_it() -> None:
    assert "NBTOOLS_DATASET=" in _words(annotate(VOILA))


def test_splits_opens_its_dataset_or_asks_for_one(root: Path) -> None:
    widget = splits({"NBTOOLS_DATASET": str(root / "birds")})
    assert isinstance(widget, SplitBuilder)
    assert repr(widget) == "SplitBuilder · Birds · 0 versions"
    assert isinstance(splits({"NBTOOLS_ROOT": str(root)}).children[0], DatasetChooser)
