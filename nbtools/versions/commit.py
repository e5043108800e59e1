"""Makes a version or a split on disk: all of it or nothing, and of several writers each its own number.

Everything is written into a hidden folder beside the versions, made to last, and
then moved to its name by one rename, which fails where a folder with something in it
is already. So there is no lock that could outlive its holder, and a reader sees the
old state or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools import __version__
from nbtools.errors import NotSavedError, VersionError
from nbtools.storage import Folder, make_folder, new_ulid, sync_folder
from nbtools.versions.names import RECORD, VERSIONS, VersionName, is_deleted, next_name
from nbtools.versions.record import FORMAT, NEEDS, Record, read_record

if TYPE_CHECKING:
    import pyarrow as pa

STAGING = ".staging-"
# The system calls that can lose a version, by name, so that tests can make them fail.
_rename = os.rename
_fsync = os.fsync

_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR)
_CHUNK = 1 << 20


class Draft(NamedTuple):
    """What is to be committed.

    Attributes
    ----------
    files : mapping of str to bytes or Table
        By name; a table is written as Parquet.
    record : mapping
        What `version.json` is to say beside what `commit` itself knows (format,
        name, files, created, write_id): `message`, `author`, `parent`, `counts` ….
        Everything that JSON can hold.
    """

    files: Mapping[str, bytes | pa.Table]
    record: Mapping[str, Any]


def commit(folder: Folder, of: VersionName | None, draft: Callable[[VersionName], Draft | Record]) -> Record:
    """Make the next version, or the next split of one; it is on the disk on return.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    of : VersionName or None
        The version to make a split of; None to make a version.
    draft : callable
        Called with the name that is to be made; returns what to commit, or the
        record of what is there and the same already, and then nothing is written.
        Called again with the next name where another process was quicker: what it
        reads must be read in the call, so that nothing of the other's is left out.

    Returns
    -------
    Record
        Of what was made, or of what is there already.

    Raises
    ------
    VersionError
        If a split of a deleted version was asked for.
    NotSavedError
        If the disk refuses; nothing is left that a reader would see.
    """
    while True:
        if of is not None and is_deleted(folder, of):
            raise VersionError(f"{of} was deleted, so no split of it can be made")
        name = next_name(folder, of)
        made = draft(name)
        if isinstance(made, Record):
            return made
        staged = folder.path(f"{VERSIONS}/{STAGING}{new_ulid()}")
        try:
            record = _stage(staged, name, made)
            if _publish(staged, folder.path(name.path), record["write_id"]):
                return read_record(folder, name)
        except OSError as error:
            raise _not_saved(name, error) from error
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _stage(staged: Path, name: VersionName, draft: Draft) -> dict[str, Any]:
    make_folder(staged.parent)
    staged.mkdir()
    files = {file: _write(staged / file, content) for file, content in draft.files.items()}
    record = {
        "format": FORMAT,
        "needs": NEEDS,
        "name": str(name),
        "created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        **draft.record,
        "files": files,
        "made_by": f"nbtools {__version__}",
        "write_id": new_ulid(),
    }
    _write(staged / RECORD, json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n")
    sync_folder(staged)
    return record


def _write(path: Path, content: bytes | pa.Table) -> dict[str, Any]:
    rows = {}
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        from nbtools.versions.tables import write_table

        write_table(path, content)
        rows["rows"] = content.num_rows
    # What is immutable is so for a stray hand too.
    path.chmod(0o444)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        _fsync(file.fileno())
        return {"bytes": file.tell(), "sha256": digest, **rows}


def _publish(staged: Path, target: Path, write_id: str) -> bool:
    """Move what was staged to its name; False if the name is another's."""
    try:
        _rename(staged, target)
    except OSError as error:
        # Over a network the rename may be done and its answer lost: then what is there is ours.
        if _written_by(target) != write_id:
            if error.errno in _TAKEN:
                return False
            raise
    sync_folder(target.parent)
    return True


def _written_by(target: Path) -> object:
    with contextlib.suppress(OSError, ValueError, AttributeError, RecursionError):
        return json.loads((target / RECORD).read_bytes()).get("write_id")
    return None


def _not_saved(name: VersionName, error: OSError) -> NotSavedError:
    if isinstance(error, NotSavedError):
        return error
    reason = error.strerror or str(error)
    return NotSavedError(error.errno or errno.EIO, f"{name} was not made: {reason}. Make room, then freeze again")
