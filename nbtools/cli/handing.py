"""`report` and `bundle`: the versions of a dataset, to look at and to hand on."""

from __future__ import annotations

import argparse

from nbtools.cli.output import Progress, Result
from nbtools.cli.parser import Command
from nbtools.dataset import Dataset


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", default="report.html", metavar="FILE", help="./report.html unless given")


def _report(given: argparse.Namespace) -> Result:
    path = Dataset(given.folder).report(given.output)
    return Result(f"{path}\n\nnext: open it in a browser", {"path": str(path), "bytes": path.stat().st_size})


def _bundle_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="which; of a split the version with that split only")
    parser.add_argument("--output", metavar="FILE", help="./NAME-VERSION.zip unless given")


def _bundle(given: argparse.Namespace) -> Result:
    dataset, progress = Dataset(given.folder), Progress("bundling")
    output = given.output or f"{dataset.path.name}-{given.version}.zip"
    path = dataset.bundle(given.version, output, on_progress=progress)
    progress.clear()
    size = path.stat().st_size
    return Result(
        f"{path} ({size:,} bytes)\n\nnext: unzip it elsewhere, and nbtools show FOLDER",
        {"path": str(path), "bytes": size},
    )


REPORT = Command("report", "write a page that shows the versions and how they differ", _report_arguments, _report)
BUNDLE = Command("bundle", "write a version to one file that opens as a dataset", _bundle_arguments, _bundle)
