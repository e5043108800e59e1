"""Whether a version is still what it was: its own tables, and the bytes of its items."""

from __future__ import annotations

import html
import math
import random
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import DatasetError, ErasedError, UnsafePathError, VersionError, did_you_mean
from nbtools.items.erased import Blocked, read_blocked
from nbtools.storage import Folder
from nbtools.versions.erased import Erased, read_erased
from nbtools.versions.hashing import sha256_of
from nbtools.versions.places import Locate, Places
from nbtools.versions.record import Record
from nbtools.versions.words import counted

if TYPE_CHECKING:
    from pandas import DataFrame

Progress = Callable[[int, int | None], None]
LEVELS = ("presence", "sample", "full")
SAMPLE = 1_000
_BATCH = 256
_WORKERS = 4
_SHARES = (100, 1_000)
_SHOWN = 5


class Wrong(NamedTuple):
    """Something that is not as it was.

    Attributes
    ----------
    problem : str
        missing, size, changed, unreadable, outside, digest or "erased on request" (and not wholly).
    path : str
        Of the file, relative to the dataset.
    item : str or None
        The item whose bytes it holds.
    expected, found : str or None
        What the version says, and what is there.
    """

    problem: str
    path: str
    item: str | None
    expected: str | None
    found: str | None


class Expected(NamedTuple):
    """A file, and what it has to be."""

    path: str
    item: str | None
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found.

    Attributes
    ----------
    version : str
        Of which version.
    level : str
        presence, sample or full.
    files : int
        How many files the version stands on, its own tables included.
    read : int
        How many of them were read to the end.
    found : tuple of Wrong
        What is not as it was.
    erased : tuple of (str, str, int)
        What was erased on request, and is not missing: when, why, and how many items.
    """

    version: str
    level: str
    files: int
    read: int
    found: tuple[Wrong, ...]
    erased: tuple[tuple[str, str, int], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything that was looked at is as it was."""
        return not self.found

    @property
    def wrong(self) -> DataFrame:
        """What is not as it was: problem, path, item, expected, found."""
        import pandas as pd

        return pd.DataFrame(self.found, columns=list(Wrong._fields), dtype=object)

    @property
    def chance(self) -> dict[int, float]:
        """With what chance one damaged file in 100, and one in 1,000, would have been noticed."""
        return {share: _noticed(self.files, self.read, math.ceil(self.files / share)) for share in _SHARES}

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        plain = {name: getattr(self, name) for name in ("version", "level", "files", "read", "ok")}
        chance = {f"1 in {share}": value for share, value in self.chance.items()} if self.level == "sample" else None
        plain["erased"] = [{"at": at, "reason": why, "items": items} for at, why, items in self.erased]
        return plain | {"chance": chance, "wrong": [one._asdict() for one in self.found]}

    def __repr__(self) -> str:
        """Say what was found, how sure that is, and the next sensible call."""
        looked = {"presence": "there and of their size; their bytes were not read", "full": "read to the end"}
        how = looked.get(self.level, f"there, {self.read:,} of them read to the end")
        lines = [f"{self.version}: {counted(self.files, 'file')} {how if self.ok else 'looked at'}"]
        if self.level == "sample":
            said = ", ".join(f"1 in {share:,} with {_percent(value)}" for share, value in self.chance.items())
            lines.append(f"damage to so many files would have been noticed with a chance of: {said}")
        lines += [f"{counted(items, 'item')} erased on request on {at[:10]}: {why}" for at, why, items in self.erased]
        lines += [f"! {len(self.found):,} wrong"] if self.found else []
        lines += [f"  {one.problem}: {one.path}" for one in self.found[:_SHOWN]]
        lines += [f"  … {len(self.found) - _SHOWN:,} more"] if len(self.found) > _SHOWN else []
        call = ".wrong" if self.found else "" if self.level == "full" else None
        following = f'ds.version("{self.version}").verify("{"full" if call is None else self.level}"){call or ""}'
        return "\n".join([*lines, f"next: {following}"] if call != "" else lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


def verify(
    folder: Folder, record: Record, locate: Locate, level: str = "full", on_progress: Progress | None = None
) -> Verified:
    """Look whether a version is still what it was.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        Of the version or split.
    locate : callable
        Where the file of a path lies.
    level : str
        ``presence`` (every file is there and has its size), ``sample`` (and a thousand
        of them, drawn anew each time, have their bytes) or ``full`` (all have).
    on_progress : callable, optional
        Called with the number of files done and of all.

    Raises
    ------
    VersionError
        If there is no such level.
    """
    if level not in LEVELS:
        raise VersionError(
            f"{level!r} is no level of verifying; there are {', '.join(LEVELS)}{did_you_mean(str(level), LEVELS)}"
        )
    erased, damaged = _erased(folder, record)
    tables = {**record.files, **erased.files}
    own = [Expected(f"{record.name.path}/{name}", None, said.bytes, said.sha256) for name, said in tables.items()]
    places = Places(locate)
    wrong = [one for one in (_check(expected, folder.path, hashed=True) for expected in own) if one is not None]
    files, unreadable = _files(folder, record, erased)
    wrong += [*damaged, *unreadable]
    chosen = _chosen(len(files), level)
    done = 0
    with ThreadPoolExecutor(_WORKERS) as pool:
        batches = (range(at, min(at + _BATCH, len(files))) for at in range(0, len(files), _BATCH))
        for found in pool.map(lambda rows: _checked(files, rows, places.find, chosen), batches):
            wrong += found
            done = min(done + _BATCH, len(files))
            if on_progress is not None:
                on_progress(done, len(files))
    if level == "full" and not wrong:
        wrong += _digests(folder, record, erased)
    told = tuple(_told(wrong, folder))
    return Verified(str(record.name), level, len(own) + len(files), len(own) + len(chosen), told, erased.said)


def _erased(folder: Folder, record: Record) -> tuple[Erased, list[Wrong]]:
    try:
        return read_erased(folder, record.name), []
    except DatasetError as error:
        return Erased(), [Wrong("unreadable", record.name.path, None, None, str(error))]


def _told(wrong: Sequence[Wrong], folder: Folder) -> Iterator[Wrong]:
    """Yield what is wrong; an item that was erased is not missing, but its erasure was not brought to its end."""
    blocked = Blocked()
    if any(one.problem == "missing" for one in wrong):
        with suppress(ErasedError):  # who has not the key cannot tell
            blocked = read_blocked(folder)
    for one in wrong:
        if one.problem == "missing" and one.item is not None and one.item in blocked:
            yield one._replace(problem="erased on request", found=f"erase again: {blocked.why(one.item)}")
        else:
            yield one


def _chosen(count: int, level: str) -> set[int] | range:
    if level == "full":
        return range(count)
    return set(random.sample(range(count), min(SAMPLE, count))) if level == "sample" else set()


def _checked(
    files: Sequence[Expected], rows: range, find: Callable[[str], Path], chosen: set[int] | range
) -> list[Wrong]:
    found = (_check(files[row], find, hashed=row in chosen) for row in rows)
    return [one for one in found if one is not None]


def _check(expected: Expected, find: Callable[[str], Path], *, hashed: bool) -> Wrong | None:
    path, item, size, sha256 = expected
    try:
        place = find(path)
        there = place.lstat()
        if not stat.S_ISREG(there.st_mode):
            return Wrong("unreadable", path, item, "a file", "something else")
        if size is not None and there.st_size != size:
            return Wrong("size", path, item, str(size), str(there.st_size))
        if hashed and sha256 is not None and (found := sha256_of(place)) != sha256:
            return Wrong("changed", path, item, sha256, found)
    except UnsafePathError as error:
        return Wrong("outside", path, item, None, str(error))
    except FileNotFoundError:
        return Wrong("missing", path, item, None if size is None else str(size), None)
    except OSError as error:
        return Wrong("unreadable", path, item, None, str(error))
    return None


def _files(folder: Folder, record: Record, erased: Erased) -> tuple[list[Expected], list[Wrong]]:
    """Return the files that hold the items, each once; rows share files of their own."""
    from nbtools.versions.pieces import pieces

    columns = ("id", "path", "row", "bytes", "sha256")
    rows = {**(record.said.get("records") or {}), **{path: asdict(one) for path, one in erased.records.items()}}
    found: dict[str, Expected] = {}
    try:
        for piece in pieces(folder, record, columns):
            for item, path, row, size, sha256 in zip(*(piece[name].to_pylist() for name in columns), strict=True):
                if path is not None and path not in found:
                    found[path] = (
                        _of_rows(path, rows.get(path)) if row is not None else Expected(path, item, size, sha256)
                    )
    except DatasetError as error:
        return [], [Wrong("unreadable", record.name.path, None, None, str(error))]
    return list(found.values()), []


def _of_rows(path: str, said: Any) -> Expected:
    known = said if isinstance(said, dict) else {}
    return Expected(path, None, known.get("bytes"), known.get("sha256"))


def _digests(folder: Folder, record: Record, erased: Erased) -> Iterator[Wrong]:
    """Yield what the tables come to where that is not what the record says."""
    if record.name.is_split:
        return
    from nbtools.versions.digest import items_digest, labels_digest
    from nbtools.versions.tables import ITEMS, LABELS, read_table

    items = read_table(folder, record.name, ITEMS, ["id", "recipe", "sha256"])
    labels = read_table(folder, record.name, LABELS)
    for name, digest in (("items_digest", items_digest(items)), ("labels_digest", labels_digest(labels))):
        expected = erased.digests.get(name, record.digests.get(name))
        if expected != digest:
            yield Wrong("digest", f"{record.name.path}/version.json", None, str(expected), digest)


def _noticed(files: int, read: int, damaged: int) -> float:
    """Return the chance that of some damaged files at least one was among those read (hypergeometric)."""
    if read + damaged > files:
        return 1.0

    def log_choose(count: int) -> float:
        return math.lgamma(count + 1) - math.lgamma(read + 1) - math.lgamma(count - read + 1)

    return -math.expm1(log_choose(files - damaged) - log_choose(files))


def _percent(chance: float) -> str:
    return "certainty" if chance >= 1 else f"{math.floor(chance * 1000) / 10:.1f} %"
