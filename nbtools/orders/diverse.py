"""What is least like anything that was labeled or shown first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbtools.orders.base import SECONDS, Context, Ranking

if TYPE_CHECKING:
    from nbtools.orders.rows import Rows


@dataclass(frozen=True)
class KCenter:
    """The item that is farthest from all that are labeled, then the one farthest from these, and so on.

    Parameters
    ----------
    embeddings : mapping, DataFrame or (ids, array)
        One vector for each item: ``{id: vector}``, a table with the ids as its index or in
        a column ``id``, or ids and an array of shape (n, d). Distances are Euclidean: scale
        the vectors to length 1 if it is their angle that counts.
    seconds : float
        After which a ranking is given up.

    Notes
    -----
    Greedy k-center: Gonzalez, "Clustering to minimize the maximum intercluster distance",
    Theoretical Computer Science 38, 1985; for labeling: Sener and Savarese, "Active learning
    for convolutional neural networks: a core-set approach", ICLR 2018. As many items are
    ordered as may be shown before the next ranking. The score is the distance.
    """

    embeddings: Any = field(repr=False)
    seconds: float = SECONDS
    name = "k_center"

    def rank(self, ids: Sequence[str], context: Context) -> Ranking:
        """Return as many items as are needed, with their distances."""
        import numpy as np

        from nbtools.orders.centers import k_center

        points = self._rows.take(ids)
        known = np.flatnonzero(~np.isnan(points).any(axis=1))
        waiting = set(ids)
        done = [one for one in context.labels if one not in waiting and one in self._rows.places]
        covered = self._rows.take(done)
        covered = covered[~np.isnan(covered).any(axis=1)]
        chosen, distances = k_center(points[known], context.needed, covered)
        return Ranking([ids[place] for place in known[chosen]], distances.tolist())

    @cached_property
    def _rows(self) -> Rows:
        from nbtools.orders.rows import read_rows

        return read_rows(self.embeddings, "embeddings")
