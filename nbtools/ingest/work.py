"""The work on one raw file: read it once, name it, measure it, place it.

It runs in batches, in threads or in any other executor: one task per file would
cost five times what the work itself does.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from nbtools.errors import MediaError, SourceError
from nbtools.ingest.convert import Recipe, converted
from nbtools.ingest.place import place, write_new
from nbtools.ingest.scan import RawFile
from nbtools.items.ids import ID_LENGTH
from nbtools.media import (
    HEAD_BYTES,
    HEIC,
    Measures,
    Media,
    agrees,
    decode_text,
    measure,
    other_media,
    promises_text,
    sniff,
    text_content,
    text_encoding,
    text_media,
)

# Larger files are read in pieces, and copied by the kernel.
_IN_MEMORY = 8 << 20
_PIECE = 1 << 20
_TRIES = 3
_TEXT_HASHED = 1 << 20
NEEDS_HEIC = "HEIC"
_EMPTY = "it is empty: zero bytes"
_UNMEASURED = ("text", "other")


class Job(NamedTuple):
    """What holds for every file of an ingest; it can be sent to another process."""

    raw: str
    dataset: str
    link: str
    recipe: Recipe
    heic: bool


class Done(NamedTuple):
    """What became of one raw file: an error, or an item with its place.

    `file` is the raw file as it was when it was read, and `seen_ns` when that was;
    `path` is relative to the dataset, `odd` a remark on a suffix that disagrees.
    """

    file: RawFile
    error: str | None = None
    id: str = ""
    recipe: int = 0
    sha256: str = ""
    content: str | None = None
    kind: str = ""
    media_type: str = ""
    path: str = ""
    bytes: int = 0
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    odd: str | None = None
    seen_ns: int = 0


class _Read(NamedTuple):
    sha256: str
    media: Media
    measures: Measures
    data: bytes | None
    content: str | None


class _ChangedError(Exception):
    """The file was written to while it was read."""


def work(job: Job, batch: Sequence[tuple[RawFile, bool]]) -> list[Done]:
    """Do the work on a batch of raw files.

    Parameters
    ----------
    job : Job
        What holds for all of them.
    batch : sequence of (RawFile, bool)
        The files, each with whether `add` made it.

    Returns
    -------
    list of Done
        One per file, in order. A file that cannot be taken is a row, no exception.

    Raises
    ------
    SourceError
        If hard links were asked for and cannot be made: that holds for all files.
    OSError
        If the disk that is written to refuses.
    """
    return [_one(job, file, ours=ours) for file, ours in batch]


def work_on_bytes(job: Job, path: str, data: bytes) -> Done:
    """Do the work on bytes that a `reader` gives; `path` says where in raw/ they come from.

    Raises
    ------
    OSError
        If the disk that is written to refuses.
    """
    file = RawFile(path, len(data), 0, 0, 0, 0)
    if not data:
        return Done(file, error=_EMPTY)
    try:
        read = _read_bytes(path.rpartition("#")[2], data, heic=job.heic)
        item, media, size, sha256 = read.sha256[:ID_LENGTH], read.media, len(data), read.sha256
        recipe = job.recipe.number_for(media.kind, media.media_type)
        if recipe:
            data, media = converted(job.recipe, media, data)
            sha256, size = hashlib.sha256(data).hexdigest(), len(data)
    except MediaError as error:
        return Done(file, error=str(error))
    target = f"processed/{item}{f'.r{recipe}' if recipe else ''}.{media.suffix}"
    write_new(f"{job.dataset}/{target}", data)
    return Done(
        file, None, item, recipe, sha256, read.content, media.kind, media.media_type, target, size, *read.measures
    )


def _one(job: Job, file: RawFile, *, ours: bool) -> Done:
    source = f"{job.raw}/{file.path}"
    for _ in range(_TRIES):
        try:
            handle = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            return Done(file, error=error.strerror or str(error))
        try:
            return _taken(job, file.path, source, handle, ours=ours)
        except _ChangedError:
            continue
        except MediaError as error:
            return Done(file, error=str(error))
        finally:
            os.close(handle)
    return Done(file, error="it changes while it is read: ingest again once nothing writes to it")


def _taken(job: Job, path: str, source: str, handle: int, *, ours: bool) -> Done:
    before = os.fstat(handle)
    if not before.st_size:
        raise MediaError(_EMPTY)
    try:
        read = _read(path, handle, before.st_size, heic=job.heic)
    except OSError as error:
        raise MediaError(f"it cannot be read: {error.strerror or error}") from error
    seen_ns = time.time_ns()
    after = _check_unchanged(source, before)
    media, item = read.media, read.sha256[:ID_LENGTH]
    recipe = job.recipe.number_for(media.kind, media.media_type)
    sha256, size, target = read.sha256, before.st_size, f"raw/{path}"
    if recipe:
        made, media = converted(job.recipe, media, _whole(handle, before.st_size) if read.data is None else read.data)
        sha256, size = hashlib.sha256(made).hexdigest(), len(made)
        target = f"processed/{item}.r{recipe}.{media.suffix}"
        write_new(f"{job.dataset}/{target}", made)
    elif job.link != "reference":
        target = f"processed/{item}.{media.suffix}"
        place(job.link, source, handle, read.data, f"{job.dataset}/{target}", ours=ours)
        after = _check_unchanged(source, before)
    seen = RawFile(path, after.st_size, after.st_mtime_ns, after.st_ctime_ns, after.st_ino, after.st_mode)
    odd = None if agrees(path, read.media) else f"{path} is {read.media.media_type}"
    return Done(
        seen,
        None,
        item,
        recipe,
        sha256,
        read.content,
        media.kind,
        media.media_type,
        target,
        size,
        *read.measures,
        odd,
        seen_ns,
    )


def _check_unchanged(source: str, before: os.stat_result) -> os.stat_result:
    """Return the file's state now; the change time is left out, since a hard link moves it."""
    try:
        after = os.stat(source)
    except OSError as error:
        raise MediaError(f"it went away while it was read: {error.strerror}") from error
    if (after.st_size, after.st_mtime_ns, after.st_ino) != (before.st_size, before.st_mtime_ns, before.st_ino):
        raise _ChangedError
    return after


def _read(path: str, handle: int, size: int, *, heic: bool) -> _Read:
    if size > _IN_MEMORY:
        return _read_large(path, handle, size, heic=heic)
    return _read_bytes(path, _whole(handle, size), heic=heic)


def _read_bytes(path: str, data: bytes, *, heic: bool) -> _Read:
    size = len(data)
    media = sniff(data[:HEAD_BYTES])
    content = None
    if media is None:
        text = decode_text(data)
        media = _unsigned(path, is_text=text is not None)
        content = text_content(text) if text is not None and size <= _TEXT_HASHED else None
    _check_heic(media, heic=heic)
    measures = Measures() if media.kind in _UNMEASURED else measure(media, io.BytesIO(data), size)
    return _Read(hashlib.sha256(data).hexdigest(), media, measures, data, content)


def _read_large(path: str, handle: int, size: int, *, heic: bool) -> _Read:
    with os.fdopen(handle, "rb", closefd=False) as opened:
        head = opened.read(HEAD_BYTES)
        media = sniff(head)
        opened.seek(0)
        digest = hashlib.sha256()
        decoder = codecs.getincrementaldecoder(text_encoding(head))() if media is None else None
        while piece := opened.read(_PIECE):
            digest.update(piece)
            decoder = decoder if decoder is not None and _decodes(decoder, piece) else None
        if media is None:
            media = _unsigned(path, is_text=decoder is not None and _decodes(decoder, b"", final=True))
        _check_heic(media, heic=heic)
        return _Read(digest.hexdigest(), media, measure(media, opened, size), None, None)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        return "\0" not in decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False


def _unsigned(path: str, *, is_text: bool) -> Media:
    if is_text:
        return text_media(path)
    if promises_text(path):
        raise MediaError("not UTF-8: save it as UTF-8 (iconv -t utf-8), or under a suffix that does not say text")
    return other_media(path)


def _check_heic(media: Media, *, heic: bool) -> None:
    if media == HEIC and not heic:
        raise MediaError(NEEDS_HEIC)


def _whole(handle: int, size: int) -> bytes:
    """Return all bytes of an open file, which has to have as many as it said."""
    data = os.pread(handle, size + 1, 0)
    while 0 < len(data) < size and (more := os.pread(handle, size - len(data), len(data))):
        data += more
    if len(data) != size:
        raise _ChangedError
    return data


def hard_links_work(raw: Path, processed: Path) -> None:
    """Refuse early where hard links were asked for and cannot be made.

    Raises
    ------
    SourceError
        If the two folders lie on different disks.
    """
    if raw.stat().st_dev != processed.stat().st_dev:
        raise SourceError(
            f"{raw} and {processed} lie on different disks, so that nothing can be hard-linked: "
            "ingest with link='copy' or 'reference'"
        )
