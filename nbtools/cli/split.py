"""`split`: deals a version out to train on and to test on."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from nbtools.cli.output import Progress, Result, without_next
from nbtools.cli.parser import Command, UsageError
from nbtools.cli.strategies import pairs_of, splitter_of, strategy_arguments
from nbtools.dataset import Dataset
from nbtools.errors import SplitError

if TYPE_CHECKING:
    from nbtools.versions.splitting import SplitPlan


# A refusal names the way out as Python has it.
_IN_PYTHON = re.compile(r'\b(missing|rare|rest|undated|straddling)="(\w+)"')


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="which, or one of its splits to look at")
    strategy_arguments(parser)
    parser.add_argument("--stratify", action="append", metavar="COLUMN", help="a task or attribute alike in all parts")
    parser.add_argument("--groups", action="append", metavar="COLUMN", help="items that share a value stay together")
    parser.add_argument("--near-duplicates", action="store_true", help="what looks or reads alike stays together")
    parser.add_argument("--links", metavar="FILE", help="CSV or Parquet: pairs of ids that stay together")
    parser.add_argument("--dismissed", metavar="FILE", help="the same: pairs that are alike only by chance")
    parser.add_argument("--eval", choices=("random",), help="what a ranker chose to be labeled is not tested on")
    parser.add_argument("--fresh", action="store_true", help="do not carry on the split of an earlier version")
    parser.add_argument("--message", default="", help="what it is, in words")
    parser.add_argument("--confirm", action="store_true", help="keep it although the report names something to look at")
    parser.add_argument("--dry-run", action="store_true", help="only show the report")


def _run(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    if "." in given.version:
        split = dataset.split(given.version)
        return Result(without_next(repr(split)), dict(split.record.said))
    try:
        plan = _planned(dataset, given)
    except SplitError as error:
        raise UsageError(_IN_PYTHON.sub(r"--\1 \2", str(error))) from error
    if given.dry_run:
        following = f"next: the same without --dry-run{'' if not plan.report.to_confirm else ', with --confirm'}"
        return Result(f"{without_next(repr(plan))}\n\n{without_next(repr(plan.report))}\n\n{following}", _data(plan))
    try:
        split = plan.save(given.message, confirm=given.confirm)
    except SplitError as error:
        raise UsageError(str(error).replace("confirm=True", "--confirm")) from error
    lines = [without_next(repr(split))]
    return Result(
        "\n".join([*lines, "", f"next: nbtools restore {given.folder} {split.name} DESTINATION"]),
        dict(split.record.said),
    )


def _planned(dataset: Dataset, given: argparse.Namespace) -> SplitPlan:
    progress = Progress("looking at images")
    version = dataset.version(given.version)
    plan = version.split(
        splitter_of(given, version),
        stratify=given.stratify,
        groups=given.groups,
        near_duplicates=given.near_duplicates,
        links=pairs_of(given.links),
        dismissed=pairs_of(given.dismissed),
        fresh=given.fresh,
        eval=given.eval,
        on_progress=progress,
    )
    progress.clear()
    return plan


def _data(plan: SplitPlan) -> dict[str, Any]:
    sizes = {name: len(plan.plan.positions(name)) for name in plan.plan.names}
    return {"version": plan.version, "recipe": plan.recipe, "parts": sizes, "report": plan.report.as_dict()}


SPLIT = Command("split", "deal a version out to train on and to test on", _arguments, _run)
