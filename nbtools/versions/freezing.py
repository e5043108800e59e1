"""Makes a version of what was handed, unless there is one already that holds the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import UnsafePathError, VersionError
from nbtools.storage import Folder
from nbtools.versions.changelog import write_changelog
from nbtools.versions.commit import Draft, commit
from nbtools.versions.erased import read_erased
from nbtools.versions.names import VersionName, own_names
from nbtools.versions.record import Record, read_record
from nbtools.versions.words import no_changes

if TYPE_CHECKING:
    import pyarrow as pa

    from nbtools.versions.content import Content, Handed

Progress = Callable[[int, int | None], None]
Locate = Callable[[str], Path]


class Order(NamedTuple):
    """How a version is to be made.

    Attributes
    ----------
    message : str
        What it is, in words.
    author : str or None
        Who makes it.
    dataset : str
        The dataset's id.
    truth : mapping of str to str
        By task, how answers that differ are settled.
    upstream : object
        What the data is a copy of, such as the version of a public dataset.
    """

    message: str
    author: str | None
    dataset: str
    truth: Mapping[str, str]
    upstream: Any


class Frozen(NamedTuple):
    """What came of it.

    Attributes
    ----------
    record : Record
        Of the version that was made, or holds the same.
    made : bool
        Whether it was made now.
    """

    record: Record
    made: bool


def freeze(
    folder: Folder, read: Callable[[], Handed], order: Order, locate: Locate, on_progress: Progress | None = None
) -> Frozen:
    """Make a version, unless the newest holds the same, or an older one that has the same message.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    read : callable
        Returns what the version is to hold. Called again where another process made
        a version meanwhile, so that what is in that one is in this one too.
    order : Order
        How it is to be made.
    locate : callable
        Where the file of a path lies.
    on_progress : callable, optional
        Called with the number of text files that were read and of all.

    Raises
    ------
    UnsettledError
        If answers differ and it was not said how to settle them.
    VersionError
        If there is nothing to freeze.
    NotSavedError
        If the disk refuses.
    """
    made = False

    def draft(_name: VersionName) -> Draft | Record:
        nonlocal made
        there = [read_record(folder, name) for name in own_names(folder) if not name.is_split]
        content, records = prepare(folder, there, read(), order, locate, on_progress)
        same = [record for record in there if is_same(record, content)]
        made = not any(record is there[-1] or record.message == order.message for record in same)
        if not made:
            return same[-1]
        parent = there[-1] if there else None
        said = {
            "message": order.message,
            "author": order.author,
            "dataset": order.dataset,
            "parent": parent and str(parent.name),
            "same_as": str(same[-1].name) if same else None,
            "upstream": order.upstream,
            "counts": content.counts,
            "digests": content.digests,
            "truth": content.truth,
            "tasks": {name: task.to_json() for name, task in content.tasks.items()},
            "changed": changed(folder, parent, content),
            "records": records,
        }
        return Draft(content.files, said)

    record = commit(folder, None, draft)
    write_changelog(folder)
    return Frozen(record, made)


def prepare(
    folder: Folder,
    there: Sequence[Record],
    handed: Handed,
    order: Order,
    locate: Locate,
    on_progress: Progress | None = None,
) -> tuple[Content, Mapping[str, Mapping[str, Any]]]:
    """Return what the next version would hold, and the size and hash of each file of rows that it stands on.

    Raises
    ------
    UnsettledError
        If answers differ and it was not said how to settle them.
    VersionError
        If there is nothing to freeze.
    """
    from nbtools.versions.content import content
    from nbtools.versions.tables import ITEMS, read_table
    from nbtools.versions.texts import with_texts

    if not handed.items.num_rows:
        raise VersionError("there is no item to freeze: ds.add(…) and ds.ingest() bring some in")

    def before() -> pa.Table | None:
        return read_table(folder, there[-1].name, ITEMS, ["sha256", "text"]) if there else None

    items = with_texts(handed.items, before, locate, on_progress)
    return content(handed._replace(items=items), order.truth), _records(folder, items, there, locate)


def is_same(record: Record, content: Content) -> bool:
    """Tell whether a version holds the same as what would be frozen."""
    return (dict(record.digests), dict(record.truth)) == (dict(content.digests), dict(content.truth))


def changed(folder: Folder, parent: Record | None, content: Content) -> dict[str, Any]:
    """Return what is different from the version before, as `Diff.summary` would say it."""
    from nbtools.versions.changes import BYTES, count_changes
    from nbtools.versions.pairing import pairs
    from nbtools.versions.pieces import pieces, sliced
    from nbtools.versions.tables import EXCLUDED, ITEMS

    if parent is None:
        return no_changes(list(content.truth)) | {"added": content.counts["items"]}
    both = [task for task in content.truth if task in parent.truth]
    tasks = [task for task in both if content.truth[task]["digest"] != parent.truth[task].get("digest")]
    other = {name for name, digest in content.digests.items() if parent.digests.get(name) != digest}
    counts = no_changes(both)
    if tasks or "items_digest" in other:
        columns = [*BYTES, *tasks]
        out = content.files[EXCLUDED]["item"].combine_chunks() if EXCLUDED in content.files else None
        both_sides = pairs(pieces(folder, parent, columns), sliced(content.files[ITEMS].select(columns)))
        found = count_changes(both_sides, tasks, out)
        counts = {name: {**counts[name], **one} if isinstance(one, dict) else one for name, one in found.items()}
    labels_only = not other & {"items_digest", "attributes_digest"}
    return counts | {
        "attributes": "attributes_digest" in other,
        "labels": "labels_digest" in other,
        "labels_only": labels_only,
    }


def _records(folder: Folder, items: pa.Table, there: Sequence[Record], locate: Locate) -> dict[str, dict[str, Any]]:
    import pyarrow.compute as pc

    paths = pc.unique(items["path"].filter(pc.is_valid(items["row"]))).drop_null().to_pylist()
    known = there[-1].said.get("records") or {} if there else {}
    # From which something was erased, is another file by now.
    known = {path: said for path, said in known.items() if path not in read_erased(folder, there[-1].name).records}
    found = {path: known.get(path) or _hashed(locate, path) for path in sorted(paths)}
    return {path: said for path, said in found.items() if said is not None}


def _hashed(locate: Locate, path: str) -> dict[str, Any] | None:
    try:
        with locate(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return {"bytes": file.tell(), "sha256": digest}
    except (OSError, UnsafePathError):
        return None  # `verify` says that it is missing
