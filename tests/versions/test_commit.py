import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from nbtools.errors import DatasetError, NewerFormatError, NotSavedError, VersionError
from nbtools.storage import Folder, sync_folder
from nbtools.versions import commit as committing
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName, own_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.tables import read_table


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "ds")


def drafted(name: VersionName) -> Draft:
    return Draft(
        {"items.parquet": pa.table({"id": ["a", "b"]}), "note.txt": b"hello"},
        {"message": f"this is {name}", "author": "anna", "parent": None},
    )


def names(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.path("versions").iterdir())


def test_a_version_is_committed_and_read(folder: Folder) -> None:
    made = commit(folder, None, drafted)
    assert (str(made.name), made.message, made.author, made.parent) == ("v1", "this is v1", "anna", None)
    assert made == read_record(folder, VersionName(1))
    assert made.files["items.parquet"].rows == 2
    assert made.files["note.txt"].bytes == 5
    assert read_table(folder, made.name, "items.parquet")["id"].to_pylist() == ["a", "b"]
    assert names(folder) == ["v1"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder.root / "versions/v1").iterdir()} == {0o444}


def test_splits_are_numbered_below_their_version(folder: Folder) -> None:
    commit(folder, None, drafted)
    made = [commit(folder, VersionName(1), drafted) for _ in range(2)]
    assert [str(one.name) for one in made] == ["v1.1", "v1.2"]
    (folder.path("versions/v1/deleted.json")).write_text("{}")
    with pytest.raises(VersionError, match="v1 was deleted"):
        commit(folder, VersionName(1), drafted)


def test_what_is_there_already_is_not_made_again(folder: Folder) -> None:
    first = commit(folder, None, drafted)
    assert commit(folder, None, lambda _: first) is first
    assert names(folder) == ["v1"]


def test_another_that_was_quicker_has_the_number(folder: Folder) -> None:
    asked: list[str] = []

    def overtaken(name: VersionName) -> Draft:
        if not asked:
            commit(folder, None, drafted)
        asked.append(str(name))
        return drafted(name)

    assert commit(folder, None, overtaken).message == "this is v2"
    assert asked == ["v1", "v2"]
    assert names(folder) == ["v1", "v2"]


def test_a_folder_by_hand_is_never_replaced(folder: Folder) -> None:
    def overtaken(name: VersionName) -> Draft:
        if str(name) == "v1":
            folder.path("versions/v1").mkdir(parents=True)
            folder.path("versions/v1/mine.txt").write_text("mine")
        return drafted(name)

    assert str(commit(folder, None, overtaken).name) == "v2"
    assert folder.path("versions/v1/mine.txt").read_text() == "mine"


def test_a_rename_whose_answer_was_lost_is_no_conflict(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(number: int) -> Callable[[Path, Path], None]:
        def rename(staged: Path, target: Path) -> None:
            staged.rename(target)
            raise OSError(number, os.strerror(number))

        return rename

    for count, number in enumerate((errno.ENOENT, errno.EEXIST, errno.EIO, errno.ETIMEDOUT), 1):
        monkeypatch.setattr(committing, "_rename", lost(number))
        assert str(commit(folder, None, drafted).name) == f"v{count}"
    assert names(folder) == ["v1", "v2", "v3", "v4"]


def test_everything_is_on_the_disk_before_it_has_its_name(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    rename, fsync = committing._rename, committing._fsync

    def synced(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    def synced_folder(path: Path) -> None:
        done.append("staged" if path.name.startswith(".") else path.name)
        sync_folder(path)

    def renamed(staged: Path, target: Path) -> None:
        done.append(f"renamed to {target.name}")
        rename(staged, target)

    monkeypatch.setattr(committing, "_fsync", synced)
    monkeypatch.setattr(committing, "sync_folder", synced_folder)
    monkeypatch.setattr(committing, "_rename", renamed)
    record = commit(folder, None, drafted)
    assert done == [*record.files, "version.json", "staged", "renamed to v1", "versions"]
    modes = [path.stat().st_mode & 0o777 for path in folder.path("versions/v1").iterdir()]
    assert set(modes) == {0o444}, "what is immutable is so for a stray hand too"


@pytest.mark.parametrize("call", ["_rename", "_fsync", "sync_folder"])
def test_a_disk_that_refuses_leaves_nothing(folder: Folder, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(committing, call, full)
    with pytest.raises(NotSavedError, match="v1 was not made: No space left"):
        commit(folder, None, drafted)
    assert names(folder) == []


def test_a_record_of_a_newer_format_names_the_version_that_is_needed(folder: Folder) -> None:
    commit(folder, None, drafted)
    rewrite(folder, format=2, needs="0.7.2")
    with pytest.raises(NewerFormatError, match=r"format 2, and this nbtools knows 1: .*nbtools-data>=0\.7\.2'"):
        read_record(folder, VersionName(1))
    rewrite(folder, format=2, needs="1; rm -rf /")
    with pytest.raises(NewerFormatError, match="a newer one"):
        read_record(folder, VersionName(1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": 0},
        {"name": "v2"},
        {"message": None},
        {"author": 3},
        {"write_id": None},
        {"parent": "the one before"},
        {"files": []},
        {"files": {"../items.parquet": {"bytes": 1, "sha256": ""}}},
        {"files": {"items.parquet": {"bytes": "1", "sha256": ""}}},
    ],
)
def test_a_record_that_is_none_is_refused(folder: Folder, wrong: dict[str, Any]) -> None:
    commit(folder, None, drafted)
    rewrite(folder, **wrong)
    with pytest.raises(DatasetError, match=r"versions/v1/version\.json cannot be understood"):
        read_record(folder, VersionName(1))


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, "{}", "nonsense"])
def test_a_record_that_is_no_json_is_refused(folder: Folder, text: str) -> None:
    folder.path("versions/v1").mkdir(parents=True)
    folder.path("versions/v1/version.json").write_text(text)
    with pytest.raises(DatasetError, match="cannot be understood"):
        read_record(folder, VersionName(1))


def test_keys_that_are_not_known_are_kept(folder: Folder) -> None:
    commit(folder, None, drafted)
    rewrite(folder, mood="sunny")
    assert read_record(folder, VersionName(1)).said["mood"] == "sunny"


def test_a_table_that_cannot_be_read_is_named(folder: Folder) -> None:
    made: Record = commit(folder, None, drafted)
    with pytest.raises(DatasetError, match=r"versions/v1/items\.parquet cannot be read: .*kind"):
        read_table(folder, made.name, "items.parquet", ["id", "kind"])
    for file in ("note.txt", "labels.parquet"):
        with pytest.raises(DatasetError, match=f"versions/v1/{file} cannot be read"):
            read_table(folder, made.name, file)


def rewrite(folder: Folder, **said: Any) -> None:
    path = folder.path("versions/v1/version.json")
    path.chmod(0o644)
    path.write_text(json.dumps({**json.loads(path.read_text()), **said}))


_WRITER = """
import sys
from nbtools.storage import Folder
from nbtools.versions.commit import Draft, commit
folder = Folder(sys.argv[1])
sys.stdin.read(1)
for _ in range(int(sys.argv[2])):
    print(commit(folder, None, lambda name: Draft({"a.txt": str(name).encode()}, {"message": sys.argv[3]})).name)
"""


@pytest.mark.faults
def test_writers_at_once_each_get_their_own_numbers(folder: Folder, rounds: Callable[[int, int], int]) -> None:
    each = rounds(5, 100)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder.root), str(each), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n" * 2)
        writer.stdin.flush()
    said = [(number, line) for number, writer in enumerate(writers) for line in writer.communicate()[0].split()]
    assert [str(name) for name in own_names(folder)] == [f"v{number}" for number in range(1, 4 * each + 1)]
    assert sorted(line for _, line in said) == sorted(names(folder))
    for number, line in said:
        record = read_record(folder, VersionName.parse(line))
        assert (record.message, folder.read(f"versions/{line}/a.txt")) == (str(number), line.encode())
