import json
import re
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import nbtools as nb
from nbtools.dataset import Dataset
from nbtools.errors import NbtoolsError
from nbtools.widgets import dashboard
from nbtools.widgets.browsermessages import Start
from nbtools.widgets.identity import Identity
from nbtools.widgets.versionbrowser import VersionBrowser
from nbtools.widgets.versionwork import Worker
from tests.factory import Datasets
from tests.widgets.birds import birds
from tests.widgets.wire import Browser

LOOK = {"of": "v1"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one dataset, of which each test has a copy."""
    made = birds(tmp_path_factory.mktemp("frozen") / "birds", 6)
    made.record("species", {next(iter(made.items()["id"])): "jay"}, annotator="anna", origin="person")
    made.freeze("first")
    return made.path


@pytest.fixture
def ds(frozen: Path, tmp_path: Path) -> Dataset:
    return Dataset(shutil.copytree(frozen, tmp_path / "birds"))


@pytest.fixture
def page(ds: Dataset) -> Browser:
    return Browser(VersionBrowser(ds))


def table(page: Browser) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.buffers[0])
    return found


def done(page: Browser, widget: VersionBrowser, job: str) -> dict[str, Any]:
    widget._jobs.get(job).thread.join(20)
    return page.ask("job", request=9, job=job, cancel=False)


def cards(page: Browser, count: int) -> list[dict[str, Any]]:
    """Ask for cards until all are there: a slow disk gives a few at a time."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        answer = page.ask("rows", request=1, look=LOOK, start=len(found), count=count - len(found), cards=True)
        assert len(page.buffers) == len([card for card in answer["cards"] if "buffer" in card["content"]])
        found += answer["cards"]
    return found


def run(ds: Dataset, do: str, **fields: object) -> dict[str, Any]:
    """Do something from a page of its own, and return what came of it."""
    widget = VersionBrowser(ds)
    page, job = Browser(widget), "a" * 32
    started = page.ask("start", request=1, job=job, do=do, **fields)
    return started if started["type"] == "error" else done(page, widget, job)


def test_it_says_what_it_is_and_keeps_data_out_of_its_traits(ds: Dataset, page: Browser) -> None:
    widget = nb.VersionBrowser(ds)
    assert repr(widget) == "VersionBrowser · Birds · 1 version"
    assert not [value for value in page.opening.values() if isinstance(value, str) and "first" in value]
    with pytest.raises(TypeError, match="'readonly'; did you mean 'read_only'"):
        VersionBrowser(ds, readonly=True)


def test_a_page_is_told_of_the_versions_and_then_only_of_new_ones(ds: Dataset, page: Browser) -> None:
    opened = page.ask("open", client="01JBQ000000000000000000001")
    (version,) = opened["timeline"]["versions"]
    assert (opened["type"], opened["dataset"]["name"], version["name"], opened["read_only"]) == (
        "opened",
        "Birds",
        "v1",
        False,
    )
    mark = opened["timeline"]["mark"]
    assert page.ask("timeline", request=1, mark=mark)["timeline"] is None
    ds.exclude(next(iter(ds.items()["id"])))
    Dataset(ds.path).freeze("by another process")
    fresh = page.ask("timeline", request=2, mark=mark)["timeline"]
    assert [one["name"] for one in fresh["versions"]] == ["v1", "v2"]


def test_rows_travel_in_one_buffer(page: Browser) -> None:
    view = page.ask("view", request=1, look=LOOK)
    assert (view["total"], view["line"].endswith(".version('v1')")) == (6, True)
    page.ask("rows", request=2, look={**LOOK, "sort": "source"}, start=2, count=2)
    rows = table(page)
    assert [row[rows["columns"].index("source")] for row in rows["rows"]] == [
        "raw/north/0005.png",
        "raw/south/0000.png",
    ]
    facets = page.ask("view", request=3, look=LOOK, facets=True)
    assert [one["column"] for one in facets["facets"]] == ["species", "site"], (
        "labels first, and no kind that all are of"
    )


def test_cards_are_small_pictures_made_once(ds: Dataset, page: Browser) -> None:
    assert [card["content"]["media_type"] for card in cards(page, 4)] == ["image/jpeg"] * 4
    made = list(ds.path.glob("metadata/cache/derived/*/*"))
    before = {path: path.stat().st_mtime_ns for path in made}
    assert len(made) == 4
    cards(page, 4)
    assert {path: path.stat().st_mtime_ns for path in ds.path.glob("metadata/cache/derived/*/*")} == before


def test_what_cannot_be_shown_says_so_and_the_others_are_shown(datasets: Datasets) -> None:
    mixed = datasets.of(
        {"a.png": b"\x89PNG\r\n\x1a\n broken", "b.txt": b"two jays", "c.svg": SVG, "d.csv": b"x,y\n1,<b>2</b>\n"},
        task=None,
    )
    good = birds(mixed.path.parent / "birds", 2)
    good.freeze("m")
    gone = next(iter(good.items()["path"]))
    (good.path / gone).unlink()
    shutil.rmtree(good.path / "metadata" / "cache" / "derived", ignore_errors=True)
    contents = [one["content"] for one in cards(Browser(VersionBrowser(good)), 2)]
    assert sorted("error" in content for content in contents) == [False, True]
    mixed.freeze("m")
    page = Browser(VersionBrowser(mixed))
    total = page.ask("view", request=1, look=LOOK)["total"]
    shown = cards(page, total)
    by_form = {next(iter(card["content"]), ""): card["content"] for card in shown}
    assert by_form["text"]["text"]
    assert "image/svg+xml" in {card["content"].get("media_type") for card in shown}


def test_one_item_is_shown_large_with_its_bytes_and_its_labels(ds: Dataset, page: Browser) -> None:
    first = next(iter(ds.items()["id"]))
    answer = page.ask("item", request=1, look={**LOOK, "find": first}, position=0)
    assert (answer["content"]["media_type"], answer["item"]["species"]) == ("image/png", "jay")
    assert page.buffers[0] == ds.file(answer["item"]["path"]).read_bytes()
    assert [one["value"] for one in answer["labels"]] == [one["value"] for one in answer["history"]] == ["jay"]
    page.ask("bytes", request=2, item=first, start=8, full=True)
    assert page.buffers[0] == ds.file(answer["item"]["path"]).read_bytes()[8:]
    assert "open it again" in page.ask("bytes", request=3, item="f" * 32, start=0, full=True)["why"]


def test_an_error_has_the_number_of_its_question(page: Browser) -> None:
    answer = page.ask("view", request=7, look={"of": "v8"})
    assert (answer["type"], answer["request"], answer["of"]) == ("error", 7, "view")
    assert "'v8'" in answer["why"]


def test_a_freeze_is_previewed_and_made_once(ds: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    ds.exclude(next(iter(ds.items()["id"])))
    told = run(ds, "preview")["result"]
    assert (told["changed"], told["items"]) == ("− 1 (excluded 1)", 5)
    capsys.readouterr()
    widget = VersionBrowser(ds)
    page, job = Browser(widget), "b" * 32
    for request in (1, 2):
        page.ask("start", request=request, job=job, do="freeze", message="five left")
        done(page, widget, job)
    assert [version.message for version in ds.versions()] == ["first", "five left"]
    assert done(page, widget, job)["result"] == {"version": "v2", "made": True}
    assert run(ds, "freeze", message="again")["result"] == {"version": "v2", "made": False}
    assert capsys.readouterr().out == "", "nothing is printed below some cell"
    assert "needs a message" in run(ds, "freeze", message=" ")["why"]


def test_a_freeze_takes_the_items_and_tasks_that_were_chosen(ds: Dataset) -> None:
    ds.task("mood", "choice", ["dull", "gay"])
    first = next(iter(ds.items()["id"]))
    ds.record("mood", {first: "gay"}, annotator="anna", origin="person")
    told = run(ds, "preview", tasks=["mood"], where=f"id = '{first}'")["result"]
    assert (told["tasks"], told["items"], told["labeled"]) == (["mood", "species"], 1, {"mood": 1})
    assert "no such column: sight" in run(ds, "preview", where="sight = 1")["why"]
    assert "there is no task 'mud'" in run(ds, "preview", tasks=["mud"])["why"]
    assert run(ds, "freeze", message="one", tasks=["mood"], where=f"id = '{first}'")["result"]["made"] is True
    frozen = ds.versions()[-1]
    assert (list(frozen.items["id"]), frozen.tasks) == ([first], ["mood"])
    assert run(ds, "preview", tasks=[])["result"]["labeled"] == {}


def test_the_labels_that_took_part_most_come_first_in_the_grid() -> None:
    from nbtools.dataset.looking import MOST_CELLS, _grid

    names = [f"label {number:02}" for number in range(MOST_CELLS + 5)]
    counts: dict[tuple[str | None, str | None], int] = {(name, "label 00"): at + 1 for at, name in enumerate(names)}
    grid = _grid("species", {**counts, (None, "label 03"): 7})
    assert (grid["labels"][:2], grid["labels"][-1]) == (["label 00", names[-1]], None)
    assert (len(grid["labels"]), grid["unshown"], grid["labeled"]) == (MOST_CELLS, 6, 7)


def test_answers_that_differ_are_settled_as_the_person_says(ds: Dataset) -> None:
    ds.record("species", {next(iter(ds.items()["id"])): "rook"}, annotator="ben", origin="person")
    assert run(ds, "preview")["result"] == {"tasks": ["species"], "differ": ["species"], "unsettled": 1}
    settled = run(ds, "preview", truth="latest")["result"]
    assert (settled["changed"], settled["differ"]) == ("relabeled 1, labels only", ["species"])
    other = "id <> '" + next(iter(ds.items()["id"])) + "'"
    assert run(ds, "preview", where=other)["result"]["differ"] == [], "they differ on no item that is chosen"


def test_verifying_names_what_is_wrong(ds: Dataset) -> None:
    assert run(ds, "verify", version="v1", level="full")["result"]["count"] == 0
    path = ds.path / next(iter(ds.items()["path"]))
    path.unlink()
    result = run(ds, "verify", version="v1", level="presence")["result"]
    assert [(one["problem"], one["path"]) for one in result["wrong"]] == [
        ("missing", path.relative_to(ds.path).as_posix())
    ]


def test_verifying_can_be_called_off(ds: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    from nbtools.versions import verify as verifying

    go, begun, check = Event(), Event(), verifying._check

    def slow(*given: Any, **more: Any) -> Any:
        begun.set()
        go.wait(10)
        return check(*given, **more)

    monkeypatch.setattr(verifying, "_check", slow)
    widget = VersionBrowser(ds)
    page, job = Browser(widget), "c" * 32
    page.ask("start", request=1, job=job, do="verify", version="v1")
    begun.wait(10)
    assert page.ask("view", request=2, look=LOOK)["total"] == 6, "the page stays live"
    assert page.ask("job", request=3, job=job, cancel=True)["state"] == "running"
    go.set()
    assert done(page, widget, job)["state"] == "cancelled"


def test_restoring_puts_files_where_they_are_wanted(ds: Dataset, tmp_path: Path) -> None:
    result = run(ds, "restore", version="v1", destination=str(tmp_path / "out"))["result"]
    assert (result["written"], len(list((tmp_path / "out").rglob("*.png")))) == (6, 6)
    assert "part of the dataset" in run(ds, "restore", version="v1", destination=str(ds.path / "raw"))["why"]
    assert "a folder to restore to" in run(ds, "restore", version="v1", destination=" ")["why"]


def test_a_split_is_verified_and_restored_like_a_version(ds: Dataset, tmp_path: Path) -> None:
    ds.version("v1").split({"train": 0.5, "test": 0.5}).save("halves", confirm=True)
    assert run(ds, "verify", version="v1.1")["result"]["ok"]
    result = run(ds, "restore", version="v1.1", destination=str(tmp_path / "out"))["result"]
    assert (result["written"], result["failed"]) == (6, [])


def test_a_visitor_restores_only_beside_the_dataset(ds: Dataset) -> None:
    worker = Worker(ds, Identity(None, None), read_only=False, environ={"VOILA_BASE_URL": "/"})
    order = partial(Start, 1, "d" * 32, "restore", "v1", "", None, None, "full", layout="source", target=None)
    for name in ("/etc", "~", "../x", "a/../../x", ".hidden", "birds", "birds/raw/x", "http://x", "a\\b", ""):
        with pytest.raises(NbtoolsError):
            worker.work(order(destination=name))
    worker.work(order(destination="out"))(lambda _done, _total: None)
    assert len(list((ds.path.parent / "out").rglob("*.png"))) == 6
    assert (worker.person, worker.place) == (None, ds.path.parent.name)


def test_a_report_is_handed_to_the_page(ds: Dataset) -> None:
    widget = VersionBrowser(ds, read_only=True)
    page, job = Browser(widget), "e" * 32
    page.ask("start", request=1, job=job, do="report")
    result = done(page, widget, job)["result"]
    assert result["name"] == "birds-report.html"
    answer = page.ask("bytes", request=2, item=job, start=0, full=True)
    assert (answer["total"], page.buffers[0][:15]) == (result["bytes"], b"<!DOCTYPE html>")


def test_from_a_read_only_page_nothing_is_made(ds: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NBTOOLS_READ_ONLY", "1")
    widget = dashboard.versions({"NBTOOLS_DATASET": str(ds.path)})
    page = Browser(widget)
    assert page.ask("open", client="01JBQ000000000000000000001")["read_only"] is True
    for do in ("preview", "freeze", "restore"):
        answer = page.ask(
            "start", request=1, job="f" * 32, do=do, version="v1", message="m", destination=str(tmp_path / "out")
        )
        assert "read-only" in answer["why"]
    assert len(ds.versions()) == 1
    assert not (tmp_path / "out").exists()
    page.ask("start", request=1, job="f" * 32, do="verify", version="v1")
    assert done(page, widget, "f" * 32)["result"]["ok"]


def test_the_dashboard_says_in_words_what_is_wrong(tmp_path: Path) -> None:
    said = dashboard.versions({"NBTOOLS_DATASET": str(tmp_path / "nothing")})
    assert re.search("nothing", said.value)
