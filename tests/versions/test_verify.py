import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nbtools.errors import VersionError
from nbtools.storage import Folder
from nbtools.versions import verify as verifying
from nbtools.versions.names import VersionName
from nbtools.versions.record import Record, read_record
from nbtools.versions.verify import LEVELS, Verified, verify
from tests.versions.making import handed, item, made

NUMBERS = list(range(1, 8))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Hold seven files, of ten bytes and more, each of which holds its number."""
    folder = Folder(tmp_path)
    for number in NUMBERS:
        folder.replace(f"processed/{item(number)}.png", str(number).encode())
    return folder


def frozen(folder: Folder, **more: Any) -> Record:
    return made(folder, handed(NUMBERS, {1: "jay"}, bytes=lambda number: len(str(number)), **more))


def check(folder: Folder, record: Record, level: str) -> Verified:
    return verify(folder, record, folder.path, level)


def file(folder: Folder, number: int) -> Path:
    return folder.path(f"processed/{item(number)}.png")


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_as_it_was_is_so_at_every_level(folder: Folder, level: str) -> None:
    record = frozen(folder)
    progress: list[tuple[int, int | None]] = []
    found = verify(folder, record, folder.path, level, lambda *how_far: progress.append(how_far))
    assert (found.ok, found.files, found.wrong.empty) == (True, 9, True)
    assert found.read == {"presence": 2, "sample": 9, "full": 9}[level]
    assert progress[-1] == (7, 7)
    assert repr(found).startswith("v1: 9 files ")
    assert "next" not in repr(found) if level == "full" else repr(found).endswith('.verify("full")')
    assert found.to_json()["ok"] is True


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "size": lambda path: path.write_bytes(path.read_bytes() + b"!"),
    "changed": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
    "unreadable": lambda path: path.rename(path.with_name("moved")).parent.joinpath(path.name).mkdir(),
}


@pytest.mark.parametrize("problem", DAMAGE)
def test_each_kind_of_damage_is_named(folder: Folder, problem: str) -> None:
    record = frozen(folder)
    path = file(folder, 3)
    times = path.stat()
    DAMAGE[problem](path)
    if path.exists():  # replaced, with the same size and time
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    found = check(folder, record, "full")
    assert [(one.problem, one.path, one.item) for one in found.found] == [(problem, f"processed/{path.name}", item(3))]
    assert found.wrong["problem"].tolist() == [problem]
    assert not found.ok
    assert f"  {problem}: processed/{path.name}" in repr(found)
    assert repr(found).endswith('next: ds.version("v1").verify("full").wrong')
    assert check(folder, record, "presence").ok == (problem == "changed")


def test_a_truncated_file_is_named(folder: Folder) -> None:
    record = frozen(folder)
    file(folder, 2).write_bytes(b"")
    (found,) = check(folder, record, "presence").found
    assert found[:2] + found[3:] == ("size", f"processed/{item(2)}.png", "1", "0")


@pytest.mark.parametrize("name", ["items.parquet", "labels.parquet"])
def test_the_tables_of_a_version_are_verified_at_every_level(folder: Folder, name: str) -> None:
    record = frozen(folder)
    path = folder.path(f"versions/v1/{name}")
    whole = path.read_bytes()
    path.chmod(0o644)
    for problem, damaged in (("changed", whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]), ("size", whole[:-1])):
        path.write_bytes(damaged)
        for level in LEVELS:
            assert (problem, f"versions/v1/{name}") in [one[:2] for one in check(folder, record, level).found]
    path.unlink()
    found = [one[:2] for one in check(folder, record, "full").found]
    assert found == [("missing", f"versions/v1/{name}")] + [("unreadable", "versions/v1")] * (name == "items.parquet")


def test_a_record_that_was_made_to_fit_other_tables_is_found(folder: Folder) -> None:
    frozen(folder)
    path = folder.path("versions/v1/version.json")
    said = json.loads(path.read_text())
    said["digests"]["items_digest"] = said["digests"]["labels_digest"] = "0" * 64
    path.chmod(0o644)
    path.write_text(json.dumps(said))
    found = check(folder, read_record(folder, VersionName(1)), "full").found
    assert [(one.problem, one.path) for one in found] == [("digest", "versions/v1/version.json")] * 2


@pytest.mark.parametrize(
    "path",
    ["../secret", "/etc/passwd", "processed/../../secret", "metadata/secret", "secret", "processed/..", "raw/\0"],
)
def test_a_path_that_leads_out_is_named_and_not_followed(folder: Folder, tmp_path: Path, path: str) -> None:
    record = frozen(folder, path=lambda number: path if number == 1 else f"processed/{item(number)}.png")
    (found,) = check(folder, record, "full").found
    assert (found.problem, found.item, found.path) == ("outside", item(1), path)


def test_a_link_is_no_file_of_a_version(folder: Folder, tmp_path: Path) -> None:
    record = frozen(folder)
    file(folder, 1).rename(tmp_path / "moved")
    file(folder, 1).symlink_to(tmp_path / "moved")
    (found,) = check(folder, record, "full").found
    assert (found.problem, found.found) == ("unreadable", "something else")


def test_files_of_rows_are_verified_as_files(folder: Folder) -> None:
    path = "processed/records-1.parquet"
    folder.replace(path, b"rows")
    rows: dict[str, Any] = {"path": lambda _: path, "row": lambda number: number}
    record = made(folder, handed([1, 2, 3], **rows))
    assert (check(folder, record, "full").files, check(folder, record, "full").ok) == (3, True)
    folder.path(path).write_bytes(b"r0ws")
    assert [one[:3] for one in check(folder, record, "full").found] == [("changed", path, None)]
    folder.path(path).unlink()
    assert [one[:3] for one in check(folder, record, "presence").found] == [("missing", path, None)]


def test_a_sample_says_what_chance_it_had(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    record = frozen(folder)
    monkeypatch.setattr(verifying, "SAMPLE", 4)
    found = check(folder, record, "sample")
    assert found.read == 6
    # One of nine files is damaged, and six are read.
    assert found.chance[100] == pytest.approx(6 / 9)
    assert "1 in 100 with 66.6 %, 1 in 1,000 with 66.6 %" in repr(found)
    assert found.to_json()["chance"]["1 in 100"] == pytest.approx(6 / 9)


@pytest.mark.parametrize(("files", "read", "share"), [(1_000, 100, 100), (50_000, 1_000, 1_000), (100, 100, 100)])
def test_the_chance_is_that_of_drawing_without_putting_back(files: int, read: int, share: int) -> None:
    missed, damaged = 1.0, -(-files // share)
    for number in range(damaged):
        missed *= max(0, files - read - number) / (files - number)
    assert Verified("v1", "sample", files, read, ()).chance[share] == pytest.approx(1 - missed)


def test_many_wrong_files_are_a_table(folder: Folder) -> None:
    record = frozen(folder)
    for number in NUMBERS:
        file(folder, number).unlink()
    found = check(folder, record, "presence")
    assert "! 7 wrong" in repr(found)
    assert "… 2 more" in found._repr_html_()
    assert isinstance(found.wrong, pd.DataFrame)
    assert len(found.wrong) == 7


def test_a_level_that_is_none_is_refused(folder: Folder) -> None:
    record = frozen(folder)
    with pytest.raises(
        VersionError, match="'ful' is no level of verifying; there are presence, sample, full; did you mean 'full'"
    ):
        check(folder, record, "ful")
