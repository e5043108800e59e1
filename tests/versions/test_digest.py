"""Digests against ones computed by hand, from nothing but the rows."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.versions.digest import attributes_digest, items_digest, labels_digest, values_digest


def by_hand(rows: list[tuple[Any, ...]]) -> str:
    lines = ("".join(f"{'' if field is None else field}\t" for field in row) + "\n" for row in rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_digest_of_nothing_is_that_of_no_bytes() -> None:
    nothing = pa.table(
        {"id": pa.array([], pa.string()), "recipe": pa.array([], pa.int32()), "sha256": pa.array([], pa.string())}
    )
    assert items_digest(nothing) == attributes_digest(nothing["id"], {}) == hashlib.sha256(b"").hexdigest()


@given(
    st.lists(st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 9), st.none() | st.binary(min_size=32, max_size=32)))
)
@settings(max_examples=25)
def test_items(found: list[tuple[int, int, bytes | None]]) -> None:
    rows = [(f"{number:032x}", recipe, data and data.hex()) for number, recipe, data in found]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    types = {"id": pa.string(), "recipe": pa.int32(), "sha256": pa.string()}
    table = pa.table(
        {name: pa.array(column, kind) for (name, kind), column in zip(types.items(), columns, strict=True)}
    )
    assert items_digest(table) == by_hand(rows)
    # Neither where the chunks end nor where a slice begins makes a difference.
    cut = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert items_digest(cut) == by_hand(rows)
    assert items_digest(table.slice(1)) == by_hand(rows[1:])


def test_the_bytes_of_a_table_are_not_its_identity(tmp_path: Path) -> None:
    rows = [(f"{number:032x}", 0, f"{number:064x}") for number in range(500)]
    table = pa.table(dict(zip(("id", "recipe", "sha256"), zip(*rows, strict=True), strict=True)))
    files = []
    ways: list[dict[str, Any]] = [{"compression": "zstd"}, {"compression": "none", "row_group_size": 7}]
    for at, how in enumerate(ways):
        pq.write_table(table, tmp_path / f"{at}.parquet", **how)
        files.append((tmp_path / f"{at}.parquet").read_bytes())
        assert items_digest(pq.read_table(tmp_path / f"{at}.parquet")) == by_hand(rows)
    assert files[0] != files[1]


def test_attributes_and_values_count_where_they_are() -> None:
    ids = pa.chunked_array([["a", "b", "c"]])
    site = pa.chunked_array([['"north"', None, '"süd\\t"']]).dictionary_encode()
    year = pa.chunked_array([[None, "2024", None]])
    rows = [("site", "a", '"north"'), ("site", "c", '"süd\\t"'), ("year", "b", "2024")]
    assert attributes_digest(ids, {"year": year, "site": site}) == by_hand(rows)
    assert values_digest(ids, site) == by_hand([row[1:] for row in rows[:2]])


def test_labels() -> None:
    table = pa.table({
        "task": ["species", "species"], "schema": pa.array([1, None], pa.int32()), "item": ["a", "b"],
        "annotator": ["p1", "import"], "value": [json.dumps("jay"), "null"], "status": ["labeled", "skipped"],
        "flagged": [True, False], "unsure": [False, True], "comment": ["not", "counted"],
    })  # fmt: skip
    rows = [
        ("species", 1, "a", "p1", '"jay"', "labeled", 1, 0),
        ("species", None, "b", "import", "null", "skipped", 0, 1),
    ]
    assert labels_digest(table) == by_hand(rows)


def test_digests_do_not_change_their_meaning() -> None:
    table = pa.table({"id": ["00", "ff"], "recipe": pa.array([0, 2], pa.int32()), "sha256": ["ab", None]})
    assert items_digest(table) == "72233ba7a047950028e58f3bdc5bbbf7c5e3d5ba299acebedfba248d4bb7e98c"
