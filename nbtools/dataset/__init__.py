"""`Dataset`: the one object that widgets, the command line and users hold."""

from __future__ import annotations

import os
from typing import Self

from nbtools.dataset.adopting import adopt_items, foreign_versions
from nbtools.dataset.copies import Copies
from nbtools.dataset.core import local_folder
from nbtools.dataset.freezing import Freezing
from nbtools.dataset.handing import Handing
from nbtools.dataset.intake import Intake
from nbtools.dataset.manifest import MANIFEST, write_manifest
from nbtools.dataset.querying import Querying
from nbtools.dataset.showing import describe, describe_html
from nbtools.dataset.suggesting import Suggesting
from nbtools.errors import NotADatasetError
from nbtools.versions.words import say

__all__ = ["Dataset"]


class Dataset(Intake, Suggesting, Freezing, Querying, Handing, Copies):
    """A folder of data points, their labels and versions.

    Parameters
    ----------
    path : str or Path
        The folder; ``Dataset.create`` makes one, ``Dataset.adopt`` takes over one kept by hand.
    raw : str or Path, optional
        Where the raw data lies, if the dataset reads it outside of its folder.

    Raises
    ------
    NotADatasetError
        If there is no dataset at the path.
    NewerFormatError
        If a newer nbtools wrote it.
    """

    @classmethod
    def adopt(
        cls,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        license: str | None = None,
        description: str | None = None,
    ) -> Self:
        """Take over a folder that was kept by hand; every file stays where it is.

        Files in processed/ become items under the names they have. Folders in
        versions/ stay as they are. A second time, only what is new is taken.

        Parameters
        ----------
        path : str or Path
            The folder.
        name : str, optional
            What people call it; the folder's name unless given.
        license, description : str, optional
            As in ``create``.

        Raises
        ------
        NotADatasetError
            If there is no such folder, or it has not this shape.
        NotSavedError
            If the disk refuses.
        """
        folder = local_folder(path)
        if not folder.root.is_dir():
            raise NotADatasetError(f"there is no folder {folder.root} to adopt: Dataset.create makes a new one")
        if not any(folder.path(name).exists() for name in ("raw", "processed", "versions", MANIFEST)):
            raise NotADatasetError(
                f"{folder.root} has neither raw/ nor processed/ nor versions/, so that there is nothing to adopt. "
                f"To make a dataset of its files: ds = nbtools.Dataset.create('NEW'), then ds.add({str(folder.root)!r})"
            )
        if write_manifest(folder, name or folder.root.name or "dataset", license, description, "raw"):
            say(f"{folder.root} is a dataset of nbtools now")
        dataset = cls(folder.root)
        adopt_items(dataset)
        foreign = foreign_versions(folder)
        if foreign:
            say(f"versions/ has {', '.join(foreign)}, made by hand: they stay as they are")
        return dataset

    def __repr__(self) -> str:
        """Say what there is, and the next sensible call."""
        return describe(self)

    def _repr_html_(self) -> str:
        return describe_html(self)
