"""How much each split is to have, and what a split may be called."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nbtools.errors import SplitError

QUARANTINE = "quarantine"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
# A split becomes a file of its name, beside these.
_TAKEN = frozenset({QUARANTINE, "folds", "pairs", "version", "items", "labels"})
_CLOSE = 1e-6


def check_ratios(ratios: Any) -> dict[str, float]:
    """Return ratios that can be split by, adding up to one exactly enough.

    Parameters
    ----------
    ratios : mapping of str to float
        The name of each split → its share of the items, above 0.

    Raises
    ------
    SplitError
        If a share is not a number above 0, if they do not add up to one, if there is
        but one, or if a name cannot be that of a file.
    """
    if not isinstance(ratios, Mapping):
        raise SplitError(
            f'ratios are a mapping from name to share, such as {{"train": .8, "test": .2}}, not {ratios!r}'
        )
    check_names(ratios)
    for name, share in ratios.items():
        if (
            isinstance(share, bool)
            or not isinstance(share, (int, float, np.number))
            or not math.isfinite(share)
            or share <= 0
        ):
            raise SplitError(
                f"the ratio of {name!r} is {share!r}: it is a number above 0; leave out a split of nothing"
            )
    if len(ratios) < 2:
        raise SplitError(f"{dict(ratios)!r} has {len(ratios)} split: name two or more")
    total = math.fsum(ratios.values())
    if abs(total - 1) > _CLOSE:
        scaled = ", ".join(f'"{name}": {share / total:.6g}' for name, share in ratios.items())
        raise SplitError(f"the ratios {dict(ratios)!r} add up to {total:.6g}, not to 1: {{{scaled}}}, say")
    return {name: float(share) / total for name, share in ratios.items()}


def check_names(names: Iterable[Any]) -> None:
    """Refuse names of splits that cannot be the names of files beside each other.

    Raises
    ------
    SplitError
        If a name is malformed or taken, or two differ in case only.
    """
    seen: dict[str, str] = {}
    for name in names:
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name.lower() in _TAKEN:
            raise SplitError(
                f"{name!r} cannot be the name of a split: it takes letters, digits, - and _, begins with a letter or "
                f"digit, and is none of {', '.join(sorted(_TAKEN))}; such as 'train'"
            )
        if name.lower() in seen:
            raise SplitError(f"{seen[name.lower()]!r} and {name!r} would be one file where case does not count")
        seen[name.lower()] = name


def protection(names: Iterable[str]) -> dict[str, int]:
    """Rank splits by how much it matters that nothing leaks into them: train least, test most, else as listed."""
    ordered = sorted(names, key=lambda name: {"train": -1, "test": 1}.get(name, 0))
    return {name: rank for rank, name in enumerate(ordered)}


def train_and_test(names: Iterable[str]) -> tuple[str, str]:
    """Return the splits of a pair by scikit-learn's contract: ``train`` or the first, ``test`` or the last."""
    listed = list(names)
    test = "test" if "test" in listed else next(name for name in reversed(listed) if name != "train")
    return ("train" if "train" in listed else next(name for name in listed if name != test)), test
