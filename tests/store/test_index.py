import dataclasses
import multiprocessing
import os
import random
import threading
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.errors import DatasetError, UnknownItemError
from nbtools.items.catalogue import write_part
from nbtools.labels.act import Act
from nbtools.storage import Folder, new_ulid
from nbtools.store.index import Index
from tests.store.making import item, label, make, sighting


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return make(tmp_path, 10)


def index_of(ds: Dataset) -> Index:
    return Index(ds._folder, ds.id)


def heads(index: Index, task: str = "species") -> dict[tuple[str | None, str | None], object]:
    index.refresh()
    return {(head.act.item, head.act.annotator): head.act.value for head in index.heads(task)}


def test_items_stand_in_the_order_in_which_they_came(ds: Dataset) -> None:
    ds._index.refresh()
    assert [row.id for row in ds._index.rows()] == [item(number) for number in range(10)]
    assert ds._index.total() == ds._index.count() == len(ds) == 10
    row = ds._index.at(4)
    assert row == ds._index.item(item(4))
    assert row is not None
    assert (row.kind, row.sources, row.attributes) == ("text", ("raw/w1/4.txt",), {"writer": "w1"})
    assert ds._index.at(10) is ds._index.item("0" * 32) is None


def test_a_new_part_is_taken_in(ds: Dataset) -> None:
    ds._index.refresh()
    write_part(ds._folder, [sighting(10, {"site": "north"}), sighting(3, {"site": "south"})])
    ds._index.refresh()
    assert ds._index.total() == 11
    assert ds._index.attributes() == ["site", "writer"]


def test_an_empty_dataset_has_an_index(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "empty")
    assert (len(ds), list(ds._index.rows()), ds._index.attributes()) == (0, [], [])


def test_items_are_found_by_a_unique_beginning(ds: Dataset) -> None:
    whole = item(3)
    assert ds._index.find(whole) == ds._index.find(whole[:8].upper()) == whole
    with pytest.raises(UnknownItemError, match="no item's id begins with 'zz'"):
        ds._index.find("zz")
    for wrong in ("", "%", None, "\ud800"):
        with pytest.raises(UnknownItemError):
            ds._index.find(wrong)


def test_a_beginning_of_several_is_refused(ds: Dataset) -> None:
    write_part(ds._folder, [sighting(0, id="abc1" + "0" * 28), sighting(0, id="abc2" + "0" * 28)])
    ds._index.refresh()
    with pytest.raises(UnknownItemError, match="several ids"):
        ds._index.find("abc")


def test_rows_by_expression_and_limit(ds: Dataset) -> None:
    ds._index.refresh()
    assert [row.position for row in ds._index.rows("writer = 'w1'")] == [1, 4, 7]
    assert [row.position for row in ds._index.rows("writer = 'w1'", 2)] == [1, 4]
    assert list(ds._index.rows(limit=0)) == []


def test_excluded_items_are_out_and_keep_their_place(ds: Dataset) -> None:
    ds.exclude(item(2), "blurred")
    ds._index.refresh()
    assert [row.position for row in ds._index.rows()] == [0, 1, *range(3, 10)]
    assert [row.position for row in ds._index.rows(excluded=True)] == list(range(10))
    assert (ds._index.count(), ds._index.total(), ds._index.excluded()) == (9, 10, {item(2): "blurred"})


def test_an_act_seen_by_another_index_at_once(ds: Dataset) -> None:
    other = index_of(ds)
    act = label(0, "jay")
    ds._log.append("species", [act])
    other.refresh()
    found = other.head("species", item(0), "anna")
    assert found is not None
    assert (found.act, found.conflict) == (act, False)


def test_an_act_on_an_item_not_known_yet_finds_its_place_later(ds: Dataset) -> None:
    ds._log.append("species", [label(10, "jay")])
    ds._index.refresh()
    assert not any(ds._index.turns("species", "anna", 0)[1].values())
    write_part(ds._folder, [sighting(10)])
    ds._index.refresh()
    assert ds._index.turns("species", "anna", 0)[1]["labeled"].tolist() == [10]


def test_turns_tell_what_became_current_since(ds: Dataset) -> None:
    ds._log.append("species", [label(0, "jay"), label(1, "jay", who="ben")])
    ds._index.refresh()
    turn, changed = ds._index.turns("species", "anna", 0)
    assert {status: list(positions) for status, positions in changed.items()} == {
        "labeled": [0], "skipped": [], "cleared": []
    }  # fmt: skip
    assert ds._index.turns("species", "anna", turn) == (turn, {})
    first = ds._index.head("species", item(0), "anna")
    assert first is not None
    ds._log.append("species", [label(0, None, status="skipped", supersedes=first.act.act)])
    ds._index.refresh()
    assert ds._index.turns("species", "anna", turn)[1]["skipped"].tolist() == [0]


def test_what_lies_in_the_folder_of_one_task_cannot_speak_of_another(ds: Dataset) -> None:
    act = label(0, "jay")
    out = Act(new_ulid(), "exclude", item=item(0))
    lines = [act.to_line(), dataclasses.replace(act, act="x", task="age").to_line(), out.to_line()]
    ds._folder.create("metadata/labels/species/w.jsonl", b"".join(lines))
    ds._folder.create("metadata/labels/_items/w.jsonl", label(1, "jay").to_line())
    assert heads(ds._index) == {(item(0), "anna"): "jay"}
    assert heads(ds._index, "age") == {}
    assert ds._index.excluded() == {}


def test_one_id_on_two_items_counts_for_the_first(ds: Dataset) -> None:
    first = label(0, "jay", received_at="2026-01-01T00:00:00.000Z")
    second = dataclasses.replace(first, item=item(1), received_at="2026-01-02T00:00:00.000Z")
    for one, other in ((first, second), (second, first)):
        fresh = Dataset.create(ds.path.parent / new_ulid())
        fresh._log.append("species", [one])
        fresh._index.refresh()
        fresh._log.append("species", [other])
        assert heads(fresh._index) == {(item(0), "anna"): "jay"}


def test_the_same_acts_in_any_number_of_journals_in_any_order_come_to_the_same(tmp_path: Path) -> None:
    rng = random.Random(5)
    acts: list[Act] = []
    for number in range(60):
        known = [act.act for act in acts]
        acts.append(
            label(rng.randrange(3), rng.choice(["jay", "rook", "tit"]), who=rng.choice(["anna", "ben"]),
                  received_at=f"2026-01-01T00:00:{number:02}.000Z", supersedes=rng.choice([None, *known])))  # fmt: skip
    found = []
    for round_ in range(4):
        folder = Folder(tmp_path / str(round_))
        index = Index(folder, "x")
        spread = acts + rng.choices(acts, k=30)
        rng.shuffle(spread)
        for start in range(0, len(spread), 9):
            data = b"".join(act.to_line() for act in spread[start : start + 9])
            folder.create(f"metadata/labels/species/{new_ulid()}.jsonl", data)
            if round_ % 2:
                index.refresh()
        index.refresh()
        found.append(
            {(head.act.item, head.act.annotator): (head.act.act, head.conflict) for head in index.heads("species")}
        )
    assert found[0] == found[1] == found[2] == found[3]


def test_a_poisoned_part_is_an_error_that_names_it(ds: Dataset) -> None:
    ds._folder.create("metadata/items/00000000000000000000000000.parquet", b"PAR1 not")
    with pytest.raises(DatasetError, match=r"0000\.parquet"):
        ds._index.refresh()
    (ds.path / "metadata/items/00000000000000000000000000.parquet").unlink()
    assert len(ds) == 10


def test_progress_is_told(tmp_path: Path) -> None:
    ds = make(tmp_path, 20_000)
    told: list[tuple[int, int | None]] = []
    ds._index.refresh(lambda done, total: told.append((done, total)))
    assert told[-1] == (20_000, 20_000)
    assert len(told) > 1


def test_threads_share_an_index(ds: Dataset) -> None:
    wrong: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for count in range(15):
                ds._log.append("species", [label(number, str(count), who=f"{number}-{count}")])
                ds._index.refresh()
                assert ds._index.head("species", item(number), f"{number}-{count}") is not None
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(heads(ds._index)) == 60


def _child(ds: Dataset, number: int) -> None:
    ds._log.append("species", [label(number, "rook")])
    ds._index.refresh()
    os._exit(0 if ds._index.head("species", item(number), "anna") else 9)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(ds: Dataset) -> None:
    ds._index.refresh()
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_child, args=(ds, number)) for number in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert len(heads(ds._index)) == 3


def test_lone_surrogates_in_the_log_harm_nothing(ds: Dataset) -> None:
    plain = label(0, "\ud800", comment="\udfff half")
    poisoned = [label(1, "jay", act="\ud800"), label(1, "jay", item="\ud800"), label(1, "jay", who="\ud800")]
    lines = [act.to_line() for act in poisoned]
    ds._folder.create("metadata/labels/species/w.jsonl", b"".join([plain.to_line(), *lines]))
    assert heads(ds._index) == {(item(0), "anna"): "\ud800"}
    (found,) = ds._index.labels("species")
    assert found.comment == "? half"


def test_a_file_that_takes_the_number_of_the_last_one_is_not_taken_for_it(ds: Dataset) -> None:
    ds._log.append("species", [label(0, "jay")])
    for _ in range(20):
        ds._index.refresh()
        ds._index._path.unlink()
        ds._index._local.held = None
        assert ds._index.total() == 10
        assert ds._index.head("species", item(0), "anna") is not None
