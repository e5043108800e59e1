"""`metadata/dataset.json`, and the few files that make a folder a dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from nbtools.errors import DatasetError, NewerFormatError, NotADatasetError
from nbtools.storage import Folder, new_ulid

FORMAT = 1
MANIFEST = "metadata/dataset.json"
OWN_RAW = "raw"

_README = """\
This folder is a dataset kept by nbtools ({name}).

raw/        the data as it came, in any structure; only ever added to
processed/  one flat list of data points, made from raw/; a file's name is the item's id
versions/   v1/, v2/ ... the items and labels as they were; v1.1/ ... splits of v1
metadata/   dataset.json; items/ (Parquet: what each item is and where it came from);
            tasks/ (JSON: the options); labels/ (JSON lines: every act of labeling,
            only ever added to); suggestions/ (JSON lines: what models proposed);
            cache/ (safe to delete)

Nothing here needs nbtools to be read: ls, a text editor and pandas.read_parquet do.
"""
_IGNORED = "cache/\nannotators/\n"
# `git add` of the folder takes what a version says, and not the bytes that it is about.
_BYTES = "/raw/\n/processed/\n/versions/.*\n.*.part\n"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a dataset says of itself.

    Attributes
    ----------
    id : str
        A ULID, made once.
    name : str
        What people call it.
    license, description : str or None
        As the maker gave them.
    raw : str
        ``raw``, or the absolute path of a folder that is read where it lies.
    created : str
        RFC 3339, UTC.
    """

    id: str
    name: str
    license: str | None
    description: str | None
    raw: str
    created: str


def read_manifest(folder: Folder) -> Manifest:
    """Read what a dataset says of itself.

    Raises
    ------
    NotADatasetError
        If the folder holds no dataset.
    NewerFormatError
        If a newer nbtools wrote it.
    DatasetError
        If the file cannot be understood.
    """
    try:
        data = folder.read(MANIFEST)
    except (FileNotFoundError, NotADirectoryError):
        raise NotADatasetError(_nothing_here(folder)) from None
    try:
        found = json.loads(data)
        version = found["format"]
        if isinstance(version, int) and version > FORMAT:
            raise NewerFormatError(
                f"{folder.root} is of format {version}, and this nbtools knows {FORMAT}: pip install -U nbtools-data"
            )
        return _from_json(found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DatasetError(
            f"{folder.path(MANIFEST)} cannot be understood: {type(error).__name__} {error}. Bring it back from a backup"
        ) from error


def write_manifest(folder: Folder, name: str, license: str | None, description: str | None, raw: str) -> bool:
    """Make a folder a dataset; of several at once exactly one does.

    Returns
    -------
    bool
        False if it was one already.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    for place in (*((OWN_RAW,) if raw == OWN_RAW else ()), "processed", "metadata"):
        folder.path(place).mkdir(parents=True, exist_ok=True)
    for path, text in (
        ("README.txt", _README.format(name=name)),
        (".gitignore", _BYTES),
        ("metadata/.gitignore", _IGNORED),
    ):
        if not folder.exists(path):
            folder.replace(path, text.encode())
    created = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    content = {"format": FORMAT, "id": new_ulid(), "name": name, "license": license}
    content |= {"description": description, "raw": raw, "created": created}
    try:
        folder.create(MANIFEST, json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")
    except FileExistsError:
        return False
    return True


def _from_json(found: Mapping[str, object]) -> Manifest:
    texts = {key: found[key] for key in ("id", "name", "raw", "created")}
    others = {key: found.get(key) for key in ("license", "description")}
    wrong = [key for key, value in texts.items() if not isinstance(value, str) or not value]
    wrong += [key for key, value in others.items() if not isinstance(value, str | None)]
    if wrong or found["format"] != FORMAT:
        raise ValueError(f"the values of {wrong or ['format']} are not of the kind they have to be")
    return Manifest(**(texts | others))  # type: ignore[arg-type]


def _nothing_here(folder: Folder) -> str:
    root = folder.root
    if not root.exists():
        return f"there is nothing at {root}. To make a dataset there: nbtools.Dataset.create({str(root)!r})"
    for parent in root.parents:
        if (parent / MANIFEST).is_file():
            return f"{root} is a folder inside the dataset {parent}: open that one"
    inside = sorted(path.name for path in root.glob("*/" + MANIFEST) for path in [path.parent.parent])[:3]
    if inside:
        return f"{root} is no dataset, but there are some in it: {', '.join(inside)}"
    if (root / "processed").is_dir() or (root / "versions").is_dir():
        return f"{root} was not made by nbtools. To go on with it: nbtools.Dataset.adopt({str(root)!r})"
    return f"{root} is no dataset. To make one there: nbtools.Dataset.create({str(root)!r})"
