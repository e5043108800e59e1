"""What a page's address can open, and what not."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from nbtools.errors import DatasetError, NotADatasetError, UnsafePathError
from nbtools.widgets.places import Wanted, chooser_root, wanted

VOILA = {"VOILA_REQUEST_URL": "http://localhost:8866/"}


def _dataset(folder: Path) -> Path:
    (folder / "metadata").mkdir(parents=True)
    (folder / "metadata" / "dataset.json").write_text("{}")
    return folder


def _asked(root: Path, **query: str) -> dict[str, str]:
    return {**VOILA, "NBTOOLS_ROOT": str(root), "QUERY_STRING": urlencode(query)}


def test_the_environment_names_dataset_and_task(tmp_path: Path) -> None:
    environ = {"NBTOOLS_DATASET": str(tmp_path / "birds"), "NBTOOLS_TASK": "species"}
    assert wanted(environ) == Wanted(tmp_path / "birds", "species")
    assert wanted({}) == Wanted(None, None)


def test_the_address_names_a_folder_below_the_root(tmp_path: Path) -> None:
    birds = _dataset(tmp_path / "north" / "birds")
    assert wanted(_asked(tmp_path, dataset="north/birds", task="sex")) == Wanted(birds, "sex")


def test_a_visitor_who_asks_for_no_dataset_learns_no_path(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "gone"):
        with pytest.raises(NotADatasetError) as caught:
            wanted(_asked(tmp_path, dataset=name))
        assert str(tmp_path) not in str(caught.value)


def test_the_task_of_the_environment_is_not_that_of_another_dataset(tmp_path: Path) -> None:
    rooks = _dataset(tmp_path / "rooks")
    environ = {**_asked(tmp_path, dataset="rooks"), "NBTOOLS_DATASET": "/data/birds", "NBTOOLS_TASK": "species"}
    assert wanted(environ) == Wanted(rooks, None)


def test_the_root_is_by_default_the_folder_of_the_dataset(tmp_path: Path) -> None:
    rooks = _dataset(tmp_path / "rooks")
    environ = {**VOILA, "NBTOOLS_DATASET": str(tmp_path / "birds"), "QUERY_STRING": "dataset=rooks"}
    assert wanted(environ).dataset == rooks
    assert chooser_root(environ=environ) == tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "/etc",
        "..",
        "a/../../b",
        "~root",
        "s3://bucket/birds",
        "zip::birds",
        "a\\b",
        "a\0b",
        "a\nb",
        "out",
        "out/deeper",
        "x" * 1001,
    ],
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafePathError) as caught:
        wanted(_asked(root, dataset=name))
    assert str(tmp_path) not in str(caught.value)


def test_without_a_root_no_address_names_a_dataset() -> None:
    with pytest.raises(DatasetError, match="NBTOOLS_ROOT"):
        wanted({**VOILA, "QUERY_STRING": "dataset=birds"})


def test_only_a_page_of_voila_has_an_address(tmp_path: Path) -> None:
    environ = _asked(tmp_path, dataset="birds")
    del environ["VOILA_REQUEST_URL"]
    assert wanted(environ) == Wanted(None, None)


def test_a_url_in_the_environment_is_refused() -> None:
    with pytest.raises(DatasetError, match="local disk"):
        wanted({"NBTOOLS_DATASET": "s3://bucket/birds"})


def test_a_visitor_chooses_only_where_a_root_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="NBTOOLS_DATASET="):
        chooser_root(environ=VOILA)
    monkeypatch.chdir(tmp_path)
    assert chooser_root(environ={}) == tmp_path
    assert chooser_root(tmp_path, environ=VOILA) == tmp_path
    with pytest.raises(DatasetError, match="no folder"):
        chooser_root(tmp_path / "gone", environ={})
