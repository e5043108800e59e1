"""The kernel of a Labeler stays light: each visitor of a dashboard pays for every import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.widgets.birds import birds

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("PIL", "duckdb", "numpy", "pandas", "pyarrow", "sklearn")

PROGRAM = """
import sys, pathlib
import comm
from tests.widgets.wire import Browser, Wire
from nbtools.widgets import _base
comm.create_comm = Wire
_base._STATIC = pathlib.Path(sys.argv[2])
from nbtools.widgets.dashboard import annotate
labeler = annotate({"NBTOOLS_DATASET": sys.argv[1], "NBTOOLS_ANNOTATOR": "anna"})
browser = Browser(labeler)
said = lambda act, item: {"act": "01JBQ" + str(act).rjust(21, "0"), "item": item, "kind": "label", "schema": 1,
                          "status": "labeled", "value": "jay", "undoes": None}
made, cursor = 0, None
while made < 50:
    page = browser.ask("fetch", request=1, cursor=cursor, count=20, bytes=10**6)
    cursor = page["cursor"]
    for entry in page["items"][: 50 - made]:
        made += 1
        (ack,) = browser.ask("acts", acts=[said(made, entry["id"])])["acks"]
        assert ack["saved"], ack
assert labeler.counts["labeled"] == made
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("indexed", [True, False])
def test_fifty_labels_import_nothing_heavy(tmp_path: Path, bundle: Path, indexed: bool) -> None:
    ds = birds(tmp_path / "birds", 60)
    if not indexed:
        shutil.rmtree(ds.path / "metadata" / "cache")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ds.path), str(bundle)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(HEAVY) & set(done.stdout.split()) == set()
    assert len(ds.labels("species")) == 50


ANNOTATE = """
import sys, pathlib
import comm
from tests.widgets.wire import Browser, Wire
from nbtools.widgets import _base, annotating
comm.create_comm = Wire
_base._STATIC = pathlib.Path(sys.argv[1])
shown = []
annotating.display = shown.append
pairs = annotating.annotate([f"text {number}" for number in range(60)], ["good", "bad"], display_fn=print)
browser = Browser(shown[0])
said = lambda act, item: {"act": "01JBQ" + str(act).rjust(21, "0"), "item": item, "kind": "label", "schema": 1,
                          "status": "labeled", "value": "good", "undoes": None}
page = browser.ask("fetch", request=1, cursor=None, count=50, bytes=10**6)
for number, entry in enumerate(page["items"]):
    (ack,) = browser.ask("acts", acts=[said(number, entry["id"])])["acks"]
    assert ack["saved"], ack
assert len(pairs) == 50
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_annotate_imports_nothing_heavy(tmp_path: Path, bundle: Path) -> None:
    run = [sys.executable, "-c", ANNOTATE, str(bundle)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {*HEAVY, "matplotlib"} & set(done.stdout.split()) == set()
    assert len(list(tmp_path.glob(".nbtools/annotate-*.jsonl"))) == 1
