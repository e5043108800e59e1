"""The page that shows a dataset's versions."""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.describing import about
from nbtools.errors import DatasetError, VersionError
from nbtools.formats.report import report
from nbtools.formats.samples import shown_label
from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName
from nbtools.versions.tables import read_table
from tests.factory import Datasets, picture

HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(1)> \"'&amp; {{ 7 * 7 }} {% raw %}"
CONTROLS = "a\x00b\x1bc\x85d\u202etxt.exe"


@pytest.fixture
def birds(datasets: Datasets, tmp_path: Path) -> Dataset:
    """Make three pictures and two texts, in three versions with a split."""
    files = {f"{number}.txt": f"text {number} {HOSTILE}".encode() for number in range(2)}
    for number in range(3):
        picture(number).save(tmp_path / "picture.png")
        files[f"{number}.png"] = (tmp_path / "picture.png").read_bytes()
    ds = datasets.of(files, name="birds", options=["jay", "rook", HOSTILE])
    ds.task("seen", "choices", ["egg", "nest"])
    ids = list(ds.items()["id"])
    ds.record("species", dict(zip(ids, ["jay", "jay", "rook"], strict=False)), annotator="anna", origin="person")
    ds.record("seen", {ids[0]: ["egg", "nest"], ids[1]: ["egg"]}, annotator="ben", origin="person")
    ds.freeze("first", author="anna")
    ds.record("species", {ids[0]: HOSTILE, ids[1]: "rook"}, annotator="anna", origin="person")
    ds.freeze(HOSTILE, author=CONTROLS)
    split(ds, 2)
    ds.exclude(ids[4:], "blurred")
    ds.freeze("without one", author="anna")
    return ds


def split(ds: Dataset, version: int) -> None:
    items = read_table(ds._folder, VersionName(version), "items.parquet")
    parts = {"test.parquet": items.slice(3), "train.parquet": items.slice(0, 3)}
    said = {"message": "by <site>", "author": "anna", "parent": f"v{version}"}
    commit(ds._folder, VersionName(version), lambda _: Draft(parts, said))


def page_of(ds: Dataset) -> str:
    return report(ds._folder, about(ds), ds.file)


def texts(page: str, path: str) -> list[str]:
    """Return the texts of elements, spaces as one."""
    return [" ".join("".join(found.itertext()).split()) for found in elements(page, path)]


def elements(page: str, path: str) -> list[ET.Element]:
    # Every element that is opened is closed, and every text is escaped: else it would be no XML.
    return ET.fromstring(page.replace(' xmlns="http://www.w3.org/1999/xhtml"', "")).findall(path)


def rewrite(ds: Dataset, name: str, **said: Any) -> None:
    """Change what a version's record says, as anyone could who sends a folder."""
    path = ds.path / f"versions/{name}/version.json"
    path.chmod(0o644)
    path.write_text(json.dumps(json.loads(path.read_text()) | said))


def test_versions_are_told_newest_first_with_their_splits(birds: Dataset) -> None:
    page = page_of(birds)
    assert [text.split(" ")[0] for text in texts(page, ".//ol/li")] == ["v3", "v2", "v1"]
    second = texts(page, ".//ol/li")[1]
    assert "5 items" in second
    assert "relabeled 2, labels only" in second
    assert "v2.1by <site> train 3 60.0 % test 2 40.0 %" in second


def test_what_the_newest_holds_is_counted(birds: Dataset) -> None:
    bars = texts(page_of(birds), ".//section[2]//li")
    assert bars == ["image2", "text2", "egg2", "nest1", "rook2", f"{HOSTILE}1"]


def test_neighbors_are_compared(birds: Dataset) -> None:
    page = page_of(birds)
    rows = texts(page, ".//tbody/tr")
    assert rows == ["v2 → v3–11–––items", "v1 → v2–––––2labels only"]
    assert "Relabeled, v1 → v2" in texts(page, ".//h3")
    assert f"species jay → {HOSTILE}1" in texts(page, ".//section[3]//li")


def test_samples_show_what_they_are(birds: Dataset) -> None:
    page = page_of(birds)
    assert len(texts(page, ".//figure")) == 4
    images = [image.get("src") or "" for image in elements(page, ".//img")]
    assert images
    for image in images:
        kind, _, data = image.partition(";base64,")
        assert kind == "data:image/jpeg"
        assert base64.b64decode(data)[:3] == b"\xff\xd8\xff"
    assert any(text.startswith("text 0 </p><script>") for text in texts(page, ".//figure//p"))


def test_nothing_from_the_data_is_markup(birds: Dataset) -> None:
    birds.freeze(CONTROLS, items=birds.items()["id"][:3])
    page = page_of(birds)
    assert "<script" not in page
    assert "onerror" in page
    assert "49" not in texts(page, ".//h2")
    assert not {"\x00", "\x1b", "\x85", "\u202e"} & set(page)
    assert "a\ufffdb\ufffdc\ufffdd\ufffdtxt.exe" in page
    # No address but those inside of the page, and the names of XML.
    found = [value for element in elements(page, ".//*") for name, value in element.items() if name in ("src", "href")]
    assert all(value.startswith("data:image/") for value in found)


def test_each_id_is_there_once_and_each_picture_is_named(birds: Dataset) -> None:
    page = page_of(birds)
    ids = [element.get("id") for element in elements(page, ".//*") if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(image.get("alt") for image in elements(page, ".//img"))


def test_the_same_versions_are_the_same_page(birds: Dataset, tmp_path: Path) -> None:
    target = birds.report(tmp_path / "report.html")
    before = target.read_bytes()
    assert before.decode() == page_of(birds)
    assert birds.report(str(target)) == target
    assert target.read_bytes() == before
    assert str(birds.path) not in before.decode()


def test_another_file_is_not_replaced(birds: Dataset, tmp_path: Path) -> None:
    (tmp_path / "thesis.html").write_text("<p>mine</p>")
    with pytest.raises(VersionError, match=r"thesis\.html is there and is no report"):
        birds.report(tmp_path / "thesis.html")
    assert (tmp_path / "thesis.html").read_text() == "<p>mine</p>"
    with pytest.raises(VersionError, match="cannot be replaced"):
        birds.report(tmp_path)


def test_without_a_version_there_is_nothing_to_report(datasets: Datasets, tmp_path: Path) -> None:
    with pytest.raises(VersionError, match="no version to report on yet"):
        datasets.texts(1).report(tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_one_version_is_compared_with_none(datasets: Datasets) -> None:
    ds = datasets.images(1, task=None)
    ds.freeze("only")
    page = page_of(ds)
    assert "What changed" not in texts(page, ".//h2")
    assert texts(page, ".//h2")[-1] == "1 of 1 items, drawn by chance"


def test_a_picture_that_cannot_be_shown_says_so(datasets: Datasets) -> None:
    ds = datasets.images(2)
    ds.freeze("two")
    first, second = (ds.path / path for path in ds.items()["path"])
    for file in (first, second):
        file.chmod(0o644)
    first.unlink()
    second.write_bytes(b"\x89PNG\r\n\x1a\n")
    shown = " ".join(texts(page_of(ds), ".//figure"))
    assert "is not there any more" in shown
    assert "cannot be decoded" in shown


def test_a_record_is_input(birds: Dataset) -> None:
    rewrite(birds, "v3", counts={"items": "many", "kinds": [1], "labels": {"species": 3}}, changed={"added": "x" * 9})
    rewrite(birds, "v2", counts=None, tasks={"species": {"options": [7, {"id": 1}]}, "seen": "?"})
    page = page_of(birds)
    assert "0 items" in texts(page, ".//ol/li")[0]
    rewrite(birds, "v1", format="?")
    with pytest.raises(DatasetError, match=r"versions/v1/version\.json"):
        page_of(birds)


def test_a_table_that_cannot_be_read_is_named(birds: Dataset) -> None:
    table = birds.path / "versions/v3/items.parquet"
    table.chmod(0o644)
    table.write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match=r"versions/v3/items\.parquet cannot be read"):
        page_of(birds)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("j", "jay"), (["j", "x"], "jay, x"), ([], "none of them"), (None, "none"), (float("nan"), "none"), (3, "3")],
)
def test_a_label_has_the_names_of_its_options(value: object, shown: str) -> None:
    assert shown_label(value, {"j": "jay"}) == shown
