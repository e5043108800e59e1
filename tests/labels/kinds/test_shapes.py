"""`boxes`, `polygons` and `points`: what they keep, and what they refuse and how."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.evolve import evolve
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import ItemFacts
from nbtools.labels.task import Task, check, declare

PICTURE = ItemFacts("image", width=400, height=300)
SAID = {"side": ["left", "right"], "note": "text", "age": "number", "occluded": bool}
BOXES = declare("birds", "boxes", ["jay", "rook"], settings={"attributes": SAID})
RINGS = declare("fields", "polygons", ["jay", "rook"])
JOINTS = declare("joints", "points", ["nose", "ear"], settings={"once": True})
BARE = declare("any", "boxes")
PLAIN = {"occluded": False}


def box(x: object, y: object, w: object, h: object, option: object = "jay", **more: object) -> dict[str, object]:
    return {"x": x, "y": y, "w": w, "h": h, "label": option, **more}


def ring(*points: object, **more: object) -> dict[str, object]:
    return {"points": [list(p) if isinstance(p, tuple) else p for p in points], "label": "jay", **more}


def point(x: object, y: object, option: object = "nose", **more: object) -> dict[str, object]:
    return {"x": x, "y": y, "label": option, **more}


def refused(task: Task, value: object, words: str, item: ItemFacts = PICTURE) -> None:
    with pytest.raises(LabelError, match=words):
        check(task, value, item)


def test_boxes_are_kept_from_top_to_bottom_with_the_size_of_their_picture() -> None:
    given_ = [box(200, 100, 20, 30.0, "rook", attributes={"side": "left", "note": " far "}), box(10.004, 20, 5.5, 6)]
    kept = check(BOXES, given_, PICTURE)
    assert kept == {
        "width": 400,
        "height": 300,
        "shapes": [
            box(10, 20, 5.5, 6, id="s1", attributes=PLAIN),
            box(200, 100, 20, 30, "rook", id="s2", attributes={"side": "left", "note": "far", "occluded": False}),
        ],
    }
    assert json.dumps(kept) == json.dumps(check(BOXES, given_[::-1], PICTURE)), "in any order they are the same"
    assert json.dumps(check(BOXES, json.loads(json.dumps(kept)), PICTURE)) == json.dumps(kept)
    assert kind_of("boxes").words(BOXES, kept) == "1 jay, 1 rook"


def test_ids_stay_and_one_that_is_missing_takes_no_others() -> None:
    kept = check(BOXES, [box(9, 9, 1, 1, id="s1"), box(1, 1, 1, 1), box(0, 0, 1, 1, id="T9")], PICTURE)
    assert [one["id"] for one in kept["shapes"]] == ["T9", "s2", "s1"]
    refused(BOXES, [box(9, 9, 1, 1, id="a"), box(1, 1, 1, 1, id="a")], "two shapes have the id 'a': give one")
    refused(BOXES, [box(9, 9, 1, 1, id="ä")], "shape 0 has the id 'ä': it is 1 to 40 plain")


def test_a_ring_is_kept_as_it_was_drawn_but_not_closed_twice() -> None:
    kept = check(RINGS, [ring((10, 10), (50, 10), (50, 10), (30, 40.126), (10, 10))], PICTURE)
    assert kept["shapes"][0]["points"] == [[10, 10], [50, 10], [30, 40.13]]
    eight = check(RINGS, [ring((0, 0), (10, 10), (10, 0), (0, 10))], PICTURE)
    assert len(eight["shapes"][0]["points"]) == 4, "a ring may cross itself"


def test_no_shapes_are_an_answer_and_a_task_may_have_no_options() -> None:
    assert check(RINGS, [], PICTURE) == {"width": 400, "height": 300, "shapes": []}
    assert kind_of("polygons").words(RINGS, check(RINGS, [], PICTURE)) == "no polygons"
    kept = check(BARE, [{"x": 1, "y": 2, "w": 3, "h": 4}, {"x": 1, "y": 2, "w": 3, "h": 5}], PICTURE)
    assert (kept["shapes"][0]["label"], kind_of("boxes").used(kept)) == (None, frozenset())
    assert kind_of("boxes").words(BARE, kept) == "2 boxes"
    refused(BARE, [box(1, 2, 3, 4)], "shape 0 has the label 'jay', and the task has no options: leave it out")


def test_options_are_for_all_shapes_or_for_none() -> None:
    kept = check(BARE, [{"x": 1, "y": 2, "w": 3, "h": 4}], PICTURE)
    with pytest.raises(SchemaError, match="hold '1 box', which the new settings refuse"):
        evolve(BARE, ["jay"], values=[kept])
    changed = evolve(BARE, ["jay"], values=[check(BARE, [], PICTURE)])
    assert changed is not None
    assert [option.id for option in changed.options] == ["jay"]


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (box(-1, 0, 5, 5), "shape 0 lies at -1 across, outside of the picture, which goes from 0 to 400: cut"),
        (box(0, 296, 5, 5), re.escape("shape 0 (its end) lies at 301 down, outside of the picture")),
        (box(float("nan"), 0, 5, 5), "shape 0: x=nan: it is a finite number of pixels"),
        (box(0, 0, float("inf"), 5), "shape 0: w=inf: it is a finite number"),
        (box(0, 0, 5, 0), "shape 0: h=0: a box is larger than nothing"),
        (box(0, 0, 0.001, 5), "shape 0: w=0: a box is larger"),
        (box(9, 9, -5, 5, id="b7"), "shape 'b7': w=-5: a box is larger than nothing, and its x and y"),
        (box("1", 0, 5, 5), "shape 0: x=1: it is a finite number"),
        (box(True, 0, 5, 5), "x=True"),
        (box(10**400, 0, 5, 5), "x=1000"),
        (box(0, 0, 5, 5, "crow"), "shape 0: 'crow' is no option of 'birds', which has jay, rook"),
        (box(0, 0, 5, 5, None), "shape 0: 'None' is no option"),
        (box(0, 0, 5, 5, depth=2), "shape 0 has no 'depth'; it has id, label, x, y, w, h, attributes: leave it out"),
        (box(0, 0, 5, 5, attributes={"sid": "left"}), "shape 0: there is no attribute 'sid'; there are side.*'side'"),
        (box(0, 0, 5, 5, attributes={"side": "lef"}), "shape 0: side='lef': it is one of left, right.*'left'"),
        (box(0, 0, 5, 5, attributes={"side": 1}), "side='1': it is text"),
        (box(0, 0, 5, 5, attributes={"age": float("nan")}), "age='nan': it is a finite number"),
        (box(0, 0, 5, 5, attributes={"occluded": "yes"}), "occluded='yes': it is True or False"),
        (box(0, 0, 5, 5, attributes={"note": "\ud800"}), "note=.*whole characters"),
        (box(0, 0, 5, 5, attributes=[1]), r"its attributes are '\[1\]': they are a mapping"),
        ([1, 2, 3, 4], r"shape 0 is '\[1, 2, 3, 4\]': it is a mapping of id, label, x"),
    ],
)
def test_a_box_that_cannot_be_is_named_with_its_value_and_what_to_do(shape: object, words: str) -> None:
    refused(BOXES, [shape], words)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (ring((0, 0), (5, 5)), "shape 0 has 2 points: a ring has at least 3"),
        (ring((0, 0), (5, 5), (0, 0), (5, 5)), "a ring has at least 3"),
        (ring((0, 0), (5, 5), (10, 10)), "shape 0: all its points lie on one line"),
        (ring((0, 0), (5, 5), (10, 301)), "shape 0: point 2 lies at 301 down, outside of the picture"),
        (ring((0, 0), (5, 5, 6), (10, 10)), r"shape 0: point 1 is \[5, 5, 6\]: it is two numbers"),
        (ring((0, 0), (5, float("nan")), (10, 10)), "shape 0: point 1: y=nan: it is a finite number"),
        (ring((0, 0), 5, (10, 10)), "takes a list of two numbers"),
        ({"label": "jay"}, r"takes a list of points \(shape 0\), such as \[\[40, 30\]"),
    ],
)
def test_a_ring_that_cannot_be_is_named_with_its_value_and_what_to_do(shape: object, words: str) -> None:
    refused(RINGS, [shape], words)


def test_points_of_each_option_are_there_once_where_they_have_to() -> None:
    kept = check(JOINTS, [point(9, 9), point(1, 1, "ear")], PICTURE)
    assert [one["label"] for one in kept["shapes"]] == ["ear", "nose"]
    refused(JOINTS, [point(9, 9), point(1, 1)], "takes each option once, and 's1' and 's2' are both 'nose': leave one")
    refused(JOINTS, [point(9, 400)], "shape 0 lies at 400 down, outside")
    merged = kind_of("points").merged(JOINTS, kept, {"ear": "nose"})
    assert [one["id"] for one in merged["shapes"]] == ["s1"]
    free = declare("joints", "points", ["nose", "ear"])
    assert len(check(free, [point(9, 9), point(1, 1)], PICTURE)["shapes"]) == 2
    assert kind_of("points").used(kept) == {"ear", "nose"}


def test_the_size_is_that_of_the_item() -> None:
    refused(
        BOXES, {"width": 200, "height": 150, "shapes": []}, "drawn on a picture of 200 × 150.*the item has 400 × 300"
    )
    refused(BOXES, {"width": 0, "shapes": []}, "width=0: it is a whole number of pixels from 1")
    refused(BOXES, [], r"this item \(text\) shows none: skip it", ItemFacts("text"))
    unknown = check(BOXES, {"width": 10, "height": 10, "shapes": [box(0, 0, 10, 10)]}, ItemFacts("image"))
    assert (unknown["width"], unknown["height"]) == (10, 10)
    refused(BOXES, {"width": 10, "height": 10, "shapes": [box(0, 0, 11, 10)]}, "11 across", ItemFacts("image"))
    assert check(BOXES, [box(0, 0, 9999, 10)])["width"] is None, "of an unknown item only the form is judged"
    refused(BOXES, {"boxes": []}, "the value has no 'boxes'; it has width, height, shapes")
    refused(BOXES, "[]", r"takes a list of shapes, such as \[\{\"x\": 40")


def test_merged_options_change_no_place() -> None:
    kept = check(BOXES, [box(1, 1, 5, 5), box(1, 1, 5, 5, "rook")], PICTURE)
    merged = kind_of("boxes").merged(BOXES, kept, {"rook": "jay"})
    assert [one["label"] for one in merged["shapes"]] == ["jay", "jay"]
    assert [one["id"] for one in merged["shapes"]] == ["s1", "s2"]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ([1], "attributes='.1.': it is a mapping, such as"),
        ({"side": []}, "the attribute 'side' is '..': it is a list of 1 to 100 options"),
        ({"side": ["a", "a"]}, "the attribute 'side' has an option twice"),
        ({"side": "boolean"}, "'boolean'.*did you mean 'bool'"),
        ({"side": 3}, "the attribute 'side' is '3'"),
        ({"a": "text", " a": "text"}, "a name is there twice"),
        ({str(n): "text" for n in range(21)}, "attributes has 21 names: there are 20 at most"),
        ({"": "text"}, "text on one line"),
    ],
)
def test_attributes_that_cannot_be_are_refused(attributes: Any, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        declare("birds", "boxes", settings={"attributes": attributes})
    with pytest.raises(SchemaError, match="once='yes': it is True or False"):
        declare("joints", "points", settings={"once": "yes"})


NUMBERS = st.one_of(st.floats(), st.integers(-5, 500), st.sampled_from([0, 300, 400, 400.004, -0.0, None, "1"]))
OFFERED = {
    "boxes": st.builds(box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    "polygons": st.builds(lambda points: ring(*points), st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5)),
    "points": st.builds(lambda x, y: point(x, y, "jay"), NUMBERS, NUMBERS),
}


@pytest.mark.parametrize("kind", OFFERED)
@settings(max_examples=60, derandomize=True)
@given(data=st.data())
def test_whatever_comes_is_refused_or_lies_in_the_picture(kind: str, data: st.DataObject) -> None:
    task = declare("t", kind, ["jay"])
    try:
        kept = check(task, data.draw(st.lists(OFFERED[kind], max_size=3)), PICTURE)
    except LabelError:
        return
    assert json.dumps(check(task, json.loads(json.dumps(kept)), PICTURE)) == json.dumps(kept)
    for one in kept["shapes"]:
        places = one.get("points") or [[one["x"], one["y"]]]
        assert all(0 <= x <= 400 and 0 <= y <= 300 for x, y in places)
        assert one["x"] + one["w"] <= 400.01 if kind == "boxes" else True


def test_the_same_shapes_are_the_same_answer_whatever_their_ids_and_where_a_ring_begins() -> None:
    corners = [(10, 10), (50, 10), (30, 40), (10, 30)]
    rings = [corners, corners[2:] + corners[:2], corners[::-1]]
    polygons = kind_of("polygons")
    said = [polygons.answer(check(RINGS, [ring(*each, id=f"r{n}")], PICTURE)) for n, each in enumerate(rings)]
    assert said[0] == said[1] == said[2]
    assert said[0] != polygons.answer(check(RINGS, [ring(*corners[:3])], PICTURE))
    one, other = (check(BOXES, [box(1, 1, 5, 5, id=name), box(1, 1, 5, 5, "rook")], PICTURE) for name in "zb")
    assert kind_of("boxes").answer(one) == kind_of("boxes").answer(other)
