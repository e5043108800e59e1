"""Where the bytes of a version's items lie; a version is input, so that no path of it is followed blindly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nbtools.errors import UnsafePathError

Locate = Callable[[str], Path]
# Elsewhere in a dataset lie things that are nobody's data, such as who the annotators are.
_HOMES = ("processed", "raw")


class Places:
    """Finds files by their paths; asks only once about each folder, because a million times would take a minute.

    Parameters
    ----------
    locate : callable
        Where the file of a path lies; refuses a path that leads out of the dataset.
    """

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self._folders: dict[str, Path] = {}

    def find(self, path: str) -> Path:
        """Return where a file lies; whether it is there, and no link, is for the caller to see.

        Raises
        ------
        UnsafePathError
            If the path leads out of where data may lie.
        """
        folder, _, name = path.rpartition("/")
        if folder.split("/")[0] not in _HOMES or name in ("", ".", "..") or "\0" in path:
            raise UnsafePathError(
                f"the path {path!r} does not lie in {' or '.join(_HOMES)}: the version was tampered with"
            )
        if folder not in self._folders:
            self._folders[folder] = self._locate(path).parent
        return self._folders[folder] / name
