"""What is different between two versions, or between two splits: counts at once, rows when they are asked for."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbtools.errors import VersionError
from nbtools.storage import Folder
from nbtools.versions.record import Record
from nbtools.versions.words import changes_in_words, no_changes, total

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame

_SHOWN = ("id", "kind", "path")
_BY_TASK = ("relabeled", "labeled")
_FOLLOWING = ("relabeled", "added", "removed", "replaced", "moved", "labeled")


class Diff:
    """What is different in a version from another one.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    old, new : Record
        Both of versions, or both of splits.

    Raises
    ------
    VersionError
        If one is a version and the other a split.
    """

    def __init__(self, folder: Folder, old: Record, new: Record) -> None:
        if old.name.is_split != new.name.is_split:
            split, version = (old, new) if old.name.is_split else (new, old)
            raise VersionError(
                f"{split.name} is a split and {version.name} a version: compare two of a kind, "
                f"such as {version.name} and {split.name.version}"
            )
        self._folder = folder
        self.old = old
        self.new = new

    @cached_property
    def summary(self) -> dict[str, Any]:
        """How many items were added, removed (of these excluded), replaced, moved; and labels, by task."""
        tasks = self._tasks(settled_otherwise=True)
        counts = no_changes(self._tasks())
        if tasks or not self._same_items:
            from nbtools.versions.changes import BYTES, count_changes

            bytes_ = ("id",) if self._is_split or self._named_by_bytes else BYTES
            found = count_changes(self._pairs([*bytes_, *tasks]), tasks, self._excluded())
            counts = {name: counts[name] | found[name] if name in _BY_TASK else found[name] for name in found}
        counts["attributes"] = self._changed("attributes_digest")
        counts["labels"] = self._changed("labels_digest")
        counts["labels_only"] = self._same_items and not counts["attributes"] and bool(counts["labels"] or tasks)
        return counts

    @cached_property
    def added(self) -> DataFrame:
        """Items that are new: id, kind, path."""
        from nbtools.versions.changes import added

        return added(self._pairs(_SHOWN, labels=False), _SHOWN)

    @cached_property
    def removed(self) -> DataFrame:
        """Items that are gone: id, kind, path; `excluded` lists those of them that a person took out."""
        from nbtools.versions.changes import removed

        return removed(self._pairs(_SHOWN, labels=False), _SHOWN)

    @cached_property
    def replaced(self) -> DataFrame:
        """Items of the same id and other bytes: id, from_recipe, to_recipe, from_sha256, to_sha256."""
        from nbtools.versions.changes import BYTES, replaced

        return replaced(() if self._is_split else self._pairs(BYTES, labels=False))

    @cached_property
    def relabeled(self) -> DataFrame:
        """Items whose label became another one or went away: id, task, from, to."""
        return self._labels(were_labeled=True)

    @cached_property
    def labeled(self) -> DataFrame:
        """Items of both versions that had no label and have one now: id, task, from (nothing), to."""
        return self._labels(were_labeled=False)

    @cached_property
    def excluded(self) -> DataFrame:
        """Those of the removed items that a person took out: id, kind, path, reason."""
        from nbtools.versions.tables import EXCLUDED, as_frame, read_table

        removed = self.removed
        if EXCLUDED not in self.new.files:
            return removed.head(0).assign(reason=None)
        out = as_frame(read_table(self._folder, self.new.name, EXCLUDED)).rename(columns={"item": "id"})
        return removed.merge(out, on="id")

    @cached_property
    def moved(self) -> DataFrame:
        """Items that went from one part of a split to another: id, from, to."""
        from nbtools.versions.changes import moved

        return moved(self._pairs(("id",)) if self._is_split else ())

    def __repr__(self) -> str:
        """Say what is different in a line, and the next sensible call."""
        between = f"{self.old.name} → {self.new.name}"
        following = next((name for name in _FOLLOWING if total(self.summary, name)), "summary")
        kind = "split" if self._is_split else "version"
        call = f'ds.{kind}("{self.new.name}").diff("{self.old.name}").{following}'
        return f"{between}  {changes_in_words(self.summary) or 'no difference'}\nnext: {call}"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    @property
    def _is_split(self) -> bool:
        return self.new.name.is_split

    @property
    def _same_items(self) -> bool:
        return not self._is_split and not self._changed("items_digest")

    @property
    def _named_by_bytes(self) -> bool:
        from nbtools.versions.pieces import are_named_by_bytes

        return all(are_named_by_bytes(self._folder, one.name) for one in (self.old, self.new))

    def _excluded(self) -> pa.Array | None:
        from nbtools.versions.tables import EXCLUDED, read_table

        there = EXCLUDED in self.new.files
        return read_table(self._folder, self.new.name, EXCLUDED)["item"].combine_chunks() if there else None

    def _changed(self, digest: str) -> bool:
        return self.old.digests.get(digest) != self.new.digests.get(digest)

    def _tasks(self, *, settled_otherwise: bool = False) -> list[str]:
        """Return the tasks of both versions; only those that came to something else, if asked."""
        both = [task for task in self.new.truth if task in self.old.truth]
        if not settled_otherwise:
            return both
        return [task for task in both if self.new.truth[task].get("digest") != self.old.truth[task].get("digest")]

    def _pairs(self, columns: Sequence[str], *, labels: bool = True) -> Iterable[tuple[pa.Table, pa.Table]]:
        """Return the pieces to compare; none where the digests say already that nothing differs."""
        from nbtools.versions.pairing import pairs
        from nbtools.versions.pieces import pieces

        if self._same_items and not labels:
            return ()
        return pairs(pieces(self._folder, self.old, columns), pieces(self._folder, self.new, columns))

    def _labels(self, *, were_labeled: bool) -> DataFrame:
        from nbtools.versions.changes import labels_changed

        tasks = self._tasks(settled_otherwise=True)
        return labels_changed(self._pairs(["id", *tasks]) if tasks else (), tasks, were_labeled=were_labeled)
