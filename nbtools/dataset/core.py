"""What every part of a dataset stands on: its folder, its name, its index and its log."""

from __future__ import annotations

import os
from functools import cached_property, partial
from pathlib import Path
from typing import Self

from nbtools.dataset.manifest import MANIFEST, OWN_RAW, read_manifest, write_manifest
from nbtools.errors import DatasetError, UnsafePathError
from nbtools.storage import Folder
from nbtools.store.index import Index
from nbtools.store.log import ActLog
from nbtools.versions.words import say


class Core:
    """A dataset's folder, opened.

    Parameters
    ----------
    path : str or Path
        The folder.
    raw : str or Path, optional
        Where the raw data lies, if the dataset reads it outside of its folder. Such
        a path is never followed unless it is given here or in ``NBTOOLS_RAW``,
        because a dataset folder may come from anyone.

    Raises
    ------
    NotADatasetError
        If there is no dataset at the path.
    NewerFormatError
        If a newer nbtools wrote it.
    """

    def __init__(self, path: str | os.PathLike[str], *, raw: str | os.PathLike[str] | None = None) -> None:
        self._folder = local_folder(path)
        self._manifest = read_manifest(self._folder)
        self._given_raw = _raw_folder(raw) if raw is not None else None
        self._index = Index(self._folder, owner=self.id)
        self._log = ActLog(self._folder)

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        license: str | None = None,
        description: str | None = None,
        raw: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Make a folder a dataset; where it is one already, open it and say so.

        Parameters
        ----------
        path : str or Path
            The folder; made if it is not there.
        name : str, optional
            What people call it; the folder's name unless given.
        license : str, optional
            An SPDX identifier such as ``CC-BY-4.0``.
        description : str, optional
            One or two sentences.
        raw : str or Path, optional
            A folder elsewhere that is read where it lies, for data too large to copy.

        Raises
        ------
        DatasetError
            If the folder has a processed/ or versions/ that nbtools did not make.
        NotSavedError
            If the disk refuses.
        """
        folder = local_folder(path)
        if not folder.exists("metadata/dataset.json"):
            _refuse_by_hand(folder)
        place = OWN_RAW if raw is None else str(_raw_folder(raw))
        made = write_manifest(folder, name or folder.root.name or "dataset", license, description, place)
        dataset = cls(folder.root, raw=raw)
        if not made:
            there = dataset._manifest
            given = {"name": name, "license": license, "description": description}
            kept = [key for key, value in given.items() if value not in (None, getattr(there, key))]
            stay = f"; {', '.join(kept)} as before: to change that, edit {MANIFEST}" if kept else ""
            say(f"{folder.root} is a dataset already ({dataset.name}, made {there.created[:10]}): opened it{stay}")
        return dataset

    @property
    def id(self) -> str:
        """The dataset's own ULID, the same wherever the folder is moved."""
        return self._manifest.id

    @property
    def name(self) -> str:
        """What people call the dataset."""
        return self._manifest.name

    @property
    def path(self) -> Path:
        """The dataset's folder."""
        return self._folder.root

    @cached_property
    def raw(self) -> Path:
        """Where the raw data lies.

        Raises
        ------
        UnsafePathError
            If it lies outside of the dataset and the opener did not name it.
        """
        recorded = self._manifest.raw
        inside = not Path(recorded).is_absolute()
        own = self._folder.path(recorded) if inside else None
        if own is not None and self._given_raw in (None, own):
            return own
        if own is not None:
            raise DatasetError(f"{self.path} keeps its raw data in {own}: open it without raw={str(self._given_raw)!r}")
        named = self._given_raw or (_raw_folder(os.environ["NBTOOLS_RAW"]) if os.environ.get("NBTOOLS_RAW") else None)
        if named is None:
            raise UnsafePathError(
                f"{self.path} reads its raw data from {recorded}, outside of its folder. If you trust that: "
                f"nbtools.Dataset({str(self.path)!r}, raw={recorded!r}), or set NBTOOLS_RAW={recorded}"
            )
        return named

    def file(self, relative: str) -> Path:
        """Return where the file of an item, or any that the catalogue names, lies.

        Parameters
        ----------
        relative : str
            An item's id, or a POSIX path below the dataset; below ``raw/`` it is looked
            for where the raw data lies.

        Raises
        ------
        UnsafePathError
            If it leads out of the dataset.
        """
        item = None
        if "/" not in relative:
            self._index.refresh()
            item = self._index.item(relative)
        if item is not None and item.path is not None:
            return self.file(item.path)
        top, _, rest = relative.partition("/")
        if top == OWN_RAW and rest and Path(self._manifest.raw).is_absolute():
            return Folder(self.raw).path(rest)
        return self._folder.path(relative)

    def __len__(self) -> int:
        """Return how many items are in: all but the excluded ones."""
        self._index.refresh()
        return self._index.count()

    def __bool__(self) -> bool:
        """Return True: an empty dataset is a dataset."""
        return True

    def __reduce__(self) -> tuple[partial[Self], tuple[str]]:
        """Let another process open the folder again."""
        return partial(type(self), raw=self._given_raw), (str(self.path),)


def local_folder(path: str | os.PathLike[str]) -> Folder:
    """Return the folder at a path of the local disk.

    Raises
    ------
    DatasetError
        If it is a URL, or no path at all.
    """
    text = os.fspath(path)
    if "://" in text:
        raise DatasetError(f"{text!r} is a URL, and a dataset lies on a local disk: copy or mount it first")
    if "\0" in text or not text:
        raise DatasetError(f"{text!r} is no path of a folder")
    return Folder(Path(text))


def _raw_folder(path: str | os.PathLike[str]) -> Path:
    folder = local_folder(path).root
    if not folder.is_dir():
        raise DatasetError(f"the raw data was to be read from {folder}, but there is no such folder")
    return folder


def _refuse_by_hand(folder: Folder) -> None:
    kept = [name for name in ("processed", "versions") if folder.folders(name) or folder.sizes(name)]
    if kept:
        raise DatasetError(
            f"{folder.root} has a {' and a '.join(kept)} folder that nbtools did not make. "
            f"To go on with them: nbtools.Dataset.adopt({str(folder.root)!r})"
        )
