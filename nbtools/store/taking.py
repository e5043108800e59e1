"""Acts of another copy of the dataset, as whole new journals of this one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from nbtools.labels.act import Act
from nbtools.labels.names import is_name
from nbtools.storage import Folder, new_ulid
from nbtools.store.acts import Acts
from nbtools.store.log import ITEMS, LABELS, ActLog, Scanned

# Acts of one journal that are held at once; a larger one becomes several.
_MOST_BYTES = 32 << 20
# No session writes as much; a line without an end would have to be held as a whole.
_LARGEST = 4 << 30
_NAME = re.compile(r"([0-9A-HJKMNP-TV-Z]{26})\.jsonl")
Refuse = Callable[[Act, str], "str | None"]


class NewJournal(NamedTuple):
    """A journal that this copy lacks.

    Attributes
    ----------
    name : str
        ``<task>/<ulid>.jsonl``: as it is called there, or a new name where that is taken.
    acts : list of Act
        What is in it.
    lines : list of str
        The line of each act, as it stands there.
    """

    name: str
    acts: list[Act]
    lines: list[str]

    def write(self, folder: Folder) -> None:
        """Write it, whole, and never over another; it is on the disk on return.

        Raises
        ------
        NotSavedError
            If the disk refuses.
        """
        data = "\n".join([*self.lines, ""]).encode()
        try:
            folder.create(f"{LABELS}/{self.name}", data)
        except FileExistsError:
            folder.create(f"{LABELS}/{_renamed(self.name)}", data)


def new_journals(
    folder: Folder,
    index: Acts,
    other: Folder,
    refuse: Refuse,
    refused: Callable[[str, str], None],
    *,
    without: Sequence[str],
) -> Iterator[NewJournal]:
    """Yield the acts that the other copy has and this one lacks, by journal.

    An act is known by its id: what stands here under the same id is kept.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    index : Acts
        What this copy has; brought up to date by the caller.
    other : Folder
        The other copy; nothing in it is believed unchecked.
    refuse : callable
        Says why an act in the folder of a task cannot be taken; None if it can.
    refused : callable
        Is told of each act or file that is not taken: where it stands, and why.
    without : sequence of str
        Tasks that are left out.
    """
    sizes: dict[str, int] = {}
    for name, size in ActLog(other).sizes().items():
        task, _, file = name.partition("/")
        if task in without:
            continue
        if not (is_name(task) or task == ITEMS) or not _NAME.fullmatch(file):
            refused(name, "no journal is called that")
        elif size > _LARGEST:
            refused(name, f"it has {size:,} bytes, more than any session writes")
        else:
            sizes[name] = size
    for name, parts in groupby(ActLog(other).scan({}, sizes), attrgetter("name")):
        yield from _journals(folder, index, name, parts, refuse, refused)


def _journals(
    folder: Folder,
    index: Acts,
    name: str,
    parts: Iterator[Scanned],
    refuse: Refuse,
    refused: Callable[[str, str], None],
) -> Iterator[NewJournal]:
    acts: list[Act] = []
    lines: list[str] = []
    seen: set[str] = set()
    size = 0
    called = name if not folder.exists(f"{LABELS}/{name}") else _renamed(name)
    task = name.partition("/")[0]
    for part in parts:
        if part.skipped:
            refused(name, f"{part.skipped} lines are no acts")
        known = index.known_acts([act.act for act in part.acts])
        for act, line in zip(part.acts, part.lines, strict=True):
            why = None if act.act in known or act.act in seen else refuse(act, task)
            if why is not None:
                refused(name, why)
            elif act.act not in known and act.act not in seen:
                seen.add(act.act)
                acts.append(act)
                lines.append(line)
                size += len(line)
        if size > _MOST_BYTES:
            yield NewJournal(called, acts, lines)
            called, acts, lines, size = _renamed(name), [], [], 0
    if acts:
        yield NewJournal(called, acts, lines)


def _renamed(name: str) -> str:
    return f"{name.partition('/')[0]}/{new_ulid()}.jsonl"
