"""A browser to test in: found, else installed, else an error that says what to do."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# A name that leads to this machine but is no secure context, as a page on a lab's network is not.
PLAIN_HOST = "nbtools.test"

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", PLAIN_HOST})

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # No name but these is ever resolved, so no test can reach another machine.
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

# Without a font every page is blank.
_PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ADVICE = (
    "The browser tests need Chromium or Chrome, and none was found or could be installed. Install one "
    "(Debian, Ubuntu: apt install chromium), or set NBTOOLS_BROWSER to the path of its executable."
)


@functools.cache
def chromium() -> str:
    """Return the path of a Chromium, which is installed if there is none.

    Raises
    ------
    RuntimeError
        If none can be had; the message says what to do and what was tried.
    """
    named = os.environ.get("NBTOOLS_BROWSER")
    if named:
        if not shutil.which(named):
            raise RuntimeError(f"NBTOOLS_BROWSER is {named!r}, which is no program that can be started.")
        return named
    # Several test workers may find at once that there is none.
    with Path(tempfile.gettempdir(), "nbtools-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _installed()
        tried = "" if found else _install()
        found = found or _installed()
    if not found:
        raise RuntimeError(f"{_ADVICE}\n{tried}")
    return found


def _installed() -> str | None:
    for name in _NAMES:
        path = shutil.which(name)
        if path:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> str:
    """Install a browser in one of two ways and return what they said."""
    said = []
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        said.append(_try(["apt-get", "update", "-qq"], 300, quiet))
        said.append(_try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES], 600, quiet))
        if any(shutil.which(name) for name in _NAMES):
            return ""
    said.append(_try([sys.executable, "-m", "playwright", "install", "chromium"], 60, dict(os.environ)))
    return "\n".join(said)


def _try(command: list[str], seconds: int, environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"`{' '.join(command)}` had not ended after {seconds} s."
    return f"`{' '.join(command)}` ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}"
