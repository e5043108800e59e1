"""Two copies of a dataset become one: the union of their items, their acts and their options."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbtools.dataset.core import Core
from nbtools.dataset.mergesuggestions import take_suggestions
from nbtools.dataset.mergetasks import SchemaMerge, merge_schemas
from nbtools.errors import DatasetError, LabelError, MergeError, NbtoolsError, NotSavedError
from nbtools.items.erased import Blocked, Erasure, read_blocked, save_erasure
from nbtools.labels.act import Act
from nbtools.labels.names import IMPORTER, annotator_name
from nbtools.storage import Folder
from nbtools.store.log import ITEMS
from nbtools.store.taking import new_journals
from nbtools.store.tasks import task_names
from nbtools.versions.names import own_names
from nbtools.versions.record import read_record

if TYPE_CHECKING:
    from nbtools.ingest.taking import Taking

_SHOWN = 5
_LONGEST_ID = 128
Tell = Callable[[int, "int | None"], None]


@dataclass(slots=True)
class Merged:
    """What a merge comes to, or came to.

    Attributes
    ----------
    other : str
        The folder that was merged in.
    dry_run : bool
        Whether it was only planned.
    items : int
        Items that are new here.
    changed : int
        Rows that say something new of items that were here: another source, another attribute.
    files, bytes : int
        What is copied for them.
    acts : dict of str to int
        New acts by task; ``_items`` for excluding and including.
    suggestions : dict of str to int
        New suggestions of models, by task.
    schemas : list of str
        How tasks that differ are reconciled, and new tasks.
    kept : list of str
        Where the two say different things of an option: what is kept.
    versions : list of (str, str)
        Versions that are not taken over, and why.
    refused : list of (str, str, int)
        What is not taken: why, an example, how often.
    erased_there : list of str
        Items of this dataset that were erased on request in the other copy.
    """

    other: str
    dry_run: bool
    items: int = 0
    changed: int = 0
    files: int = 0
    bytes: int = 0
    acts: dict[str, int] = field(default_factory=dict)
    suggestions: dict[str, int] = field(default_factory=dict)
    schemas: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    versions: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, int]] = field(default_factory=list)
    erased_there: list[str] = field(default_factory=list)

    @property
    def nothing_new(self) -> bool:
        """Whether everything was here already."""
        return not (self.items or self.changed or any(self.acts.values()) or self.suggestions or self.schemas)

    def to_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        """Say in a few lines what comes or came, and what to type next."""
        again = f"ds.merge({self.other!r})" if self.dry_run and not self.nothing_new else "ds"
        return "\n".join([*self.lines(), f"next: {again}"])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    def lines(self) -> list[str]:
        """Return it in a few lines of words."""
        from nbtools.ingest.adding import size_of

        verb = "would come" if self.dry_run else "came"
        items, files = _counted(self.items, "item"), _counted(self.files, "file")
        said = [f"{items} ({files}, {size_of(self.bytes)})"]
        said += [f"{_counted(count, 'act')} on {task}" for task, count in self.acts.items()]
        said += [f"{_counted(count, 'suggestion')} on {task}" for task, count in self.suggestions.items()]
        said += [f"{_counted(self.changed, 'row')} on items that were here"] if self.changed else []
        first = "nothing new" if self.nothing_new else f"{verb}: {', '.join(said)}"
        lines = [f"{first}, from {self.other}", *self.schemas, *(f"! {one}" for one in self.kept)]
        lines += [f"version {name} is not taken over: {why}" for name, why in self.versions]
        lines += [f"! left {count:,}: {why} (such as {example})" for why, example, count in self.refused[:_SHOWN]]
        more = len(self.refused) - _SHOWN
        lines += [f"! and {more} more reasons: .refused"] if more > 0 else []
        if self.erased_there:
            lines.append(f"! {len(self.erased_there):,} items of this dataset were erased on request in that copy, and "
                         f"are still here: ds.erase([{self.erased_there[0]!r}, …], reason='…')")  # fmt: skip
        return lines


def merge(
    ds: Core, other: Core, *, foreign: bool, without: Sequence[str], dry_run: bool, on_progress: Tell | None
) -> Merged:
    """Take over what another copy has more; see `Dataset.merge`.

    Raises
    ------
    MergeError
        If the two are one folder, or different datasets.
    SchemaError
        If tasks of the same name cannot be one task.
    NotSavedError
        If the disk refuses.
    """
    _refuse(ds, other, foreign=foreign)
    ds._index.refresh()
    merged = Merged(str(other.path), dry_run)
    tell = on_progress or (lambda _done, _total: None)
    blocked = _blocked(ds, other, merged, dry=dry_run)
    schemas = merge_schemas(ds, other._folder, without)
    merged.schemas, merged.kept = schemas.said, schemas.kept
    merged.versions = _versions(ds._folder, other._folder)
    if not dry_run:
        schemas.save(ds)
    _take_items(ds, other, merged, blocked, schemas, tell, without)
    _take_acts(ds, other, merged, blocked, schemas, without)
    if not dry_run:
        ds._index.refresh()
    merged.suggestions = take_suggestions(ds, other, blocked, schemas, without, dry=dry_run)
    return merged


def _refuse(ds: Core, other: Core, *, foreign: bool) -> None:
    if other.path.samefile(ds.path):
        raise MergeError(f"{other.path} is this dataset itself: name another copy of it")
    if other.id != ds.id and not foreign:
        raise MergeError(
            f"{other.path} is another dataset ({other.name!r}, {other.id}), no copy of {ds.name!r} ({ds.id}). If all "
            f"its items and labels are to become part of this one: ds.merge({str(other.path)!r}, foreign=True)"
        )


def _blocked(ds: Core, other: Core, merged: Merged, *, dry: bool) -> Blocked:
    """Return what was erased in either copy, and note it here; nothing of ours is erased by it."""
    ours, theirs = read_blocked(ds._folder), read_blocked(other._folder)
    known = {erasure.name for erasure in ours.erasures}
    new: list[Erasure] = [erasure for erasure in theirs.erasures if erasure.name not in known]
    merged.erased_there = sorted(item for item in theirs if item not in ours and ds._index.item(item) is not None)
    if not dry:
        for erasure in new:
            save_erasure(ds._folder, erasure)
    return Blocked([*ours.erasures, *new])


def _take_items(
    ds: Core, other: Core, merged: Merged, blocked: Blocked, schemas: SchemaMerge, tell: Tell, without: Sequence[str]
) -> None:
    from nbtools.ingest.cache import ScanCache
    from nbtools.ingest.fetching import Fetching
    from nbtools.ingest.taking import Taking

    own = _own_raw(ds)
    dry = merged.dry_run
    fetching = Fetching(ds._folder, other._folder, _raw_of(other), blocked, own_raw=own, dry=dry)
    names = frozenset({*task_names(ds._folder), *schemas.tasks}).difference(without)

    def said(item: str) -> dict[str, Any]:
        row = ds._index.item(item)
        return dict(row.attributes) if row is not None else {}

    with ScanCache(ds._folder) as cache:
        taking: Taking = Taking(ds._folder, other._folder, fetching, cache, blocked, said, names, dry=dry)
        try:
            taking.run(tell)
        except NotSavedError:
            raise
        except OSError as error:
            raise NotSavedError(error.errno, f"the merge stopped: {error.strerror or error}; call it again") from error
    merged.items, merged.changed = len(taking.added), taking.changed
    merged.files, merged.bytes = fetching.files, fetching.bytes
    merged.refused += [(why, taking.examples[why], count) for why, count in taking.refused.most_common()]


def _take_acts(
    ds: Core, other: Core, merged: Merged, blocked: Blocked, schemas: SchemaMerge, without: Sequence[str]
) -> None:
    refused: Counter[str] = Counter()
    examples: dict[str, str] = {}

    def note(where: str, why: str) -> None:
        refused[why] += 1
        examples.setdefault(why, where)

    def refuse(act: Act, task: str) -> str | None:
        if act.item is not None and act.item in blocked:
            return blocked.why(act.item)
        return _wrong(act, task, schemas)

    counts: Counter[str] = Counter()
    for journal in new_journals(ds._folder, ds._index, other._folder, refuse, note, without=without):
        counts[journal.name.partition("/")[0]] += len(journal.acts)
        if not merged.dry_run:
            journal.write(ds._folder)
    merged.acts = dict(sorted(counts.items()))
    merged.refused += [(why, examples[why], count) for why, count in refused.most_common()]


def _wrong(act: Act, task: str, schemas: SchemaMerge) -> str | None:
    """Return in words why an act of another copy is not taken; None if it is."""
    if len(act.act) > _LONGEST_ID or (act.task or ITEMS) != task:
        return "an act speaks of another task than the one in whose folder it lies, or has an id that is too long"
    if task == ITEMS:
        return None if act.type in ("exclude", "include") and _is_id(act.item) else "an act on no item"
    if act.type == "schema":
        return None if schemas.holds(act) else "a schema act that does not say what the task's file says"
    if act.type != "label" or not _is_id(act.item):
        return "an act on no item"
    try:
        named = act.annotator == IMPORTER or annotator_name(act.annotator) == act.annotator
    except LabelError:
        named = False
    if not named:
        return "an act whose annotator's name is none"
    return None if schemas.fits(act) else "a label that is no answer to its task"


def _is_id(item: str | None) -> bool:
    return item is not None and len(item) == 32 and set(item) <= set("0123456789abcdef")


def _versions(here: Folder, there: Folder) -> list[tuple[str, str]]:
    """Return the versions that only the other has, each with the reason why it is not taken over."""
    ours = set(own_names(here, deleted=True))
    left = []
    for name in own_names(there):
        try:
            theirs = read_record(there, name)
            if name not in ours:
                left.append((str(name), "it was made there; ds.freeze() here makes one of the union"))
            elif read_record(here, name).write_id != theirs.write_id:
                left.append((str(name), "another one has that name here"))
        except DatasetError as error:
            left.append((str(name), str(error)))
    return left


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else what + 's'}"


def _own_raw(ds: Core) -> bool:
    try:
        return ds.raw.is_relative_to(ds.path)
    except NbtoolsError:
        return False


def _raw_of(other: Core) -> Folder | None:
    try:
        return Folder(other.raw)
    except NbtoolsError:
        return None
