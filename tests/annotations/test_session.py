"""A session without a widget: what is shown, what is saved, and how it goes on."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import pytest

from nbtools import storage
from nbtools.errors import LabelError, SchemaError, SourceError, UnknownItemError
from tests.annotations.asking import TEXTS, Page, begun, lines, ranged


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_label_is_in_the_file_and_then_in_the_list() -> None:
    session = begun()
    pairs = session.annotations
    page = Page(session)
    assert list(Path.cwd().iterdir()) == []
    assert page.press("bad")["saved"] is True
    assert pairs == [("it was great", "bad")]
    schema, act = lines()
    assert (schema["type"], [one["name"] for one in schema["value"]["options"]]) == ("schema", ["good", "bad"])
    assert {name: act[name] for name in ("value", "status", "annotator", "example", "identity")} == {
        "value": "bad", "status": "labeled", "annotator": "anna", "example": "it was great", "identity": "python",
    }  # fmt: skip
    assert page.undo()["saved"] is True
    assert pairs == []
    assert len(lines()) == 3


def test_run_again_it_goes_on_where_it_was() -> None:
    page = Page(begun())
    for value in ("good", None, "bad"):
        page.press(value)
    again = begun()
    assert again.annotations == [("it was great", "good"), ("so so", "bad")]
    assert again.counts() == {"total": 4, "labeled": 2, "skipped": 1, "left": 1}
    found = again.fetch(None, 10)
    assert [(one["position"], one["again"]) for one in found.items] == [(3, False)]
    assert [(one["position"], one["again"]) for one in again.fetch(found.cursor, 10).items] == [(1, True)]
    # And in any order of the examples, by any user of the system.
    assert begun(TEXTS[::-1], who="ben").annotations == again.annotations
    assert begun(who=None).annotations == again.annotations


def test_other_examples_or_options_are_another_file() -> None:
    Page(begun()).press("good")
    assert begun(TEXTS[:3]).annotations == []
    assert begun(options=("good", "bad", "so")).annotations == []
    assert begun(kind="choices").annotations == []


def test_another_range_is_another_file() -> None:
    for options in ((0, 10), (0.0, 10), (0, 10, 5)):
        Page(ranged(options)).press(5)
    assert len(list(Path.cwd().glob(".nbtools/*.jsonl"))) == 3
    assert ranged((0, 10)).annotations == [("it was great", 5)]
    assert type(ranged((0.0, 10)).annotations[0][1]) is float


def test_two_sessions_on_one_file_hear_of_each_other() -> None:
    first, second = begun(), begun()
    one, two = Page(first), Page(second)
    one.press("good")
    next(two.queue)
    two.press("bad")
    assert second.annotations == [("it was great", "good"), ("it was not", "bad")]
    assert first.counts()["labeled"] == 2
    assert first.annotations == second.annotations


def test_a_file_of_ones_own_goes_on_with_more_examples_and_options() -> None:
    Page(begun(save="mine/labels.jsonl")).press("good")
    more = begun([*TEXTS, "new"], ["bad", "so so", "good"], save=Path("mine/labels.jsonl"))
    assert more.annotations == [("it was great", "good")]
    assert more.describe()["task"]["schema"] == 2
    Page(more).press("so so")
    assert [one["schema"] for one in lines(Path("mine/labels.jsonl")) if one["type"] == "schema"] == [1, 2]
    assert begun(["it was not"], ["bad", "so so", "good"], save="mine/labels.jsonl").annotations == [
        ("it was not", "so so")
    ]


def test_what_would_lose_labels_is_refused_and_nothing_is_written() -> None:
    Page(begun(save="labels.jsonl")).press("good")
    before = Path("labels.jsonl").read_bytes()
    with pytest.raises(SchemaError, match=r"labels\.jsonl holds labels 'good' that are no option any more"):
        begun(options=["bad", "so so"], save="labels.jsonl")
    with pytest.raises(SchemaError, match=r"of kind 'choice', and this call asks for 'choices'"):
        begun(kind="choices", save="labels.jsonl")
    assert Path("labels.jsonl").read_bytes() == before


@pytest.mark.parametrize("held", [b"a,b\n1,2\n", b"{}\n", b'{"format":1}\n'])
def test_a_file_of_something_else_is_not_written_to(held: bytes) -> None:
    Path("data.csv").write_bytes(held)
    with pytest.raises(SourceError, match="something else than annotations"):
        begun(save="data.csv")
    Path("folder").mkdir()
    for folder in ("folder", ""):
        with pytest.raises(SourceError, match="cannot be read: Is a directory"):
            begun(save=folder)


@pytest.mark.parametrize("cut", [1, 40])
def test_a_line_that_broke_off_spoils_no_other(cut: int) -> None:
    page = Page(begun(save="labels.jsonl"))
    page.press("good")
    page.press("bad")
    path = Path("labels.jsonl")
    path.write_bytes(path.read_bytes()[:-cut])
    again = begun(save="labels.jsonl")
    assert again.annotations == [("it was great", "good")]
    Page(again).press("good")
    assert begun(save="labels.jsonl").annotations == [("it was great", "good"), ("it was not", "good")]


def test_a_full_disk_is_said_and_the_label_is_taken_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(handle: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    session = begun()
    page = Page(session)
    with monkeypatch.context() as full:
        full.setattr(storage, "_write", refused)
        ack = page.press("good")
    assert (ack["saved"], ack["final"]) == (False, False)
    assert "No space left" in ack["why"]
    assert session.annotations == []
    (ack,) = session.record([page.said[0]])
    assert ack["saved"] is True
    assert session.annotations == begun().annotations == [("it was great", "good")]


def test_an_act_that_comes_twice_counts_once() -> None:
    page = Page(begun())
    page.press("good")
    again = begun()
    assert again.record([page.said[0]])[0]["duplicate"] is True
    assert again.annotations == [("it was great", "good")]
    assert len(lines()) == 2


def test_a_file_that_went_away_is_made_again() -> None:
    page = Page(begun(save="labels.jsonl"))
    page.press("good")
    Path("labels.jsonl").unlink()
    page.press("bad")
    assert begun(save="labels.jsonl").annotations == [("it was not", "bad")]


def test_the_page_is_told_whether_to_offer_skipping() -> None:
    assert begun().describe()["skips"] is True
    session = begun(skip=False)
    assert session.describe()["skips"] is False
    # An example that cannot be shown must not be the end of the work.
    assert Page(session).press(None)["saved"] is True


def test_it_is_shuffled_as_pigeon_does_and_found_again() -> None:
    random.seed(3)
    session = begun(range(50), shuffle=True)
    expected = list(range(50))
    random.seed(3)
    random.shuffle(expected)
    assert [session.example(position) for position in range(50)] == expected
    Page(session).press("good")
    assert begun(range(50), shuffle=True).annotations == [(expected[0], "good")]


class Bird:
    """An object whose content no file can name."""

    def __init__(self, ring: int) -> None:
        self.ring = ring


def test_other_objects_are_labeled_but_not_saved() -> None:
    birds = [Bird(1), Bird(2)]
    session = begun(birds)
    assert session.saves is False
    assert "not saved" in session.describe()["task"]["title"]
    page = Page(session)
    page.press("good")
    page.press("bad")
    page.undo()
    assert session.annotations == [(birds[0], "good")]
    assert session.annotations[0][0] is birds[0]
    assert list(Path.cwd().iterdir()) == []
    assert begun(birds).describe()["dataset"]["id"] != session.describe()["dataset"]["id"]


def test_a_key_saves_them() -> None:
    birds = [Bird(1), Bird(2)]
    with pytest.raises(SourceError, match=r"example 0 cannot be saved: a Bird has no content.*give key="):
        begun(birds, save="labels.jsonl")
    session = begun(birds, save="labels.jsonl", key=lambda bird: bird.ring)
    Page(session).press("good")
    assert lines(Path("labels.jsonl"))[1]["example"] == "1"
    assert [item["name"] for item in session.fetch(None, 9).items] == ["2"]
    again = begun([Bird(3), Bird(1)], save="labels.jsonl", key=lambda bird: bird.ring)
    assert [(bird.ring, label) for bird, label in again.annotations] == [(1, "good")]


def test_a_page_is_told_what_it_needs() -> None:
    session = begun(save="labels.jsonl")
    opened = session.describe()
    same = begun(save=Path("labels.jsonl").resolve()).describe()
    assert opened["dataset"] == {"id": same["dataset"]["id"], "name": "annotate"}
    assert opened["task"]["title"] == "saved in labels.jsonl"
    assert [option["name"] for option in opened["task"]["options"]] == ["good", "bad"]
    assert session.item(position=2)["id"] == session.fetch(None, 9).items[2]["id"]
    for wrong in ({"position": 4}, {"position": -1}, {"id": "f" * 32}, {}):
        with pytest.raises(UnknownItemError):
            session.item(**wrong)
    with pytest.raises(LabelError, match="cursor"):
        session.fetch([0], 3)


def test_nobody_labels_before_a_name_is_given() -> None:
    session = begun(who=None)
    page = Page(session)
    assert page.press("good")["saved"] is False
    session.introduce("ben")
    assert page.press("good")["saved"] is True
    with pytest.raises(LabelError, match="ben is labeling here"):
        session.introduce("carla")


def test_nothing_to_label_is_done_at_once() -> None:
    session = begun([])
    assert (session.annotations, session.counts()["total"], session.fetch(None, 5).exhausted) == ([], 0, True)
