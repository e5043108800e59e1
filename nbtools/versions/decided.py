"""What a person has decided of pairs of items: linked by hand, or dismissed as not alike. It is kept with the split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from nbtools.errors import SplitError
from nbtools.storage import Folder
from nbtools.versions.record import Record

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

    from nbtools.splits.links import Links

PAIRS = "pairs.parquet"
LINKED, DISMISSED = "linked", "dismissed"
Pair: TypeAlias = "tuple[str, str]"


@dataclass(frozen=True)
class Decided:
    """Pairs of ids, the smaller id first.

    Attributes
    ----------
    linked : frozenset of pairs
        They stay together, whatever else is known of them.
    dismissed : frozenset of pairs
        They were found to be nearly alike, and are not: that keeps nothing together.
    """

    linked: frozenset[Pair] = frozenset()
    dismissed: frozenset[Pair] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether anything was decided."""
        return bool(self.linked or self.dismissed)

    def followed_by(self, later: Decided) -> Decided:
        """Return both, the later one's where they differ."""
        return Decided(
            (self.linked - later.dismissed) | later.linked, (self.dismissed - later.linked) | later.dismissed
        )

    def among(self, ids: Iterable[str]) -> Decided:
        """Return what is about two items of these."""
        there = set(ids) if self else set()

        def kept(pairs: frozenset[Pair]) -> frozenset[Pair]:
            return frozenset(pair for pair in pairs if there.issuperset(pair))

        return Decided(kept(self.linked), kept(self.dismissed))

    def links(self, ids: Series[str]) -> tuple[Links, ...]:
        """Return the linked pairs, as a splitter takes them; ids as they are in the version."""
        from nbtools.splits.ids import read_ids
        from nbtools.splits.links import read_links

        return read_links(sorted(self.linked), read_ids(ids)) if self.linked else ()

    def left_of(self, found: Links, ids: Series[str]) -> Links:
        """Return the pairs that were found without those that were dismissed."""
        if not self.dismissed or not len(found):
            return found
        import numpy as np

        from nbtools.splits.ids import read_ids

        index, count = read_ids(ids).index(), len(ids)
        sides = [index.get_indexer([pair[side] for pair in self.dismissed]) for side in (0, 1)]
        low, high = np.minimum(*sides), np.maximum(*sides)
        known = low >= 0
        stay = ~np.isin(found.left * count + found.right, low[known] * count + high[known])
        return replace(found, left=found.left[stay], right=found.right[stay], measure=found.measure[stay])


def read_decided(linked: Any, dismissed: Any) -> Decided:
    """Return pairs of ids as they are handed over.

    Parameters
    ----------
    linked, dismissed : DataFrame, sequence of pairs of ids, or None
        Of a DataFrame the first two columns are ids.

    Raises
    ------
    SplitError
        If they are none of these, or one pair is in both.
    """
    found = Decided(_pairs(linked, "links"), _pairs(dismissed, "dismissed"))
    both = sorted(found.linked & found.dismissed)
    if both:
        raise SplitError(f"the pair {both[0]} is in links and in dismissed: leave it out of one")
    return found


def refuse_strangers(said: Decided, here: Decided, version: str) -> None:
    """Refuse pairs of which not one is of two items of the version: their ids are of another kind.

    Raises
    ------
    SplitError
        If that is so.
    """
    if said and not here:
        pair = min(said.linked | said.dismissed)
        raise SplitError(
            f"no pair of links or dismissed, such as {pair}, is of two items of {version}: "
            f'name them by their ids, as in ds.version("{version}").items["id"]'
        )


def kept_decided(folder: Folder, record: Record) -> Decided:
    """Return what was decided when a split was made.

    Raises
    ------
    DatasetError
        If the table cannot be read.
    """
    if PAIRS not in record.files:
        return Decided()
    from nbtools.versions.tables import read_table

    rows = read_table(folder, record.name, PAIRS, ["left", "right", "said"]).to_pylist()
    said = {
        what: frozenset((row["left"], row["right"]) for row in rows if row["said"] == what)
        for what in (LINKED, DISMISSED)
    }
    return Decided(said[LINKED], said[DISMISSED])


def decided_table(decided: Decided) -> pa.Table:
    """Return it as the table that is kept: left, right (ids), said; sorted."""
    import pyarrow as pa

    rows = [(*pair, LINKED) for pair in sorted(decided.linked)] + [
        (*pair, DISMISSED) for pair in sorted(decided.dismissed)
    ]
    return pa.table(
        {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(("left", "right", "said"))}
    )


def _pairs(given: Any, what: str) -> frozenset[Pair]:
    if given is None:
        return frozenset()
    if hasattr(given, "columns"):
        listed: Any = given.iloc[:, :2].itertuples(index=False, name=None)
    elif isinstance(given, (str, bytes)) or not isinstance(given, (Sequence, set, frozenset)):
        listed = [given]
    else:
        listed = given
    found = []
    for pair in listed:
        ids = tuple(pair) if isinstance(pair, (tuple, list)) else ()
        if len(ids) != 2 or not all(isinstance(one, str) for one in ids):
            raise SplitError(f"{what} holds {pair!r}, which is no pair of ids: [(id, id), …] or a table of two columns")
        if ids[0] == ids[1]:
            raise SplitError(f"{what} pairs {ids[0]!r} with itself: two items make a pair")
        found.append((min(ids), max(ids)))
    return frozenset(found)
