"""How each strategy of splitting is asked for a plan of a version's items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from nbtools.errors import SplitError

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from nbtools.splits.links import Links
    from nbtools.splits.plan import Plan
    from nbtools.splits.splitter import Splitter


class Given(NamedTuple):
    """What a strategy is handed.

    Attributes
    ----------
    ids : Series
        Of the version's items.
    table : callable
        Returns the items as a table, with a column ``source``: the first raw file of each.
    groups, strata : mapping of str to Series, or None
        What stays together, and what is to be alike.
    extends : Series or None
        Id → part, as decided before.
    links : sequence of Links or None
        Pairs that stay together.
    """

    ids: Series[str]
    table: Callable[[], DataFrame]
    groups: Mapping[str, Series[Any]] | None
    strata: Mapping[str, Series[Any]] | None
    extends: Series[Any] | None
    links: Sequence[Links] | None


def as_splitter(ratios: object, how: Mapping[str, Any]) -> Splitter:
    """Return the strategy: a `LedgerSplit` of ratios, or the splitter that was given.

    Parameters
    ----------
    ratios : mapping of str to float or Splitter
        Shares, or a strategy with its own.
    how : mapping
        Seed and the like, for a `LedgerSplit`; what is not None was given.

    Raises
    ------
    SplitError
        If a splitter was given, and beside it what belongs into it.
    """
    from nbtools.splits.ledger import LedgerSplit
    from nbtools.splits.splitter import Splitter

    said = {name: value for name, value in how.items() if value is not None}
    if not isinstance(ratios, Splitter):
        return LedgerSplit(cast("Mapping[str, float]", ratios), **said)  # it says what is wrong with others
    if said:
        name, value = next(iter(said.items()))
        raise SplitError(
            f"{name}={value!r} belongs to the strategy: {type(ratios).__name__}(…, {name}={value!r}), if it takes that"
        )
    return ratios


def planned(splitter: Splitter, given: Given) -> Plan:
    """Return who goes where.

    Raises
    ------
    SplitError
        If the items cannot be split so.
    """
    from nbtools.splits.folds import KFoldSplit
    from nbtools.splits.hashed import HashSplit
    from nbtools.splits.ledger import LedgerSplit
    from nbtools.splits.predefined import PredefinedSplit
    from nbtools.splits.timed import TimeSplit, times_of

    ids, groups, strata, links = given.ids, given.groups, given.strata, given.links
    if isinstance(splitter, LedgerSplit | KFoldSplit):
        return splitter.plan(ids, groups, strata, given.extends, links=links)
    if isinstance(splitter, TimeSplit):
        times = times_of(given.table(), splitter.time)
        return splitter.plan(ids, times, groups, strata, given.extends, links=links)
    if isinstance(splitter, PredefinedSplit):
        return splitter.plan(ids, given.table(), groups, strata, links=links)
    if isinstance(splitter, HashSplit):
        return splitter.plan(ids, groups, strata, links=links)
    raise SplitError(
        f"{splitter!r} is a strategy that a version does not know: hand over ratios or one of nbtools.splits"
    )


def parts_of(splitter: Splitter) -> list[str] | None:
    """Return the names of the parts that a strategy makes, where it carries on earlier splits; else None."""
    from nbtools.splits.folds import TEST, KFoldSplit
    from nbtools.splits.ledger import LedgerSplit
    from nbtools.splits.timed import TimeSplit

    if isinstance(splitter, KFoldSplit):
        return [*(f"fold{number + 1}" for number in range(splitter.folds)), *([TEST] if splitter.test else [])]
    if isinstance(splitter, LedgerSplit):
        return list(splitter.ratios)
    if isinstance(splitter, TimeSplit):
        return list(splitter.ratios or splitter.cutoffs or ())
    return None


def settings(splitter: Splitter) -> dict[str, Any]:
    """Return what a strategy was set to, as what JSON can hold; the columns that were handed over are named only."""
    plain = {name: value for name, value in vars(splitter).items() if _is_plain(value)}
    told = copy(splitter)
    for name in (name for name, value in vars(splitter).items() if _is_column(value)):
        setattr(told, name, ...)
    call = repr(told).replace("Ellipsis", "…")
    return {"strategy": type(splitter).__name__, "call": call, **plain}


def _is_column(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_column, value.values()))
    return hasattr(value, "__len__") and not isinstance(value, str)


def _is_plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(one) for key, one in value.items())
    return value is None or isinstance(value, str | int | float)
