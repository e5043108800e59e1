"""Which dataset a dashboard opens, and below which folder a visitor may choose one.

What comes from the page's address is a visitor's word: a name below the root, and
nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from nbtools.errors import DatasetError, NotADatasetError, UnsafePathError
from nbtools.storage import is_regular
from nbtools.widgets.checks import shorten
from nbtools.widgets.identity import is_voila

MARK = "metadata/dataset.json"
_LONGEST_NAME = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be opened; None where it is still to be asked.

    Parameters
    ----------
    dataset : Path or None
        The dataset's folder.
    task : str or None
        The task's name.
    """

    dataset: Path | None
    task: str | None


def wanted(environ: Mapping[str, str] = os.environ) -> Wanted:
    """Find what a dashboard is to open.

    Parameters
    ----------
    environ : mapping, optional
        The environment. ``NBTOOLS_DATASET`` and ``NBTOOLS_TASK`` say what is opened
        unless the page's address asks for something else below the root
        (``?dataset=name&task=name``).

    Raises
    ------
    UnsafePathError
        If the address asks for anything that is not a plain name below the root.
    DatasetError
        If it asks for a dataset and no root is known, or there is none of that name.
    """
    asked = parse_qs(environ.get("QUERY_STRING", "")) if is_voila(environ) else {}
    task = asked.get("task", [None])[-1]
    if "dataset" in asked:
        return Wanted(below_root(asked["dataset"][-1], environ), task)
    own = environ.get("NBTOOLS_DATASET")
    if own and "://" in own:
        raise DatasetError(f"NBTOOLS_DATASET is {shorten(own)}; only a folder on a local disk can be opened")
    path = Path(own).expanduser().resolve() if own else None
    return Wanted(path, task or environ.get("NBTOOLS_TASK") or None)


def below_root(name: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of a dataset that a visitor named.

    Raises
    ------
    UnsafePathError
        If the name is no relative path, or leads out of the root.
    DatasetError
        If no root is known, or there is no such dataset.
    """
    root = named_root(environ)
    if root is None:
        raise DatasetError("the address names a dataset, but this server was started without NBTOOLS_ROOT")
    unsafe = not name or len(name) > _LONGEST_NAME or not name.isprintable() or "\\" in name
    unsafe = unsafe or "://" in name or "::" in name or name.startswith(("/", "~")) or ".." in name.split("/")
    path = root if unsafe else (root / name).resolve()
    if unsafe or not path.is_relative_to(root):
        raise UnsafePathError(f"?dataset= takes the name of a folder below the root, not {shorten(name)}")
    if not is_regular(path / MARK):
        # Said without the folder's own path, which is no business of a visitor's.
        raise NotADatasetError(f"there is no dataset {shorten(name)} here: ask whoever gave you this address")
    return path


def named_root(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder below which visitors may choose, if the environment names one."""
    if environ.get("NBTOOLS_ROOT"):
        return Path(environ["NBTOOLS_ROOT"]).expanduser().resolve()
    if environ.get("NBTOOLS_DATASET"):
        return Path(environ["NBTOOLS_DATASET"]).expanduser().resolve().parent
    return None


def chooser_root(root: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that a chooser stays in.

    Parameters
    ----------
    root : str or Path, optional
        The folder, if the notebook names it.
    environ : mapping, optional
        The environment.

    Raises
    ------
    DatasetError
        If there is no such folder; or under Voilà, where a visitor would see the
        folders of the server, if none was named.
    """
    found = Path(root).expanduser().resolve() if root is not None else named_root(environ)
    if found is None and is_voila(environ):
        raise DatasetError(
            "no dataset is named. Start the server again with one, NBTOOLS_DATASET=path/to/birds voila …, "
            "or with a folder of datasets to choose from, NBTOOLS_ROOT=path/to/datasets voila …"
        )
    found = found or Path.cwd()
    if not found.is_dir():
        raise DatasetError(f"there is no folder {found} to choose a dataset from")
    return found
