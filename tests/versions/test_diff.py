"""Differences, against the same found by pandas."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import DatasetError, VersionError
from nbtools.storage import Folder
from nbtools.versions import pieces as reading
from nbtools.versions.changes import count_changes
from nbtools.versions.commit import Draft, commit
from nbtools.versions.diff import Diff
from nbtools.versions.names import VersionName
from nbtools.versions.pairing import matches, pairs
from nbtools.versions.record import Record
from tests.versions.making import handed, item, made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_everything_that_can_change(folder: Folder) -> None:
    old = made(folder, handed([1, 2, 3, 4, 5, 6], {1: "jay", 2: "jay", 3: "rook", 6: "jay"}), "old")
    said = {1: "jay", 2: "rook", 4: "magpie", 7: "jay"}
    what = handed([1, 2, 3, 4, 5, 7, 8], said, recipe=lambda number: int(number == 5))
    new = made(folder, what._replace(excluded={item(6): "blurred", item(9): None}), "new")
    diff = Diff(folder, old, new)
    wanted = {
        "added": 2, "removed": 1, "replaced": 1, "moved": 0, "excluded": 1, "attributes": False, "labels": True,
        "relabeled": {"species": 2}, "labeled": {"species": 1}, "labels_only": False,
    }  # fmt: skip
    assert diff.summary == dict(new.changed) == wanted
    assert sorted(diff.added["id"]) == sorted([item(7), item(8)])
    assert diff.removed[["id", "kind", "path"]].to_numpy().tolist() == [[item(6), "image", f"processed/{item(6)}.png"]]
    assert diff.excluded[["id", "reason"]].to_numpy().tolist() == [[item(6), "blurred"]]
    assert diff.replaced[["id", "from_recipe", "to_recipe"]].to_numpy().tolist() == [[item(5), 0, 1]]
    changed = {row.id: (row.task, row[3], row[4]) for row in diff.relabeled.itertuples()}
    assert changed.keys() == {item(2), item(3)}
    assert changed[item(2)] == ("species", "jay", "rook")
    assert pd.isna(changed[item(3)][2])
    assert diff.labeled[["id", "to"]].to_numpy().tolist() == [[item(4), "magpie"]]
    assert diff.moved.empty
    assert repr(diff).splitlines() == [
        "v1 → v2  + 2 − 1 (excluded 1), replaced 1, relabeled 2, labeled 1",
        'next: ds.version("v2").diff("v1").relabeled',
    ]
    assert diff._repr_html_().startswith("<pre>v1 → v2")
    back = Diff(folder, new, old)
    assert (back.summary["added"], back.summary["removed"], back.summary["excluded"]) == (1, 2, 0)
    assert list(back.excluded.columns) == ["id", "kind", "path", "reason"]


def test_hashes_are_read_only_where_ids_do_not_say_the_same(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []
    batches = reading._batches

    def noting(folder: Folder, name: VersionName, columns: Any) -> Any:
        asked.append(set(columns))
        return batches(folder, name, columns)

    monkeypatch.setattr(reading, "_batches", noting)
    plain = made(folder, handed([1, 2, 3], {1: "jay"}), "as they came")
    more = made(folder, handed([2, 3, 4], {2: "jay"}), "as they came, too")
    asked.clear()
    assert Diff(folder, plain, more).summary["added"] == 1
    assert asked == [{"id", "species"}] * 2
    other: dict[str, Any]
    for other in ({"recipe": lambda number: int(number == 3)}, {"row": lambda number: 0 if number == 3 else None}):
        changed = made(
            folder, handed([2, 3, 4], {2: "jay"}, sha256=lambda number: f"{number:064}", **other), str(other)
        )
        asked.clear()
        assert Diff(folder, more, changed).summary["replaced"] == 3
        assert {"recipe", "sha256"} < asked[0]


def test_labels_only_says_so(folder: Folder) -> None:
    old = made(folder, handed([1, 2], {1: "jay"}), "old")
    new = made(folder, handed([1, 2], {1: "rook"}), "new")
    assert new.changed["labels_only"] is True
    assert "relabeled 1, labels only" in repr(Diff(folder, old, new))


def test_equal_digests_answer_without_reading(folder: Folder) -> None:
    old = made(folder, handed([1, 2], {1: "jay"}), "old")
    made(folder, handed([1, 2, 3], {1: "jay"}), "between")
    again = made(folder, handed([1, 2], {1: "jay"}), "back")
    assert again.said["same_as"] == "v1"
    for name in ("v1", "v3"):
        folder.path(f"versions/{name}/items.parquet").unlink()
    diff = Diff(folder, old, again)
    assert diff.summary == {
        "added": 0, "removed": 0, "replaced": 0, "moved": 0, "relabeled": {"species": 0}, "labeled": {"species": 0},
        "excluded": 0, "attributes": False, "labels": False, "labels_only": False,
    }  # fmt: skip
    assert [
        len(getattr(diff, name)) for name in ("added", "removed", "replaced", "relabeled", "labeled", "excluded")
    ] == [0] * 6
    assert "no difference" in repr(diff)


def test_a_difference_of_very_many_rows_is_a_line_until_rows_are_asked_for(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    half, many = 30_000, 60_000
    old = made(folder, handed(range(half), dict.fromkeys(range(half), "jay")), "old")
    new = made(folder, handed(range(half // 2, many), dict.fromkeys(range(half // 2, many), "rook")), "new")
    diff = Diff(folder, old, new)
    with monkeypatch.context() as patched:
        for rows in ("added", "removed", "relabeled"):
            patched.setattr(f"nbtools.versions.changes.{rows}", None, raising=False)
        patched.setattr("nbtools.versions.changes.labels_changed", None)
        assert repr(diff) == (
            'v1 → v2  + 30,000 − 15,000, relabeled 15,000\nnext: ds.version("v2").diff("v1").relabeled'
        )
        assert len(diff._repr_html_()) < 200
    assert (len(diff.added), len(diff.removed), len(diff.relabeled)) == (half, half // 2, half // 2)
    assert repr(diff.added).count("\n") < 20, "pandas shows ten of them"


def test_attributes_alone(folder: Folder) -> None:
    old = made(folder, handed([1, 2]), "old")
    new = made(folder, handed([1, 2], attributes=lambda _: '{"site": "n"}'), "new")
    assert "attributes changed" in repr(Diff(folder, old, new))
    assert Diff(folder, old, new).summary["labels_only"] is False


ROWS = st.dictionaries(
    st.integers(0, 30), st.tuples(st.integers(0, 1), st.none() | st.sampled_from(["jay", "rook"])), max_size=20
)


@given(ROWS, ROWS, st.integers(1, 7))
@settings(max_examples=60)
def test_counts_are_those_of_pandas(old: dict[int, Any], new: dict[int, Any], size: int) -> None:
    columns = ["id", "recipe", "sha256", "species"]
    listed = [[[item(n), recipe, str(recipe), value] for n, (recipe, value) in rows.items()] for rows in (old, new)]
    frames = [pd.DataFrame(rows, columns=columns).sort_values("id") for rows in listed]
    schema = pa.schema({"id": pa.string(), "recipe": pa.int64(), "sha256": pa.string(), "species": pa.string()})

    def cut(frame: pd.DataFrame) -> Any:
        table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
        return (table.slice(at, size) for at in range(0, max(len(table), 1), size))

    found = count_changes(pairs(*map(cut, frames)), ["species"])
    merged = frames[0].merge(frames[1], on="id", how="outer", indicator=True)
    both = merged[merged["_merge"] == "both"]
    was, now = both["species_x"], both["species_y"]
    assert found["added"] == (merged["_merge"] == "right_only").sum()
    assert found["removed"] == (merged["_merge"] == "left_only").sum()
    assert found["replaced"] == (both["recipe_x"] != both["recipe_y"]).sum()
    assert found["labeled"]["species"] == (was.isna() & now.notna()).sum()
    assert found["relabeled"]["species"] == (was.notna() & (now.isna() | (was != now))).sum()


@given(st.lists(st.integers(0, 40), unique=True), st.lists(st.integers(0, 40), unique=True))
@settings(max_examples=60)
def test_ids_that_begin_alike_are_told_apart(old: list[int], new: list[int]) -> None:
    # Four share their first eight digits, and so are looked for at one place.
    ids = [[f"{number // 4:08x}{number:024x}" for number in sorted(numbers)] for numbers in (old, new)]
    tables = [pa.table({"id": pa.array(one, pa.string())}) for one in ids]
    before, after = matches(*tables)
    assert [one for one, there in zip(ids[0], before, strict=True) if there] == sorted({*ids[0]} & {*ids[1]})
    assert [one for one, there in zip(ids[1], after, strict=True) if there] == sorted({*ids[0]} & {*ids[1]})


def test_counting_loads_no_pandas(folder: Folder) -> None:
    made(folder, handed([1, 2, 3], {1: "jay", 2: "jay"}), "old")
    made(folder, handed([2, 3, 4], {2: "rook", 3: "jay"}), "new")
    program = (
        "import sys; from pathlib import Path; from nbtools.storage import Folder\n"
        "from nbtools.versions.diff import Diff; from nbtools.versions.names import VersionName\n"
        "from nbtools.versions.record import read_record\n"
        "folder = Folder(Path(sys.argv[1]))\n"
        "diff = Diff(folder, *(read_record(folder, VersionName(number)) for number in (1, 2)))\n"
        "assert diff.summary['relabeled'] == {'species': 1} and diff.summary['added'] == 1, diff.summary\n"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(folder.root)], check=True)


def test_several_pieces_are_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_ROWS", 7)
    old = made(folder, handed(list(range(50))), "old")
    new = made(folder, handed(list(range(20, 90))), "new")
    diff = Diff(folder, old, new)
    assert (diff.summary["added"], diff.summary["removed"], len(diff.added), len(diff.removed)) == (40, 20, 40, 20)
    assert new.changed["added"] == 40


def split(folder: Folder, parts: dict[str, list[int]]) -> Record:
    files = {
        f"{name}.parquet": pa.table({"id": [item(number) for number in numbers]}) for name, numbers in parts.items()
    }
    files |= {"folds.parquet": pa.table({"id": ["x"]}), "quarantine.parquet": pa.table({"id": ["y"]})}
    return commit(folder, VersionName(1), lambda _: Draft(files, {"message": "split", "parent": "v1"}))


def test_items_move_between_parts_of_a_split(folder: Folder) -> None:
    version = made(folder, handed([1, 2, 3, 4]))
    one = split(folder, {"train": [4, 1, 2], "test": [3]})
    two = split(folder, {"train": [1, 3], "val": [4], "test": [2]})
    diff = Diff(folder, one, two)
    assert (diff.summary["moved"], diff.summary["added"], diff.summary["removed"]) == (3, 0, 0)
    moved = {row[1]: (row[2], row[3]) for row in diff.moved.itertuples()}
    assert moved == {item(2): ("train", "test"), item(3): ("test", "train"), item(4): ("train", "val")}
    assert repr(diff).endswith('next: ds.split("v1.2").diff("v1.1").moved')
    assert diff.replaced.empty
    with pytest.raises(
        VersionError, match=r"v1\.1 is a split and v1 a version: compare two of a kind, such as v1 and v1"
    ):
        Diff(folder, version, one)


def test_a_table_that_was_tampered_with_is_not_compared(folder: Folder) -> None:
    old, new = made(folder, handed([1, 2, 3]), "old"), made(folder, handed([2, 3, 4]), "new")
    path = folder.path("versions/v2/items.parquet")
    table = pq.read_table(path)
    path.unlink()
    for wrong in (table.take([2, 1, 0]), table.take([0, 0, 1]), table.select(["kind"]), None):
        if wrong is None:
            path.write_bytes(b"PAR1 nonsense")
        else:
            pq.write_table(wrong, path)
        with pytest.raises(DatasetError, match=r"tampered|cannot be read"):
            _ = Diff(folder, old, new).summary


def test_lists_of_answers_are_compared(folder: Folder) -> None:
    from nbtools.labels.task import declare
    from nbtools.versions.content import Handed
    from tests.versions.making import items, labels

    seen = declare("seen", "choices", ["nest", "egg"])

    def what(*values: Any) -> Handed:
        rows = [{"item": at, "value": value} for at, value in enumerate(values) if value is not None]
        return Handed(items([1, 2, 3]), labels(rows, "seen"), {}, {"seen": seen})

    old = made(folder, what(["nest"], [], None), "old")
    new = made(folder, what(["nest", "egg"], [], []), "new")
    diff = Diff(folder, old, new)
    assert (diff.summary["relabeled"], diff.summary["labeled"]) == ({"seen": 1}, {"seen": 1})
    assert json.dumps(diff.relabeled["to"].map(list).tolist()) == '[["nest", "egg"]]'
