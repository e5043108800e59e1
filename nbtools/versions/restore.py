"""Puts the files of a version somewhere, under names of one's choice; all is checked before the first is written."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import VersionError
from nbtools.storage import Folder, is_regular
from nbtools.versions.hashing import copy_checked, sha256_of
from nbtools.versions.layouts import Stored, check_layout, targets
from nbtools.versions.places import Locate, Places
from nbtools.versions.record import Record
from nbtools.versions.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[int, int | None], None]
_OWN = ("raw", "processed", "versions", "metadata")
_SHOWN = 5
_NOTHING = '! nothing was written: label items and freeze again, or take another layout, such as layout="source"'
_OTHERS = "its bytes are others than they were: bring it back from a backup"


@dataclass(slots=True)
class Restored:
    """What a restoring did.

    Attributes
    ----------
    destination : Path
        Where to.
    written : int
        Files that were written.
    unchanged : int
        Files that were there already, with the same bytes.
    left_out : int
        Items without the label that would name their folder, or without a file of their own.
    failed : list of (str, str)
        Files of the dataset that could not be restored, and why.
    """

    destination: Path
    written: int = 0
    unchanged: int = 0
    left_out: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing of the version at the destination, although it holds items."""
        return not (self.written or self.unchanged or self.failed) and self.left_out > 0

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        failed = [{"path": path, "why": why} for path, why in self.failed]
        counts = {name: getattr(self, name) for name in ("written", "unchanged", "left_out")}
        return {"destination": str(self.destination), **counts, "failed": failed}

    def __repr__(self) -> str:
        """Say it in a few lines."""
        lines = [f"{counted(self.written, 'file')} written to {self.destination}"]
        lines += [f"{self.unchanged:,} were there already"] if self.unchanged else []
        lines += [f"{counted(self.left_out, 'item')} left out: no label, or no file"] if self.left_out else []
        lines += [_NOTHING] if self.nothing else []
        lines += [f"! {counted(len(self.failed), 'file')} not restored"] if self.failed else []
        lines += [f"  {path}: {why}" for path, why in self.failed[:_SHOWN]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


class _Step(NamedTuple):
    """A file to be restored: its path in the dataset, where it lies and goes, its hash or, of rows, its bytes."""

    path: str
    source: Path
    target: Path
    sha256: str | None
    data: bytes | None = None


def restore(
    folder: Folder,
    record: Record,
    locate: Locate,
    destination: Path,
    *,
    layout: str = "source",
    target: str | None = None,
    force: bool = False,
    on_progress: Progress | None = None,
) -> Restored:
    """Put the files of a version somewhere; again, only those that are not there.

    Parameters
    ----------
    folder, record, locate : Folder, Record, callable
        The dataset's folder, the version, and where the file of a path lies.
    destination : Path
        A folder, made if it is not there.
    layout : str
        ``source`` (as the files came), ``id``, or ``imagefolder`` (a folder for each answer).
    target : str, optional
        The task whose answers name the folders.
    force : bool
        Whether files of other bytes are replaced.
    on_progress : callable, optional
        Called with the number of files done and of all.

    Raises
    ------
    VersionError
        If the layout cannot be, or there are other files in the way.
    UnsafePathError
        If a path of the version leads out of the dataset or the destination; nothing is written.
    """
    task = check_layout(layout, target, record)
    place = Folder(destination)
    _refuse_own(folder, place)
    done = Restored(place.root)
    steps = list(_steps(folder, record, Places(locate), place, layout, task, done))
    waiting = [step for step in steps if not _is_there(step)]
    done.unchanged = len(steps) - len(waiting)
    _refuse_others([step.target for step in waiting], place, force=force)
    for at, step in enumerate(waiting, 1):
        _put(step, done)
        if on_progress is not None:
            on_progress(at, len(waiting))
    return done


def _steps(
    folder: Folder, record: Record, places: Places, place: Folder, layout: str, task: str | None, done: Restored
) -> Iterator[_Step]:
    from nbtools.versions.pieces import SPLIT, pieces

    columns = ["id", "path", "recipe", "sha256", "row", "sources", *([task] if task else [])]
    parted = record.name.is_split
    files: list[Stored] = []
    rows: dict[str, list[tuple[int, str]]] = {}
    for piece in pieces(folder, record, columns):
        parts = piece[SPLIT].to_pylist() if parted else [None] * piece.num_rows
        for part, item, path, recipe, sha256, row, sources, *label in zip(
            parts, *(piece[c].to_pylist() for c in columns), strict=True
        ):
            if path is None or (row is not None and (task or parted)):
                done.left_out += 1
            elif row is not None:
                rows.setdefault(path, []).append((row, item))
            else:
                done.left_out += bool(task) and label[0] is None
                files.append(Stored(item, path, recipe, sha256, sources or (), label[0] if label else None, part))
    for file, name in targets(layout, files):
        yield _Step(file.path, places.find(file.path), place.path(name), file.sha256)
    for path, wanted in sorted(rows.items()):
        yield from _rows(path, wanted, places, place, done)


def _rows(
    path: str, wanted: Sequence[tuple[int, str]], places: Places, place: Folder, done: Restored
) -> Iterator[_Step]:
    """Yield what is left of a file of rows: those that the version holds."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = places.find(path)
    try:
        with pq.ParquetFile(source) as file:
            table: pa.Table = file.read().take(pa.array([row for row, _ in wanted]))
        same = table["_item"].to_pylist() == [item for _, item in wanted]
        made = io.BytesIO()
        pq.write_table(table.rename_columns(["id" if n == "_item" else n for n in table.column_names]), made)
    except (pa.ArrowException, KeyError, OSError, ValueError, IndexError) as error:
        done.failed.append((path, str(error)))
        return
    if same:
        yield _Step(path, source, place.path(source.name), None, made.getvalue())
    else:
        done.failed.append((path, _OTHERS))


def _is_there(step: _Step) -> bool:
    if not step.target.is_file():
        return False
    if step.data is not None:
        return step.target.read_bytes() == step.data
    return step.sha256 is not None and sha256_of(step.target) == step.sha256


def _put(step: _Step, done: Restored) -> None:
    try:
        if step.data is not None:
            Folder(step.target.parent).replace(step.target.name, step.data)
            whole = True
        else:
            whole = is_regular(step.source) and copy_checked(step.source, step.target, step.sha256)
    except OSError as error:
        done.failed.append((step.path, error.strerror or str(error)))
        return
    if whole:
        done.written += 1
    else:
        done.failed.append((step.path, _OTHERS if step.source.exists() else "it is missing"))


def _refuse_own(folder: Folder, place: Folder) -> None:
    inside = place.root.relative_to(folder.root).parts if place.root.is_relative_to(folder.root) else None
    if inside is not None and (not inside or inside[0] in _OWN):
        raise VersionError(f"{place.root} is part of the dataset itself: restore to a folder outside of it")


def _refuse_others(paths: Sequence[Path], place: Folder, *, force: bool) -> None:
    there = [path for path in paths if path.is_symlink() or path.exists()]
    folders = [path for path in there if path.is_dir()]
    refused = folders or ([] if force else there)
    if refused:
        shown = ", ".join(str(path.relative_to(place.root)) for path in refused[:_SHOWN])
        more = f" and {len(refused) - _SHOWN:,} more" if len(refused) > _SHOWN else ""
        remedy = "move the folders away" if folders else "restore elsewhere, or with force=True to replace them"
        raise VersionError(f"in {place.root} there is something else at {shown}{more}: {remedy}. Nothing was written")
