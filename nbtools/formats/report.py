"""A dataset's versions as one page of HTML: no server, no script, nothing fetched.

The page is made by a template in which every text is escaped; what the template is
given are plain numbers and texts, read from the versions' records. So a dataset of
millions costs what its records and a few samples do.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from nbtools import __version__
from nbtools.errors import VersionError
from nbtools.formats.about import About
from nbtools.formats.samples import samples, shown_label
from nbtools.storage import Folder
from nbtools.versions.diff import Diff
from nbtools.versions.names import own_names
from nbtools.versions.pieces import part_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.words import changes_in_words, total

GENERATOR = "nbtools report"
_MOST_BARS = 20
_MOST_TASKS = 8
# What HTML has no character for, and what would reverse the text around it.
_NOT_SHOWN = re.compile("[\0-\b\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_COUNTS = ("added", "removed", "excluded", "replaced", "labeled", "relabeled")


def write_report(folder: Folder, about: About, locate: Callable[[str], Path], target: Path) -> None:
    """Write the report; a report that is there already is replaced, any other file is not.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    about : About
        The dataset.
    locate : callable
        Where the file of a path that a version names lies.
    target : Path
        The file to write.

    Raises
    ------
    VersionError
        If there is no version yet, or another file is in the place of the report.
    DatasetError
        If a version cannot be read.
    NotSavedError
        If the disk refuses.
    """
    if target.exists() and not _is_report(target):
        raise VersionError(f"{target} is there and is no report of nbtools: name another file, or move it away")
    page = report(folder, about, locate)
    Folder(target.parent).replace(target.name, page.encode())


def report(folder: Folder, about: About, locate: Callable[[str], Path]) -> str:
    """Return the page.

    Raises
    ------
    VersionError
        If there is no version yet.
    DatasetError
        If a version cannot be read.
    """
    from jinja2 import Environment, StrictUndefined

    names = own_names(folder)
    versions = [read_record(folder, name) for name in names if not name.is_split]
    if not versions:
        raise VersionError("there is no version to report on yet: ds.freeze('what it is') makes one")
    splits = [read_record(folder, name) for name in names if name.is_split]
    newest = versions[-1]
    most = max(_count(one.counts.get("items")) for one in versions) or 1
    told = [_version(one, [split for split in splits if split.name.version == one.name], most) for one in versions]
    page = Environment(
        autoescape=True, finalize=_shown, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(files("nbtools.formats").joinpath("report.html.j2").read_text("utf-8"))
    return page.render(
        generator=f"{GENERATOR} {__version__}",
        about=about,
        versions=told[::-1],
        newest=told[-1],
        bytes=_size(_count(newest.counts.get("bytes"))),
        kinds=_bars(_mapping(newest.counts.get("kinds")), {}),
        tasks=[_task(newest, task, told[-1]["size"]) for task in list(newest.truth)[:_MOST_TASKS]],
        changes=[_changes(one) for one in versions[:0:-1]],
        columns=_COUNTS,
        relabeled=_relabeled(folder, versions),
        samples=samples(folder, newest, locate, _names_of_options(newest)),
        number=_number,
    )


def _is_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return f'<meta name="generator" content="{GENERATOR} '.encode() in file.read(1 << 12)
    except OSError as error:
        raise VersionError(f"{path} cannot be replaced: {error.strerror}. Name another file") from error


def _version(record: Record, splits: Sequence[Record], most: int) -> dict[str, Any]:
    items = _count(record.counts.get("items"))
    return {
        "name": str(record.name),
        "message": record.message,
        "author": record.author,
        "date": record.created[:10],
        "size": items,
        "percent": round(100 * items / most, 1),
        "changed": changes_in_words(_checked(record.changed)) if record.parent else "",
        "splits": [_split(one) for one in splits],
    }


def _split(record: Record) -> dict[str, Any]:
    parts = [(name, _count(record.files[f"{name}.parquet"].rows)) for name in part_names(record)]
    order = {name: at for at, name in enumerate(("train", "val", "test"))}
    parts.sort(key=lambda part: (order.get(part[0], len(order)), part[0]))
    total = sum(count for _, count in parts) or 1
    return {
        "name": str(record.name),
        "message": record.message,
        "parts": [
            {"name": name, "count": count, "percent": round(100 * count / total, 2), "color": at % 6}
            for at, (name, count) in enumerate(parts)
        ],
    }


def _task(record: Record, task: str, items: int) -> dict[str, Any]:
    said = _mapping(_mapping(record.counts.get("labels")).get(task))
    labeled = _count(said.get("labeled"))
    values: Counter[str] = Counter()
    for value, count in _mapping(said.get("values")).items():
        values.update(dict.fromkeys(_several(value), _count(count)))
    return {
        "name": task,
        "labeled": labeled,
        "percent": round(100 * labeled / items, 1) if items else 0.0,
        **_bars(values, _names_of_options(record).get(task, {})),
    }


def _several(value: str) -> list[str]:
    """Return the options of a value: where there can be several it is a JSON list."""
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(value) if value.startswith("[") else value
        if isinstance(found, list):
            return list(dict.fromkeys(map(str, found))) or ["none of them"]
    return [value]


def _bars(counts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    ordered = sorted(((_count(count), str(name)) for name, count in counts.items()), key=lambda one: (-one[0], one[1]))
    most = ordered[0][0] if ordered else 0
    bars = [
        {"name": names.get(name, name), "count": count, "percent": round(100 * count / most, 1) if most else 0.0}
        for count, name in ordered[:_MOST_BARS]
    ]
    return {"bars": bars, "more": max(len(ordered) - _MOST_BARS, 0)}


def _names_of_options(record: Record) -> dict[str, dict[str, str]]:
    """Return the name of each option as it was when the version was made, by task and the option's id."""
    found: dict[str, dict[str, str]] = {}
    for task, said in _mapping(record.said.get("tasks")).items():
        options = _mapping(said).get("options")
        listed = [_mapping(one) for one in options] if isinstance(options, list) else []
        found[task] = {str(one.get("id")): str(one.get("name", one.get("id"))) for one in listed}
    return found


def _changes(record: Record) -> dict[str, Any]:
    changed = _checked(record.changed)
    counts = [sum(found.values()) if isinstance(found := changed.get(name, 0), dict) else found for name in _COUNTS]
    return {
        "between": f"{record.parent} → {record.name}",
        "counts": counts,
        "kind": "labels only" if changed.get("labels_only") else "items",
    }


def _relabeled(folder: Folder, versions: Sequence[Record]) -> dict[str, Any]:
    """Return which labels became which, between the last two versions that differ so."""
    for old, new in zip(versions[-2::-1], versions[:0:-1], strict=True):
        if total(_checked(new.changed), "relabeled"):
            rows = Diff(folder, old, new).relabeled
            names = _names_of_options(new)
            pairs = Counter(
                (task, shown_label(was, names.get(task, {})), shown_label(now, names.get(task, {})))
                for task, was, now in zip(rows["task"], rows["from"], rows["to"], strict=True)
            ).most_common(_MOST_BARS)
            told = [
                {"task": task, "old": was, "new": now, "count": count, "percent": round(100 * count / pairs[0][1], 1)}
                for (task, was, now), count in pairs
            ]
            return {"between": f"{old.name} → {new.name}", "pairs": told}
    return {"pairs": []}


def _checked(changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changed with nothing in it but counts and flags: a record is input."""
    found: dict[str, Any] = {}
    for name, value in changed.items():
        by_task = {str(task): _count(count) for task, count in value.items()} if isinstance(value, Mapping) else None
        found[name] = value if isinstance(value, bool) else by_task if by_task is not None else _count(value)
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _size(count: int) -> str:
    size, units = float(count), ["bytes", "kB", "MB", "GB", "TB", "PB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{count} bytes" if units[0] == "bytes" else f"{size:.3g} {units[0]}"


def _shown(value: Any) -> Any:
    return _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value
