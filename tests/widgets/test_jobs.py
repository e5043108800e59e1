from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest

from nbtools.errors import MessageError, VersionError
from nbtools.widgets.jobs import Jobs, Progress

SECONDS = 10


def over(jobs: Jobs, name: str) -> dict[str, Any]:
    job = jobs.get(name)
    job.thread.join(SECONDS)
    return job.said


def test_work_is_done_once_however_often_it_is_asked_for() -> None:
    jobs, done = Jobs(), []

    def work(told: Progress) -> Mapping[str, Any]:
        done.append(1)
        told(1, 2)
        return {"found": 3}

    first = jobs.start("a", work)
    assert jobs.start("a", work) is first
    said = over(jobs, "a")
    assert (said["state"], said["done"], said["total"], said["result"], done) == ("done", 1, 2, {"found": 3}, [1])


def test_one_thing_at_a_time_and_it_can_be_called_off() -> None:
    jobs, begun, go = Jobs(), Event(), Event()

    def work(told: Progress) -> Mapping[str, Any]:
        told(0, None)
        begun.set()
        go.wait(SECONDS)
        told(1, None)
        return {}

    job = jobs.start("a", work)
    begun.wait(SECONDS)
    with pytest.raises(MessageError, match="still running"):
        jobs.start("b", work)
    job.cancel()
    go.set()
    assert over(jobs, "a")["state"] == "cancelled"
    jobs.start("b", lambda _: {})
    assert over(jobs, "b")["state"] == "done"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (VersionError("a version needs a message"), "a version needs a message"),
        (ZeroDivisionError("by zero"), "the kernel failed at this: ZeroDivisionError: by zero"),
    ],
)
def test_what_goes_wrong_is_said(error: Exception, why: str) -> None:
    def work(_told: Progress) -> Mapping[str, Any]:
        raise error

    jobs = Jobs()
    jobs.start("a", work)
    said = over(jobs, "a")
    assert (said["state"], said["why"]) == ("failed", why)


def test_an_unknown_job_is_another_kernels() -> None:
    with pytest.raises(MessageError, match="started anew"):
        Jobs().get("a")
