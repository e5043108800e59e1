"""The log, and the suggestions, written anew without what was erased.

A journal is never changed: one that holds something to be erased is replaced by
another of a new name, which sorts in its place. So every index notices, wherever it
lies, and a process that is killed in between has lost nothing and is done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable

from nbtools.labels.act import Act, parse_line
from nbtools.labels.suggestion import parse_suggestion
from nbtools.storage import Folder, sync_folder
from nbtools.store.gate import Gate
from nbtools.store.log import LABELS, ActLog
from nbtools.store.suggestions import SUGGESTIONS, files

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_TIME = 10  # characters of a ULID that say when; the others are drawn by chance
Change = Callable[[Act], "Act | None"]


def rewrite_log(folder: Folder, change: Change, suspicious: Callable[[bytes], bool]) -> int:
    """Change or drop acts, wherever they stand; again: nothing.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    change : callable
        Returns the act itself, another in its place, or None to drop it.
    suspicious : callable
        Tells whether a line that is no act, or is not whole, has to go.

    Returns
    -------
    int
        How many acts were changed or dropped.

    Raises
    ------
    NotSavedError
        If the disk refuses; what was done until then stays done.
    """
    changed = 0
    with Gate(folder).closed():
        for name in ActLog(folder).sizes():
            data = folder.read(f"{LABELS}/{name}")
            lines = _LINE.findall(data)
            kept = [_changed(line, change, suspicious) for line in lines]
            if kept == lines:
                continue
            changed += sum(new != old for new, old in zip(kept, lines, strict=True))
            task, _, file = name.partition("/")
            _replace(folder, f"{LABELS}/{task}", file, b"".join(kept))
    return changed


def erase_suggestions(folder: Folder, gone: Callable[[str], bool], suspicious: Callable[[bytes], bool]) -> int:
    """Take what is about some items out of the suggestions; again: nothing.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    gone : callable
        Tells of an item whether it was erased.
    suspicious : callable
        Tells whether a line that is no suggestion has to go.

    Returns
    -------
    int
        How many lines are gone.

    Raises
    ------
    NotSavedError
        If the disk refuses; what was done until then stays done.
    """
    count = 0
    with Gate(folder).closed():
        for task, name in files(folder):
            place = f"{SUGGESTIONS}/{task}"
            lines = _LINE.findall(folder.read(f"{place}/{name}"))
            found = ((line, parse_suggestion(line, task)) for line in lines)
            kept = [line for line, one in found if not (suspicious(line) if one is None else gone(one.item))]
            if len(kept) < len(lines):
                count += len(lines) - len(kept)
                _replace(folder, place, name, b"".join(kept))
    return count


def _changed(line: bytes, change: Change, suspicious: Callable[[bytes], bool]) -> bytes:
    act = parse_line(line) if line.endswith(b"\n") else None
    if act is None:
        return b"" if suspicious(line) else line
    new = change(act)
    return line if new is act else b"" if new is None else new.to_line()


def _replace(folder: Folder, place: str, file: str, data: bytes) -> None:
    if data:
        drawn = int.from_bytes(hashlib.sha256(data).digest()[:10])
        rest = "".join(_ALPHABET[drawn >> 5 * at & 31] for at in range(16))
        with contextlib.suppress(FileExistsError):
            folder.create(f"{place}/{file[:_TIME]}{rest}.jsonl", data)
    old = folder.path(f"{place}/{file}")
    old.unlink(missing_ok=True)
    sync_folder(old.parent)
