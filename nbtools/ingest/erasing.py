"""Files and rows of erased items, taken out of raw/ and processed/; again: nothing.

Nothing is unlinked whose bytes are not those of an erased item: at a path that the
catalogue names there may be something else by now.
"""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from nbtools.errors import NbtoolsError
from nbtools.ingest.adding import Added, Copy
from nbtools.ingest.records import ITEM_COLUMN, emptied, read_records, records_bytes
from nbtools.ingest.scan import TABLE_SUFFIXES
from nbtools.ingest.strange import digest
from nbtools.ingest.tablecut import cut_rows
from nbtools.items.erased import read_blocked
from nbtools.items.ids import ID_LENGTH
from nbtools.items.sighting import Sighting
from nbtools.media.sniff import suffix_of
from nbtools.storage import Folder, sync_folder

Announce = Callable[[str, str, bytes, Collection[str]], None]


class FilesErased:
    """Takes the bytes of erased items away.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    raw : Path or None
        Where its raw data lies, if that is inside the folder.
    ids : collection of str
        The items.
    sizes : collection of int
        How many bytes their raw files have or had.
    announce : callable
        Is told of a file of records before it is written anew: its path, the SHA-256
        that it has, the bytes that it will have, and the items that go.

    Attributes
    ----------
    files, rows, bytes : int
        What is gone.
    left : list of (str, str)
        What could not be reached, and why.
    """

    def __init__(
        self, folder: Folder, raw: Path | None, ids: Collection[str], sizes: Collection[int], announce: Announce
    ) -> None:
        self._announce = announce
        self._folder = folder
        self._raw = raw
        self._ids = frozenset(ids)
        self._sizes = frozenset(sizes)
        self.files = self.rows = self.bytes = 0
        self.left: list[tuple[str, str]] = []
        self._names: dict[tuple[int, int], tuple[int, str]] = {}

    def run(self, sightings: Iterable[Sighting]) -> None:
        """Do it.

        Parameters
        ----------
        sightings : iterable of Sighting
            What the catalogue says of the items.

        Raises
        ------
        OSError
            If the disk refuses; what was done until then stays done.
        """
        try:
            self._run(list(sightings))
        finally:
            # Only when all names that are ours are gone it can be seen whether others are left.
            linked = [path for names, path in self._names.values() if names]
            self.left += [(path, "another name on this disk leads to its bytes (a hard link)") for path in linked]
            self._names = {}

    def _run(self, seen: list[Sighting]) -> None:
        self._processed(seen)
        self._records()
        if self._raw is None:
            outside = sorted({row.source for row in seen if row.source is not None and row.state == "present"})
            self.left += [(source, "the raw data lies outside of the folder, and is not ours") for source in outside]
        else:
            self._raw_files(seen, self._raw)
            self._tables(seen, self._raw)

    def _processed(self, seen: Iterable[Sighting]) -> None:
        place = self._folder.path("processed")
        own = [entry.path for entry in _entries(place) if entry.name[:ID_LENGTH] in self._ids or _is_part(entry)]
        self._unlink(path for path in map(Path, own) if not path.name.startswith(".") or self._holds(path))
        named = {(row.path, row.sha256) for row in seen if row.path is not None and row.row is None}
        for path, sha256 in sorted(named, key=str):
            found = self._inside(path) if path.startswith("processed/") else None
            if found is not None and digest(found) == sha256:
                self._unlink([found])

    def _records(self) -> None:
        for entry in _entries(self._folder.path("processed")):
            if not (entry.name.startswith("records-") and entry.name.endswith(".parquet")):
                continue
            path = f"processed/{entry.name}"
            try:
                items = read_records(self._folder, path, [ITEM_COLUMN])[ITEM_COLUMN].to_pylist()
            except (NbtoolsError, KeyError) as error:
                self.left.append((path, f"it cannot be read: {error}"))
                continue
            gone = self._ids.intersection(items)
            if gone:
                data = records_bytes(emptied(read_records(self._folder, path), self._ids))
                self._announce(path, digest(self._folder.path(path)), data, gone)
                self._folder.replace(path, data)
                self.rows += len(gone)

    def _raw_files(self, seen: Iterable[Sighting], raw: Path) -> None:
        """Remove files with the bytes of an item, wherever in raw/ they lie: also those that were added again since."""
        sources = {row.source for row in seen if row.source is not None}
        for path in list(_files(raw)):
            likely = f"raw/{path.relative_to(raw).as_posix()}" in sources or path.stat().st_size in self._sizes
            if likely and self._holds(path):
                self._unlink([path])
                self._remove_empty(path.parent, raw)

    def _tables(self, seen: Iterable[Sighting], raw: Path) -> None:
        keys: dict[str, set[str]] = defaultdict(set)
        names: set[str] = set()
        shared = {path.name for path in _files(raw)}
        for row in seen:
            if row.source is None:
                continue
            path = row.source.removeprefix("raw/")
            table, mark, key = path.partition("#")
            if mark:
                keys[table].add(key)
            else:
                names.add(path)
                # Where no other file has its name, the name alone means it.
                names.update({path.rpartition("/")[2]} - shared)
        for place in list(_files(raw)):
            path = place.relative_to(raw).as_posix()
            if suffix_of(path.lower()) not in TABLE_SUFFIXES or path.startswith("."):
                continue
            try:
                cut = cut_rows(path, place, self._ids, keys.get(path, ()), names)
            except (NbtoolsError, ValueError, OSError) as error:
                self.left.append((f"raw/{path}", f"the table cannot be read, and may speak of it: {error}"))
                continue
            if cut.unsure:
                self.left.append((f"raw/{path}", f"{cut.unsure:,} rows may speak of it by another name: look at them"))
            if cut.data is not None:
                mode = place.stat().st_mode & 0o777
                self._folder.replace(f"raw/{path}", cut.data)
                place.chmod(mode)
                self.rows += cut.rows

    def _remove_empty(self, place: Path, raw: Path) -> None:
        # The name of a folder may say who it was.
        while place != raw:
            try:
                place.rmdir()
            except OSError:
                return
            place = place.parent

    def _inside(self, path: str) -> Path | None:
        try:
            found = self._folder.path(path)
        except NbtoolsError:
            return None
        return found if found.is_file() else None

    def _holds(self, path: Path) -> bool:
        return digest(path)[:ID_LENGTH] in self._ids

    def _unlink(self, paths: Iterable[Path]) -> None:
        for path in paths:
            found = path.lstat()
            path.unlink()
            sync_folder(path.parent)
            self.files += 1
            self.bytes += found.st_size
            where = path.relative_to(self._folder.root).as_posix()
            self._names[found.st_dev, found.st_ino] = (found.st_nlink - 1, where)


def without_erased(folder: Folder, copies: list[Copy], added: Added) -> list[Copy]:
    """Return the files that may be added: all but those that were erased on request.

    Raises
    ------
    ErasedError
        If it cannot be known what was erased.
    """
    blocked = read_blocked(folder)
    sizes = {size for erasure in blocked.erasures for size in erasure.sizes}
    kept = []
    for copy in copies:
        item = digest(copy.source)[:ID_LENGTH] if copy.size in sizes else ""
        if item in blocked:
            added.failed.append((copy.path, blocked.why(item)))
        else:
            kept.append(copy)
    return kept


def _entries(place: Path) -> list[os.DirEntry[str]]:
    with contextlib.suppress(FileNotFoundError), os.scandir(place) as entries:
        return [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    return []


def _files(raw: Path) -> Iterator[Path]:
    for above, _, names in os.walk(raw):
        yield from (path for name in names if not (path := Path(above, name)).is_symlink() and path.is_file())


def _is_part(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith(".") and entry.name.endswith(".part")
