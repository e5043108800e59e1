"""What versions and splits have in common: they are compared with others of their kind, and verified."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nbtools.storage import Folder
from nbtools.versions.diff import Diff
from nbtools.versions.names import VersionName, find
from nbtools.versions.record import Record, read_record

if TYPE_CHECKING:
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

    def __init__(self, folder: Folder, record: Record, locate: Callable[[str], Path]) -> None:
        self._folder = folder
        self._locate = locate
        self.record = record

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
