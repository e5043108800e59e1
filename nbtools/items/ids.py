"""How a data point is named: by what it was when it came.

An id is the first 32 hex digits of the SHA-256 of the data point as it came: the
bytes of a file, or the canonical JSON (RFC 8785 over NFC strings) of a row of a
table. It never depends on how the item was converted, moved or named.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import math
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from io import BufferedIOBase
from typing import Any

import rfc8785

from nbtools.errors import SourceError

ID_LENGTH = 32


def item_id(data: bytes | BufferedIOBase) -> str:
    """Return the id of a file: 32 hex digits of the SHA-256 of its bytes.

    Parameters
    ----------
    data : bytes or a binary file
        The raw bytes, or a file that is read to its end.
    """
    digest = hashlib.sha256(data) if isinstance(data, bytes) else hashlib.file_digest(data, "sha256")
    return digest.hexdigest()[:ID_LENGTH]


def row_id(row: Mapping[str, object]) -> str:
    """Return the id of a row of a table in which no column is the key.

    Parameters
    ----------
    row : mapping of column name to value
        All columns. Cells of a CSV are strings as they came.

    Raises
    ------
    SourceError
        If a value is of a type that has no canonical form.
    """
    return item_id(canonical(row))


def keyed_row_id(table: str, key: object) -> str:
    """Return the id of a row that is known by its key.

    Parameters
    ----------
    table : str
        What the table is called: its path under ``raw/`` unless it was named.
    key : object
        The value of the key column in this row.

    Raises
    ------
    SourceError
        If the key is of a type that has no canonical form.
    """
    return item_id(canonical(["row", table, key]))


def canonical(value: object) -> bytes:
    """Return the canonical JSON of a value: RFC 8785 over NFC strings.

    Integers become decimal strings (JSON has no large ones), NaN and infinities
    strings, times RFC 3339 in UTC, bytes base64.

    Raises
    ------
    SourceError
        If the value, or one inside it, has no canonical form.
    """
    try:
        return rfc8785.dumps(plain(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise SourceError(
            f"a row cannot be named, because it cannot be written as JSON: {error}. Mend or drop the value"
        ) from error


def plain(value: object) -> Any:
    """Return a value as what JSON can hold, by the rules of `canonical`.

    Raises
    ------
    SourceError
        If the value, or one inside it, is of a type without a rule.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _plain_float(value)
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return _plain_rare(value)


def _plain_float(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(value)


def _plain_mapping(value: Mapping[Any, object]) -> dict[str, Any]:
    made = {unicodedata.normalize("NFC", str(name)): plain(one) for name, one in value.items()}
    if len(made) != len(value):
        raise SourceError(
            f"two columns have the same name once written in NFC: {sorted(map(str, value))}. Rename one of them"
        )
    return made


def _plain_rare(value: Any) -> Any:
    if type(value).__name__ in ("NaTType", "NAType"):  # what pandas calls null
        return None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, dt.datetime):
        return _rfc3339(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value // dt.timedelta(microseconds=1))
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "item") and not isinstance(unwrapped := value.item(), type(value)):  # a numpy scalar
        return plain(unwrapped)
    raise SourceError(
        f"a value of type {type(value).__name__} has no canonical form, so that its row cannot be named: "
        f"{str(value)[:80]!r}. Turn the column into text or numbers"
    )


def _rfc3339(moment: dt.datetime) -> str:
    # Without a zone a moment is taken as UTC, as Parquet does.
    zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    utc = zoned.astimezone(dt.UTC)
    nanoseconds = utc.microsecond * 1000 + int(getattr(utc, "nanosecond", 0))
    fraction = f".{nanoseconds:09d}".rstrip("0").rstrip(".")
    return f"{utc.isoformat()[:19]}{fraction}Z"
