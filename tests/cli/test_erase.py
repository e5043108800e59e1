"""`erase`: said first, done with --yes, and what could not be reached."""

from __future__ import annotations

import pytest

from nbtools.dataset import Dataset
from tests.cli.ran import Run


def test_erase_asks_first(birds: Dataset, run: Run) -> None:
    first, second = birds.items()["id"][:2]
    asked = run("erase", birds.path, first[:12], "--reason", "asked")
    assert (asked.code, asked.out) == (
        0,
        "1 item would be erased for good, from versions too\n\nnext: the same with --yes\n",
    )
    assert len(birds) == 5
    done = run("erase", birds.path, first[:12], "--reason", "asked", "--yes")
    assert done.code == 0
    assert "erased 1 items (asked): 2 files" in done.out
    found = run("erase", birds.path, "--where", f"id = '{second}'", "--reason", "asked", "--yes", "--json").json
    assert (found["items"], found["acts"]) == (1, 1)
    assert len(birds) == 3


def test_erase_says_with_1_what_it_could_not_reach(birds: Dataset, run: Run) -> None:
    (birds.path / ".git").mkdir()
    done = run("erase", birds.path, birds.items()["id"][0], "--reason", "asked", "--yes")
    assert done.code == 1
    assert "! not reached:" in done.out


def test_erase_of_a_name(birds: Dataset, run: Run) -> None:
    asked = run("erase", birds.path, "--annotator", "anna", "--labels")
    assert "the labels go too" in asked.out
    assert set(birds.labels("species")["annotator"]) == {"anna"}
    assert run("erase", birds.path, "--annotator", "anna", "--yes").code == 0
    assert len(birds.labels("species")) == 2
    assert "anna" not in set(birds.labels("species")["annotator"])


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "give one of them"), (["abc", "--annotator", "anna"], "give one of them"), (["abc"], "takes a reason")],
)
def test_erase_refuses_what_it_cannot_follow(birds: Dataset, run: Run, words: list[str], said: str) -> None:
    refused = run("erase", birds.path, *words)
    assert refused.code == 2
    assert said in refused.err
