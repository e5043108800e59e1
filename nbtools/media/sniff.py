"""What kind of data the first bytes of a file announce."""

from __future__ import annotations

import codecs
import functools
import re
from typing import NamedTuple

HEAD_BYTES = 4096


class Media(NamedTuple):
    """What a file holds: its kind, its media type, and the suffix that goes with it."""

    kind: str
    media_type: str
    suffix: str


HEIC = Media("image", "image/heic", "heic")
_MP4 = Media("video", "video/mp4", "mp4")
_TIFF = Media("image", "image/tiff", "tif")
_MP3 = Media("audio", "audio/mpeg", "mp3")
_OTHER = Media("other", "application/octet-stream", "bin")
_SVG = Media("image", "image/svg+xml", "svg")
_BMP = Media("image", "image/bmp", "bmp")
_DICOM = Media("other", "application/dicom", "dcm")
_AIFF = Media("audio", "audio/aiff", "aiff")
_OGG = Media("audio", "audio/ogg", "ogg")
_OGV = Media("video", "video/ogg", "ogv")
_WEBM = Media("video", "video/webm", "webm")

# Signatures at the very start.
_AT_START: tuple[tuple[bytes, Media], ...] = (
    (b"\xff\xd8\xff", Media("image", "image/jpeg", "jpg")),
    (b"\x89PNG\r\n\x1a\n", Media("image", "image/png", "png")),
    (b"GIF87a", Media("image", "image/gif", "gif")),
    (b"GIF89a", Media("image", "image/gif", "gif")),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"II+\0", _TIFF),
    (b"MM\0+", _TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Media("image", "image/jp2", "jp2")),
    (b"8BPS", Media("image", "image/vnd.adobe.photoshop", "psd")),
    (b"fLaC", Media("audio", "audio/flac", "flac")),
    (b"ID3", _MP3),
    (b".snd", Media("audio", "audio/basic", "au")),
    (b"#!AMR", Media("audio", "audio/amr", "amr")),
    (b"\x1aE\xdf\xa3", Media("video", "video/x-matroska", "mkv")),
    (b"FLV\x01", Media("video", "video/x-flv", "flv")),
    (b"\0\0\x01\xba", Media("video", "video/mpeg", "mpg")),
    (b"0&\xb2u\x8ef\xcf\x11", Media("video", "video/x-ms-asf", "wmv")),
    (b"%PDF-", Media("other", "application/pdf", "pdf")),
    (b"PK\x03\x04", Media("other", "application/zip", "zip")),
    (b"\x1f\x8b", Media("other", "application/gzip", "gz")),
    (b"7z\xbc\xaf\x27\x1c", Media("other", "application/x-7z-compressed", "7z")),
    (b"Rar!\x1a\x07", Media("other", "application/vnd.rar", "rar")),
    (b"BZh", Media("other", "application/x-bzip2", "bz2")),
    (b"\xfd7zXZ\0", Media("other", "application/x-xz", "xz")),
    (b"(\xb5/\xfd", Media("other", "application/zstd", "zst")),
    (b"PAR1", Media("other", "application/vnd.apache.parquet", "parquet")),
    (b"\x93NUMPY", Media("other", "application/x-npy", "npy")),
    (b"\x89HDF\r\n\x1a\n", Media("other", "application/x-hdf5", "h5")),
)
_BY_FIRST_BYTE = {
    signature[:1]: [one for one in _AT_START if one[0][:1] == signature[:1]] for signature, _ in _AT_START
}
_IN_RIFF = {
    b"WEBP": Media("image", "image/webp", "webp"),
    b"WAVE": Media("audio", "audio/wav", "wav"),
    b"AVI ": Media("video", "video/x-msvideo", "avi"),
}
_FTYP_BRANDS = {
    b"avif": Media("image", "image/avif", "avif"),
    b"avis": Media("image", "image/avif", "avif"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B "), Media("audio", "audio/mp4", "m4a")),
    b"qt  ": Media("video", "video/quicktime", "mov"),
}
# What a suffix promises; one that is not here promises nothing.
_PROMISES: dict[str, tuple[str, ...]] = {
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "gif": ("image/gif",),
    "webp": ("image/webp",),
    "bmp": ("image/bmp",),
    "tif": ("image/tiff",),
    "tiff": ("image/tiff",),
    "avif": ("image/avif",),
    "heic": ("image/heic",),
    "svg": ("image/svg+xml",),
    "wav": ("audio/wav",),
    "flac": ("audio/flac",),
    "mp3": ("audio/mpeg",),
    "ogg": ("audio/ogg", "video/ogg"),
    "m4a": ("audio/mp4", "video/mp4"),
    "mp4": ("video/mp4", "audio/mp4", "video/quicktime"),
    "mov": ("video/quicktime", "video/mp4"),
    "webm": ("video/webm", "video/x-matroska"),
    "mkv": ("video/x-matroska", "video/webm"),
    "pdf": ("application/pdf",),
    **dict.fromkeys(("txt", "md", "html", "htm", "text"), ("text/",)),
}
_TEXT_TYPES = {
    **dict.fromkeys(("md", "markdown"), "text/markdown"),
    **dict.fromkeys(("html", "htm"), "text/html"),
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xml": "application/xml",
    **dict.fromkeys(("json", "jsonl"), "application/json"),
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CLEAN_SUFFIX = re.compile(r"[a-z0-9]{1,10}")
_SVG_START = re.compile(rb"^\s*(<\?xml[^>]*\?>\s*)?((<!--.*?-->|<!DOCTYPE[^>]*>)\s*)*<svg[\s>]", re.DOTALL)


def sniff(head: bytes) -> Media | None:
    """Return what the first bytes of a file announce, or None where nothing is known.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes, or all of a shorter file.
    """
    return _by_signature(head) or _by_container(head) or _by_structure(head)


def _by_signature(head: bytes) -> Media | None:
    for signature, media in _BY_FIRST_BYTE.get(head[:1], ()):
        if head.startswith(signature):
            return _WEBM if media.suffix == "mkv" and b"webm" in head[:64] else media
    return None


def _by_container(head: bytes) -> Media | None:
    if head[:4] == b"RIFF":
        return _IN_RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _FTYP_BRANDS.get(head[8:12], _MP4)
    if head[:4] == b"OggS":
        return _OGV if b"theora" in head[:512] else _OGG
    return _AIFF if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC") else None


def _by_structure(head: bytes) -> Media | None:
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return _BMP
    if head[128:132] == b"DICM":
        return _DICOM
    # An MP3 without tags: eleven set bits, layer III, a bit rate that exists.
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 not in (0, 0xF0):
        return _MP3
    return _SVG if _SVG_START.match(head) else None


def text_media(name: str) -> Media:
    """Return what a file of text is, going by its name."""
    suffix = suffix_of(name)
    return Media("text", _TEXT_TYPES.get(suffix, "text/plain"), suffix or "txt")


def other_media(name: str) -> Media:
    """Return what a file is that is neither known by its first bytes nor text."""
    return _OTHER._replace(suffix=suffix_of(name) or _OTHER.suffix)


def agrees(name: str, media: Media) -> bool:
    """Tell whether the suffix of a name promises no other media type than the file has."""
    promised = _PROMISES.get(suffix_of(name))
    return promised is None or media.media_type.startswith(promised)


def promises_text(name: str) -> bool:
    """Tell whether the suffix of a name says that the file is text."""
    return _PROMISES.get(suffix_of(name)) == ("text/",)


def suffix_of(name: str) -> str:
    """Return the suffix in lower case and without its dot; "" where it is none to keep."""
    stem, dot, suffix = name.rpartition(".")
    return _clean(suffix) if dot and stem and stem[-1] != "/" else ""


@functools.lru_cache(1024)
def _clean(suffix: str) -> str:
    # Once per kind of file and not per file: a million files have a handful of suffixes.
    suffix = suffix.lower()
    return suffix if _CLEAN_SUFFIX.fullmatch(suffix) else ""


def text_encoding(head: bytes) -> str:
    """Return the encoding that a byte order mark names, and UTF-8 without one."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), "utf-8")


def decode_text(data: bytes) -> str | None:
    """Return bytes as text, or None if they are none.

    Text is what decodes as UTF-8, or as what its byte order mark says, and holds no NUL.
    """
    try:
        text = data.decode(text_encoding(data))
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
