"""`split`: deals a version out to train on and to test on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from nbtools.cli.output import Progress, Result, without_next
from nbtools.cli.parser import Command, UsageError
from nbtools.dataset import Dataset

if TYPE_CHECKING:
    from nbtools.versions.splitting import SplitPlan

_USUAL = {"train": 0.8, "val": 0.1, "test": 0.1}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="which, or one of its splits to look at")
    parser.add_argument(
        "--ratio",
        action="append",
        metavar="NAME=SHARE",
        help="a part and its share; unless given train=.8 val=.1 test=.1",
    )
    parser.add_argument("--stratify", action="append", metavar="COLUMN", help="a task or attribute alike in all parts")
    parser.add_argument("--groups", action="append", metavar="COLUMN", help="items that share a value stay together")
    parser.add_argument("--missing", choices=("alone", "together"), help="items without a value in a column of groups")
    parser.add_argument("--rare", choices=("keep",), help="take an answer that one item only has as it is")
    parser.add_argument("--near-duplicates", action="store_true", help="what looks or reads alike stays together")
    parser.add_argument("--seed", default="0", help="decides between what is alike")
    parser.add_argument("--fresh", action="store_true", help="do not carry on the split of an earlier version")
    parser.add_argument("--message", default="", help="what it is, in words")
    parser.add_argument("--confirm", action="store_true", help="keep it although the report names something to look at")
    parser.add_argument("--dry-run", action="store_true", help="only show the report")


def _run(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    if "." in given.version:
        split = dataset.split(given.version)
        return Result(without_next(repr(split)), dict(split.record.said))
    plan = _planned(dataset, given)
    if given.dry_run:
        following = f"next: the same without --dry-run{'' if not plan.report.to_confirm else ', with --confirm'}"
        return Result(f"{without_next(repr(plan))}\n\n{without_next(repr(plan.report))}\n\n{following}", _data(plan))
    split = plan.save(given.message, confirm=given.confirm)
    lines = [*([plan.summary] if plan.summary else []), without_next(repr(split))]
    return Result(
        "\n".join([*lines, "", f"next: nbtools restore {given.folder} {split.name} DESTINATION"]),
        dict(split.record.said),
    )


def _planned(dataset: Dataset, given: argparse.Namespace) -> SplitPlan:
    progress = Progress("looking at images")
    plan = dataset.version(given.version).split(
        _ratios(given.ratio),
        stratify=given.stratify,
        groups=given.groups,
        seed=int(given.seed) if given.seed.lstrip("-").isdigit() else given.seed,
        missing=given.missing,
        rare=given.rare,
        near_duplicates=given.near_duplicates,
        fresh=given.fresh,
        on_progress=progress,
    )
    progress.clear()
    return plan


def _ratios(given: list[str] | None) -> dict[str, float]:
    ratios: dict[str, float] = {}
    for one in given or ():
        name, _, share = one.partition("=")
        try:
            ratios[name] = float(share)
        except ValueError as error:
            raise UsageError(f"--ratio takes NAME=SHARE, such as train=.8, and this is {one!r}") from error
    return ratios or _USUAL


def _data(plan: SplitPlan) -> dict[str, Any]:
    sizes = {name: len(plan.plan.positions(name)) for name in plan.plan.names}
    return {"version": plan.version, "recipe": plan.recipe, "parts": sizes, "report": plan.report.as_dict()}


SPLIT = Command("split", "deal a version out to train on and to test on", _arguments, _run)
