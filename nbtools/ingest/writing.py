"""Rows on their way into the catalogue: each is written after the bytes it speaks of."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from nbtools.ingest.cache import Hashed, ScanCache
from nbtools.ingest.known import Known
from nbtools.ingest.place import sync
from nbtools.ingest.work import Done
from nbtools.items.sighting import Sighting
from nbtools.storage import Folder

_MOST_ROWS = 32_768
_MOST_BYTES = 256 << 20
# Killed, an ingest loses at most this much work.
_MOST_SECONDS = 5.0


class Writer:
    """Collects what is new, and writes it in parts.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    cache : ScanCache
        Where it is remembered what was read.
    now : Known
        What the catalogue says; kept up to date.
    added : str
        The time that new rows bear.

    Attributes
    ----------
    parts : list of str
        The names of the parts that were written.
    """

    def __init__(self, folder: Folder, cache: ScanCache, now: Known, added: str) -> None:
        self.now = now
        self.cache = cache
        self._folder = folder
        self.added = added
        self.parts: list[str] = []
        self._rows: list[Sighting] = []
        self._hashed: list[Hashed] = []
        self._placed: list[str] = []
        self._bytes = 0
        self._since = time.monotonic()

    def file(self, done: Done, attributes: Mapping[str, Any]) -> None:
        """Take in a raw file that was worked on."""
        source = f"raw/{done.file.path}"
        self._hashed.append(Hashed(*done.file[:5], done.seen_ns, done.id))
        known = self.now.items.get(done.id)
        if known is not None and done.recipe in known.recipes:
            self.source(done.id, source, attributes)
            return
        if done.path.startswith("processed/"):
            self._placed.append(done.path)
            self._bytes += done.bytes
        self.row(
            Sighting(
                done.id,
                done.recipe,
                done.sha256,
                done.content,
                done.kind,
                done.media_type,
                done.path,
                bytes=done.bytes,
                width=done.width,
                height=done.height,
                duration=done.duration,
                source=source,
                attributes=as_json(attributes),
                replaces=self._replaced(source, done.id),
                added=self.added,
            )
        )

    def source(self, item: str, source: str, attributes: Mapping[str, Any]) -> None:
        """Take in that an item of the catalogue is found at a source, if that is news."""
        news = self.now.news(item, source, attributes)
        if news is not None:
            replaced = self._replaced(source, item)
            self.row(Sighting(id=item, source=source, attributes=as_json(news), replaces=replaced, added=self.added))

    def gone(self, source: str) -> None:
        """Take in that nothing is at a source any more."""
        self.row(Sighting(id=self.now.present[source], source=source, state="gone", added=self.added))

    def row(self, row: Sighting) -> None:
        """Take in a row as it is."""
        self.now.add((row,))
        self._rows.append(row)

    @property
    def full(self) -> bool:
        """Whether it is time to commit."""
        late = bool(self._rows) and time.monotonic() - self._since > _MOST_SECONDS
        return late or len(self._rows) >= _MOST_ROWS or self._bytes >= _MOST_BYTES

    def commit(self) -> None:
        """Write what was taken in: first the bytes, then the rows, then what is remembered of the files.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        if self._placed:
            sync(self._folder.path("processed"), (self._folder.root / path for path in self._placed))
        if self._rows:
            self._write_rows()
        if self._hashed:
            self.cache.remember(self._hashed)
        self._rows, self._hashed, self._placed, self._bytes = [], [], [], 0
        self._since = time.monotonic()

    def _write_rows(self) -> None:
        from nbtools.items.catalogue import write_part  # imports pyarrow: not where nothing is new

        self.parts.append(write_part(self._folder, self._rows))

    def _replaced(self, source: str, item: str) -> str | None:
        """Return what was at the source before, and note that it is gone."""
        before = self.now.present.get(source)
        if before in (None, item):
            return None
        self.gone(source)
        return before


def as_json(attributes: Mapping[str, Any]) -> str:
    """Return attributes as the catalogue holds them."""
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True) if attributes else "{}"
