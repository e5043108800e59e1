"""Work that takes longer than a page waits: in a thread of its own, with progress, to be called off."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nbtools.errors import MessageError, NbtoolsError
from nbtools.widgets.checks import shorten, whole

Progress: TypeAlias = Callable[[int, "int | None"], None]
Work: TypeAlias = Callable[[Progress], Mapping[str, Any]]

_MOST = 20
_LONGEST = 1_000
_log = logging.getLogger("nbtools")


class _Cancelled(Exception):  # noqa: N818 -- it is no error
    """The work was called off."""


class Job:
    """One piece of work.

    Parameters
    ----------
    work : callable
        Does it; is given what to call with the number done and of all, and returns
        what came of it, as JSON can hold it.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._called_off = threading.Event()
        self._lock = threading.Lock()
        self._said: dict[str, Any] = {"state": "running", "done": 0, "total": None, "result": None, "why": None}
        self.thread = threading.Thread(target=self._run, name="nbtools job", daemon=True)

    @property
    def said(self) -> dict[str, Any]:
        """How far it is: state (running, done, failed or cancelled), done, total, result, why."""
        with self._lock:
            return dict(self._said)

    def cancel(self) -> None:
        """Call it off; it ends with its next step."""
        self._called_off.set()

    def _run(self) -> None:
        try:
            result = dict(self._work(self._told))
            self._say(state="done", result=result)
        except _Cancelled:
            self._say(state="cancelled")
        except NbtoolsError as error:
            self._say(state="failed", why=whole(str(error))[:_LONGEST])
        except Exception as error:  # noqa: BLE001 -- the page has to hear of it, or it waits for ever
            _log.warning("job: %s: %s", type(error).__name__, shorten(str(error), 160))
            self._say(
                state="failed", why=f"the kernel failed at this: {type(error).__name__}: {whole(str(error))[:200]}"
            )

    def _told(self, done: int, total: int | None) -> None:
        if self._called_off.is_set():
            raise _Cancelled
        self._say(done=done, total=total)

    def _say(self, **said: Any) -> None:
        with self._lock:
            self._said |= said


class Jobs:
    """The pieces of work that one widget was asked for, by ids that its page made.

    A page that hears no answer asks again: under the same id nothing is begun twice.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, job: str, work: Work) -> Job:
        """Begin something, or return what was begun under the id before.

        Raises
        ------
        MessageError
            If something else is still running.
        """
        with self._lock:
            if job in self._jobs:
                return self._jobs[job]
            if any(one.thread.is_alive() for one in self._jobs.values()):
                raise MessageError("something else is still running: wait for it, or cancel it")
            made = self._jobs[job] = Job(work)
            for old in list(self._jobs)[:-_MOST]:
                del self._jobs[old]
            made.thread.start()
            return made

    def get(self, job: str) -> Job:
        """Return what was begun under an id.

        Raises
        ------
        MessageError
            If nothing was.
        """
        with self._lock:
            if job not in self._jobs:
                raise MessageError("this kernel knows nothing of it: it was started anew meanwhile")
            return self._jobs[job]
