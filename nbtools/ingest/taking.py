"""Items of another copy of the dataset, as new rows of this one's catalogue."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nbtools.errors import DatasetError, MergeError, SourceError
from nbtools.ingest.cache import ScanCache
from nbtools.ingest.convert import RECIPES, find_recipe
from nbtools.ingest.fetching import Fetching
from nbtools.ingest.known import Known
from nbtools.ingest.sound import attributes_of, is_safe, unsound
from nbtools.ingest.strange import without_id
from nbtools.ingest.writing import Writer, as_json
from nbtools.items.erased import Blocked
from nbtools.items.sighting import PARTS, Sighting, part_names
from nbtools.storage import Folder

_MOST_FILES = 512
_MOST_REASONS = 100
Tell = Callable[[int, "int | None"], None]


class Taking:
    """Takes over what another copy's catalogue has more.

    Parameters
    ----------
    here, there : Folder
        The two datasets.
    fetching : Fetching
        Brings the bytes.
    cache : ScanCache
        Ours.
    blocked : Blocked
        What was erased on request.
    said : callable
        The attributes that an item of ours has.
    tasks : collection of str
        Names that no attribute may have.
    dry : bool
        Only count.

    Attributes
    ----------
    added : set of str
        Ids of the items that are new.
    changed : int
        Rows that say something new of an item that was here.
    refused : Counter
        Why something was not taken → how often.
    examples : dict of str to str
        One case of each.
    """

    def __init__(
        self,
        here: Folder,
        there: Folder,
        fetching: Fetching,
        cache: ScanCache,
        blocked: Blocked,
        said: Callable[[str], Mapping[str, Any]],
        tasks: frozenset[str],
        *,
        dry: bool,
    ) -> None:
        self._here = here
        self._there = there
        self._fetching = fetching
        self._blocked = blocked
        self._said = said
        self._tasks = tasks
        self._dry = dry
        self._now = Known.of(here, part_names(here), cache)
        self._writer = Writer(here, cache, self._now, "")
        self._recipes: dict[int, int] = {0: 0}
        self._last: dict[tuple[str, str | None], dict[str, Any]] = {}
        self.added: set[str] = set()
        self.changed = 0
        self.refused: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def run(self, tell: Tell) -> None:
        """Do it, in the order of the other's catalogue.

        Raises
        ------
        DatasetError
            If a part of either catalogue cannot be read.
        OSError
            If the disk refuses; what was done until then is kept, and found when it is done again.
        """
        from nbtools.items.catalogue import records

        names = [name for name in part_names(self._there) if not self._same(name)]
        for name in names:
            self._learn(records(self._there, name, ("id", "source", "attributes")))
        done = 0
        for name in names:
            for found in records(self._there, name):
                self._take(Sighting(*found))
                done += 1
                if not done % _MOST_FILES:
                    tell(done, None)
                if self._fetching.pending >= _MOST_FILES or self._writer.full:
                    self._commit()
        self._commit()

    def _commit(self) -> None:
        if self._dry:
            return
        self._fetching.flush(self._writer.cache)
        self._writer.commit()

    def _learn(self, rows: Iterator[tuple[Any, ...]]) -> None:
        """Take in what each source of the other says last, so that it makes no difference where a merge was killed."""
        for item, source, attributes in rows:
            if attributes not in (None, "{}") and (found := _mapping(attributes)):
                self._last.setdefault((item, source), {}).update(found)

    def _same(self, name: str) -> bool:
        path = f"{PARTS}/{name}"
        return self._here.exists(path) and self._here.read(path) == self._there.read(path)

    def _take(self, row: Sighting) -> None:
        wrong = unsound(row)
        if wrong is not None:
            self._refuse(wrong, row)
            return
        if row.id in self._blocked:
            self._refuse(self._blocked.why(row.id), row)
            return
        try:
            new = self._decided(self._with_own_attributes(row))
        except (MergeError, DatasetError, SourceError) as error:
            self._refuse(str(error), row)
            return
        if new is None:
            return
        if new.id not in self._now.items:
            self.added.add(new.id)
        elif new.id not in self.added:
            self.changed += 1
        if self._dry:
            self._now.add((new,))
        else:
            self._writer.row(new)

    def _decided(self, row: Sighting) -> Sighting | None:
        """Return the row as it is to stand here; None where it says nothing new."""
        seen = self._now.items.get(row.id)
        recipe = self._recipe(row.recipe) if row.path is not None else 0
        if row.path is not None and (seen is None or recipe not in seen.recipes):
            return self._bringing(row._replace(recipe=recipe))
        if seen is None:
            return None  # the row that said what it is was refused, or is not there
        blank = Sighting(row.id, attributes=row.attributes, replaces=row.replaces, added=row.added)
        brief = blank._replace(source=row.source, state=row.state)
        if row.source is None:
            return self._attached(brief)
        return self._sighted(brief, is_row=row.row is not None or row.id in self._now.rows)

    def _bringing(self, row: Sighting) -> Sighting:
        """Return a row that names bytes, which are here now."""
        if row.row is not None:
            path = self._fetching.records(row)
            return self._at_source(row._replace(path=path), is_row=True)
        there = None
        if row.source is not None and row.state == "present":
            there = self._raw(row.source, row.id, row)
        path = self._fetching.processed(row, there)
        source = there or (self._free(row.source, row.id) if row.source is not None else None)
        state = row.state if there is not None or row.source is None else "gone"
        return row._replace(path=path, source=source, state=state)

    def _sighted(self, row: Sighting, *, is_row: bool) -> Sighting | None:
        assert row.source is not None
        if row.state == "gone":
            # Said of the other's raw data; it holds here where the file is not here either.
            lost = self._now.present.get(row.source) == row.id and not self._is_here(row.source)
            return row if lost else None
        placed = row
        if self._now.present.get(without_id(row.source, row.id)) == row.id:
            return None  # that copy has it beside another file of the name that it has here
        if self._now.present.get(row.source) != row.id:
            placed = self._at_source(row, is_row=is_row)
            known = self._now.present if placed.state == "present" else self._now.gone
            if known.get(placed.source or "") != row.id:
                return placed
        said = json.loads(self._now.said.get((row.id, placed.source or ""), "{}"))
        return self._with_new(placed, attributes_of(row), said)

    def _attached(self, row: Sighting) -> Sighting | None:
        said = self._said(row.id) if row.id not in self.added else {}
        return self._with_new(row, attributes_of(row), said)

    def _with_new(self, row: Sighting, news: Mapping[str, Any], said: Mapping[str, Any]) -> Sighting | None:
        for name, value in news.items():
            if name in said and said[name] != value:
                self._refuse(f"the attribute {name!r} has another value here, which is kept", row)
        new = {name: value for name, value in news.items() if name not in said}
        return row._replace(attributes=as_json(new)) if new else None

    def _at_source(self, row: Sighting, *, is_row: bool) -> Sighting:
        """Return a row with the source that it has here, its raw file brought."""
        assert row.source is not None
        if is_row:
            table = row.source.partition("#")[0]
            self._raw(table, None, row)
            return row._replace(source=self._free(row.source, row.id))
        there = self._raw(row.source, row.id, row)
        return row._replace(source=there or self._free(row.source, row.id), state="present" if there else "gone")

    def _raw(self, source: str, item: str | None, row: Sighting) -> str | None:
        container, mark, _ = source.partition("#")
        path = source if is_safe(source, "raw") and (not mark or self._there.exists(source)) else container
        try:
            found = self._fetching.raw(path, item if path == source else None)
        except MergeError as error:
            self._refuse(f"the raw file was left, because {error}", row)
            return None
        return found if path == source else source

    def _free(self, source: str, item: str) -> str:
        """Return a source at which nothing else is said to be."""
        while self._now.present.get(source, item) != item:
            source += "+"
        return source

    def _is_here(self, source: str) -> bool:
        return self._here.exists(source) or ("#" in source and self._here.exists(source.partition("#")[0]))

    def _with_own_attributes(self, row: Sighting) -> Sighting:
        found = self._last.get((row.id, row.source), {})
        taken = self._tasks & found.keys()
        for name in taken:
            self._refuse(f"the attribute {name!r} is left out: a task has that name", row)
        return row._replace(attributes=as_json({name: said for name, said in found.items() if name not in taken}))

    def _recipe(self, number: int) -> int:
        """Return the number that a recipe of the other has here; it is made where there is none."""
        if number not in self._recipes:
            path = f"{RECIPES}/{number}.json"
            try:
                spec = dict(json.loads(self._there.read(path))["convert"])
                self._recipes[number] = find_recipe(self._here, spec, make=not self._dry).number
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise MergeError(f"its recipe {number} is not there or cannot be understood: {error}") from error
        return self._recipes[number]

    def _refuse(self, why: str, row: Sighting) -> None:
        why = why if why in self.refused or len(self.refused) < _MOST_REASONS else "for other reasons"
        self.refused[why] += 1
        self.examples.setdefault(why, row.source or row.path or str(row.id))


def _mapping(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
