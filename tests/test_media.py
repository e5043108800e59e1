"""What bytes are, by themselves."""

from __future__ import annotations

import codecs
import contextlib
import io
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from nbtools.errors import MediaError
from nbtools.media import (
    HEAD_BYTES,
    Measures,
    agrees,
    content_hash,
    decode_text,
    is_turned,
    measure,
    other_media,
    sniff,
    text_content,
    text_media,
)
from nbtools.media.sniff import suffix_of


def image(form: str, size: tuple[int, int] = (13, 7), mode: str = "RGB", **saved: object) -> bytes:
    """Return an encoded image."""
    made = io.BytesIO()
    Image.new(mode, size, 99).save(made, form, **saved)
    return made.getvalue()


def sound(seconds: float = 1.5) -> bytes:
    """Return a WAV."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return made.getvalue()


def measured(data: bytes) -> Measures:
    """Return what `measure` says of bytes."""
    media = sniff(data[:HEAD_BYTES])
    assert media is not None
    return measure(media, io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("form", "media_type", "suffix"),
    [
        ("JPEG", "image/jpeg", "jpg"),
        ("PNG", "image/png", "png"),
        ("GIF", "image/gif", "gif"),
        ("WEBP", "image/webp", "webp"),
        ("BMP", "image/bmp", "bmp"),
        ("TIFF", "image/tiff", "tif"),
        ("AVIF", "image/avif", "avif"),
        ("JPEG2000", "image/jp2", "jp2"),
    ],
)
def test_images(form: str, media_type: str, suffix: str) -> None:
    data = image(form)
    assert sniff(data[:HEAD_BYTES]) == ("image", media_type, suffix)
    assert measured(data) == (13, 7, None)


@pytest.mark.parametrize(
    ("head", "kind", "media_type"),
    [
        (b"ID3\x04", "audio", "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + b"\0" * 20, "audio", "audio/mpeg"),
        (b"fLaC\0", "audio", "audio/flac"),
        (b"OggS" + b"\0" * 24 + b"\x01vorbis", "audio", "audio/ogg"),
        (b"OggS" + b"\0" * 24 + b"\x80theora", "video", "video/ogg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio", "audio/wav"),
        (b"RIFF\x24\0\0\0AVI LIST", "video", "video/x-msvideo"),
        (b"FORM\0\0\0\x10AIFF", "audio", "audio/aiff"),
        (b"\0\0\0\x20ftypM4A ", "audio", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "video", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video", "video/quicktime"),
        (b"\0\0\0\x18ftypheic", "image", "image/heic"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video", "video/webm"),
        (b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroska", "video", "video/x-matroska"),
        (b"%PDF-1.7", "other", "application/pdf"),
        (b"PK\x03\x04", "other", "application/zip"),
        (b"\0" * 128 + b"DICM", "other", "application/dicom"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<svg width="1"', "image", "image/svg+xml"),
        (b"  <svg>", "image", "image/svg+xml"),
    ],
)
def test_signatures(head: bytes, kind: str, media_type: str) -> None:
    found = sniff(head)
    assert found is not None
    assert (found.kind, found.media_type) == (kind, media_type)


@pytest.mark.parametrize(
    "head", [b"", b"hello", b"BMW is a car", b"<svgfoo>", b"\xff\xfe\x00", b"RIFFxxxxABCD", b"MM", b"\0" * 200]
)
def test_what_announces_nothing(head: bytes) -> None:
    assert sniff(head) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_something_or_an_error_of_their_own(data: bytes) -> None:
    media = sniff(data) or (text_media("x") if decode_text(data) is not None else other_media("x"))
    assert media.kind in ("image", "audio", "video", "text", "other")
    with contextlib.suppress(MediaError):
        assert isinstance(measure(media, io.BytesIO(data), len(data)), Measures)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP", "JPEG2000"])
@given(data=st.data())
def test_damaged_images_raise_nothing_else(form: str, data: st.DataObject) -> None:
    whole = bytearray(image(form))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    media = sniff(cut)
    if media is not None:
        with contextlib.suppress(MediaError):
            assert isinstance(measure(media, io.BytesIO(cut), len(cut)), Measures)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_sizes_are_those_of_the_upright_image(form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = image(form, exif=exif)
    assert measured(data)[:2] == ((7, 13) if orientation > 4 else (13, 7))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_that_is_stored_otherwise_than_it_is_seen_is_known(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert is_turned("image/jpeg", io.BytesIO(image("JPEG", exif=exif))) == (orientation != 1)
    # Of others it is enough that they might be.
    for form in ("PNG", "WEBP", "AVIF") if orientation != 1 else ():
        assert is_turned(f"image/{form.lower()}", io.BytesIO(image(form, exif=exif)))
        assert not is_turned(f"image/{form.lower()}", io.BytesIO(image(form)))
    assert not is_turned("image/gif", io.BytesIO(image("GIF")))
    assert not is_turned("image/jpeg", io.BytesIO(b"no JPEG"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF"])
@pytest.mark.parametrize("lost", [1, 20, 200])
def test_a_truncated_image_is_told_by_its_end(form: str, lost: int) -> None:
    made = io.BytesIO()
    Image.effect_noise((60, 40), 80).convert("RGB").save(made, form)
    with pytest.raises(MediaError):
        measured(made.getvalue()[:-lost])


def test_a_jpeg_with_something_behind_its_end_is_whole() -> None:
    assert measured(image("JPEG") + b"\0" * 500)[:2] == (13, 7)


def test_a_jpeg_whose_preview_ends_is_still_truncated() -> None:
    exif = Image.Exif()
    exif[0x010F] = "\xff\xd9"
    preview = b"Exif\0\0" + image("JPEG")
    made = io.BytesIO()
    Image.effect_noise((60, 40), 80).save(made, "JPEG", exif=preview)
    data = made.getvalue()
    assert b"\xff\xd9" in data[:-100]
    with pytest.raises(MediaError, match="truncated"):
        measured(data[:-100])


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg width="30" height="40px">', (30, 40)),
        ('<svg viewBox="0 0 20.4 10">', (20, 10)),
        ('<svg width="100%" viewBox="0,0,5,6">', (5, 6)),
        ("<svg>", (None, None)),
    ],
)
def test_sizes_of_svg(svg: str, size: tuple[int | None, int | None]) -> None:
    assert measured(svg.encode())[:2] == size


def test_durations() -> None:
    assert measured(sound(1.5)).duration == 1.5
    with pytest.raises(MediaError, match="truncated"):
        measured(sound(1.5)[:-500])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("héllo".encode(), "héllo"),
        (codecs.BOM_UTF8 + "é".encode(), "é"),
        ("é".encode("utf-16"), "é"),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "é"),
        (b"", ""),
        ("é".encode("latin-1"), None),
        (b"a\0b", None),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", None),
    ],
)
def test_text(data: bytes, text: str | None) -> None:
    assert decode_text(data) == text


@given(st.text().filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_all_utf8_is_text(text: str) -> None:
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.PNG", "png"),
        ("x/.hidden", ""),
        ("a.b/c", ""),
        ("a.tar.gz", "gz"),
        ("a.", ""),
        ("a.j pg", ""),
        ("a.é", ""),
        ("", ""),
    ],
)
def test_suffixes(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


def test_suffixes_agree_or_do_not() -> None:
    png = sniff(image("PNG"))
    assert png is not None
    assert agrees("a.png", png)
    assert agrees("a", png)
    assert agrees("a.unknown", png)
    assert not agrees("a.jpg", png)
    assert agrees("a.md", text_media("a.md"))
    assert not agrees("a.png", text_media("a.png"))


def test_content_is_blind_to_what_is_not_seen(tmp_path: Path) -> None:
    assert text_content("Straße  \n ﬁn") == text_content("STRASSE fin")
    assert text_content("a") != text_content("b")
    for name, form in (("a.png", "PNG"), ("a.bmp", "BMP"), ("a.tif", "TIFF")):
        (tmp_path / name).write_bytes(image(form))
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "turned.png").write_bytes(image("PNG", size=(7, 13), exif=exif))
    (tmp_path / "clear.png").write_bytes(image("PNG", mode="RGBA"))
    hashes = {content_hash(tmp_path / name, "image") for name in ("a.png", "a.bmp", "a.tif", "turned.png")}
    assert len(hashes) == 1
    assert content_hash(tmp_path / "clear.png", "image") not in hashes
    # On disk for good.
    assert text_content("Hello") == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert hashes == {"df165341c5e92a479964d3ce1640cb3aa7e4da272c1ea224206e263591bd2da4"}


def test_content_of_other_kinds_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    assert content_hash(tmp_path / "a", "audio") is None
    with pytest.raises(MediaError):
        content_hash(tmp_path / "a", "image")


@given(data=st.data())
def test_jpeg_headers_are_read_as_pillow_reads_them(data: st.DataObject) -> None:
    exif = Image.Exif()
    for tag in data.draw(st.lists(st.sampled_from([0x010F, 0x0110, 0x0131, 0x013B]), unique=True)):
        exif[tag] = data.draw(st.text(st.characters(codec="ascii"), max_size=9))
    if data.draw(st.booleans()):
        exif[0x0112] = data.draw(st.integers(0, 9))
    exif.endian = data.draw(st.sampled_from(["<", ">"]))
    size = data.draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    saved = {"exif": exif, "progressive": data.draw(st.booleans()), "comment": data.draw(st.binary(max_size=300))}
    made = image("JPEG", size=size, mode=data.draw(st.sampled_from(["L", "RGB", "CMYK"])), **saved)
    with Image.open(io.BytesIO(made)) as opened:
        upright = ImageOps.exif_transpose(opened).size
    assert measured(made)[:2] == upright
