"""A dataset folder is input: nothing outside of it is read or written, whatever it says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.derived import DERIVED, display_copy, evict
from nbtools.errors import NbtoolsError, SourceError, UnsafePathError
from nbtools.items.catalogue import Sighting, write_part


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Make a folder beside the dataset, with a file that nobody may see."""
    place = tmp_path / "outside"
    place.mkdir()
    (place / "secret.txt").write_text("secret")
    return place


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what changes when anything in a folder is touched."""
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in (folder, *folder.rglob("*"))}


@pytest.mark.parametrize(
    "path", ["../outside/secret.txt", "/etc/passwd", "processed/../../outside/secret.txt", "raw/../../x"]
)
def test_a_path_in_the_catalogue_that_leads_out(ds: Dataset, path: str) -> None:
    item = "a" * 32
    write_part(
        ds._folder, [Sighting(id=item, sha256=item * 2, kind="text", media_type="text/plain", path=path, bytes=6)]
    )
    assert ds.items()["path"].tolist() == [path]
    with pytest.raises(UnsafePathError):
        ds.file(ds.items()["path"][0])


def test_links_in_processed_and_raw_that_lead_out(ds: Dataset, outside: Path) -> None:
    item = "a" * 32
    (ds.path / "processed" / "x.txt").symlink_to(outside / "secret.txt")
    write_part(ds._folder, [Sighting(id=item, kind="text", media_type="text/plain", path="processed/x.txt", bytes=6)])
    with pytest.raises(UnsafePathError):
        ds.file("processed/x.txt")
    ds.raw.rmdir()
    ds.raw.symlink_to(outside)
    with pytest.raises(NbtoolsError):
        Dataset(ds.path).ingest()


@pytest.mark.parametrize("place", ["processed", "metadata/items", "metadata/cache"])
def test_a_folder_of_ours_that_is_a_link_out_is_not_written_to(ds: Dataset, outside: Path, place: str) -> None:
    (ds.raw / "a.txt").write_text("a")
    target = ds.path / place
    if target.exists():
        for path in sorted(target.rglob("*"), reverse=True):
            path.unlink()
        target.rmdir()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(outside)
    before = snapshot(outside)
    with pytest.raises(NbtoolsError):
        Dataset(ds.path).ingest()
    assert snapshot(outside) == before


@pytest.mark.parametrize("raw", ["s3://bucket/x", "https://example.org/x", "/", "../outside"])
def test_raw_data_elsewhere_is_only_read_where_the_opener_says_so(ds: Dataset, outside: Path, raw: str) -> None:
    manifest = ds.path / "metadata/dataset.json"
    found = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**found, "raw": str(outside) if raw == "/" else raw}))
    with pytest.raises((NbtoolsError, SourceError)):
        Dataset(ds.path).ingest()
    assert not list((ds.path / "processed").iterdir())


def test_raw_data_elsewhere_that_the_opener_names(tmp_path: Path, outside: Path) -> None:
    ds = Dataset.create(tmp_path / "far", raw=outside)
    ds.ingest(link="reference")
    assert ds.file(ds.items()["path"][0]).read_text() == "secret"
    assert ds.items()["sources"].tolist() == [["raw/secret.txt"]]
    before = snapshot(outside)
    Dataset(ds.path, raw=outside).ingest(link="copy")
    assert snapshot(outside) == before


def test_copies_for_the_screen_stay_inside(ds: Dataset, outside: Path) -> None:
    from PIL import Image

    Image.new("L", (8, 8)).save(ds.raw / "a.png")
    display_copy(ds._folder, ds.raw / "a.png", "../../../outside/x")
    derived = ds.path / DERIVED
    derived.mkdir(parents=True, exist_ok=True)
    (derived / "ab").symlink_to(outside)
    before = snapshot(outside)
    with pytest.raises(UnsafePathError):
        display_copy(ds._folder, ds.raw / "a.png", "ab" * 32)
    evict(ds._folder, 0)
    assert snapshot(outside) == before


def test_a_table_in_raw_that_names_files_outside_reads_none(ds: Dataset, outside: Path) -> None:
    (ds.raw / "a.txt").write_text("a")
    (ds.raw / "meta.csv").write_text(f"file,site\n{os.path.relpath(outside / 'secret.txt', ds.raw)},x\na.txt,y\n")
    ds.ingest()
    assert ds.items()["site"].tolist() == ["y"]
    assert len(ds) == 1
