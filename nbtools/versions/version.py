"""`Version`: a version of a dataset, as a person or a widget holds it; its tables are read when they are asked for."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import NbtoolsError
from nbtools.storage import Folder
from nbtools.versions.diff import Diff
from nbtools.versions.names import VersionName, find, foreign_names, own_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.words import changes_in_words, counted

if TYPE_CHECKING:
    from pandas import DataFrame

_SHOWN = 6


class Version:
    """A version of a dataset, which never changes.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        What the version says of itself.
    locate : callable
        Where the file of a path that the version names lies.
    """

    def __init__(self, folder: Folder, record: Record, locate: Callable[[str], Path]) -> None:
        self._folder = folder
        self._locate = locate
        self.record = record

    @property
    def name(self) -> str:
        """Its name, such as ``v2``."""
        return str(self.record.name)

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._folder.path(self.record.name.path)

    @property
    def parent(self) -> str | None:
        """The name of the version before it."""
        return None if self.record.parent is None else str(self.record.parent)

    @property
    def message(self) -> str:
        """What it is, in words."""
        return self.record.message

    @property
    def author(self) -> str | None:
        """Who made it."""
        return self.record.author

    @property
    def created(self) -> str:
        """When it was made: RFC 3339, UTC."""
        return self.record.created

    @property
    def counts(self) -> Mapping[str, Any]:
        """How many items and bytes, items of each kind, and labels of each task."""
        return self.record.counts

    @property
    def changed(self) -> Mapping[str, Any]:
        """What changed from the version before."""
        return self.record.changed

    @property
    def tasks(self) -> list[str]:
        """The tasks whose labels it holds."""
        return list(self.record.truth)

    @property
    def splits(self) -> list[str]:
        """The names of its splits."""
        mine = self.record.name.version
        return [str(name) for name in own_names(self._folder) if name.is_split and name.version == mine]

    @cached_property
    def items(self) -> DataFrame:
        """One row for each item: what it is, its attributes, and a column per task with its label."""
        from nbtools.versions.tables import ITEMS, as_frame, read_table

        return as_frame(read_table(self._folder, self.record.name, ITEMS))

    @cached_property
    def labels(self) -> DataFrame:
        """One row for each task, item and annotator; `value` is JSON, annotators have pseudonyms."""
        from nbtools.versions.tables import LABELS, as_frame, read_table

        return as_frame(read_table(self._folder, self.record.name, LABELS))

    def diff(self, other: Version | str) -> Diff:
        """Return what is different in this version from another one.

        Parameters
        ----------
        other : Version or str
            The one to start from, usually the older.

        Raises
        ------
        UnknownVersionError
            If there is no such version.
        VersionError
            If one is a split and the other is none.
        """
        name = VersionName.parse(other) if isinstance(other, str) else other.record.name
        return Diff(self._folder, read_record(self._folder, find(self._folder, name)), self.record)

    def __len__(self) -> int:
        """Return how many items it holds."""
        return int(self.counts.get("items", 0))

    def __bool__(self) -> bool:
        """Return True, however few items it holds."""
        return True

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same version of the same folder."""
        mine = (self._folder.root, self.record)
        return isinstance(other, Version) and mine == (other._folder.root, other.record)

    def __hash__(self) -> int:
        """Return a hash that equal versions share."""
        return hash((self._folder.root, self.record.name))

    def __repr__(self) -> str:
        """Say what it holds, and the next sensible call."""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.get("kinds", {}).items())
        lines = [f"{self.name} · {counted(len(self), 'item')}" + (f" ({kinds})" if kinds else "")]
        labels = self.counts.get("labels", {})
        lines += [f"{task}: {labels[task]['labeled']:,} of {len(self):,} labeled" for task in list(labels)[:_SHOWN]]
        by = f" · {self.author}" if self.author else ""
        lines.append(f"{self.message}{by} · {self.created[:10]}")
        from_parent = changes_in_words(self.changed)
        lines += [f"from {self.parent}: {from_parent}"] if self.parent and from_parent else []
        return "\n".join([*lines, f'next: ds.version("{self.name}").items'])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"


class Versions(Sequence[Version]):
    """The versions of a dataset, oldest first, and what else lies beside them.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    locate : callable
        Where the file of a path that a version names lies.

    Attributes
    ----------
    foreign : list of str
        Folders that were made by hand.
    damaged : dict of str to str
        What is wrong with versions whose record cannot be read, by name.
    """

    def __init__(self, folder: Folder, locate: Callable[[str], Path]) -> None:
        self.foreign = foreign_names(folder)
        self.damaged: dict[str, str] = {}
        self._records: list[Record] = []
        for name in own_names(folder):
            try:
                self._records.append(read_record(folder, name))
            except NbtoolsError as error:
                self.damaged[str(name)] = str(error)
        self._versions = [Version(folder, record, locate) for record in self._records if not record.name.is_split]

    def __getitem__(self, at: Any) -> Any:
        """Return the version at a place, or those of a slice."""
        return self._versions[at]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._versions)

    def __iter__(self) -> Iterator[Version]:
        """Yield them, oldest first."""
        return iter(self._versions)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One mapping for each version and split: name, items, changed, message, author, created."""
        return [
            {
                "version": str(record.name),
                "items": record.counts.get("items"),
                "changed": changes_in_words(record.changed),
                "message": record.message,
                "author": record.author,
                "created": record.created,
            }
            for record in self._records
        ]

    def __repr__(self) -> str:
        """Return a line for each version and split, and the next sensible call."""
        rows = [self._row(row) for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines += [f"{name}: {wrong}" for name, wrong in self.damaged.items()]
        lines += [f"made by hand: {', '.join(self.foreign)}"] if self.foreign else []
        following = f'ds.version("{self[-1].name}")' if len(self) else 'ds.freeze("what it is")'
        return "\n".join([*(lines or ["no version yet"]), f"next: {following}"])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    @staticmethod
    def _row(row: Mapping[str, Any]) -> list[str]:
        indent = "  └ " if VersionName.parse(row["version"]).is_split else ""
        items = "" if row["items"] is None else counted(row["items"], "item")
        return [
            indent + row["version"],
            items,
            row["changed"],
            row["message"],
            row["author"] or "",
            row["created"][:10],
        ]
