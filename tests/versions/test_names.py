import random
from pathlib import Path

import pytest

from nbtools.errors import UnknownVersionError
from nbtools.storage import Folder
from nbtools.versions.names import VersionName, find, foreign_names, next_name, own_names


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def have(folder: Folder, *names: str, record: bool = True) -> None:
    for name in names:
        (folder.root / "versions" / name).mkdir(parents=True)
        if record:
            (folder.root / "versions" / name / "version.json").write_text("{}")


def test_names_compare_as_numbers(folder: Folder) -> None:
    names = ["v1", "v1.1", "v1.2", "v1.9", "v1.10", "v2", "v9", "v10", "v10.1"]
    shuffled = random.Random(0).sample(names, len(names))
    assert [str(name) for name in sorted(map(VersionName.parse, shuffled))] == names
    have(folder, *shuffled)
    assert [str(name) for name in own_names(folder)] == names
    assert (str(next_name(folder)), str(next_name(folder, VersionName(1)))) == ("v11", "v1.11")


@pytest.mark.parametrize(
    "name", ["", "1", "v0", "v01", "v1.0", "v1.01", "V1", "v1.2.3", "v-1", " v1", "v1\n", "v¹", 1, None]
)
def test_what_is_no_name_is_refused(name: object) -> None:
    with pytest.raises(UnknownVersionError, match="is no name of a version"):
        VersionName.parse(name)


def test_a_float_is_refused_in_words() -> None:
    with pytest.raises(UnknownVersionError, match=r"write the name as text, 'v1\.1'"):
        VersionName.parse(1.10)


def test_the_first_version_is_v1(folder: Folder) -> None:
    assert (own_names(folder), foreign_names(folder)) == ([], [])
    assert str(next_name(folder)) == "v1"


def test_what_was_made_by_hand_is_foreign_and_never_numbered_over(folder: Folder) -> None:
    have(folder, "v1", "v1.1")
    have(folder, "v3", "V4", "v05", "v1.4", "v2.7", "final", "v6_old", "2024-photos", record=False)
    (folder.root / "versions" / "v8.zip").write_bytes(b"")
    (folder.root / "versions" / "v9").symlink_to(folder.root)
    assert [str(name) for name in own_names(folder)] == ["v1", "v1.1"]
    assert foreign_names(folder) == ["2024-photos", "V4", "final", "v05", "v1.4", "v2.7", "v3", "v6_old"]
    assert str(next_name(folder)) == "v10"
    assert str(next_name(folder, VersionName(1))) == "v1.5"
    assert str(next_name(folder, VersionName(2))) == "v2.8"


def test_a_version_is_found_by_its_name(folder: Folder) -> None:
    have(folder, "v1", "v2")
    have(folder, "v3", record=False)
    (folder.root / "versions" / "v2" / "deleted.json").write_text("{}")
    assert find(folder, "v1") == VersionName(1)
    for name, said in (
        ("v2", "v2 was deleted"),
        ("v3", "made by hand"),
        ("v7", "there is no version 'v7'; there are v1"),
        ("1", "is no name"),
    ):
        with pytest.raises(UnknownVersionError, match=said):
            find(folder, name)
    with pytest.raises(UnknownVersionError, match=r"none yet: ds\.freeze"):
        find(Folder(folder.root / "versions"), "v1")
