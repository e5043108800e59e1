import errno
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nbtools import storage
from nbtools.errors import NotSavedError, UnsafePathError
from nbtools.storage import Folder, Journal, is_regular


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "ds")


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def left_over(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.root.rglob(".*"))


@pytest.mark.parametrize("path", ["", ".", "..", "../x", "a/../../x", "/etc/passwd", "a\0b", "a/../.."])
def test_a_path_that_leads_out_is_refused(folder: Folder, path: str) -> None:
    with pytest.raises(UnsafePathError, match="leads out"):
        folder.path(path)


def test_a_link_that_leads_out_is_refused(folder: Folder, tmp_path: Path) -> None:
    folder.root.mkdir()
    (tmp_path / "secret").write_text("s")
    (folder.root / "out").symlink_to(tmp_path)
    (folder.root / "loop").symlink_to("loop")
    for path in ("out", "out/secret"):
        with pytest.raises(UnsafePathError):
            folder.read(path)
    with pytest.raises(UnsafePathError):
        folder.path("loop")


def test_a_link_that_stays_inside_is_followed(folder: Folder) -> None:
    folder.create("a/b", b"x")
    (folder.root / "link").symlink_to("a")
    assert folder.read("link/b") == b"x"


def test_a_file_is_made_once(folder: Folder) -> None:
    folder.create("a/b.json", b"first")
    with pytest.raises(FileExistsError):
        folder.create("a/b.json", b"second")
    assert folder.read("a/b.json") == b"first"
    assert left_over(folder) == []


def test_of_many_who_make_a_file_at_once_one_wins(folder: Folder) -> None:
    wins: list[int] = []
    start = threading.Barrier(8)

    def make(number: int) -> None:
        start.wait()
        try:
            folder.create("once", str(number).encode())
        except FileExistsError:
            return
        wins.append(number)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == 1
    assert folder.read("once") == str(wins[0]).encode()
    assert left_over(folder) == []


@pytest.mark.parametrize("number", [errno.EEXIST, errno.EIO, errno.ETIMEDOUT])
def test_a_link_whose_answer_was_lost_is_no_conflict(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def lost(staged: Path, target: Path) -> None:
        os.link(staged, target)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(storage, "_link", lost)
    folder.create("made.txt", b"mine")
    assert [path.name for path in folder.root.iterdir()] == ["made.txt"]
    with pytest.raises(FileExistsError):
        folder.create("made.txt", b"mine")


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])
def test_a_file_system_without_links_still_makes_a_file_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(storage, "_link", failing(number))
    folder.create("a", b"first")
    with pytest.raises(FileExistsError):
        folder.create("a", b"second")
    assert folder.read("a") == b"first"
    assert left_over(folder) == []


@pytest.mark.parametrize("call", ["_write", "_fsync", "_link"])
def test_a_disk_that_refuses_leaves_nothing_and_says_why(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    folder.root.mkdir()
    monkeypatch.setattr(storage, call, failing(errno.ENOSPC))
    with pytest.raises(NotSavedError, match=r"a\.json was not written: No space left on device \(in ") as caught:
        folder.create("a.json", b"x")
    assert caught.value.errno == errno.ENOSPC
    assert left_over(folder) == []
    assert not folder.exists("a.json")


def test_a_folder_that_cannot_be_made_says_why(folder: Folder) -> None:
    folder.create("file", b"x")
    with pytest.raises(NotSavedError, match="was not written"):
        folder.create("file/below", b"x")


def test_what_is_replaced_is_whole_or_as_it_was(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.replace("a", b"old")
    folder.replace("a", b"new")
    assert folder.read("a") == b"new"
    monkeypatch.setattr(storage, "_fsync", failing(errno.EIO))
    with pytest.raises(NotSavedError):
        folder.replace("a", b"newer")
    assert folder.read("a") == b"new"
    assert left_over(folder) == []


def test_new_folders_are_synced_into_the_ones_above(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.root.mkdir()
    synced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(storage, "_fsync", fsync)
    Journal(folder, "one/two/j").append(b"x\n")
    assert synced == ["ds", "one", "two"]


def test_sizes_are_of_regular_files_by_name(folder: Folder) -> None:
    for name in ("b.jsonl", "a.jsonl", ".hidden.jsonl", "c.txt"):
        folder.create(f"d/{name}", b"xy")
    (folder.root / "d/link.jsonl").symlink_to("a.jsonl")
    os.mkfifo(folder.root / "d/pipe.jsonl")
    assert list(folder.sizes("d", ".jsonl").items()) == [("a.jsonl", 2), ("b.jsonl", 2)]
    assert folder.sizes("nothing") == folder.sizes("d/c.txt") == {}


def test_folders_are_listed_without_hidden_ones_and_links(folder: Folder) -> None:
    for name in ("b/x", "a/x", ".hidden/x"):
        folder.create(name, b"")
    (folder.root / "link").symlink_to("a")
    assert Folder(folder.root.parent).folders("ds") == ["a", "b"]


def test_a_journal_grows_by_whole_lines(folder: Folder) -> None:
    journal = Journal(folder, "j")
    journal.append(b"1\n")
    journal.append(b"2\n3\n")
    assert folder.read("j") == b"1\n2\n3\n"
    assert folder.read("j", 2) == b"2\n3\n"
    with pytest.raises(ValueError, match="whole lines"):
        journal.append(b"4")
    journal.close()


def test_a_journal_is_of_one_alone(folder: Folder) -> None:
    first, second = Journal(folder, "j"), Journal(folder, "j")
    first.append(b"1\n")
    with pytest.raises(NotSavedError):
        second.append(b"2\n")
    assert folder.read("j") == b"1\n"
    first.close()


def test_a_write_in_pieces_is_written_to_its_end(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_write", lambda handle, data: os.write(handle, data[:3]))
    journal = Journal(folder, "j")
    journal.append(b"0123456789\n")
    assert folder.read("j") == b"0123456789\n"
    journal.close()


def test_a_journal_that_broke_off_is_not_continued(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(folder, "j")
    journal.append(b"1\n")

    def torn(handle: int, data: memoryview) -> int:
        if len(data) > 3:
            return os.write(handle, data[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "_write", torn)
    with pytest.raises(NotSavedError, match="No space left"):
        journal.append(b"23456\n")
    monkeypatch.undo()
    assert journal.broken
    with pytest.raises(NotSavedError, match="not continued"):
        journal.append(b"7\n")
    assert folder.read("j") == b"1\n234"
    journal.close()


def test_a_full_disk_is_not_filled_with_empty_journals(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_write", failing(errno.ENOSPC))
    for number in range(3):
        journal = Journal(folder, f"d/{number}")
        with pytest.raises(NotSavedError):
            journal.append(b"1\n")
        journal.close()
    assert folder.sizes("d") == {}


def test_threads_share_a_journal(folder: Folder) -> None:
    journal = Journal(folder, "j")

    def write(number: int) -> None:
        for count in range(50):
            journal.append(f"{number}:{count}\n".encode())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = folder.read("j").decode().splitlines()
    assert sorted(lines) == sorted(f"{number}:{count}" for number in range(4) for count in range(50))
    journal.close()


def test_only_plain_files_are_regular(folder: Folder) -> None:
    folder.create("a", b"")
    (folder.root / "link").symlink_to("a")
    found = [is_regular(folder.root / name) for name in ("a", "link", "nothing")]
    assert found == [True, False, False]
    assert not is_regular(folder.root)
