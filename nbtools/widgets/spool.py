"""Files for what has none: bytes and pictures in memory, written down while a page looks at them."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = 512_000_000


class Spool:
    """A folder of temporary files, the latest of them kept; it goes with the object.

    Parameters
    ----------
    most : int
        Bytes to keep.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._folder: str | None = None
        self._kept: OrderedDict[str, tuple[Path, int]] = OrderedDict()
        self._lock = threading.Lock()

    def path(self, key: str, make: Callable[[], bytes]) -> Path:
        """Return the file of a key.

        Parameters
        ----------
        key : str
            A name for a file, different for each content.
        make : callable
            Returns its bytes; called where it is not there.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        data = make()
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.mkdtemp(prefix="nbtools-")
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            path = Path(self._folder, key)
            path.write_bytes(data)
            self._kept[key] = path, len(data)
            while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._most:
                oldest, _ = self._kept.popitem(last=False)[1]
                oldest.unlink(missing_ok=True)
        return path
