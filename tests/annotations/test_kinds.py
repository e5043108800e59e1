"""Every kind of task on examples: labeled, taken back, gone on with in another kernel, and checked."""

from __future__ import annotations

import copy
import io
import json
import os
import wave
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nbtools.annotations import fitting, things
from nbtools.annotations.session import ExampleSession
from nbtools.dataset import Dataset
from nbtools.errors import SchemaError, SourceError
from nbtools.labels.kinds import KINDS
from nbtools.labels.kinds.base import text_hash
from nbtools.media import Media, media_of
from tests.annotations.asking import Page, lines, ranged

SIDEWAYS = 6
TEXT = "a jay and a rook 🐦"
PAIRS = [{"prompt": "what?", "a": "a jay", "b": "a rook"}, {"prompt": "where?", "a": "here", "b": "there"}]
BOX = {"id": "s1", "label": "jay", "x": 1, "y": 2, "w": 3, "h": 4, "attributes": {}}
CORNERS = [[1, 1], [9, 1], [5, 8]]
REGION = {"id": "s1", "label": "jay", "start": 0.25, "end": 0.5}
SPAN = {"id": "s1", "start": 2, "end": 5, "option": "jay"}
FORM = [{"name": "age", "kind": "number", "min": 0}, {"name": "sure", "kind": "rating", "required": False}]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.jpg", "b.jpg"):
        tagged(Image.new("RGB", (40, 30), "red")).save(name, exif=tagged(Image.new("RGB", (1, 1))).getexif())
    for name in ("a.wav", "b.wav"):
        Path(name).write_bytes(sound())
    Path("a.txt").write_text(TEXT, "utf-8-sig")


def tagged(image: Image.Image) -> Image.Image:
    """Return an image of which a camera says that it was held sideways."""
    image.getexif()[0x0112] = SIDEWAYS
    return image


def sound(seconds: float = 1.0) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "NONE"))
        file.writeframes(b"\0\x10" * int(8000 * seconds))
    return stream.getvalue()


def png(size: tuple[int, int] = (20, 10)) -> bytes:
    stream = io.BytesIO()
    Image.new("L", size, 200).save(stream, "PNG")
    return stream.getvalue()


@dataclass
class Case:
    """Two examples or more of one kind, a value, what the list then holds, and values that are refused and why."""

    examples: list[Any]
    value: Any
    wrong: dict[str, Any]
    options: Any = None
    settings: Any = None
    kept: Any = None


def shapes(**more: Any) -> dict[str, Any]:
    return {"width": 30, "height": 40, "shapes": [{"id": "s1", "label": "jay", "attributes": {}, **more}]}


CASES = {
    "choice": Case(["a", 7], "jay", {"is no option": "owl"}, ["jay", "rook"]),
    "choices": Case(["a", b"b"], ["jay", "rook"], {"is no option": ["owl"]}, ["jay", "rook"]),
    "text": Case([Path("a.jpg"), ("t",)], " a jay", {"takes text": 7}),
    "number": Case([1, 2], 3.5, {"at least 0": -1}, None, {"min": 0}),
    "rating": Case([Path("a.wav"), {"x": 1}], 7, {"from 1 to 7": 8}, None, {"max": 7}),
    "spans": Case(
        [TEXT, Path("a.txt")],
        {"text_hash": text_hash(TEXT), "spans": [SPAN], "relations": []},
        {
            "18 characters": {"text_hash": text_hash(TEXT), "spans": [{**SPAN, "end": 19}], "relations": []},
            "another text": {"text_hash": text_hash("a"), "spans": [SPAN], "relations": []},
        },
        ["jay", "rook"],
    ),
    "boxes": Case(
        ["a.jpg", Path("b.jpg")],
        shapes(x=1, y=2, w=3, h=4),
        {"outside of the picture": shapes(x=28, y=2, w=3, h=4), "30 × 40": {**shapes(x=1, y=2, w=3, h=4), "width": 40}},
        ["jay", "rook"],
    ),
    "polygons": Case(
        [Path("a.jpg"), Path("b.jpg")],
        shapes(points=CORNERS),
        {"outside of the picture": shapes(points=[[1, 1], [9, 1], [5, 41]])},
        ["jay", "rook"],
    ),
    "points": Case(
        ["a.jpg", "b.jpg"],
        shapes(x=29.5, y=3),
        {"outside of the picture": shapes(x=31, y=3)},
        ["jay", "rook"],
    ),
    "regions": Case(
        ["a.wav", Path("b.wav"), sound()],
        {"duration": 1.0, "regions": [REGION]},
        {"the recording lasts 1 s": {"duration": 1.0, "regions": [{**REGION, "end": 1.5}]}},
        ["jay", "rook"],
    ),
    "compare": Case(
        PAIRS, {"better": "a", "left": "b"}, {"'a' or 'b'": {"better": "a", "left": "c"}}, None, {"of": ["a", "b"]}
    ),
    "rank": Case(PAIRS, ["b", "a"], {"wait for a place": ["b"]}, None, {"of": ["a", "b"]}),
    "form": Case(PAIRS, {"age": 2.0}, {"'age' is not answered": {"sure": 3}}, None, {"fields": FORM}),
}


def begin(kind: str, **more: Any) -> ExampleSession:
    case = CASES[kind]
    asked = {"kind": kind, **case.settings} if case.settings else kind
    return ranged(case.options, more.pop("examples", case.examples), kind=asked, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_label_is_kept_taken_back_and_found_again(kind: str) -> None:
    case = CASES[kind]
    before = copy.deepcopy(case.examples)
    session = begin(kind)
    pairs, page = session.annotations, Page(session)
    for _ in case.examples:
        assert page.press(case.value) | {"act": "", "current": None} == {"act": "", "saved": True, "current": None}
    assert pairs == [(example, case.value) for example in case.examples]
    assert all(pair[0] is example for pair, example in zip(pairs, case.examples, strict=True))
    page.undo()
    assert begin(kind).annotations == pairs == [(example, case.value) for example in case.examples[:-1]]
    assert lines()[0]["value"]["kind"] == kind
    Page(begin(kind)).press(case.value)
    assert begin(kind).annotations == [(example, case.value) for example in case.examples]
    assert case.examples == before
    assert json.loads(json.dumps(pairs[0][1])) == pairs[0][1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_that_cannot_be_is_refused_with_why(kind: str) -> None:
    session = begin(kind)
    page = Page(session)
    item = next(page.queue)["id"]
    for why, value in CASES[kind].wrong.items():
        ack = page.say(item, value)
        assert (ack["saved"], ack["final"]) == (False, True)
        assert why in ack["why"]
    assert (session.annotations, list(Path.cwd().glob(".nbtools/*"))) == ([], [])


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_person_does_to_the_list_is_no_label(kind: str) -> None:
    session = begin(kind)
    page = Page(session)
    page.press(CASES[kind].value)
    label = session.annotations[0][1]
    if isinstance(label, dict | list):
        label.clear()
    assert session.item(position=0)["current"]["value"] == CASES[kind].value
    assert begin(kind).annotations[0][1] == CASES[kind].value


@pytest.mark.parametrize(
    ("example", "size"),
    [
        ("a.jpg", (30, 40)),
        (png(), (20, 10)),
        (Image.new("RGB", (7, 5)), (7, 5)),
        (tagged(Image.new("L", (7, 5))), (5, 7)),
        (np.zeros((6, 8, 3), "uint8"), (8, 6)),
        (np.zeros((6, 8)), (8, 6)),
        (np.zeros((6, 8, 1), "uint16"), (8, 6)),
    ],
    ids=["path", "bytes", "pillow", "sideways", "array", "floats", "deep"],
)
@pytest.mark.parametrize("kind", ["boxes", "polygons", "points"])
def test_the_size_of_a_picture_is_that_of_the_upright_original(kind: str, example: Any, size: tuple[int, int]) -> None:
    session = begin(kind, examples=[example])
    page = Page(session)
    item = next(page.queue)["id"]
    width, height = size
    far: dict[str, dict[str, Any]] = {
        "boxes": {"x": 0, "y": 0, "w": width, "h": height},
        "polygons": {"points": [[0, 0], [width, 0], [0, height]]},
        "points": {"x": width, "y": height},
    }
    beyond: dict[str, dict[str, Any]] = {
        "boxes": {"x": 1, "y": 0, "w": width, "h": height},
        "polygons": {"points": [[0, 0], [width + 1, 0], [0, height]]},
        "points": {"x": width, "y": height + 1},
    }
    assert page.say(item, {"shapes": [{"label": "jay", **far[kind]}]})["saved"]
    kept = session.annotations[0][1]
    assert (kept["width"], kept["height"]) == size
    assert not page.say(item, {"width": width + 1, "height": height, "shapes": []})["saved"]
    assert "outside" in page.say(item, {"shapes": [{"label": "jay", **beyond[kind]}]})["why"]
    if isinstance(example, Image.Image):
        assert example.size in (size, size[::-1])


NO_PICTURE = [
    ("it sang", r"example 1, the str 'it sang' \(it cannot be read: No such file or directory\): kind 'boxes' is"),
    (Path("no.jpg"), r"example 1, the PosixPath PosixPath\('no.jpg'\) \(it cannot be read: No such file"),
    (Path("a.wav"), r"\(audio/wav\): kind 'boxes' is drawn on pictures: give paths of image files, their bytes, PIL"),
    (Path(), "Is a directory"),
    ("a\0b", "null byte"),
    (7, r"example 1, the int 7: kind 'boxes'"),
    (np.zeros(3), "the ndarray array"),
    (np.zeros((2, 2, 99)), "the ndarray array"),
    (np.zeros((2, 2), "complex64"), "the ndarray array"),
    (pd.DataFrame({"a": [1]}), "the DataFrame"),
    ({"a": 1}, "the dict {'a': 1}: kind 'boxes'"),
    (b"\x00\x01", r"the bytes b'\\x00\\x01' \(application/octet-stream\)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("example", "why"), NO_PICTURE, ids=[type(one).__name__ + str(n) for n, (one, _) in enumerate(NO_PICTURE)]
)
def test_what_is_no_picture_is_named_before_anything_is_shown(example: Any, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        begin("boxes", examples=["a.jpg", example])
    with pytest.raises(SourceError, match="so for 2 of 3 examples"):
        begin("boxes", examples=[example, "a.jpg", example])


def test_a_pipe_is_waited_for_by_nobody() -> None:
    os.mkfifo("pipe.png")
    with pytest.raises(SourceError, match="it cannot be read: it is a pipe"):
        begin("boxes", examples=["pipe.png"])


def test_of_many_files_only_the_first_are_opened_before_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(fitting, "MOST_OPENED", 2)

    def noted(name: str, file: BinaryIO) -> Media:
        opened.append(name)
        return media_of(name, file)

    monkeypatch.setattr(things, "media_of", noted)
    Path("notes.txt").write_text("no picture")
    session = begin("boxes", examples=["a.jpg", np.zeros((2, 2)), "a.jpg", "notes.txt"])
    assert opened == ["a.jpg", "a.jpg"]
    assert [session.thing(position).kind for position in range(4)] == ["image", "image", "image", "text"]
    with pytest.raises(SourceError, match=r"example 0, the str 'notes\.txt' .*so for 2 of 3 examples looked at"):
        begin("boxes", examples=["notes.txt", 7, "a.jpg", "notes.txt"])


@pytest.mark.parametrize(
    ("kind", "example", "why"),
    [
        ("regions", "a.jpg", r"\(image/jpeg\): kind 'regions' is marked in sound or video: give paths of sound"),
        ("spans", Path("a.jpg"), "kind 'spans' is marked in texts: give texts or paths of text files"),
        ("spans", 7, "the int 7: kind 'spans'"),
        ("compare", "a", "kind 'compare' is about 'a', 'b', and it has no 'a': give dicts with these keys"),
        ("compare", {"a": "x", "b": ""}, "it has no 'b'"),
        ("rank", {"a": "x", "b": float("nan")}, "it has no 'b'"),
        ("rank", {}, "it has no 'a'"),
    ],
)
def test_what_a_kind_cannot_be_asked_of_is_named_with_what_to_do(kind: str, example: Any, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        begin(kind, examples=[example])


class Mute:
    """An object that says nothing of itself."""

    def __repr__(self) -> str:
        raise ValueError("no")

    @property
    def item(self) -> int:
        raise ValueError("no")


anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=4)
    | st.builds(Mute)
    | st.sampled_from([Path("a.jpg"), "a.wav", Path("a.txt"), Path("no"), np.zeros(3), png(), pd.NaT, {1}]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "\ud800", 1]), inner, max_size=3)
    ),
    max_leaves=5,
)


def begun_or_refused(kind: str, examples: list[Any], *, shown: bool) -> ExampleSession | Exception:
    try:
        return begin(kind, examples=examples, shown=shown)
    except (SourceError, SchemaError) as error:
        return error


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KINDS), st.lists(anything, max_size=3), st.booleans())
def test_any_example_is_labeled_or_refused_in_words(kind: str, examples: list[Any], shown: bool) -> None:
    found = begun_or_refused(kind, examples, shown=shown)
    if isinstance(found, Exception):
        assert "example" in str(found)
        return
    views = found.fetch(None, 9).items
    json.dumps(views, ensure_ascii=False).encode()
    for position, view in enumerate(views):
        assert found.thing(position).kind in ("image", "text", "audio", "video", "record", "other")
        assert Page(found).say(view["id"], status="skipped")["saved"]


def test_a_text_begins_with_what_a_mapping_holds() -> None:
    kind = {"kind": "text", "start": "attribute:draft"}
    (view,) = ranged(None, [{"draft": "a jey", "n": np.int64(1)}], kind=kind).fetch(None, 1).items
    assert (view["given"], view["kind"]) == ({"draft": "a jey"}, "record")


def test_a_form_is_asked_of_what_its_fields_are_about() -> None:
    fields = [{"name": "age", "kind": "number"}, {"name": "where", "kind": "boxes", "options": ["jay"]}]
    with pytest.raises(SourceError, match=r"example 0, the str 'it sang'.*: kind 'form' is drawn on pictures"):
        ranged(None, ["it sang"], kind={"kind": "form", "fields": fields})
    session = ranged(None, ["a.jpg"], kind={"kind": "form", "fields": fields})
    page = Page(session)
    item = next(page.queue)["id"]
    assert "outside" in page.say(item, {"age": 1, "where": [{"label": "jay", "x": 0, "y": 0, "w": 41, "h": 1}]})["why"]
    assert page.say(item, {"age": 1, "where": []})["saved"]
    assert session.annotations[0][1]["where"] == {"width": 30, "height": 40, "shapes": []}


def test_a_function_shows_what_is_drawn_on_but_plays_nothing() -> None:
    # What it shows is known when it has: here the examples may be anything.
    assert begin("boxes", examples=[7], shown=False).counts()["total"] == 1
    assert begin("spans", examples=[7], shown=False).counts()["total"] == 1
    with pytest.raises(
        SchemaError, match=r"kind='regions' plays the examples themselves.*leave it out, and give paths"
    ):
        begin("regions", shown=False)
    with pytest.raises(SourceError, match="it has no 'a'"):
        begin("compare", examples=[7], shown=False)


def test_settings_that_only_python_has_name_the_same_file_each_time() -> None:
    kind = {"kind": "boxes", "attributes": {"hidden": bool, "side": ["left", "right"]}}
    assert Page(ranged(["jay"], ["a.jpg"], kind=kind)).press({"shapes": [{**BOX, "attributes": {"hidden": True}}]})
    ((_, label),) = ranged(["jay"], ["a.jpg"], kind=kind).annotations
    assert label["shapes"][0]["attributes"] == {"hidden": True}
    assert ranged(["jay"], ["a.jpg"], kind={**kind, "attributes": {"hidden": "text"}}).annotations == []


def test_a_file_of_ones_own_holds_what_has_no_content_of_its_own() -> None:
    pictures = [Image.new("RGB", (30, 40)), np.zeros((40, 30), "uint8")]

    def begun() -> ExampleSession:
        names = {id(one): number for number, one in enumerate(pictures)}
        return begin("boxes", examples=pictures, save="boxes.jsonl", key=lambda one: names[id(one)])

    assert Page(begun()).press(CASES["boxes"].value)["saved"]
    ((example, label),) = begun().annotations
    assert (example is pictures[0], label) == (True, CASES["boxes"].value)
    assert begin("boxes", examples=pictures).saves is False


def test_a_large_example_is_named_in_the_file_by_its_beginning() -> None:
    Page(begin("regions", examples=[sound(20)])).press({"regions": []})
    assert lines()[1]["example"].startswith("b'RIFF")
    assert len(lines()[1]["example"]) == 500


def test_the_size_is_known_from_the_file_as_it_is_when_it_is_shown() -> None:
    Path("cut.png").write_bytes(png()[:-20])
    page = Page(begin("boxes", examples=["cut.png"]))
    (view,) = page.session.fetch(None, 1).items
    assert page.session.thing(0).why == "truncated: the PNG ends before it is complete"
    assert (view["width"], page.session.fetch(None, 1).items[0]["kind"]) == (None, "image")


def test_a_dataset_takes_the_list(tmp_path: Path) -> None:
    for kind in ("boxes", "regions"):
        page = Page(begin(kind, examples=CASES[kind].examples[:1]))
        page.press(CASES[kind].value)
        ds = Dataset.create(tmp_path / f"ds-{kind}")
        ds.add(PurePath(CASES[kind].examples[0]))
        ds.ingest()
        ds.task("where", kind=kind, options=["jay", "rook"])
        ds.record("where", page.session.annotations)
        (value,) = ds.labels("where")["value"]
        assert json.loads(value) if isinstance(value, str) else value == CASES[kind].value
