"""What the catalogue says already, as far as an ingest has to know it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from nbtools.ingest.cache import KNOWN_COLUMNS, ScanCache
from nbtools.items.sighting import Sighting
from nbtools.storage import Folder

known_columns = attrgetter(*KNOWN_COLUMNS)


class Seen(NamedTuple):
    """An item as an ingest knows it: what it is, by which recipes it was made, its bytes' last hash."""

    kind: str
    media_type: str
    recipes: frozenset[int]
    sha256: str | None


@dataclass(slots=True)
class Known:
    """Items and sources of a dataset.

    Attributes
    ----------
    items : dict of str to Seen
        By id.
    present : dict of str to str
        The id at each source that is there.
    gone : dict of str to str
        The id that was last at each source that is not.
    said : dict of (str, str) to str
        JSON of the attributes that a source gave an item, by id and source.
    """

    items: dict[str, Seen] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    said: dict[tuple[str, str], str] = field(default_factory=dict)

    def learn(self, folder: Folder, names: Iterable[str], cache: ScanCache) -> None:
        """Take in parts of the catalogue.

        Parameters
        ----------
        folder : Folder
            The dataset's folder.
        names : iterable of str
            The parts, in the order of their names.
        cache : ScanCache
            Where parts are copied to.

        Raises
        ------
        DatasetError
            If a part cannot be read.
        """
        copied = cache.parts()
        for name in names:
            for row in (name in copied and cache.sightings(name)) or _copied(folder, name, cache):
                self._see(*row)

    def copy(self) -> Known:
        """Return what is known so far, apart from what will be learned."""
        return Known(dict(self.items), dict(self.present), dict(self.gone), dict(self.said))

    def add(self, rows: Sequence[Sighting]) -> None:
        """Take in rows that are being written."""
        for row in rows:
            self._see(*known_columns(row))

    def news(self, item: str, source: str, attributes: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the attributes that the source did not give the item before; None if it is all known."""
        if self.present.get(source) != item:
            return attributes
        if not attributes:
            return None
        before = json.loads(self.said.get((item, source), "{}"))
        changed = {name: value for name, value in attributes.items() if before.get(name) != value}
        return changed or None

    def _see(
        self,
        item: str,
        recipe: int,
        sha256: str | None,
        kind: str | None,
        media_type: str | None,
        path: str | None,
        source: str | None,
        state: str,
        attributes: str,
    ) -> None:
        before = self.items.get(item)
        if path is not None and kind is not None:
            recipes = _RECIPES.setdefault(recipe, frozenset((recipe,)))
            recipes = recipes if before is None else before.recipes | recipes
            self.items[item] = Seen(kind, media_type or "", recipes, sha256)
        if source is None:
            return
        if state == "present":
            self.present[source] = item
            self.gone.pop(source, None)
        elif self.present.get(source) == item or source not in self.present:
            self.present.pop(source, None)
            self.gone[source] = item
        if attributes != "{}":
            key = (item, source)
            said = self.said.get(key)
            self.said[key] = attributes if said is None else json.dumps({**json.loads(said), **json.loads(attributes)})


def _copied(folder: Folder, name: str, cache: ScanCache) -> list[tuple[Any, ...]]:
    from nbtools.items.catalogue import records

    rows = list(records(folder, name, KNOWN_COLUMNS))
    cache.remember_part(name, rows)
    return rows


# The same few sets, over and over.
_RECIPES: dict[int, frozenset[int]] = {}
