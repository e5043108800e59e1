"""What answers come to, against a second way of settling them: item by item, in plain Python."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.errors import UnsettledError, VersionError
from nbtools.versions.content import Handed, content
from nbtools.versions.truth import check_truth
from tests.versions.making import SPECIES, items, labels

NUMBERS = list(range(5))
ANSWERS = st.fixed_dictionaries({
    "item": st.sampled_from(NUMBERS),
    "value": st.sampled_from(["jay", "rook", "magpie"]),
    "annotator": st.sampled_from(["p1", "p2", "p3", "p4", "import"]),
    "origin": st.sampled_from(["person", "import", "correction", "adjudication"]),
    "status": st.sampled_from(["labeled", "labeled", "labeled", "skipped"]),
    "at": st.none() | st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
})  # fmt: skip


def one_by_one(rows: list[dict[str, Any]], rule: str) -> dict[int, str | None]:
    settled: dict[int, str | None] = {}
    for number in NUMBERS:
        mine = [row for row in rows if row["item"] == number and row["status"] == "labeled"]
        mine = [row for row in mine if row["origin"] != "import"] or mine
        said = Counter(row["value"] for row in mine).most_common()
        if len(said) < 2:
            settled[number] = said[0][0] if said else None
        elif rule == "majority":
            settled[number] = said[0][0] if said[0][1] > said[1][1] else None
        else:
            judged = [row for row in mine if rule == "latest" or row["origin"] == "adjudication"]
            last = max(judged, key=lambda row: (row["at"] or "", row["act"]), default={"value": None})
            settled[number] = last["value"]
    return settled


@given(
    st.lists(ANSWERS, max_size=12, unique_by=lambda row: (row["item"], row["annotator"])),
    st.sampled_from(["latest", "majority", "adjudicated"]),
)
@settings(max_examples=80)
def test_answers_are_settled_as_one_by_one(rows: list[dict[str, Any]], rule: str) -> None:
    rows = [{**row, "act": f"act-{at}"} for at, row in enumerate(rows)]
    found = content(Handed(items(NUMBERS), labels(rows), {}, {"species": SPECIES}), {"species": rule})
    table = found.files["items.parquet"]
    settled = dict(zip(table["id"].to_pylist(), table["species"].to_pylist(), strict=True))
    wanted = one_by_one(rows, rule)
    assert [settled[one] for one in items(NUMBERS)["id"].to_pylist()] == list(wanted.values())
    assert found.counts["labels"]["species"]["labeled"] == sum(value is not None for value in wanted.values())


TWO = [{"item": 0, "value": "jay"}, {"item": 0, "value": "rook", "annotator": "p2", "act": "act-z"}]


def test_answers_that_differ_need_a_rule() -> None:
    two = Handed(items(NUMBERS), labels(TWO), {}, {"species": SPECIES})
    with pytest.raises(UnsettledError, match=r"differ on 1 item of 'species'.*'latest'.*'majority'.*'adjudicated'"):
        content(two, {})
    assert content(two, {"species": "latest"}).truth["species"]["rule"] == "latest"


def test_a_rule_that_was_not_needed_leaves_no_trace() -> None:
    agreed = Handed(items(NUMBERS), labels([TWO[0], {**TWO[1], "value": "jay"}]), {}, {"species": SPECIES})
    assert content(agreed, {"species": "majority"}).truth == content(agreed, {}).truth
    assert content(agreed, {}).truth["species"]["rule"] == "agreed"


def test_an_import_yields_to_any_persons() -> None:
    rows = [{"item": 0, "value": "jay"}, {"item": 0, "value": "rook", "annotator": "import", "origin": "import"}]
    found = content(Handed(items([0]), labels(rows), {}, {"species": SPECIES}), {})
    assert found.files["items.parquet"]["species"].to_pylist() == ["jay"]


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        ("newest", "truth='newest' is none of 'latest'"),
        ("lattest", "did you mean 'latest'"),
        ({"spices": "latest"}, "a task 'spices'; did you mean 'species'"),
        ({"species": "first"}, "truth='first' is none of"),
    ],
)
def test_a_rule_that_is_none_is_refused(truth: Any, said: str) -> None:
    with pytest.raises(VersionError, match=said):
        check_truth(truth, {"species": SPECIES})
