"""What versions and splits have in common: they are compared with others of their kind, verified and restored."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.storage import Folder
from nbtools.versions.diff import Diff
from nbtools.versions.names import VersionName, find
from nbtools.versions.record import Record, read_record

if TYPE_CHECKING:
    from nbtools.versions.restore import Restored
    from nbtools.versions.verify import Verified

Progress = Callable[[int, "int | None"], None]


class Lasting:
    """A version or a split, which never changes.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        What it says of itself.
    locate : callable
        Where the file of a path that it names lies.
    """

    _layout: ClassVar[str] = "source"

    def __init__(self, folder: Folder, record: Record, locate: Callable[[str], Path]) -> None:
        self._folder = folder
        self._locate = locate
        self.record = record

    @property
    def name(self) -> str:
        """Its name, such as ``v2``, or ``v2.1`` of a split."""
        return str(self.record.name)

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._folder.path(self.record.name.path)

    @property
    def message(self) -> str:
        """What it is, in words."""
        return self.record.message

    @property
    def counts(self) -> Mapping[str, Any]:
        """How many items it holds: of each kind and labels of each task, or in each part."""
        return self.record.counts

    def diff(self, other: Lasting | str) -> Diff:
        """Return what is different in this one from another one.

        Parameters
        ----------
        other : Version, Split or str
            The one to start from, usually the older.

        Raises
        ------
        UnknownVersionError
            If there is no such version or split.
        VersionError
            If one is a split and the other a version.
        """
        name = VersionName.parse(other) if isinstance(other, str) else other.record.name
        return Diff(self._folder, read_record(self._folder, find(self._folder, name)), self.record)

    def verify(self, level: str = "full", *, on_progress: Progress | None = None) -> Verified:
        """Look whether everything is as it was when this was made.

        Parameters
        ----------
        level : str
            ``presence`` (every file is there and has its size), ``sample`` (and a
            thousand of them, drawn anew each time, have their bytes) or ``full`` (all have).
        on_progress : callable, optional
            Called with the number of files done and of all.

        Raises
        ------
        VersionError
            If there is no such level.
        """
        from nbtools.versions.verify import verify

        return verify(self._folder, self.record, self._locate, level, on_progress)

    def restore(
        self,
        destination: str | os.PathLike[str],
        layout: str | None = None,
        target: str | None = None,
        *,
        force: bool = False,
        on_progress: Progress | None = None,
    ) -> Restored:
        """Put its files somewhere, as they were; again, only those that are not there.

        Those of a split lie in a folder for each part.

        Parameters
        ----------
        destination : str or Path
            A folder outside of the dataset; made if it is not there.
        layout : str, optional
            ``source`` (under the names they came with), ``id``, or ``imagefolder`` (a
            folder for each answer of a task: ``train/jay/…`` of a split, as torchvision,
            Keras and YOLO read it). Unless given, ``source``, and of a split ``imagefolder``.
        target : str, optional
            The task whose answers name the folders; needed for ``imagefolder``.
        force : bool
            Whether files that are there with other bytes are replaced.
        on_progress : callable, optional
            Called with the number of files done and of all.

        Raises
        ------
        VersionError
            If the layout cannot be, or other files are in the way; nothing is written then.
        UnsafePathError
            If a path in the version leads out of the dataset or the destination.
        """
        from nbtools.versions.restore import restore

        return restore(
            self._folder,
            self.record,
            self._locate,
            Path(destination),
            layout=self._layout if layout is None else layout,
            target=target,
            force=force,
            on_progress=on_progress,
        )

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same version or split of the same folder."""
        if not isinstance(other, Lasting):
            return NotImplemented
        return (self._folder.root, self.record) == (other._folder.root, other.record)

    def __hash__(self) -> int:
        """Return a hash that equal ones share."""
        return hash((self._folder.root, self.record.name))

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"
