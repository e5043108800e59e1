"""The files of items, in pages that fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nbtools.errors import LabelError, UnsafePathError
from nbtools.widgets.content import MAX_BUFFER, Content
from nbtools.widgets.payload import Files, View, page


def _view(name: str, kind: str, media_type: str, **more: object) -> View:
    return {"position": 0, "id": name, "kind": kind, "media_type": media_type, "width": None, "text": None, **more}


@pytest.fixture
def copies() -> list[str]:
    return []


@pytest.fixture
def files(tmp_path: Path, copies: list[str]) -> Files:
    def copy(view: View, path: Path) -> tuple[bytes, str]:
        copies.append(path.name)
        return b"copy", "image/webp"

    return Files(lambda name: tmp_path / name, copy)


def _image(tmp_path: Path, size: int, **more: object) -> View:
    (tmp_path / "a.png").write_bytes(b"p" * size)
    return {**_view("a.png", "image", "image/png", width=100, height=100), **more}


def test_a_small_image_goes_as_it_is(tmp_path: Path, files: Files, copies: list[str]) -> None:
    content = files.of(_image(tmp_path, 1000))
    assert (content.fields, content.buffer) == ({"media_type": "image/png"}, b"p" * 1000)
    assert not copies


@pytest.mark.parametrize("more", [{"width": 3000, "height": 3000}, {"media_type": "image/tiff"}, {"width": None}])
def test_other_images_go_as_a_copy(tmp_path: Path, files: Files, more: dict[str, object]) -> None:
    content = files.of(_image(tmp_path, 1000, **more))
    assert content.buffer == b"copy"
    # Only what a browser can show is worth asking for in full.
    assert content.fields.get("full", False) == (more.get("media_type") is None)


def test_a_heavy_image_goes_as_a_copy(tmp_path: Path, files: Files) -> None:
    assert files.of(_image(tmp_path, 1_500_001)).fields == {"media_type": "image/webp", "full": True}


def test_an_svg_needs_no_size_and_no_copy(tmp_path: Path, files: Files, copies: list[str]) -> None:
    (tmp_path / "a.svg").write_bytes(b"<svg/>")
    assert files.of(_view("a.svg", "image", "image/svg+xml")).buffer == b"<svg/>"
    (tmp_path / "a.svg").write_bytes(b" " * (MAX_BUFFER + 1))
    assert "too large" in str(files.of(_view("a.svg", "image", "image/svg+xml")).fields["error"])
    assert not copies


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("grüße 🐦".encode(), "grüße 🐦"),
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        ("wide".encode("utf-16"), "wide"),
        (b"caf\xe9", "caf\ufffd"),
        (b"<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
def test_text_is_decoded(tmp_path: Path, files: Files, data: bytes, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert files.of(_view("a.txt", "text", "text/plain")).fields == {"text": text}


def test_of_a_long_text_its_beginning_goes_first(tmp_path: Path, files: Files) -> None:
    (tmp_path / "a.txt").write_bytes("é".encode() * 200_000)
    fields = files.of(_view("a.txt", "text", "text/plain")).fields
    assert fields == {"text": "é" * 32_000, "full": True}


def test_rows_are_records_or_text(files: Files) -> None:
    assert files.of(_view("x", "record", "a/b", text='{"age": 4}')).fields == {"record": {"age": 4}}
    assert files.of(_view("x", "record", "a/b", text="no json")).fields == {"text": "no json"}
    assert files.of(_view("x", "text", "a/b", text="words")).fields == {"text": "words"}


def test_audio_is_streamed_unless_it_is_too_large(tmp_path: Path, files: Files) -> None:
    with (tmp_path / "a.wav").open("wb") as file:
        file.truncate(64_000_000)
    assert files.of(_view("a.wav", "audio", "audio/wav")).fields == {"stream": 64_000_000, "media_type": "audio/wav"}
    with (tmp_path / "a.wav").open("ab") as file:
        file.write(b"x")
    assert "too large" in str(files.of(_view("a.wav", "audio", "audio/wav")).fields["error"])
    with pytest.raises(LabelError, match="too large"):
        files.chunk("a.wav", 0)


def test_a_wav_file_of_any_length_says_how_it_can_be_cut(tmp_path: Path) -> None:
    files = Files(lambda name: tmp_path / name, _no_copy, peaks=lambda item, path: f"{item} {path.name}".encode())
    head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\0\0\0"
    with (tmp_path / "a.wav").open("wb") as file:
        file.write(head)
        file.truncate(100_000_044)
    fields = files.of(_view("a.wav", "audio", "audio/wav")).fields
    form = {"encoding": 1, "channels": 1, "rate": 8000, "bits": 16, "start": 44, "frames": 50_000_000}
    assert fields == {
        "stream": 100_000_044,
        "media_type": "audio/wav",
        "wav": {**form, "frames_per_peak": 80},
    }
    assert files.chunk("a.wav", 99_999_944) == (b"\0" * 100, 100_000_044)
    assert files.peaks("a.wav") == b"a.wav a.wav"


def test_without_peaks_nothing_is_played_in_parts(files: Files) -> None:
    with pytest.raises(LabelError, match="no peaks of sound here: play the item as a whole"):
        files.peaks("a.wav")


def test_a_file_comes_in_chunks(tmp_path: Path, files: Files) -> None:
    data = bytes(range(256)) * 40
    (tmp_path / "a.wav").write_bytes(data)
    found = b""
    while len(found) < len(data):
        part, total = files.chunk("a.wav", len(found), 4000)
        assert total == len(data)
        found += part
    assert found == data
    with pytest.raises(LabelError, match="none at"):
        files.chunk("a.wav", len(data) + 1)


def test_what_goes_wrong_is_said_without_a_path(tmp_path: Path, files: Files) -> None:
    for view in (_view("gone.txt", "text", "text/plain"), _view("gone.png", "image", "image/png")):
        why = str(files.of(view).fields["error"])
        assert "No such file" in why
        assert str(tmp_path) not in why


def test_a_file_of_another_kind_asks_for_a_display(tmp_path: Path, files: Files) -> None:
    assert "display=" in str(files.of(_view("a", "other", "application/pdf")).fields["error"])


def _no_copy(view: View, path: Path) -> tuple[bytes, str]:
    raise RuntimeError(f"bad data in {view['id']}, {path.name}")


def test_a_guarded_path_is_the_error_of_its_item() -> None:
    def path(name: str) -> Path:
        raise UnsafePathError(f"the path {name} leads out")

    files = Files(path, _no_copy)
    assert files.of(_view("../x", "text", "text/plain")).fields == {"error": "the path ../x leads out"}
    broken = Files(lambda _: Path(__file__), _no_copy)
    assert "bad data" in str(broken.of(_view("x", "image", "image/tiff")).fields["error"])


def _numbered(count: int) -> list[View]:
    return [_view(str(number), "image", "image/png", text="never sent twice") for number in range(count)]


def test_a_page_is_cut_before_it_is_too_large() -> None:
    def make(view: View) -> Content:
        return Content({"media_type": "image/png"}, view["id"].encode() * 1_000_000)

    entries, buffers = page(_numbered(9), make, 10**9)
    assert [entry["id"] for entry in entries] == ["0", "1", "2"]
    assert [buffer[:1] for buffer in buffers] == [b"0", b"1", b"2"]
    assert [entry["content"]["buffer"] for entry in entries] == [0, 1, 2]  # type: ignore[index]
    assert all("text" not in entry for entry in entries)
    assert len(page(_numbered(9), make, 1)[0]) == 1


def test_a_page_is_cut_when_its_items_are_slow() -> None:
    now = [0.0]

    def make(view: View) -> Content:
        now[0] += 0.1
        return Content({"text": "slow"})

    entries, _ = page(_numbered(9), make, 10**9, clock=lambda: now[0])
    assert len(entries) == 3


def test_texts_count_and_arrays_name_their_buffer() -> None:
    entries, _ = page(_numbered(9), lambda _: Content({"text": "é" * 1_000_000}), 10**9)
    assert len(entries) == 1
    fields: dict[str, Any] = {"array": {"dtype": "uint8", "shape": [1, 1]}}
    entries, buffers = page(_numbered(2), lambda _: Content(fields, b"\x07"), 10**9)
    assert entries[1]["content"] == {"array": {"dtype": "uint8", "shape": [1, 1], "buffer": 1}}
    assert len(buffers) == 2
