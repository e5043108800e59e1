from pathlib import Path

import numpy as np
import pytest

from nbtools.errors import VersionError
from nbtools.storage import Folder
from nbtools.versions.browse.compare import compare
from nbtools.versions.browse.items import ItemRows
from nbtools.versions.diff import Diff
from tests.versions.browse.test_items import split
from tests.versions.making import digest, handed, item, made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "ds")


def ids(rows: ItemRows, numbers: np.ndarray) -> set[str]:
    return set(rows.take(numbers).column("id").to_pylist())


def test_what_changed_is_what_the_difference_of_the_core_says(folder: Folder) -> None:
    said = {1: "jay", 2: "rook", 3: "jay", 5: "jay"}
    first = made(folder, handed([1, 2, 3, 4, 5], said), "one")
    then = {1: "jay", 2: "jay", 3: "magpie", 4: "rook", 6: "rook"}
    other = made(folder, handed([1, 2, 3, 4, 6], then, sha256=lambda n: digest("x" if n == 1 else n)), "two")
    old, new = ItemRows(folder, first), ItemRows(folder, other)
    changes, diff = compare(old, new), Diff(folder, first, other)
    assert ids(new, changes.added) == set(diff.added["id"]) == {item(6)}
    assert ids(old, changes.removed) == set(diff.removed["id"]) == {item(5)}
    assert ids(new, changes.replaced) == set(diff.replaced["id"]) == {item(1)}
    assert len(changes.moved) == 0
    relabeled = changes.relabeled["species"]
    assert relabeled.counts() == {("rook", "jay"): 1, ("jay", "magpie"): 1, (None, "rook"): 1}
    assert ids(new, relabeled.rows) == set(diff.relabeled["id"]) | set(diff.labeled["id"])
    assert ids(new, relabeled.cell("rook", "jay")) == {item(2)}
    assert ids(new, relabeled.cell(None, "rook")) == {item(4)}
    assert ids(old, relabeled.old) == {item(2), item(3), item(4)}
    assert len(relabeled.cell("nothing", "jay")) == 0


def test_the_same_version_has_no_changes(folder: Folder) -> None:
    rows = ItemRows(folder, made(folder, handed([1, 2], {1: "jay"})))
    changes = compare(rows, rows)
    assert [
        len(one) for one in (changes.added, changes.removed, changes.replaced, changes.relabeled["species"].new)
    ] == [0] * 4


def test_splits_are_compared_with_splits_by_their_parts(folder: Folder) -> None:
    version = ItemRows(folder, made(folder, handed([1, 2, 3])))
    first, second = split(folder), split(folder)
    assert len(compare(first, second).moved) == 0
    with pytest.raises(VersionError, match="no two of a kind"):
        compare(version, first)
