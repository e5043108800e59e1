"""The log written anew without what was erased.

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
from nbtools.storage import Folder, sync_folder
from nbtools.store.gate import Gate
from nbtools.store.log import LABELS, ActLog

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
            _replace(folder, name, b"".join(kept))
    return changed


def _changed(line: bytes, change: Change, suspicious: Callable[[bytes], bool]) -> bytes:
    act = parse_line(line) if line.endswith(b"\n") else None
    if act is None:
        return b"" if suspicious(line) else line
    new = change(act)
    return line if new is act else b"" if new is None else new.to_line()


def _replace(folder: Folder, name: str, data: bytes) -> None:
    task, _, file = name.partition("/")
    if data:
        drawn = int.from_bytes(hashlib.sha256(data).digest()[:10])
        rest = "".join(_ALPHABET[drawn >> 5 * at & 31] for at in range(16))
        with contextlib.suppress(FileExistsError):
            folder.create(f"{LABELS}/{task}/{file[:_TIME]}{rest}.jsonl", data)
    old = folder.path(f"{LABELS}/{name}")
    old.unlink(missing_ok=True)
    sync_folder(old.parent)
