"""What a dataset can do with other copies of itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Self

from nbtools.dataset.core import Core
from nbtools.dataset.merging import Merged, merge

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
