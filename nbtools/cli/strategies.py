"""How the words of the command line name a strategy of splitting, and pairs of items."""

from __future__ import annotations

import argparse
import inspect
from typing import TYPE_CHECKING, Any

from nbtools.cli.parser import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.splits.splitter import Splitter
    from nbtools.versions.version import Version

USUAL = {"train": 0.8, "val": 0.1, "test": 0.1}
STRATEGIES = {
    "ledger": "LedgerSplit",
    "hash": "HashSplit",
    "time": "TimeSplit",
    "kfold": "KFoldSplit",
    "predefined": "PredefinedSplit",
}
_PLAIN = ("missing", "rare", "bins", "time", "straddling", "undated", "folds", "test", "column", "rest")
_ID = "[0-9a-f]{32}"


def strategy_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the strategies are set to."""
    parser.add_argument("--strategy", choices=tuple(STRATEGIES), default="ledger", help="ledger unless given")
    parser.add_argument(
        "--ratio",
        action="append",
        metavar="NAME=SHARE",
        help="a part and its share; unless given train=.8 val=.1 test=.1",
    )
    parser.add_argument("--seed", help="decides between what is alike; 0 unless given")
    parser.add_argument("--missing", choices=("alone", "together"), help="items without a value in a column of groups")
    parser.add_argument("--rare", choices=("keep",), help="take an answer that one item only has as it is")
    parser.add_argument("--bins", type=int, metavar="N", help="into how many quantiles numbers are cut")
    parser.add_argument("--time", metavar="COLUMN", help="time: when each item came about")
    parser.add_argument(
        "--cutoff", action="append", metavar="NAME=TIME", help="time: when a part begins; NAME= for the first"
    )
    parser.add_argument("--gap", help="time: how long before a cut-off items are left out, such as 7D")
    parser.add_argument("--straddling", choices=("drop", "earlier", "later"), help="time: groups on both sides")
    parser.add_argument("--undated", choices=("drop", "first"), help="time: items that have none")
    parser.add_argument("--folds", type=int, metavar="N", help="kfold: how many; 5 unless given")
    parser.add_argument("--test", type=float, metavar="SHARE", help="kfold: what is tested on, in no fold")
    parser.add_argument("--column", help="predefined: names each item's part")
    parser.add_argument(
        "--folders", metavar="COLUMN", help="predefined: paths whose folders name the part, such as source"
    )
    parser.add_argument("--rename", action="append", metavar="FROM=TO", help="predefined: what the data calls a part")
    parser.add_argument("--rest", metavar="NAME", help="predefined: the part of items that none is named for, or drop")


def splitter_of(given: argparse.Namespace, version: Version) -> Splitter:
    """Return the strategy, set as the command line says.

    Raises
    ------
    UsageError
        If it says what another strategy is set to.
    """
    from nbtools import splits

    made = getattr(splits, STRATEGIES[given.strategy])
    known = inspect.signature(made).parameters
    said = {name: getattr(given, name) for name in (*_PLAIN, "folders")}
    said |= {
        "ratios": _ratios(given.ratio),
        "seed": _seed(given.seed),
        "names": _pairs(given.rename, "--rename FROM=TO"),
    }
    said |= {"gap": _moment(given.gap, given, version), "cutoffs": _cutoffs(given, version)}
    said = {name: value for name, value in said.items() if value is not None}
    for name in said:
        if name not in known:
            flag = {"ratios": "ratio", "cutoffs": "cutoff", "names": "rename"}.get(name, name)
            raise UsageError(f"--{flag} does not go with --strategy {given.strategy}: leave it out, or name another")
    if "ratios" in known and "cutoffs" not in said:
        said.setdefault("ratios", USUAL)
    splitter: Splitter = made(**said)
    return splitter


def pairs_of(path: str | None) -> DataFrame | None:
    """Return the pairs of ids in the first two columns of a CSV or Parquet file.

    Raises
    ------
    UsageError
        If it cannot be read, or its first line is a pair and names no columns.
    """
    import re

    import pandas as pd

    if path is None:
        return None
    try:
        if path.lower().endswith((".parquet", ".pq")):
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is no CSV or Parquet file of pairs: {error}") from error
    if len(table.columns) and re.fullmatch(_ID, str(table.columns[0])):
        raise UsageError(f"{path} begins with a pair: its first line names the columns, such as left,right")
    return table


def _ratios(given: list[str] | None) -> dict[str, float] | None:
    pairs = _pairs(given, "--ratio NAME=SHARE, such as train=.8,")
    try:
        return None if pairs is None else {name: float(share) for name, share in pairs.items()}
    except ValueError as error:
        raise UsageError(f"--ratio takes NAME=SHARE, such as train=.8: {error}") from error


def _pairs(given: list[str] | None, form: str) -> dict[str, str] | None:
    for one in given or ():
        if "=" not in one:
            flag, _, rest = form.partition(" ")
            raise UsageError(f"{flag} takes {rest} and this is {one!r}")
    return None if given is None else dict(one.split("=", 1) for one in given)


def _seed(given: str | None) -> int | str | None:
    return int(given) if given is not None and given.lstrip("-").isdigit() else given


def _cutoffs(given: argparse.Namespace, version: Version) -> dict[str, Any] | None:
    pairs = _pairs(given.cutoff, "--cutoff NAME=TIME")
    return None if pairs is None else {name: _moment(one or None, given, version) for name, one in pairs.items()}


def _moment(text: str | None, given: argparse.Namespace, version: Version) -> Any:
    """Return a time, or a length of time: a number where the column has numbers."""
    if text is None or given.time not in version.items or version.items[given.time].dtype.kind not in "iuf":
        return text
    try:
        return float(text)
    except ValueError:
        return text
