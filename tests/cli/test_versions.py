"""`freeze`, `versions`, `diff`, `verify`, `restore` and `gc`, at the command line."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from nbtools import serve
from nbtools.dataset import Dataset
from nbtools.storage import new_ulid
from tests.cli.ran import Run, Served
from tests.factory import Datasets


def test_from_a_freeze_to_its_files(birds: Dataset, run: Run, tmp_path: Path) -> None:
    frozen = run("freeze", birds.path, "first", "--author", "anna", "--upstream", "Birds 1.0")
    assert frozen.code == 0
    assert frozen.out.startswith("v1: + 5\nv1 · 5 items (5 image)\nspecies: 2 of 5 labeled\nfirst · anna · ")
    assert frozen.out.endswith(f"next: nbtools verify {birds.path} v1\n")
    assert "ds." not in frozen.out
    again = run("freeze", birds.path, "first", "--json")
    assert (again.json["name"], again.json["upstream"]) == ("v1", "Birds 1.0")
    assert "v1 holds exactly this already" in again.err

    birds.record("species", {birds.items()["id"][0]: "rook"}, annotator="anna", origin="person")
    birds.exclude(birds.items()["id"][4], "blurred")
    assert run("freeze", birds.path, "second").code == 0

    listed = run("versions", birds.path)
    lines = listed.out.splitlines()
    assert lines[0].split()[:4] == ["version", "items", "changed", "message"]
    assert re.match(r"v2 +4 +− 1 \(excluded 1\), relabeled 1 +second", lines[2])
    assert listed.out.endswith(f"next: nbtools diff {birds.path} VERSION\n")
    assert [row["version"] for row in run("versions", birds.path, "--json").json["versions"]] == ["v1", "v2"]
    assert run("versions", birds.path, "v1", "--json").json["message"] == "first"

    assert run("diff", birds.path, "v2").out.startswith("v1 → v2  − 1 (excluded 1), relabeled 1\n")
    assert run("diff", birds.path, "v1", "v2", "--json").json["added"] == 1
    relabeled = run("diff", birds.path, "v2", "v1", "--list", "relabeled", "--json").json
    assert [(row["from"], row["to"]) for row in relabeled] == [("jay", "rook")]
    assert run("diff", birds.path, "v2", "--list", "moved").out == "nothing was moved\n"
    assert "blurred" in run("diff", birds.path, "v2", "--list", "excluded").out

    assert run("verify", birds.path, "--level", "sample").code == 0
    assert run("verify", birds.path, "v1").out == "v1: 7 files read to the end\n"
    restored = run("restore", birds.path, "v2", tmp_path / "out", "--layout", "imagefolder", "--target", "species")
    assert (restored.code, restored.out.splitlines()[0]) == (0, f"2 files written to {tmp_path / 'out'}")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["rook"]


def test_a_restore_that_writes_nothing_says_so_and_has_failed(datasets: Datasets, run: Run, tmp_path: Path) -> None:
    ds = datasets.images(2)
    ds.freeze("nothing labeled")
    words = ("restore", ds.path, "v1", tmp_path / "out", "--layout", "imagefolder", "--target", "species")
    done = run(*words)
    assert done.code == 1
    assert done.out.splitlines()[-2:] == [
        "2 items left out: no label, or no file",
        "! nothing was written: label items and freeze again, or take another layout, such as --layout source",
    ]
    assert (run(*words, "--json").code, run("restore", ds.path, "v1", tmp_path / "all").code) == (1, 0)
    assert run("restore", ds.path, "v1", tmp_path / "all").code == 0, "what is there already is not nothing"


def test_splits_are_compared_and_verified_too(birds: Dataset, run: Run) -> None:
    birds.freeze("first")
    for seed in (0, 1):
        birds.version("v1").split({"train": 0.6, "test": 0.4}, seed=seed, fresh=True).save(confirm=True)
    moved = run("diff", birds.path, "v1.2", "--json").json
    assert (moved["from"], moved["to"], moved["added"]) == ("v1.1", "v1.2", 0)
    listed = run("diff", birds.path, "v1.2", "v1.1", "--list", "moved", "--json").json
    assert len(listed) == moved["moved"] > 0
    assert run("diff", birds.path, "v1.2").out.endswith(f"next: nbtools diff {birds.path} v1.2 v1.1 --list moved\n")
    assert "v1.1 is the first split of its version" in run("diff", birds.path, "v1.1").err
    assert birds.split("v1.2").diff(birds.split("v1.1")).summary["moved"] == moved["moved"]
    assert run("verify", birds.path, "v1.1").code == 0
    mixed = run("diff", birds.path, "v1.1", "v1")
    assert (mixed.code, "v1.1 is a split and v1 a version" in mixed.err) == (2, True)


def test_verify_and_restore_say_with_1_what_is_wrong(birds: Dataset, run: Run, tmp_path: Path) -> None:
    run("freeze", birds.path, "first")
    path = next((birds.path / "processed").iterdir())
    path.unlink()
    found = run("verify", birds.path)
    assert found.code == 1
    assert re.search(rf"missing +processed/{path.name}", found.out)
    data = run("verify", birds.path, "--json")
    assert (data.code, data.json["ok"], data.json["wrong"][0]["problem"]) == (1, False, "missing")
    restored = run("restore", birds.path, "v1", tmp_path / "out")
    assert restored.code == 1
    assert "it is missing" in restored.out
    (tmp_path / "out/00000.png").write_text("mine")
    refused = run("restore", birds.path, "v1", tmp_path / "out")
    assert (refused.code, "--force" in refused.err or "force=True" in refused.err) == (2, True)


def test_a_damaged_version_is_listed_with_1(birds: Dataset, run: Run) -> None:
    assert "has no version yet" in run("versions", birds.path).out
    (birds.path / "versions/old").mkdir(parents=True)
    (birds.path / "versions/v3").mkdir()
    (birds.path / "versions/v3/version.json").write_text("{}")
    listed = run("versions", birds.path)
    assert listed.code == 1
    assert "v3: versions/v3/version.json cannot be understood" in listed.out
    assert "made by hand: old" in listed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["diff", "v1"], "v1 is the first version"),
        (["diff", "v9"], "there is no version 'v9'"),
        (["verify", "one"], "is no name of a version"),
        (["freeze", "m", "--truth", "newest"], "truth='newest' is none of"),
        (["freeze", "m", "--truth", "latest", "--truth", "species=majority"], "--truth takes one RULE"),
        (["freeze", " "], "needs a message"),
        (["freeze", "m", "--where", "sight = 3"], "no such column"),
        (["restore", "v1", "out", "--layout", "imagefolder"], "needs target="),
    ],
)
def test_what_cannot_be_followed_is_said_with_2(birds: Dataset, run: Run, words: list[str], said: str) -> None:
    run("freeze", birds.path, "first")
    refused = run(words[0], birds.path, *words[1:])
    assert refused.code == 2
    assert said in refused.err


def test_answers_that_differ_need_a_rule(birds: Dataset, run: Run) -> None:
    first = birds.items()["id"][0]
    birds.record("species", {first: "rook"}, annotator="ben", origin="person")
    refused = run("freeze", birds.path, "m")
    assert refused.code == 2
    assert "truth='latest'" in refused.err
    settled = run("freeze", birds.path, "m", "--truth", "species=majority", "--json").json
    assert settled["truth"]["species"]["rule"] == "majority"


def test_verify_needs_a_version(birds: Dataset, run: Run) -> None:
    refused = run("verify", birds.path)
    assert refused.code == 2
    assert "nbtools freeze" in refused.err


def test_many_rows_are_cut(birds: Dataset, run: Run) -> None:
    run("freeze", birds.path, "first")
    birds.exclude(list(birds.items()["id"][:4]))
    run("freeze", birds.path, "second")
    cut = run("diff", birds.path, "v2", "--list", "removed", "--limit", "2")
    assert "… the first 2 of 4 rows; all: --limit 0" in cut.out
    assert len(run("diff", birds.path, "v2", "--list", "removed", "--limit", "0", "--json").json) == 4


def test_gc_says_first_and_clears_when_told(birds: Dataset, run: Run) -> None:
    left = birds.path / f"versions/.staging-{new_ulid()}"
    left.mkdir(parents=True)
    os.utime(left, (time.time() - 200_000,) * 2)
    said = run("gc", birds.path)
    assert (said.code, left.exists()) == (0, True)
    assert said.out.endswith(f"next: nbtools gc {birds.path} --delete\n")
    assert json.loads(run("gc", birds.path, "--delete", "--json").out)["removed"] is True
    assert not left.exists()
    assert run("gc", birds.path).out == "nothing to clear\n"


@pytest.mark.parametrize("read_only", [False, True])
def test_versions_are_looked_at_on_a_page(birds: Dataset, run: Run, served: Served, read_only: bool) -> None:
    opened = run("versions", birds.path, "--browse", "--no-browser", *(["--read-only"] if read_only else []))
    assert opened.code == 0
    wanted = serve.Dashboard("versions", birds.path, "birds", annotator="anna", read_only=read_only)
    assert served == [(wanted, serve.PORT, False)]
