"""`metadata/CHANGELOG.md`: the versions' records in the form of keepachangelog.com; made from them, over and over.

What a person wrote above the marker stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from nbtools.errors import DatasetError
from nbtools.storage import Folder
from nbtools.versions.names import own_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.words import counted, total

CHANGELOG = "metadata/CHANGELOG.md"
MARKER = "<!-- Made by nbtools from versions/*/version.json. Write above this line; what is below is made anew. -->"
_HEAD = "# Changelog\n\nWhat changed from version to version of this dataset. Write your own remarks here.\n"


def write_changelog(folder: Folder) -> None:
    """Write the changelog anew.

    Raises
    ------
    NotSavedError
        If the disk refuses; the versions do not depend on it.
    """
    while True:
        names = own_names(folder)
        try:
            before = folder.read(CHANGELOG).decode("utf-8", "replace")
        except FileNotFoundError:
            before = ""
        above = before.partition(MARKER)[0].rstrip() if MARKER in before else before.rstrip() or _HEAD.rstrip()
        text = f"{above}\n\n{MARKER}\n\n{changelog(_records(folder))}"
        if text != before:
            folder.replace(CHANGELOG, text.encode())
        # Who made a version meanwhile may have written before this did: then theirs would be missing.
        if own_names(folder) == names:
            return


def changelog(records: Sequence[Record]) -> str:
    """Return the part of the changelog that is made: the newest version first, each with its splits.

    Parameters
    ----------
    records : sequence of Record
        In the order of their names.
    """
    versions = [record for record in records if not record.name.is_split]
    return "\n".join(_section(one, [r for r in records if r.name.is_split and r.name.version == one.name])
                     for one in reversed(versions))  # fmt: skip


def _records(folder: Folder) -> list[Record]:
    found = []
    for name in own_names(folder):
        # One that cannot be read is not left out of everything else's history.
        with contextlib.suppress(DatasetError):
            found.append(read_record(folder, name))
    return found


def _section(record: Record, splits: Sequence[Record]) -> str:
    by = f" ({_line(record.author)})" if record.author else ""
    lines = [f"## [{record.name}] - {record.created[:10]}", "", f"{_line(record.message)}{by}", ""]
    for title, said in _said(record).items():
        lines += [f"### {title}", "", *(f"- {one}" for one in said), ""]
    lines += [f"- split {one.name}: {_line(one.message)}" for one in splits]
    return "\n".join([*lines, *([""] if splits else [])])


def _said(record: Record) -> dict[str, list[str]]:
    changed = record.changed
    found: dict[str, list[str]] = {}
    excluded = f", {changed['excluded']:,} of them excluded" if changed.get("excluded") else ""
    for name, title, how in (
        ("added", "Added", ""),
        ("removed", "Removed", excluded),
        ("replaced", "Changed", " replaced"),
    ):
        if count := total(changed, name):
            found.setdefault(title, []).append(f"{counted(count, 'item')}{how}")
    for task, count in _by_task(changed, "labeled"):
        found.setdefault("Added", []).append(f"{counted(count, 'label')} of {task}")
    for task, count in _by_task(changed, "relabeled"):
        found.setdefault("Changed", []).append(f"{counted(count, 'label')} of {task}")
    others = [what for what in ("attributes", "labels") if changed.get(what) is True]
    if others and not found:
        found["Changed"] = [f"{' and '.join(others)}, of the same items"]
    if record.said.get("same_as"):
        found.setdefault("Changed", []).append(f"the same again as {_line(str(record.said['same_as']))}")
    return found


def _by_task(changed: Mapping[str, Any], name: str) -> list[tuple[str, int]]:
    found = changed.get(name)
    return [(task, count) for task, count in found.items() if count] if isinstance(found, Mapping) else []


def _line(text: str) -> str:
    """Return a person's words on one line, in which nothing is taken for a heading, a comment or a tag."""
    return " ".join(text.split()).replace("<", "&lt;")
