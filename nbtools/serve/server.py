"""Voilà, ended when the process that started it is gone.

Run as ``python -m nbtools.serve.server`` with a pipe as standard input: its one line
says in JSON what is served; its end, however that comes about, ends the server.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

from traitlets.config import Config
from voila.app import Voila  # type: ignore[import-untyped]


def main() -> None:
    """Serve until told to stop, or until standard input ends."""
    order = json.loads(sys.stdin.buffer.readline())
    app = Voila.instance(config=Config(order["config"]))
    app.initialize([order["notebook"]])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app.start()


def _end_with_parent() -> None:
    # Not by sys.stdin: its lock, held here, would stand in the way of the interpreter's end.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
