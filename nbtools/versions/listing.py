"""`Versions`: all versions of a dataset, as a person or a widget lists them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from nbtools.errors import NbtoolsError
from nbtools.storage import Folder
from nbtools.versions.names import VersionName, foreign_names, own_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.version import Version
from nbtools.versions.words import changes_in_words, counted


class Versions(Sequence[Version]):
    """The versions of a dataset, oldest first, and what else lies beside them.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    locate : callable
        Where the file of a path that a version names lies.
    on_split, ranked : callable, optional
        As in `Version`.

    Attributes
    ----------
    foreign : list of str
        Folders that were made by hand.
    damaged : dict of str to str
        What is wrong with versions whose record cannot be read, by name.
    """

    def __init__(
        self,
        folder: Folder,
        locate: Callable[[str], Path],
        on_split: Callable[[], None] | None = None,
        ranked: Callable[[str], set[str]] | None = None,
    ) -> None:
        self.foreign = foreign_names(folder)
        self.damaged: dict[str, str] = {}
        self._records: list[Record] = []
        for name in own_names(folder):
            try:
                self._records.append(read_record(folder, name))
            except NbtoolsError as error:
                self.damaged[str(name)] = str(error)
        whole = (record for record in self._records if not record.name.is_split)
        self._versions = [Version(folder, record, locate, on_split, ranked) for record in whole]

    @overload
    def __getitem__(self, at: int) -> Version: ...
    @overload
    def __getitem__(self, at: slice) -> list[Version]: ...
    def __getitem__(self, at: int | slice) -> Version | list[Version]:
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
