"""The kernel of a Labeler stays light: each visitor of a dashboard pays for every import."""

from __future__ import annotations

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
