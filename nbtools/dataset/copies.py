"""What a dataset can do with other copies of itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from nbtools.dataset.core import Core
from nbtools.dataset.erasing import Erased, erase
from nbtools.dataset.forgetting import Forgotten, erase_annotator
from nbtools.dataset.merging import Merged, merge
from nbtools.errors import QueryError

Progress = Callable[[int, "int | None"], None]


class Copies(Core):
    """What joins copies of a dataset, and what takes out of one for good."""

    def merge(
        self,
        other: str | os.PathLike[str] | Self,
        *,
        foreign: bool = False,
        without: str | Sequence[str] = (),
        dry_run: bool = False,
        on_progress: Progress | None = None,
    ) -> Merged:
        """Take over the items, labels and options that another copy of the dataset has more; again: nothing.

        What is here stays as it is. Where both have changed a task, the options of
        both are in its next schema. Versions are not taken over: freeze the union.
        It may be interrupted at any moment and called again. Nothing is written to
        the other copy.

        Parameters
        ----------
        other : path or Dataset
            The other copy: a colleague's, a laptop's. One that reads its raw data
            outside of its folder is given as a Dataset opened with `raw`.
        foreign : bool
            Whether it may be another dataset, made on its own. Annotators of the
            same name then count as one person.
        without : str or sequence of str
            Tasks of the other that are left out.
        dry_run : bool
            Only say what would come.
        on_progress : callable, optional
            Called with the number of rows done, and None.

        Raises
        ------
        MergeError
            If it is this dataset itself, or another one and not `foreign`.
        SchemaError
            If a task of the same name is of another kind, or options of the two
            cannot stand side by side; nothing is written then.
        ErasedError
            If it cannot be known here what was erased on request.
        NotSavedError
            If the disk refuses; what was taken until then stays.
        """
        there = other if isinstance(other, Core) else type(self)(other)
        left = [without] if isinstance(without, str) else list(without)
        return merge(self, there, foreign=foreign, without=left, dry_run=dry_run, on_progress=on_progress)

    def erase(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        reason: str,
        where: str | None = None,
        on_progress: Progress | None = None,
    ) -> Erased:
        """Erase items for good: bytes, text, labels, also from versions and splits.

        For what has to go (consent withdrawn, a court's order); to take items out of
        the next version there is ``ds.exclude``. What stays are the id, when and why,
        and a keyed list by which neither an ingest nor a merge brings them back;
        ``verify`` says "erased on request". It may be interrupted at any moment and
        called again: what was erased before is looked for once more.

        Parameters
        ----------
        ids : str or iterable of str, optional
            Ids or unique beginnings of ids.
        reason : str
            Why; it is kept.
        where : str, optional
            A SQL expression such as ``patient = 'p17'``, in the place of ids.
            Excluded items are among them.
        on_progress : callable, optional
            Called with the number of steps done and of all.

        Returns
        -------
        Erased
            What is gone, and in `not_reached` what could not be reached.

        Raises
        ------
        LabelError
            If there is no reason, or no such item.
        QueryError
            If neither ids nor `where` are given, or `where` cannot be evaluated.
        ErasedError
            If it cannot be known here what was erased before.
        NotSavedError
            If the disk refuses; what was done until then stays done.
        """
        if (ids is None) == (where is None):
            raise QueryError("erase takes ids, or where='…': give one of them")
        self._index.refresh()
        if ids is None:
            ids = [row.id for row in self._index.rows(where, excluded=True)]
        return erase(self, [ids] if isinstance(ids, str) else ids, reason, on_progress)

    def erase_annotator(self, name: str, *, labels: bool = False) -> Forgotten:
        """Erase a person's name from the acts, the map of pseudonyms and the caches.

        The acts stay, under the pseudonym that versions show already, so that no
        label is lost and nobody can tell whose it was. It may be interrupted at any
        moment and called again.

        Parameters
        ----------
        name : str
            As it stands in ``ds.history()``.
        labels : bool
            Whether the acts go too. In versions their labels stay, under the pseudonym.

        Returns
        -------
        Forgotten
            What became of the acts, and where the name may still stand: it comes back
            with a merge of a copy that still has it and was labeled in since.

        Raises
        ------
        LabelError
            If it is no name.
        NotSavedError
            If the disk refuses; what was done until then stays done.
        """
        return erase_annotator(self, name, labels=labels)
