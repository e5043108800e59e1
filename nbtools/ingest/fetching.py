"""Bytes of another copy of the dataset: read as input, checked against their hash, placed by our rules."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from nbtools.errors import MergeError
from nbtools.ingest.cache import ScanCache
from nbtools.ingest.place import place, sync
from nbtools.ingest.records import ITEM_COLUMN, emptied, read_records, records_bytes
from nbtools.ingest.strange import beside, copy_of, digest, part_beside, regular_file
from nbtools.items.sighting import Sighting
from nbtools.storage import Folder

_LONGEST_SUFFIX = 12


class Fetching:
    """Brings files from one copy to the other.

    Parameters
    ----------
    here, there : Folder
        The two datasets.
    raw_there : Folder or None
        Where the other's raw data lies; None where that may not be followed.
    own_raw : bool
        Whether our raw data lies in our folder.
    blocked : collection of str
        Ids of items that were erased on request.
    dry : bool
        Only count.

    Attributes
    ----------
    files, bytes : int
        What was brought, or would be.
    """

    def __init__(
        self,
        here: Folder,
        there: Folder,
        raw_there: Folder | None,
        blocked: Collection[str],
        *,
        own_raw: bool,
        dry: bool,
    ) -> None:
        self._here = here
        self._there = there
        self._raw_there = raw_there
        self._blocked = blocked
        self._own_raw = own_raw
        self._dry = dry
        self._staged: dict[str, Path] = {}
        self._placed: dict[str, str] = {}
        self._tables: dict[str, list[str | None]] = {}
        self.files = self.bytes = 0

    def raw(self, source: str, item: str | None) -> str | None:
        """Bring a raw file; return the path it has here, or None if it is not here afterwards.

        Parameters
        ----------
        source : str
            Its path there, below ``raw/``.
        item : str or None
            The id that its bytes must have; None for a table, which is taken only
            where nothing else has its name.

        Raises
        ------
        MergeError
            If it is not what it has to be; the message says why.
        """
        if not self._own_raw:
            return source
        origin = self._raw_file(source)
        if item is None and self._exists(source) and digest(self._whereis(source)) != digest(origin):
            raise MergeError("another file of that name is in raw/ here, which is never written over")
        names: list[str] = [source] if item is None else [source, beside(source, item)]
        for target in names:
            if not self._exists(target):
                self._stage(origin, target, item)
                return target
            if item is None or digest(self._whereis(target)).startswith(item):
                return target
        raise MergeError("other files of that name are in raw/ here")

    def processed(self, row: Sighting, raw: str | None) -> str:
        """Bring the processed bytes of an item; return the path they have here.

        Parameters
        ----------
        row : Sighting
            What the other says of it, sound, its recipe a number of this dataset.
        raw : str or None
            The path of its raw file here.

        Raises
        ------
        MergeError
            If the bytes are not there or are others.
        """
        assert row.path is not None
        as_it_came = row.recipe == 0
        if row.path.startswith("raw/") and raw is not None and self._own_raw:
            return raw
        target, there = self._target(row)
        if there:
            return target
        raw_here = self._whereis(raw) if raw is not None and self._own_raw and as_it_came else None
        self._count(row.bytes or 0)
        if self._dry:
            self._placed[target] = row.sha256 or ""
        elif raw_here is not None:
            self._link(raw_here, target)
        else:
            self._copy(self._file(row.path), target, row.sha256 or "")
        return target

    def records(self, row: Sighting) -> str:
        """Bring the file of records that a row lies in; what was erased is not in it.

        Raises
        ------
        MergeError
            If the item is not at that row.
        """
        assert row.path is not None
        assert row.row is not None
        if row.path not in self._tables:
            self._tables[row.path] = self._table(row.path)
        ids = self._tables[row.path]
        if row.row >= len(ids) or ids[row.row] != row.id:
            raise MergeError(f"{row.path} does not hold it at row {row.row}")
        return row.path

    def flush(self, cache: ScanCache) -> None:
        """Return when all that was brought is on the disk under its name.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        raw, processed = self._here.root / "raw", self._here.root / "processed"
        if self._placed:
            sync(processed, [self._here.root / path for path in self._placed])
        if self._staged:
            # The bytes are on the disk before the files get their names.
            sync(raw, self._staged.values())
            for target, part in self._staged.items():
                try:
                    os.link(part, self._here.root / target)
                except FileExistsError:
                    pass  # another merge was quicker; the next one looks again at what is there
                finally:
                    part.unlink()
            sync(raw, ())
            found = [(target, (self._here.root / target).stat()) for target in self._staged]
            cache.remember_made(
                (target.removeprefix("raw/"), one.st_size, one.st_mtime_ns, one.st_ino) for target, one in found
            )
        self._staged, self._placed = {}, {}

    @property
    def pending(self) -> int:
        """How many files wait for `flush`."""
        return len(self._staged) + len(self._placed)

    def _target(self, row: Sighting) -> tuple[str, bool]:
        """Return where processed bytes belong, and whether they are there already."""
        assert row.path is not None
        suffix = Path(row.path).suffix
        suffix = suffix if len(suffix) <= _LONGEST_SUFFIX and suffix[1:].isalnum() else ""
        standard = f"processed/{row.id}{f'.r{row.recipe}' if row.recipe else ''}{suffix}"
        # Files of a folder that was kept by hand keep their names.
        named = row.path if row.path.startswith("processed/") and not row.path.startswith(f"processed/{row.id}") else ""
        for target in filter(None, (named, standard)):
            if not self._exists(target):
                return target, False
            if digest(self._whereis(target)) == row.sha256:
                return target, True
        # Named by its hash, and holding something else: a run that was killed left it, and it is replaced.
        return standard, False

    def _exists(self, target: str) -> bool:
        return target in self._staged or target in self._placed or os.path.lexists(self._here.path(target))

    def _whereis(self, target: str) -> Path:
        return self._staged.get(target) or self._here.path(target)

    def _raw_file(self, source: str) -> Path:
        if self._raw_there is None:
            raise MergeError("the raw data there lies outside of the folder: open it with nbtools.Dataset(…, raw=…)")
        return regular_file(self._raw_there, source.removeprefix("raw/"))

    def _file(self, path: str) -> Path:
        return self._raw_file(path) if path.startswith("raw/") else regular_file(self._there, path)

    def _stage(self, origin: Path, target: str, item: str | None) -> None:
        self._count(origin.stat().st_size)
        place_ = self._here.path(target)
        if self._dry:
            self._staged[target] = origin
            return
        part = part_beside(place_)
        copy_of(origin, part)
        if item is not None and not digest(part).startswith(item):
            part.unlink()
            self._count(-origin.stat().st_size, -1)
            raise MergeError("it holds something else there than when it was ingested")
        found = origin.stat()
        os.utime(part, ns=(found.st_mtime_ns, found.st_mtime_ns))
        self._staged[target] = part

    def _link(self, raw: Path, target: str) -> None:
        handle = os.open(raw, os.O_RDONLY | os.O_CLOEXEC)
        try:
            place("auto", str(raw), handle, None, str(self._here.path(target)), ours=not raw.stat().st_mode & 0o222)
        finally:
            os.close(handle)
        self._placed[target] = ""

    def _copy(self, origin: Path, target: str, sha256: str) -> None:
        place_ = self._here.path(target)
        part = part_beside(place_)
        copy_of(origin, part)
        try:
            if digest(part) != sha256:
                raise MergeError("its file there does not hold what the catalogue says")
            part.replace(place_)
        finally:
            part.unlink(missing_ok=True)
        self._placed[target] = sha256

    def _table(self, path: str) -> list[str | None]:
        if not self._here.exists(path):
            regular_file(self._there, path)
            table = read_records(self._there, path)
            if ITEM_COLUMN not in table.column_names:
                raise MergeError(f"{path} names no items")
            table = emptied(table, self._blocked)
            data = records_bytes(table)
            self._count(len(data))
            if self._dry:
                return list(table[ITEM_COLUMN].to_pylist())
            self._here.create(path, data)
        return list(read_records(self._here, path, [ITEM_COLUMN])[ITEM_COLUMN].to_pylist())

    def _count(self, size: int, files: int = 1) -> None:
        self.files += files
        self.bytes += size
