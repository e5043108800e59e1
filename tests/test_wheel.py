"""What is published is what works: built, installed elsewhere, and used to label an item."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from nbtools.labels.kinds import KINDS

ROOT = Path(__file__).resolve().parents[1]
STATIC = "nbtools/widgets/static"
SHARED = "share/jupyter/voila/templates/nbtools"

# What a person's notebook and page do, with a comm to nowhere in the place of a browser.
USE = """
import sys
from pathlib import Path

import comm
from comm.base_comm import BaseComm

sent = []

class Wire(BaseComm):
    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if (data or {}).get("method") == "custom":
            sent.append(data["content"])

comm.create_comm = Wire

import nbtools as nb

assert Path(nb.__file__).is_relative_to(sys.prefix), nb.__file__
raw = Path("birds/raw")
raw.mkdir(parents=True)
(raw / "a.txt").write_text("a jay")
ds = nb.Dataset.create("birds")
ds.ingest()
ds.task("species", kind="choice", options=["jay", "rook"])
labeler = nb.Labeler(ds, "species", annotator="anna")
assert len(labeler._esm) > 10_000

def tell(**message):
    content = {"method": "custom", "content": {"v": 1, **message}}
    labeler.comm.handle_msg({"content": {"data": content}, "buffers": []})
    return sent[-1]

ulid = "01ARZ3NDEKTSV4RRFFQ69G5FA"
tell(type="open", client=ulid + "A")
item = tell(type="fetch", request=1, cursor=None, count=1, bytes=100000)["items"][0]
assert item["content"] == {"text": "a jay"}, item
now = "2026-01-01T00:00:00.000Z"
act = dict(act=ulid + "B", item=item["id"], kind="label", schema=1, status="labeled", value="jay", flagged=False,
    unsure=False, comment=None, supersedes=None, undoes=None, shown_at=now, sent_at=now, visible_ms=1, active_ms=1)
answer = tell(type="acts", acts=[act])
assert answer["acks"][0]["saved"], answer
print(ds.labels("species")[["annotator", "value"]].values.tolist())
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel out of the sdist, and return their folder."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _names(built: Path) -> set[str]:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_what_is_used(built: Path) -> None:
    names = _names(built)
    data = "nbtools_data-0.1.0.data/data/"
    wanted = {"nbtools/py.typed", f"{STATIC}/html.js", f"{STATIC}/later.js", f"{STATIC}/licenses.txt"}
    wanted |= {f"{STATIC}/versions.js"}
    wanted |= {"nbtools/formats/report.html.j2", *(f"{STATIC}/labeler-{kind}.js" for kind in KINDS)}
    wanted |= {f"{data}{SHARED}/{name}" for name in ("conf.json", "index.html.j2")}
    wanted |= {f"{data}share/nbtools/voila.json", f"{data}share/nbtools/notebooks/annotate.ipynb"}
    assert wanted - names == set()


def test_the_wheel_carries_nothing_else(built: Path) -> None:
    odd = [
        name
        for name in _names(built)
        if "/src/" in name or "node_modules" in name or ".stamp" in name or "tests" in name
    ]
    assert odd == []


def test_every_module_is_in_the_wheel(built: Path) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "nbtools").rglob("*.py")}
    assert modules - _names(built) == set()


def test_the_sdist_carries_the_bundle_and_its_sources(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        f"{STATIC}/labeler-choice.js",
        f"{STATIC}/.stamp",
        "nbtools/widgets/src/package-lock.json",
        "hatch_build.py",
    }
    assert wanted - names == set()
    assert [name for name in names if "node_modules" in name] == []


def test_the_wheel_labels_an_item_from_another_folder(built: Path, tmp_path: Path) -> None:
    python = _environment(tmp_path / "env")
    (wheel,) = built.glob("*.whl")
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    used = subprocess.run([python, "-I", "-c", USE], cwd=elsewhere, capture_output=True, text=True, check=False)
    assert used.returncode == 0, used.stderr
    assert "[['anna', 'jay']]" in used.stdout, used.stdout
    assert (tmp_path / "env" / SHARED / "index.html.j2").is_file()


def _environment(folder: Path) -> str:
    """Make an environment that has nbtools' dependencies, but not nbtools itself.

    The dependencies are those of this environment, found through a path file: to
    install them anew takes minutes and would test other projects' wheels. This
    environment's editable nbtools is itself found by a path file, which is not
    read in a folder that is only named by one.
    """
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    here = sysconfig.get_path("purelib")
    there = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    Path(there, "dependencies.pth").write_text(f"{here}\n")
    return str(python)
