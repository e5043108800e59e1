"""Links find what is planted, and miss nothing within their measure."""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import MissingExtraError, SplitError
from nbtools.splits import LedgerSplit, Links, equal_items, near_hashes, near_texts, near_vectors
from nbtools.splits.links import texts as by_shingles
from nbtools.splits.links.join import pairs_within
from nbtools.splits.units import components

WORDS = "the quick brown fox jumps over a lazy dog while seven bright birds watch from an old wooden fence".split()  # noqa: SIM905


def pairs(links: Links) -> set[tuple[int, int]]:
    """Return the pairs of positions."""
    return set(zip(links.left.tolist(), links.right.tolist(), strict=True))


def test_equal_items_are_linked_to_the_first_of_them() -> None:
    links = equal_items(["a", "b", "a", None, "a", np.nan, "b"])
    assert pairs(links) == {(0, 2), (0, 4), (1, 6)}
    assert links.table(list("tuvwxyz")).to_numpy()[0].tolist() == ["t", "v", 1.0, "equal item"]


@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.sets(st.integers(0, 63), max_size=5)), max_size=40),
    st.integers(0, 3),
)
@settings(max_examples=150)
def test_every_pair_of_hashes_within_the_distance_hangs_together(
    seeds: list[int], planted: list[tuple[int, set[int]]], distance: int
) -> None:
    hashes = seeds + [seeds[at % len(seeds)] ^ sum(1 << bit for bit in bits) for at, bits in planted]
    links = near_hashes(hashes, distance=distance)
    naive = {
        (one, other)
        for one, other in combinations(range(len(hashes)), 2)
        if (hashes[one] ^ hashes[other]).bit_count() <= distance
    }
    assert pairs(links) <= naive
    assert len(pairs(links)) == len(links)
    measured = dict(zip(sorted(pairs(links)), links.measure, strict=True))
    assert all((hashes[one] ^ hashes[other]).bit_count() == measure for (one, other), measure in measured.items())
    first = {number: row for row, number in reversed(list(enumerate(hashes)))}
    between = {(first[hashes[one]], first[hashes[other]]) for one, other in naive}
    assert {(min(pair), max(pair)) for pair in between if pair[0] != pair[1]} <= pairs(links)
    ends = np.array(sorted(naive), np.int64).reshape(-1, 2)
    whole = components(len(hashes), ends[:, 0], ends[:, 1])
    assert (components(len(hashes), links.left, links.right) == whole).all()


def test_a_thousand_blank_pages_make_a_thousand_pairs() -> None:
    assert len(near_hashes(np.zeros(1000, np.uint64))) == 999


def test_items_without_a_hash_are_not_linked() -> None:
    assert pairs(near_hashes([7, None, 7, -1, 2**64 - 1])) == {(0, 2), (3, 4)}


@pytest.mark.parametrize("keys", [[], [1], [1, 1, 1], [1, 1, 2, 3, 3], [1, 2, 3]])
def test_pairs_within_are_all_pairs_of_equal_keys(keys: list[int]) -> None:
    found = [(int(a), int(b)) for left, right in pairs_within(np.array(keys)) for a, b in zip(left, right, strict=True)]
    assert sorted(found) == [(a, b) for a, b in combinations(range(len(keys)), 2) if keys[a] == keys[b]]


def sentences(count: int, seed: int = 0) -> list[str]:
    """Return sentences of 10 to 20 made-up words."""
    rng = np.random.default_rng(seed)
    vocabulary = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), rng.integers(3, 9))) for _ in range(2000)]
    return [" ".join(rng.choice(vocabulary, rng.integers(10, 21))) for _ in range(count)]


def test_one_word_edits_are_found_and_others_are_not() -> None:
    texts = sentences(400)
    edited = []
    for number in range(200):
        words = texts[number].split()
        words[number % len(words)] = "other"
        edited.append(" ".join(words))
    links = near_texts(texts + edited)
    assert pairs(links) == {(number, 400 + number) for number in range(200)}
    assert links.measure.min() >= 0.6


def test_the_measure_is_the_jaccard_index_of_the_shingles() -> None:
    one, other = " ".join(WORDS), " ".join(WORDS[:-1])

    def shingles(text: str) -> set[str]:
        return {text[at : at + 5] for at in range(len(text) - 4)}

    links = near_texts([one, other])
    both = shingles(one) & shingles(other)
    assert links.measure[0] == pytest.approx(len(both) / len(shingles(one) | shingles(other)))


def test_case_forms_and_white_space_make_no_difference() -> None:
    links = near_texts(["The ﬁsh swims in the\n river Thames", "the FISH swims in  the river thames ", None])
    assert list(links.measure) == [1.0]


def test_short_texts_are_told_and_not_linked_unless_asked() -> None:
    texts = ["ok", "OK", "no finding", "no findings", None, " ".join(WORDS)]
    links = near_texts(texts)
    assert (len(links), list(links.unlinked)) == (0, [0, 1, 2, 3])
    assert repr(links) == "Links(near text: 0 pairs, 4 items say too little to be compared)"
    asked = near_texts(texts, short=True)
    assert pairs(asked) == {(0, 1), (2, 3)}
    assert not len(asked.unlinked)


def test_a_form_letter_hangs_together_without_all_its_pairs() -> None:
    form = " ".join(WORDS)
    texts = [f"{form} number {number}" for number in range(300)]
    links = near_texts(texts)
    assert len(set(components(300, links.left, links.right))) == 1
    assert len(links) < 300 * 299 / 4


def test_texts_in_other_scripts_and_of_nothing() -> None:
    texts = [
        "雨が降っているので今日は家にいて本を読むことにした",
        "雨が降っているので今日は家にいて本を読むことにする",
        "",
    ]
    assert pairs(near_texts(texts)) == {(0, 1)}
    assert len(near_texts([])) == 0
    assert len(near_texts([None])) == 0


def test_without_rensa_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(MissingExtraError, match=r"nbtools-data\[neardup\]"):
        near_texts(sentences(2))


def test_portions_are_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*sentences(50), "a", "ab", "abcde"]
    tokens, offsets = by_shingles.shingles(texts)
    monkeypatch.setattr(by_shingles, "_PORTION", 7)
    again, ends = by_shingles.shingles(texts)
    assert (tokens == again).all()
    assert (offsets == ends).all()
    assert list(np.diff(offsets)[-3:]) == [1, 1, 1]


def test_embeddings_that_point_the_same_way_are_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.splits.links.vectors._BLOCK", 3)
    rng = np.random.default_rng(0)
    table = rng.normal(size=(20, 8))
    table[7] = table[2] * 3
    table[9] = np.nan
    table[19] = table[0] + rng.normal(scale=0.01, size=8)
    unit = table / np.linalg.norm(table, axis=1)[:, None]
    naive = {(one, other) for one, other in combinations(range(20), 2) if unit[one] @ unit[other] >= 0.5}
    assert {(2, 7), (0, 19)} <= pairs(near_vectors(table))
    assert pairs(near_vectors(table, cosine=0.5)) == naive


def test_links_keep_items_together_whichever_way_they_are_given() -> None:
    ids = [f"item {number}" for number in range(50)]
    links = near_hashes([(number // 5 + 1) * 0x9E3779B97F4A7C15 % 2**64 for number in range(50)])
    table = links.table(ids)
    splitter = LedgerSplit({"train": 0.5, "test": 0.5})
    pairwise = list(zip(table["left"], table["right"], strict=True))
    plans = [splitter.assign(ids, links=given) for given in (links, [links], table, pairwise)]
    assert all((plan == plans[0]).all() for plan in plans)
    assert all(len(set(plans[0][at : at + 5])) == 1 for at in range(0, 50, 5))
    assert (splitter.assign(ids, links=pd.DataFrame({"a": ["x"], "b": ["item 1"]})) == splitter.assign(ids)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: near_hashes([1], distance=4), "distance=4: 0 to 3 bits"),
        (lambda: near_hashes([1, "a"]), "'a' is no hash of 64 bits"),
        (lambda: near_hashes([2**64, None]), "is no hash of 64 bits"),
        (lambda: near_texts(["a"], jaccard=0), "jaccard=0"),
        (lambda: near_texts([7]), "7 is no text"),  # type: ignore[list-item]
        (lambda: near_vectors([[1.0]], cosine=2), "cosine=2"),
        (lambda: near_vectors([1.0, 2.0]), r"shape \(2,\)"),
        (lambda: near_vectors([[1.0, 0.0], [0.0, 0.0]]), "position 1 is all zeros"),
        (lambda: LedgerSplit({"a": 0.5, "b": 0.5}).assign([1, 2], links=[("1", "2")]), "look alike"),
        (lambda: LedgerSplit({"a": 0.5, "b": 0.5}).assign([1, 2], links=[1, 2]), "no table of two columns"),
        (lambda: LedgerSplit({"a": 0.5, "b": 0.5}).assign([1, 2], links=near_hashes([0, 1, 1])), "the same items"),
    ],
)
def test_what_cannot_be_linked_is_refused(call: object, message: str) -> None:
    with pytest.raises(SplitError, match=message):
        call()  # type: ignore[operator]


def test_too_many_near_embeddings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbtools.splits.links.vectors.MOST", 10)
    with pytest.raises(SplitError, match="raise it"):
        near_vectors(np.ones((9, 2)))
