from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import ItemFacts
from nbtools.labels.task import check, declare

SONG = ItemFacts("audio", duration=10.0)
FILM = ItemFacts("video")
PICTURE = ItemFacts("image", width=3, height=2)
CALLS = declare("calls", "regions", ["jay", "rook"], settings={"points": True})
TURNS = declare("turns", "regions", ["ann", "ben"], settings={"overlap": False})
BARE = declare("bare", "regions")
REGIONS = kind_of("regions")


def region(start: object, end: object, label: object = "jay", **more: object) -> dict[str, object]:
    return {"start": start, "end": end, "label": label, **more}


def value(*regions: object, **more: object) -> dict[str, object]:
    return {"regions": list(regions), **more}


def test_regions_are_kept_in_the_order_of_time_as_floats_with_the_duration() -> None:
    kept = check(CALLS, [region(6, 7.2345678, "rook"), region(2, 3), region(2, 5.5)], SONG)
    assert kept == {
        "duration": 10.0,
        "regions": [
            region(2.0, 5.5, id="s1"),
            region(2.0, 3.0, id="s2"),
            region(6.0, 7.2345678, "rook", id="s3"),
        ],
    }
    assert all(isinstance(one[end], float) for one in kept["regions"] for end in ("start", "end"))
    assert check(CALLS, [region(2, 3), region(2, 5.5), region(6, 7.2345678, "rook")], SONG) == kept
    assert check(CALLS, json.loads(json.dumps(kept)), SONG) == kept


def test_ids_stay_and_are_no_part_of_the_answer() -> None:
    first = check(CALLS, value(region(6, 7, id="s1"), region(2, 5)), SONG)
    assert [one["id"] for one in first["regions"]] == ["s2", "s1"]
    other = check(CALLS, value(region(2, 5, id="x"), region(6, 7, id="y"), duration=9.9), SONG)
    assert REGIONS.answer(first) == REGIONS.answer(other)
    assert REGIONS.answer(first) != REGIONS.answer(check(CALLS, [region(2, 5)], SONG))


def test_no_regions_are_an_answer_and_a_duration_that_is_not_known_is_taken() -> None:
    assert check(CALLS, [], SONG) == {"duration": 10.0, "regions": []}
    assert check(CALLS, value(region(0, 99), duration=100), FILM)["duration"] == 100.0
    assert check(CALLS, [region(0, 99)], FILM)["duration"] is None
    assert check(CALLS, [region(0, 99)])["regions"][0]["end"] == 99.0, "without the item only the form is judged"


def test_a_moment_is_a_region_where_the_task_says_so() -> None:
    assert check(CALLS, [region(2, 2)], SONG)["regions"] == [region(2.0, 2.0, id="s1")]
    with pytest.raises(LabelError, match=r"region 0 goes from 2 s to 2 s: it ends after it starts, or .*points=True"):
        check(TURNS, [region(2, 2, "ann")], SONG)


def test_attributes_are_said_of_each_region_where_the_task_declares_them() -> None:
    types = {"side": ["left", "right"], "note": "text", "age": "number", "far": bool}
    task = declare("calls", "regions", ["jay"], settings={"attributes": types})
    first = region(1, 2, attributes={"note": " a sigh ", "side": "left", "age": 2.0})
    kept = check(task, [first, region(3, 4)], SONG)
    assert [one["attributes"] for one in kept["regions"]] == [
        {"side": "left", "note": "a sigh", "age": 2, "far": False},
        {"far": False},
    ]
    assert check(task, json.loads(json.dumps(kept)), SONG) == kept
    assert REGIONS.answer(kept) != REGIONS.answer(check(task, [region(1, 2), region(3, 4)], SONG))
    assert REGIONS.merged(task, kept, {"jay": "rook"})["regions"][0]["attributes"] == kept["regions"][0]["attributes"]


def test_regions_of_a_task_without_attributes_are_as_they_ever_were() -> None:
    one = {"id": "s1", "label": "jay", "start": 1.0, "end": 2.0}
    old = {"duration": 10.0, "regions": [one]}
    assert check(CALLS, old, SONG) == check(CALLS, [region(1, 2, attributes={})], SONG) == old
    assert REGIONS.answer(old) == REGIONS.answer({"regions": [{**one, "attributes": {}}]})


@pytest.mark.parametrize(
    ("attributes", "why"),
    [
        ({"sid": "left"}, "'calls': region 'a': there is no attribute 'sid'; there are side.*did you mean 'side'"),
        ({"side": "up"}, "'calls': region 'a': side='up': it is one of left, right"),
        ([1], r"'calls': region 'a': its attributes are '\[1\]': they are a mapping"),
    ],
)
def test_attributes_that_cannot_be_are_refused_with_the_region(attributes: Any, why: str) -> None:
    task = declare("calls", "regions", ["jay"], settings={"attributes": {"side": ["left", "right"]}})
    with pytest.raises(LabelError, match=why):
        check(task, [region(1, 2, id="a", attributes=attributes)], SONG)
    with pytest.raises(LabelError, match="the task declares none"):
        check(CALLS, [region(1, 2, attributes={"side": "left"})], SONG)
    with pytest.raises(SchemaError, match="attributes='no': it is a mapping"):
        declare("calls", "regions", settings={"attributes": "no"})


def test_a_task_without_options_has_regions_without_labels() -> None:
    assert check(BARE, [{"start": 1, "end": 2}], SONG)["regions"] == [region(1.0, 2.0, None, id="s1")]
    assert REGIONS.words(BARE, check(BARE, [{"start": 1, "end": 2}], SONG)) == "1.00–2.00 s"
    with pytest.raises(LabelError, match="region 0 has the label 'jay', and the task has no options: leave it out"):
        check(BARE, [region(1, 2)], SONG)


@pytest.mark.parametrize(
    ("task", "given", "item", "why"),
    [
        (CALLS, "jay", SONG, r"'calls' takes a list of regions, such as \[\{\"start\": 0.5.*and 'jay' is none"),
        (
            CALLS,
            value(region(9, 10.5)),
            SONG,
            r"region 's1' goes from 9 s to 10.5 s, and the recording lasts 10 s",
        ),
        (CALLS, value(region(3, 2)), SONG, "region 0 goes from 3 s to 2 s: it ends after it starts$"),
        (CALLS, value(region(-1, 2, id="a")), SONG, "region 'a': start=-1: it is a finite number of seconds, from 0"),
        (CALLS, value(region(1, float("nan"))), SONG, "region 0: end=nan: it is a finite number"),
        (CALLS, value(region(1, float("inf"))), SONG, "region 0: end=inf: it is a finite number"),
        (CALLS, value(region(True, 2)), SONG, "region 0: start=True"),
        (CALLS, value(region("1", 2)), SONG, "region 0: start=1: it is a finite number"),
        (CALLS, value(region(1, None)), SONG, "region 0: end=None"),
        (CALLS, value(region(1, 2, "crow")), SONG, "region 0: .*'crow'"),
        (CALLS, value(region(1, 2, None)), SONG, "region 0: "),
        (CALLS, value(region(1, 2, id="")), SONG, "region 0 has the id '': it is 1 to 40 plain characters"),
        (
            CALLS,
            value(region(1, 2, loud=1)),
            SONG,
            "region 0 has no 'loud'; it has id, label, start, end, attributes: leave it out",
        ),
        (CALLS, value([1, 2]), SONG, r"region 0 is '\[1, 2\]': it is a mapping of"),
        (CALLS, value(region(1, 2), text=""), SONG, "the value has no 'text'; it has duration, regions"),
        (CALLS, value(region(1, 2), region(1, 2)), SONG, "region 's2' from 1 s to 2 s is there twice: leave one out"),
        (CALLS, value(region(1, 2, id="a"), region(1, 3, id="a")), SONG, "region 'a' from 1 s to 2 s is there twice"),
        (CALLS, value(region(1, 2), duration=-1), FILM, "duration=-1: it is a finite number of seconds"),
        (CALLS, value(region(1, 5), duration=3), FILM, "the recording lasts 3 s"),
        (CALLS, value(region(0, 1)), PICTURE, r"'calls' marks regions of sound or video, and this item \(image\) is n"),
        (
            TURNS,
            value(region(1, 9, "ann", id="a"), region(2, 3, "ben", id="b"), region(4, 5, "ben", id="c")),
            SONG,
            r"no regions that overlap, and 'a' \(1 s to 9 s\) and 'b' \(2 s to 3 s\) do: shorten or leave out one",
        ),
        (CALLS, value(*[region(0, 1)] * 10_001), SONG, "takes 10,000 regions at most, and this has 10,001"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_to_do(task: Any, given: Any, item: Any, why: str) -> None:
    with pytest.raises(LabelError, match=why):
        check(task, given, item)


def test_regions_that_touch_do_not_overlap() -> None:
    assert len(check(TURNS, [region(1, 2, "ann"), region(2, 3, "ben")], SONG)["regions"]) == 2


@pytest.mark.parametrize("name", ["overlap", "points"])
def test_settings_are_checked(name: str) -> None:
    with pytest.raises(SchemaError, match=f"{name}='no': it is True or False"):
        declare("t", "regions", ["jay"], settings={name: "no"})


def test_options_are_counted_merged_and_said() -> None:
    kept = check(CALLS, [region(1, 2), region(1, 2, "rook"), region(3, 4, "rook")], SONG)
    assert REGIONS.used(kept) == {"jay", "rook"}
    assert REGIONS.merged(CALLS, kept, {"crow": "jay"}) is kept
    merged = REGIONS.merged(CALLS, kept, {"rook": "jay"})
    assert [(one["start"], one["label"]) for one in merged["regions"]] == [(1.0, "jay"), (3.0, "jay")]
    assert REGIONS.words(CALLS, kept) == "jay 1.00–2.00 s, rook 1.00–2.00 s, rook 3.00–4.00 s"
    assert REGIONS.words(CALLS, check(CALLS, [], SONG)) == "no regions"
    many = check(CALLS, [region(n / 10, n / 10 + 0.05) for n in range(90)], SONG)
    assert re.fullmatch(r"jay 0\.00–.{40,}…", REGIONS.words(CALLS, many))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.floats(0, 10), st.floats(0, 10), st.sampled_from(["jay", "rook"])),
        max_size=6,
        unique_by=lambda one: (min(one[0], one[1]), max(one[0], one[1]), one[2]),
    ),
    st.randoms(use_true_random=False),
)
def test_equal_answers_are_equal_whatever_their_order(given: list[tuple[float, float, str]], random: Any) -> None:
    regions = [region(min(a, b), max(a, b), label) for a, b, label in given]
    kept = check(CALLS, regions, SONG)
    random.shuffle(regions)
    assert check(CALLS, regions, SONG) == kept == check(CALLS, kept, SONG)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
