"""What the catalogue says already, as far as an ingest has to know it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple, Self

from nbtools.ingest.cache import ScanCache
from nbtools.items.sighting import Sighting
from nbtools.storage import Folder

_COLUMNS = ("id", "recipe", "sha256", "kind", "media_type", "path", "source", "state", "attributes")
_columns = attrgetter(*_COLUMNS)


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

    @classmethod
    def of(cls, folder: Folder, parts: Sequence[str], cache: ScanCache) -> Self:
        """Return what parts of the catalogue say; those that an earlier ingest kept in the cache are not read.

        Parameters
        ----------
        folder : Folder
            The dataset's folder.
        parts : sequence of str
            The parts, in the order of their names.
        cache : ScanCache
            Where `keep` kept it.

        Raises
        ------
        DatasetError
            If a part cannot be read.
        """
        kept, said = cache.known()
        known = cls._kept(said) if kept and parts[: len(kept)] == kept else None
        if known is None:
            kept, known = [], cls()
        known.learn(folder, parts[len(kept) :])
        return known

    def learn(self, folder: Folder, parts: Sequence[str]) -> None:
        """Take in further parts of the catalogue.

        Raises
        ------
        DatasetError
            If a part cannot be read.
        """
        if not parts:
            return
        from nbtools.items.catalogue import records  # imports pyarrow: not where nothing is new

        for name in parts:
            self._see(records(folder, name, _COLUMNS))

    def keep(self, parts: Sequence[str], cache: ScanCache) -> None:
        """Keep what is known in the cache, as what these parts say."""
        seen: dict[Seen, list[str]] = {}
        for item, one in self.items.items():
            seen.setdefault(one, []).append(item)
        said = {
            "items": [[one.kind, one.media_type, sorted(one.recipes), items] for one, items in seen.items()],
            "said": [*map(list, zip(*self.said, strict=True)), list(self.said.values())] if self.said else [[]] * 3,
            **{name: _pair(getattr(self, name)) for name in ("rows", "present", "gone")},
        }
        cache.remember_known(parts, said)

    @classmethod
    def _kept(cls, said: Mapping[str, Any]) -> Self | None:
        known = cls()
        try:
            for kind, media_type, recipes, items in said["items"]:
                known.items.update(dict.fromkeys(items, Seen(kind, media_type, frozenset(recipes))))
            sources_of, sources, texts = said["said"]
            known.said = dict(zip(zip(sources_of, sources, strict=True), texts, strict=True))
            for name in ("rows", "present", "gone"):
                setattr(known, name, dict(zip(*said[name], strict=True)))
        except (KeyError, TypeError, ValueError):
            return None
        return known

    def copy(self) -> Known:
        """Return what is known so far, apart from what will be learned."""
        return Known(dict(self.items), dict(self.rows), dict(self.present), dict(self.gone), dict(self.said))

    def add(self, rows: Sequence[Sighting]) -> None:
        """Take in rows that are being written."""
        self._see(map(_columns, rows))

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


def _pair(values: Mapping[str, str]) -> list[list[str]]:
    return [list(values), list(values.values())]
