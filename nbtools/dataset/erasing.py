"""Items erased for good, everywhere in the folder, and noted so that they do not come back."""

from __future__ import annotations

import html
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from nbtools.dataset.core import Core
from nbtools.dataset.describing import describe_newest
from nbtools.dataset.recording import whole_ids
from nbtools.errors import LabelError, NbtoolsError, NotSavedError
from nbtools.items.erased import Blocked, add_erasure, read_blocked, save_erasure
from nbtools.labels.act import Act
from nbtools.store.erasing import erase_suggestions, rewrite_log
from nbtools.versions.commit import STAGING
from nbtools.versions.names import RECORD, VERSIONS, foreign_names, own_names

_SHOWN = 8
_ID = re.compile(r"[0-9a-f]{32}")
_DAY = 86_400
ELSEWHERE = (
    "other copies of this folder (erase there too: a merge with this one says which), backups, bundles, exports and "
    "restored files made before, and browsers that hold unsent labels"
)
Tell = Callable[[int, "int | None"], None]
_STEPS = 6


@dataclass(slots=True)
class Erased:
    """What was erased.

    Attributes
    ----------
    items : int
        Items that were not erased before.
    reason : str
        Why.
    files, bytes, rows : int
        Files that are gone, their bytes, and rows of tables.
    acts, suggestions : int
        Acts that are gone, and what models had proposed.
    versions : dict of str to int
        Versions and splits that had some of the items, and how many.
    not_reached : list of (str, str)
        Where something may be left, and why it was not reached.
    """

    items: int
    reason: str
    files: int = 0
    bytes: int = 0
    rows: int = 0
    acts: int = 0
    suggestions: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    not_reached: list[tuple[str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        """Say in a few lines what is gone and what could not be reached."""
        return "\n".join([*self.lines(), "next: ds.freeze('what it is without them')"])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    def lines(self) -> list[str]:
        """Return it in a few lines of words."""
        lines = [
            f"erased {self.items:,} items ({self.reason}): {self.files:,} files, {self.rows:,} rows, {self.acts:,} acts"
        ]
        lines += [f"{self.suggestions:,} suggestions of models"] if self.suggestions else []
        lines += [f"{name}: {count:,} items taken out" for name, count in self.versions.items()]
        lines += [f"! not reached: {where}: {why}" for where, why in self.not_reached[:_SHOWN]]
        more = len(self.not_reached) - _SHOWN
        return [*lines, *([f"! and {more} more: .not_reached"] if more > 0 else []), f"not reached: {ELSEWHERE}"]


def erase(ds: Core, ids: Iterable[str], reason: object, tell: Tell | None) -> Erased:
    """Erase items; see `Dataset.erase`.

    Raises
    ------
    LabelError
        If there is no reason, or no such item.
    NotSavedError
        If the disk refuses.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise LabelError("erasing needs a reason, which is kept: reason='consent withdrawn', say")
    blocked = read_blocked(ds._folder)
    new = _new(ds, ids, blocked)
    if new:
        add_erasure(ds._folder, new, _sizes(ds, new), reason.strip())
        blocked = read_blocked(ds._folder)
    for erasure in blocked.erasures:
        save_erasure(ds._folder, erasure)
    done = Erased(len(new), reason.strip())
    try:
        _sweep(ds, blocked, done, tell or (lambda _done, _total: None))
    except NotSavedError:
        raise
    except OSError as error:
        raise NotSavedError(error.errno, f"the erasure stopped: {error.strerror or error}; call it again") from error
    return done


def _new(ds: Core, ids: Iterable[str], blocked: Blocked) -> list[str]:
    # What is on the list already is swept again: the last time may have been killed.
    given = [str(one) for one in ids]
    return sorted(set(whole_ids(ds, [one for one in given if one not in blocked])) - set(blocked))


def _sizes(ds: Core, ids: Iterable[str]) -> set[int]:
    rows = (ds._index.item(item) for item in ids)
    sizes = set()
    for row in rows:
        for source in row.sources if row is not None else ():
            with suppress(OSError, NbtoolsError):
                sizes.add(ds.file(source).stat().st_size)
    return sizes


def _sweep(ds: Core, blocked: Blocked, done: Erased, tell: Tell) -> None:
    """Take everything away; the catalogue last, since it says where things lie."""
    from nbtools.dataset.sqltables import forget_items
    from nbtools.derived import forget
    from nbtools.ingest.cache import ScanCache
    from nbtools.ingest.erasing import FilesErased
    from nbtools.items.erasing import erase_rows, sightings
    from nbtools.versions.erasing import announce_records, erase_from_versions

    folder = ds._folder
    sizes = {size for erasure in blocked.erasures for size in erasure.sizes}
    seen = list(sightings(folder, blocked))
    tell(1, _STEPS)
    files = FilesErased(folder, _own_raw(ds), blocked, sizes, partial(announce_records, folder, blocked))
    files.run(seen)
    done.files, done.bytes, done.rows, done.not_reached = files.files, files.bytes, files.rows, files.left
    forget(folder, [row.sha256 for row in seen if row.sha256 is not None])
    tell(2, _STEPS)
    done.acts = rewrite_log(folder, _without(blocked), _speaks_of(blocked))
    done.suggestions = erase_suggestions(folder, blocked.__contains__, _speaks_of(blocked))
    tell(3, _STEPS)
    done.versions = erase_from_versions(folder, blocked)
    tell(4, _STEPS)
    erase_rows(folder, blocked)
    with ScanCache(folder) as cache:
        cache.forget(blocked)
    tell(5, _STEPS)
    forget_items(folder)
    describe_newest(ds)
    ds._index.discard()
    done.not_reached += [*_left(ds), *_named(ds, blocked)]
    ds._index.refresh()
    tell(_STEPS, _STEPS)


def _without(blocked: Blocked) -> Callable[[Act], Act | None]:
    def change(act: Act) -> Act | None:
        return None if act.item is not None and act.item in blocked else act

    return change


def _speaks_of(blocked: Blocked) -> Callable[[bytes], bool]:
    def suspicious(line: bytes) -> bool:
        return any(found in blocked for found in _ID.findall(line.decode("utf-8", "replace")))

    return suspicious


def _own_raw(ds: Core) -> Path | None:
    try:
        return ds.raw if ds.raw.is_relative_to(ds.path) else None
    except NbtoolsError:
        return None


def _named(ds: Core, blocked: Blocked) -> list[tuple[str, str]]:
    """Return the records of versions that name an erased item, as reports of splits once did."""
    speaks = _speaks_of(blocked)
    paths = [f"{name.path}/{RECORD}" for name in own_names(ds._folder, deleted=True)]
    return [
        (path, "its report names erased items, and it stays as it was")
        for path in paths
        if speaks(ds._folder.read(path))
    ]


def _left(ds: Core) -> list[tuple[str, str]]:
    """Return what in and around the folder is not ours to write anew."""
    root = ds.path
    left = [(f"{VERSIONS}/{name}", "made by hand: look there yourself") for name in foreign_names(ds._folder)]
    for above in (root, *root.parents):
        if (above / ".git").exists():
            left.append((os.fspath(above / ".git"), "the history of git keeps every file that it once took"))
            break
    with suppress(FileNotFoundError):
        for entry in os.scandir(ds._folder.path(VERSIONS)):
            if entry.name.startswith(STAGING):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > _DAY:
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    left.append((f"{VERSIONS}/{entry.name}", "a freeze is at work, or was killed: erase again later"))
    return left
