"""What the index knows of items."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence

from nbtools.errors import DatasetError, UnknownItemError
from nbtools.store.local import Local
from nbtools.store.rows import ITEM_COLUMNS, ITEMS, ItemRow, item_row
from nbtools.store.where import select_positions, sort_positions

_BATCH = 500
_MANY = 10_000
_BEGINNING = re.compile("[0-9a-fA-F]{1,32}")


class Items(Local):
    """Items in order."""

    def count(self) -> int:
        """Return how many items are in: all but the excluded ones."""

        def read(connection: sqlite3.Connection) -> int:
            (out,) = connection.execute("SELECT count(*) FROM excluded WHERE position IS NOT NULL").fetchone()
            return _total(connection) - int(out)

        return self._try(read)

    def total(self) -> int:
        """Return how many items there are, the excluded ones included."""
        return self._try(_total)

    def attributes(self) -> list[str]:
        """Return the names of the attributes that any item has, sorted."""
        return self._all("SELECT name FROM attribute ORDER BY name", (), lambda row: str(row[0]))

    def item(self, item: str) -> ItemRow | None:
        """Return an item by its whole id."""
        found = self._items("item.id = ?", (item,)) if _BEGINNING.fullmatch(item) else []
        return found[0] if found else None

    def at(self, position: int) -> ItemRow | None:
        """Return the item at a position."""
        found = self._items("item.position = ?", (position,))
        return found[0] if found else None

    def find(self, prefix: object) -> str:
        """Return the id that begins so.

        Raises
        ------
        UnknownItemError
            If no id does, or several do.
        """
        text = prefix.lower() if isinstance(prefix, str) and _BEGINNING.fullmatch(prefix) else ""
        query = "SELECT id FROM item WHERE id >= ? AND id < ? ORDER BY id LIMIT 3"
        found = self._all(query, (text, text + "g"), lambda row: str(row[0])) if text else []
        if len(found) == 1 or text in found:
            return found[0]
        if found:
            raise UnknownItemError(
                f"several ids begin with {prefix!r}, such as {found[0]} and {found[1]}: give more of it"
            )
        raise UnknownItemError(f"no item's id begins with {str(prefix)[:80]!r}; ds.items() lists them")

    def rows(self, where: str | None = None, limit: int | None = None, *, excluded: bool = False) -> Iterator[ItemRow]:
        """Yield items in order.

        Parameters
        ----------
        where : str, optional
            A SQL expression over the items' columns and attributes.
        limit : int, optional
            How many at most.
        excluded : bool
            Whether excluded items are among them.

        Raises
        ------
        QueryError
            If the expression cannot be evaluated.
        """
        left = self.total() if limit is None else limit
        positions = self.positions(where) if where is not None else range(self.total())
        for start in range(0, len(positions), _BATCH):
            for row in self.rows_at(positions[start : start + _BATCH]):
                if left <= 0:
                    return
                if excluded or not row.excluded:
                    left -= 1
                    yield row

    def rows_at(self, positions: Sequence[int]) -> list[ItemRow]:
        """Return the items at some positions, in that order; those not there are left out."""
        found = {row.position: row for row in self._items("item.position IN (SELECT value FROM json_each(?))",
                                                           (json.dumps(list(positions)),))}  # fmt: skip
        return [found[position] for position in positions if position in found]

    def positions(self, where: str) -> list[int]:
        """Return the positions of the items for which an expression holds, in order.

        Raises
        ------
        QueryError
            If the expression cannot be evaluated.
        """
        attributes = self.attributes()
        return self._try(lambda _: select_positions(self._path, attributes, where))

    def ids_at(self, positions: Sequence[int]) -> list[str]:
        """Return the id at each position.

        Raises
        ------
        DatasetError
            If there is none at one of them.
        """

        def read(connection: sqlite3.Connection) -> list[str]:
            found = [""] * _total(connection)
            if len(positions) > _MANY:
                for position, item in connection.execute("SELECT position, id FROM item"):
                    found[position] = item
            else:
                query = "SELECT position, id FROM item WHERE position IN (SELECT value FROM json_each(?))"
                for position, item in connection.execute(query, (json.dumps(list(positions)),)):
                    found[position] = item
            return [found[position] if position < len(found) else "" for position in positions]

        ids = self._try(read)
        if "" in ids:
            raise DatasetError(f"there is no item at the position {positions[ids.index('')]}: the dataset has changed")
        return ids

    def sorted_positions(self, column: str, *, descending: bool = False) -> list[int]:
        """Return all positions by a column or an attribute, those without a value last, equals in order.

        Numbers come before texts, and a text that is a number counts as one.

        Raises
        ------
        QueryError
            If there is no such column.
        """
        attributes = self.attributes()
        return self._try(lambda connection: sort_positions(connection, attributes, column, descending=descending))

    def positions_of(self, items: Sequence[str]) -> dict[str, int]:
        """Return the position of each id that is there."""
        query = "SELECT id, position FROM item WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._all(query, (json.dumps(list(items)),), lambda row: (str(row[0]), int(row[1]))))

    def excluded_positions(self) -> list[int]:
        """Return the positions of the excluded items."""
        return self._all("SELECT position FROM excluded WHERE position IS NOT NULL", (), lambda row: int(row[0]))

    def labeled_positions(self, task: str) -> list[int]:
        """Return the positions of the items that anyone has labeled."""
        query = (
            "SELECT DISTINCT position FROM head JOIN series ON series.number = head.series "
            "WHERE task = ? AND status = 'labeled' AND position IS NOT NULL"
        )
        return self._all(query, (task,), lambda row: int(row[0]))

    def excluded(self) -> dict[str, str | None]:
        """Return the reason of each exclusion, by item."""
        return dict(self._all("SELECT item, reason FROM excluded ORDER BY item", (), lambda row: (row[0], row[1])))

    def _items(self, condition: str, given: tuple[object, ...]) -> list[ItemRow]:
        return self._all(f"SELECT {ITEM_COLUMNS} FROM {ITEMS} WHERE {condition}", given, item_row)


def _total(connection: sqlite3.Connection) -> int:
    (last,) = connection.execute("SELECT max(position) FROM item").fetchone()
    return 0 if last is None else int(last) + 1
