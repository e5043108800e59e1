"""The report as a browser shows it."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from nbtools.versions.commit import Draft, commit
from nbtools.versions.names import VersionName
from nbtools.versions.tables import read_table
from tests.browser.pages import Visitor
from tests.factory import Datasets

HOSTILE = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>" + "W" * 60


def test_the_report_is_whole_quiet_and_fits_a_phone(visitor: Visitor, datasets: Datasets, tmp_path: Path) -> None:
    ds = datasets.images(30, name="birds", options=["jay", HOSTILE])
    ids = list(ds.items()["id"])
    ds.record("species", dict.fromkeys(ids[:20], "jay"), annotator="anna", origin="person")
    ds.freeze("first")
    ds.record("species", dict.fromkeys(ids[:9], HOSTILE), annotator="anna", origin="person")
    ds.freeze(HOSTILE)
    items = read_table(ds._folder, VersionName(2), "items.parquet")
    parts = {"train.parquet": items.slice(0, 20), "test.parquet": items.slice(20)}
    said = {"message": "by site", "author": None, "parent": "v2"}
    commit(ds._folder, VersionName(2), lambda _: Draft(parts, said))
    address = ds.report(tmp_path / "report.html").as_uri()
    for dark in (False, True):
        page = visitor.open(address, dark=dark, phone=dark)
        assert page.locator("figure img").count() == 24
        assert page.evaluate("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
        assert page.evaluate("() => window.pwned") is None
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name.slice(0, 5))") in (
            [],
            ["data:"] * 24,
        )
    page = visitor.open(address)
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert visitor.errors == []


def test_the_report_reads_well_to_a_screen_reader(visitor: Visitor, datasets: Datasets, tmp_path: Path) -> None:
    ds = datasets.images(3)
    ds.freeze("first")
    ds.exclude(ds.items()["id"][:1], "blurred")
    ds.freeze("second")
    # axe is a script, which the page's own policy forbids: only here it is taken out.
    page = ds.report(tmp_path / "report.html").read_text()
    (tmp_path / "open.html").write_text(page.replace("Content-Security-Policy", "x"))
    for dark in (False, True):
        found = Axe().run(visitor.open((tmp_path / "open.html").as_uri(), dark=dark)).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
