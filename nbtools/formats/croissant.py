"""`metadata/croissant.json`: the newest version as Croissant, which other tools read a dataset by.

Files are pinned through `items.parquet`, which names each with its SHA-256. So the
description has the same size for ten items and for ten million.

Source: MLCommons, Croissant format specification 1.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import DatasetError
from nbtools.formats.about import About
from nbtools.storage import Folder
from nbtools.versions.erased import read_erased
from nbtools.versions.names import VersionName, own_names
from nbtools.versions.record import Record, read_record

if TYPE_CHECKING:
    import pyarrow as pa

CROISSANT = "metadata/croissant.json"
_UP = "../"
_TABLE = ".parquet"
_SPLITS = {
    "train": "cr:TrainingSplit",
    **dict.fromkeys(("val", "valid", "validation", "dev"), "cr:ValidationSplit"),
    "test": "cr:TestSplit",
}
_KEYS = {"items": ("id",), "labels": ("task", "item", "annotator")}
_SAID = {
    "id": "The first 32 hex digits of the SHA-256 of the item as it came.",
    "path": "Of the item's bytes, relative to the dataset's folder.",
    "sha256": "Of the item's bytes, 64 hex digits.",
    "content": "A hash of what is seen, by which equal items are found.",
    "annotator": "A pseudonym.",
    "value": "JSON of option ids.",
}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet"),
            *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
            *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField"),
            "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "sc": "https://schema.org/",
}


def write_croissant(folder: Folder, about: About) -> Record | None:
    """Describe the newest version and its splits in `metadata/croissant.json`.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    about : About
        The dataset.

    Returns
    -------
    Record
        Of the version that is described; None where there is none, and nothing is written.

    Raises
    ------
    DatasetError
        If a version cannot be read.
    NotSavedError
        If the disk refuses.
    """
    names = own_names(folder)
    newest = max((name for name in names if not name.is_split), default=None)
    if newest is None:
        return None
    splits = [read_record(folder, name) for name in names if name.is_split and name.version == newest]
    version = read_record(folder, newest)
    text = json.dumps(describe(folder, about, version, splits), ensure_ascii=False, indent=2).encode() + b"\n"
    if not folder.exists(CROISSANT) or folder.read(CROISSANT) != text:
        folder.replace(CROISSANT, text)
    return version


def describe(folder: Folder, about: About, version: Record, splits: Sequence[Record] = ()) -> dict[str, Any]:
    """Return a version and splits of it as Croissant's JSON-LD.

    Parameters
    ----------
    folder : Folder
        The dataset's folder, in which the columns of tables are looked up.
    about : About
        The dataset.
    version : Record
        The version.
    splits : sequence of Record
        Which of its splits.

    Returns
    -------
    dict
        What `metadata/croissant.json` holds; paths in it are relative to `metadata/`.

    Raises
    ------
    DatasetError
        If a table cannot be read.
    """
    tables = [(record, file) for record in (version, *splits) for file in sorted(record.files) if file.endswith(_TABLE)]
    sets = [_record_set(record.name, file, _schema(folder, record.name, file)) for record, file in tables]
    number = f"{version.name.major}.{max((split.name.minor for split in splits), default=0)}.0"
    about_version = f"{about.name}, {version.name}, {version.created[:10]} (nbtools dataset {about.id})"
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": _description(about, version),
        **({"license": about.license} if about.license else {}),
        "version": number,
        "datePublished": version.created[:10],
        "citeAs": about_version,
        "distribution": [_file(folder, record, file) for record, file in tables],
        "recordSet": [*sets, *_splits(tables)],
    }


def _description(about: About, version: Record) -> str:
    said = [about.description or f"The dataset {about.name}.", f"{version.name}: {version.message}."]
    said.append("Each row of items.parquet names a file of the dataset's folder by path and SHA-256.")
    said.append("Versions v1, v2 … are 1.0.0, 2.0.0 …; a new split of the same items raises the second number.")
    return " ".join(said)


def _name(of: VersionName, file: str) -> str:
    stem = file.removesuffix(_TABLE)
    return f"{of}/{stem}" if of.is_split else stem


def _file(folder: Folder, record: Record, file: str) -> dict[str, Any]:
    said = read_erased(folder, record.name).files.get(file, record.files[file])
    return {
        "@type": "cr:FileObject",
        "@id": f"{record.name}/{file}",
        "name": f"{record.name}/{file}",
        "contentUrl": f"{_UP}{record.name.path}/{file}",
        "contentSize": f"{said.bytes} B",
        "encodingFormat": "application/x-parquet",
        "sha256": said.sha256,
    }


def _record_set(of: VersionName, file: str, schema: pa.Schema) -> dict[str, Any]:
    name = _name(of, file)
    columns = [(field.name, kind) for field in schema if (kind := _kind(field.type)) is not None]
    keys = [key for key in _KEYS.get(name, ("id",)) if key in schema.names]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        **({"key": [{"@id": f"{name}/{key}"} for key in keys]} if keys else {}),
        "field": [_field(name, f"{of}/{file}", column, kind) for column, kind in columns],
    }


def _field(records: str, file: str, column: str, kind: tuple[str, bool]) -> dict[str, Any]:
    data_type, repeated = kind
    return {
        "@type": "cr:Field",
        "@id": f"{records}/{column}",
        "name": column,
        **({"description": _SAID[column]} if column in _SAID else {}),
        "dataType": data_type,
        **({"repeated": True} if repeated else {}),
        "source": {"fileObject": {"@id": file}, "extract": {"column": column}},
    }


def _splits(tables: Sequence[tuple[Record, str]]) -> Iterator[dict[str, Any]]:
    named = [(_name(record.name, file), file.removesuffix(_TABLE)) for record, file in tables if record.name.is_split]
    if named:
        fields = {"name": "sc:Text", "url": "sc:URL"}
        yield {
            "@type": "cr:RecordSet",
            "@id": "splits",
            "name": "splits",
            "description": "Each is a record set of its own, of the name given here.",
            "dataType": "cr:Split",
            "key": {"@id": "splits/name"},
            "field": [
                {"@type": "cr:Field", "@id": f"splits/{name}", "name": name, "dataType": kind}
                for name, kind in fields.items()
            ],
            "data": [{"splits/name": name, "splits/url": _SPLITS.get(part, "cr:Split")} for name, part in named],
        }


def _kind(of: pa.DataType) -> tuple[str, bool] | None:
    """Return Croissant's type of a column and whether it has several values; None where it has no such type."""
    from pyarrow import types

    if types.is_list(of) or types.is_large_list(of):
        inner = _kind(of.value_type)
        return None if inner is None or inner[1] else (inner[0], True)
    if types.is_dictionary(of):
        return _kind(of.value_type)
    kinds: Mapping[str, tuple[Any, ...]] = {
        "sc:Text": (types.is_string, types.is_large_string),
        "sc:Boolean": (types.is_boolean,),
        "sc:Integer": (types.is_integer,),
        "sc:Float": (types.is_floating,),
        "sc:DateTime": (types.is_timestamp,),
    }
    return next(((kind, False) for kind, tests in kinds.items() if any(test(of) for test in tests)), None)


def _schema(folder: Folder, name: VersionName, file: str) -> pa.Schema:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = f"{name.path}/{file}"
    try:
        return pq.read_schema(folder.path(path))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}. Bring it back from a backup") from error
