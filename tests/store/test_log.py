import errno
import multiprocessing
import os
from pathlib import Path

import pytest

from nbtools import storage
from nbtools.errors import NotSavedError
from nbtools.labels.act import Act
from nbtools.storage import Folder
from nbtools.store.log import ActLog
from tests.store.making import label


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def everything(folder: Folder) -> list[Act]:
    return [act for scanned in ActLog(folder).scan({}) for act in scanned.acts]


def test_what_is_appended_is_read_in_order(folder: Folder) -> None:
    log = ActLog(folder)
    acts = [label(number, "jay") for number in range(5)]
    log.append("species", acts[:2])
    log.append("species", acts[2:])
    assert everything(folder) == acts
    assert len(log.sizes()) == 1


def test_each_task_has_a_journal_of_its_own(folder: Folder) -> None:
    log = ActLog(folder)
    log.append("species", [label(0, "jay")])
    log.append("age", [label(0, "old", task="age")])
    assert [name.split("/")[0] for name in log.sizes()] == ["age", "species"]


def test_nothing_makes_no_file(folder: Folder) -> None:
    ActLog(folder).append("species", [])
    assert ActLog(folder).sizes() == {}


def test_only_what_is_new_is_read(folder: Folder) -> None:
    log = ActLog(folder)
    log.append("species", [label(0, "jay")])
    (first,) = log.scan({})
    known = {first.name: first.offset}
    assert list(log.scan(known)) == []
    new = label(1, "jay")
    log.append("species", [new])
    (second,) = log.scan(known)
    assert second.acts == [new]
    assert second.acts[0].line == first.offset
    assert second.offset == log.sizes()[first.name]


def test_a_last_line_without_its_end_is_not_read_until_it_is_whole(folder: Folder) -> None:
    whole, half = label(0, "jay"), label(1, "jay").to_line()
    folder.create("metadata/labels/species/w.jsonl", whole.to_line() + half[:40])
    (found,) = ActLog(folder).scan({})
    assert found.acts == [whole]
    assert found.offset == len(whole.to_line())
    folder.replace("metadata/labels/species/w.jsonl", whole.to_line() + half)
    (rest,) = ActLog(folder).scan({found.name: found.offset})
    assert rest.lines == [half.decode().rstrip("\n")]


def test_lines_that_are_no_acts_are_passed_over_and_counted(folder: Folder) -> None:
    acts = [label(0, "jay"), label(1, "rook")]
    lines = [b"\xff\xfe\n", acts[0].to_line(), b"{}\n", b"\n", b'{"format":2,"act":"x"}\n', acts[1].to_line()]
    folder.create("metadata/labels/species/w.jsonl", b"".join(lines))
    (found,) = ActLog(folder).scan({})
    assert (found.acts, found.skipped) == (acts, 3)


def test_a_long_journal_comes_in_parts_that_join_exactly(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.store.log._CHUNK", 100)
    acts = [label(number, "jay", comment="x" * (number * 7 % 300)) for number in range(40)]
    ActLog(folder).append("species", acts)
    parts = list(ActLog(folder).scan({}))
    assert len(parts) > 10
    assert [act for part in parts for act in part.acts] == acts
    assert [act.line for part in parts for act in part.acts] == sorted({a.line for p in parts for a in p.acts})


def test_links_and_other_files_are_no_journals(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}.jsonl"
    secret.write_bytes(label(0, "jay").to_line())
    folder.create("metadata/labels/species/notes.txt", b"x")
    (folder.root / "metadata/labels/species/w.jsonl").symlink_to(secret)
    (folder.root / "metadata/labels/age").symlink_to(tmp_path.parent)
    assert everything(folder) == []


def test_a_full_disk_says_so_and_the_act_is_there_once_when_it_is_sent_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, act = ActLog(folder), label(0, "jay")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "_write", full)
    with pytest.raises(NotSavedError, match="No space left on device"):
        log.append("species", [act])
    assert everything(folder) == []
    monkeypatch.undo()
    log.append("species", [act])
    assert everything(folder) == [act]


def test_a_journal_that_broke_off_is_followed_by_another(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    log, acts = ActLog(folder), [label(number, "jay") for number in range(3)]
    log.append("species", acts[:1])

    def torn(handle: int, data: memoryview) -> int:
        if len(data) > 20:
            return os.write(handle, data[:20])
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(storage, "_write", torn)
    with pytest.raises(NotSavedError):
        log.append("species", [acts[1]])
    monkeypatch.undo()
    log.append("species", [acts[1]])
    log.append("species", [acts[2]])
    assert len(log.sizes()) == 2
    assert everything(folder) == acts


def test_it_is_synced_before_it_returns(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(storage, "_fdatasync", lambda handle: seen.append(os.fstat(handle).st_size))
    act = label(0, "jay")
    ActLog(folder).append("species", [act])
    assert seen == [len(act.to_line())]


def _child(log: ActLog, act: Act) -> None:
    log.append("species", [act])


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_writes_a_journal_of_its_own(folder: Folder) -> None:
    log, acts = ActLog(folder), [label(number, "jay") for number in range(3)]
    log.append("species", [acts[0]])
    child = multiprocessing.get_context("fork").Process(target=_child, args=(log, acts[1]))
    child.start()
    child.join()
    assert child.exitcode == 0
    log.append("species", [acts[2]])
    assert len(log.sizes()) == 2
    assert sorted(act.act for act in everything(folder)) == sorted(act.act for act in acts)
