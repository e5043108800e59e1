"""The index over suggestions: brought up to date, made again, and asked by item."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.labels.suggestion import Suggestion
from nbtools.storage import Folder
from nbtools.store import suggestions as stored
from nbtools.store.index import Index
from nbtools.store.suggestions import files, write_suggestions
from tests.store.making import item, make


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return make(tmp_path, 5)


def one(number: int, value: str, model: str = "m", score: float | None = None) -> Suggestion:
    return Suggestion(item(number), model, value, score)


def values(index: Index, model: str | None = None) -> dict[str, object]:
    index.refresh()
    found = index.suggested("species", [item(number) for number in range(5)], model)
    return {name: each.value for name, each in found.items()}


def test_a_table_of_many_lies_in_several_files(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_AT_ONCE", 2)
    assert write_suggestions(ds._folder, "species", [one(number, "jay") for number in range(5)]) == 5
    assert len(files(ds._folder)) == 3
    assert len(values(ds._index)) == 5


def test_the_index_follows_and_is_made_again_where_a_file_is_gone(ds: Dataset) -> None:
    write_suggestions(ds._folder, "species", [one(0, "jay"), one(1, "rook")])
    assert values(ds._index) == {item(0): "jay", item(1): "rook"}
    write_suggestions(ds._folder, "species", [one(0, "rook")])
    assert values(ds._index)[item(0)] == "rook"
    *_, (task, name) = files(ds._folder)
    ds._folder.path(f"metadata/suggestions/{task}/{name}").unlink()
    assert values(ds._index)[item(0)] == "jay", "what was in the newer file is gone with it"
    assert values(Index(ds._folder, owner=ds.id)) == values(ds._index)


def test_an_older_one_is_found_by_its_table(ds: Dataset) -> None:
    write_suggestions(ds._folder, "species", [one(0, "jay", score=0.5)])
    write_suggestions(ds._folder, "species", [one(0, "rook", "n")])
    ds._index.refresh()
    first, second = (name.removesuffix(".jsonl") for _, name in files(ds._folder))
    assert ds._index.suggestion("species", item(0), first) == one(0, "jay", score=0.5)
    assert ds._index.suggestion("species", item(0), second) == one(0, "rook", "n")
    assert ds._index.suggestion("species", item(1), second) is None
    assert ds._index.suggestion("other", item(0), second) is None
    assert values(ds._index, "m") == {item(0): "jay"}
    assert ds._index.suggesting_models("species") == ["m", "n"]
    assert [each.model for each in ds._index.suggestions("species")] == ["n", "m"]


def test_few_are_read_however_many_there_are(ds: Dataset) -> None:
    ds._index.refresh()
    query = "EXPLAIN QUERY PLAN SELECT * FROM suggestion WHERE item IN (SELECT value FROM json_each('[]'))"
    plan = ds._index._all(query, (), lambda row: str(row[-1]))
    assert any("SEARCH suggestion USING PRIMARY KEY (item=?)" in line for line in plan)


def test_no_path_leaves_the_folder(ds: Dataset, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_suggestions(Folder(outside), "species", [one(0, "jay")])
    (ds.path / "metadata" / "suggestions").symlink_to(outside / "metadata" / "suggestions")
    with pytest.raises(ValueError, match="leads out of"):
        values(ds._index)
