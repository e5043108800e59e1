from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.storage import Folder
from nbtools.store import place
from tests.store.making import make

MOUNTS = """\
21 1 8:1 / / rw - ext4 /dev/sda1 rw
30 21 0:42 / {mount} rw - {kind} server:/x rw
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> Folder:
    mount = tmp_path / "with space"
    mount.mkdir()
    table = tmp_path / "mounts"
    table.write_text(MOUNTS.format(mount=str(mount).replace(" ", "\\040"), kind=kind))
    monkeypatch.setattr(place, "_MOUNTS", table)
    return Folder(mount / "ds")


@pytest.mark.parametrize("kind", ["ext4", "xfs", "overlay", "tmpfs"])
def test_on_a_local_disk_it_lies_in_the_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path, kind: str
) -> None:
    folder = mounted(tmp_path, monkeypatch, kind)
    assert place.index_path(folder, "x") == folder.root / "metadata/cache/index.sqlite"
    assert not elsewhere.exists()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_on_a_network_it_lies_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path, kind: str
) -> None:
    folder = mounted(tmp_path, monkeypatch, kind)
    found = place.index_path(folder, "x")
    assert found.is_relative_to(elsewhere)
    assert found != place.index_path(Folder(tmp_path / "with space" / "other"), "x")


def test_a_dataset_on_a_network_is_labeled_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path
) -> None:
    root = mounted(tmp_path, monkeypatch, "nfs").root.parent
    assert len(make(root, 3)) == 3
    assert len(Dataset(root / "ds")) == 3
    assert not (root / "ds/metadata/cache").exists()


def test_a_folder_that_cannot_be_written_has_its_index_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path
) -> None:
    monkeypatch.setattr(place, "_can_write", lambda _: False)
    assert place.index_path(Folder(tmp_path / "ds"), "x").is_relative_to(elsewhere)


def test_without_a_table_of_mounts_a_disk_counts_as_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_MOUNTS", tmp_path / "nothing")
    assert place.index_path(Folder(tmp_path / "ds"), "x").is_relative_to(tmp_path / "ds")
