"""What every format says of a dataset."""

from __future__ import annotations

from typing import NamedTuple


class About(NamedTuple):
    """What a dataset is, whichever version.

    Attributes
    ----------
    id : str
        The dataset's ULID.
    name : str
        What people call it.
    description, license : str or None
        As it was given.
    """

    id: str
    name: str
    description: str | None
    license: str | None
