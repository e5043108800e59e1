"""Where the index lies: in the dataset where its disk is local, else in the user's cache.

SQLite's write-ahead log shares memory between processes, which no network file
system offers, and the homes of many JupyterHubs are on one.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from nbtools.storage import Folder

INDEX = "metadata/cache/index.sqlite"
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = ("nfs", "cifs", "smb", "9p", "fuse", "lustre", "gpfs", "beegfs", "ceph", "gluster", "afs", "davfs")


def index_path(folder: Folder, owner: str) -> Path:
    """Return where the index of a dataset lies; its folder is made.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    owner : str
        The dataset's id.
    """
    own = folder.path(INDEX)
    if _is_local(folder.root) and _can_write(own.parent):
        return own
    import platformdirs

    where = hashlib.sha256(f"{owner}:{folder.root}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    elsewhere = Path(platformdirs.user_cache_dir("nbtools")) / where / own.name
    elsewhere.parent.mkdir(parents=True, exist_ok=True)
    return elsewhere


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _is_local(path: Path) -> bool:
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return True
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = before.split()[4].encode("latin-1", "replace").decode("unicode_escape", "replace")
        if len(mount) >= len(best) and path.is_relative_to(mount):
            best, kind = mount, after.split()[0]
    return not kind.startswith(_REMOTE)
