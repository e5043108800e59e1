"""Every command, what it prints and what it changes."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from nbtools import cli, demo, serve
from nbtools.cli.parser import build
from nbtools.dataset import Dataset
from nbtools.errors import ServeError
from tests.cli.ran import Run, Served
from tests.factory import Datasets, picture

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
NAMES = [command.name for command in cli.COMMANDS]


def _flags(name: str) -> set[str]:
    below = next(action for action in build(cli.COMMANDS)._actions if isinstance(action, argparse._SubParsersAction))
    return {flag for action in below.choices[name]._actions for flag in action.option_strings}


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_documents(name: str) -> None:
    rows = re.findall(rf"^\| `nbtools {name}\b([^`]*)` \| (.+) \|$", README, re.MULTILINE)
    assert len(rows) == 1, f"one row of the table of commands is about {name}"
    named = set(re.findall(r"--[a-z-]+", " ".join(rows[0])))
    assert named - _flags(name) == set(), "the README names only options that there are"


def test_the_readme_documents_nothing_else() -> None:
    assert set(re.findall(r"(?:^ {4}|`)nbtools ([a-z]+)", README, re.MULTILINE)) == set(NAMES)


def test_every_command_is_tested() -> None:
    tested = set(
        re.findall(r'run\("([a-z]+)"', "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py")))
    )
    assert set(NAMES) - tested == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_command_explains_itself(name: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(name, "--help")
    assert ended.value.code == 0
    assert f"usage: nbtools {name}" in capsys.readouterr().out


def test_from_a_folder_to_labels(tmp_path: Path, run: Run, served: Served) -> None:
    photos, folder = tmp_path / "photos", tmp_path / "birds"
    for number, site in enumerate(("north", "north", "south")):
        (photos / site).mkdir(parents=True, exist_ok=True)
        picture(number).save(photos / site / f"{number}.png")

    made = run("init", folder, "--name", "Birds", "--license", "CC-BY-4.0")
    assert (made.code, made.err) == (0, "")
    assert f"Birds is a dataset in {folder}" in made.out

    added = run("add", folder, photos)
    assert added.code == 0
    assert "3 files copied" in added.out
    assert "ds." not in added.out
    assert sum(path.is_file() for path in (folder / "raw").rglob("*")) == 3

    ingested = run("ingest", folder, "--attribute", "site=folder:-1", "--json")
    assert (ingested.code, ingested.json["counts"]["added"]) == (0, 3)
    again = run("ingest", folder, "--attribute", "site=folder:-1", "--json")
    assert (again.json["counts"]["added"], again.json["counts"]["unchanged"]) == (0, 3)

    assert f"next: nbtools ingest {folder}" in run("ingest", folder, "--dry-run").out
    for wrong in ("foldr:1", "name:(", "column:no"):
        assert run("ingest", folder, "--attribute", f"site={wrong}").code == 2

    task = run("task", folder, "species", "jay=j", "rook")
    assert task.code == 0
    assert re.search(r"species +choice +1 +jay=j, rook", task.out)

    assert run("label", folder, "--no-browser", "--port", 5000).code == 0
    assert served == [(serve.Dashboard("annotate", folder.resolve(), "Birds", "species", "anna"), 5000, False)]

    shown = run("show", folder)
    assert "Birds · 3 items" in shown.out
    found = run("show", folder, "--where", "site = 'north'", "--json").json
    assert [item["site"] for item in found] == ["north", "north"]


def test_init_again_opens_what_is_there(tmp_path: Path, run: Run) -> None:
    first = run("init", tmp_path / "birds", "--json").json
    again = run("init", tmp_path / "birds", "--json")
    assert again.json == first
    assert "already" in again.err


def test_init_can_adopt_and_can_read_elsewhere(tmp_path: Path, run: Run) -> None:
    by_hand = tmp_path / "old" / "processed"
    by_hand.mkdir(parents=True)
    picture(1).save(by_hand / "one.png")
    refused = run("init", by_hand.parent)
    assert refused.code == 1
    assert run("init", by_hand.parent, "--adopt").code == 0
    elsewhere = run("init", tmp_path / "new", "--raw", by_hand)
    assert elsewhere.out.endswith(f"next: NBTOOLS_RAW={by_hand} nbtools ingest {tmp_path / 'new'}\n")
    assert json.loads((tmp_path / "new" / "metadata" / "dataset.json").read_text())["raw"] == str(by_hand)


def test_add_of_nothing_is_wrong_use(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "birds")
    missing = run("add", tmp_path / "birds", tmp_path / "photos")
    assert missing.code == 2
    assert "there is nothing at" in missing.err


def test_ingest_says_with_1_that_something_failed(datasets: Datasets, run: Run) -> None:
    dataset = datasets.images(2)
    (dataset.raw / "empty.png").write_bytes(b"")
    ingested = run("ingest", dataset.path)
    assert ingested.code == 1
    assert "empty.png" in ingested.out


def test_ingest_can_convert_and_can_be_tried(datasets: Datasets, run: Run) -> None:
    dataset = datasets.images(2)
    picture(7).save(dataset.raw / "7.png")
    before = sorted(path.name for path in (dataset.path / "processed").iterdir())
    assert run("ingest", dataset.path, "--dry-run").code == 0
    assert sorted(path.name for path in (dataset.path / "processed").iterdir()) == before
    assert run("ingest", dataset.path, "--convert", "max_side=32", "--convert", "format=webp").code == 0
    assert len(list((dataset.path / "processed").glob("*.webp"))) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--attribute", "site"], "--attribute takes NAME=VALUE, and 'site'"),
        (["--attribute", "Site=folder:0"], "'site'"),
        (["--convert", "max_side=big"], "a whole number, not 'big'"),
        (["--convert", "strip_metadata=1"], "yes or no, not '1'"),
        (["--lnk", "hard"], "unrecognized arguments: --lnk"),
    ],
)
def test_ingest_refuses_what_it_cannot_follow(datasets: Datasets, run: Run, words: list[str], said: str) -> None:
    refused = run("ingest", datasets.images(1).path, *words)
    assert refused.code == 2
    assert said in refused.err


def test_task_lists_and_shows(birds: Dataset, run: Run, tmp_path: Path) -> None:
    listed = run("task", birds.path, "--json").json
    assert [task["name"] for task in listed] == ["species"]
    assert run("task", birds.path, "species", "--json").json == listed[0]
    run("init", tmp_path / "empty")
    assert "no task yet" in run("task", tmp_path / "empty").out


def test_task_adds_options_and_drops_none(birds: Dataset, run: Run) -> None:
    changed = run("task", birds.path, "species", "magpie", "jay=x", "--json").json
    assert changed["schema"] == 2
    assert [(option["name"], option.get("key")) for option in changed["options"]] == [
        ("jay", "x"),
        ("rook", None),
        ("magpie", None),
    ]


def test_task_renames_and_retires(birds: Dataset, run: Run) -> None:
    assert run("task", birds.path, "species", "--rename", "jay", "blue jay", "--retire", "rook").code == 0
    task = birds.tasks()["species"]
    assert [option.name for option in task.offered] == ["blue jay"]
    assert set(birds.labels("species")["value"]) == {"jay", "rook"}


def test_task_splits_an_option(birds: Dataset, run: Run) -> None:
    done = run("task", birds.path, "species", "--split", "rook", "young rook", "old rook")
    assert done.code == 0
    assert "split 'rook' into 'young rook', 'old rook'" in done.out
    assert [option.name for option in birds.tasks()["species"].offered] == ["jay", "young rook", "old rook"]
    refused = run("task", birds.path, "species", "--split", "jay")
    assert (refused.code, "into two others or more" in refused.err) == (2, True)


def test_task_merges_an_option_into_another(birds: Dataset, run: Run) -> None:
    done = run("task", birds.path, "species", "--merge", "rook", "jay")
    assert done.code == 0
    assert "1 label of 'species' merged" in done.out
    assert [option.name for option in birds.tasks()["species"].offered] == ["jay"]
    assert list(birds.labels("species")["value"]) == ["jay", "jay"]
    assert "ds.revert" not in run("task", birds.path, "species", "--merge", "rook", "jay").out, "again: nothing"
    assert run("task", birds.path, "species", "--merge", "jay", "jay").code == 2


def test_a_form_is_listed_with_its_fields(birds: Dataset, run: Run) -> None:
    fields = [{"name": "seen", "kind": "choice", "options": ["bird", "nest"]}, {"name": "eggs", "kind": "number"}]
    assert run("task", birds.path, "visit", "--kind", "form", "--set", f"fields={json.dumps(fields)}").code == 0
    assert re.search(r"^visit +form +1 +seen, eggs$", run("task", birds.path).out, re.MULTILINE)


def test_task_of_choices_with_a_title(birds: Dataset, run: Run) -> None:
    made = run(
        "task", birds.path, "seen", "nest", "egg", "--kind", "choices", "--title", "What is seen?", "--json"
    ).json
    assert (made["kind"], made["title"]) == ("choices", "What is seen?")


def test_a_task_of_another_kind_has_its_settings(birds: Dataset, run: Run) -> None:
    made = run("task", birds.path, "quality", "--kind", "rating", "--set", "max=7", "--json").json
    assert (made["kind"], made["settings"]) == ("rating", {"min": 1, "max": 7})
    changed = run("task", birds.path, "quality", "--set", "max=9", "--json").json
    assert (changed["schema"], changed["settings"]["max"]) == (2, 9)
    text = run("task", birds.path, "asr", "--kind", "text", "--set", "start=attribute:site", "--json").json
    assert text["settings"]["start"] == "attribute:site"
    refused = run("task", birds.path, "quality", "--set", "maxi=9")
    assert refused.code != 0
    assert "did you mean 'max'" in refused.out + refused.err
    assert run("task", birds.path, "quality", "--set", "max").code == 2


def test_a_task_takes_guidelines_from_a_file_and_lets_go_of_them(birds: Dataset, run: Run, tmp_path: Path) -> None:
    (tmp_path / "how.md").write_text("# Blue wings: a jay\n")
    made = run("task", birds.path, "species", "--guidelines", tmp_path / "how.md", "--json").json
    assert (made["schema"], made["guidelines"]) == (2, "# Blue wings: a jay")
    assert run("task", birds.path, "species", "--json").json["guidelines"] == "# Blue wings: a jay"
    gone = run("task", birds.path, "species", "--guidelines", tmp_path / "none.md")
    assert gone.code != 0
    assert "can't be read" in gone.err
    assert "guidelines" not in run("task", birds.path, "species", "--guidelines", "", "--json").json


def test_a_task_that_is_not_there_is_named_nearly(birds: Dataset, run: Run) -> None:
    for command in ("task", "label"):
        missing = run(command, birds.path, "spices")
        assert missing.code == 2
        assert "did you mean 'species'" in missing.err


def test_label_needs_a_task(datasets: Datasets, run: Run, served: Served) -> None:
    refused = run("label", datasets.images(1, task=None).path)
    assert refused.code == 2
    assert "nbtools task" in refused.err
    assert served == []


def test_label_lets_the_page_ask_which_of_several(birds: Dataset, run: Run, served: Served) -> None:
    birds.task("seen", options=["nest"])
    assert run("label", birds.path, "--annotator", "ben").code == 0
    assert served == [(serve.Dashboard("annotate", birds.path, "birds", None, "ben"), serve.PORT, True)]


def test_label_takes_an_order(birds: Dataset, run: Run, served: Served) -> None:
    birds.attach(pd.DataFrame({"id": birds.items()["id"], "site": list("abcde")}), on="id")
    for name in ("shuffled", "column:site", "column:width", "entropy", "sequential"):
        assert run("label", birds.path, "--order", name).code == 0
    orders = [dashboard.order for dashboard, *_ in served]
    assert orders == ["shuffled", "column:site", "column:width", "entropy", None]
    for wrong, said in {
        "shufled": "did you mean 'shuffled'",
        "column:sit": "did you mean 'site'",
        "column:": "none of",
    }.items():
        refused = run("label", birds.path, "--order", wrong)
        assert (refused.code, said in refused.err) == (2, True)
    assert len(served) == len(orders)


def test_what_keeps_a_page_from_being_served_is_said(birds: Dataset, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ServeError("port 8877 is taken")

    monkeypatch.setattr(serve, "serve_dashboard", refuse)
    refused = run("label", birds.path)
    assert (refused.code, refused.err) == (1, "nbtools: port 8877 is taken\n")


def test_demo_makes_and_serves(tmp_path: Path, run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "COUNT", 6)
    monkeypatch.setattr(demo, "_BOUNDS", (0, 6))
    monkeypatch.chdir(tmp_path)
    assert "6 handwritten digits" in run("demo", "--no-browser").out
    run("demo", "--no-browser", "--path", tmp_path / "other", "--port", 5000)
    places = [(dashboard.dataset, dashboard.task, port, opened) for dashboard, port, opened in served]
    assert places == [
        (tmp_path / "nbtools-demo", "digit", serve.PORT, False),
        (tmp_path / "other", "digit", 5000, False),
    ]


def test_attach_joins_a_table(birds: Dataset, run: Run, tmp_path: Path) -> None:
    first = birds.items()["id"][0]
    table = tmp_path / "sites.csv"
    table.write_text(f"id,Site\n{first},north\nnobody,south\n")
    done = run("attach", birds.path, table, "--on", "id", "--rename", "Site=site", "--json")
    assert done.json == {"attributes": ["site"], "written": 1, "unchanged": 0, "unmatched": ["nobody"]}
    assert birds.items().set_index("id")["site"][first] == "north"
    again = run("attach", birds.path, table, "--on", "id", "--rename", "Site=site")
    assert again.out.splitlines()[0] == "site: 0 items changed, 1 as they were"
    assert again.out.endswith(f"next: nbtools show {birds.path} --items\n")
    refused = run("attach", birds.path, table, "--on", "path")
    assert "the table has no column 'path'" in refused.err
