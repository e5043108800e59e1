"""`merge`: another copy of a dataset, taken in."""

from __future__ import annotations

import argparse

from nbtools.cli.output import Progress, Result
from nbtools.cli.parser import Command
from nbtools.dataset import Dataset


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("other", metavar="OTHER", help="the other copy's folder; nothing is written to it")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come")
    parser.add_argument("--foreign", action="store_true", help="OTHER is no copy but a dataset of its own")
    parser.add_argument("--without", action="append", default=[], metavar="TASK", help="leave this task out")


def _merge(given: argparse.Namespace) -> Result:
    progress = Progress("merging")
    merged = Dataset(given.folder).merge(
        given.other, foreign=given.foreign, without=given.without, dry_run=given.dry_run, on_progress=progress
    )
    progress.clear()
    tried = given.dry_run and not merged.nothing_new
    after = f"nbtools merge {given.folder} {given.other}" if tried else f"nbtools show {given.folder}"
    text = "\n".join(merged.lines())
    return Result(f"{text}\n\nnext: {after}", merged.to_json(), 1 if merged.refused else 0)


MERGE = Command("merge", "take over what another copy of the dataset has more; again: nothing", _arguments, _merge)
