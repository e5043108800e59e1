"""Copies into raw/: read-only, whole, and never over anything."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import NotSavedError, SourceError
from nbtools.ingest.cache import ScanCache
from nbtools.ingest.place import place, sync
from nbtools.ingest.scan import shown
from nbtools.storage import Folder, new_ulid

if TYPE_CHECKING:
    from pandas import DataFrame

_BATCH_FILES = 512
_BATCH_BYTES = 128 << 20
_SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__MACOSX"})


class Copy(NamedTuple):
    """A file to copy: from where, to which path below raw/, and its size."""

    source: Path
    path: str
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Added:
    """What `add` did.

    Attributes
    ----------
    copied : list of str
        Paths below raw/ that are new.
    bytes : int
        How many bytes they have.
    there : int
        Files that were there already.
    failed : list of (str, str)
        Paths that were not copied, each with the reason.
    """

    copied: list[str] = field(default_factory=list)
    bytes: int = 0
    there: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {"copied": self.copied, "bytes": self.bytes, "there": self.there, "failed": self.failed}

    def __repr__(self) -> str:
        """Say it in a few lines, and what to type next."""
        parts = [f"{len(self.copied):,} files copied into raw/ ({size_of(self.bytes)})"]
        parts += [f"{self.there:,} were there already"] if self.there else []
        lines = [", ".join(parts), *(f"! {path}: {reason}" for path, reason in self.failed[:5])]
        if len(self.failed) > 5:
            lines.append(f"! and {len(self.failed) - 5:,} more: .failed")
        return "\n".join([*lines, "ds.ingest()"])

    def _repr_html_(self) -> str:
        import html

        return f"<pre>{html.escape(repr(self))}</pre>"


def plan_copies(sources: Iterable[str | os.PathLike[str]], dataset: Path) -> tuple[list[Copy], list[tuple[str, str]]]:
    """Return what is to be copied, and what cannot be.

    Parameters
    ----------
    sources : iterable of paths
        Files keep their name; a folder keeps its name and what is in it.
    dataset : Path
        The dataset's folder, which cannot be added to itself.

    Raises
    ------
    SourceError
        If a source is a URL, missing, or holds the dataset.
    """
    copies: list[Copy] = []
    failed: list[tuple[str, str]] = []
    for given in sources:
        text = os.fspath(given)
        if "://" in text:
            raise SourceError(f"{text!r} is a URL: download it first; files on a local disk can be added")
        source = Path(text).expanduser().absolute()
        if not source.exists():
            raise SourceError(f"there is nothing at {text!r} to add")
        if dataset.is_relative_to(source.resolve()):
            raise SourceError(f"{text!r} holds the dataset itself, which cannot be added to its own raw/")
        if source.is_dir():
            _plan_folder(source, source.name or source.resolve().name, copies, failed)
        else:
            _plan_file(source, source.name, copies, failed)
    return copies, failed


def _plan_folder(folder: Path, path: str, copies: list[Copy], failed: list[tuple[str, str]]) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        failed.append((shown(path), f"the folder cannot be read: {error.strerror}"))
        return
    for entry in entries:
        below = f"{path}/{entry.name}"
        if entry.name in _SYSTEM:
            continue
        if entry.is_dir(follow_symlinks=False):
            _plan_folder(Path(entry.path), below, copies, failed)
        else:
            _plan_file(Path(entry.path), below, copies, failed)


def _plan_file(source: Path, path: str, copies: list[Copy], failed: list[tuple[str, str]]) -> None:
    try:
        path.encode()
        found = source.stat()
    except UnicodeEncodeError:
        failed.append((shown(path), "the name is not UTF-8: rename the file"))
    except OSError as error:
        failed.append((path, error.strerror or str(error)))
    else:
        if source.is_file():
            copies.append(Copy(source, path, found.st_size, found.st_mtime_ns))
        else:
            failed.append((path, "not a regular file"))


def copy_all(
    folder: Folder, copies: list[Copy], added: Added, on_progress: Callable[[int, int | None], None] | None
) -> None:
    """Copy files into raw/; what is there already is left.

    Raises
    ------
    NotSavedError
        If the disk refuses; what was copied until then stays.
    """
    raw = folder.path("raw")
    done = 0
    try:
        with ScanCache(folder) as cache:
            for batch in _batches(copies):
                _copy_batch(raw, [copy for copy in batch if _is_new(raw, copy, added)], cache, added)
                done += len(batch)
                if on_progress is not None:
                    on_progress(done, len(copies))
    except OSError as error:
        raise NotSavedError(error.errno, f"nothing more could be added: {error.strerror or error}") from error


def _copy_batch(raw: Path, batch: list[Copy], cache: ScanCache, added: Added) -> None:
    staged = [(copy, part) for copy in batch if (part := _stage(raw, copy, added)) is not None]
    if not staged:
        return
    # The bytes are on the disk before the files get their names.
    sync(raw, [part for _, part in staged])
    for copy, part in staged:
        try:
            os.link(part, raw / copy.path)
            added.copied.append(copy.path)
            added.bytes += copy.size
        except FileExistsError:
            added.failed.append((copy.path, "another process has just added a file of that name"))
        finally:
            part.unlink()
    sync(raw, ())
    found = [(copy.path, (raw / copy.path).stat()) for copy, _ in staged]
    cache.remember_made((path, one.st_size, one.st_mtime_ns, one.st_ino) for path, one in found)


def _stage(raw: Path, copy: Copy, added: Added) -> Path | None:
    target = raw / copy.path
    part = target.parent / f".{new_ulid()}.part"
    try:
        handle = os.open(copy.source, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        added.failed.append((copy.path, error.strerror or str(error)))
        return None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place("auto", str(copy.source), handle, None, str(part), ours=False)
        os.utime(part, ns=(copy.mtime_ns, copy.mtime_ns))
    except (FileExistsError, NotADirectoryError):
        added.failed.append((copy.path, "a file is in raw/ where a folder is needed"))
        return None
    finally:
        os.close(handle)
    return part


def _is_new(raw: Path, copy: Copy, added: Added) -> bool:
    try:
        there = (raw / copy.path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    same = there.st_size == copy.size and (
        there.st_mtime_ns == copy.mtime_ns or _digest(raw / copy.path) == _digest(copy.source)
    )
    if same:
        added.there += 1
    else:
        added.failed.append(
            (copy.path, "another file of that name is in raw/, which is never written over: rename one")
        )
    return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _batches(copies: list[Copy]) -> Iterator[list[Copy]]:
    batch: list[Copy] = []
    size = 0
    for copy in copies:
        batch.append(copy)
        size += copy.size
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def add_table(folder: Folder, table: DataFrame, name: str | None, added: Added) -> None:
    """Write a DataFrame into raw/, as Parquet; the same again writes nothing.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    table : DataFrame
        Its index is left out, unless it has a name.
    name : str, optional
        What to call it; a name made of its content unless given.
    added : Added
        Takes what was done.

    Raises
    ------
    SourceError
        If it cannot be written as Parquet, or another table has the name.
    NotSavedError
        If the disk refuses.
    """
    buffer = io.BytesIO()
    try:
        table.to_parquet(buffer, index=any(label is not None for label in table.index.names))
    except (ValueError, TypeError) as error:
        raise SourceError(f"the table cannot be written as Parquet: {error}") from error
    data = buffer.getvalue()
    called = name or f"table-{hashlib.sha256(data).hexdigest()[:8]}"
    path = f"raw/{called.removesuffix('.parquet')}.parquet"
    try:
        folder.create(path, data)
    except FileExistsError:
        if folder.read(path) != data:
            raise SourceError(
                f"{path} is another table, and raw/ is never written over: give it another name="
            ) from None
        added.there += 1
        return
    folder.path(path).chmod(0o444)
    added.copied.append(path.removeprefix("raw/"))
    added.bytes += len(data)


def size_of(count: int) -> str:
    """Return bytes as people say them: 1.2 MB."""
    size = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
