import errno
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from nbtools import storage
from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.errors import LabelError, QueryError, SchemaError, UnknownItemError
from nbtools.storage import new_ulid
from tests.store.making import item, make


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    ds = make(tmp_path, 10)
    ds.task("species", "choice", ["jay", "rook"], title="Which bird?")
    return ds


@pytest.fixture
def session(ds: Dataset) -> Session:
    return Session(ds, "species", annotator="anna", identity="verified", show=["writer"])


def act(number: int, value: Any = "jay", **more: Any) -> dict[str, Any]:
    status = "labeled" if value is not None else "skipped"
    given = {"act": new_ulid(), "item": item(number), "kind": "label", "schema": 1, "status": status, "value": value}
    return given | more


def undo(of: dict[str, Any]) -> dict[str, Any]:
    return act(0, None, kind="undo", item=of["item"], undoes=of["act"], supersedes=of["act"])


def one(session: Session, message: dict[str, Any]) -> dict[str, Any]:
    (ack,) = session.record([message])
    return ack


def pages(session: Session, count: int = 4) -> list[tuple[list[int], bool]]:
    """Follow the cursor to the end; return the positions of each page and whether they come again."""
    found, cursor = [], None
    while True:
        page = session.fetch(cursor, count)
        if page.items:
            found.append(([view["position"] for view in page.items], page.items[0]["again"]))
        if page.exhausted:
            return found
        cursor = page.cursor


def test_it_describes_what_a_front_end_needs(ds: Dataset, session: Session) -> None:
    assert session.describe() == {
        "dataset": {"id": ds.id, "name": "ds"},
        "task": {
            "name": "species",
            "kind": "choice",
            "schema": 1,
            "title": "Which bird?",
            "guidelines": None,
            "options": [
                {"id": name, "name": name, **dict.fromkeys(("key", "color", "description", "group", "picture"))}
                for name in ("jay", "rook")
            ],
            "settings": {},
        },
        "annotator": {"name": "anna", "identity": "verified"},
        "mode": "new",
        "counts": {"total": 10, "labeled": 0, "skipped": 0, "left": 10},
        "show": ["writer"],
        "order": None,
        "chunk": 3_500_000,
        "suggests": False,
    }


def test_a_view_says_what_is_shown(session: Session) -> None:
    (view,) = session.fetch(None, 1).items
    assert view == {
        "position": 0, "id": item(0), "kind": "text", "media_type": "text/plain", "name": "0.txt", "bytes": 6,
        "width": None, "height": None, "duration": None, "attributes": {"writer": "w0"}, "text": None,
        "current": None, "given": {}, "suggestion": None, "again": False,
    }  # fmt: skip


def test_pages_go_through_what_is_not_labeled_and_then_what_was_skipped(session: Session) -> None:
    session.record([act(1), act(3, None), act(8, None), act(9)])
    assert pages(session, 3) == [([0, 2, 4], False), ([5, 6, 7], False), ([3, 8], True)]


def test_done_is_only_said_when_nothing_is_left(session: Session) -> None:
    session.record([act(number) for number in range(9)])
    page = session.fetch(None, 5)
    assert [view["position"] for view in page.items] == [9]
    assert page.exhausted
    session.record([act(9)])
    page = session.fetch(None, 5)
    assert (page.items, page.exhausted, session.counts()["left"]) == ([], True, 0)


def test_an_item_that_is_skipped_on_the_way_is_offered_again(session: Session) -> None:
    page = session.fetch(None, 10)
    assert page.exhausted
    session.record([act(4, None)])
    again = session.fetch(page.cursor, 10)
    assert [(view["position"], view["again"]) for view in again.items] == [(4, True)]


def test_counts_follow_each_act(session: Session) -> None:
    first = act(0)
    session.record([first, act(1, None)])
    assert session.counts() == {"total": 10, "labeled": 1, "skipped": 1, "left": 8}
    session.record([undo(first)])
    assert session.counts() == {"total": 10, "labeled": 0, "skipped": 1, "left": 9}


def test_an_acknowledged_label_is_in_the_dataset_at_once(ds: Dataset, session: Session) -> None:
    sent = act(2, "rook", flagged=True, unsure=True, comment="dark", visible_ms=12.6, shown_at="2026-01-01T00:00:00Z")
    ack = one(session, sent)
    current = {"act": sent["act"], "value": "rook", "status": "labeled", "flagged": True, "unsure": True}
    assert ack == {"act": sent["act"], "saved": True, "current": current | {"comment": "dark", "conflict": False}}
    (found,) = Dataset(ds.path)._index.history("species")[1:]
    assert (found.act, found.annotator, found.identity, found.visible_ms) == (sent["act"], "anna", "verified", 13)
    assert ds.labels("species")[["item", "value"]].to_numpy().tolist() == [[item(2), "rook"]]


def test_an_act_sent_again_is_saved_and_a_duplicate(ds: Dataset, session: Session) -> None:
    sent = act(0)
    first = one(session, sent)
    assert one(session, sent) == first | {"duplicate": True}
    assert [ack.get("duplicate", False) for ack in session.record([act(1), sent, sent])] == [False, True, True]
    both = act(3)
    assert [ack.get("duplicate", False) for ack in session.record([both, both])] == [False, True]
    assert len(ds.labels("species", history=True)) == 4  # the schema and three labels


def test_an_act_known_to_another_process_is_a_duplicate(ds: Dataset, session: Session) -> None:
    sent = act(0)
    one(session, sent)
    other = Session(Dataset(ds.path), "species", annotator="anna", identity="verified")
    assert one(other, sent)["duplicate"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"act": "x"}, "not the id"),
        ({"act": None}, "not the id"),
        ({"act": 5}, "not the id"),
        ({"item": "f" * 32}, "no item"),
        ({"item": "../../etc/passwd"}, "no item"),
        ({"item": "\ud800"}, "no item"),
        ({"item": None}, "no item"),
        ({"kind": "delete"}, "of kind"),
        ({"kind": None}, "of kind"),
        ({"schema": 2}, "no schema 2"),
        ({"schema": "1"}, "is a number"),
        ({"schema": True}, "is a number"),
        ({"schema": None}, "is a number"),
        ({"status": "done"}, "status"),
        ({"status": None}, "status"),
        ({"value": "crow"}, "no option"),
        ({"value": None}, "no option"),
        ({"value": ["jay"]}, "no option"),
        ({"value": {"a": 1}}, "no option"),
        ({"flagged": 1}, "true or false"),
        ({"unsure": "yes"}, "true or false"),
        ({"comment": 5}, "comment"),
        ({"comment": "x" * 10_001}, "shorten"),
        ({"shown_at": "yesterday"}, "is a time"),
        ({"sent_at": 5}, "is a time"),
        ({"visible_ms": -1}, "milliseconds"),
        ({"visible_ms": float("nan")}, "milliseconds"),
        ({"active_ms": "5"}, "milliseconds"),
        ({"active_ms": 1e300}, "milliseconds"),
        ({"supersedes": "<script>"}, "not the id"),
        ({"supersedes": 5}, "not the id"),
    ],
)
def test_what_is_not_valid_is_refused_for_good_and_the_others_are_saved(
    ds: Dataset, session: Session, change: dict[str, Any], words: str
) -> None:
    good = act(1)
    bad, fine = session.record([act(0) | change, good])
    assert (bad["saved"], bad["final"]) == (False, True)
    assert words in bad["why"]
    assert len(bad["why"]) < 400
    assert (fine["act"], fine["saved"]) == (good["act"], True)
    assert len(ds.labels("species")) == 1


def test_an_act_that_follows_itself_is_refused(session: Session) -> None:
    sent = act(0)
    assert one(session, sent | {"supersedes": sent["act"]})["final"]


def test_the_annotator_is_never_taken_from_a_message(ds: Dataset, session: Session) -> None:
    one(session, act(0, annotator="ben", identity="import", received_at="1970-01-01T00:00:00Z", origin="import"))
    (row,) = ds.labels("species").to_dict("records")
    assert (row["annotator"], row["identity"], row["origin"]) == ("anna", "verified", "person")
    assert row["at"].year > 2000


def test_the_id_of_anothers_act_is_refused(ds: Dataset, session: Session) -> None:
    sent = act(0)
    one(session, sent)
    ben = Session(ds, "species", annotator="ben", identity="verified")
    assert "another one's" in one(ben, sent)["why"]
    assert "another one's" in one(session, sent | {"item": item(1)})["why"]


def test_undo_brings_back_and_redo_too(session: Session) -> None:
    first = act(0, "jay", flagged=True, comment="c")
    second = act(0, "rook", supersedes=first["act"])
    session.record([first, second])
    took_back = undo(second)
    current = one(session, took_back)["current"]
    assert (current["value"], current["flagged"], current["comment"]) == ("jay", True, "c")
    redo = undo(took_back)
    assert one(session, redo)["current"]["value"] == "rook"
    assert one(session, undo(redo))["current"]["value"] == "jay"


def test_a_label_and_its_undo_in_one_message(session: Session) -> None:
    sent = act(0)
    acks = session.record([sent, undo(sent)])
    assert [ack["saved"] for ack in acks] == [True, True]
    assert acks[1]["current"]["status"] == "cleared"
    assert session.counts()["left"] == 10


def test_undo_of_what_is_not_there_yet_can_be_sent_again(session: Session) -> None:
    sent = act(0)
    early = undo(sent)
    ack = one(session, early)
    assert (ack["saved"], ack["final"]) == (False, False)
    one(session, sent)
    assert one(session, early)["saved"]


def test_undo_of_what_was_refused_is_refused(session: Session) -> None:
    sent = act(0, "crow")
    one(session, sent)
    assert one(session, undo(sent))["final"]
    bad = act(1, "crow")
    assert [ack["final"] for ack in session.record([bad, undo(bad)])] == [True, True]


def test_undo_of_anothers_act_does_nothing(ds: Dataset, session: Session) -> None:
    sent = act(0)
    one(session, sent)
    ben = Session(ds, "species", annotator="ben", identity="verified")
    assert not one(ben, undo(sent))["saved"]
    assert ds.labels("species").annotator.tolist() == ["anna"]


def test_two_tabs_and_the_second_one_is_told(ds: Dataset, session: Session) -> None:
    other = Session(ds, "species", annotator="anna", identity="verified")
    first, second = act(0, "jay"), act(0, "rook")
    one(session, first)
    ack = one(other, second)
    assert ack["saved"]
    assert ack["conflict"]
    assert (ack["current"]["act"], ack["current"]["conflict"]) == (first["act"], True)
    settled = one(other, act(0, "rook", supersedes=first["act"]))
    assert "conflict" not in settled
    assert not settled["current"]["conflict"]


def test_two_annotators_do_not_see_each_other(ds: Dataset, session: Session) -> None:
    ben = Session(ds, "species", annotator="ben", identity="verified")
    session.record([act(0)])
    assert ben.counts()["labeled"] == 0
    assert ben.item(position=0)["current"] is None


def test_labels_of_another_process_are_counted(ds: Dataset, session: Session) -> None:
    session.counts()
    other = Session(Dataset(ds.path), "species", annotator="anna", identity="verified")
    other.record([act(5)])
    assert session.counts()["labeled"] == 1
    assert session.item(id=item(5))["current"]["value"] == "jay"


def test_a_full_disk_leaves_acts_unsaved_and_says_why(
    ds: Dataset, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    sent = [act(0), act(1, "crow"), act(2)]
    sent.append(undo(sent[0]))
    monkeypatch.setattr(storage, "_write", full)
    acks = session.record(sent)
    assert [(ack["saved"], ack["final"]) for ack in acks] == [
        (False, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert "No space left on device" in acks[0]["why"]
    assert session.counts()["left"] == 10
    monkeypatch.undo()
    assert [ack["saved"] for ack in session.record(sent)] == [True, False, True, True]
    assert ds.labels("species").item.tolist() == [item(2)]


def test_what_was_saved_before_stays_saved_on_a_full_disk(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    sent = act(0)
    one(session, sent)
    monkeypatch.setattr(storage, "_write", full)
    assert [ack["saved"] for ack in session.record([sent, act(1)])] == [True, False]


def test_a_label_is_saved_while_another_process_writes_the_index(ds: Dataset, session: Session) -> None:
    blocker = sqlite3.connect(ds._index._path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    sent = act(0)
    ack = one(session, sent)
    assert ack["saved"]
    assert ack["current"]["act"] == sent["act"]
    later = one(session, act(0, "rook", supersedes=sent["act"]))
    assert later["saved"]
    blocker.execute("ROLLBACK")
    blocker.close()
    assert session.counts()["labeled"] == 1
    assert ds.labels("species")["value"].tolist() == ["rook"]


def test_nobody_labels_before_they_are_known(ds: Dataset) -> None:
    session = Session(ds, "species")
    assert session.describe()["annotator"] is None
    assert one(session, act(0))["final"] is False
    session.introduce("  Anna ")
    assert session.describe()["annotator"] == {"name": "Anna", "identity": "self-declared"}
    with pytest.raises(LabelError, match="Anna is labeling here"):
        session.introduce("Ben")
    assert one(session, act(0))["saved"]


def test_who_comes_back_finds_what_they_did(ds: Dataset, session: Session) -> None:
    session.record([act(0), act(1)])
    again = Session(ds, "species")
    assert again.counts()["labeled"] == 0
    again.introduce("anna")
    assert again.counts()["labeled"] == 2


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 65, 7, None, "import"])
def test_what_is_no_name_is_refused(ds: Dataset, name: Any) -> None:
    with pytest.raises(LabelError):
        Session(ds, "species").introduce(name)


def test_an_option_added_elsewhere_is_known_at_once(ds: Dataset, session: Session) -> None:
    Dataset(ds.path).task("species", options=["jay", "rook", "tit"])
    assert one(session, act(0, "tit", schema=2))["saved"]
    assert session.describe()["task"]["schema"] == 2


def test_a_label_made_under_an_earlier_schema_is_kept(ds: Dataset, session: Session) -> None:
    ds.task("species", options=["jay"])
    assert one(session, act(0, "rook", schema=1))["saved"]
    assert one(session, act(1, "rook", schema=2))["final"]


def test_a_selection_by_expression(ds: Dataset) -> None:
    session = Session(ds, "species", annotator="anna", where="writer = 'w1'")
    assert session.counts() == {"total": 3, "labeled": 0, "skipped": 0, "left": 3}
    assert pages(session) == [([1, 4, 7], False)]
    with pytest.raises(UnknownItemError):
        session.item(position=0)


def test_a_selection_in_an_order_of_its_own(ds: Dataset) -> None:
    session = Session(ds, "species", annotator="anna", items=[item(7), item(2)[:9], item(5), item(7)])
    assert pages(session, 2) == [([7, 2], False), ([5], False)]
    session.record([act(2), act(7, None)])
    assert pages(session, 2) == [([5], False), ([7], True)]
    assert session.counts() == {"total": 3, "labeled": 1, "skipped": 1, "left": 1}


def test_both_selections_at_once(ds: Dataset) -> None:
    session = Session(ds, "species", annotator="anna", items=[item(7), item(2)], where="writer = 'w1'")
    assert pages(session) == [([7], False)]


def test_what_was_kept_for_an_item_outside_the_selection_is_saved(ds: Dataset) -> None:
    session = Session(ds, "species", annotator="anna", items=[item(7)])
    assert one(session, act(2))["saved"]


def test_review_goes_through_what_anyone_has_labeled(ds: Dataset) -> None:
    ds.record("species", {item(3): "rook", item(6): "jay"})
    Session(ds, "species", annotator="ben").record([act(6, "rook"), act(8, None)])
    session = Session(ds, "species", annotator="anna", mode="review")
    assert pages(session) == [([3, 6], False)]
    views = session.fetch(None, 5).items
    assert [view["current"]["value"] for view in views] == ["rook", "rook"]
    confirmed = act(3, "rook", supersedes=views[0]["current"]["act"])
    assert "conflict" not in one(session, confirmed)
    assert session.item(position=3)["current"]["act"] == confirmed["act"]
    assert pages(session) == [([3, 6], False)]
    assert session.counts() == {"total": 2, "labeled": 1, "skipped": 0, "left": 1}


def test_excluded_items_are_not_offered(ds: Dataset, session: Session) -> None:
    ds.exclude([item(0), item(5)])
    assert session.counts()["total"] == 8
    assert pages(session, 10) == [([1, 2, 3, 4, 6, 7, 8, 9], False)]
    ds.include(item(5))
    assert session.counts()["total"] == 9


def test_new_items_are_offered(ds: Dataset, session: Session) -> None:
    from nbtools.items.catalogue import write_part
    from tests.store.making import sighting

    session.record([act(0)])
    write_part(ds._folder, [sighting(10)])
    assert len(session.fetch(None, 20).items) == 10
    assert session.counts() == {"total": 11, "labeled": 1, "skipped": 0, "left": 10}


def test_items_by_id_and_position(session: Session) -> None:
    assert session.item(id=item(3)) == session.item(position=3)
    for wrong in ({"id": "f" * 32}, {"id": "\ud800"}, {"position": 10}, {"position": -1}, {"position": 2**70}, {}):
        with pytest.raises(UnknownItemError):
            session.item(**wrong)


@pytest.mark.parametrize("cursor", [[], [0], [2, 0], [0, -1], ["0", 0], [0, 2**60], [0, 0, 0], [0, None]])
def test_a_cursor_that_was_not_handed_out_is_refused(session: Session, cursor: Any) -> None:
    with pytest.raises(LabelError, match="cursor"):
        session.fetch(cursor, 5)


def test_a_page_is_bounded(session: Session) -> None:
    assert len(session.fetch(None, 10**9).items) == 10
    assert len(session.fetch(None, -5).items) == 1


def test_a_task_or_attribute_that_is_not_there_is_named(ds: Dataset) -> None:
    with pytest.raises(SchemaError, match="did you mean 'species'"):
        Session(ds, "specie")
    with pytest.raises(SchemaError, match="no task"):
        Session(ds, "../../etc")
    with pytest.raises(SchemaError, match="did you mean 'writer'"):
        Session(ds, "species", show=["writter"])
    with pytest.raises(QueryError):
        Session(ds, "species", where="writter = 1")
    with pytest.raises(UnknownItemError):
        Session(ds, "species", items=["zz"])


def test_the_bytes_of_an_item_lie_inside(ds: Dataset, session: Session) -> None:
    from nbtools.errors import UnsafePathError
    from nbtools.items.catalogue import write_part
    from tests.store.making import sighting

    assert session.path(item(3)).read_bytes() == b"item 3"
    write_part(ds._folder, [sighting(10, path="../../secret"), sighting(11, path="/etc/passwd")])
    session.fetch(None, 1)
    for number in (10, 11):
        with pytest.raises(UnsafePathError):
            session.path(item(number))
    with pytest.raises(UnknownItemError):
        session.path("f" * 32)


def test_threads_share_a_session(ds: Dataset, session: Session) -> None:
    wrong: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for number in range(start, 10, 3):
                assert one(session, act(number))["saved"]
                session.fetch(None, 3)
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert session.counts()["labeled"] == 10
    assert len(ds.labels("species")) == 10


def test_a_grid_shows_the_selection_by_place_and_what_is_labeled_meanwhile_keeps_its_place(session: Session) -> None:
    views, total = session.grid(2, 3, unlabeled=False, fresh=True)
    assert ([view["position"] for view in views], total) == ([2, 3, 4], 10)
    one(session, act(1))
    views, total = session.grid(0, 2, unlabeled=True, fresh=True)
    assert ([view["position"] for view in views], total) == ([0, 2], 9)
    one(session, act(0))
    views, total = session.grid(0, 2, unlabeled=True, fresh=False)
    assert ([view["position"] for view in views], total) == ([0, 2], 9)
    assert views[0]["current"]["value"] == "jay"
    assert session.grid(9, 50, unlabeled=True, fresh=False) == ([], 9)


def test_a_grid_of_a_selection_keeps_its_order(ds: Dataset) -> None:
    session = Session(ds, "species", annotator="anna", identity="verified", items=[item(7), item(2), item(5)])
    views, total = session.grid(0, 9, unlabeled=False, fresh=False)
    assert ([view["position"] for view in views], total) == ([7, 2, 5], 3)


def test_acts_of_one_bulk_can_be_told_and_reverted_together(ds: Dataset, session: Session) -> None:
    bulk = new_ulid()
    acks = session.record([act(number, bulk=bulk) for number in range(3)])
    assert [ack["saved"] for ack in acks] == [True, True, True]
    assert ds.history("species")["bulk"].tolist()[-3:] == [bulk] * 3
    ds.revert(bulk)
    assert ds.labels("species").empty
    assert "'bulk' is not the id of an act" in one(session, act(4, bulk="many"))["why"]
