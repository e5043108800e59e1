"""What a person chooses who splits a version, and the line of Python that does the same."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbtools.versions.decided import Decided

if TYPE_CHECKING:
    from nbtools.splits.splitter import Splitter
    from nbtools.versions.splitting import SplitPlan
    from nbtools.versions.version import Version
    from nbtools.versions.wanted import Wanted

# By name: the class of the strategy, and which of the settings are its own, in the order of its parameters.
STRATEGIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ledger": ("LedgerSplit", ("ratios", "seed", "missing", "rare")),
    "hash": ("HashSplit", ("ratios", "seed", "missing")),
    "time": ("TimeSplit", ("ratios", "cutoffs", "time", "gap", "straddling", "undated", "missing")),
    "folds": ("KFoldSplit", ("folds", "test", "seed", "missing", "rare")),
    "predefined": ("PredefinedSplit", ("column", "folders", "rest")),
}
_POSITIONAL = ("ratios", "folds")


@dataclass(frozen=True)
class Choice:
    """How a version is to be split: the arguments of ``version.split``.

    Attributes
    ----------
    strategy : str
        Of `STRATEGIES`.
    settings : mapping
        By name what the strategy is set to; what is not said is as the strategy has it.
    stratify, groups : tuple of str
        Columns of the version's items.
    near_duplicates : bool
        Whether images that look alike, and texts that read alike, stay together.
    fresh : bool
        Whether no earlier split is carried on.
    decided : Decided
        Pairs that were linked or dismissed by hand.
    """

    strategy: str
    settings: Mapping[str, Any]
    stratify: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    near_duplicates: bool = False
    fresh: bool = False
    decided: Decided = field(default_factory=Decided)

    @property
    def given(self) -> dict[str, Any]:
        """What of the settings is the strategy's own and was said, in the order of its parameters."""
        own = STRATEGIES[self.strategy][1]
        return {name: self.settings[name] for name in own if self.settings.get(name) is not None}

    def splitter(self) -> Splitter:
        """Return the strategy, set as chosen."""
        from nbtools import splits

        made: Splitter = getattr(splits, STRATEGIES[self.strategy][0])(**self.given)
        return made

    def plan(self, version: Version) -> SplitPlan:
        """Plan the split, as the line of Python does."""
        return version.split(
            self.splitter(),
            stratify=self.stratify,
            groups=self.groups,
            near_duplicates=self.near_duplicates,
            links=list(self.decided.linked),
            dismissed=list(self.decided.dismissed),
            fresh=self.fresh,
        )

    def wanted(self) -> Wanted:
        """Return it as `Previews` takes it."""
        from nbtools.versions.wanted import Wanted

        return Wanted(
            self.splitter(), self.stratify, self.groups, self.near_duplicates, self.fresh, decided=self.decided
        )


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
    own = dict(wanted.given)
    if wanted.strategy == "ledger":
        first = _python(own.pop("ratios"))
    else:
        positional = [_python(own.pop(name)) for name in _POSITIONAL if name in own]
        first = f"nbtools.{STRATEGIES[wanted.strategy][0]}({', '.join([*positional, *_options(own)])})"
        own = {}
    more = {
        "stratify": _one_or_more(wanted.stratify),
        "groups": _one_or_more(wanted.groups),
        **own,
        "near_duplicates": wanted.near_duplicates or None,
        "links": _listed(wanted.decided.linked),
        "dismissed": _listed(wanted.decided.dismissed),
        "fresh": wanted.fresh or None,
    }
    start = f"nbtools.Dataset({_python(dataset)}).version({_python(version)})"
    return f"{start}.split({', '.join([first, *_options(more)])})"


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
        The name of a setting, ``groups`` or ``stratify``.
    """
    named: Mapping[str, str] = {
        "missing=": "missing",
        "rare=": "rare",
        "groups=": "groups",
        "group column": "groups",
        "HashSplit takes one group": "groups",
        "stratify=": "stratify",
        "stratum column": "stratify",
        "undated=": "undated",
        "gap=": "gap",
        "rest=": "rest",
        "the data names": "column",
        "column=": "column",
        "folds=": "folds",
        "test=": "test",
        "is no time to begin at": "cutoffs",
        "cutoffs=": "cutoffs",
        "the splits cannot begin at": "cutoffs" if "cutoffs" in wanted.given else "ratios",
        "time=": "time",
        "times are dates": "time",
    }
    found = next((name for sign, name in named.items() if sign in words), None)
    last = {"folds": "folds", "predefined": "column"}.get(wanted.strategy, "ratios")
    return found or ("groups" if wanted.groups and "unit" in words else last)


def _options(given: Mapping[str, Any]) -> list[str]:
    return [f"{name}={_python(value)}" for name, value in given.items() if value is not None]


def _one_or_more(names: Sequence[str]) -> str | list[str] | None:
    return list(names) if len(names) > 1 else names[0] if names else None


def _listed(pairs: Collection[tuple[str, str]]) -> list[tuple[str, str]] | None:
    return sorted(pairs) or None


def _python(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_python(key)}: {_python(one)}' for key, one in value.items())}}}"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(map(_python, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    # JSON's double quotes are Python's; its true, false and null are not.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
