"""The columns of a version that one may split by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nbtools.errors import SplitError, did_you_mean
from nbtools.versions.tables import ITEM_SCHEMA, as_frame

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame

_BY = ("kind", "media_type")
_SAMPLE = 100
# So much of an id is one item's, and can be read out.
_ENOUGH = 12
_ID = re.compile(r"'([0-9a-f]{32})'")


def splittable(items: pa.Table) -> list[str]:
    """Return the columns that one may stratify or group by: attributes, tasks, and what kind of file it is."""
    own = [name for name in items.column_names if name not in ITEM_SCHEMA.names]
    return [*own, *_BY]


def timely(items: pa.Table) -> list[dict[str, Any]]:
    """Return the columns that hold times: ``name``, and ``number``, whether they are plain numbers.

    A column of text is one if its first hundred values are dates.
    """
    import pyarrow as pa

    own = [field for field in items.schema if field.name not in ITEM_SCHEMA.names]
    found = []
    for field in own:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        if number or pa.types.is_temporal(field.type) or _dated(items[field.name]):
            found.append({"name": field.name, "number": number})
    return found


def _dated(column: pa.ChunkedArray) -> bool:
    import pandas as pd
    import pyarrow as pa

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return False
    some = column.drop_null().slice(0, _SAMPLE).to_pylist()
    parsed = pd.to_datetime(pd.Series(some, dtype=object), utc=True, format="ISO8601", errors="coerce")
    return bool(some) and bool(parsed.notna().all())


def chosen(items: pa.Table, names: Sequence[str], what: str) -> DataFrame | None:
    """Return columns to stratify or group by; None where none are named.

    Raises
    ------
    SplitError
        If one is not there.
    """
    known = splittable(items)
    for name in names:
        if name not in known:
            raise SplitError(
                f"{what}={name!r} is no column of this version{did_you_mean(str(name), known) or ';'} "
                f"there are {', '.join(known)}"
            )
    return as_frame(items.select(list(names))) if names else None


def with_source(items: pa.Table) -> DataFrame:
    """Return items as a DataFrame with a column ``source``: the first raw file of each, without ``raw/``."""
    frame = as_frame(items)
    frame["source"] = [str(one[0]).removeprefix("raw/") if len(one) else "" for one in frame["sources"]]
    return frame


def with_files(words: str, items: pa.Table) -> str:
    """Return the words of a refusal that name an item by its id with the id's beginning and the item's raw file."""
    found = _ID.search(words)
    if found is None:
        return words
    import pyarrow.compute as pc

    at = pc.index(items["id"], found[1]).as_py()
    sources = items["sources"][at].as_py() if at >= 0 else None
    file = f" ({sources[0].removeprefix('raw/')})" if sources else ""
    return f"{words[: found.start()]}'{found[1][:_ENOUGH]}'{file}{words[found.end() :]}"
