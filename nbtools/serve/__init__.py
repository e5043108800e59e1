"""Starts Voilà with one of nbtools' dashboards, for one person on one machine.

Browser storage, in which labels wait that could not be sent yet, belongs to an
address. So a dashboard is always at the same one: the port never hops.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, cast

from nbtools.errors import ServeError
from nbtools.serve.places import checkout, config_folder, find_notebook
from nbtools.serve.ports import HOST, Running, address, answers, holder, is_free, recorded

__all__ = ["PORT", "Dashboard", "address", "find_notebook", "serve_dashboard"]

PORT = 8877
_START_LIMIT = 90.0
_END_LIMIT = 15.0
_POLL = 0.1
_SHORT = 40


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What is served.

    Attributes
    ----------
    notebook : str
        Name of a notebook of nbtools, such as ``annotate``.
    dataset : Path
        The dataset's folder.
    title : str
        What the browser's tab says beside ``nbtools``.
    task : str or None
        The task that is opened; without one the page asks.
    annotator : str or None
        The one person whose labels these are; without a name the page asks.
    read_only : bool
        Whether nothing can be made from the page.
    order : str or None
        In which order items are labeled, as a Labeler takes it by name.
    """

    notebook: str
    dataset: Path
    title: str
    task: str | None = None
    annotator: str | None = None
    read_only: bool = False
    order: str | None = None


def serve_dashboard(
    dashboard: Dashboard,
    *,
    port: int = PORT,
    open_browser: bool = True,
    say: Callable[[str], None] = print,
) -> None:
    """Serve a dashboard until the person ends it.

    Parameters
    ----------
    dashboard : Dashboard
        What is served.
    port : int
        Where, on this machine's own address; never another one.
    open_browser : bool
        Open it in the browser once it answers.
    say : callable
        Gets the lines meant for the person.

    Raises
    ------
    ServeError
        If the port is taken by something else, or Voilà does not start.
    """
    wanted = Running(os.getpid(), str(dashboard.dataset), dashboard.task, dashboard.notebook, dashboard.order)
    if not is_free(port):
        _join(wanted, port, open_browser=open_browser, say=say)
        return
    try:
        with _interruptible(), _voila(dashboard, port) as process:
            _await_answer(process, port)
            with recorded(wanted, port):
                say(f"{dashboard.title} is at {address(port)} (Ctrl-C here ends it; labels that were saved are safe)")
                if open_browser:
                    _open(address(port), say)
                process.wait()
    except KeyboardInterrupt:
        say("Ended.")
        return
    raise ServeError(f"Voilà ended by itself (exit code {process.returncode}); what it said stands above")


def _join(wanted: Running, port: int, *, open_browser: bool, say: Callable[[str], None]) -> None:
    other = holder(port)
    if other is None:
        raise ServeError(
            f"port {port} is taken by another program (`lsof -i :{port}` shows which): end it, or choose another "
            f"port with --port. Labels not sent yet wait in the browser for the port they were made on"
        )
    if not other.shows_same(wanted):
        same = other.dataset == wanted.dataset
        what = f"another page of {other.dataset}, with another task or order" if same else f"a page of {other.dataset}"
        raise ServeError(
            f"port {port} is taken by {what} (process {other.pid}): end it with Ctrl-C in its terminal, or choose "
            f"another port with --port"
        )
    say(f"It is being served already, at {address(port)} (process {other.pid})")
    if open_browser:
        _open(address(port), say)


@contextlib.contextmanager
def _voila(dashboard: Dashboard, port: int) -> Iterator[subprocess.Popen[bytes]]:
    # In a session of its own, so that Ctrl-C reaches only this process. The pipe is how
    # the server learns that this one is gone, however it went.
    order = _order(dashboard, port)
    process = subprocess.Popen(
        [sys.executable, "-m", "nbtools.serve.server"],
        env=_environment(dashboard),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        with contextlib.closing(cast("IO[bytes]", process.stdin)) as pipe:
            pipe.write(json.dumps(order).encode() + b"\n")
            pipe.flush()
            yield process
    finally:
        try:
            process.wait(_END_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _order(dashboard: Dashboard, port: int) -> dict[str, object]:
    voila = {
        "ip": HOST,
        "port": port,
        "open_browser": False,
        "config_file_paths": [str(config_folder())],
        "identity_provider_class": "nbtools.serve.identity.LocalIdentity",
        "log_level": "ERROR",
    }
    page = {"resources": {"nbtools": {"dataset": dashboard.title}}}
    return {
        "notebook": str(find_notebook(dashboard.notebook)),
        "config": {"Voila": voila, "VoilaConfiguration": page, **_private_kernels()},
    }


def _private_kernels() -> dict[str, object]:
    # Over TCP every account of this machine could listen to what a kernel sends. Sockets in
    # Voilà's own temporary folder are closed to others; their paths may have 107 bytes.
    if os.name != "posix" or len(tempfile.gettempdir()) > _SHORT:
        return {}
    return {"KernelManager": {"transport": "ipc"}}


def _environment(dashboard: Dashboard) -> dict[str, str]:
    made = {key: value for key, value in os.environ.items() if not key.startswith("NBTOOLS_") or key == "NBTOOLS_RAW"}
    made["NBTOOLS_DATASET"] = str(dashboard.dataset)
    if dashboard.task is not None:
        made["NBTOOLS_TASK"] = dashboard.task
    if dashboard.order is not None:
        made["NBTOOLS_ORDER"] = dashboard.order
    if dashboard.annotator is not None:
        made |= {"NBTOOLS_ANNOTATOR": dashboard.annotator, "NBTOOLS_SINGLE_USER": "1"}
    if dashboard.read_only:
        made["NBTOOLS_READ_ONLY"] = "1"
    root = checkout()
    if root is not None:
        # The checkout's template, not the copy that an install made of it earlier.
        made["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("JUPYTER_PATH", "")]))
    return made


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(int(_START_LIMIT / _POLL)):
        if answers(port):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(_POLL)
            raise ServeError(f"Voilà ended before it could answer (exit code {code}); what it said stands above")
    raise ServeError(f"Voilà did not answer on {address(port)} within {_START_LIMIT:.0f} s; what it said stands above")


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    # SIGTERM ends the server as Ctrl-C does; handlers can only be set in the main thread.
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _open(url: str, say: Callable[[str], None]) -> None:
    # Without a screen Python may start a browser made of text, over the terminal.
    screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if (sys.platform.startswith("linux") and not screen) or not webbrowser.open(url):
        say("No browser could be opened from here: open that address in one.")
