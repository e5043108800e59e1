"""One bad file is one row in the report, and the others are ingested."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.derived import display_copy
from nbtools.ingest.contents import read_contents
from nbtools.ingest.scan import shown

Put = Callable[[str, "bytes | str"], Path]


def encoded(form: str) -> bytes:
    """Return a small image."""
    made = io.BytesIO()
    Image.effect_noise((40, 30), 50).convert("RGB").save(made, form)
    return made.getvalue()


def bomb() -> bytes:
    """Return a PNG of a few hundred bytes that says it has 2.5 billion pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    size = (50_000).to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.png", b"", "zero bytes"),
        ("empty.csv", b"", "zero bytes"),
        *(
            (f"cut.{form.lower()}", encoded(form)[:-60], "truncated")
            for form in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "AVIF")
        ),
        ("latin.txt", "h\xe9llo".encode("latin-1"), "not UTF-8"),
        ("nul.txt", b"a\0b", "not UTF-8"),
        ("bomb.png", bomb(), "decompression bomb"),
        ("head.png", b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82", "not a readable PNG"),
        ("noise.flac", b"fLaC" + b"\xff" * 50, "not a readable FLAC"),
        ("noise.csv", b"\xff\xfe\xfd", "not"),
    ],
)
def test_bad_bytes(ds: Dataset, put: Put, name: str, data: bytes, reason: str) -> None:
    put(name, data)
    put("good.txt", "good")
    report = ds.ingest()
    assert report.added["source"].tolist() == ["raw/good.txt"]
    assert report.failed["path"].tolist() == [name]
    assert reason in report.failed["reason"][0]
    assert ds.ingest().counts["failed"] == 1


def test_links_that_lead_nowhere_round_and_out(ds: Dataset, put: Put, tmp_path: Path) -> None:
    put("sub/good.txt", "good")
    (tmp_path / "secret.txt").write_text("secret")
    (ds.raw / "loop").symlink_to("loop")
    (ds.raw / "nowhere").symlink_to("missing")
    (ds.raw / "out.txt").symlink_to(tmp_path / "secret.txt")
    (ds.raw / "folder_out").symlink_to(tmp_path)
    (ds.raw / "around").symlink_to(ds.raw)
    (ds.raw / "inside.txt").symlink_to("sub/good.txt")
    report = ds.ingest()
    reasons = dict(zip(report.failed["path"], report.failed["reason"], strict=True))
    assert set(reasons) == {"loop", "nowhere", "out.txt", "folder_out"}
    assert all("link" in reason for reason in reasons.values())
    assert report.left["path"].tolist() == ["around"]
    assert ds.items()["sources"].tolist() == [["raw/inside.txt", "raw/sub/good.txt"]]


def test_a_socket_and_a_pipe(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("good.txt", "good")
    monkeypatch.chdir(ds.raw)  # the path of a socket may have a hundred characters
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        report = ds.ingest()
    assert report.failed["path"].tolist() == ["pipe", "socket"]


# Everything is imported first: another user may not be able to read our packages either.
_UNPRIVILEGED = """
import os, sys
from nbtools.dataset import Dataset
from nbtools.derived import display_copy
warm = Dataset(sys.argv[2])
len(warm.ingest().failed)
ds = Dataset(sys.argv[1])
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
report = ds.ingest()
print(sorted(report.failed["path"]), report.counts["added"], report.counts["missing"])
"""


def test_no_permission() -> None:
    with tempfile.TemporaryDirectory() as place:
        ds = Dataset.create(Path(place) / "birds")
        (ds.raw / "folder").mkdir()
        for name in ("folder/a.txt", "closed.txt", "good.txt"):
            (ds.raw / name).write_text(name)
        ds.ingest(include="folder/*")
        warm = Dataset.create(Path(place) / "warm")
        (warm.raw / "a.txt").write_text("a")
        for path in (Path(place), *Path(place).rglob("*")):
            path.chmod(0o777)
        (ds.raw / "closed.txt").chmod(0)
        (ds.raw / "folder").chmod(0)
        command = [sys.executable, "-c", _UNPRIVILEGED, str(ds.path), str(warm.path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        (ds.raw / "folder").chmod(0o755)
    # What cannot be looked into is not missing.
    assert done.stdout.strip() == "['closed.txt', 'folder/'] 1 0", done.stderr[-1500:]


def test_a_file_that_changes_while_it_is_read(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("good.txt", "good")
    path = put("log.txt", "1")

    def read(name: str, handle: int, size: int, *, heic: bool) -> object:
        found = read_contents(name, handle, size, heic=heic)
        if name == "log.txt":
            with path.open("a") as file:
                file.write("more")
        return found

    monkeypatch.setattr("nbtools.ingest.work.read_contents", read)
    report = ds.ingest()
    assert report.failed.to_dict("records") == [
        {"path": "log.txt", "reason": "it changes while it is read: ingest again once nothing writes to it"}
    ]
    monkeypatch.undo()
    assert ds.ingest().counts["added"] == 1


def test_a_file_that_changes_once_is_read_again(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.txt", "old")
    calls: list[int] = []

    def read(name: str, handle: int, size: int, *, heic: bool) -> object:
        found = read_contents(name, handle, size, heic=heic)
        if not calls:
            calls.append(path.write_text("newer"))
        return found

    monkeypatch.setattr("nbtools.ingest.work.read_contents", read)
    ds.ingest()
    assert ds.file(ds.items()["path"][0]).read_text() == "newer"
    assert len(list((ds.path / "processed").iterdir())) == 1


@pytest.mark.parametrize("link", ["copy", "hard"])
def test_odd_names_are_ingested_as_they_are(ds: Dataset, put: Put, link: str) -> None:
    names = [
        "x" * 251 + ".txt",
        unicodedata.normalize("NFC", "é.txt"),
        unicodedata.normalize("NFD", "é.txt"),
        'it\'s "quoted".txt',
        "two\nlines.txt",
        "🐦‍⬛.txt",
        " space .txt",
        "a#b.txt",
        "<img src=x onerror=alert(1)>.txt",
        "-rf.txt",
        "back\\slash.txt",
    ]
    for name in names:
        put(name, name)
    report = ds.ingest(link=link)
    assert sorted(report.added["source"]) == sorted(f"raw/{name}" for name in names)
    assert sorted(one for row in ds.items()["sources"] for one in row) == sorted(f"raw/{name}" for name in names)
    assert ds.ingest(link=link).counts["unchanged"] == len(names)
    assert "<img" not in report._repr_html_()


def test_a_name_that_is_not_utf8(ds: Dataset, put: Put) -> None:
    put("good.txt", "good")
    odd = os.fsdecode(b"caf\xe9.txt")
    (ds.raw / odd).write_text("1")
    report = ds.ingest()
    assert report.failed["path"].tolist() == [shown(odd)] == ["caf\\xe9.txt"]
    assert "rename" in report.failed["reason"][0]


def test_what_systems_leave_behind_is_passed_over(ds: Dataset, put: Put) -> None:
    for name in (
        ".DS_Store",
        "Thumbs.db",
        "IMG_1.AAE",
        ".ipynb_checkpoints/a.txt",
        "__MACOSX/x.png",
        ".git/config",
        "~$a.txt",
    ):
        put(name, name)
    put("good.txt", "good")
    report = ds.ingest()
    assert (report.counts["added"], report.counts["passed_over"], report.counts["left"]) == (1, 7, 0)


def test_what_is_no_data_point_is_left(ds: Dataset, put: Put) -> None:
    left = ["README", "README.md", "LICENSE", "LICENSE.txt", "md5sums.txt", "SHA256SUMS", "a.md5", "annotations.json"]
    left += ["VOC/1.xml", "data.yaml", "data.zip", "CITATION.cff", "notes.ipynb"]
    for name in left:
        put(name, name)
    put("readme_or_not.png.txt", "a text about a picture")
    report = ds.ingest()
    assert sorted(report.left["path"]) == sorted(left)
    assert report.added["source"].tolist() == ["raw/readme_or_not.png.txt"]
    put("1.txt", "text")
    assert ds.ingest(include=["*.xml", "*.txt"]).added["source"].tolist() == ["raw/1.txt", "raw/VOC/1.xml"]


def test_a_suffix_that_disagrees_is_a_warning(ds: Dataset, put: Put) -> None:
    put("photo.jpg", encoded("PNG"))
    put("page.png", "<html>not found</html>")
    report = ds.ingest()
    assert sorted(ds.items()["kind"]) == ["image", "text"]
    assert len(report.warnings) == 1
    assert "photo.jpg is image/png" in report.warnings[0]
    assert "page.png is text/plain" in report.warnings[0]


def test_heic_without_the_extra_is_one_line(ds: Dataset, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.ingest.run.can_read_heic", lambda: False)
    head = (24).to_bytes(4, "big") + b"ftypheic" + b"\0\0\0\0mif1heic"
    for number in range(3):
        put(f"IMG_{number}.HEIC", head + str(number).encode().rjust(8, b"\0"))
    put("good.txt", "good")
    report = ds.ingest()
    assert report.warnings == ["3 HEIC files: pip install 'nbtools-data[heic]', then ingest again"]
    assert (report.counts["failed"], report.counts["added"]) == (0, 1)


def test_heic_with_the_extra_is_an_image(ds: Dataset) -> None:
    import pillow_heif

    picture = Image.linear_gradient("L").resize((64, 32)).convert("RGB")
    pillow_heif.from_pillow(picture).save(ds.raw / "IMG_1.HEIC", quality=80)
    report = ds.ingest()
    row = ds.items(columns=["kind", "media_type", "width", "height", "path"]).iloc[0]
    assert row.tolist()[:4] == ["image", "image/heic", 64, 32]
    assert report.warnings == []
    data, media_type = display_copy(ds._folder, ds.file(row["path"]), None, 16)
    with Image.open(io.BytesIO(data)) as shown_image:
        assert (shown_image.size, media_type) == ((16, 8), "image/jpeg")
    ds.ingest(convert={"format": "jpeg"})
    assert ds.items()["path"][0].endswith(".r1.jpg")
