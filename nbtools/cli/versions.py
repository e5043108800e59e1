"""`freeze`, `versions`, `diff`, `verify`, `restore` and `gc`: what was kept, and whether it still is what it was."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from nbtools.cli.output import Progress, Result, counted, table, without_next
from nbtools.cli.parser import Command, UsageError
from nbtools.cli.serving import serve, serve_arguments, system_user
from nbtools.dataset import Dataset

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.versions.split import Split
    from nbtools.versions.version import Version

_LIMIT = 20
_LEVELS = ("presence", "sample", "full")
_LAYOUTS = ("source", "id", "imagefolder")
_LISTS = ("added", "removed", "excluded", "replaced", "relabeled", "labeled", "moved")


def _freeze_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("message", metavar="MESSAGE", help="what it is, in words")
    parser.add_argument("--task", action="append", metavar="TASK", help="only the labels of this task; may be repeated")
    parser.add_argument(
        "--where", metavar="EXPRESSION", help="only items for which it holds, such as \"site = 'north'\""
    )
    parser.add_argument(
        "--truth",
        action="append",
        default=[],
        metavar="[TASK=]RULE",
        help="where answers differ: latest, majority or adjudicated",
    )
    parser.add_argument("--upstream", metavar="TEXT", help='what the data is a copy of, such as "CIFAR-10 1.0"')
    parser.add_argument("--author", help="who makes it; the system's user unless given")


def _freeze(given: argparse.Namespace) -> Result:
    dataset, progress = Dataset(given.folder), Progress("reading texts")
    version = dataset.freeze(
        given.message,
        tasks=given.task,
        items=given.where,
        truth=_truth(given.truth),
        upstream=given.upstream,
        author=given.author,
        on_progress=progress,
    )
    progress.clear()
    return Result(f"{_told(version)}\n\nnext: nbtools verify {given.folder} {version.name}", version.record.said)


def _truth(given: list[str]) -> str | dict[str, str] | None:
    rules = [rule for rule in given if "=" not in rule]
    if rules and len(given) > 1:
        raise UsageError(
            f"--truth takes one RULE for all tasks, or TASK=RULE for each, and this is both: {' '.join(given)}"
        )
    return rules[0] if rules else dict(one.split("=", 1) for one in given) or None


def _versions_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", nargs="?", metavar="VERSION", help="one of them, in full")
    parser.add_argument("--browse", action="store_true", help="open the page on which to look at them")
    parser.add_argument("--read-only", action="store_true", help="nothing can be made from the page")
    serve_arguments(parser)


def _versions(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    if given.browse:
        return _browse(dataset, given)
    if given.version is not None:
        version = dataset.version(given.version)
        return Result(f"{_told(version)}\n\nnext: nbtools verify {given.folder} {version.name}", version.record.said)
    listed = dataset.versions()
    rows = [row | {"created": row["created"][:10]} for row in listed.rows]
    lines = [table(rows)] if rows else [f"{dataset.name} has no version yet"]
    lines += [f"{name}: {wrong}" for name, wrong in listed.damaged.items()]
    lines += [f"made by hand: {', '.join(listed.foreign)}"] if listed.foreign else []
    following = "diff {0} VERSION" if len(listed) > 1 else 'freeze {0} "what it is"'
    data = {"versions": listed.rows, "foreign": listed.foreign, "damaged": listed.damaged}
    return Result(
        "\n".join([*lines, "", f"next: nbtools {following.format(given.folder)}"]), data, int(bool(listed.damaged))
    )


def _browse(dataset: Dataset, given: argparse.Namespace) -> Result:
    from nbtools.serve import Dashboard

    who = system_user()
    dashboard = Dashboard("versions", dataset.path, dataset.name, annotator=who, read_only=given.read_only)
    return serve(dashboard, given)


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="the newer one; versions or splits")
    parser.add_argument("before", nargs="?", metavar="FROM", help="the older one; unless given, the one before it")
    parser.add_argument("--list", choices=_LISTS, help="the items, instead of how many there are")
    parser.add_argument(
        "--limit", type=int, default=_LIMIT, metavar="N", help=f"rows at most; {_LIMIT} unless given, 0: all"
    )


def _diff(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    version = _kept(dataset, given.version)
    before = given.before or _before(dataset, version)
    if before is None:
        kind = "split of its version" if version.record.name.is_split else "version"
        raise UsageError(f"{version.name} is the first {kind}: name another one to compare it with")
    found = version.diff(before)
    if given.list is None:
        listed = "moved" if version.record.name.is_split else "added"
        first = str(found).splitlines()[0]
        text = f"{first}\n\nnext: nbtools diff {given.folder} {version.name} {before} --list {listed}"
        return Result(text, {"from": before, "to": version.name, **found.summary})
    rows = getattr(found, given.list)
    shown = rows.head(given.limit) if given.limit else rows
    text = table(_plain(shown)) if len(rows) else f"nothing was {given.list}"
    return Result(text + _more(len(rows), given.limit), _plain(shown))


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "version", nargs="?", metavar="VERSION", help="which version or split; the newest version unless given"
    )
    parser.add_argument(
        "--level",
        choices=_LEVELS,
        default="full",
        help="presence: every file is there and has its size; sample: and some have their bytes; full: and all have",
    )


def _verify(given: argparse.Namespace) -> Result:
    progress = Progress("verifying")
    found = _version(given).verify(given.level, on_progress=progress)
    progress.clear()
    rows = [one._asdict() for one in found.found]
    text = without_next(repr(found)).split("\n! ")[0]
    text += f"\n\n{table(rows[:_LIMIT])}{_more(len(rows), _LIMIT, '--json')}" if rows else ""
    return Result(text, found.to_json(), 0 if found.ok else 1)


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="which, or a split: a folder for each of its parts")
    parser.add_argument("destination", metavar="DESTINATION", help="a folder outside of the dataset")
    parser.add_argument(
        "--layout", choices=_LAYOUTS, default="source", help="as the files came, by id, or a folder for each answer"
    )
    parser.add_argument("--target", metavar="TASK", help="with --layout imagefolder: the task that names the folders")
    parser.add_argument("--force", action="store_true", help="replace files that are there with other bytes")


def _restore(given: argparse.Namespace) -> Result:
    progress = Progress("restoring")
    dataset = Dataset(given.folder)
    kept = _kept(dataset, given.version)
    done = kept.restore(given.destination, given.layout, given.target, force=given.force, on_progress=progress)
    progress.clear()
    words = repr(done).replace('layout="source"', "--layout source")
    return Result(words, done.to_json(), 1 if done.failed or done.nothing else 0)


def _gc_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--delete", action="store_true", help="do it; without, only say what would be cleared")


def _gc(given: argparse.Namespace) -> Result:
    found = Dataset(given.folder).gc(dry_run=not given.delete)
    following = f"\nnext: nbtools gc {given.folder} --delete" if found.found and not found.removed else ""
    return Result(without_next(repr(found)) + following, found.to_json())


def _version(given: argparse.Namespace) -> Version | Split:
    dataset = Dataset(given.folder)
    if given.version is not None:
        return _kept(dataset, given.version)
    there = dataset.versions()
    if not len(there):
        raise UsageError(f'{dataset.name} has no version yet. Make one: nbtools freeze {given.folder} "what it is"')
    return there[-1]


def _kept(dataset: Dataset, name: str) -> Version | Split:
    return dataset.split(name) if "." in name else dataset.version(name)


def _before(dataset: Dataset, kept: Version | Split) -> str | None:
    """Return the name of the version before, or of the split before it of the same version."""
    if not kept.record.name.is_split:
        return kept.record.parent and str(kept.record.parent)
    names = dataset.version(str(kept.record.name.version)).splits
    at = names.index(kept.name)
    return names[at - 1] if at else None


def _told(version: Version) -> str:
    return without_next(repr(version))


def _more(count: int, limit: int, remedy: str = "--limit 0") -> str:
    return f"\n… the first {limit} of {counted(count, 'row')}; all: {remedy}" if limit and count > limit else ""


def _plain(rows: DataFrame) -> list[dict[str, Any]]:
    """Return rows as what JSON can hold."""
    return [{str(name): _value(value) for name, value in row.items()} for row in rows.to_dict("records")]


def _value(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    return None if value != value else value  # noqa: PLR0124 - NaN and what pandas calls missing


FREEZE = Command("freeze", "keep the items and labels as they are now", _freeze_arguments, _freeze)
VERSIONS = Command("versions", "list what was frozen, or show one version", _versions_arguments, _versions)
DIFF = Command("diff", "what changed from one version to another", _diff_arguments, _diff)
VERIFY = Command("verify", "look whether a version is still what it was", _verify_arguments, _verify)
RESTORE = Command("restore", "put the files of a version somewhere, as they were", _restore_arguments, _restore)
GC = Command("gc", "clear what killed processes and deleted versions have left", _gc_arguments, _gc)
