"""Work on many raw files at once, with the results in the order of the files."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

from nbtools.ingest.scan import RawFile
from nbtools.ingest.work import Done, Job, work

_BATCH_FILES = 256
_BATCH_BYTES = 32 << 20
_WINDOW = 64
# Below this most of the work on a file is Python's own, of which one thread at a
# time can do any: several only wait for each other, and take twice the time.
_SMALL = 1 << 16

# A batch of files with the ids of those that need no work, and the work on the others.
_Batch = tuple[list[tuple[RawFile, str | Done | None]], Callable[[], list[Done]]]


def results(
    job: Job,
    files: Iterable[RawFile],
    known: Callable[[RawFile], str | Done | None],
    ours: Callable[[RawFile], bool],
    executor: Executor | None,
) -> Iterator[list[tuple[RawFile, str | Done]]]:
    """Yield files in batches, each with its id, where nothing is to be done, or with what was done.

    Parameters
    ----------
    job : Job
        What holds for all files.
    files : iterable of RawFile
        In the order wanted.
    known : callable
        The id of a file that needs no work, or what was done with it already, else None.
    ours : callable
        Whether `add` made the file.
    executor : Executor or None
        Where the work is done; threads of our own unless given.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    workers = min(8, os.cpu_count() or 1)
    window = _WINDOW if executor is not None else 2 * workers
    with ThreadPoolExecutor(workers) if executor is None else nullcontext(executor) as pool:
        pending: deque[_Batch] = deque()
        futures: deque[Future[list[Done]]] = deque(maxlen=window)
        try:
            for batch in _batches(files, known):
                needed = [(file, ours(file)) for file, item in batch if item is None]
                if not needed:
                    pending.append((batch, list))
                elif executor is None and sum(file.size for file, _ in needed) <= _SMALL * len(needed):
                    pending.append((batch, partial(work, job, needed)))
                else:
                    futures.append(pool.submit(work, job, needed))
                    pending.append((batch, futures[-1].result))
                if len(pending) >= window:
                    yield _finished(*pending.popleft())
            while pending:
                yield _finished(*pending.popleft())
        finally:
            for future in futures:
                future.cancel()


def _batches(
    files: Iterable[RawFile], known: Callable[[RawFile], str | Done | None]
) -> Iterator[list[tuple[RawFile, str | Done | None]]]:
    batch: list[tuple[RawFile, str | Done | None]] = []
    count = size = 0
    for file in files:
        item = known(file)
        batch.append((file, item))
        if item is None:
            count += 1
            size += file.size
        if count >= _BATCH_FILES or size >= _BATCH_BYTES or len(batch) >= 4 * _BATCH_FILES:
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch


def _finished(
    batch: list[tuple[RawFile, str | Done | None]], work_on_it: Callable[[], list[Done]]
) -> list[tuple[RawFile, str | Done]]:
    done = iter(work_on_it())
    return [(file, item if item is not None else next(done)) for file, item in batch]
