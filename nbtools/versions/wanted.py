"""How a version is to be split: the arguments of ``version.split``, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbtools.errors import SplitError
from nbtools.versions.decided import Decided, read_decided
from nbtools.versions.strategies import as_splitter, settings

if TYPE_CHECKING:
    from nbtools.splits.links import Links
    from nbtools.splits.plan import Plan
    from nbtools.splits.splitter import Splitter

# Counted up when the same seed would come to another split.
ALGORITHM = 1


@dataclass(frozen=True)
class Wanted:
    """How a version is to be split.

    Attributes
    ----------
    splitter : Splitter
        The strategy.
    stratify, groups : tuple of str
        Columns of the version's items.
    near_duplicates : bool
        Whether images that look alike, and texts that read alike, stay together.
    fresh : bool
        Whether no earlier split is carried on.
    found : tuple of Links
        Further pairs that a program found, by their position among the version's items.
    decided : Decided
        Pairs that a person linked or dismissed, beside those of the split that is carried on.
    eval : str or None
        ``random``: items that a ranker chose to be labeled are not tested on.
    """

    splitter: Splitter
    stratify: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    near_duplicates: bool = False
    fresh: bool = False
    found: tuple[Links, ...] = ()
    decided: Decided = field(default_factory=Decided)
    eval: str | None = None

    def recipe(self, plan: Plan, extends: str | None, decided: Decided) -> dict[str, Any]:
        """Return it as it is kept with the split: what JSON can hold; pairs are counted by kind.

        Parameters
        ----------
        plan : Plan
            What came of it.
        extends : str or None
            The split that is carried on.
        decided : Decided
            The pairs that were decided then and now.
        """
        return {
            **settings(self.splitter),
            "algorithm": ALGORITHM,
            "stratify": list(self.stratify),
            "groups": list(self.groups),
            "near_duplicates": self.near_duplicates,
            "links": {one.kind: len(one) for one in plan.links if len(one)},
            "dismissed": len(decided.dismissed),
            "eval": self.eval,
            "extends": extends,
        }


def read_wanted(
    ratios: Any,
    how: Mapping[str, Any],
    stratify: str | Sequence[str] | None,
    groups: str | Sequence[str] | None,
    links: Any,
    dismissed: Any,
    *,
    near_duplicates: bool = False,
    fresh: bool = False,
    eval: str | None = None,
) -> Wanted:
    """Return the arguments of ``version.split``, read.

    Parameters
    ----------
    ratios : mapping of str to float or Splitter
        Shares, or a strategy with its own.
    how : mapping
        Seed and the like, for shares.
    stratify, groups, links, dismissed, near_duplicates, fresh, eval
        As in ``version.split``.

    Raises
    ------
    SplitError
        If they are not as they have to be.
    """
    from nbtools.splits.links import Links

    if eval not in (None, "random"):
        raise SplitError(f"eval={eval!r} is no choice: it is 'random' or None")
    given = (links,) if isinstance(links, Links) else links
    found = isinstance(given, (tuple, list)) and len(given) > 0 and all(isinstance(one, Links) for one in given)
    return Wanted(
        as_splitter(ratios, how),
        _names(stratify),
        _names(groups),
        near_duplicates,
        fresh,
        tuple(given) if found else (),
        read_decided(None if found else given, dismissed),
        eval,
    )


def _names(given: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)
