"""A version handed on as one file."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.errors import DatasetError, NotSavedError, UnknownVersionError, UnsafePathError, VersionError
from nbtools.formats import archive
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName
from nbtools.versions.tables import read_table
from tests.factory import Datasets, picture


@pytest.fixture
def birds(datasets: Datasets, tmp_path: Path) -> Dataset:
    """Make pictures, texts and rows, labeled by persons and an import, in a version with two splits."""
    picture(1).save(tmp_path / "picture.png")
    same = (tmp_path / "picture.png").read_bytes()
    files = {f"north/{number}.txt": f"text {number}".encode() for number in range(3)}
    files |= {"north/a.png": same, "south/a.png": same}
    ds = datasets.of(files, name="Birds of Kent")
    ds.ingest(attributes={"site": "folder:0"})
    pd.DataFrame({"code": [f"r{number}" for number in range(4)], "note": ["ok", "ok", "no", "ü"]}).to_csv(
        ds.raw / "rows.csv", index=False
    )
    ds.ingest(rows=True, key="code", text="note")
    first, second = ds.items(where="path LIKE '%.txt'")["id"][:2]
    ds.attach(pd.DataFrame({"id": [first, second], "depth": [1, 2.5], "tags": ["[1]", None]}), on="id")
    ds.task("seen", "choices", ["egg", "nest"])
    ds.task("species", "choice", ["jay", "rook", "magpie"])
    ids = list(ds.items()["id"])
    ds.record("species", {ids[0]: "jay", ids[5]: "magpie"}, annotator="anna.secret", origin="person")
    ds.record("species", {ids[0]: "jay", ids[1]: "rook"}, annotator="ben.secret", origin="person", reason="sure")
    ds.record("seen", {ids[1]: ["egg", "nest"]}, origin="import")
    ds.freeze("first", author="carol")
    for _ in range(2):
        split(ds, 1)
    return ds


def split(ds: Dataset, version: int) -> None:
    items = read_table(ds._folder, VersionName(version), "items.parquet")
    parts = {"test.parquet": items.slice(3), "train.parquet": items.slice(0, 3)}
    said = {"message": "by site", "author": "anna", "parent": f"v{version}"}
    records = json.loads((ds.path / f"versions/v{version}/version.json").read_text())["records"]
    commit(ds._folder, VersionName(version), lambda _: Draft(parts, said | {"records": records}))


def unpacked(path: Path, folder: Path) -> Dataset:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        tops = {name.partition("/")[0] for name in file.namelist()}
        file.extractall(folder)
    return Dataset(folder / tops.pop())


def told(labels: pd.DataFrame) -> list[list[object]]:
    rows = labels[["item", "value", "status", "origin", "comment"]].astype(object)
    return sorted(rows.where(rows.notna(), None).to_numpy().tolist(), key=str)


def test_a_bundle_opens_as_a_dataset_that_holds_the_version(birds: Dataset, tmp_path: Path) -> None:
    path = birds.bundle("v1", tmp_path / "birds.zip")
    there = unpacked(path, tmp_path / "out")
    assert there.path.name == "Birds-of-Kent-v1"
    assert (there.id, there.name) == (birds.id, birds.name)
    assert [one.name for one in there.versions()] == ["v1"]
    assert there.version("v1").splits == ["v1.1", "v1.2"]
    mine, theirs = (ds.items().sort_values("id", ignore_index=True) for ds in (birds, there))
    mine["sources"] = mine["sources"].map(sorted)
    theirs["sources"] = theirs["sources"].map(sorted)
    pd.testing.assert_frame_equal(mine, theirs, check_like=True)
    assert {name: task.to_json() for name, task in there.tasks().items()} == {
        name: task.to_json() for name, task in birds.tasks().items()
    }
    for task in birds.tasks():
        assert told(there.labels(task)) == told(birds.labels(task))
    for name in ("v1", "v1.1"):
        assert birds.version("v1").verify().ok
        assert there.version("v1").verify().ok, name


def test_what_is_frozen_of_it_is_the_version_itself(birds: Dataset, tmp_path: Path) -> None:
    there = unpacked(birds.bundle("v1", tmp_path / "birds.zip"), tmp_path / "out")
    assert there.freeze("again").name == "v1"


def test_it_merges_back_and_brings_nothing_new(birds: Dataset, tmp_path: Path) -> None:
    there = unpacked(birds.bundle("v1", tmp_path / "birds.zip"), tmp_path / "out")
    merged = birds.merge(there.path)
    assert (merged.items, sum(merged.acts.values())) == (0, 0)
    # Of an item with two sources, a version knows what they say, and not which says what.
    assert [why for why, _, _ in merged.refused] == ["the attribute 'site' has another value here, which is kept"]


def test_annotators_go_by_their_pseudonyms(birds: Dataset, tmp_path: Path) -> None:
    path = birds.bundle("v1", tmp_path / "birds.zip")
    with zipfile.ZipFile(path) as file:
        held = [file.read(name) for name in file.namelist()]
    assert not [data for data in held if b".secret" in data or str(birds.path).encode() in data]
    there = unpacked(path, tmp_path / "out")
    names = set(there.labels("species")["annotator"])
    assert len(names) == 2
    assert all(name.startswith("annotator-") for name in names)


def test_the_same_version_is_the_same_file(birds: Dataset, tmp_path: Path) -> None:
    first = birds.bundle("v1", tmp_path / "first.zip").read_bytes()
    birds.exclude(birds.items()["id"][:2], "later")
    birds.record("species", {birds.items()["id"][0]: "rook"}, annotator="dora", origin="person")
    assert birds.bundle(birds.version("v1"), tmp_path / "second.zip").read_bytes() == first


def test_a_split_goes_with_its_version_alone(birds: Dataset, tmp_path: Path) -> None:
    there = unpacked(birds.bundle("v1.2", tmp_path / "birds.zip"), tmp_path / "out")
    assert there.version("v1").splits == ["v1.2"]
    assert json.loads((there.path / "metadata/croissant.json").read_text())["version"] == "1.2.0"


def test_items_and_rows_of_no_version_stay(birds: Dataset, tmp_path: Path) -> None:
    out = birds.items(where="text = 'no' or kind = 'image'")["id"]
    birds.exclude(out, "withdrawn")
    birds.freeze("without")
    split(birds, 2)
    path = birds.bundle("v2", tmp_path / "birds.zip")
    with zipfile.ZipFile(path) as file:
        assert not [name for name in file.namelist() if name.endswith(".png")]
    there = unpacked(path, tmp_path / "out")
    assert len(there) == len(birds)
    (rows,) = there.path.glob("processed/records-*.parquet")
    kept = pd.read_parquet(rows)
    assert (len(kept), kept["note"].notna().sum()) == (4, 3)
    assert "no" not in set(kept["note"].dropna())
    assert there.version("v2").verify("full").ok
    assert "erased" not in repr(there.version("v2").verify("full"))


def test_a_file_that_is_there_is_not_replaced(birds: Dataset, tmp_path: Path) -> None:
    (tmp_path / "birds.zip").write_text("mine")
    with pytest.raises(VersionError, match=r"birds\.zip is there already"):
        birds.bundle("v1", tmp_path / "birds.zip")
    assert (tmp_path / "birds.zip").read_text() == "mine"


def test_again_the_same_file_stays_and_another_version_takes_no_place(birds: Dataset, tmp_path: Path) -> None:
    path = birds.bundle("v1", tmp_path / "to/hand/on.zip")
    before = path.stat()
    assert birds.bundle("v1", path) == path
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    with pytest.raises(VersionError, match=r"is there already, and is another file"):
        birds.bundle("v1.1", path)
    assert [one.name for one in path.parent.iterdir()] == ["on.zip"]


@pytest.mark.parametrize("damage", ["gone", "other", "link", "rows", "table"])
def test_what_is_damaged_is_not_handed_on(birds: Dataset, tmp_path: Path, damage: str) -> None:
    which = "path LIKE '%records-%'" if damage == "rows" else "path LIKE '%.txt'"
    path = birds.path / str(birds.items(where=which)["path"].iloc[0])
    if damage == "table":
        path = birds.path / "versions/v1.1/test.parquet"
    path.chmod(0o644)
    if damage == "other":
        path.write_bytes(b"other")
    else:
        path.unlink()
    if damage == "link":
        path.symlink_to("/etc/hostname")
    with pytest.raises((DatasetError, UnsafePathError), match=r"missing|other bytes|outside|leads out|cannot be read"):
        birds.bundle("v1", tmp_path / "birds.zip")
    assert not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part"))


def test_a_full_disk_leaves_nothing(birds: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "place", refuse)
    with pytest.raises(NotSavedError, match=r"birds\.zip was not written: No space left"):
        birds.bundle("v1", tmp_path / "birds.zip")
    assert not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part"))


def test_a_bundle_from_before_a_further_split_is_replaced_and_no_other_is(birds: Dataset, tmp_path: Path) -> None:
    path = birds.bundle("v1", tmp_path / "birds.zip")
    plan = birds.version("v1").split({"train": 0.5, "test": 0.5}, seed=7, fresh=True)
    later = plan.save(confirm=True).name
    one = birds.bundle("v1.1", tmp_path / "one.zip")
    birds.bundle("v1", path)
    assert later in unpacked(path, tmp_path / "out").version("v1").splits
    before = path.read_bytes(), one.read_bytes()
    for version, taken in ((later, one), ("v1.1", path)):
        with pytest.raises(VersionError, match="is there already, and is another file"):
            birds.bundle(version, taken)
    (tmp_path / "cut.zip").write_bytes(before[0][:-60])
    with pytest.raises(VersionError, match="is there already"):
        birds.bundle("v1", tmp_path / "cut.zip")
    assert (path.read_bytes(), one.read_bytes()) == before


def test_another_that_was_quicker_keeps_its_file(
    birds: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(staged: Path, target: Path) -> None:
        target.write_text("theirs")
        raise FileExistsError(17, "File exists")

    monkeypatch.setattr(archive, "place", overtaken)
    with pytest.raises(VersionError, match="is there already"):
        birds.bundle("v1", tmp_path / "birds.zip")
    assert (tmp_path / "birds.zip").read_text() == "theirs"


def test_progress_is_told_and_an_unknown_version_refused(birds: Dataset, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    birds.bundle("v1", tmp_path / "birds.zip", on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == 5
    with pytest.raises(UnknownVersionError):
        birds.bundle("v7", tmp_path / "other.zip")
