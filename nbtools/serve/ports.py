"""Whether a port is free, and which of our dashboards holds it."""

from __future__ import annotations

import contextlib
import errno
import http.client
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import platformdirs

from nbtools.errors import ServeError

HOST = "127.0.0.1"
# A file of our template: an answer means that the server runs and has found it, and
# costs no kernel.
_PROBE = "/voila/templates/nbtools/static/page.css"


@dataclass(frozen=True, slots=True)
class Running:
    """A dashboard that is being served.

    Attributes
    ----------
    pid : int
        The process that was started by hand.
    dataset : str
        The dataset's folder.
    task : str or None
        The task that is opened.
    notebook : str
        The dashboard's name.
    order : str or None
        The order that was asked for.
    """

    pid: int
    dataset: str
    task: str | None
    notebook: str
    order: str | None = None

    def shows_same(self, other: Running) -> bool:
        """Tell whether a visitor of either would see the same."""
        return replace(self, pid=0) == replace(other, pid=0)


def address(port: int) -> str:
    """Return the address of the dashboard on a port."""
    return f"http://{HOST}:{port}/"


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port.

    Raises
    ------
    ServeError
        If no server of this user ever could.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # As Voilà does: else a port would count as taken for a minute after its server ended.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise ServeError(f"port {port} can't be used ({error.strerror}): choose one above 1023") from error
        except OverflowError as error:
            raise ServeError(f"{port} is no port: they go from 1024 to 65535") from error
    return True


def answers(port: int) -> bool:
    """Tell whether a server with our template answers on the port."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", _PROBE)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def holder(port: int) -> Running | None:
    """Return the dashboard that is served on a port, or None if that is not one of ours."""
    try:
        found = Running(**json.loads(_record(port).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if answers(port) else None


@contextlib.contextmanager
def recorded(running: Running, port: int) -> Iterator[None]:
    """Leave a note of what is served on a port, for as long as it is."""
    path = _record(port)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged = path.with_suffix(f".{os.getpid()}")
    staged.write_text(json.dumps(asdict(running)))
    staged.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _record(port: int) -> Path:
    return platformdirs.user_state_path("nbtools") / f"serve-{port}.json"
