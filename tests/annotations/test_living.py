"""The list that was returned, held against a fold that knows nothing of places."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nbtools.annotations.living import LivingList, Said, said
from nbtools.labels.act import Act
from nbtools.labels.current import before, distinct, resolve


class Desk:
    """A person who labels three examples, one after the other, back and forth."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.living = LivingList()

    def head(self, item: int) -> Act | None:
        return resolve(self.of(item).values()).head

    def of(self, item: int) -> dict[str, Act]:
        return distinct(act for act in self.acts if act.item == str(item))

    def label(self, item: int, value: str | None) -> None:
        head = self.head(item)
        status = "labeled" if value is not None else "skipped"
        self._take(item, value, status, head.act if head else None, None)

    def undo(self, act: Act) -> None:
        item = int(act.item or 0)
        head = self.head(item)
        assert head is not None
        answer = before(self.of(item), act.act)
        self._take(item, answer.value, answer.status, head.act, act.act)

    def _take(self, item: int, value: Any, status: str, supersedes: str | None, undoes: str | None) -> None:
        number = len(self.acts)
        self.acts.append(
            Act(
                f"a{number}", task="label", item=str(item), annotator="a", value=value, status=status,
                supersedes=supersedes, undoes=undoes, line=number,
            )
        )  # fmt: skip
        now = said(self.of(item), self.head(item))
        if now is None:
            self.living.drop(item)
        else:
            self.living.put(item, now, item, now.value)

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return self.living.pairs


def test_it_grows_in_the_order_of_clicks_and_is_corrected_in_place() -> None:
    desk = Desk()
    pairs = desk.pairs
    for item, value in ((2, "a"), (0, "b"), (1, "c")):
        desk.label(item, value)
    assert pairs == [(2, "a"), (0, "b"), (1, "c")]
    desk.label(0, "d")
    assert pairs == [(2, "a"), (0, "d"), (1, "c")]
    desk.label(0, None)
    assert pairs == [(2, "a"), (1, "c")]
    desk.label(0, "e")
    assert pairs == [(2, "a"), (1, "c"), (0, "e")]
    assert desk.pairs is pairs


def test_undo_takes_back_and_redo_brings_back_to_its_place() -> None:
    desk = Desk()
    desk.label(0, "a")
    desk.label(1, "b")
    desk.label(0, "c")
    desk.undo(desk.acts[-1])
    assert desk.pairs == [(0, "a"), (1, "b")]
    desk.undo(desk.acts[-1])
    assert desk.pairs == [(0, "c"), (1, "b")]
    desk.label(0, None)
    desk.undo(desk.acts[-1])
    assert desk.pairs == [(0, "c"), (1, "b")]


def test_an_example_that_was_taken_back_and_labeled_later_comes_later() -> None:
    desk = Desk()
    desk.label(0, "a")
    desk.undo(desk.acts[-1])
    desk.label(1, "b")
    desk.label(0, "a")
    assert desk.pairs == [(1, "b"), (0, "a")]


def test_what_its_owner_does_to_it_is_left_alone() -> None:
    desk = Desk()
    desk.pairs.append(("mine", "own"))
    desk.label(0, "a")
    desk.label(1, "b")
    del desk.pairs[1]
    desk.label(0, "c")
    desk.label(2, "d")
    assert desk.pairs == [("mine", "own"), (1, "b"), (2, "d")]
    desk.pairs.clear()
    desk.label(1, "e")
    desk.label(3, "f")
    desk.undo(desk.acts[0])
    assert desk.pairs == [(3, "f")]


def test_examples_that_cannot_be_compared_are_no_trouble() -> None:
    class Odd:
        def __eq__(self, other: object) -> bool:
            raise TypeError("no")

        __hash__ = None  # type: ignore[assignment]

    living = LivingList()
    for number in range(3):
        living.put(number, Said(number, "a"), Odd(), "a")
    living.put(1, Said(1, "b"), Odd(), "b")
    living.drop(0)
    assert [label for _, label in living.pairs] == ["b", "a"]


steps = st.lists(
    st.tuples(st.just("label"), st.integers(0, 2), st.sampled_from(["a", "b", None]))
    | st.tuples(st.just("undo"), st.integers(0, 30), st.none()),
    max_size=14,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(steps)
def test_it_is_what_is_current_in_the_order_in_which_it_began(done: list[tuple[str, int, str | None]]) -> None:
    desk = Desk()
    for what, which, value in done:
        if what == "label":
            desk.label(which, value)
        elif desk.acts:
            desk.undo(desk.acts[which % len(desk.acts)])
        heads = {item: desk.head(item) for item in range(3)}
        current = {item: head.value for item, head in heads.items() if head is not None and head.status == "labeled"}
        assert dict(desk.pairs) == current
        began = {item: found.began for item in current if (found := said(desk.of(item), heads[item]))}
        assert [item for item, _ in desk.pairs] == sorted(current, key=lambda item: (began[item], item))
