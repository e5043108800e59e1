"""What annotators or models disagree about first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from nbtools.orders.base import SECONDS, Context

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Disagreement:
    """What is disagreed about first: by annotators, or by models.

    Parameters
    ----------
    models : sequence or "suggestions", optional
        What each of two or more models predicts, in the forms that `Uncertainty` takes, all
        with the same options; or what ``ds.suggest`` was told of each model. The score is
        the mean Kullback–Leibler divergence from their mean [1]_. Unless given, it is the
        entropy of what annotators said [2]_; items that nobody labeled come last.
    seconds : float
        After which a ranking is given up.

    References
    ----------
    .. [1] McCallum and Nigam, "Employing EM and pool-based active learning for text
       classification", ICML 1998.
    .. [2] Dagan and Engelson, "Committee-based sampling for training probabilistic
       classifiers", ICML 1995.
    """

    models: Sequence[Any] | Literal["suggestions"] | None = field(default=None, repr=False)
    seconds: float = SECONDS
    name = "disagreement"

    def rank(self, ids: Sequence[str], context: Context) -> np.ndarray:
        """Return the disagreement about each item, from 0; NaN where there is nothing to compare."""
        if self.models is None:
            return _among_annotators(ids, context)
        return _among_models(ids, list(context.models.values()) if self.models == "suggestions" else self.models)


def _among_annotators(ids: Sequence[str], context: Context) -> np.ndarray:
    import numpy as np

    from nbtools.orders.measures import vote_entropy

    said = [Counter(json.dumps(one, sort_keys=True) for one in context.labels.get(item, {}).values()) for item in ids]
    most = max((len(one) for one in said), default=1)
    # Which answer it is makes no difference to the entropy, so that each row needs only its own counts.
    votes = np.zeros((len(ids), max(most, 2)), np.int64)
    for place, counts in enumerate(said):
        votes[place, : len(counts)] = list(counts.values())
    return vote_entropy(votes)


def _among_models(ids: Sequence[str], models: Sequence[Any]) -> np.ndarray:
    import numpy as np

    from nbtools.errors import OrderError
    from nbtools.orders.measures import mean_divergence
    from nbtools.orders.rows import read_rows

    tables = [read_rows(one, f"models[{place}]").take(ids) for place, one in enumerate(models)]
    widths = sorted({one.shape[1] for one in tables})
    if len(tables) < 2 or len(widths) > 1:
        raise OrderError(
            f"models= is what two or more models predict of the same options, and there are {len(tables)} "
            f"with {' and '.join(map(str, widths)) or 'no'} options"
        )
    return mean_divergence(np.stack(tables))
