"""Two copies of a dataset become one: nothing is lost, nothing doubled, nothing of the other believed unchecked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.merging import Merged
from nbtools.errors import MergeError, SchemaError
from nbtools.items.catalogue import PARTS, Sighting, write_part
from nbtools.items.sighting import part_names
from nbtools.storage import new_ulid
from tests.conftest import MANY
from tests.factory import Datasets, picture

Pair = tuple[Dataset, Dataset]


@pytest.fixture
def pair(datasets: Datasets) -> Pair:
    """Make a dataset of three pictures, one labeled by anna, and a copy of it."""
    ours = datasets.images(3, name="ours")
    ours.record("species", {ids(ours)[0]: "jay"}, annotator="anna", origin="person")
    return ours, copied(ours, "theirs")


def copied(ds: Dataset, name: str) -> Dataset:
    place = ds.path.parent / name
    shutil.copytree(ds.path, place)
    return Dataset(place)


def ids(ds: Dataset) -> list[str]:
    return list(ds.items()["id"])


def put(ds: Dataset, path: str, number: int) -> str:
    """Write a picture into raw/ and return its id."""
    (ds.raw / path).parent.mkdir(parents=True, exist_ok=True)
    picture(number).save(ds.raw / path)
    return hashlib.sha256((ds.raw / path).read_bytes()).hexdigest()[:32]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file but the caches."""
    found = (path for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def answers(ds: Dataset) -> set[tuple[str, str, str]]:
    return {(row.item, row.annotator, row.value) for row in ds.labels("species").itertuples()}  # type: ignore[misc]


def why(merged: Merged) -> str:
    return "\n".join(reason for reason, _, _ in merged.refused)


def test_the_union_of_items_and_acts(pair: Pair) -> None:
    ours, theirs = pair
    new, mine = put(theirs, "north/9.png", 9), put(ours, "8.png", 8)
    theirs.ingest(attributes={"site": "folder:0"})
    ours.ingest()
    first = ids(ours)[0]
    theirs.record("species", {new: "rook", first: "rook"}, annotator="ben", origin="person")
    ours.record("species", {mine: "jay"}, annotator="anna", origin="person")
    theirs.exclude(ids(theirs)[1], "blurry")
    untouched = snapshot(theirs.path)

    plan = ours.merge(theirs.path, dry_run=True)
    assert (plan.items, plan.files, plan.acts) == (1, 2, {"_items": 1, "species": 2})
    assert plan.to_json()["dry_run"]
    assert "would come: 1 item (2 files" in repr(plan)
    assert repr(plan).endswith(f"next: ds.merge({str(theirs.path)!r})")
    assert len(ours) == 4

    merged = ours.merge(theirs)
    assert (merged.items, merged.files, merged.bytes, merged.acts) == (plan.items, plan.files, plan.bytes, plan.acts)
    assert set(ids(ours)) == {first, *ids(theirs), mine}
    assert answers(ours) == {
        (first, "anna", "jay"),
        (first, "ben", "rook"),
        (new, "ben", "rook"),
        (mine, "anna", "jay"),
    }
    row = ours.items(where=f"id = '{new}'").iloc[0]
    assert (row["site"], row["sources"]) == ("north", ["raw/north/9.png"])
    assert (ours.raw / "north/9.png").read_bytes() == (theirs.raw / "north/9.png").read_bytes()
    assert (ours.raw / "north/9.png").stat().st_ino == ours.file(row["path"]).stat().st_ino
    assert not (ours.raw / "north/9.png").stat().st_mode & 0o222
    assert snapshot(theirs.path) == untouched
    assert ours.ingest().counts["unchanged"] == 5


def test_merged_twice_nothing_is_written(pair: Pair) -> None:
    ours, theirs = pair
    put(theirs, "9.png", 9)
    theirs.ingest()
    theirs.attach(_table(file=["9.png"], site=["north"]), column="file")
    theirs.record("species", {ids(theirs)[3]: "rook"}, annotator="ben", origin="person")
    ours.merge(theirs)
    before = snapshot(ours.path)
    again = ours.merge(theirs)
    assert again.nothing_new
    assert repr(again) == f"nothing new, from {theirs.path}\nnext: ds"
    assert "nothing new" in again._repr_html_()
    assert snapshot(ours.path) == before
    assert ours.items()["site"].tolist()[3] == "north"


def _table(**columns: list[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


def test_two_files_of_one_name_are_both_there_and_converge(pair: Pair) -> None:
    ours, theirs = pair
    mine, new = put(ours, "9.png", 8), put(theirs, "9.png", 9)
    ours.ingest()
    theirs.ingest()
    ours.merge(theirs)
    assert set(ids(ours)) >= {mine, new}
    sources = dict(zip(ours.items()["id"], ours.items()["sources"], strict=True))
    assert sources[mine] == ["raw/9.png"]
    assert sources[new] == [f"raw/9-{new[:8]}.png"]
    assert ours.ingest().counts["unchanged"] == 5
    theirs.merge(ours)
    assert ours.merge(theirs).nothing_new
    assert theirs.merge(ours).nothing_new
    assert len(list(ours.raw.iterdir())) == 5


def test_options_added_on_both_sides_are_in_the_next_schema(pair: Pair) -> None:
    ours, theirs = pair
    ours.task("species", options=["jay", "rook", "owl"])
    theirs.task("species", options=["jay", "rook", "magpie"])
    theirs.record("species", {ids(theirs)[1]: "magpie"}, annotator="ben", origin="person")
    merged = ours.merge(theirs)
    assert merged.schemas == ["task 'species': changed on both sides, united as schema 3 (magpie added)"]
    assert [option.id for option in ours.task("species").options] == ["jay", "rook", "owl", "magpie"]
    assert (ids(ours)[1], "ben", "magpie") in answers(ours)
    shutil.rmtree(ours.path / "metadata" / "tasks")
    assert [option.id for option in Dataset(ours.path).tasks()["species"].options] == ["jay", "rook", "owl", "magpie"]
    assert ours.merge(theirs).nothing_new


def test_a_task_that_only_the_other_changed_or_has(pair: Pair) -> None:
    ours, theirs = pair
    theirs.task("species", options=["jay", "rook", "magpie"])
    theirs.task("seen", kind="choices", options=["nest", "egg"])
    theirs.record("seen", {ids(theirs)[0]: ["egg"]}, annotator="ben", origin="person")
    merged = ours.merge(theirs)
    assert merged.schemas == ["task 'seen' is new: nest, egg", "task 'species': schema 2, as it is there"]
    assert ours.tasks() == theirs.tasks()
    assert ours.labels("seen")["value"].tolist() == [["egg"]]


def test_an_option_with_two_meanings_is_said(pair: Pair) -> None:
    ours, theirs = pair
    ours.task("species", rename={"jay": "blue jay"})
    theirs.task("species", rename={"jay": "eurasian jay"})
    merged = ours.merge(theirs)
    assert "'blue jay' here" in merged.kept[0]
    assert "! option 'jay'" in repr(merged)
    assert ours.merge(theirs).nothing_new


def test_another_kind_is_refused_before_anything_is_written(pair: Pair) -> None:
    ours, theirs = pair
    ours.task("seen", kind="choice", options=["nest"])
    theirs.task("seen", kind="choices", options=["nest"])
    put(theirs, "9.png", 9)
    theirs.ingest()
    before = snapshot(ours.path)
    with pytest.raises(SchemaError, match="without="):
        ours.merge(theirs)
    assert snapshot(ours.path) == before
    assert ours.merge(theirs, without="seen").items == 1
    with pytest.raises(SchemaError, match="there is no such task"):
        ours.merge(theirs, without="sen")


def test_a_name_that_is_an_attribute_on_one_side(pair: Pair) -> None:
    ours, theirs = pair
    theirs.attach(_table(id=ids(theirs)[:1], site=["north"]), on="id")
    ours.task("site", options=["north"])
    merged = ours.merge(theirs)
    assert "a task has that name" in why(merged)
    with pytest.raises(SchemaError, match="is an attribute here and a task there"):
        theirs.merge(ours)


def test_the_same_folder_and_another_dataset_are_refused(pair: Pair, datasets: Datasets) -> None:
    ours, _ = pair
    with pytest.raises(MergeError, match="this dataset itself"):
        ours.merge(ours.path)
    other = datasets.texts(2, name="other")
    other.record("species", {ids(other)[0]: "rook"}, annotator="ben", origin="person")
    with pytest.raises(MergeError, match=r"another dataset.*foreign=True"):
        ours.merge(other.path)
    merged = ours.merge(other.path, foreign=True)
    assert (merged.items, merged.acts) == (2, {"species": 2})
    assert (len(ours), len(answers(ours))) == (5, 2)


def test_a_journal_that_went_on_is_taken_to_its_end(pair: Pair) -> None:
    ours, theirs = pair
    session = theirs._log
    theirs.record("species", {ids(theirs)[1]: "rook"}, annotator="ben", origin="person")
    ours.merge(theirs)
    theirs.record("species", {ids(theirs)[2]: "rook"}, annotator="ben", origin="person")
    (name,) = [name for name in session.sizes() if "ben" in (theirs.path / "metadata/labels" / name).read_text()]
    with (theirs.path / "metadata/labels" / name).open("a") as file:
        file.write('{"format":1,"act":"torn')
    merged = ours.merge(theirs)
    assert (merged.acts, merged.refused) == ({"species": 1}, [])
    assert len(answers(ours)) == 3


def test_rows_of_tables_come_with_their_records(tmp_path: Path) -> None:
    ours = Dataset.create(tmp_path / "ours")
    (ours.raw / "t.csv").write_text("text,site\nfirst,north\n")
    ours.ingest(text="text")
    theirs = copied(ours, "theirs")
    (theirs.raw / "t.csv").write_text("text,site\nfirst,north\nsecond,south\n")
    (theirs.raw / "u.csv").write_text("text,site\nthird,west\n")
    theirs.ingest(text="text")
    merged = ours.merge(theirs)
    assert merged.items == 2
    assert sorted(ours.items(["text"])["text"]) == ["first", "second", "third"]
    assert "another file of that name is in raw/ here" in why(merged)
    assert (ours.raw / "u.csv").exists()
    row = ours.items(["path", "row"], where="text = 'second'").iloc[0]
    assert _record(ours, row["path"], int(row["row"]))["site"] == "south"
    assert ours.merge(theirs).nothing_new


def _record(ds: Dataset, path: str, row: int) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(ds.file(path)).to_pylist()[row]


def test_a_recipe_of_the_other_has_its_own_number(pair: Pair) -> None:
    ours, theirs = pair
    ours.ingest(convert={"format": "webp"})
    theirs.ingest(convert={"max_side": 20})
    merged = ours.merge(theirs)
    assert merged.files == 3
    item = ids(ours)[0]
    assert (ours.path / f"processed/{item}.r1.webp").exists()
    assert (ours.path / f"processed/{item}.r2.png").exists()
    assert json.loads((ours.path / "metadata/recipes/2.json").read_text())["convert"] == {"max_side": 20}
    assert ours.merge(theirs).nothing_new


def test_references_and_raw_data_elsewhere(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    picture(1).save(far / "1.png")
    theirs = Dataset.create(tmp_path / "theirs", raw=far)
    theirs.ingest(link="reference")
    ours = Dataset.create(tmp_path / "ours")
    merged = ours.merge(tmp_path / "theirs", foreign=True)
    assert (merged.items, len(ours)) == (0, 0)
    assert "open it with nbtools.Dataset(…, raw=…)" in why(merged)
    assert ours.merge(Dataset(tmp_path / "theirs", raw=far), foreign=True).items == 1
    assert ours.file(ours.items()["path"][0]).read_bytes() == (far / "1.png").read_bytes()


def test_files_adopted_under_their_own_names(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name / "processed").mkdir(parents=True)
    picture(1).save(tmp_path / "ours/processed/one.png")
    picture(2).save(tmp_path / "theirs/processed/one.png")
    picture(3).save(tmp_path / "theirs/processed/three.png")
    ours, theirs = (Dataset.adopt(tmp_path / name) for name in ("ours", "theirs"))
    ours.merge(theirs, foreign=True)
    paths = dict(zip(ours.items()["id"], ours.items()["path"], strict=True))
    second = hashlib.sha256((tmp_path / "theirs/processed/one.png").read_bytes()).hexdigest()[:32]
    assert set(paths.values()) == {"processed/one.png", "processed/three.png", f"processed/{second}.png"}


def test_attributes_that_differ_are_kept_and_said(pair: Pair) -> None:
    ours, theirs = pair
    item = ids(ours)[0]
    ours.attach(_table(id=[item], site=["north"]), on="id")
    theirs.attach(_table(id=[item], site=["south"], nest=[3]), on="id")
    merged = ours.merge(theirs)
    assert "the attribute 'site' has another value here, which is kept" in why(merged)
    assert ours.items()[["site", "nest"]].iloc[0].tolist() == ["north", 3]


def test_a_version_of_the_other_is_said_and_not_taken(pair: Pair) -> None:
    ours, theirs = pair
    place = theirs.path / "versions" / "v1"
    place.mkdir(parents=True)
    said = {"format": 1, "name": "v1", "created": "2026-01-01T00:00:00Z", "message": "", "files": {}, "write_id": "A"}
    (place / "version.json").write_text(json.dumps(said))
    assert ours.merge(theirs).versions == [("v1", "it was made there; ds.freeze() here makes one of the union")]
    shutil.copytree(place, ours.path / "versions" / "v1")
    assert ours.merge(theirs).versions == []
    (place / "version.json").write_text(json.dumps(said | {"write_id": "B"}))
    assert ours.merge(theirs).versions == [("v1", "another one has that name here")]
    (place / "version.json").write_text("{")
    assert "cannot be understood" in ours.merge(theirs).versions[0][1]


# A poisoned copy


def poisoned(theirs: Dataset, **changed: Any) -> None:
    data = b"some words"
    digest = hashlib.sha256(data).hexdigest()
    (theirs.path / "processed" / f"{digest[:32]}.txt").write_bytes(data)
    good: dict[str, Any] = {
        "id": digest[:32],
        "sha256": digest,
        "kind": "text",
        "media_type": "text/plain",
        "path": f"processed/{digest[:32]}.txt",
        "bytes": len(data),
    }
    write_part(theirs._folder, [Sighting(**{**good, **changed})])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"path": "../secret.txt"}, "no file below"),
        ({"path": "/etc/passwd"}, "no file below"),
        ({"path": "processed/../../secret.txt"}, "no file below"),
        ({"path": "processed/.hidden"}, "no file below"),
        ({"path": "metadata/dataset.json"}, "no file below"),
        ({"path": "processed/" + "x" * 300}, "no file below"),
        ({"path": "processed/link.txt"}, "leads out of"),
        ({"path": "processed/pipe.txt"}, "pipe"),
        ({"path": "processed/other.txt"}, "does not hold what the catalogue says"),
        ({"path": "processed/missing.txt"}, "is not there"),
        ({"path": "processed/x/../y.txt"}, "no file below"),
        ({"source": "raw/../../secret.txt"}, "no file below raw/"),
        ({"source": "raw/.git/hooks/post-commit"}, "no file below raw/"),
        ({"source": "processed/x.txt"}, "no file below raw/"),
        ({"id": "../" + "a" * 29}, "no item's id"),
        ({"id": "b" * 32}, "its id is not that of its bytes"),
        ({"sha256": "x" * 64}, "no SHA-256"),
        ({"kind": "<script>"}, "it names a file, and not what is in it"),
        ({"bytes": -1}, "a number in it"),
        ({"recipe": 7, "path": "processed/other.txt"}, "its recipe 7 is not there"),
        ({"attributes": "[1]"}, "names that cannot be columns"),
        ({"attributes": '{"id": 1}'}, "names that cannot be columns"),
        ({"attributes": '{"site": {"a": 1}}'}, "not texts and numbers"),
        ({"attributes": '{"site": NaN}'}, "not JSON"),
        ({"state": "lost"}, "state"),
        ({"media_type": "x" * 300}, "longer than any"),
        ({"row": 0, "path": "processed/other.txt"}, "no file of records"),
        ({"row": 0, "path": f"processed/records-{'0' * 26}.parquet"}, "is not there"),
    ],
)
def test_a_poisoned_row_is_refused_and_writes_nothing_outside(pair: Pair, changed: dict[str, Any], said: str) -> None:
    ours, theirs = pair
    (ours.path.parent / "secret.txt").write_text("secret")
    (theirs.path / "processed/link.txt").symlink_to(ours.path.parent / "secret.txt")
    os.mkfifo(theirs.path / "processed/pipe.txt")
    (theirs.path / "processed/other.txt").write_text("other words")
    poisoned(theirs, **changed)
    outside = {path: path.stat().st_mtime_ns for path in ours.path.parent.iterdir() if path != ours.path}
    merged = ours.merge(theirs)
    assert said in why(merged)
    assert merged.items == 0
    assert len(ours) == 3
    assert outside == {path: path.stat().st_mtime_ns for path in ours.path.parent.iterdir() if path != ours.path}


def test_the_poison_is_the_only_thing_refused(pair: Pair) -> None:
    ours, theirs = pair
    poisoned(theirs)
    assert ours.merge(theirs).items == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"annotator": "two\nlines"}, "annotator's name is none"),
        ({"item": "../../x"}, "an act on no item"),
        ({"value": "dodo"}, "no answer to its task"),
        ({"value": {"a": 1}}, "no answer to its task"),
        ({"status": "skipped", "value": "jay"}, "no answer to its task"),
        ({"task": "other"}, "another task"),
        ({"act": "x" * 500}, "too long"),
        ({"type": "exclude"}, "an act on no item"),
        ({"type": "schema", "schema": 9, "value": {"name": "species"}}, "a schema act that does not say"),
        (
            {
                "type": "schema",
                "schema": 9,
                "value": {"name": "species", "kind": "choice", "schema": 9, "options": [{"name": "x"}]},
            },
            "a schema act that does not say",
        ),
        (
            {"type": "schema", "schema": 9, "value": {"name": "species", "kind": "x", "schema": 9, "options": []}},
            "a schema act that does not say",
        ),
        ({"flagged": 3}, "are no acts"),
    ],
)
def test_a_poisoned_act_is_refused(pair: Pair, changed: dict[str, Any], said: str) -> None:
    ours, theirs = pair
    act = {"format": 1, "act": new_ulid(), "type": "label", "task": "species", "schema": 1, "item": ids(ours)[1]}
    act |= {"annotator": "eve", "value": "jay", "status": "labeled"}
    line = json.dumps(act | changed) + "\n"
    (theirs.path / f"metadata/labels/species/{new_ulid()}.jsonl").write_text(line)
    merged = ours.merge(theirs)
    assert said in why(merged)
    assert merged.acts == {}


def test_an_act_with_the_id_of_one_of_ours_changes_nothing(pair: Pair) -> None:
    ours, theirs = pair
    ours._index.refresh()
    act = next(act for act in ours._index.history("species") if act.type == "label")
    said = {**act.to_json(), "value": "rook", "received_at": "1970-01-01T00:00:00.000Z"}
    (theirs.path / f"metadata/labels/species/{new_ulid()}.jsonl").write_text(json.dumps(said) + "\n")
    assert ours.merge(theirs).nothing_new
    assert answers(ours) == {(ids(ours)[0], "anna", "jay")}


def test_names_of_journals_and_links_in_the_log_are_not_followed(pair: Pair) -> None:
    ours, theirs = pair
    labels = theirs.path / "metadata/labels"
    secret = ours.path.parent / "secret.jsonl"
    secret.write_text('{"format":1}\n')
    (labels / "species" / f"{new_ulid()}.jsonl").symlink_to(secret)
    (labels / "species" / "x y.jsonl").write_text("{}\n")
    (labels / "Other").mkdir()
    (labels / "Other" / f"{new_ulid()}.jsonl").write_text("{}\n")
    merged = ours.merge(theirs)
    assert merged.nothing_new
    assert why(merged) == "no journal is called that"
    assert not (ours.path / "metadata/labels/Other").exists()


def test_a_part_of_the_catalogue_with_the_name_of_one_of_ours(pair: Pair) -> None:
    ours, theirs = pair
    name = part_names(ours._folder)[0]
    poisoned(theirs)
    new = part_names(theirs._folder)[-1]
    shutil.copy(theirs.path / PARTS / new, theirs.path / PARTS / name)
    (theirs.path / PARTS / new).unlink()
    before = (ours.path / PARTS / name).read_bytes()
    assert ours.merge(theirs).items == 1
    assert (ours.path / PARTS / name).read_bytes() == before
    assert len(ours) == 4


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(30 if MANY else 1))
def test_killed_at_any_moment_and_done_again(tmp_path: Path, seed: int) -> None:
    program = Path(__file__).with_name("killed_copies.py")
    command = [sys.executable, str(program), str(tmp_path), "merge", "3", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("same", "")
