"""What one row of the catalogue says; light, so that an ingest that finds nothing new reads no Parquet."""

from __future__ import annotations

from typing import NamedTuple

from nbtools.storage import Folder

PARTS = "metadata/items"
SUFFIX = ".parquet"


class Sighting(NamedTuple):
    """One row of the catalogue: that an item was seen, where, and as what.

    Attributes
    ----------
    id : str
        32 hex digits.
    recipe : int
        The recipe that made the processed bytes; 0 is as-is.
    sha256 : str or None
        Of the processed bytes, 64 hex digits; None for a row that only brings attributes.
    content : str or None
        Hash of what is seen, where it is known already.
    kind : str or None
        image, text, audio, video, record or other.
    media_type : str or None
        Of the processed bytes, such as ``image/png``.
    path : str or None
        Of the processed bytes, relative to the dataset, POSIX.
    row : int or None
        The row inside the file at `path`, where that is a table of records.
    text : str or None
        What is shown of a record, at most 64 KB.
    bytes : int or None
        Size of the processed bytes.
    width, height : int or None
        Pixels of the upright original.
    duration : float or None
        Seconds.
    source : str or None
        Path of the raw file relative to the dataset, with ``#`` and the key or row
        number for the row of a table; None for attached attributes.
    state : str
        ``present`` or ``gone``.
    attributes : str
        A JSON object: what this source says.
    replaces : str or None
        The id of the item that was at this source before.
    added : str
        RFC 3339, UTC, milliseconds.
    """

    id: str
    recipe: int = 0
    sha256: str | None = None
    content: str | None = None
    kind: str | None = None
    media_type: str | None = None
    path: str | None = None
    row: int | None = None
    text: str | None = None
    bytes: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    source: str | None = None
    state: str = "present"
    attributes: str = "{}"
    replaces: str | None = None
    added: str = ""


COLUMNS = Sighting._fields


def part_names(folder: Folder) -> list[str]:
    """Return the names of all parts of the catalogue, in the order in which they are folded."""
    return list(folder.sizes(PARTS, SUFFIX))
