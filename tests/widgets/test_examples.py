"""What a page of annotate is shown of examples that are files, pictures, sound, texts and mappings."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from IPython.display import Image as Displayed
from IPython.display import display
from PIL import Image

from nbtools.annotations import fitting
from nbtools.media.peaks import wav_peaks
from nbtools.widgets import display as displaying
from nbtools.widgets import examples
from nbtools.widgets.spool import Spool
from tests.widgets.clicking import Ours

SIDEWAYS = 6


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sideways = Image.new("RGB", (1, 1)).getexif()
    sideways[0x0112] = SIDEWAYS
    Image.new("RGB", (40, 30), "red").save("a.jpg", exif=sideways)
    Image.new("L", (20, 10)).save("b.png")
    with wave.open("a.wav", "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "NONE"))
        file.writeframes(b"\0\x10\0\x20" * 8000)
    Path("a.txt").write_text("it sang", "utf-8-sig")


def shown(example: Any, kind: Any = "choice", options: Any = ("jay",), display_fn: Any = display) -> dict[str, Any]:
    """Return the one item that a page is sent, its buffers in it."""
    ours = Ours([example], None if options is None else list(options), kind=kind, display_fn=display_fn)
    (item,) = ours.fetch()
    return {**item, "ours": ours, "buffers": ours.browser.buffers}


def size(item: dict[str, Any]) -> tuple[int | None, int | None]:
    return item["width"], item["height"]


@pytest.mark.parametrize("kind", ["boxes", "choice"])
@pytest.mark.parametrize("example", [Path("a.jpg"), "a.jpg"], ids=["path", "text"])
def test_the_file_of_a_picture_is_sent_with_the_size_of_the_upright_original(kind: str, example: Any) -> None:
    item = shown(example, kind)
    if kind == "choice" and isinstance(example, str):
        assert item["content"] == {"text": "a.jpg"}
        return
    assert item["content"] == {"media_type": "image/jpeg", "buffer": 0, "turned": True}
    assert (size(item), item["kind"], item["name"]) == ((30, 40), "image", "a.jpg")
    assert item["buffers"] == [Path("a.jpg").read_bytes()]
    assert item["bytes"] == Path("a.jpg").stat().st_size


def test_bytes_and_pictures_in_memory_are_pictures() -> None:
    data = Path("b.png").read_bytes()
    sent = shown(data, "points")
    assert (sent["content"]["media_type"], sent["buffers"], size(sent)) == ("image/png", [data], (20, 10))
    with Image.open("a.jpg") as sideways:
        sent = shown(sideways, "boxes")
        assert sideways.size == (40, 30)
    with Image.open(io.BytesIO(sent["buffers"][0])) as made:
        assert (made.size, size(sent)) == ((30, 40), (30, 40))
    sent = shown(np.zeros((6, 8, 3), "uint8"), "boxes")
    assert (sent["content"]["array"]["shape"], size(sent)) == ([6, 8, 3], (8, 6))
    assert shown(np.zeros((6, 8)), "boxes")["content"]["array"]["dtype"] == "float32"
    # Where nothing is drawn, numbers are numbers.
    assert "text" in shown(np.zeros((6, 8)))["content"]


def test_a_large_picture_is_sent_smaller_and_whole_when_it_is_asked_for() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (1300, 1700, 3), "uint8")
    for example in (noise, Image.fromarray(noise)):
        sent = shown(example, "boxes")
        assert (sent["content"], size(sent)) == ({"media_type": "image/jpeg", "full": True, "buffer": 0}, (1700, 1300))
        whole, start = b"", 0
        while True:
            answer = sent["ours"].browser.ask("bytes", request=3, item=sent["id"], start=start, full=True)
            whole += sent["ours"].browser.buffers[0]
            start = len(whole)
            if start == answer["total"]:
                break
        with Image.open(io.BytesIO(whole)) as made:
            assert np.array_equal(np.asarray(made), noise)


def test_a_large_picture_in_memory_is_written_down_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def counted(value: Any) -> bytes | None:
        made.append(value)
        return displaying.as_png(value)

    monkeypatch.setattr(examples, "as_png", counted)
    sent = shown(np.random.default_rng(0).integers(0, 255, (1300, 1700, 3), "uint8"), "boxes")
    for start in (0, 100, 200):
        sent["ours"].browser.ask("bytes", request=3, item=sent["id"], start=start, full=True)
    assert len(made) == 1


def test_deep_numbers_that_are_thinned_out_keep_their_size() -> None:
    deep = np.zeros((1500, 2000), "uint16")
    for example in (deep, Image.fromarray(deep)):
        sent = shown(example, "boxes")
        assert sent["content"]["array"]["shape"] == [750, 1000]
        assert (sent["content"]["array"]["of"], size(sent)) == ([2000, 1500], (2000, 1500))


@pytest.mark.parametrize("as_bytes", [False, True])
def test_sound_is_played_in_parts_with_its_peaks(as_bytes: bool) -> None:
    data = Path("a.wav").read_bytes()
    sent = shown(data if as_bytes else "a.wav", "regions")
    ours = sent["ours"]
    assert sent["content"]["wav"]["frames"] == 16_000
    assert (sent["kind"], sent["media_type"], sent["duration"], sent["bytes"]) == ("audio", "audio/wav", 2, len(data))
    ours.browser.ask("bytes", request=3, item=sent["id"], start=100, full=False)
    assert ours.browser.buffers == [data[100:]]
    ours.browser.ask("peaks", request=4, item=sent["id"])
    assert ours.browser.buffers == [wav_peaks(Path("a.wav"))]


def test_what_has_no_file_says_so() -> None:
    sent = shown(7)
    answer = sent["ours"].browser.ask("bytes", request=3, item=sent["id"], start=0, full=True)
    assert (answer["type"], "no file to read from" in answer["why"]) == ("error", True)


def test_texts_are_read_from_files_and_long_ones_are_there_as_a_whole() -> None:
    assert shown(Path("a.txt"), "spans")["content"] == {"text": "it sang"}
    assert shown(b"it sang", "spans")["content"] == {"text": "it sang"}
    long = "ö" * 200_000
    sent = shown(long, "spans")
    assert (len(sent["content"]["text"]), sent["content"]["full"]) == (32_000, True)
    ours = sent["ours"]
    assert ours.browser.ask("bytes", request=3, item=sent["id"], start=0, full=True)["total"] == 400_000
    assert ours.browser.buffers == [long.encode()]
    assert ours.say(sent["id"], {"spans": [{"start": 0, "end": 200_000, "option": "jay"}]})["saved"]


def test_a_mapping_is_a_row_in_which_json_can_hold_everything() -> None:
    odd = {
        "a": 1,
        "b": float("nan"),
        "c": Path("x/y"),
        "d": b"\0" * 2000,
        "e": np.int64(3),
        "f": {"g": [1.5, "\ud800"]},
    }
    row = shown(odd)["content"]["record"]
    assert row == {"a": 1, "b": None, "c": "x/y", "d": "2,000 bytes", "e": 3, "f": {"g": [1.5, "?"]}}
    assert "text" in shown({1: 2})["content"]


def test_texts_and_pictures_are_compared_side_by_side() -> None:
    of = {"kind": "compare", "of": ["x", "y"]}
    sent = shown({"y": "b.png", "prompt": "which?", "x": "a.jpg"}, of, None)["content"]
    assert [part.get("text") for part in sent["parts"]] == [None, "a.jpg", "b.png"]
    assert sent["parts"][0] == {"record": {"prompt": "which?"}}
    named = shown({"y": "b.png", "x": "a.jpg"}, {**of, "shows": "items"}, None)
    assert named["buffers"] == [Path("a.jpg").read_bytes(), Path("b.png").read_bytes()]
    with Image.open("b.png") as picture:
        sent = shown({"x": picture, "y": Path("a.jpg")}, of, None)["content"]
    assert [part.get("media_type") for part in sent["parts"]] == [None, "image/png", "image/jpeg"]
    sent = shown({"x": Path("a.wav"), "y": Path("no.wav")}, of, None)["content"]
    assert sent["parts"][1]["media_type"] == "audio/wav"
    assert sent["parts"][2]["error"] == "y: it cannot be read: No such file or directory"
    sent = shown({"x": 1.5, "y": ["a", {"b": 2}]}, of, None)["content"]
    assert [part.get("text") for part in sent["parts"]] == [None, "1.5", '["a", {"b": 2}]']


def test_a_picture_beside_another_is_looked_for_again_once_it_was_missing() -> None:
    kind = {"kind": "compare", "of": ["x", "y"], "shows": "items"}
    ours = Ours([{"x": "b.png", "y": "late.png"}], None, kind=kind, display_fn=display)
    (before,) = ours.fetch()
    assert before["content"]["parts"][2]["error"] == "y: it cannot be read: No such file or directory"
    Path("late.png").write_bytes(Path("b.png").read_bytes())
    (after,) = ours.fetch()
    assert [part.get("media_type") for part in after["content"]["parts"][1:]] == ["image/png", "image/png"]


def test_mappings_are_sent_as_many_as_a_message_holds() -> None:
    ours = Ours([{"text": "x" * 2_000_000, "n": n} for n in range(3)], ["jay"], display_fn=display)
    assert [item["content"]["record"]["n"] for item in ours.fetch()] == [0]


def test_a_function_shows_what_stands_above_what_is_compared() -> None:
    pair = {"x": "a jay", "y": "a rook", "n": 3}
    sent = shown(pair, {"kind": "compare", "of": ["x", "y"]}, None, lambda one: f"number {one['n']}")["content"]
    assert [part["text"] for part in sent["parts"]] == ["number 3", "a jay", "a rook"]


@pytest.mark.parametrize(
    "show",
    [
        lambda _: Image.open("a.jpg"),
        lambda _: Image.open("a.jpg").rotate(90, expand=True),
        lambda _: np.zeros((40, 30), "uint16"),
        lambda _: Displayed("c.png"),  # type: ignore[no-untyped-call]
        lambda _: Path("c.png").read_bytes(),
    ],
    ids=["opened", "turned", "array", "displayed", "bytes"],
)
def test_a_function_shows_the_picture_that_is_drawn_on(show: Any) -> None:
    Image.new("L", (30, 40)).save("c.png")
    sent = shown(7, "boxes", ["jay"], show)
    assert size(sent) == (30, 40)
    ours, box = sent["ours"], {"x": 0, "y": 0, "h": 1, "label": "jay"}
    assert "outside" in ours.say(sent["id"], {"shapes": [{**box, "w": 31}]})["why"]
    assert ours.say(sent["id"], {"shapes": [{**box, "w": 30}]})["saved"]
    assert ours.pairs[0][1]["height"] == 40


def test_a_picture_that_a_function_shows_smaller_keeps_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(displaying, "MAX_BUFFER", 10)
    monkeypatch.setattr(displaying, "MAX_SIDE", 64)
    sent = shown(7, "boxes", ["jay"], lambda _: Image.new("RGB", (128, 96)))
    assert size(sent) == (128, 96)


def test_what_a_function_shows_may_be_nothing_to_draw_on() -> None:
    sent = shown("a.jpg", "boxes", ["jay"], lambda _: "a text")
    assert sent["content"]["error"].startswith("what display_fn showed is something else: kind 'boxes' is drawn on")
    row = shown({"say": "it sang"}, "spans", ["jay"], lambda one: one["say"])
    assert row["content"] == {"text": "it sang"}
    spans = [{"start": 0, "end": 8, "option": "jay"}]
    assert "7 characters" in row["ours"].say(row["id"], {"spans": spans})["why"]
    # Said before it is shown again, as a page does after a restart: its form alone is judged.
    again = Ours([{"say": "it sang"}], ["jay"], kind="spans", display_fn=lambda one: one["say"])
    assert again.say(row["id"], {"spans": spans})["saved"]


def test_files_that_cannot_be_shown_are_the_error_of_one_example() -> None:
    Path("cut.png").write_bytes(Path("b.png").read_bytes()[:-20])
    Path("gone.png").write_bytes(Path("b.png").read_bytes())
    ours = Ours(["cut.png", "gone.png", "b.png"], ["jay"], kind="boxes", display_fn=display)
    Path("gone.png").unlink()
    cut, gone, whole = (item["content"] for item in ours.fetch())
    assert cut["error"] == "truncated: the PNG ends before it is complete"
    assert gone["error"] == "it cannot be read: No such file or directory"
    assert whole["media_type"] == "image/png"
    Path("gone.png").write_bytes(Path("b.png").read_bytes())
    again = ours.fetch()[1]
    assert (again["content"]["media_type"], size(again)) == ("image/png", (20, 10)), "the disk is back"


def test_a_file_that_was_not_opened_at_first_says_that_it_cannot_be_drawn_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_OPENED", 1)
    ours = Ours(["b.png", "a.txt"], ["jay"], kind="boxes", display_fn=display)
    picture, text = ours.fetch()
    assert picture["content"]["media_type"] == "image/png"
    assert text["content"]["error"].startswith("kind 'boxes' is drawn on pictures: give paths of image files")


def test_a_grid_has_small_pictures_and_beginnings() -> None:
    def cards(*examples: Any, kind: str = "choice") -> list[Any]:
        ours = Ours(list(examples), ["jay"], kind=kind, display_fn=display)
        answer = ours.browser.ask("grid", request=2, start=0, count=9, unlabeled=False, fresh=False)
        return [item["content"] for item in answer["items"]]

    Image.new("RGB", (900, 600)).save("large.png")
    picture, turned, sound, text = cards(Path("large.png"), Path("a.jpg"), Path("a.wav"), "it sang " * 200)
    assert picture == {"media_type": "image/jpeg", "buffer": 0}
    assert turned == {"media_type": "image/jpeg", "buffer": 1}
    assert (sound, len(text["text"])) == ({"text": "audio"}, 400)
    assert cards({"a": 1, "b": 2})[0] == {"text": "a: 1 · b: 2"}


def test_temporary_files_are_few_and_go_with_their_object() -> None:
    spool = Spool(most=25)
    paths = [spool.path(name, lambda: b"x" * 10) for name in "abc"]
    assert [path.exists() for path in paths] == [False, True, True]
    assert spool.path("b", lambda: b"never made") == paths[1]
    spool.path("d", lambda: b"x" * 10)
    assert [path.exists() for path in paths] == [False, True, False]
    folder = paths[0].parent
    assert folder.is_relative_to(tempfile.gettempdir())
    del spool
    assert not folder.exists()


def test_texts_are_annotated_without_numpy_and_pillow(tmp_path: Path) -> None:
    code = """
import sys, nbtools
from nbtools.annotations.call import call_of
from nbtools.dataset.person import Person
call = call_of(["it sang", {"a": 1}], ["jay"], shuffle=False, skip=True, save=None, key=None, kind=None, shown=True)
session = call.begin(Person("anna"))
assert len(session.fetch(None, 9).items) == 2 and session.thing(1).kind == "record"
print(sorted({"numpy", "PIL", "pandas", "pyarrow"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
