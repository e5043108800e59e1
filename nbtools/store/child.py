"""Has the catalogue read, by a child process unless pyarrow is here already."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from nbtools.errors import DatasetError
from nbtools.store.log import Progress

DAMAGED = 3
_HOME = Path(__file__).resolve().parent.parent.parent


def run_build(root: Path, path: Path, owner: str, on_progress: Progress | None = None) -> None:
    """Have an index brought up to date, and wait for it.

    A process that has loaded pyarrow already does it itself, which is quicker.

    Parameters
    ----------
    root : Path
        The dataset's folder.
    path : Path
        The index.
    owner : str
        The dataset's id.
    on_progress : callable, optional
        Called with what is done and the total: first rows, then bytes of the log.

    Raises
    ------
    DatasetError
        If it fails; the message is the child's own.
    sqlite3.DatabaseError
        If the index turned out to be damaged.
    """
    if "pyarrow" in sys.modules:
        from nbtools.store.build import build

        build(root, path, owner, on_progress)
        return
    # -P: a notebook's folder may hold a json.py. The path: nbtools may have been found beside the notebook.
    command = [sys.executable, "-P", "-m", "nbtools.store.build", str(root), str(path), owner]
    inherited = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(_HOME), inherited)))}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            _follow(child, on_progress)
            complaint = child.stderr.read() if child.stderr else ""
        except BaseException:
            child.kill()
            raise
    if child.returncode == DAMAGED:
        raise sqlite3.DatabaseError(complaint)
    if child.returncode != 0:
        last = complaint.strip().splitlines()[-1:] or [f"its process ended with {child.returncode}"]
        raise DatasetError(f"the index of {root} could not be built: {last[0]}")


def _follow(child: subprocess.Popen[str], on_progress: Progress | None) -> None:
    for line in child.stdout or ():
        done, _, total = line.partition(" ")
        if on_progress is not None and done.isdigit() and total.strip().isdigit():
            on_progress(int(done), int(total))
