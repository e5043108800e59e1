"""What a dataset can do with its versions."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.dataset.describing import describe_newest
from nbtools.dataset.tasks import bring_back, found
from nbtools.errors import UnsettledError, VersionError
from nbtools.labels.task import Task
from nbtools.store.tasks import task_names
from nbtools.versions.listing import Versions
from nbtools.versions.names import VersionName, find, is_deleted, own_names
from nbtools.versions.record import read_record
from nbtools.versions.version import Version
from nbtools.versions.words import changes_in_words, say

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.versions.freezing import Frozen, Order
    from nbtools.versions.removing import Garbage
    from nbtools.versions.split import Split

Progress = Callable[[int, "int | None"], None]


class Freezing(Core):
    """What a dataset can do with its versions."""

    def freeze(
        self,
        message: str,
        tasks: str | Sequence[str] | None = None,
        items: str | DataFrame | Iterable[str] | None = None,
        truth: str | Mapping[str, str] | None = None,
        *,
        upstream: object = None,
        author: str | None = None,
        on_progress: Progress | None = None,
    ) -> Version:
        """Keep the items and labels as they are now; the same again is the same version.

        Parameters
        ----------
        message : str
            What it is, in words.
        tasks : str or sequence of str, optional
            The tasks whose labels go in; all unless given.
        items : str, DataFrame or iterable of str, optional
            A SQL expression such as ``site = 'north'``, a table with a column ``id``, or
            ids; all items that are in unless given.
        truth : str or mapping of str to str, optional
            Where answers differ, which one holds, for all tasks or by task: ``latest``,
            ``majority`` (none where even) or ``adjudicated``. A label that was
            imported yields to any person's.
        upstream : optional
            What the data is a copy of, such as ``"CIFAR-10 1.0"``; what JSON can hold.
        author : str, optional
            Who makes it; the system's user unless given.
        on_progress : callable, optional
            Called with the number of text files that were read and of all.

        Raises
        ------
        UnsettledError
            If answers differ and `truth` does not say which holds.
        VersionError
            If there is nothing to freeze, or an argument cannot be followed.
        NotSavedError
            If the disk refuses; the version is there as a whole or not at all.
        """
        done = self._frozen(message, tasks, items, truth, upstream, author, on_progress)
        version = Version(self._folder, done.record, self.file, self._on_split, self._ranked)
        if done.made:
            say(f"{version.name}: {changes_in_words(version.changed) or 'made'}")
        else:
            say(f"{version.name} holds exactly this already ({version.message})")
        return version

    def _ranked(self, task: str) -> set[str]:
        self._index.refresh()
        return self._index.ranked(task)

    def versions(self) -> Versions:
        """Return the versions there are, oldest first."""
        return Versions(self._folder, self.file, self._on_split, self._ranked)

    def version(self, name: str) -> Version:
        """Return a version by its name.

        Parameters
        ----------
        name : str
            Such as ``v2``.

        Raises
        ------
        UnknownVersionError
            If there is none.
        NewerFormatError
            If a newer nbtools made it.
        """
        wanted = find(self._folder, name)
        if wanted.is_split:
            raise VersionError(
                f"{wanted} is a split: ds.split({str(wanted)!r}), or ds.version({str(wanted.version)!r})"
            )
        return Version(self._folder, read_record(self._folder, wanted), self.file, self._on_split, self._ranked)

    def split(self, name: str) -> Split:
        """Return a split by its name.

        Parameters
        ----------
        name : str
            Such as ``v2.1``.

        Raises
        ------
        UnknownVersionError
            If there is none.
        VersionError
            If it names a version.
        NewerFormatError
            If a newer nbtools made it.
        """
        from nbtools.versions.split import Split

        wanted = find(self._folder, name)
        if not wanted.is_split:
            raise VersionError(f"{wanted} is a version: ds.version({str(wanted)!r}).split({{…}}) plans a split of it")
        return Split(self._folder, read_record(self._folder, wanted), self.file)

    def delete(self, version: Version | str, reason: str | None = None) -> None:
        """Delete a version or a split: it is not listed any more, and `gc` clears its tables after a day.

        Its record stays, so that its name is not given again and the versions that
        name it as their parent are understood. Files of items are never touched.

        Parameters
        ----------
        version : Version or str
            Which, such as ``v2`` or ``v2.1``.
        reason : str, optional
            Why; kept with it.

        Raises
        ------
        UnknownVersionError
            If there is none.
        VersionError
            If there are splits of it.
        NotSavedError
            If the disk refuses.
        """
        from nbtools.versions.removing import delete

        name = VersionName.parse(version) if isinstance(version, str) else version.record.name
        if not is_deleted(self._folder, name):
            name = find(self._folder, name)
        if not delete(self._folder, name, _user(), reason):
            say(f"{name} was deleted before")

    def gc(self, *, dry_run: bool = True) -> Garbage:
        """Clear what killed processes and deleted versions have left; never what is younger than a day.

        Many small parts of the catalogue (`metadata/items/`), one of each ingest, are
        joined into one, with nothing left out.

        Parameters
        ----------
        dry_run : bool
            Only say what would be cleared.

        Raises
        ------
        DatasetError
            If a part of the catalogue cannot be read.
        ErasedError
            If parts are to be joined, and it cannot be known what was erased.
        NotSavedError
            If the disk refuses.
        """
        from nbtools.dataset.clearing import clear

        return clear(self._folder, dry_run=dry_run)

    def _on_split(self) -> None:
        describe_newest(self)

    def _frozen(
        self,
        message: str,
        tasks: str | Sequence[str] | None,
        items: str | DataFrame | Iterable[str] | None,
        truth: str | Mapping[str, str] | None,
        upstream: object,
        author: str | None,
        on_progress: Progress | None,
    ) -> Frozen:
        """Freeze, and say nothing of it."""
        from nbtools.dataset.snapshot import snapshot
        from nbtools.versions.freezing import freeze

        wanted = self._tasks(tasks)
        order = self._order(message, wanted, truth, upstream, author)
        chosen = items if items is None or isinstance(items, str) or hasattr(items, "columns") else list(items)
        done = freeze(self._folder, lambda: snapshot(self, wanted, chosen), order, self.file, on_progress)
        describe_newest(self)
        return done

    def _would_freeze(
        self,
        truth: str | Mapping[str, str] | None = None,
        tasks: str | Sequence[str] | None = None,
        items: str | None = None,
    ) -> dict[str, Any]:
        """Return what a freeze would come to now: what would change, what it would hold, and what holds the same.

        `differ` names the tasks whose answers differ; `unsettled` says of how many items of
        one of them, where `truth` says nothing of it: the rest is not known then.
        """
        from nbtools.dataset.snapshot import snapshot
        from nbtools.versions.freezing import changed, is_same, prepare
        from nbtools.versions.truth import AGREED

        wanted = self._tasks(tasks)
        order = self._order("what would change", wanted, truth, None, None)
        there = [read_record(self._folder, name) for name in own_names(self._folder) if not name.is_split]
        names = task_names(self._folder)
        try:
            content, _ = prepare(self._folder, there, snapshot(self, wanted, items), order, self.file)
        except UnsettledError as error:
            return {"tasks": names, "differ": [error.task], "unsettled": error.count}
        parent = there[-1] if there else None
        same = [str(record.name) for record in there if is_same(record, content)]
        return {
            "tasks": names,
            "differ": [task for task, one in content.truth.items() if one["rule"] != AGREED],
            "parent": parent and str(parent.name),
            "same_as": same[-1] if same else None,
            "changed": changes_in_words(changed(self._folder, parent, content)),
            "items": content.counts["items"],
            "bytes": content.counts["bytes"],
            "labeled": {task: said["labeled"] for task, said in content.counts["labels"].items()},
        }

    def _tasks(self, tasks: str | Sequence[str] | None) -> list[Task]:
        self._index.refresh()
        if tasks is None:
            bring_back(self)
        names = task_names(self._folder) if tasks is None else [tasks] if isinstance(tasks, str) else list(tasks)
        return [found(self, name) for name in dict.fromkeys(names)]

    def _order(
        self, message: object, tasks: Sequence[Task], truth: object, upstream: object, author: str | None
    ) -> Order:
        from nbtools.versions.freezing import Order
        from nbtools.versions.truth import check_truth

        if not isinstance(message, str) or not message.strip():
            raise VersionError(f"a version needs a message, what it is in words, and {str(message)[:80]!r} is none")
        rules = check_truth(truth, {task.name: task for task in tasks})
        return Order(message.strip(), author or _user(), self.id, rules, upstream)


def _user() -> str | None:
    try:
        return os.environ.get("NBTOOLS_ANNOTATOR") or getpass.getuser()
    except (KeyError, OSError):
        return None  # a container may run under a number that has no name
