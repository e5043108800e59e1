"""Servers to test against: Voilà, JupyterLab or a command of ours, each on a free port of loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import psutil

from tests.browser.chromium import PLAIN_HOST

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


@dataclass
class Server:
    """A server process that was started for a test.

    Attributes
    ----------
    port : int
        The port of 127.0.0.1 that it listens on.
    path : str
        Where its page lies, with a leading slash.
    """

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    path: str = "/"

    @property
    def url(self) -> str:
        """The page's address on loopback, which browsers hold for a secure context."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    @property
    def plain_url(self) -> str:
        """The page's address under a name that is no secure context, as on a lab's network."""
        return f"http://{PLAIN_HOST}:{self.port}{self.path}"

    def via(self, port: int) -> str:
        """Return the page's address through another port, such as a proxy's."""
        return f"http://127.0.0.1:{port}{self.path}"

    def output(self) -> str:
        """Return what the server and its kernels have printed."""
        return self.log.read_text(errors="replace")

    def kernels(self) -> list[psutil.Process]:
        """Return the kernels that the server has started and that still live, the oldest first."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if "ipykernel_launcher" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return sorted(found, key=lambda each: each.create_time())

    def kernel(self) -> psutil.Process:
        """Return the youngest kernel.

        Raises
        ------
        AssertionError
            If there is none.
        """
        kernels = self.kernels()
        assert kernels, f"no kernel is running:\n{self.output()[-2000:]}"
        return kernels[-1]

    def stop(self) -> None:
        """End the server and everything that it started, stopped processes among them."""
        group = self.process.pid
        kernels = self.kernels() if self.process.poll() is None else []
        for kernel in kernels:
            _signal(kernel.pid, signal.SIGCONT)
        try:
            os.killpg(group, signal.SIGTERM)
            self.process.wait(10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(group, signal.SIGKILL)
            self.process.wait(10)
        _, left = psutil.wait_procs(kernels, timeout=3)
        for kernel in left:
            _signal(kernel.pid, signal.SIGKILL)


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_voila(
    notebook: Path,
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    port: int | None = None,
    options: Sequence[str] = (),
    python: str = sys.executable,
) -> Server:
    """Serve a notebook by the bare ``voila`` command, configured by our ``voila.json``.

    Parameters
    ----------
    notebook : Path
        What to serve.
    folder : Path
        An empty folder for the server's log and settings; reused by a restart.
    env : mapping, optional
        Variables for the server and its kernels, beside this process's own.
    port : int, optional
        Such as the one of a server that was stopped; a free one unless given.
    options : sequence of str
        More of Voilà's own options.
    python : str
        The interpreter that has Voilà.
    """
    port = port or free_port()
    command = [python, "-m", "voila", str(notebook), f"--port={port}", "--no-browser"]
    config = f"--Voila.config_file_paths={ROOT / 'voila'}"
    return start([*command, "--Voila.port_retries=0", config, *options], folder, port=port, env=env)


def start_lab(
    notebooks: Path, folder: Path, *, env: Mapping[str, str] | None = None, port: int | None = None
) -> Server:
    """Start JupyterLab, which asks for no token and tells no news.

    Parameters
    ----------
    notebooks : Path
        The folder that it shows.
    folder : Path
        An empty folder for its log and settings; reused by a restart.
    env, port
        As for `start_voila`.
    """
    port = port or free_port()
    settings = folder / "config" / "labconfig"
    settings.mkdir(parents=True, exist_ok=True)
    quiet = {"@jupyterlab/apputils-extension:announcements": True, "@jupyterlab/extensionmanager-extension": True}
    (settings / "page_config.json").write_text(json.dumps({"disabledExtensions": quiet}))
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"),
        *("--IdentityProvider.token=", "--PasswordIdentityProvider.password_required=False"),
        *("--ServerApp.allow_remote_access=True", f"--ServerApp.root_dir={notebooks}"),
        *(f"--LabApp.user_settings_dir={folder / 'settings'}", f"--LabApp.workspaces_dir={folder / 'workspaces'}"),
    ]
    return start(command, folder, port=port, env=env, path="/lab")


def start(
    command: Sequence[str],
    folder: Path,
    *,
    port: int,
    env: Mapping[str, str] | None = None,
    path: str = "/",
    ready: str | None = None,
) -> Server:
    """Start any server in a process group of its own and wait until it answers.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments, the port among them.
    folder : Path
        For its log and Jupyter's settings.
    path : str
        The page under test.
    ready : str, optional
        What to ask for in order to know that it answers, where the page itself
        would start a kernel.

    Raises
    ------
    RuntimeError
        If it ends, or does not answer in time; the message holds its output.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(folder, env), stdout=output, stderr=output, start_new_session=True
        )
    server = Server(process, port, log, path)
    try:
        _await_answer(server, f"http://127.0.0.1:{port}{ready or '/static/ready'}")
    except RuntimeError:
        server.stop()
        raise
    return server


def _environment(folder: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    """Keep a person's own Jupyter settings out, and find the template in the checkout."""
    return {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_PATH": str(ROOT),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONUNBUFFERED": "1",
        **(env or {}),
    }


def _await_answer(server: Server, url: str) -> None:
    """Poll until there is any HTTP answer, be it that there is no such page."""
    pause = Event()
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended with {server.process.returncode}:\n{server.output()[-4000:]}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            pause.wait(0.1)
    raise RuntimeError(f"no answer from {url} after {START_SECONDS} s:\n{server.output()[-4000:]}")


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
