"""PredefinedSplit: the split that came with the data, kept as it is and looked at all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbtools.errors import SplitError, did_you_mean
from nbtools.splits.columns import Array
from nbtools.splits.ids import Ids, read_ids
from nbtools.splits.placing import read_given
from nbtools.splits.plan import OUT, Plan, Removal
from nbtools.splits.ratios import check_names
from nbtools.splits.splitter import Splitter, ids_of

# What the splits of public datasets are called.
KNOWN = {
    **dict.fromkeys(("train", "training", "trn", "train_set"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "devel", "val_set"), "val"),
    **dict.fromkeys(("test", "testing", "tst", "eval", "evaluation", "test_set"), "test"),
}
_ORDER = ("train", "val", "test")


class PredefinedSplit(Splitter):
    """The split that a dataset came with: in a column, in folders, or as official lists.

    It moves nothing, and leaks that it has are what the report shows.

    Parameters
    ----------
    column : str or array-like, optional
        The column that names each item's split, or its values, shape (n,).
    folders : str or array-like, optional
        The column of paths, or the paths, of which a folder names the split: ``train/``,
        ``images/test/``.
    lists : mapping of str to array-like, optional
        The name of each split → the ids in it.
    names : mapping of str to str, optional
        What the data calls a split → what it is to be called; ``validation``, ``dev`` and
        the like are known.
    rest : str, optional
        The split of items that none is named for, or ``drop``. It must be chosen where
        there are any.
    """

    def __init__(
        self,
        *,
        column: Any = None,
        folders: Any = None,
        lists: Mapping[str, Any] | None = None,
        names: Mapping[str, str] | None = None,
        rest: str | None = None,
    ) -> None:
        self.column = column
        self.folders = folders
        self.lists = lists
        self.names = names
        self.rest = rest

    def assign(self, ids: Any, table: Any = None) -> Array:
        """Return the name of each item's split, shape (n,): `plan` in short."""
        return self.plan(ids, table).assigned

    def plan(self, ids: Any, table: Any = None, groups: Any = None, strata: Any = None, *, links: Any = None) -> Plan:
        """Say who is where.

        Parameters
        ----------
        ids : array-like
            All items, shape (n,).
        table : DataFrame or mapping, optional
            Has the column that `column` or `folders` names.
        groups, strata, links
            What the report compares and finds leaks by; they decide nothing.

        Raises
        ------
        SplitError
            If an item's split is not told and `rest` does not say what becomes of it, or
            lists name an item twice.
        """
        given = read_given(ids, groups, strata, links, missing="alone")
        found = self._found(given.ids, table)
        names = [*(name for name in _ORDER if name in found), *sorted({*found} - {*_ORDER, ""})]
        if self.rest not in (None, "drop", *names):
            names.append(str(self.rest))
        check_names(names)
        if len(names) < 2:
            raise SplitError(
                f"the data names {len(names)} split{' ' + repr(names[0]) if names else 's'}: two or more make a split"
            )
        place = {name: number for number, name in enumerate(names)}
        codes = np.array([place.get(name, OUT) for name in found])
        rows = np.flatnonzero(codes == OUT).tolist()
        removals = [Removal(row, None, None, "the data names no split for it") for row in rows]
        return given.plan(repr(self), dict.fromkeys(names, float("nan")), codes, removals=removals)

    def _found(self, items: Ids, table: Any) -> list[str]:
        given = [way for way in (self.column, self.folders, self.lists) if way is not None]
        if len(given) != 1:
            raise SplitError("name one of column=, folders= and lists=: that is where the split is read from")
        if self.lists is not None:
            told = _from_lists(self.lists, items)
        else:
            values = column_of(table, given[0], "column" if self.folders is None else "folders")
            if len(values) != len(items):
                raise SplitError(f"there are {len(values):,} values for {len(items):,} items: one for each is wanted")
            told = [self._in_path(str(value)) if self.folders is not None else _text(value) for value in values]
        called = [self._called(name) for name in told]
        untold = [row for row, name in enumerate(called) if not name]
        if untold and self.rest is None:
            raise SplitError(
                f"{len(untold):,} of {len(called):,} items are in no split, such as {items.array[untold[0]]!r}. "
                'Choose: rest="drop", or rest="train" or another split'
            )
        return [name or ("" if self.rest == "drop" else str(self.rest)) for name in called]

    def _called(self, name: str) -> str:
        if self.names is not None and name in self.names:
            return self.names[name]
        own = {called.lower(): wanted for called, wanted in (self.names or {}).items()}
        return own.get(name.lower()) or KNOWN.get(name.lower(), name)

    def _in_path(self, path: str) -> str:
        wanted = {*KNOWN, *(name.lower() for name in self.names or ())}
        return next((part for part in re.split(r"[/\\]", path)[:-1] if part.lower() in wanted), "")

    def _planned(self, X: Any, y: Any, groups: Any) -> Plan:  # noqa: N803
        return self.plan(ids_of(X), X, groups, y)


def column_of(table: Any, column: Any, what: str) -> Sequence[Any]:
    """Return a column by name, or the values that were given in its place.

    Raises
    ------
    SplitError
        If the table has no column of this name.
    """
    if not isinstance(column, str):
        return column  # type: ignore[no-any-return]
    known = [str(name) for name in table] if hasattr(table, "columns") or isinstance(table, Mapping) else []
    if column not in known:
        listed = f"it has {', '.join(known)}" if known else "no table with columns was handed over"
        raise SplitError(f"{what}={column!r}: there is no such column{did_you_mean(column, known)}; {listed}")
    return table[column]  # type: ignore[no-any-return]


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(value).strip()


def _from_lists(lists: Mapping[str, Any], items: Ids) -> list[str]:
    index, told = items.index(), np.full(len(items), "", object)
    for name, listed in lists.items():
        ids = read_ids(listed, f"the list of {name!r}")
        if len(ids) and ids.kind != items.kind:
            raise SplitError(
                f"the list of {name!r} names {ids.array[0]!r}, which is {ids.kind}, and the ids are {items.kind}, "
                f"such as {items.array[0]!r}: 7 and '7' look alike and are not equal"
            )
        at = index.get_indexer(ids.array)
        at = at[at >= 0]
        twice = next((row for row in at if told[row] not in ("", name)), None)
        if twice is not None:
            raise SplitError(
                f"{items.array[twice]!r} is in the lists of {told[twice]!r} and {name!r}: an item is in one split"
            )
        told[at] = name
    return list(told)
