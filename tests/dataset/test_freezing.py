import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.dataset.pseudonyms import pseudonyms
from nbtools.errors import (
    DatasetError,
    NewerFormatError,
    QueryError,
    SchemaError,
    UnknownItemError,
    UnknownVersionError,
    UnsettledError,
    VersionError,
)
from nbtools.storage import Folder
from tests.factory import Datasets


@pytest.fixture
def birds(datasets: Datasets) -> Dataset:
    ds = datasets.texts(6, name="birds")
    first, second, *_ = ds.items()["id"]
    ds.record("species", {first: "jay", second: "rook"}, annotator="anna", origin="person")
    return ds


def ids(ds: Dataset) -> list[str]:
    return list(ds.items()["id"])


def test_a_version_holds_what_there_is(birds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    v1 = birds.freeze("first", author="anna", upstream={"name": "Birds", "version": "1.0"})
    assert capsys.readouterr().out == "v1: + 6\n"
    table = v1.items.set_index("id")
    now = birds.items(columns=["id", "kind", "path", "bytes", "sha256"], labels="species").set_index("id")
    for name in now.columns:
        assert table[name].fillna("").to_dict() == now[name].fillna("").to_dict()
    assert sorted(table["text"]) == [f"text number {number}" for number in range(6)]
    assert (len(v1), v1.name, v1.parent, v1.message, v1.author, v1.tasks) == (
        6,
        "v1",
        None,
        "first",
        "anna",
        ["species"],
    )
    assert v1.record.said["upstream"] == {"name": "Birds", "version": "1.0"}
    assert v1.path == birds.path / "versions" / "v1"
    assert v1 == birds.version("v1")
    assert hash(v1) == hash(birds.version("v1"))
    assert repr(v1).splitlines()[:3] == [
        "v1 · 6 items (6 text)", "species: 2 of 6 labeled", f"first · anna · {v1.created[:10]}"
    ]  # fmt: skip
    assert repr(v1).endswith('next: ds.version("v1").items')
    assert v1._repr_html_().startswith("<pre>v1 · 6 items")


def test_the_same_again_is_the_same_version(birds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    v1 = birds.freeze("first")
    before = {path: path.read_bytes() for path in birds.path.rglob("*") if path.is_file() and "cache" not in path.parts}
    capsys.readouterr()
    assert birds.freeze("another word for it") == v1
    assert birds.freeze("first", truth="majority") == v1
    assert capsys.readouterr().out == "v1 holds exactly this already (first)\n" * 2
    after = {path: path.read_bytes() for path in birds.path.rglob("*") if path.is_file() and "cache" not in path.parts}
    assert after == before


def test_back_to_older_content_is_a_new_version_that_says_so(birds: Dataset) -> None:
    birds.freeze("first")
    one = ids(birds)[3]
    birds.exclude(one, "blurred")
    birds.freeze("without it")
    birds.include(one)
    v3 = birds.freeze("with it again")
    assert (v3.name, v3.record.said["same_as"], v3.parent) == ("v3", "v1", "v2")


def test_run_twice_a_notebook_of_several_freezes_changes_nothing(birds: Dataset) -> None:
    def notebook() -> list[str]:
        ds = Dataset(birds.path)
        return [
            ds.freeze("all").name,
            ds.freeze("items alone", tasks=[]).name,
            ds.freeze("two", items=ids(ds)[:2]).name,
        ]

    assert notebook() == notebook() == ["v1", "v2", "v3"]
    assert len(birds.versions()) == 3


def test_some_items_and_some_tasks(birds: Dataset) -> None:
    birds.task("seen", "choices", ["nest"])
    birds.record("seen", {ids(birds)[0]: ["nest"]})
    v1 = birds.freeze("a query", tasks="species", items="bytes > 0 and source like '%00001.txt'")
    assert (len(v1), v1.tasks, list(v1.items["species"])) == (1, ["species"], ["rook"])
    wanted = ids(birds)[2:4]
    for given in (wanted, tuple(one[:10] for one in wanted), pd.DataFrame({"id": wanted}), pd.Series(wanted)):
        assert sorted(birds.freeze("two", items=given).items["id"]) == sorted(wanted)
    assert birds.freeze("none of the tasks", tasks=[]).tasks == []
    assert len(birds.versions()) == 3


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"items": "sight = 3"}, QueryError, "no such column"),
        ({"items": ["ffff"]}, UnknownItemError, "no item's id begins with 'ffff'"),
        ({"items": pd.DataFrame({"name": []})}, VersionError, "without a column 'id'; it has name"),
        ({"items": []}, VersionError, "no item to freeze"),
        ({"tasks": ["spices"]}, SchemaError, "did you mean 'species'"),
        ({"truth": "newest"}, VersionError, "is none of 'latest'"),
        ({"truth": {"spices": "latest"}}, VersionError, "did you mean 'species'"),
        ({"message": " "}, VersionError, "needs a message"),
        ({"message": None}, VersionError, "needs a message"),
    ],
)
def test_what_cannot_be_frozen_is_refused_and_writes_nothing(
    birds: Dataset, given: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        birds.freeze(**({"message": "m"} | given))
    assert not list((birds.path / "versions").glob("*"))


def test_excluded_items_are_out_with_their_labels(birds: Dataset) -> None:
    first, second, third, *_ = ids(birds)
    birds.exclude([first, third], "blurred")
    with pytest.raises(VersionError, match=r"names 2 excluded items: .*ds\.include\(ids\)"):
        birds.freeze("m", items=[first, second, third])
    v1 = birds.freeze("m")
    assert (len(v1), list(v1.labels["item"])) == (4, [second])


def test_answers_that_differ_are_settled_as_asked(birds: Dataset) -> None:
    first = ids(birds)[0]
    birds.record("species", {first: "rook"}, annotator="ben", origin="person")
    with pytest.raises(UnsettledError, match=r"differ on 1 item of 'species'.*truth='latest'"):
        birds.freeze("m")
    latest = birds.freeze("m", truth="latest")
    assert latest.items.set_index("id")["species"][first] == "rook"
    assert latest.record.truth["species"]["rule"] == "latest"
    even = birds.freeze("m", truth={"species": "majority"})
    assert pd.isna(even.items.set_index("id")["species"][first])
    birds.record("species", {first: "jay"}, annotator="cleo", origin="adjudication")
    judged = birds.freeze("m", truth="adjudicated")
    assert judged.items.set_index("id")["species"][first] == "jay"
    for rule, version in (("latest", judged), ("majority", None)):
        settled = birds.labels("species", truth=rule).set_index("item")["value"]  # type: ignore[arg-type]
        table = (version or birds.freeze("m", truth=rule)).items.set_index("id")["species"].dropna()
        assert table.to_dict() == settled.to_dict()


def test_names_of_annotators_stay_out_of_versions(birds: Dataset) -> None:
    birds.record("species", {ids(birds)[4]: "jay"}, origin="import")
    v1 = birds.freeze("m", author="someone")
    who = set(v1.labels["annotator"])
    assert "import" in who
    (pseudonym,) = who - {"import"}
    assert pseudonym.startswith("annotator-")
    versions = b"".join(path.read_bytes() for path in (birds.path / "versions").rglob("*") if path.is_file())
    assert b"anna" not in versions
    (kept,) = (birds.path / "metadata/annotators").iterdir()
    assert json.loads(kept.read_text()) == {"format": 1, "name": "anna", "pseudonym": pseudonym}
    birds.record("species", {ids(birds)[5]: "jay"}, annotator="anna", origin="person")
    assert set(birds.freeze("m2", author="x").labels["annotator"]) == who


def test_a_pseudonym_is_made_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    first = pseudonyms(folder, "ds", ["anna", "b\ud800"])
    assert pseudonyms(folder, "ds", ["anna", "import"]) == {"anna": first["anna"], "import": "import"}
    assert pseudonyms(folder, "other", ["anna"])["anna"] != first["anna"]
    for path in (tmp_path / "metadata/annotators").iterdir():
        path.write_text('{"pseudonym": "two\\nlines"}')
    with pytest.raises(DatasetError, match="holds no pseudonym"):
        pseudonyms(folder, "ds", ["anna"])
    for path in (tmp_path / "metadata/annotators").iterdir():
        path.write_text("[]")
    with pytest.raises(DatasetError, match="cannot be understood"):
        pseudonyms(folder, "ds", ["anna"])


def test_versions_are_listed_with_what_lies_beside_them(birds: Dataset) -> None:
    assert repr(birds.versions()) == 'no version yet\nnext: ds.freeze("what it is")'
    birds.freeze("first", author="anna")
    birds.exclude(ids(birds)[0])
    v2 = birds.freeze("<second>", author="anna")
    (birds.path / "versions/v7_old").mkdir()
    (birds.path / "versions/v3").mkdir()
    (birds.path / "versions/v3/version.json").write_text('{"format": 99, "needs": "4.2"}')
    listed = birds.versions()
    assert [version.name for version in listed] == ["v1", "v2"]
    assert (listed[-1], [one.name for one in listed[:1]]) == (v2, ["v1"])
    assert listed.foreign == ["v7_old"]
    lines = repr(listed).splitlines()
    assert re.fullmatch(rf"v1  6 items  \+ 6 +first +anna  {v2.created[:10]}", lines[0])
    assert lines[2].startswith("v3: versions/v3/version.json is of format 99")
    assert lines[3:] == ["made by hand: v7_old", 'next: ds.version("v2")']
    assert "&lt;second&gt;" in listed._repr_html_()
    with pytest.raises(NewerFormatError, match=r"nbtools-data>=4\.2"):
        birds.version("v3")
    with pytest.raises(NewerFormatError):
        birds.freeze("over one that cannot be read")


def test_a_version_that_is_not_there_is_named(birds: Dataset) -> None:
    birds.freeze("m")
    with pytest.raises(UnknownVersionError, match="there is no version 'v2'; there are v1"):
        birds.version("v2")
    with pytest.raises(UnknownVersionError, match="write the name as text"):
        birds.version(1.1)  # type: ignore[arg-type]
    (birds.path / "versions/v1.1").mkdir()
    shutil.copy(birds.path / "versions/v1/version.json", birds.path / "versions/v1.1")
    assert birds.version("v1").splits == ["v1.1"]
    with pytest.raises(VersionError, match=r"v1\.1 is a split: ds\.split\('v1\.1'\)"):
        birds.version("v1.1")


def test_differences_are_asked_of_the_newer(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    birds.record("species", {ids(birds)[0]: "rook"}, annotator="anna", origin="person")
    v2 = birds.freeze("second")
    assert v2.diff(v1).relabeled[["from", "to"]].to_numpy().tolist() == [["jay", "rook"]]
    assert v2.diff("v1").summary == dict(v2.changed)
    with pytest.raises(UnknownVersionError):
        v2.diff("v9")


def test_the_changelog_keeps_what_a_person_wrote(birds: Dataset) -> None:
    path = birds.path / "metadata/CHANGELOG.md"
    path.write_text("# Our birds\n\nTaken in November.\n")
    birds.freeze("first\n## [v9] <b>", author="anna")
    first = path.read_text()
    assert first.startswith("# Our birds\n\nTaken in November.\n\n<!-- Made by nbtools")
    assert "## [v1] - 20" in first
    assert "first ## [v9] &lt;b> (anna)\n\n### Added\n\n- 6 items\n" in first
    path.write_text(first.replace("November", "December") + "\nlost: it is below the line\n")
    one, two, *_ = ids(birds)
    birds.exclude(one)
    birds.record("species", {two: "jay"}, annotator="anna", origin="person")
    birds.freeze("second", author="anna")
    text = path.read_text()
    assert "Taken in December." in text
    assert "lost" not in text
    assert text.index("## [v2]") < text.index("## [v1]")
    assert "- 1 item, 1 of them excluded" in text
    assert "- 1 label of species" in text
    birds.include(one)
    birds.record("species", {two: "rook"}, annotator="anna", origin="person", reason="looked again")
    birds.freeze("third", author="anna")
    assert "- the same again as v1" in path.read_text()


def test_the_folder_can_be_moved(birds: Dataset, tmp_path: Path) -> None:
    v1 = birds.freeze("first")
    split = v1.split({"train": 0.6, "test": 0.4}).save(confirm=True)
    birds.exclude(ids(birds)[0])
    birds.freeze("second")
    frame, summary, parts = v1.items, birds.version("v2").diff("v1").summary, split.assignments
    listed, history = birds.items(), birds.labels("species", history=True)
    shutil.move(birds.path, tmp_path / "elsewhere")
    moved = Dataset(tmp_path / "elsewhere")
    assert moved.version("v1").items.equals(frame)
    assert moved.freeze("second").name == "v2"
    assert [moved.version(name).verify().ok for name in ("v1", "v2")] == [True, True]
    assert moved.split("v1.1").verify().ok
    assert moved.split("v1.1").assignments.equals(parts)
    assert moved.version("v2").diff("v1").summary == summary
    assert moved.items().equals(listed)
    assert moved.labels("species", history=True).equals(history)
    assert moved.sql("select count(*) as n from v1_items")["n"].tolist() == [len(frame)]
    assert moved.version("v1").restore(tmp_path / "out").written == len(frame)


def test_listing_versions_loads_nothing_heavy(birds: Dataset) -> None:
    birds.freeze("first")
    program = (
        "import sys; from nbtools.dataset import Dataset; ds = Dataset(sys.argv[1]); "
        "print(repr(ds.versions()), repr(ds.version('v1')), ds.version('v1').diff('v1').summary); "
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'duckdb', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(birds.path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_version_is_verified_and_restored(birds: Dataset, tmp_path: Path) -> None:
    v1 = birds.freeze("first")
    assert v1.verify().ok
    birds.raw.joinpath("00001.txt").unlink()
    assert v1.verify("sample").ok
    done = v1.restore(tmp_path / "out")
    assert (done.written, (tmp_path / "out/00001.txt").read_text()) == (6, "text number 1")
    v1.restore(tmp_path / "by answer", layout="imagefolder", target="species")
    assert sorted(path.name for path in (tmp_path / "by answer").iterdir()) == ["jay", "rook"]
    path = birds.path / v1.items["path"][0]
    path.chmod(0o644)
    path.write_text("other text 1.")
    assert v1.verify().wrong[["problem", "item"]].to_numpy().tolist() == [["changed", v1.items["id"][0]]]


def test_data_that_is_read_where_it_lies_is_verified_and_restored_from_there(tmp_path: Path) -> None:
    raw = tmp_path / "elsewhere"
    (raw / "a").mkdir(parents=True)
    (raw / "a/one.txt").write_text("one")
    ds = Dataset.create(tmp_path / "ds", raw=raw)
    ds.ingest(link="reference")
    v1 = ds.freeze("as it lies")
    assert list(v1.items["path"]) == ["raw/a/one.txt"]
    assert (v1.verify().ok, v1.restore(tmp_path / "out").written) == (True, 1)
    assert (tmp_path / "out/a/one.txt").read_text() == "one"
    (raw / "a/one.txt").write_text("two")
    assert [one.problem for one in v1.verify().found] == ["changed"]
    assert v1.restore(tmp_path / "again").failed[0][0] == "raw/a/one.txt"
    stranger = Dataset(ds.path).version("v1")
    assert [one.problem for one in stranger.verify().found] == ["outside"]


def test_rows_are_frozen_verified_and_restored(tmp_path: Path) -> None:
    ds = Dataset.create(tmp_path / "ds")
    ds.add(pd.DataFrame({"words": ["one", "two", "two"], "n": [1, 2, 3]}), name="said")
    ds.ingest(text="words")
    v1 = ds.freeze("rows")
    assert sorted(v1.items["text"]) == ["one", "two", "two"]
    assert (v1.verify().ok, v1.verify().files) == (True, 3)
    v1.restore(tmp_path / "out")
    (table,) = (tmp_path / "out").iterdir()
    assert sorted(pd.read_parquet(table)["words"]) == ["one", "two", "two"]


def test_a_deleted_version_is_gone_and_cleared_later(birds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    v1 = birds.freeze("first")
    birds.delete(v1, reason="a mistake")
    birds.delete("v1")
    assert "v1 was deleted before" in capsys.readouterr().out
    assert len(birds.versions()) == 0
    assert repr(birds.gc()) == "nothing to clear"
    with pytest.raises(UnknownVersionError, match="v1 was deleted"):
        birds.version("v1")
    with pytest.raises(UnknownVersionError, match="there is no version 'v9'"):
        birds.delete("v9")
    assert birds.freeze("first").name == "v2"


def test_git_takes_records_and_no_bytes(birds: Dataset) -> None:
    birds.freeze("first")
    (birds.path / "versions/.staging-x").mkdir()
    (birds.path / "versions/.staging-x/items.parquet").write_bytes(b"x")
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=birds.path, check=True, capture_output=True)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=birds.path, check=True, capture_output=True, text=True
    ).stdout.split()
    assert {"metadata/dataset.json", "metadata/CHANGELOG.md", "metadata/tasks/species/1.json"} < set(listed)
    assert {"versions/v1/version.json", "versions/v1/items.parquet", "versions/v1/labels.parquet"} < set(listed)
    folders = {name.rpartition("/")[0] for name in listed}
    assert not {
        name for name in folders if name.startswith(("raw", "processed", "metadata/cache", "metadata/annotators"))
    }
    assert not [name for name in listed if ".staging" in name]
