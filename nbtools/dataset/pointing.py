"""Items as people point at them: by id, by a path, by a file of the same bytes, by their text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nbtools.dataset.core import Core
from nbtools.dataset.manifest import OWN_RAW
from nbtools.errors import LabelError, UnknownItemError
from nbtools.items.ids import item_id


def pointed(ds: Core, things: Iterable[str]) -> list[str]:
    """Return the id of the item that each thing names.

    Parameters
    ----------
    ds : Core
        The dataset.
    things : iterable of str
        Each an id or a unique beginning of one; the path of an item's file in the
        dataset, or of the raw file that it came from, below ``raw/`` or not; the path of
        any file of the same bytes; the name of a raw file or the end of its path, or the text
        of a row, if no other has the same.

    Raises
    ------
    UnknownItemError
        If one names no item, or more than one.
    """
    given = list(things)
    known = ds._index.positions_of(given)
    if len(known) == len(set(given)):
        return given
    names: dict[str, set[str]] | None = None
    found = []
    for one in given:
        if one not in known:
            names = names if names is not None else _names(ds, bare=True)
            one = _found(ds, one, names)  # noqa: PLW2901 -- from here on the id stands for it
        found.append(one)
    return found


class Pointing:
    """Finds, again and again, the items that values of a dataset name; what it looks them up in is made once.

    Parameters
    ----------
    ds : Core
        The dataset.
    """

    def __init__(self, ds: Core) -> None:
        self._ds = ds
        self._names: Mapping[str, set[str]] = {}
        self._stamp: object = None

    def find(self, one: str) -> str:
        """Return the id of the item that an id, or a path in the dataset or below its raw data, names.

        Raises
        ------
        UnknownItemError
            If it names none, or more than one.
        """
        if self._ds._index.item(one) is not None:
            return one
        stamp = self._ds._index.stamp()
        if stamp != self._stamp:
            self._names, self._stamp = _names(self._ds), stamp
        # The value is the data's: unlike a person's, it is never opened as a file.
        items = self._names.get(one) or self._names.get(f"{OWN_RAW}/{one}") or set()
        if len(items) != 1:
            said = f"names {len(items)} items" if items else "names no item of this dataset"
            raise UnknownItemError(f"{one[:80]!r} {said}: give an id, or the path of its file")
        return next(iter(items))


def _names(ds: Core, *, bare: bool = False) -> dict[str, set[str]]:
    """Return the items that each path in the dataset, and each text, is the name of.

    With `bare` the names of raw files too, each behind a ``/``, as no path in a dataset begins.
    """
    names: dict[str, set[str]] = {}
    for row in ds._index.rows(excluded=True):
        for name in (row.path, row.text, *row.sources):
            if name is not None:
                names.setdefault(name, set()).add(row.id)
        for source in row.sources if bare else ():
            names.setdefault(f"/{source.rpartition('/')[2]}", set()).add(row.id)
    return names


def _found(ds: Core, one: str, names: Mapping[str, set[str]]) -> str:
    for name in (one, f"{OWN_RAW}/{one}", *_within(ds, one)):
        items = names.get(name, set())
        if items:
            return _only(one, items)
    copied = _of_same_bytes(ds, one)
    if copied is not None:
        return copied
    try:
        return ds._index.find(one)
    except LabelError as error:
        # Tables from elsewhere mostly have the names of files and nothing more.
        items = names.get(f"/{one}") or _ending(ds, one, names)
        if items:
            return _only(one, items)
        raise UnknownItemError(
            f"{one[:80]!r} names no item of this dataset: give an id, the path or name of its file, or its text"
        ) from error


def _ending(ds: Core, one: str, names: Mapping[str, set[str]]) -> set[str]:
    """Return the items a raw file of which has a path that ends so: who made a table stood in a folder of the data."""
    folder, _, name = one.removeprefix("./").rpartition("/")
    rows = (ds._index.item(item) for item in names.get(f"/{name}", ())) if folder else ()
    end = f"/{folder}/{name}"
    return {row.id for row in rows if row is not None and any(source.endswith(end) for source in row.sources)}


def _only(one: str, items: set[str]) -> str:
    if len(items) > 1:
        raise UnknownItemError(
            f"{one[:80]!r} names {len(items)} items: give the id of the one that is meant, or its path below raw/"
        )
    return next(iter(items))


def _within(ds: Core, one: str) -> list[str]:
    """Return the name that a path from the working directory has in the dataset, if it lies there."""
    try:
        path = Path(one).expanduser().resolve()
        raw = ds.raw.resolve()
    except (OSError, ValueError, RuntimeError, LookupError):
        return []
    found = [path.relative_to(ds.path).as_posix()] if path.is_relative_to(ds.path) else []
    return [*found, *([f"{OWN_RAW}/{path.relative_to(raw).as_posix()}"] if path.is_relative_to(raw) else [])]


def _of_same_bytes(ds: Core, one: str) -> str | None:
    try:
        with Path(one).expanduser().open("rb") as file:
            item = item_id(file)
    except (OSError, ValueError, RuntimeError):
        return None
    return item if ds._index.item(item) is not None else None
