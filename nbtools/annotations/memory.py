"""Examples and what was said about them: to their session what the index is to a dataset's."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nbtools.annotations.living import Said, said
from nbtools.labels.act import Act
from nbtools.labels.current import Resolution, resolve
from nbtools.store.rows import Head, ItemRow


class Memory:
    """Items in their order, and all acts on them.

    Parameters
    ----------
    rows : sequence of ItemRow
        The examples; the position of each is its place here.

    Notes
    -----
    There is one answer to an example, whoever gave it: pigeon knows no annotators, and
    labels must not seem lost where a notebook goes on under another user's name. Acts
    on examples that are not here are kept too, as the file may be shared.
    """

    def __init__(self, rows: Sequence[ItemRow]) -> None:
        self._rows = list(rows)
        self._at = {row.id: row.position for row in rows}
        self._acts: dict[str, dict[str, Act]] = {}
        self._items: dict[str, str] = {}
        self._resolved: dict[str, Resolution] = {}
        self._turns: list[tuple[int, str]] = []

    def take(self, acts: Iterable[Act]) -> list[int]:
        """Take acts in; an act that is known counts once.

        Returns
        -------
        list of int
            The positions about which something was said.
        """
        told: dict[str, None] = {}
        for act in acts:
            item = act.item or ""
            if act.type != "label" or act.act in self._items:
                continue
            self._items[act.act] = item
            self._acts.setdefault(item, {})[act.act] = act
            told[item] = None
        for item in told:
            self._resolved[item] = resolve(self._acts[item].values())
        positions = [self._at[item] for item in told if item in self._at]
        self._turns += [(position, self._status(position)) for position in positions]
        return positions

    def said(self, position: int) -> Said | None:
        """Return what is current of the example at a position, None where it is not labeled."""
        item = self._rows[position].id
        return said(self._acts.get(item, {}), self._head(item))

    def current(self) -> Iterator[Act]:
        """Yield what is current of every item, of those too that are not here."""
        return (found.head for found in self._resolved.values() if found.head is not None)

    def item(self, wanted: str) -> ItemRow | None:
        """Return an item by its id."""
        position = self._at.get(wanted)
        return None if position is None else self._rows[position]

    def at(self, position: int) -> ItemRow | None:
        """Return the item at a position."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def rows_at(self, positions: Sequence[int]) -> list[ItemRow]:
        """Return the items at some positions."""
        return [self._rows[position] for position in positions]

    def act(self, act: str) -> Act | None:
        """Return an act by its id."""
        item = self._items.get(act)
        return None if item is None else self._acts[item][act]

    def acts(self, task: str, item: str, annotator: str) -> list[Act]:
        """Return all acts on an item."""
        return list(self._acts.get(item, {}).values())

    def heads_of(self, task: str, annotator: str, items: Sequence[str]) -> dict[str, Head]:
        """Return what is current of some items."""
        found = {item: self._resolved[item] for item in items if item in self._resolved}
        return {item: Head(one.head, bool(one.conflicts)) for item, one in found.items() if one.head is not None}

    def latest_heads(self, task: str, items: Sequence[str]) -> dict[str, Head]:
        """Return what is current of some items."""
        return self.heads_of(task, "", items)

    def stamp(self) -> tuple[object, ...]:
        """Return what stays the same: positions do."""
        return ()

    def total(self) -> int:
        """Return how many items there are."""
        return len(self._rows)

    def positions(self, where: str) -> list[int]:
        """Return all positions: examples have no columns for a condition."""
        return list(range(len(self._rows)))

    def positions_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the positions of those of some ids that are there."""
        return {one: self._at[one] for one in ids if one in self._at}

    def find(self, wanted: str) -> str:
        """Return the id: nobody types one."""
        return wanted

    def excluded_positions(self) -> Sequence[int]:
        """Return nothing: an example that is not wanted is not given."""
        return ()

    def labeled_positions(self, task: str) -> Sequence[int]:
        """Return the positions of what is labeled."""
        return [row.position for row in self._rows if self._status(row.position) == "labeled"]

    def turns(self, task: str, annotator: str, since: int) -> tuple[int, dict[str, array[int]]]:
        """Return what became current after a turn: the last turn, and the positions by status."""
        latest: Mapping[int, str] = dict(self._turns[since:])
        found: dict[str, array[int]] = {}
        for position, status in latest.items():
            found.setdefault(status, array("q")).append(position)
        return len(self._turns), found

    def _head(self, item: str) -> Act | None:
        found = self._resolved.get(item)
        return None if found is None else found.head

    def _status(self, position: int) -> str:
        head = self._head(self._rows[position].id)
        return "cleared" if head is None else head.status or "cleared"
