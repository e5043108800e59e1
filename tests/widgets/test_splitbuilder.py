"""What the page of a SplitBuilder asks, and what the kernel answers; no browser, no build."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pytest

from nbtools.dataset import Dataset
from nbtools.widgets.splitbuilder import SplitBuilder
from tests.factory import Datasets, picture
from tests.widgets.wire import Browser

WANTED: dict[str, Any] = {
    "strategy": "ledger",
    "ratios": [{"name": "train", "share": 500}, {"name": "val", "share": 250}, {"name": "test", "share": 250}],
    "stratify": ["species"],
    "groups": ["site"],
    "seed": "0",
    "missing": None,
    "rare": False,
    "near": False,
    "fresh": False,
    "time": None,
    "cutoffs": None,
    "gap": None,
    "straddling": None,
    "undated": None,
    "folds": 4,
    "test": 250,
    "column": None,
    "rest": None,
    "linked": [],
    "dismissed": [],
}
SITES = {"north": 8, "south": 4, "east": 4}


def photo(number: int) -> bytes:
    data = io.BytesIO()
    picture(number, (64, 48)).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def ds(datasets: Datasets) -> Dataset:
    names = [f"{site}/{number:02}.png" for site, count in SITES.items() for number in range(count)]
    ds = datasets.of({name: photo(at) for at, name in enumerate(names)}, name="birds")
    ds.ingest(attributes={"site": "folder:0"})
    ds.record("species", {item: ("jay", "rook")[at % 2] for at, item in enumerate(ds.items()["id"])})
    ds.freeze("first", author="anna")
    return ds


class Page:
    """A page of a SplitBuilder on a wire."""

    def __init__(self, ds: Dataset, **options: Any) -> None:
        self.widget = SplitBuilder(ds, **options)
        self.browser = Browser(self.widget)
        self._number = 0

    def preview(
        self, *, version: str = "v1", look: bool = False, against: str | None = None, **some: Any
    ) -> dict[str, Any]:
        """Ask for a preview and return what is pushed when it is done."""
        self._number += 1
        before = len(self.browser._wire.sent)
        fields = {"request": 1, "number": self._number, "version": version, "look": look, "against": against}
        self.browser.send({"v": 1, "type": "preview", "wanted": {**WANTED, **some}, **fields})
        self.widget._newest.wait()
        pushed = [one for one in self.browser.said(before) if one["type"] == "preview"]
        assert [one["number"] for one in pushed] == [self._number]
        result: dict[str, Any] = pushed[0]["result"]
        return result

    def save(
        self, message: str = "by site", *, confirm: bool = True, job: str = "0" * 32, **some: Any
    ) -> dict[str, Any]:
        """Save, and return what came of it."""
        wanted = {**WANTED, **some}
        more = {"request": 2, "job": job, "message": message, "confirm": confirm}
        self.browser.ask("save", version="v1", wanted=wanted, **more)
        self.widget._jobs.get(job).thread.join()
        return self.browser.ask("job", request=3, job=job)


@pytest.fixture
def page(ds: Dataset) -> Page:
    return Page(ds)


def test_a_page_opens_with_versions_and_what_they_can_be_split_by(page: Page) -> None:
    opened = page.browser.ask("open", client="0" * 26)
    assert opened["versions"] == [{"name": "v1", "items": 16, "message": "first"}]
    assert opened["read_only"] is False
    version = page.browser.ask("version", request=5, version="v1")
    assert version["columns"] == ["site", "species", "kind", "media_type"]
    assert version["times"] == []
    assert (version["items"], version["splits"]) == (16, [])
    assert page.browser.ask("ping") == {"v": 1, "type": "pong"}


def test_a_preview_says_what_the_line_of_python_gives(page: Page, ds: Dataset) -> None:
    seen = page.preview()
    line = seen["line"]
    assert line == (
        f'nbtools.Dataset("{ds.path}").version("v1")'
        '.split({"train": 0.5, "val": 0.25, "test": 0.25}, stratify="species", groups="site")'
    )
    plan = ds.version("v1").split({"train": 0.5, "val": 0.25, "test": 0.25}, stratify="species", groups="site")
    assert page.widget._shown is not None
    assert page.widget._shown.plan.assignments.equals(plan.assignments)
    assert [part["items"] for part in seen["parts"]] == [8, 4, 4]
    assert [row["value"] for row in seen["balances"][0]["rows"]] == ["jay", "rook"]
    assert seen["confirm"] == plan.report.to_confirm
    assert not (ds.path / "versions" / "v1.1").exists()


def test_a_later_version_carries_on_and_nobody_moves(page: Page, ds: Dataset) -> None:
    page.save()
    for number in range(4):
        (ds.path / "raw" / "north" / f"new{number}.png").write_bytes(photo(100 + number))
    ds.ingest(attributes={"site": "folder:0"})
    ds.freeze("second", author="anna")
    grown = Page(ds).preview(version="v2", against="v1.1", stratify=[])
    assert grown["summary"] == "extends v1.1: 16 stay, 4 placed, 0 moved"
    assert (grown["compared"]["stay"], grown["compared"]["moved"], grown["compared"]["new"]) == (16, 0, 4)
    anew = Page(ds).preview(version="v2", fresh=True, stratify=[])
    assert (anew["summary"], anew["counts"]["extends"]) == ("", None)


def test_a_refusal_names_its_control_and_the_way_out(page: Page) -> None:
    few = page.preview(groups=["kind"])
    assert few["of"] == "groups"
    assert "need as many" in few["refused"]
    ratios = [{"name": "train", "share": 1000}]
    assert page.preview(ratios=ratios)["of"] == "ratios"
    unknown = page.preview(groups=["sight"])
    assert (unknown["of"], "did you mean 'site'" in unknown["refused"]) == ("groups", True)
    assert page.preview(stratify=["specie"])["of"] == "stratify"
    assert "parts" in page.preview(), "what can be is shown again"


def test_saving_is_what_the_line_of_python_keeps(page: Page, ds: Dataset) -> None:
    said = page.save()
    assert (said["state"], said["result"]) == ("done", {"name": "v1.1", "made": True, "message": "by site"})
    again = page.save(job="1" * 32)
    assert again["result"]["made"] is False
    plan = ds.version("v1").split({"train": 0.5, "val": 0.25, "test": 0.25}, stratify="species", groups="site")
    assert ds.split("v1.1").assignments.to_dict() == plan.assignments.to_dict()
    assert plan.save(confirm=True).name == "v1.1"


def test_what_has_to_be_confirmed_is_not_saved_before(page: Page, ds: Dataset) -> None:
    assert page.preview()["confirm"], "a group of half of the items is to be confirmed"
    said = page.save(confirm=False)
    assert said["state"] == "failed"
    assert "before it is kept, look at this" in said["why"]
    assert ds.version("v1").splits == []


def test_a_split_is_compared_with_one_that_there_is(page: Page) -> None:
    page.save()
    same = page.preview(against="v1.1")["compared"]
    assert (same["with"], same["stay"], same["moved"], same["new"], same["gone"]) == ("v1.1", 16, 0, 0, 0)
    other = page.preview(against="v1.1", groups=[], seed="other")["compared"]
    assert other["moved"] == sum(move["count"] for move in other["moves"]) > 0
    assert other["stay"] + other["moved"] == 16


def test_near_duplicates_are_looked_at_two_by_two(page: Page, ds: Dataset) -> None:
    assert page.preview()["near"] is None, "nobody has looked for them"
    refused = page.browser.ask("pairs", request=4, start=0, count=2, anew=True, pictures=True)
    assert (refused["type"], refused["why"]) == ("error", "nobody has looked for near-duplicates yet")
    seen = page.preview(look=True, groups=[])["near"]
    assert seen["pairs"] >= seen["across"]
    assert not seen["together"]
    together = page.preview(near=True, groups=[])["near"]
    assert (together["across"], together["together"]) == (0, True)
    answer = page.browser.ask("pairs", request=4, start=0, count=2, anew=True, pictures=True)
    assert answer["total"] == seen["pairs"]
    assert len(answer["pairs"]) == min(2, answer["total"])
    for side in answer["pairs"][0]["items"]:
        assert page.browser.buffers[side["buffer"]][:3] == b"\xff\xd8\xff", "a small picture of each"
        assert side["name"].endswith(".png")


def test_pairs_are_linked_or_dismissed_and_stay_where_they_were(page: Page) -> None:
    page.preview(look=True, groups=[], stratify=[])
    asked = {"request": 4, "start": 0, "count": 60, "pictures": False}
    first = page.browser.ask("pairs", anew=True, **asked)["pairs"]
    ids = [sorted(side["id"] for side in pair["items"]) for pair in first]
    across = next(pair for pair in first if pair["items"][0]["part"] != pair["items"][1]["part"])
    chosen = sorted(side["id"] for side in across["items"])
    assert (across["said"], across["together"], "buffer" in across["items"][0]) == (None, False, False)
    seen = page.preview(look=True, groups=[], stratify=[], linked=[chosen])
    assert (seen["near"]["linked"], f'links=[("{chosen[0]}", "{chosen[1]}")]' in seen["line"]) == (1, True)
    now = page.browser.ask("pairs", anew=False, **asked)["pairs"]
    assert [sorted(side["id"] for side in pair["items"]) for pair in now] == ids, "no pair changes its place"
    (linked,) = [pair for pair in now if pair["said"]]
    assert (linked["said"], linked["together"], len({side["part"] for side in linked["items"]})) == ("linked", True, 1)
    dismissed = page.preview(near=True, groups=[], stratify=[], dismissed=ids)
    assert (dismissed["near"]["dismissed"], dismissed["near"]["across"], dismissed["units"]) == (len(ids), 0, 16)


def test_decisions_are_saved_with_the_split(page: Page, ds: Dataset) -> None:
    one, other, third = sorted(ds.items()["id"])[:3]
    page.save(groups=[], linked=[[one, other]], dismissed=[[other, third]])
    split = ds.split("v1.1")
    assert (split.links, split.dismissed) == ([(one, other)], [(other, third)])
    assert split.assignments[one] == split.assignments[other]
    assert page.save(job="1" * 32, groups=[], linked=[[one, other]], dismissed=[])["result"]["name"] == "v1.2"


def test_each_strategy_gives_what_its_line_of_python_gives(page: Page, ds: Dataset) -> None:
    import nbtools

    table: dict[str, Any] = {"id": ds.items()["id"], "taken": [f"2026-01-{at + 1:02}" for at in range(16)]}
    table |= {"year": range(16), "official": ["train", "dev", "test", "test"] * 4}
    ds.attach(pd.DataFrame(table), on="id")
    ds.freeze("dated", author="anna")
    times = page.browser.ask("version", request=1, version="v2")["times"]
    assert times == [{"name": "taken", "number": False}, {"name": "year", "number": True}]
    seen: dict[str, Any] = {}
    parts = [{"name": "train", "from": None}, {"name": "test", "from": "2026-01-11"}]
    numbers = [{"name": "train", "from": None}, {"name": "test", "from": 11}]
    for some in (
        {"strategy": "hash", "seed": "7"},
        {"strategy": "time", "time": "taken", "gap": "2D", "groups": []},
        {"strategy": "time", "time": "taken", "cutoffs": parts, "straddling": "later"},
        {"strategy": "time", "time": "year", "cutoffs": numbers, "groups": [], "gap": 2},
        {"strategy": "folds", "stratify": [], "groups": []},
        {"strategy": "predefined", "column": "official", "rest": "drop"},
    ):
        seen = page.preview(version="v2", **some)
        plan = eval(seen["line"], {"nbtools": nbtools})
        assert page.widget._shown is not None
        assert page.widget._shown.plan.assignments.equals(plan.assignments), seen["line"]
        assert seen["confirm"] == plan.report.to_confirm
    assert [part["name"] for part in seen["parts"]] == ["train", "val", "test"]
    assert page.preview(version="v2", strategy="time", time="takn")["of"] == "time"
    assert page.preview(version="v2", strategy="predefined")["of"] == "rest"


def test_only_the_newest_preview_is_told(page: Page) -> None:
    fields = {"v": 1, "type": "preview", "request": 1, "version": "v1", "look": False, "against": None}
    for number in (101, 102, 103):
        page.browser.send({**fields, "number": number, "wanted": {**WANTED, "seed": str(number)}})
    page.widget._newest.wait()
    told = [one["number"] for one in page.browser.said() if one["type"] == "preview"]
    assert told[-1] == 103
    assert page.browser.ask("progress", request=9, number=101, cancel=False)["state"] == "cancelled"
    done = page.browser.ask("progress", request=9, number=103, cancel=False)
    assert (done["state"], done["result"]["items"]) == ("done", 16), "an answer that was lost is had by asking"


def test_a_read_only_page_saves_nothing(ds: Dataset) -> None:
    page = Page(ds, read_only=True)
    refused = page.browser.ask("save", request=1, job="0" * 32, version="v1", wanted=WANTED, message="", confirm=True)
    assert "read-only" in refused["why"]
    assert ds.version("v1").splits == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ratios": "all"}, "ratios is a list of at most 12 parts"),
        ({"ratios": [{"name": "a", "share": 1.5}]}, "share is an integer from 0 to 1000"),
        ({"ratios": [{"name": "a", "share": 1}, {"name": "a", "share": 2}]}, "two parts have the same name"),
        ({"ratios": [{"name": "a", "share": 1, "more": 1}]}, "there is no field 'more'"),
        ({"groups": "site"}, "groups is a list of at most 12 columns"),
        ({"seed": 7}, "seed is not as expected"),
        ({"missing": "drop"}, "missing is one of alone, together"),
        ({"near": 1}, "near is true or false"),
        ({"strategy": "best"}, "strategy is one of ledger, hash, time, folds, predefined"),
        ({"linked": "all"}, "linked is a list of at most 500 pairs"),
        ({"linked": [["0" * 32]]}, "which is no pair of ids"),
        ({"dismissed": [["0" * 32, "x"]]}, "dismissed is not as expected: 'x'"),
        ({"strategy": "time", "cutoffs": [{"name": "a", "from": True}]}, "from is not as expected"),
        ({"strategy": "time", "cutoffs": "all"}, "cutoffs is a list of at most 12 parts"),
        ({"folds": 1}, "folds is an integer from 2 to 50"),
        ({"test": 1000}, "test is an integer from 0 to 999"),
        ({"straddling": "cut"}, "straddling is one of earlier, later"),
        ({"strange": 1}, "there is no field 'strange'"),
    ],
)
def test_a_message_that_cannot_be_is_refused(page: Page, change: dict[str, Any], why: str) -> None:
    wanted = {**WANTED, **change}
    answer = page.browser.ask("preview", request=1, number=1, version="v1", wanted=wanted, look=False, against=None)
    assert answer["type"] == "error"
    assert why in answer["why"]


def test_a_version_that_is_not_there_is_refused(page: Page) -> None:
    assert "v7" in page.browser.ask("version", request=1, version="v7")["why"]
    assert page.browser.ask("version", request=1, version="../v1")["why"].startswith("version is not as expected")


def test_the_cell_says_what_it_was(page: Page) -> None:
    assert repr(page.widget) == "SplitBuilder · birds · 1 version"
