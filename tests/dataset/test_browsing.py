import json
from pathlib import Path

import pytest

import nbtools as nb
from nbtools.dataset import Dataset
from nbtools.dataset.browsing import Browsing, Look
from nbtools.dataset.timeline import mark_of
from nbtools.errors import UnknownVersionError, VersionError
from tests.factory import Datasets
from tests.widgets.birds import birds


@pytest.fixture(scope="module")
def ds(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    made = birds(tmp_path_factory.mktemp("ds") / "birds", 10)
    ids = list(made.items()["id"])
    made.record("species", dict.fromkeys(ids[:4], "jay"), annotator="anna", origin="person")
    made.freeze("first", author="anna")
    made.record("species", {ids[0]: "rook", ids[5]: "magpie"}, annotator="anna", origin="person")
    made.exclude(ids[9], "blurred")
    made.freeze("second", author="ben")
    return made


@pytest.fixture(scope="module")
def browsing(ds: Dataset) -> Browsing:
    return Browsing(ds)


def test_the_timeline_says_what_the_records_say(ds: Dataset, browsing: Browsing) -> None:
    found = browsing.timeline()
    assert found is not None
    first, second = found["versions"]
    assert (first["name"], first["items"], first["author"], first["message"]) == ("v1", 10, "anna", "first")
    assert (second["parent"], second["labeled"], second["changed"]) == (
        "v1",
        {"species": 5},
        "− 1 (excluded 1), relabeled 1, labeled 1",
    )
    assert (found["foreign"], found["damaged"], second["splits"]) == ([], {}, [])
    assert browsing.timeline(found["mark"]) is None


def test_what_is_new_damaged_or_made_by_hand_changes_the_mark(tmp_path: Path) -> None:
    ds = birds(tmp_path / "birds", 2)
    marks = [mark_of(ds)]
    ds.freeze("first")
    marks.append(mark_of(ds))
    (ds.path / "versions" / "by-hand").mkdir()
    broken = ds.path / "versions" / "v2"
    broken.mkdir()
    (broken / "version.json").write_text("{")
    marks.append(mark_of(ds))
    ds.delete("v1")
    marks.append(mark_of(ds))
    assert len(set(marks)) == 4
    found = Browsing(ds).timeline()
    assert found is not None
    assert (found["versions"], found["foreign"]) == ([], ["by-hand"])
    assert "cannot be understood" in found["damaged"]["v2"]


def test_a_split_hangs_from_its_version_with_its_parts(ds: Dataset, tmp_path: Path) -> None:
    from nbtools.versions.commit import Draft, commit
    from nbtools.versions.names import VersionName
    from nbtools.versions.tables import ITEMS, read_table

    own = birds(tmp_path / "birds", 6)
    own.record("species", {own.items()["id"][0]: "jay"}, annotator="anna", origin="person")
    own.freeze("first")
    table = read_table(own._folder, VersionName(1), ITEMS)
    files = {"train.parquet": table.slice(0, 4), "test.parquet": table.slice(4), "folds.parquet": table.select(["id"])}
    commit(own._folder, VersionName(1), lambda _: Draft(files, {"message": "by hand", "author": None, "parent": "v1"}))
    browsing = Browsing(own)
    found = browsing.timeline()
    assert found is not None
    (split,) = found["versions"][0]["splits"]
    assert (split["name"], split["items"], split["parts"]) == ("v1.1", 6, {"train": 4, "test": 2})
    (facet,) = [one for one in browsing.facets(Look("v1.1"))["facets"] if one["column"] == "split"]
    assert sorted(map(tuple, facet["values"])) == [("test", 2), ("train", 4)]
    assert browsing.line(Look("v1.1")).endswith(".split('v1.1')")
    labels = [one["value"] for at in range(6) for one in browsing.item(Look("v1.1"), at)["labels"]]
    assert labels == ["jay"], "of its version"


def test_a_view_counts_and_its_rows_are_plain(browsing: Browsing) -> None:
    view = browsing.view(Look("v1"))
    assert (view["total"], view["relabels"]) == (10, [])
    assert {"name": "species", "holds": "text", "own": False} in view["columns"]
    rows = browsing.rows(Look("v1"), 8, 100)
    assert len(rows) == 2
    json.dumps(rows, allow_nan=False)
    assert "sha256" not in rows[0]
    assert browsing.rows(Look("v1"), 10, 5) == browsing.rows(Look("v1"), 99, 5) == []
    found = browsing.facets(Look("v1", filters=(("species", "jay"),)))
    assert {one["column"]: one["values"] for one in found["facets"]}["species"] == [["jay", 4]]
    assert found["bytes"] > 0


def test_sorted_and_filtered_pages_are_parts_of_one_list(browsing: Browsing) -> None:
    look = Look("v1", filters=(("site", "north"),), sort="source", descending=True)
    total = browsing.view(look)["total"]
    rows = [row["source"] for start in range(0, total, 2) for row in browsing.rows(look, start, 2)]
    assert (len(rows), rows) == (5, sorted(rows, reverse=True))


def test_what_is_filtered_is_found_among_the_items_of_today(ds: Dataset, browsing: Browsing) -> None:
    where = browsing.view(Look("v1", filters=(("site", "north"), ("kind", "image"))))["where"]
    assert set(ds.items(where=where)["site"]) == {"north"}
    assert browsing.view(Look("v1", filters=(("species", "jay"),)))["where"] is None
    assert browsing.view(Look("v1", find="0001", filters=(("site", "north"),)))["where"] is None
    removed = Look("v2", against="v1", part="removed", filters=(("kind", "image"),))
    assert browsing.view(removed)["where"] is None, "what is not there any more is not frozen"


def test_every_value_that_can_be_filtered_by_is_found_again_whatever_is_in_it(datasets: Datasets) -> None:
    sites = ["it's", 'say "so"', "naïve ☃", "a\\b", "''", " 1%", "x; --", "null", "two\nlines", None]
    table = [{"file": f"{n}.txt", "site": site, "good": n % 3 == 0} for n, site in enumerate(sites)]
    table[4]["good"] = None
    rows = "\n".join(map(json.dumps, table)).encode()
    ds = datasets.of({f"{n}.txt": b"text %d" % n for n in range(10)} | {"about.jsonl": rows})
    ds.freeze("first")
    browsing = Browsing(ds)
    found = {
        (one["column"], value): count for one in browsing.facets(Look("v1"))["facets"] for value, count in one["values"]
    }
    assert {value for column, value in found if column == "site"} == set(sites)
    for (column, value), count in found.items():
        where = browsing.view(Look("v1", filters=((column, value),)))["where"]
        if value == "two\nlines":
            assert where is None, "a field for one line would change it"
        elif column != "species":
            assert len(ds.items(where=where)) == count


def test_differences_are_looked_at_like_the_rest(ds: Dataset, browsing: Browsing) -> None:
    changes = browsing.changes("v2", "v1")
    assert changes["counts"] == {"added": 0, "removed": 1, "replaced": 0, "moved": 0}
    (grid,) = changes["relabeled"]
    assert (grid["task"], grid["total"], grid["labeled"], grid["unshown"]) == ("species", 2, 1, 0)
    labels = grid["labels"]
    assert {(labels[was], labels[now], count) for was, now, count in grid["cells"]} == {
        ("jay", "rook", 1),
        (None, "magpie", 1),
    }
    (gone,) = browsing.rows(Look("v2", "v1", "removed"), 0, 9)
    assert gone["id"] == ds.version("v2").diff("v1").removed["id"].item()
    view = browsing.view(Look("v2", "v1", "relabeled"))
    assert (view["total"], view["labeled"]) == (2, 1)
    fresh = browsing.view(Look("v2", "v1", "relabeled", filters=(("species", "magpie"),)))
    assert (fresh["total"], fresh["labeled"]) == (1, 1)
    cell = Look("v2", "v1", "relabeled", task="species", cell=("jay", "rook"))
    assert browsing.rows(cell, 0, 9)[0]["species"] == "rook"
    assert browsing.view(Look("v2", "v1"))["total"] == 9


def test_what_is_not_there_is_refused(browsing: Browsing) -> None:
    with pytest.raises(UnknownVersionError, match="'v9'"):
        browsing.view(Look("v9"))
    with pytest.raises(VersionError, match="compared with nothing"):
        browsing.view(Look("v2", part="added"))
    with pytest.raises(VersionError, match="no task 'x'"):
        browsing.view(Look("v2", "v1", "relabeled", task="x"))
    with pytest.raises(VersionError, match="position 10 any more"):
        browsing.item(Look("v1"), 10)


def test_an_item_comes_with_its_labels_then_and_all_acts_until_today(ds: Dataset, browsing: Browsing) -> None:
    first = next(iter(ds.items()["id"]))
    look = Look("v1", find=first)
    found = browsing.item(look, 0)
    assert found["row"]["id"] == first
    (label,) = found["labels"]
    assert (label["task"], label["value"], label["status"]) == ("species", "jay", "labeled")
    assert label["annotator"] != "anna", "a version knows persons by pseudonyms"
    assert [(one["annotator"], one["value"]) for one in found["history"]] == [("anna", "jay"), ("anna", "rook")]


@pytest.mark.parametrize(
    "look",
    [
        Look("v1"),
        Look("v1", filters=(("site", "north"),)),
        Look("v2", filters=(("species", None), ("site", "south"))),
        Look("v2", "v1", "removed"),
        Look("v2", "v1", filters=(("species", "jay"),)),
    ],
)
def test_the_line_loads_exactly_what_is_looked_at(browsing: Browsing, look: Look) -> None:
    loaded = eval(browsing.line(look), {"nb": nb})
    table = loaded.items if hasattr(loaded, "items") and not hasattr(loaded, "columns") else loaded
    assert sorted(table["id"]) == sorted(row["id"] for row in browsing.rows(look, 0, 100))


def test_the_preview_says_what_a_freeze_would_do(tmp_path: Path) -> None:
    ds = birds(tmp_path / "birds", 3)
    told = ds._would_freeze()
    assert (told["parent"], told["same_as"], told["changed"], told["items"]) == (None, None, "+ 3", 3)
    ds.freeze("first")
    assert ds._would_freeze()["same_as"] == "v1"
    ds.record("species", {next(iter(ds.items()["id"])): "jay"})
    told = ds._would_freeze()
    assert (told["parent"], told["same_as"], told["changed"], told["labeled"]) == (
        "v1",
        None,
        "labeled 1, labels only",
        {"species": 1},
    )
    assert len(ds.versions()) == 1
