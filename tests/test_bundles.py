"""What a page is sent: the code of its own task's editor, and no more of it than was agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbtools.labels.kinds import KINDS
from nbtools.widgets.messages import MODULES

# Each has its own page.
WIDGETS = ("splits", "versions")
STATIC = Path(__file__).resolve().parents[1] / "nbtools" / "widgets" / "static"
LARGEST = 400 * 1024
# Kinds whose page has to be there at once.
LIMITS = {"choice": 60 * 1024}
# Words that stand in one editor and in no other.
OWN = {
    "choices": "none of these",
    "text": "nbt-field",
    "number": "nbt-slider",
    "rating": "nbt-scale",
    "spans": "nbt-caret",
    "compare": "nbt-verdicts",
    "rank": "nbt-ranking",
    "regions": "nbt-playhead",
    "boxes": "Drag to draw a box",
    "polygons": "Press for each corner",
    "points": "Press to set a point",
    "form": "nbt-form-row",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_of_a_kind_is_small(kind: str) -> None:
    assert (STATIC / f"labeler-{kind}.js").stat().st_size <= LIMITS.get(kind, LARGEST)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_carries_no_other_kinds_editor(kind: str) -> None:
    code = (STATIC / f"labeler-{kind}.js").read_text(encoding="utf-8")
    # A form is made of the others.
    wanted = OWN.keys() if kind == "form" else {kind} & OWN.keys()
    assert {other for other, words in OWN.items() if words in code} == wanted


def test_each_bundle_is_one_that_something_asks_for() -> None:
    wanted = {*(f"labeler-{kind}.js" for kind in KINDS), *(f"{name}.js" for name in (*MODULES, *WIDGETS))}
    assert {path.name for path in STATIC.glob("*.js")} == wanted
