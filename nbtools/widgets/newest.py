"""Work of which only the newest counts: what was begun before it is called off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from nbtools.widgets.jobs import Job, Progress, Work


class Newest:
    """One piece of work at a time, each in a thread of its own; a new one ends the one before.

    Parameters
    ----------
    told : callable
        Called in that thread with the number and the result of what is done, unless
        something newer was asked for meanwhile.
    """

    def __init__(self, told: Callable[[int, Mapping[str, Any]], None]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._number: int | None = None
        self._job: Job | None = None

    def begin(self, number: int, work: Work) -> Mapping[str, Any]:
        """Begin something, or return how far what was begun under the number is.

        Parameters
        ----------
        number : int
            Names it: asked for twice it is begun once.
        work : callable
            Does it; see `Job`.
        """
        with self._lock:
            if self._job is not None and self._number == number:
                return self._job.said
            before = None
            if self._job is not None:
                self._job.cancel()
                # The thread and not the job: else each would keep all that were before it.
                before = self._job.thread
            self._number, self._job = number, Job(lambda progress: self._run(number, before, work, progress))
            self._job.thread.start()
            return self._job.said

    def said(self, number: int) -> Mapping[str, Any]:
        """Return how far something is: as `Job.said` has it; ``cancelled`` if it is not the newest."""
        with self._lock:
            return self._job.said if self._job is not None and self._number == number else {"state": "cancelled"}

    def cancel(self) -> None:
        """Call off what is under way."""
        with self._lock:
            if self._job is not None:
                self._job.cancel()

    def wait(self) -> None:
        """Return when nothing is under way any more."""
        with self._lock:
            job = self._job
        if job is not None:
            job.thread.join()

    def _run(self, number: int, before: threading.Thread | None, work: Work, progress: Progress) -> Mapping[str, Any]:
        # Two at once would only make both later.
        if before is not None:
            before.join()
        progress(0, None)
        result = work(progress)
        progress(0, None)
        self._told(number, result)
        return result
