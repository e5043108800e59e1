"""The work on one raw file: read it once, name it, measure it, place it.

It runs in batches, in threads or in any other executor: one task per file would
cost five times what the work itself does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from nbtools.errors import MediaError
from nbtools.ingest.contents import ChangedError, read_bytes, read_contents, read_whole
from nbtools.ingest.convert import Recipe, converted
from nbtools.ingest.place import place, write_new
from nbtools.ingest.scan import RawFile
from nbtools.items.ids import ID_LENGTH
from nbtools.media import agrees

_TRIES = 3
ERASED = "erased"
_EMPTY = "it is empty: zero bytes"
# So many files are on their way from the disk while one is worked on: four times as
# fast as one after the other where they are not in memory. The system reads ahead
# in larger files by itself.
_AHEAD = 32 if hasattr(os, "posix_fadvise") else 1
_AHEAD_BYTES = 1 << 18


class Job(NamedTuple):
    """What holds for every file of an ingest; it can be sent to another process.

    `blocked` are the ids of items that were erased on request.
    """

    raw: str
    dataset: str
    link: str
    recipe: Recipe
    heic: bool
    blocked: frozenset[str] = frozenset()


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
    done: list[Done] = []
    ahead: deque[tuple[RawFile, bool, int | OSError]] = deque()
    try:
        for file, ours in batch:
            ahead.append((file, ours, _opened(f"{job.raw}/{file.path}")))
            if len(ahead) == _AHEAD:
                done.append(_next(job, ahead))
        while ahead:
            done.append(_next(job, ahead))
    finally:
        for _, _, handle in ahead:
            if isinstance(handle, int):
                os.close(handle)
    return done


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
        read = read_bytes(path.rpartition("#")[2], data, heic=job.heic)
        item, media, size, sha256 = read.sha256[:ID_LENGTH], read.media, len(data), read.sha256
        if item in job.blocked:
            return Done(file, error=ERASED, id=item)
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


def _opened(source: str) -> int | OSError:
    """Return the file, open and on its way into memory, or why it cannot be opened."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        return error
    if _AHEAD > 1:
        with contextlib.suppress(OSError):  # advice, which a pipe cannot take
            os.posix_fadvise(handle, 0, _AHEAD_BYTES, os.POSIX_FADV_WILLNEED)
    return handle


def _next(job: Job, ahead: deque[tuple[RawFile, bool, int | OSError]]) -> Done:
    file, ours, handle = ahead.popleft()
    return _one(job, file, handle, ours=ours)


def _one(job: Job, file: RawFile, handle: int | OSError, *, ours: bool) -> Done:
    source = f"{job.raw}/{file.path}"
    for _ in range(_TRIES):
        if isinstance(handle, OSError):
            return Done(file, error=handle.strerror or str(handle))
        try:
            return _taken(job, file.path, source, handle, ours=ours)
        except ChangedError:
            pass
        except MediaError as error:
            return Done(file, error=str(error))
        finally:
            os.close(handle)
        handle = _opened(source)
    return Done(file, error="it changes while it is read: ingest again once nothing writes to it")


def _taken(job: Job, path: str, source: str, handle: int, *, ours: bool) -> Done:
    before = os.fstat(handle)
    if not before.st_size:
        raise MediaError(_EMPTY)
    try:
        read = read_contents(path, handle, before.st_size, heic=job.heic)
    except OSError as error:
        raise MediaError(f"it cannot be read: {error.strerror or error}") from error
    seen_ns = time.time_ns()
    # What is linked or copied from the disk is looked at again behind that.
    again = job.link == "hard" or ours or read.data is None
    after = _check_unchanged(handle if again else source, before)
    media, item = read.media, read.sha256[:ID_LENGTH]
    if item in job.blocked:
        return Done(RawFile(path, before.st_size, 0, 0, 0, 0), error=ERASED, id=item)
    recipe = job.recipe.number_for(media.kind, media.media_type)
    sha256, size, target = read.sha256, before.st_size, f"raw/{path}"
    if recipe:
        data = read_whole(handle, before.st_size) if read.data is None else read.data
        made, media = converted(job.recipe, media, data)
        sha256, size = hashlib.sha256(made).hexdigest(), len(made)
        target = f"processed/{item}.r{recipe}.{media.suffix}"
        write_new(f"{job.dataset}/{target}", made)
    elif job.link != "reference":
        target = f"processed/{item}.{media.suffix}"
        place(job.link, source, handle, read.data, f"{job.dataset}/{target}", ours=ours)
        if again:
            after = _check_unchanged(source, before)
    seen = RawFile(path, after.st_size, after.st_mtime_ns, after.st_ctime_ns, after.st_ino, after.st_mode)
    odd = None if agrees(path, read.media) else f"{path} is {read.media.media_type}"
    rest = (*read.measures, odd, seen_ns)
    return Done(seen, None, item, recipe, sha256, read.content, media.kind, media.media_type, target, size, *rest)


def _check_unchanged(source: str | int, before: os.stat_result) -> os.stat_result:
    """Return the file's state now; the change time is left out, since a hard link moves it."""
    try:
        after = os.stat(source)
    except OSError as error:
        raise MediaError(f"it went away while it was read: {error.strerror}") from error
    if (after.st_size, after.st_mtime_ns, after.st_ino) != (before.st_size, before.st_mtime_ns, before.st_ino):
        raise ChangedError
    return after
