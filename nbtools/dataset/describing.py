"""A dataset as others read it: what is written beside its versions whenever one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbtools.dataset.core import Core
from nbtools.errors import NbtoolsError
from nbtools.versions.words import say

if TYPE_CHECKING:
    from nbtools.formats.about import About


def about(ds: Core) -> About:
    """Return what a dataset is, whichever version."""
    from nbtools.formats.about import About

    return About(ds.id, ds.name, ds._manifest.description, ds._manifest.license)


def describe_newest(ds: Core) -> None:
    """Bring `metadata/croissant.json` up to date; the version is kept whether or not that can be done."""
    from nbtools.formats.croissant import CROISSANT, write_croissant

    try:
        write_croissant(ds._folder, about(ds))
    except NbtoolsError as error:
        say(f"{CROISSANT} is not up to date: {error}")
