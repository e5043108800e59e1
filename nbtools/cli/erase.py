"""`erase`: items or a person's name, for good."""

from __future__ import annotations

import argparse

from nbtools.cli.output import Progress, Result, counted
from nbtools.cli.parser import Command, UsageError
from nbtools.dataset import Dataset


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="an item, by its id or the beginning of it")
    parser.add_argument("--where", metavar="SQL", help="the items for which it holds, such as \"patient = 'p17'\"")
    parser.add_argument("--annotator", metavar="NAME", help="no item but a person's name; the labels stay")
    parser.add_argument("--labels", action="store_true", help="with --annotator: the labels go too")
    parser.add_argument("--reason", help="why; it is kept")
    parser.add_argument("--yes", action="store_true", help="do it; without it, only what would go is said")


def _erase(given: argparse.Namespace) -> Result:
    wanted = [bool(given.ids), given.where is not None, given.annotator is not None]
    if sum(wanted) != 1:
        raise UsageError("erase takes ids, or --where, or --annotator: give one of them")
    dataset = Dataset(given.folder)
    if given.annotator is not None:
        return _annotator(dataset, given)
    if not given.reason:
        raise UsageError("erase takes a reason, which is kept: --reason 'consent withdrawn', say")
    if not given.yes:
        found = dataset.items(["id"], where=given.where) if given.where is not None else given.ids
        return _asked(f"{counted(len(found), 'item')} would be erased for good, from versions too")
    progress = Progress("erasing")
    erased = dataset.erase(given.ids or None, where=given.where, reason=given.reason, on_progress=progress)
    progress.clear()
    return Result("\n".join(erased.lines()), erased.to_json(), 1 if erased.not_reached else 0)


def _annotator(dataset: Dataset, given: argparse.Namespace) -> Result:
    if not given.yes:
        labels = "go too" if given.labels else "stay, under a pseudonym"
        return _asked(f"the name {given.annotator!r} would be erased for good; the labels {labels}")
    done = dataset.erase_annotator(given.annotator, labels=given.labels)
    return Result("\n".join(done.lines()), done.to_json(), 1 if done.not_reached else 0)


def _asked(said: str) -> Result:
    return Result(f"{said}\n\nnext: the same with --yes", {"would": said})


ERASE = Command("erase", "erase items, or a person's name, for good: also from versions", _arguments, _erase)
