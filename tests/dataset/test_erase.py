"""Erased is erased: in every byte of the folder, for good, and what could not be reached is said."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nbtools.dataset import Dataset
from nbtools.derived import thumbnail
from nbtools.errors import ErasedError, LabelError, NotSavedError, QueryError, UnknownItemError
from nbtools.items.erased import ERASED, PRIVATE, read_blocked
from nbtools.items.sighting import PARTS, part_names
from nbtools.store.gate import PATH as LOCK
from nbtools.versions.commit import Draft, commit
from nbtools.versions.erased import read_erased
from nbtools.versions.names import VersionName
from nbtools.versions.record import read_record
from nbtools.versions.tables import read_table
from nbtools.versions.verify import verify
from tests.conftest import MANY
from tests.factory import Datasets, picture

SECRET = "Ilse Aichinger, born 1921"
WHY = "consent withdrawn"


def ids(ds: Dataset) -> list[str]:
    return list(ds.items()["id"])


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file's bytes, and of Parquet files also what is in them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder))
            yield name, path.read_bytes()
            if path.suffix == ".parquet":
                table = pq.read_table(path)
                yield name, json.dumps(table.to_pylist(), default=str, ensure_ascii=False).encode()
                yield name, str(table.schema.metadata).encode()


def holding(folder: Path, *secrets: bytes) -> list[str]:
    """Return the files that hold one of some secrets."""
    return [name for name, data in everything(folder) if any(secret in data for secret in secrets)]


@pytest.fixture
def people(tmp_path: Path) -> Dataset:
    """Make a dataset of texts, a picture, and tables that hold and describe them, frozen twice."""
    raw = tmp_path / "people" / "raw"
    (raw / "notes").mkdir(parents=True)
    for number in range(4):
        (raw / "notes" / f"note-{number}.txt").write_text(f"text number {number}")
    (raw / "notes" / "ilse.txt").write_text(f"About {SECRET}")
    (raw / "copy").mkdir()
    (raw / "copy" / "again.txt").write_text(f"About {SECRET}")
    picture(1).save(raw / "one.png")
    (raw / "rows.csv").write_text(f'name,words\r\nother,"two\nlines"\r\nilse,"{SECRET} says"\r\nlast,end\r\n')
    ds = Dataset.create(tmp_path / "people")
    ds.ingest(rows="rows.csv", text="words", link="copy")
    ds.attach(
        pd.DataFrame({"id": ids(ds), "who": [SECRET if _is_secret(ds, one) else "other" for one in ids(ds)]}), "id"
    )
    ds.task("species", options=["jay", "rook"])
    for row in ds.items().itertuples():
        ds.record("species", {row.id: "jay"}, annotator="anna", origin="person", reason=f"of {row.who}")
    ds.exclude(secret_ids(ds)[0], f"{SECRET} asked")
    ds.include(secret_ids(ds, excluded=True)[0])
    ds.freeze("all of it")
    thumbnail(ds._folder, ds.raw / "one.png", hashlib.sha256((ds.raw / "one.png").read_bytes()).hexdigest())
    return ds


def _is_secret(ds: Dataset, item: str) -> bool:
    row = ds._index.item(item)
    assert row is not None
    return "ilse" in str(row.sources) or SECRET in (row.text or "")


def secret_ids(ds: Dataset, *, excluded: bool = False) -> list[str]:
    ds._index.refresh()
    return [row.id for row in ds._index.rows(excluded=excluded) if _is_secret(ds, row.id)]


def test_nothing_is_left_in_any_byte(people: Dataset) -> None:
    gone = [*secret_ids(people), *people.items(where="kind = 'image'")["id"]]
    assert len(gone) == 3
    secrets = (SECRET.encode(), (people.raw / "one.png").read_bytes()[40:])
    assert len(holding(people.path, *secrets)) > 8
    copies = list((people.path / "metadata/cache/derived").rglob("*.jpg"))
    others = {row.id: row for row in people._index.rows() if row.id not in gone}

    done = people.erase(gone, reason=WHY)
    assert holding(people.path, *secrets) == []
    assert not any(path.exists() for path in copies)
    assert (done.items, done.versions) == (3, {"v1": 3})
    assert (done.files, done.not_reached) == (5, [])
    assert "erased 3 items (consent withdrawn): 5 files, 2 rows" in repr(done)
    assert "other copies of this folder" in repr(done)

    fresh = Dataset(people.path)
    fresh._index.refresh()
    assert [row.id for row in fresh._index.rows()] == list(others)
    assert set(fresh.labels("species")["item"]) == set(others)
    assert (people.raw / "rows.csv").read_bytes() == b'name,words\r\nother,"two\nlines"\r\nlast,end\r\n'
    assert not (people.raw / "copy").exists()
    for row in fresh._index.rows():
        assert row.path is not None
        assert fresh.file(row.path).exists()
    report = fresh.ingest(rows="rows.csv", text="words")
    assert (report.counts["added"], report.counts["missing"], report.counts["replaced"]) == (0, 0, 0)


def test_erased_again_nothing_changes(people: Dataset) -> None:
    gone = secret_ids(people)
    people.erase(gone, reason=WHY)
    before = {name: data for name, data in everything(people.path) if "cache" not in name}
    again = people.erase(gone, reason=WHY)
    assert (again.items, again.files, again.rows, again.acts, again.versions) == (0, 0, 0, 0, {})
    assert {name: data for name, data in everything(people.path) if "cache" not in name} == before


def test_what_stays_is_when_and_why_and_a_keyed_list(people: Dataset) -> None:
    (item,) = people.items(where="kind = 'image'")["id"]
    people.erase(item[:12], reason=WHY)
    (public,) = (people.path / ERASED).glob("*.json")
    (private,) = (people.path / PRIVATE).glob("*.json")
    said = json.loads(public.read_text())
    assert said["reason"] == WHY
    assert item not in public.read_text()
    assert json.loads(private.read_text())["ids"] == [item]
    assert not private.stat().st_mode & 0o007
    assert (people.path / ERASED / ".gitignore").read_text() == "private/\n"
    (noted,) = (people.path / "versions/v1").glob("erased-*.json")
    assert json.loads(noted.read_text())["items"] == said["items"]
    assert item not in noted.read_text()


def test_the_version_says_what_it_is_since(people: Dataset) -> None:
    record = (people.path / "versions/v1/version.json").read_bytes()
    gone = secret_ids(people)
    people.erase(gone, reason=WHY)
    assert (people.path / "versions/v1/version.json").read_bytes() == record
    erased = read_erased(people._folder, VersionName(1))
    assert (erased.items, [why for _, why, _ in erased.said]) == (2, [WHY])
    for name, said in erased.files.items():
        data = (people.path / "versions/v1" / name).read_bytes()
        assert (said.bytes, said.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    for path, said in erased.records.items():
        assert said.sha256 == hashlib.sha256((people.path / path).read_bytes()).hexdigest()
    verified = people.version("v1").verify()
    assert verified.ok
    assert "2 items erased on request on" in repr(verified)
    assert verified.to_json()["erased"][0]["reason"] == WHY
    left = read_table(people._folder, VersionName(1), "items.parquet")["id"].to_pylist()
    assert set(left) == set(ids(people))
    assert len(people.version("v1").items) == len(left)
    assert people.freeze("without").name == "v2"
    assert people.version("v2").verify().ok
    people.erase(ids(people)[0], reason=WHY)
    assert people.version("v1").verify().ok
    assert people.version("v2").verify().ok
    (noted, *_) = (people.path / "versions/v1").glob("erased-*.json")
    noted.write_text("{")
    assert "cannot be understood" in str(people.version("v1").verify().wrong["found"].tolist())


def test_what_was_erased_and_is_listed_still_is_not_missing(people: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise OSError(28, "no space left")

    (item,) = people.items(where="kind = 'image'")["id"]
    with monkeypatch.context() as patch:
        patch.setattr("nbtools.versions.erasing.erase_from_versions", stop)
        with pytest.raises(NotSavedError, match="call it again"):
            people.erase(item, reason=WHY)
    (wrong,) = people.version("v1").verify().found
    assert (wrong.problem, wrong.item) == ("erased on request", item)
    people.erase(item, reason=WHY)
    assert people.version("v1").verify().ok


def test_splits_and_deleted_versions_too(people: Dataset) -> None:
    table = read_table(people._folder, VersionName(1), "items.parquet")
    parts = {"train.parquet": table.slice(0, 4), "test.parquet": table.slice(4)}
    commit(people._folder, VersionName(1), lambda _: Draft(parts, {"message": "halves", "parent": "v1"}))
    shutil.copytree(people.path / "versions/v1", people.path / "versions/v2")
    record = people.path / "versions/v2/version.json"
    record.chmod(0o644)
    record.write_text(record.read_text().replace('"name": "v1"', '"name": "v2"'))
    (people.path / "versions/v2/deleted.json").write_text("{}")
    assert people.erase(secret_ids(people), reason=WHY).versions == {"v1": 2, "v1.1": 2, "v2": 2}
    assert holding(people.path, SECRET.encode()) == []
    split = VersionName(1, 1)
    verified = verify(people._folder, read_record(people._folder, split), people.file)
    assert (verified.found, sum(count for _, _, count in verified.erased)) == ((), 2)


def test_a_reason_in_quarantine_names_it_no_more(people: Dataset) -> None:
    v1, halves = people.version("v1"), {"train": 0.5, "test": 0.5}
    gone = secret_ids(people)[0]
    first = v1.split(halves, seed=next(seed for seed in range(20) if _tested(people, halves, seed, gone)))
    first.save(confirm=True)
    train = first.assignments.index[first.assignments == "train"][0]
    picture(7).save(people.raw / "seven.png")
    people.ingest(rows="rows.csv", text="words", link="copy")
    split = people.freeze("more").split(halves, links=[(gone, train)]).save(confirm=True)
    (row,) = pd.read_parquet(split.path / "quarantine.parquet").to_dict("records")
    assert (row["id"], gone in row["reason"]) == (train, True)
    done = people.erase([gone], reason=WHY)
    assert holding(people.path / "versions", gone.encode()) == []
    assert not [where for where, _ in done.not_reached if "version.json" in where]
    (row,) = pd.read_parquet(split.path / "quarantine.parquet").to_dict("records")
    assert row["reason"] == "leak: is linked (given link) to an item that was erased, which is in test"
    assert split.verify().found == ()
    before = {path: path.read_bytes() for path in (people.path / "versions").rglob("*") if path.is_file()}
    people.erase([gone], reason=WHY)
    assert before == {path: path.read_bytes() for path in (people.path / "versions").rglob("*") if path.is_file()}


def _tested(ds: Dataset, ratios: dict[str, float], seed: int, item: str) -> bool:
    return item in ds.version("v1").split(ratios, seed=seed).assignments[lambda part: part == "test"].index


def test_a_record_that_names_it_is_said_not_to_be_reached(people: Dataset) -> None:
    gone = secret_ids(people)[0]
    record = people.path / "versions/v1/version.json"
    record.chmod(0o644)
    record.write_text(json.dumps(json.loads(record.read_text()) | {"report": {"leaks": [gone]}}))
    done = people.erase([gone], reason=WHY)
    assert ("versions/v1/version.json", "its report names erased items, and it stays as it was") in done.not_reached


def test_an_ingest_does_not_bring_it_back(people: Dataset, tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere"
    shutil.copytree(people.raw, kept)
    gone = secret_ids(people)
    people.erase(gone, reason=WHY)
    added = people.add(kept / "notes")
    assert [path for path, _ in added.failed] == ["notes/ilse.txt"]
    assert "erased on request on" in added.failed[0][1]
    shutil.copy(kept / "notes" / "ilse.txt", people.raw / "again.txt")
    shutil.copy(kept / "rows.csv", people.raw / "rows.csv")
    report = people.ingest(rows="rows.csv", text="words")
    assert report.counts["added"] == 0
    left: dict[str, str] = dict(report.left.itertuples(index=False))
    assert WHY in left["again.txt"]
    assert WHY in left["rows.csv#1"]
    assert not set(gone) & set(people.items()["id"])
    assert not list((people.path / "processed").glob(f"{gone[0]}*"))
    people.erase(gone, reason=WHY)
    assert not (people.raw / "again.txt").exists()


def test_a_merge_does_not_bring_it_back(people: Dataset) -> None:
    theirs = Dataset(shutil.copytree(people.path, people.path.parent / "theirs"))
    gone = secret_ids(people)
    theirs.record("species", {gone[0]: "rook"}, annotator="ben", origin="person", reason=SECRET)
    people.erase(gone, reason=WHY)
    merged = people.merge(theirs)
    assert any(WHY in why for why, _, _ in merged.refused)
    assert holding(people.path, SECRET.encode()) == []
    other = theirs.merge(people)
    assert other.erased_there == sorted(gone)
    assert "ds.erase([" in repr(other)
    assert set(gone) <= set(ids(theirs))
    theirs.erase(other.erased_there, reason=WHY)
    assert holding(theirs.path, SECRET.encode()) == []


def test_without_the_key_nothing_comes_in(people: Dataset) -> None:
    people.erase(secret_ids(people), reason=WHY)
    (private,) = (people.path / PRIVATE).glob("*.json")
    text = private.read_text()
    private.write_text("{")
    with pytest.raises(ErasedError, match="cannot be understood"):
        people.ingest()
    private.unlink()
    with pytest.raises(ErasedError, match="git does not take it"):
        people.ingest()
    private.write_text(text)
    assert len(read_blocked(people._folder)) == 2


def test_where_instead_of_ids(people: Dataset) -> None:
    done = people.erase(where=f"who = '{SECRET}'", reason=WHY)
    assert done.items == 2
    assert people.erase(where=f"who = '{SECRET}'", reason=WHY).items == 0


def test_what_is_wrong_is_said_before_anything_is_gone(people: Dataset) -> None:
    before = len(people)
    with pytest.raises(LabelError, match="needs a reason"):
        people.erase(ids(people)[0], reason=" ")
    with pytest.raises(UnknownItemError):
        people.erase("f" * 32, reason=WHY)
    with pytest.raises(QueryError, match="give one of them"):
        people.erase(reason=WHY)
    with pytest.raises(QueryError, match="give one of them"):
        people.erase(ids(people)[0], where="1", reason=WHY)
    assert len(people) == before
    assert not (people.path / ERASED).exists()


def test_what_could_not_be_reached_is_said(people: Dataset, tmp_path: Path) -> None:
    os.link(people.raw / "one.png", tmp_path / "linked.png")
    (people.path / ".git").mkdir()
    (people.path / "versions" / "final").mkdir()
    (people.path / "versions" / f".staging-{'0' * 26}").mkdir()
    (people.raw / "about.csv").write_text("subject,age\none,7\n")
    (item,) = people.items(where="kind = 'image'")["id"]
    done = people.erase(item, reason=WHY)
    told = dict(done.not_reached)
    assert "hard link" in told["raw/one.png"]
    assert "history of git" in told[str(people.path / ".git")]
    assert "made by hand" in told["versions/final"]
    assert "a freeze is at work" in told[f"versions/.staging-{'0' * 26}"]
    assert "by another name" in told["raw/about.csv"]
    assert "! not reached: raw/one.png" in repr(done)


def test_raw_data_elsewhere_is_not_ours(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (far / "a.txt").write_text(SECRET)
    ds = Dataset.create(tmp_path / "ds", raw=far)
    ds.ingest()
    done = ds.erase(ids(ds), reason=WHY)
    assert done.not_reached == [("raw/a.txt", "the raw data lies outside of the folder, and is not ours")]
    assert (far / "a.txt").exists()
    assert holding(ds.path, SECRET.encode()) == []


def test_another_file_at_the_path_of_an_erased_one_stays(datasets: Datasets) -> None:
    ds = datasets.of({"a.txt": SECRET.encode(), "b.txt": b"other"}, task=None)
    (item,) = ds.items(where="source = 'raw/a.txt'")["id"]
    (ds.raw / "a.txt").unlink()
    (ds.raw / "a.txt").write_text("new words")
    ds.erase(item, reason=WHY)
    assert (ds.raw / "a.txt").read_text() == "new words"


def test_a_row_that_describes_an_erased_file_goes_too(datasets: Datasets) -> None:
    files = {f"{number}.txt": f"text {number}".encode() for number in range(3)}
    table = f"file,who\n0.txt,somebody\n1.txt,{SECRET}\n2.txt,nobody\n"
    lines = "".join(
        json.dumps({"file": f"{number}.txt", "who": SECRET if number == 1 else ""}) + "\n" for number in range(3)
    )
    ds = datasets.of({**files, "who.csv": table.encode(), "more.jsonl": lines.encode()}, task=None)
    pd.DataFrame({"file": ["1.txt", "2.txt"], "who": [SECRET, ""]}).to_parquet(ds.raw / "last.parquet")
    (item,) = ds.items(where="source = 'raw/1.txt'")["id"]
    assert ds.erase(item, reason=WHY).rows == 3
    assert (ds.raw / "who.csv").read_text() == "file,who\n0.txt,somebody\n2.txt,nobody\n"
    assert holding(ds.path, SECRET.encode()) == []


def test_rows_that_have_a_key(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "ds")
    (ds.raw / "t.csv").write_text(f"n;words\n1;one\n2;{SECRET}\n3;one\n", encoding="utf-16")
    ds.ingest(key="n", text="words")
    (item,) = ds.items(where="source = 'raw/t.csv#2'")["id"]
    ds.erase(item, reason=WHY)
    assert (ds.raw / "t.csv").read_text(encoding="utf-16") == "n;words\n1;one\n3;one\n"
    assert ds.items(["text"])["text"].tolist() == ["one", "one"]
    assert ds.ingest(key="n", text="words").counts["unchanged"] == 2


def test_a_table_that_cannot_be_read_is_said(datasets: Datasets) -> None:
    ds = datasets.of({"a.txt": b"words", "bad.parquet": b"PAR1 no more"}, task=None)
    done = ds.erase(ids(ds), reason=WHY)
    assert "the table cannot be read" in dict(done.not_reached)["raw/bad.parquet"]


def test_the_catalogue_keeps_its_order(datasets: Datasets) -> None:
    ds = datasets.texts(3)
    (ds.raw / "later.txt").write_text("later")
    ds.ingest()
    first, *others = ids(ds)
    old = part_names(ds._folder)
    ds.erase(first, reason=WHY)
    assert ids(ds) == others
    assert old[1] in part_names(ds._folder)
    (ds.raw / "last.txt").write_text("last")
    ds.ingest()
    assert ids(ds)[: len(others)] == others
    assert len(list((ds.path / PARTS).iterdir())) == 3


def test_a_session_that_is_open_loses_nothing(datasets: Datasets) -> None:
    ds = datasets.texts(3)
    first, second, third = ids(ds)
    other = Dataset(ds.path)
    other.record("species", {first: "jay", second: "jay"}, annotator="ben", origin="person")
    ds.erase(first, reason=WHY)
    other.record("species", {third: "rook"}, annotator="ben", origin="person")
    assert {(row.item, row.value) for row in Dataset(ds.path).labels("species").itertuples()} == {
        (second, "jay"),
        (third, "rook"),
    }
    assert set(other.labels("species")["item"]) == {second, third}


def test_a_log_whose_gate_cannot_be_held_is_not_erased_from(datasets: Datasets) -> None:
    ds = datasets.texts(1)
    lock = ds.path / LOCK
    lock.unlink(missing_ok=True)
    lock.mkdir()
    ds.record("species", {ids(ds)[0]: "jay"}, annotator="anna", origin="person")
    with pytest.raises(NotSavedError, match="nothing was erased"):
        ds.erase_annotator("anna")
    assert len(ds.labels("species")) == 1


# A person's name


def test_the_name_of_an_annotator(people: Dataset) -> None:
    people.record("species", {ids(people)[0]: "rook"}, annotator="Benedikt", origin="person")
    people.freeze("with ben", truth="latest", author="somebody")
    labels = people.labels("species")
    before = sorted(zip(labels["item"], labels["value"], strict=True))
    in_version = set(people.version("v2").labels["annotator"])
    assert holding(people.path, b"Benedikt")

    done = people.erase_annotator("Benedikt")
    assert holding(people.path, b"Benedikt") == []
    assert (done.acts, done.labels, done.not_reached) == (1, False, [])
    assert done.pseudonym in in_version
    assert "stay, under 'annotator-" in repr(done)
    labels = people.labels("species")
    assert sorted(zip(labels["item"], labels["value"], strict=True)) == before
    assert set(labels["annotator"]) == {"anna", done.pseudonym}
    assert people.freeze("nothing new", truth="latest").name == "v2"
    assert people.erase_annotator("Benedikt").acts == 0
    assert "no act here bears this name" in people.erase_annotator("Benedikt")._repr_html_()


def test_the_name_and_the_labels(people: Dataset) -> None:
    people.record("species", {ids(people)[0]: "rook"}, annotator="Benedikt", origin="person")
    done = people.erase_annotator("Benedikt", labels=True)
    assert holding(people.path, b"Benedikt") == []
    assert set(people.labels("species")["annotator"]) == {"anna"}
    assert "are gone" in repr(done)


def test_where_the_name_still_stands_is_said(people: Dataset) -> None:
    people.record("species", {ids(people)[0]: "rook"}, annotator="anna", origin="correction", reason="as Benedikt said")
    people.record("species", {ids(people)[0]: "rook"}, annotator="Benedikt", origin="person")
    people.freeze("with ben", truth="latest", author="Benedikt")
    told = dict(people.erase_annotator("Benedikt").not_reached)
    assert "names the author" in told["versions/v2/version.json"]
    assert "1 acts hold the name as a word" in told["metadata/labels"]


def test_nobodys_name(people: Dataset) -> None:
    with pytest.raises(LabelError):
        people.erase_annotator("import")


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(30 if MANY else 1))
def test_killed_at_any_moment_and_done_again(tmp_path: Path, seed: int) -> None:
    program = Path(__file__).with_name("killed_copies.py")
    command = [sys.executable, str(program), str(tmp_path), "erase", "3", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("same", "")


def test_a_name_inside_other_words_is_no_name(people: Dataset) -> None:
    people.record("species", {ids(people)[0]: "rook"}, annotator="ann", origin="correction", reason="as annie said")
    assert people.erase_annotator("ann").not_reached == []
