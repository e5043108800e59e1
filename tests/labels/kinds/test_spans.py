from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds import kind_of
from nbtools.labels.kinds.base import ItemFacts, text_hash
from nbtools.labels.task import check, declare

TEXT = "a jay 🐦 and 👩‍👩‍👧 see שלום, e\u0301tat"
ITEM = ItemFacts("text", read_text=lambda: TEXT)
PAGE = ItemFacts("text", read_text=lambda: "another text")
PICTURE = ItemFacts("image", width=3, height=2)
NAMES = declare("names", "spans", ["bird", "person"], settings={"relations": ["sees", "eats"]})
FLAT = declare("flat", "spans", ["bird", "person"], settings={"overlap": False})
SPANS = kind_of("spans")


def span(start: object, end: object, option: object = "bird", **more: object) -> dict[str, object]:
    return {"start": start, "end": end, "option": option, **more}


def relation(one: object, other: object, kind: object = "sees") -> dict[str, object]:
    return {"type": kind, "from": one, "to": other}


def value(*spans: object, relations: Sequence[object] = (), **more: object) -> dict[str, object]:
    return {"spans": list(spans), "relations": list(relations), **more}


def test_spans_are_kept_in_the_order_of_the_text_with_its_hash() -> None:
    kept = check(NAMES, [span(6, 7, "person"), span(2, 5), span(2, 7)], ITEM)
    assert kept == {
        "text_hash": text_hash(TEXT),
        "spans": [span(2, 7, id="s1"), span(2, 5, id="s2"), span(6, 7, "person", id="s3")],
        "relations": [],
    }
    assert check(NAMES, [span(2, 7), span(2, 5), span(6, 7, "person")], ITEM) == kept, "in any order they are the same"
    assert check(NAMES, json.loads(json.dumps(kept)), ITEM) == kept


def test_ids_stay_and_one_that_is_missing_takes_no_others() -> None:
    kept = check(NAMES, value(span(6, 7, id="s1"), span(2, 5), span(0, 1, id="T9")), ITEM)
    assert [one["id"] for one in kept["spans"]] == ["T9", "s2", "s1"]


def test_relations_are_kept_in_the_order_of_the_spans() -> None:
    ends = (relation("b", "a"), relation("a", "b", "sees"), relation("a", "b", "eats"))
    kept = check(NAMES, value(span(0, 1, id="a"), span(2, 5, id="b"), relations=ends), ITEM)
    assert kept["relations"] == [relation("a", "b", "eats"), relation("a", "b"), relation("b", "a")]


def test_no_spans_are_an_answer_and_an_unknown_item_is_believed() -> None:
    assert check(NAMES, [], ITEM) == {"text_hash": text_hash(TEXT), "spans": [], "relations": []}
    assert check(NAMES, [span(0, 999)]) == {"text_hash": None, "spans": [span(0, 999, id="s1")], "relations": []}
    assert check(NAMES, check(NAMES, [span(0, 1)]), ITEM)["text_hash"] == text_hash(TEXT)


@given(
    st.lists(
        st.sampled_from(["a", " ", "🐦", "👩\u200d👩\u200d👧", "שלום", "e\u0301", "\U0001f1e9\U0001f1ea", "\r\n"]),
        min_size=1,
    )
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_offsets_are_code_points_whatever_the_browser_counts(parts: list[str]) -> None:
    text = "".join(parts)
    units = [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)]
    raw = text.encode("utf-16-le")
    item = ItemFacts("text", read_text=lambda: text)
    for start in range(len(text)):
        (one,) = check(NAMES, [span(start, len(text))], item)["spans"]
        assert (
            raw[2 * units[one["start"]] : 2 * units[one["end"]]].decode("utf-16-le") == text[one["start"] : one["end"]]
        )
    if units[-1] > len(text):
        with pytest.raises(LabelError, match="count in characters"):
            check(NAMES, [span(0, units[-1])], item)


@pytest.mark.parametrize(
    ("given", "item", "words"),
    [
        ("a jay", ITEM, "takes a list of spans, such as"),
        ({"text_hash": None}, ITEM, "takes a list of spans"),
        (value("jay"), ITEM, "span 0 is 'jay': it is a mapping of id, start, end, option"),
        (value(span(0, 1, label="x")), ITEM, "span 0 has no 'label'; it has id, start, end, option: leave it out"),
        (value(span(0, 1), extra=1), ITEM, "the value has no 'extra'"),
        (value(span(0, 1, id="")), ITEM, "the id '': it is 1 to 40 plain characters"),
        (value(span(0, 1, id="a\nb")), ITEM, "1 to 40 plain"),
        (value(span(0, 1), span(1.5, 2)), ITEM, "span 1: start=1.5: it is a whole number from 0"),
        (value(span(0, True)), ITEM, "end=True: it is a whole"),
        (value(span(-1, 2, id="a")), ITEM, "span 'a': start=-1"),
        (value(span(2, 2)), ITEM, "goes from 2 to 2: it ends after it starts"),
        (value(span(0, 1, "brid")), ITEM, "span 0: 'brid' is no option of 'names'.*did you mean 'bird'"),
        (value(span(0, 99)), ITEM, "'s1' goes from 0 to 99, and the text has 33 characters: count in characters"),
        (value(span(0, 1), span(0, 1)), ITEM, "from 0 to 1 is there twice: leave one out"),
        (value(span(0, 1, id="a"), span(2, 5, id="a")), ITEM, "'a' from 2 to 5 is there twice.*id of its own"),
        (value(span(0, 1), text_hash=text_hash(TEXT)), PAGE, "marked in another text.*mark them anew"),
        (value(span(0, 1), text_hash="abc"), ITEM, "text_hash is 'abc': it is 32 hex digits"),
        (value(span(0, 1)), PICTURE, r"marks spans of a text, and this item \(image\) shows none: skip it"),
        (value(*[span(0, 1)] * 10_001), ITEM, "takes 10,000 spans at most, and this has 10,001"),
        (value(relations=[relation("a", "b", "likes")]), ITEM, "relation 0 is of type 'likes'; there are sees, eats"),
        (value(span(0, 1, id="a"), relations=[relation("a", "b")]), ITEM, "relation 0 goes to 'b', which is no span"),
        (value(span(0, 1, id="a"), relations=[relation(["a"], "a")]), ITEM, "goes from .*, which is no span"),
        (value(span(0, 1, id="a"), relations=[relation("a", "a")]), ITEM, "goes from 'a' to itself"),
        ({"spans": [], "relations": "ab"}, ITEM, "takes a list of relations, and 'ab' is none"),
    ],
)
def test_what_does_not_fit_is_refused(given: Any, item: ItemFacts, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        check(NAMES, given, item)


def test_a_relation_is_there_once() -> None:
    twice = value(span(0, 1, id="a"), span(2, 5, id="b"), relations=[relation("a", "b")] * 2)
    with pytest.raises(LabelError, match="relation 1 is there twice"):
        check(NAMES, twice, ITEM)
    with pytest.raises(LabelError, match=re.escape("there are none: give the task relations=[…]")):
        check(FLAT, twice, ITEM)


def test_spans_overlap_only_where_they_may() -> None:
    with pytest.raises(LabelError, match=r"'s1' \(0 to 5\) and 's2' \(4 to 7\) do: shorten or leave out"):
        check(FLAT, [span(0, 5), span(4, 7)], ITEM)
    assert len(check(FLAT, [span(0, 5), span(5, 7)], ITEM)["spans"]) == 2


def test_merged_options_leave_no_span_twice_and_keep_relations() -> None:
    spans = (span(0, 1, id="a"), span(0, 1, "person", id="b"), span(2, 5, "person", id="c"))
    ends = (relation("a", "b"), relation("b", "c"), relation("a", "c"))
    kept = check(NAMES, value(*spans, relations=ends), ITEM)
    merged = SPANS.merged(NAMES, kept, {"person": "bird"})
    assert merged["spans"] == [span(0, 1, id="a"), span(2, 5, id="c")]
    assert merged["relations"] == [relation("a", "c")]
    assert check(NAMES, merged, ITEM) == merged
    assert SPANS.used(merged) == {"bird"}
    assert SPANS.merged(NAMES, kept, {"other": "bird"}) is kept


def test_answers_are_the_same_whatever_their_spans_are_called() -> None:
    one = value(span(0, 1, id="a"), span(2, 5, "person", id="b"), relations=[relation("a", "b")])
    other = value(span(2, 5, "person", id="x"), span(0, 1, id="b"), relations=[relation("b", "x")])
    turned = value(span(0, 1, id="a"), span(2, 5, "person", id="b"), relations=[relation("b", "a")])
    said = [SPANS.answer(check(NAMES, each, ITEM)) for each in (one, other, turned)]
    assert said[0] == said[1] != said[2]


def test_tables_show_options_with_their_offsets() -> None:
    assert SPANS.words(NAMES, check(NAMES, [span(2, 5), span(6, 7, "person")])) == "bird 2–5, person 6–7"
    assert SPANS.words(NAMES, check(NAMES, [])) == "no spans"
    many = SPANS.words(NAMES, check(NAMES, [span(at, at + 1) for at in range(99)]))
    assert (len(many), many[-1]) == (60, "…")


@pytest.mark.parametrize(
    ("name", "setting", "words"),
    [
        ("snap", "words", "one of 'word', 'character'.*did you mean 'word'"),
        ("overlap", 1, "True or False"),
        ("relations", "sees", "a list of names"),
        ("relations", [""], "text on one line"),
        ("relations", ["sees", " sees"], "each there once"),
    ],
)
def test_settings_that_cannot_be_are_refused(name: str, setting: object, words: str) -> None:
    with pytest.raises(SchemaError, match=f"a task of kind 'spans': .*{words}"):
        declare("t", "spans", ["a"], settings={name: setting})
