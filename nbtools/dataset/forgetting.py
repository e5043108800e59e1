"""A person's name erased: from the acts, from the map of pseudonyms, from the caches."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nbtools.dataset.core import Core
from nbtools.dataset.erasing import ELSEWHERE
from nbtools.dataset.pseudonyms import pseudonym_path, pseudonyms
from nbtools.errors import DatasetError, LabelError
from nbtools.labels.act import Act
from nbtools.labels.names import IMPORTER, annotator_name
from nbtools.storage import sync_folder
from nbtools.store.erasing import rewrite_log
from nbtools.store.log import LABELS, ActLog
from nbtools.versions.names import RECORD, own_names
from nbtools.versions.record import read_record


@dataclass(slots=True)
class Forgotten:
    """What became of an annotator.

    Attributes
    ----------
    pseudonym : str
        What the acts, here and in versions, go by from now on.
    acts : int
        Acts that bore the name.
    labels : bool
        Whether they are gone; else they stay, under the pseudonym.
    not_reached : list of (str, str)
        Where the name may still stand, and why.
    """

    pseudonym: str
    acts: int
    labels: bool
    not_reached: list[tuple[str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        """Say in a few lines what became of the acts, and where the name may still stand."""
        return "\n".join([*self.lines(), "next: ds.history()"])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    def lines(self) -> list[str]:
        """Return it in a few lines of words."""
        became = "are gone" if self.labels else f"stay, under {self.pseudonym!r}"
        lines = [f"the name is erased; {self.acts:,} acts that bore it {became}"]
        lines += [f"in versions their labels stay under {self.pseudonym!r}"] if self.labels else []
        if not self.pseudonym:
            lines = ["no act here bears this name: there was nothing to erase"]
        return [*lines, *(f"! not reached: {where}: {why}" for where, why in self.not_reached),
                f"not reached: {ELSEWHERE}"]  # fmt: skip


def erase_annotator(ds: Core, name: object, *, labels: bool) -> Forgotten:
    """Erase an annotator's name; see `Dataset.erase_annotator`.

    Raises
    ------
    LabelError
        If it is no name.
    NotSavedError
        If the disk refuses.
    """
    who = annotator_name(name)
    if who == IMPORTER:
        raise LabelError(f"{IMPORTER!r} is nobody's name")
    path = pseudonym_path(ds.id, who)
    if not ds._folder.exists(path) and not _acts_of(ds, who):
        ds._index.discard()  # killed right before this, the last time
        return Forgotten("", 0, labels, _left(ds, who))
    pseudonym = pseudonyms(ds._folder, ds.id, [who])[who]

    def change(act: Act) -> Act | None:
        if act.annotator != who:
            return act
        return None if labels else replace(act, annotator=pseudonym)

    acts = rewrite_log(ds._folder, change, lambda line: who.encode() in line)
    ds._index.discard()
    # The last thing that says who it was: as long as it is here, it can be done again.
    ds._folder.path(path).unlink(missing_ok=True)
    sync_folder(ds._folder.path(path).parent)
    ds._index.refresh()
    return Forgotten(pseudonym, acts, labels, _left(ds, who))


def _acts_of(ds: Core, who: str) -> bool:
    return any(act.annotator == who for part in ActLog(ds._folder).scan({}) for act in part.acts)


def _left(ds: Core, who: str) -> list[tuple[str, str]]:
    """Return where the name still stands: in words of people, and in records that never change."""
    left = []
    for name in own_names(ds._folder, deleted=True):
        try:
            record = read_record(ds._folder, name)
        except DatasetError:
            continue
        if record.author == who or who in record.message:
            left.append((f"{name.path}/{RECORD}", "it names the author, and never changes"))
    word = re.compile(rf"(?<!\w){re.escape(who)}(?!\w)")
    lines = (line for part in ActLog(ds._folder).scan({}) for line in part.lines if who in line)
    said = sum(any(map(word.search, _texts(json.loads(line)))) for line in lines)
    if said:
        left.append((LABELS, f"{said:,} acts hold the name as a word, in a comment, say"))
    return left


def _texts(value: object) -> Iterator[str]:
    """Yield every text in what a line says; the names of its keys are ours, and nobody's."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
