"""`nbtools.annotate` in JupyterLab: a live list in the kernel, and a kernel that dies."""

from __future__ import annotations

import ast
import io
import json
import re
import signal
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.labeling import ANNA, eventually, labeler, mark, press, shows, unsaved
from tests.browser.pages import Visitor, run_all_cells, run_in_lab, write_notebook
from tests.browser.servers import Server, start_lab

CELLS = [
    """
import pathlib, nbtools, matplotlib.pyplot as plt
from IPython.display import HTML, display

def show(number):
    print(f"number {number}")
    if number % 2:
        plt.figure(figsize=(2, 1))
        plt.plot([0, number])
    else:
        display(HTML(f"<table><tr><td>{number}</td></tr></table>"))
""",
    "annotations = nbtools.annotate(range(8), [1, 'two', None], display_fn=show)",
    "print('a cell of its own')",
]
# Ends when the test is done with it, and never runs longer than half a minute.
BUSY = """
import threading
pathlib.Path("busy").touch()
for _ in range(300):
    print("working")
    if pathlib.Path("free").exists():
        break
    threading.Event().wait(0.1)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_lab(root, tmp_path_factory.mktemp("lab"), env=ANNA)
    yield server
    server.stop()


@pytest.fixture
def here(root: Path, request: pytest.FixtureRequest) -> Path:
    """Make a folder below JupyterLab's, in which the kernel of its notebook works."""
    folder = root / str(request.node.name)
    folder.mkdir()
    write_notebook(folder / "birds.ipynb", CELLS)
    return folder


@pytest.fixture
def page(visitor: Visitor, server: Server, here: Path) -> Page:
    page = run_in_lab(visitor, server.url, f"{here.name}/birds.ipynb")
    labeler(page)
    return page


def _run(page: Page, code: str) -> None:
    """Run code in the kernel of the notebook that is open, as one of its cells would be."""
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"(code) => {{ {kernel}.requestExecute({{ code }}) }}", code)


def _list_is(page: Page, here: Path, wanted: list[tuple[Any, Any]]) -> None:
    """Wait until the list in the kernel holds this."""
    told = here / "told"

    def holds() -> bool:
        # Of paths and dicts of them the plain form.
        _run(page, "pathlib.Path('told').write_text(repr(annotations).replace('PosixPath', ''))")
        return told.exists() and bool(text := told.read_text()) and ast.literal_eval(text) == wanted

    eventually(holds, f"the list in the kernel is {wanted}")


def _annotating(visitor: Visitor, server: Server, here: Path, call: str) -> Page:
    """Open a notebook that calls annotate, run it, and give the keys to its page."""
    cells = ["import pathlib, nbtools\nfrom pathlib import Path, PosixPath", f"annotations = nbtools.annotate({call})"]
    write_notebook(here / "kinds.ipynb", cells)
    page = run_in_lab(visitor, server.url, f"{here.name}/kinds.ipynb")
    labeler(page)
    return page


def _turned(path: Path) -> None:
    """Write a photo that a camera stored lying down: upright it is 80 × 60, red at the left and blue at the right."""
    upright = Image.new("RGB", (80, 60), "red")
    upright.paste("blue", (40, 0, 80, 60))
    stored = upright.transpose(Image.Transpose.ROTATE_90)
    stored.getexif()[0x0112] = 6
    stored.save(path, exif=stored.getexif())


def _outputs(page: Page) -> list[int]:
    """Return how many outputs stand below each cell."""
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells")
    return [len(cell["outputs"]) for cell in cells]


def test_the_list_grows_is_corrected_and_taken_back(page: Page, here: Path) -> None:
    expect(page.locator(".nbt-item td")).to_have_text("0")
    press(page, "2")
    expect(page.locator(".nbt-item canvas")).to_be_visible()
    expect(page.locator(".nbt-item")).to_contain_text("number 1")
    second = press(page, "1")
    press(page, "Space")
    press(page, "3")
    unsaved(page, 0)
    _list_is(page, here, [(0, "two"), (1, 1), (3, None)])
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("u")
    shows(page, second)
    press(page, "2")
    unsaved(page, 0)
    _list_is(page, here, [(0, "two"), (1, "two")])
    # Nothing of what was made ahead stands below a cell: there is the widget, and what the last cell prints.
    assert _outputs(page) == [0, 1, 1]


def test_texts_are_written(visitor: Visitor, server: Server, here: Path) -> None:
    cells = ["import pathlib, nbtools", "annotations = nbtools.annotate(['it sang', 'it flew'])"]
    write_notebook(here / "texts.ipynb", cells)
    page = run_in_lab(visitor, server.url, f"{here.name}/texts.ipynb")
    expect(page.locator(".nbt-item[data-seen]")).to_contain_text("it sang")
    page.locator(".nbt-field").click()
    page.keyboard.type("a jay ")
    press(page, "Enter")
    expect(page.locator(".nbt-item[data-seen]")).to_contain_text("it flew")
    page.keyboard.type("u, a rook")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    unsaved(page, 0)
    _list_is(page, here, [("it sang", "a jay "), ("it flew", "u, a rook")])


def test_a_cell_that_runs_keeps_its_words_and_no_press_waits_for_it(page: Page, here: Path) -> None:
    _run(page, BUSY)
    eventually((here / "busy").exists, "the cell runs")
    for _ in range(3):
        press(page, "2")
    unsaved(page, 0)
    (here / "free").touch()
    _list_is(page, here, [(0, "two"), (1, "two"), (2, "two")])


def test_after_the_kernels_death_it_goes_on_where_it_was(page: Page, here: Path, server: Server) -> None:
    for key in ("1", "Space"):
        press(page, key)
    unsaved(page, 0)
    kernel = server.kernel()
    kernel.send_signal(signal.SIGSTOP)
    for key in ("2", "3"):
        press(page, key)
    unsaved(page, 2)
    kernel.send_signal(signal.SIGKILL)
    page.locator(".jp-Dialog button").first.click()
    run_all_cells(page)
    labeler(page)
    unsaved(page, 0)
    _list_is(page, here, [(0, 1), (2, "two"), (3, None)])
    expect(page.locator(".nbt-item")).to_contain_text("4")
    (file,) = here.glob(".nbtools/annotate-*.jsonl")
    acts = [json.loads(line) for line in file.read_text().splitlines()]
    assert [act.get("example") for act in acts] == [None, "0", "1", "2", "3"]


def test_boxes_are_drawn_on_files_of_pictures_as_they_are_seen(visitor: Visitor, server: Server, here: Path) -> None:
    _turned(here / "a.jpg")
    Image.new("L", (3000, 2000), 90).save(here / "b.tif")
    page = _annotating(visitor, server, here, "sorted(Path().glob('*.[jt]*')), ['jay', 'rook'], kind='boxes'")
    expect(page.locator(".nbt-item[data-seen] canvas")).to_be_visible()
    box = page.locator(".nbt-shapes").first.bounding_box()
    assert box is not None
    with Image.open(io.BytesIO(page.screenshot(clip={**box}))) as seen:
        left, right = (seen.convert("RGB").getpixel((int(seen.width * at), seen.height // 2)) for at in (0.35, 0.65))
    assert (left, right) == ((254, 0, 0), (0, 0, 254))
    for key in ("e", "Space", "Shift+ArrowRight", "Shift+ArrowDown", "Space", "1"):
        mark(page, key)
    press(page, "Enter")
    # Of what no browser shows, a copy is drawn on, in pixels of the original.
    expect(page.locator(".nbt-item[data-seen] canvas")).to_be_visible()
    for key in ("Space", "Control+ArrowRight", "Control+ArrowDown", "Space", "2", "Enter"):
        mark(page, key)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    unsaved(page, 0)
    jay = {"id": "s1", "label": "jay", "x": 40, "y": 30, "w": 10, "h": 10, "attributes": {}}
    rook = {"id": "s1", "label": "rook", "x": 1500, "y": 1000, "w": 200, "h": 200, "attributes": {}}
    wanted = [
        ("a.jpg", {"width": 80, "height": 60, "shapes": [jay]}),
        ("b.tif", {"width": 3000, "height": 2000, "shapes": [rook]}),
    ]
    _list_is(page, here, wanted)
    assert [error for error in visitor.errors if "attribute" in error] == []


def test_regions_are_marked_in_a_file_of_sound(visitor: Visitor, server: Server, here: Path) -> None:
    with wave.open(str(here / "a.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "NONE"))
        file.writeframes(b"\0\x10\0\x50" * 16_000)
    page = _annotating(visitor, server, here, "['a.wav', Path('a.wav').read_bytes()], ['jay', 'rook'], kind='regions'")
    for count in range(2):
        expect(page.locator(".nbt-time")).to_have_text("0:00.00 / 0:04.00")
        expect(page.locator(".nbt-shape path")).to_have_attribute("d", re.compile("^M"))
        mark(page, "1")
        for _ in range(5):
            mark(page, ".")
        mark(page, "1")
        expect(page.locator(".nbt-region")).to_have_count(1)
        (press, mark)[count](page, "Enter")
    unsaved(page, 0)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    _run(page, "annotations = [(str(one)[:5], label) for one, label in annotations]")
    value = {"duration": 4.0, "regions": [{"id": "s1", "label": "jay", "start": 0.0, "end": 0.05}]}
    _list_is(page, here, [("a.wav", value), ("b'RIF", value)])


def test_pictures_and_texts_of_dicts_are_compared(visitor: Visitor, server: Server, here: Path) -> None:
    _turned(here / "a.jpg")
    Image.new("L", (30, 20), 90).save(here / "b.png")
    pairs = "[{'n': 1, 'x': Path('a.jpg'), 'y': Path('b.png')}, {'n': 2, 'x': 'a jay', 'y': 'a rook'}]"
    page = _annotating(visitor, server, here, f"{pairs}, kind={{'kind': 'compare', 'of': ['x', 'y']}}")
    expect(page.locator(".nbt-candidate canvas")).to_have_count(2)
    press(page, "3")
    expect(page.locator(".nbt-candidate")).to_contain_text(["a", "a"])
    mark(page, "4")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    unsaved(page, 0)
    _run(page, "annotations = [(one['n'], label['better']) for one, label in annotations]")
    _list_is(page, here, [(1, "tie"), (2, "bad")])
