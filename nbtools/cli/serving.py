"""What every command that opens a page has in common."""

from __future__ import annotations

import argparse
import getpass
from functools import partial
from typing import TYPE_CHECKING

from nbtools.cli.output import Result

if TYPE_CHECKING:
    from nbtools.serve import Dashboard


def serve_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the page is served, and whether it is opened."""
    from nbtools.serve import PORT

    parser.add_argument("--port", type=int, default=PORT, help=f"always the same one, {PORT} unless given")
    parser.add_argument("--no-browser", action="store_true", help="only say the address")


def serve(dashboard: Dashboard, given: argparse.Namespace) -> Result:
    """Serve a page until the person ends it."""
    from nbtools.serve import address, serve_dashboard

    serve_dashboard(dashboard, port=given.port, open_browser=not given.no_browser, say=partial(print, flush=True))
    said = {"folder": str(dashboard.dataset), "task": dashboard.task, "address": address(given.port)}
    return Result("", said)


def system_user() -> str | None:
    """Return who is at this machine; None where nobody knows, and the page then asks."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None  # a container may run under a number that has no name
