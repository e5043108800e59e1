"""What a person chooses who splits a version by ratios, and the line of Python that does the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """How a version is to be split: the arguments of ``version.split``.

    Attributes
    ----------
    ratios : mapping of str to float
        The name of each part → its share.
    stratify, groups : tuple of str
        Columns of the version's items.
    seed : int or str
        Decides between what is alike.
    missing, rare : str or None
        As in `LedgerSplit`.
    near_duplicates : bool
        Whether images that look alike, and texts that read alike, stay together.
    fresh : bool
        Whether no earlier split is carried on.
    """

    ratios: Mapping[str, float]
    stratify: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    seed: int | str = 0
    missing: str | None = None
    rare: str | None = None
    near_duplicates: bool = False
    fresh: bool = False


def python_line(dataset: str, version: str, wanted: Choice) -> str:
    """Return the line of Python that plans the same split.

    Parameters
    ----------
    dataset : str
        What the dataset is opened by.
    version : str
        Such as ``v2``.
    wanted : Choice
        How it is split.
    """
    given: dict[str, Any] = {
        "stratify": _one_or_more(wanted.stratify),
        "groups": _one_or_more(wanted.groups),
        "seed": None if wanted.seed == 0 else wanted.seed,
        "missing": wanted.missing,
        "rare": wanted.rare,
        "near_duplicates": wanted.near_duplicates or None,
        "fresh": wanted.fresh or None,
    }
    options = [f", {name}={_python(value)}" for name, value in given.items() if value is not None]
    start = f"nbtools.Dataset({_python(dataset)}).version({_python(version)})"
    return f"{start}.split({_python(dict(wanted.ratios))}{''.join(options)})"


def control(words: str, wanted: Choice) -> str:
    """Return what has to be chosen otherwise, by what the words of a `SplitError` name as the way out.

    Parameters
    ----------
    words : str
        The error's words.
    wanted : Choice
        What was refused.

    Returns
    -------
    str
        ``missing``, ``rare``, ``groups``, ``stratify`` or ``ratios``.
    """
    named: Mapping[str, str] = {
        "missing=": "missing",
        "rare=": "rare",
        "groups=": "groups",
        "group column": "groups",
        "stratify=": "stratify",
        "stratum column": "stratify",
    }
    found = next((name for sign, name in named.items() if sign in words), None)
    return found or ("groups" if wanted.groups and "unit" in words else "ratios")


def _one_or_more(names: Sequence[str]) -> str | list[str] | None:
    return list(names) if len(names) > 1 else names[0] if names else None


def _python(value: Any) -> str:
    # JSON's double quotes are Python's; its true and false are not.
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
