"""A task of each kind is answered in a page of Voilà on a lab's network, and read back from the disk."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nbtools.dataset import Dataset
from nbtools.labels.kinds import KINDS
from nbtools.labels.kinds.base import text_hash
from tests.browser.labeling import Hall, labels, mark, press, shows, unsaved
from tests.browser.pages import Visitor
from tests.widgets.birds import picture

BIRDS = ("jay", "rook", "magpie")
PAIR = ("answer_a", "answer_b")
TEXTS = [f"The jay sees rook {number}." for number in range(3)]
# The cross stands in the middle of a picture of 40 × 30, and leaps by a tenth of its shorter side.
RIGHT, DOWN = "Control+ArrowRight", "Control+ArrowDown"


def pictures(raw: Path) -> None:
    """Write what is looked at."""
    for number in range(3):
        (raw / f"{number}.png").write_bytes(picture(number))


def texts(raw: Path) -> None:
    """Write what is read."""
    for number, text in enumerate(TEXTS):
        (raw / f"{number}.txt").write_text(text)


def sounds(raw: Path) -> None:
    """Write what is heard: two seconds each."""
    for number in range(3):
        with wave.open(str(raw / f"{number}.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes((number * 300).to_bytes(2, "little") * 16_000)


def pairs(raw: Path) -> None:
    """Write two candidates a row."""
    rows = [f"why {number}?,it is a {number},it is b {number}" for number in range(3)]
    (raw / "answers.csv").write_text("\n".join([",".join(("question", *PAIR)), *rows]))


@dataclass(frozen=True)
class Case:
    """How a kind is answered.

    Attributes
    ----------
    write : callable
        Writes three items.
    turns : tuple of tuple
        The keys of the first item, of the second, and, once that is taken back and stands in the
        editor again, of the second once more; each with the value that it comes to.
    task : mapping
        The options and settings.
    """

    write: Callable[[Path], None]
    turns: tuple[tuple[str, Any], tuple[str, Any], tuple[str, Any]]
    task: Mapping[str, Any] = field(default_factory=dict)


def shapes(*of: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of shapes on a picture, numbered as they were drawn."""
    kept = [{"id": f"s{number}", "attributes": {}, **one} for number, one in enumerate(of, 1)]
    return {"width": 40, "height": 30, "shapes": kept}


def spans(number: int, *of: tuple[int, int, str]) -> dict[str, Any]:
    """Return the value of spans in a text."""
    kept = [{"id": f"s{at}", "start": one[0], "end": one[1], "option": one[2]} for at, one in enumerate(of, 1)]
    return {"text_hash": text_hash(TEXTS[number]), "spans": kept, "relations": []}


def regions(*of: tuple[float, float, str]) -> dict[str, Any]:
    """Return the value of regions of a sound."""
    kept = [{"id": f"s{at}", "start": one[0], "end": one[1], "label": one[2]} for at, one in enumerate(of, 1)]
    return {"duration": 2.0, "regions": kept}


CASES = {
    "choice": Case(pictures, (("1", "jay"), ("2", "rook"), ("3", "magpie")), {"options": BIRDS}),
    "choices": Case(
        pictures, (("1 3 Enter", ["jay", "magpie"]), ("2 Enter", ["rook"]), ("1 Enter", ["jay", "rook"])),
        {"options": BIRDS},
    ),
    "text": Case(pictures, (("j a y Enter", "jay"), ("r o Enter", "ro"), ("End o k Enter", "rook"))),
    "number": Case(pictures, (("4 Enter", 4), ("2 . 5 Enter", 2.5), ("7 Enter", 7))),
    "rating": Case(pictures, (("4", 4), ("1", 1), ("2", 2))),
    "spans": Case(texts, (
        ("e ArrowRight Shift+ArrowRight 1 Enter", spans(0, (4, 7, "jay"))),
        ("e Shift+ArrowRight 2 Enter", spans(1, (0, 3, "rook"))),
        (". 3 Enter", spans(1, (0, 3, "magpie"))),
    ), {"options": BIRDS}),
    "compare": Case(pairs, (("1", "left"), ("2", "right"), ("3", "tie")), {"of": PAIR}),
    "rank": Case(
        pairs, (("2 1 Enter", [*PAIR[::-1]]), ("1 2 Enter", [*PAIR]), ("ArrowUp Shift+ArrowUp Enter", [*PAIR[::-1]])),
        {"of": PAIR, "shuffle": False},
    ),
    "regions": Case(sounds, (
        ("i . . o 1 Enter", regions((0, 0.02, "jay"))),
        ("i . o 2 Enter", regions((0, 0.01, "rook"))),
        ("ArrowDown 3 Enter", regions((0, 0.01, "magpie"))),
    ), {"options": BIRDS}),
    "boxes": Case(pictures, (
        (f"1 e Space {RIGHT} {DOWN} Space Escape Enter", shapes({"label": "jay", "x": 20, "y": 15, "w": 3, "h": 3})),
        (f"2 Space {RIGHT} {DOWN} Space Escape Enter", shapes({"label": "rook", "x": 20, "y": 15, "w": 3, "h": 3})),
        (". 3 ArrowLeft Enter", shapes({"label": "magpie", "x": 19, "y": 15, "w": 3, "h": 3})),
    ), {"options": BIRDS}),
    "polygons": Case(pictures, (
        (f"1 e Space {RIGHT} Space {DOWN} Space Enter Escape Enter",
         shapes({"label": "jay", "points": [[20, 15], [23, 15], [23, 18]]})),
        (f"2 Space {DOWN} Space {RIGHT} Space Enter Escape Enter",
         shapes({"label": "rook", "points": [[20, 15], [20, 18], [23, 18]]})),
        (". 3 Enter", shapes({"label": "magpie", "points": [[20, 15], [20, 18], [23, 18]]})),
    ), {"options": BIRDS}),
    "points": Case(pictures, (
        (f"1 e {RIGHT} Space Escape Enter", shapes({"label": "jay", "x": 23, "y": 15})),
        (f"2 {DOWN} Space Escape Enter", shapes({"label": "rook", "x": 20, "y": 18})),
        (". 3 ArrowRight Enter", shapes({"label": "magpie", "x": 21, "y": 18})),
    ), {"options": BIRDS}),
    "form": Case(pictures, (
        (f"1 3 Enter 1 e Space {RIGHT} {DOWN} Space Escape Control+Enter",
         {"species": "jay", "age": 3, "where": shapes({"label": "head", "x": 20, "y": 15, "w": 3, "h": 3})}),
        ("2 5 Enter x Control+Enter", {"species": "rook", "age": 5, "where": shapes()}),
        ("3 Control+Enter", {"species": "magpie", "age": 5, "where": shapes()}),
    ), {"fields": [
        {"name": "species", "kind": "choice", "options": BIRDS},
        {"name": "age", "kind": "number"},
        {"name": "where", "kind": "boxes", "options": ["head", "wing"]},
    ]}),
}  # fmt: skip


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    yield hall
    hall.server.stop()


def dataset(hall: Hall, kind: str) -> Dataset:
    """Make a dataset of three items with a task of a kind."""
    raw = hall.root / kind / "raw"
    raw.mkdir(parents=True)
    CASES[kind].write(raw)
    ds = Dataset.create(raw.parent)
    ds.ingest()
    ds.task("look", kind=kind, **CASES[kind].task)
    return ds


def answer(page: Page, turn: tuple[str, Any]) -> tuple[str, Any]:
    """Press the keys of a turn, the last of which goes on; return the item and the value that they come to."""
    keys, value = turn
    if value in ("left", "right", "tie"):
        # Which stands on the left is drawn by chance, and recorded.
        words = page.locator(".nbt-candidate-body").all_inner_texts()
        sides = ["a" if "it is a" in one else "b" for one in words]
        value = {"better": {"left": sides[0], "right": sides[1]}.get(value, value), "left": sides[0]}
    *others, last = keys.split()
    for key in others:
        mark(page, key)
    return press(page, last), value


def test_each_kind_has_a_case() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_answered_and_taken_back_is_on_the_disk(hall: Hall, visitor: Visitor, kind: str) -> None:
    ds = dataset(hall, kind)
    first, second, again = CASES[kind].turns
    page = visitor.open(hall.server.plain_url + hall.address(ds))
    # The page itself puts the keys where this kind begins.
    expect(page.locator(".nbt-labeler:focus-within .nbt-item[data-seen]")).to_be_visible()
    made = dict([answer(page, first), answer(page, second)])
    unsaved(page, 0)
    assert labels(ds, "look") == made
    page.locator(".nbt-undo").click()
    shows(page, list(made)[1])
    made.update([answer(page, again)])
    unsaved(page, 0)
    assert labels(ds, "look") == made
    done = Dataset(ds.path).labels("look", history=True)["status"].dropna()
    assert list(done) == ["labeled", "labeled", "cleared", "labeled"]
