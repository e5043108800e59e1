"""How versions are named: v1, v2 … and v1.1, v1.2 … for the splits of v1; by numbers, never as text or floats."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from nbtools.errors import UnknownVersionError
from nbtools.storage import Folder

VERSIONS = "versions"
RECORD = "version.json"
TOMBSTONE = "deleted.json"
_OWN = re.compile(r"v([1-9]\d{0,8})(?:\.([1-9]\d{0,8}))?")
# Whatever a person may have meant as a number is passed over when the next one is given.
_MEANT = re.compile(r"[vV](?:ersion)?[ _-]?0*(\d{1,9})(?:[._-]0*(\d{1,9}))?(?!\d)")


class VersionName(NamedTuple):
    """The name of a version or of a split of it; names compare as numbers do.

    Attributes
    ----------
    major : int
        The version's number, from 1.
    minor : int
        The split's number, from 1; 0 is the version itself.
    """

    major: int
    minor: int = 0

    def __str__(self) -> str:
        """Return the name as it is written: ``v2`` or ``v2.1``."""
        return f"v{self.major}.{self.minor}" if self.minor else f"v{self.major}"

    @property
    def is_split(self) -> bool:
        """Whether it names a split."""
        return self.minor > 0

    @property
    def version(self) -> VersionName:
        """The version that it is, or is a split of."""
        return VersionName(self.major)

    @property
    def path(self) -> str:
        """Its folder, relative to the dataset."""
        return f"{VERSIONS}/{self}"

    @classmethod
    def parse(cls, name: object) -> Self:
        """Return what a name means.

        Raises
        ------
        UnknownVersionError
            If it is no name of a version.
        """
        if isinstance(name, cls):
            return name
        if isinstance(name, float):
            raise UnknownVersionError(
                f"{name!r} is a number, and as numbers v1.1 and v1.10 are the same: write the name as text, 'v{name}'"
            )
        found = _OWN.fullmatch(name) if isinstance(name, str) else None
        if found is None:
            raise UnknownVersionError(
                f"{str(name)[:40]!r} is no name of a version: they are called 'v1', 'v2' …, and the splits of v1 "
                "'v1.1', 'v1.2' …"
            )
        return cls(int(found[1]), int(found[2] or 0))


def own_names(folder: Folder, *, deleted: bool = False) -> list[VersionName]:
    """Return the names of the versions and splits there are, in order.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    deleted : bool
        Whether those that were deleted are among them.
    """
    found = [VersionName.parse(name) for name in folder.folders(VERSIONS) if _OWN.fullmatch(name)]
    there = (name for name in found if folder.exists(f"{name.path}/{RECORD}"))
    return sorted(name for name in there if deleted or not is_deleted(folder, name))


def foreign_names(folder: Folder) -> list[str]:
    """Return the names of the folders in versions/ that nbtools did not make."""
    own = {str(name) for name in own_names(folder, deleted=True)}
    return [name for name in folder.folders(VERSIONS) if name not in own]


def is_deleted(folder: Folder, name: VersionName) -> bool:
    """Tell whether a version was deleted: its record stays, so that its number is not given again."""
    return folder.exists(f"{name.path}/{TOMBSTONE}")


def next_name(folder: Folder, of: VersionName | None = None) -> VersionName:
    """Return the next name that nothing in versions/ has, whoever made it.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    of : VersionName, optional
        The version to name a split of; unless given, a version is named.
    """
    try:
        meant = [_MEANT.match(entry.name) for entry in folder.path(VERSIONS).iterdir()]
    except FileNotFoundError:
        meant = []
    taken = [(int(one[1]), int(one[2] or 0)) for one in meant if one]
    if of is None:
        return VersionName(max((major for major, _ in taken), default=0) + 1)
    return VersionName(of.major, max((minor for major, minor in taken if major == of.major), default=0) + 1)


def find(folder: Folder, name: object) -> VersionName:
    """Return the name of a version that is there.

    Raises
    ------
    UnknownVersionError
        If it is not, or was deleted.
    """
    wanted = VersionName.parse(name)
    known = own_names(folder)
    if wanted in known:
        return wanted
    if folder.exists(f"{wanted.path}/{TOMBSTONE}"):
        raise UnknownVersionError(f"{wanted} was deleted; {wanted.path}/{TOMBSTONE} says when and why")
    if str(wanted) in foreign_names(folder):
        raise UnknownVersionError(f"{wanted.path} was made by hand: it has no {RECORD}, so nbtools cannot speak for it")
    listed = ", ".join(map(str, known)) or "none yet: ds.freeze('what it is')"
    raise UnknownVersionError(f"there is no version {str(wanted)!r}; there are {listed}")
