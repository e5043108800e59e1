"""`init`, `add` and `ingest`: from a folder of files to a dataset of items."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbtools.cli.output import Progress, Result
from nbtools.cli.parser import Command, UsageError
from nbtools.dataset import Dataset

_YES_NO = {"yes": True, "no": False}
_TYPES: dict[str, type] = {"max_side": int, "quality": int, "strip_metadata": bool}


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="what people call it; the folder's name unless given")
    parser.add_argument("--license", help="an SPDX identifier such as CC-BY-4.0")
    parser.add_argument("--description", help="one or two sentences")
    parser.add_argument("--raw", metavar="DIR", help="read the data where it lies, for what is too large to copy")
    parser.add_argument("--adopt", action="store_true", help="go on with a folder that was kept by hand in this shape")


def _init(given: argparse.Namespace) -> Result:
    if given.adopt:
        dataset = Dataset.adopt(given.folder)
    else:
        dataset = Dataset.create(
            given.folder, given.name, license=given.license, description=given.description, raw=given.raw
        )
    data = {"id": dataset.id, "name": dataset.name, "path": str(dataset.path)}
    after = f"ingest {given.folder}" if given.raw or given.adopt else f"add {given.folder} FILES"
    # What lies elsewhere is read only where whoever opens the dataset says so, each time.
    trust = f"NBTOOLS_RAW={shlex.quote(str(dataset.raw))} " if given.raw else ""
    return Result(f"{dataset.name} is a dataset in {dataset.path}\n\nnext: {trust}nbtools {after}", data)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="a file or folder, copied into raw/")


def _add(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    for source in given.sources:
        if not Path(source).expanduser().exists():
            raise UsageError(f"there is nothing at {source!r} to add: name a file or a folder")
    reports = []
    for source in given.sources:
        progress = Progress("copying")
        reports.append(dataset.add(source, on_progress=progress))
        progress.clear()
    text = "\n".join(map(_told, reports))
    data = [report.to_json() for report in reports]
    return Result(f"{text}\n\nnext: nbtools ingest {given.folder}", data, int(any(report.failed for report in reports)))


def _told(report: object) -> str:
    # The last line of a report is the next call in Python; here the next command takes its place.
    return str(report).rpartition("\n")[0]


def _ingest_arguments(parser: argparse.ArgumentParser) -> None:
    rule = ("NAME=RULE", "folder:0 (a level of the path), column:NAME (of a table), or name:REGEX with one group")
    parser.add_argument("--attribute", action="append", default=[], metavar=rule[0], help=f"may be repeated; {rule[1]}")
    parser.add_argument(
        "--label", action="append", default=[], metavar="TASK=RULE", help="labels there are; same rules"
    )
    parser.add_argument("--include", action="append", metavar="GLOB", help="only these files")
    parser.add_argument("--exclude", action="append", metavar="GLOB", help="not these")
    parser.add_argument("--rows", default="auto", metavar="auto|yes|no|TABLE", help="whether rows of tables are items")
    parser.add_argument("--key", metavar="COLUMN", help="what names a row of a table")
    parser.add_argument("--text", metavar="COLUMN", help="what is shown of a row")
    parser.add_argument(
        "--convert", action="append", default=[], metavar="KEY=VALUE", help="format, max_side, quality, …"
    )
    parser.add_argument("--link", default="auto", metavar="auto|hard|copy|reference", help="how bytes are placed")
    parser.add_argument(
        "--rename", action="append", default=[], metavar="COLUMN=NAME", help="another name for a column"
    )
    parser.add_argument("--carry", action="store_true", help="carry labels to what replaced an item")
    parser.add_argument("--dry-run", action="store_true", help="only say what it would come to")


def _ingest(given: argparse.Namespace) -> Result:
    dataset = Dataset(given.folder)
    progress = Progress("ingesting")
    report = dataset.ingest(
        attributes=_pairs("--attribute", given.attribute) or None,
        labels=_pairs("--label", given.label) or None,
        include=given.include,
        exclude=given.exclude,
        rows=_YES_NO.get(given.rows, given.rows),
        key=given.key,
        text=given.text,
        convert=_convert(given.convert),
        link=given.link,
        rename=_pairs("--rename", given.rename) or None,
        carry=given.carry,
        dry_run=given.dry_run,
        on_progress=progress,
    )
    progress.clear()
    after = "ingest" if given.dry_run else "show"
    return Result(
        f"{_told(report)}\n\nnext: nbtools {after} {given.folder}", report.to_json(), 1 if len(report.failed) else 0
    )


def _pairs(option: str, given: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals and value):
            raise UsageError(f"{option} takes NAME=VALUE, and {one!r} is not of that form")
        pairs[name] = value
    return pairs


def _convert(given: Iterable[str]) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for name, value in _pairs("--convert", given).items():
        kind: Any = _TYPES.get(name, str)
        try:
            found[name] = _YES_NO[value] if kind is bool else kind(value)
        except (KeyError, ValueError):
            wanted = "yes or no" if kind is bool else "a whole number"
            raise UsageError(f"--convert {name}= takes {wanted}, not {value!r}") from None
    return found or None


def _attach_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", metavar="TABLE", help="CSV, Parquet or JSON lines; a path may be relative to raw/")
    parser.add_argument(
        "--on",
        default="source",
        metavar="NAME",
        help="what rows are matched by: source (the raw file), id, an attribute",
    )
    parser.add_argument("--column", metavar="COLUMN", help="the column that holds it, where it is called otherwise")
    parser.add_argument(
        "--rename", action="append", default=[], metavar="COLUMN=NAME", help="another name for a column"
    )


def _attach(given: argparse.Namespace) -> Result:
    rename = _pairs("--rename", given.rename)
    done = Dataset(given.folder).attach(given.table, given.on, column=given.column, rename=rename)
    data = {"attributes": done.attributes, "written": done.written, "unchanged": done.unchanged}
    return Result(
        f"{_told(done)}\n\nnext: nbtools show {given.folder} --items",
        {**data, "unmatched": [str(value) for value in done.unmatched]},
    )


INIT = Command("init", "make a folder a dataset", _init_arguments, _init)
ADD = Command("add", "copy files into the dataset's raw/", _add_arguments, _add)
INGEST = Command("ingest", "make items of what is in raw/; again: only of what is new", _ingest_arguments, _ingest)
ATTACH = Command("attach", "join the columns of a table to the items, as attributes", _attach_arguments, _attach)
