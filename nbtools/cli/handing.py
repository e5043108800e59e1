"""`report`: the versions of a dataset, to look at and to hand on."""

from __future__ import annotations

import argparse

from nbtools.cli.output import Result
from nbtools.cli.parser import Command
from nbtools.dataset import Dataset


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", default="report.html", metavar="FILE", help="./report.html unless given")


def _report(given: argparse.Namespace) -> Result:
    path = Dataset(given.folder).report(given.output)
    return Result(f"{path}\n\nnext: open it in a browser", {"path": str(path), "bytes": path.stat().st_size})


REPORT = Command("report", "write a page that shows the versions and how they differ", _report_arguments, _report)
