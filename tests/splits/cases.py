"""Datasets of all shapes, for properties that hold of every one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from hypothesis import assume
from hypothesis import strategies as st

from nbtools.errors import SplitError
from nbtools.splits import LedgerSplit, Plan

RATIOS = st.sampled_from(
    [
        {"train": 0.8, "val": 0.1, "test": 0.1},
        {"train": 0.5, "test": 0.5},
        {"test": 0.2, "train": 0.7, "a": 0.05, "b": 0.05},
        {"x": 1 / 3, "y": 1 / 3, "z": 1 / 3},
    ]
)


@dataclass(frozen=True)
class Case:
    """Items with what keeps them together and what is to be alike in all splits."""

    ratios: dict[str, float]
    ids: list[str]
    groups: pd.DataFrame | None
    strata: pd.DataFrame | None
    links: list[tuple[str, str]]

    def plan(self, extends: object = None, seed: int = 0) -> Plan:
        """Plan it, whatever is missing or rare; a case of fewer units than splits is none."""
        splitter = LedgerSplit(self.ratios, seed=seed, missing="alone", rare="keep")
        try:
            return splitter.plan(self.ids, self.groups, self.strata, extends, links=self.links)
        except SplitError as error:  # where all hang together, there is nothing to split
            assume("splits need as many" not in str(error))
            raise

    def rows(self, kept: list[int]) -> Case:
        """Return the case of some of its items, in that order."""
        return replace(
            self,
            ids=[self.ids[row] for row in kept],
            groups=None if self.groups is None else self.groups.iloc[kept].reset_index(drop=True),
            strata=None if self.strata is None else self.strata.iloc[kept].reset_index(drop=True),
        )


@st.composite
def cases(draw: st.DrawFn, least: int = 30, most: int = 120, linked: bool = True) -> Case:
    """Draw a dataset: groups of one or two columns, some of several values; strata of one, two, or sets."""
    count = draw(st.integers(least, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    ids = [f"item {number:04}" for number in rng.permutation(count)]
    links = [(ids[left], ids[right]) for left, right in rng.integers(0, count, (draw(st.integers(0, 4)), 2))]
    return Case(
        draw(RATIOS), ids, _groups(draw(st.integers(0, 3)), count, rng), _strata(draw(st.integers(0, 3)), count, rng),
        links if linked else [],
    )  # fmt: skip


def _groups(kind: int, count: int, rng: np.random.Generator) -> pd.DataFrame | None:
    if kind == 0:
        return None
    table = pd.DataFrame({"patient": [f"p{number}" for number in rng.integers(0, count // 3, count)]})
    if kind == 2:
        table["site"] = [None if rng.random() < 0.9 else f"s{rng.integers(0, count)}" for _ in range(count)]
    if kind == 3:
        table["tags"] = [[f"t{tag}" for tag in rng.integers(0, 20 * count, rng.integers(0, 3))] for _ in range(count)]
    return table


def _strata(kind: int, count: int, rng: np.random.Generator) -> pd.DataFrame | None:
    if kind == 0:
        return None
    table = pd.DataFrame({"species": rng.choice(["jay", "rook", "tit", ""], count, p=[0.6, 0.2, 0.1, 0.1])})
    if kind == 2:
        table["weight"] = rng.normal(size=count)
    if kind == 3:
        table["seen"] = [list(rng.choice(list("abcde"), rng.integers(0, 4), replace=False)) for _ in range(count)]
    return table
