"""The Labeler, with a real dataset behind it and a wire in the place of a browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ulid import ULID

import nbtools
from nbtools import orders
from nbtools.dataset import Dataset
from nbtools.errors import OrderError, QueryError, SchemaError, UnknownItemError
from nbtools.widgets.display import DisplayItem
from nbtools.widgets.events import LabelEvent
from nbtools.widgets.labeler import Labeler
from tests.widgets.birds import birds, songs
from tests.widgets.wire import Browser


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return birds(tmp_path / "birds")


@pytest.fixture
def labeler(ds: Dataset) -> Labeler:
    return Labeler(ds, "species", show=["site"], annotator="anna")


@pytest.fixture
def browser(labeler: Labeler) -> Browser:
    return Browser(labeler)


def fetched(browser: Browser, cursor: list[int] | None = None, count: int = 200) -> dict[str, Any]:
    """Ask for a page of items."""
    return browser.ask("fetch", request=1, cursor=cursor, count=count, bytes=10**7)


def act(item: str, value: object = "jay", **more: object) -> dict[str, Any]:
    """Return an act as a page makes it."""
    return {
        "act": str(ULID()),
        "item": item,
        "kind": "label",
        "schema": 1,
        "status": "labeled",
        "value": value,
        "flagged": False,
        "unsure": False,
        "comment": None,
        "supersedes": None,
        "undoes": None,
        "shown_at": "2026-11-03T10:00:00.000Z",
        "sent_at": "2026-11-03T10:00:01.000Z",
        "visible_ms": 1000,
        "active_ms": 900,
        **more,
    }


def test_a_page_opens(browser: Browser, ds: Dataset) -> None:
    opened = browser.ask("open", client=str(ULID()))
    assert opened["type"] == "opened"
    assert opened["dataset"] == {"id": ds.id, "name": "Birds"}
    assert opened["annotator"] == {"name": "anna", "identity": "python"}
    assert [option["id"] for option in opened["task"]["options"]] == ["jay", "rook", "magpie"]
    assert opened["counts"] == {"total": 12, "labeled": 0, "skipped": 0, "left": 12}
    assert opened["chunk"] == 3_500_000


def test_items_come_with_what_is_shown_of_them(browser: Browser, ds: Dataset) -> None:
    page = fetched(browser, count=3)
    assert [entry["position"] for entry in page["items"]] == [0, 1, 2]
    for entry in page["items"]:
        data = browser.buffers[entry["content"]["buffer"]]
        assert data == (ds.path / "processed" / f"{entry['id']}.png").read_bytes()
        assert entry["attributes"].keys() == {"site"}
    assert page["exhausted"] is False


def test_pages_follow_each_other_to_the_end(browser: Browser) -> None:
    seen: list[int] = []
    cursor = None
    for _ in range(20):
        page = fetched(browser, cursor, 5)
        seen += [entry["position"] for entry in page["items"]]
        cursor = page["cursor"]
        if page["exhausted"]:
            break
    assert seen == list(range(12))


def test_a_page_that_is_cut_goes_on_where_it_was_cut(ds: Dataset) -> None:
    def large(item: DisplayItem) -> np.ndarray:
        return np.zeros((1000, 1000), "uint8")

    browser = Browser(Labeler(ds, "species", display=large, annotator="anna"))
    seen: list[int] = []
    page = fetched(browser)
    assert 1 <= len(page["items"]) <= 3
    while page["items"]:
        seen += [entry["position"] for entry in page["items"]]
        page = fetched(browser, page["cursor"])
    assert seen == list(range(12))


def test_a_label_is_on_the_disk_when_it_is_acknowledged(browser: Browser, ds: Dataset) -> None:
    item = fetched(browser)["items"][0]["id"]
    answer = browser.ask("acts", acts=[act(item, "rook")])
    (ack,) = answer["acks"]
    assert ack["saved"] is True
    assert ack["current"]["value"] == "rook"
    assert answer["counts"]["labeled"] == 1
    lines = [line for file in ds.path.glob("metadata/labels/species/*.jsonl") for line in file.read_text().splitlines()]
    (line,) = [json.loads(line) for line in lines if json.loads(line)["type"] == "label"]
    assert (line["value"], line["annotator"], line["identity"]) == ("rook", "anna", "python")
    assert list(Dataset(ds.path).labels("species")["value"]) == ["rook"]


def test_an_act_sent_twice_counts_once(browser: Browser, labeler: Labeler) -> None:
    said = act(fetched(browser)["items"][0]["id"])
    told: list[LabelEvent] = []
    labeler.on_label(told.append)
    for _ in range(3):
        assert browser.ask("acts", acts=[said])["acks"][0]["saved"] is True
    assert len(labeler.labels) == 1
    assert len(told) == 1


def test_one_bad_act_spoils_no_other(browser: Browser, labeler: Labeler) -> None:
    items = [entry["id"] for entry in fetched(browser)["items"]]
    sent = [act(items[0]), act(items[1], "ostrich"), act(items[2], annotator="ben"), act("f" * 32), act(items[3])]
    (answer, *_) = browser.send({"v": 1, "type": "acts", "acts": sent})
    assert [ack["saved"] for ack in answer["acks"]] == [True, False, False, False, True]
    assert [ack["act"] for ack in answer["acks"]] == [one["act"] for one in sent]
    assert all(ack["final"] is True and ack["why"] for ack in answer["acks"] if not ack["saved"])
    assert set(labeler.labels["item"]) == {items[0], items[3]}


def test_undo_takes_back_and_redo_brings_again(browser: Browser, labeler: Labeler) -> None:
    item = fetched(browser)["items"][0]["id"]
    first = act(item, "jay")
    browser.ask("acts", acts=[first])
    undo = act(item, None, kind="undo", undoes=first["act"], supersedes=first["act"], status="cleared")
    assert browser.ask("acts", acts=[undo])["acks"][0]["current"]["status"] == "cleared"
    assert labeler.counts["labeled"] == 0
    redo = act(item, "rook", kind="undo", undoes=undo["act"], supersedes=undo["act"], status="labeled")
    (ack,) = browser.ask("acts", acts=[redo])["acks"]
    # The kernel says what is brought back, not the page.
    assert (ack["current"]["status"], ack["current"]["value"]) == ("labeled", "jay")


def test_a_label_can_be_flagged_unsure_and_commented(browser: Browser, labeler: Labeler) -> None:
    item = fetched(browser)["items"][0]["id"]
    browser.ask("acts", acts=[act(item, flagged=True, unsure=True, comment="<b>behind</b> the branch")])
    (row,) = labeler.labels.to_dict("records")
    assert (row["flagged"], row["unsure"], row["comment"]) == (True, True, "<b>behind</b> the branch")


def test_an_item_by_id_and_by_position(browser: Browser) -> None:
    items = fetched(browser)["items"]
    by_id = browser.ask("item", request=4, id=items[5]["id"])
    assert (by_id["request"], by_id["cursor"], by_id["items"][0]["position"]) == (4, None, 5)
    assert browser.ask("item", request=5, position=7)["items"][0]["id"] == items[7]["id"]
    missing = browser.ask("item", request=6, position=99)
    assert (missing["type"], missing["of"], missing["request"]) == ("error", "item", 6)


def test_the_bytes_of_a_file(browser: Browser, ds: Dataset) -> None:
    item = fetched(browser)["items"][0]["id"]
    data = (ds.path / "processed" / f"{item}.png").read_bytes()
    answer = browser.ask("bytes", request=9, item=item, start=10, full=True)
    assert (answer["start"], answer["total"]) == (10, len(data))
    assert browser.buffers == [data[10:]]
    assert browser.ask("bytes", request=9, item="f" * 32, start=0, full=True)["type"] == "error"


def test_the_waveform_of_a_recording(tmp_path: Path) -> None:
    ds = songs(tmp_path / "songs")
    browser = Browser(Labeler(ds, "calls", annotator="anna"))
    (entry,) = fetched(browser)["items"]
    assert entry["content"]["wav"]["frames"] == 4_800_000
    assert browser.ask("peaks", request=3, item=entry["id"])["total"] == 20_000
    (peaks,) = browser.buffers
    assert np.frombuffer(peaks, "i1").reshape(-1, 2)[9_999].tolist() == [115, 115]
    assert list(ds.path.glob("metadata/cache/derived/*/*.peaks"))


def test_what_is_no_recording_has_no_waveform(browser: Browser) -> None:
    item = fetched(browser)["items"][0]["id"]
    answer = browser.ask("peaks", request=3, item=item)
    assert (answer["type"], answer["request"]) == ("error", 3)
    assert "no WAV file" in answer["why"]


def test_a_broken_file_is_the_error_of_its_item_only(browser: Browser, ds: Dataset) -> None:
    items = [entry["id"] for entry in fetched(browser)["items"]]
    (ds.path / "processed" / f"{items[1]}.png").unlink()
    contents = [entry["content"] for entry in fetched(browser)["items"]]
    assert ["error" in content for content in contents[:3]] == [False, True, False]


def test_a_person_introduces_themselves_once(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOILA_REQUEST_URL", "http://localhost:8866/")
    labeler = Labeler(ds, "species")
    browser = Browser(labeler)
    assert browser.ask("open", client=str(ULID()))["annotator"] is None
    item = fetched(browser)["items"][0]["id"]
    early = browser.send({"v": 1, "type": "acts", "acts": [act(item)]})[0]
    assert early["type"] == "error" or early["acks"][0]["saved"] is False
    opened = browser.ask("introduce", name="ben")
    assert opened["annotator"] == {"name": "ben", "identity": "self-declared"}
    # Said again because no answer was heard, it is no error.
    assert browser.ask("introduce", name=" ben ")["annotator"]["name"] == "ben"
    again = browser.ask("introduce", name="carla")
    assert (again["type"], again["of"]) == ("error", "introduce")
    browser.ask("acts", acts=[act(item)])
    assert list(labeler.labels["annotator"]) == ["ben"]


def test_listeners_are_told_and_can_leave(browser: Browser, labeler: Labeler) -> None:
    items = [entry["id"] for entry in fetched(browser)["items"]]
    told: list[LabelEvent] = []
    leave = labeler.on_label(told.append)
    first = act(items[0], "rook", flagged=True, comment="hm")
    browser.ask("acts", acts=[first])
    assert told == [LabelEvent(first["act"], "species", items[0], "anna", "rook", "labeled", True, False, "hm")]
    undo = act(items[0], None, kind="undo", undoes=first["act"], supersedes=first["act"], status="cleared")
    browser.ask("acts", acts=[undo])
    assert (told[1].status, told[1].value) == ("cleared", None)
    leave()
    leave()
    browser.ask("acts", acts=[act(items[1])])
    assert len(told) == 2
    with pytest.raises(TypeError, match="a function"):
        labeler.on_label("print")  # type: ignore[arg-type]


def test_a_listener_may_use_the_labeler_and_its_failure_stops_nothing(browser: Browser, labeler: Labeler) -> None:
    def fail(event: LabelEvent) -> None:
        raise KeyError(f"no {event.value}")

    items = [entry["id"] for entry in fetched(browser)["items"]]
    seen: list[int] = []
    labeler.on_label(fail)
    # It is called outside the lock: asking here would wait for ever otherwise.
    labeler.on_label(lambda _: seen.append(browser.ask("ping")["counts"]["labeled"]))
    acks, *_, error = browser.send({"v": 1, "type": "acts", "acts": [act(items[0])]})
    assert acks["acks"][0]["saved"] is True
    assert error["of"] == "on_label"
    assert "KeyError" in error["why"]
    assert "test_labeler.py" in error["why"]
    assert seen == [1]


def test_goto_shows_an_item(browser: Browser, labeler: Labeler) -> None:
    item = fetched(browser)["items"][6]["id"]
    labeler.goto(item[:12])
    assert browser.said()[-1] == {"v": 1, "type": "goto", "position": 6, "id": item}
    with pytest.raises(UnknownItemError):
        labeler.goto("f" * 32)


def test_a_display_is_shown_and_its_failure_is_of_one_item(ds: Dataset) -> None:
    seen: list[DisplayItem] = []

    def show(item: DisplayItem) -> object:
        seen.append(item)
        if len(seen) == 2:
            raise OSError("no such slice")
        return f"{item.kind} from {item.attributes['site']}"

    browser = Browser(Labeler(ds, "species", display=show, annotator="anna"))
    contents = [entry["content"] for entry in fetched(browser, count=3)["items"]]
    assert contents[0]["text"].startswith("image from ")
    assert "no such slice" in contents[1]["error"]
    assert "text" in contents[2]
    assert seen[0].path.is_file()
    assert seen[0].sources[0].startswith("raw/")


def test_only_some_items_by_list_and_by_condition(ds: Dataset) -> None:
    all_items = [entry["id"] for entry in fetched(Browser(Labeler(ds, "species", annotator="anna")))["items"]]
    some = Labeler(ds, "species", items=all_items[2:5], annotator="anna")
    assert [entry["id"] for entry in fetched(Browser(some))["items"]] == all_items[2:5]
    north = Labeler(ds, "species", where="site = 'north'", show=["site"], annotator="anna")
    assert {entry["attributes"]["site"] for entry in fetched(Browser(north))["items"]} == {"north"}
    assert north.counts["total"] == 6


def test_review_shows_what_is_labeled(browser: Browser, ds: Dataset) -> None:
    items = [entry["id"] for entry in fetched(browser)["items"]]
    browser.ask("acts", acts=[act(items[3]), act(items[8], "rook")])
    page = fetched(Browser(Labeler(ds, "species", mode="review", annotator="anna")))
    assert [(entry["id"], entry["current"]["value"]) for entry in page["items"]] == [
        (items[3], "jay"),
        (items[8], "rook"),
    ]


def test_wrong_use_is_an_error_that_helps(ds: Dataset) -> None:
    with pytest.raises(TypeError, match="did you mean 'where'"):
        Labeler(ds, "species", wher="x")
    with pytest.raises(SchemaError, match="specie"):
        Labeler(ds, "specie")
    with pytest.raises(QueryError):
        Labeler(ds, "species", where="select from")


def test_the_saved_cell_says_what_it_was(browser: Browser, labeler: Labeler) -> None:
    item = fetched(browser)["items"][0]["id"]
    browser.ask("acts", acts=[act(item)])
    bundle = labeler._repr_mimebundle_()
    assert bundle is not None
    assert bundle[0]["text/plain"] == "Labeler · species · 1 of 12 · run this cell to go on"
    assert repr(labeler) == "Labeler · species · 1 of 12"


def test_nothing_of_the_data_is_in_a_trait(ds: Dataset) -> None:
    labeler = Labeler(ds, "species", show=["site"], where="site = 'north'", annotator="anna")
    browser = Browser(labeler)
    fetched(browser)
    state = labeler.get_state()
    kept = json.dumps({name: value for name, value in state.items() if name != "_esm"}, default=str)
    assert len(kept) < 2000
    for word in ("jay", "north", "anna", "Birds", str(ds.path), ds.id):
        assert word not in kept
    own = {name: trait for name, trait in labeler.traits(sync=True).items() if "nbtools" in trait.this_class.__module__}
    assert all(trait.help for name, trait in own.items() if name != "_anywidget_id")


def test_acts_from_two_threads_beside_each_other(browser: Browser, labeler: Labeler) -> None:
    items = [entry["id"] for entry in fetched(browser)["items"]]
    together = threading.Barrier(4)

    def label(mine: list[str]) -> None:
        together.wait(30)
        for item in mine:
            browser.send({"v": 1, "type": "acts", "acts": [act(item)]})
            browser.send({"v": 1, "type": "fetch", "request": 1, "cursor": None, "count": 5, "bytes": 10**6})

    threads = [threading.Thread(target=label, args=(items[start::3],)) for start in range(3)]
    for thread in threads:
        thread.start()
    together.wait(30)
    for thread in threads:
        thread.join(60)
    said = browser.said()
    assert [answer for answer in said if answer["type"] == "error"] == []
    assert sum(ack["saved"] for answer in said if answer["type"] == "acks" for ack in answer["acks"]) == 12
    assert set(labeler.labels["item"]) == set(items)


def test_a_page_gets_the_code_of_its_own_kind(ds: Dataset) -> None:
    ds.task("caption", kind="text")
    assert Labeler(ds, "caption")._esm == "export default {} // labeler-text"
    assert Labeler(ds, "species")._esm == "export default {} // labeler-choice"


def test_a_page_hears_of_each_order(ds: Dataset) -> None:
    told = threading.Event()

    def rank(ids: Sequence[str], context: orders.Context) -> Sequence[str]:
        if context.round > 1:
            raise ZeroDivisionError("no way")
        return ids[::-1]

    labeler = Labeler(ds, "species", annotator="anna", order=rank, every=1, random_share=0)
    browser = Browser(labeler)
    first = browser.ask("open", client=str(ULID()))["order"]
    assert (first["text"], first["failed"]) == ("ordered by rank at {at}, in 0.0 s", False)
    item = fetched(browser, count=1)["items"][0]
    assert item["position"] == 11
    say = labeler._say

    def heard(kind: str, *buffers: Any, **fields: object) -> None:
        say(kind, *buffers, **fields)
        if kind == "opened":
            told.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labeler, "_say", heard)
        browser.send({"v": 1, "type": "acts", "acts": [act(item["id"])]})
        assert told.wait(20)
    opened = [one for one in browser.said() if one["type"] == "opened"][-1]
    assert opened["counts"]["labeled"] == 1
    assert opened["order"] == {
        "text": "The items could not be ordered by rank: ZeroDivisionError: no way. The order of {at} stays.",
        "at": first["at"],
        "failed": True,
    }
    assert ds.history("species").iloc[-1]["item"] == item["id"]


def test_what_is_no_order_is_refused_before_anything_is_shown(ds: Dataset) -> None:
    with pytest.raises(OrderError, match="did you mean 'margin'"):
        Labeler(ds, "species", order="margine")
    with pytest.raises(OrderError, match="gold_share=2"):
        Labeler(ds, "species", gold=True, gold_share=2)


def test_a_grid_has_a_small_picture_or_the_first_words_of_each_item(browser: Browser, ds: Dataset) -> None:
    grid = browser.ask("grid", request=7, start=0, count=200, unlabeled=False, fresh=True)
    assert (grid["type"], grid["request"], grid["total"]) == ("items", 7, 12)
    shown = {item["kind"]: item["content"] for item in grid["items"]}
    assert set(shown["image"]) >= {"buffer", "media_type"}
    assert all(len(item["content"]["text"]) <= 400 for item in grid["items"] if item["kind"] == "text")
    assert grid["items"][0]["current"] is None
    browser.ask("acts", acts=[act(grid["items"][0]["id"], bulk=str(ULID()))])
    again = browser.ask("grid", request=8, start=0, count=1, unlabeled=False, fresh=False)
    assert again["items"][0]["current"]["value"] == "jay"
    left = browser.ask("grid", request=9, start=0, count=1, unlabeled=True, fresh=True)
    assert left["total"] == 11


def test_a_display_is_what_a_grid_shows(ds: Dataset) -> None:
    browser = Browser(Labeler(ds, "species", annotator="anna", display=lambda item: f"shown {item.kind}"))
    grid = browser.ask("grid", request=1, start=3, count=2, unlabeled=False, fresh=True)
    assert [item["content"]["text"][:5] for item in grid["items"]] == ["shown", "shown"]


def test_a_picture_of_the_guidelines(browser: Browser, ds: Dataset) -> None:
    (ds.path / "metadata" / "how.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    ds.task("species", guidelines="![how](metadata/how.svg)")
    browser.ask("open", client=str(ULID()))
    answer = browser.ask("picture", request=3, path="metadata/how.svg")
    assert (answer["type"], answer["request"]) == ("bytes", 3)
    refused = browser.ask("picture", request=4, path="metadata/dataset.json")
    assert (refused["type"], refused["request"]) == ("error", 4)


@pytest.mark.parametrize("widget", ["Labeler", "VersionBrowser", "SplitBuilder"])
def test_what_is_no_dataset_is_refused_by_every_widget(widget: str) -> None:
    more = ("species",) if widget == "Labeler" else ()
    with pytest.raises(TypeError, match=r"'birds' is a str and no dataset: nbtools\.Dataset\(path\) opens one"):
        getattr(nbtools, widget)("birds", *more)


def test_a_mode_that_is_none_is_refused_with_the_nearest(ds: Dataset) -> None:
    with pytest.raises(QueryError, match="mode='reviews' is none of new, review; did you mean 'review'"):
        Labeler(ds, "species", mode="reviews")  # type: ignore[arg-type]
