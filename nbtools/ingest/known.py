"""What the catalogue says already, as far as an ingest has to know it."""

from __future__ import annotations

import functools
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
    """What an ingest knows of an item: its kind, its media type, and by which recipes it was made."""

    kind: str
    media_type: str
    recipes: frozenset[int]


@dataclass(slots=True)
class Known:
    """Items and sources of a dataset.

    Attributes
    ----------
    items : dict of str to Seen
        By id.
    rows : dict of str to str
        The SHA-256 of what each row of a table was last, by id.
    present : dict of str to str
        The id at each source that is there.
    gone : dict of str to str
        The id that was last at each source that is not.
    said : dict of (str, str) to str
        JSON of the attributes that a source gave an item, by id and source.
    """

    items: dict[str, Seen] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
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
            self._see((name in copied and cache.sightings(name)) or _copied(folder, name, cache))

    def copy(self) -> Known:
        """Return what is known so far, apart from what will be learned."""
        return Known(dict(self.items), dict(self.rows), dict(self.present), dict(self.gone), dict(self.said))

    def add(self, rows: Sequence[Sighting]) -> None:
        """Take in rows that are being written."""
        self._see(map(known_columns, rows))

    def news(self, item: str, source: str, attributes: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the attributes that the source did not give the item before; None if it is all known."""
        if self.present.get(source) != item:
            return attributes
        if not attributes:
            return None
        before = json.loads(self.said.get((item, source), "{}"))
        changed = {name: value for name, value in attributes.items() if before.get(name) != value}
        return changed or None

    def _see(self, rows: Iterable[tuple[Any, ...]]) -> None:
        # Once per row of the catalogue at each ingest: one loop, with what it needs at hand.
        items, present, gone, said = self.items, self.present, self.gone, self.said
        for item, recipe, sha256, kind, media_type, path, source, state, attributes in rows:
            if path is not None and kind is not None:
                before = items.get(item)
                recipes = before.recipes | {recipe} if before is not None else frozenset((recipe,))
                items[item] = _seen(kind, media_type or "", recipes)
                if "/records-" in path:
                    self.rows[item] = sha256
            if source is None:
                continue
            if state == "present":
                present[source] = item
                if gone:
                    gone.pop(source, None)
            elif present.get(source) == item or source not in present:
                present.pop(source, None)
                gone[source] = item
            if attributes != "{}":
                earlier = said.get((item, source))
                said[item, source] = attributes if earlier is None else _merged(earlier, attributes)


def _merged(earlier: str, later: str) -> str:
    return json.dumps({**json.loads(earlier), **json.loads(later)})


# A million items have a handful of different ones.
_seen = functools.cache(Seen)


def _copied(folder: Folder, name: str, cache: ScanCache) -> list[tuple[Any, ...]]:
    from nbtools.items.catalogue import records

    rows = list(records(folder, name, KNOWN_COLUMNS))
    cache.remember_part(name, rows)
    return rows
