"""Times of items, as numbers that can be compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbtools.errors import SplitError
from nbtools.splits.columns import Array


class Times:
    """The time of each item, in microseconds or as it was given.

    Parameters
    ----------
    given : array-like
        Dates and times, texts in ISO 8601, or numbers; shape (n,). Without a time zone it
        is UTC.
    count : int
        Number of items.

    Attributes
    ----------
    numbers : ndarray of float, shape (n,)
        NaN where there is none.
    dated : bool
        Whether they are dates, and not plain numbers.

    Raises
    ------
    SplitError
        If one is no time.
    """

    def __init__(self, given: Any, count: int) -> None:
        import pandas as pd

        if isinstance(given, str) or not hasattr(given, "__len__"):
            raise SplitError(f"times={given!r} is no column: hand over one time for each item")
        if len(given) != count:
            raise SplitError(f"there are {len(given):,} times for {count:,} items: one for each is wanted")
        series = pd.Series(given).reset_index(drop=True)
        self.dated = series.dtype.kind not in "iuf"
        self.numbers: Array = _dates(series) if self.dated else series.to_numpy(np.float64)

    def number(self, value: Any) -> float:
        """Return a cut-off as a number that compares with `numbers`."""
        import pandas as pd

        found = _dates(pd.Series([value]))[0] if self.dated else value
        if isinstance(found, bool) or not isinstance(found, (int, float, np.number)) or not np.isfinite(found):
            raise SplitError(f"{value!r} is no time to begin at, where the times are such as {self.shown(self.first)}")
        return float(found)

    def length(self, gap: Any) -> float:
        """Return a gap as a difference of `numbers`."""
        import pandas as pd

        try:
            found = pd.Timedelta(gap) / pd.Timedelta(microseconds=1) if self.dated and gap else float(gap)
        except (ValueError, TypeError):
            found = np.nan
        if not np.isfinite(found) or found < 0:
            raise SplitError(f"gap={gap!r} is no length of time: such as '7D' for dates, and a number for numbers")
        return float(found)

    @property
    def first(self) -> float:
        """The earliest time."""
        return float(np.nanmin(self.numbers)) if not np.isnan(self.numbers).all() else 0.0

    def shown(self, number: float) -> Any:
        """Return a number as the time it stands for."""
        import pandas as pd

        return pd.Timestamp(round(number), unit="us", tz="UTC") if self.dated else number


def _dates(series: Any) -> Array:
    import pandas as pd

    try:
        parsed = pd.to_datetime(series, utc=True, format=None if series.dtype.kind == "M" else "ISO8601")
    except (ValueError, TypeError, OverflowError) as error:
        raise SplitError(
            f"{error}: times are dates, texts such as '2024-05-31' or '2024-05-31T08:00Z', or numbers"
        ) from error
    numbers: Array = parsed.dt.as_unit("us").astype("int64").to_numpy(np.float64)
    numbers[parsed.isna().to_numpy()] = np.nan
    return numbers
