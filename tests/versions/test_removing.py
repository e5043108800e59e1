import os
import time
from pathlib import Path

import pytest

from nbtools.errors import UnknownVersionError, VersionError
from nbtools.storage import Folder, new_ulid
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName, find, next_name, own_names
from nbtools.versions.record import read_record
from nbtools.versions.removing import DAY, collect, delete
from tests.versions.making import handed, made

OLD = 2 * DAY


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "ds")
    made(folder, handed([1]), "one")
    made(folder, handed([1, 2]), "two")
    return folder


def names(folder: Folder) -> list[str]:
    return list(map(str, own_names(folder)))


def test_a_deleted_version_leaves_its_name_and_its_record(folder: Folder) -> None:
    assert delete(folder, VersionName(2), "anna", "a mistake")
    assert not delete(folder, VersionName(2), "anna", "again")
    assert names(folder) == ["v1"]
    assert str(next_name(folder)) == "v3"
    assert read_record(folder, VersionName(2)).message == "two"
    with pytest.raises(UnknownVersionError, match=r"v2 was deleted; versions/v2/deleted\.json says when and why"):
        find(folder, "v2")
    assert '"reason": "a mistake"' in folder.read("versions/v2/deleted.json").decode()
    assert b"[v2]" not in folder.read("metadata/CHANGELOG.md")
    child = made(folder, handed([1, 2]), "two again")
    assert (str(child.name), str(child.parent), child.said["same_as"]) == ("v3", "v1", None)


def test_a_version_that_has_splits_is_not_deleted(folder: Folder) -> None:
    split = commit(folder, VersionName(1), lambda _: Draft({}, {"message": "split", "parent": "v1"}))
    with pytest.raises(VersionError, match=r"v1 has splits, v1\.1: delete them first"):
        delete(folder, VersionName(1), None, None)
    assert names(folder) == ["v1", "v1.1", "v2"]
    assert delete(folder, split.name, None, None)
    assert delete(folder, VersionName(1), None, None)
    assert names(folder) == ["v2"]


def age(path: Path, seconds: float = OLD) -> None:
    for one in [*path.rglob("*"), path] if path.is_dir() else [path]:
        os.utime(one, (time.time() - seconds,) * 2)


def test_what_is_old_and_ours_is_cleared_and_nothing_else(folder: Folder) -> None:
    def put(relative: str, *, old: bool = True) -> str:
        folder.replace(relative, b"12345")
        age(folder.path(relative), OLD if old else 60)
        return relative

    staging = f"versions/.staging-{new_ulid()}"
    put(f"{staging}/items.parquet")
    age(folder.path(staging))
    parts = [put(f"{place}/.{new_ulid()}.part") for place in ("metadata/items", "processed", "versions/v1")]
    young = put(f"versions/.staging-{new_ulid()}/items.parquet", old=False)
    others = [put("versions/.staging-mine/x"), put("processed/.hidden.part"), put("versions/.git/x"), put("raw/x.part")]
    young_part = put(f"processed/.{new_ulid()}.part", old=False)
    delete(folder, VersionName(2), None, None)
    tables = [path for path in folder.path("versions/v2").iterdir() if path.suffix == ".parquet"]
    assert {one.path for one in collect(folder).found} == {staging, *parts}

    later = time.time() + OLD
    found = collect(folder, now=later)
    assert {one.path for one in found.found} >= {f"versions/v2/{table.name}" for table in tables}
    assert repr(collect(folder)).endswith("next: ds.gc(dry_run=False)")
    assert all(folder.exists(one.path) for one in found.found)

    done = collect(folder, dry_run=False)
    assert (done.removed, done.bytes) == (True, 20)
    assert "4 leftovers cleared, 20 bytes" in done._repr_html_()
    assert not any(folder.exists(one) for one in (staging, *parts))
    assert all(folder.exists(one) for one in (young, young_part, *others))
    assert repr(collect(folder, dry_run=False)) == "nothing to clear"

    assert collect(folder, dry_run=False, now=later).to_json()["removed"] is True
    assert not any(table.exists() for table in tables)
    assert str(read_record(folder, VersionName(2)).name) == "v2"
    assert sorted(path.name for path in folder.path("versions/v1").iterdir()) == [
        "items.parquet", "labels.parquet", "version.json"
    ]  # fmt: skip


def test_a_version_that_is_written_for_longer_than_a_day_is_left_alone(folder: Folder) -> None:
    staging = f"versions/.staging-{new_ulid()}"
    for name, seconds in (("items.parquet", 3 * OLD), ("labels.parquet", 60)):
        folder.replace(f"{staging}/{name}", b"12345")
        os.utime(folder.path(f"{staging}/{name}"), (time.time() - seconds,) * 2)
    os.utime(folder.path(staging), (time.time() - 3 * OLD,) * 2)
    assert collect(folder, dry_run=False).found == ()
    assert folder.exists(f"{staging}/items.parquet")


def test_the_tables_of_a_deleted_version_stay_while_a_split_needs_them(folder: Folder) -> None:
    delete(folder, VersionName(1), None, None)
    (folder.path("versions") / "v1.1").mkdir()
    folder.path("versions/v1.1/version.json").write_text("{}")
    assert collect(folder, now=time.time() + OLD).found == ()
