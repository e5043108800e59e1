"""Measures of uncertainty and disagreement: arrays in, one number for each item out, higher where less is sure."""

from __future__ import annotations

import numpy as np

from nbtools.errors import OrderError


def least_confident(probabilities: np.ndarray) -> np.ndarray:
    """Return 1 − the greatest probability (Lewis and Gale 1994).

    Parameters
    ----------
    probabilities : array of float, shape (n, options)
        At least 0; each row is scaled to the sum 1. NaN beside numbers counts as 0.

    Returns
    -------
    array of float, shape (n,)
        NaN for rows of nothing.

    Raises
    ------
    OrderError
        If one is negative.
    """
    scores: np.ndarray = 1 - scaled(probabilities).max(axis=1)
    return scores


def margin(probabilities: np.ndarray) -> np.ndarray:
    """Return 1 − the difference of the two greatest probabilities (Scheffer et al. 2001).

    Parameters and errors are those of `least_confident`.
    """
    greatest = np.partition(scaled(probabilities), -2, axis=1)[:, -2:]
    scores: np.ndarray = 1 - (greatest[:, 1] - greatest[:, 0])
    return scores


def entropy(probabilities: np.ndarray) -> np.ndarray:
    """Return the entropy in nats (Shannon 1948).

    Parameters and errors are those of `least_confident`.
    """
    return _entropy(scaled(probabilities))


def vote_entropy(votes: np.ndarray) -> np.ndarray:
    """Return the entropy of what annotators said (Dagan and Engelson 1995).

    Parameters
    ----------
    votes : array of int, shape (n, answers)
        How many said each; NaN in the result where nobody said anything.
    """
    return _entropy(scaled(np.where(votes.sum(axis=1, keepdims=True) > 0, votes.astype(np.float64), np.nan)))


def mean_divergence(models: np.ndarray) -> np.ndarray:
    """Return the mean Kullback–Leibler divergence of each model from their mean (McCallum and Nigam 1998).

    Parameters
    ----------
    models : array of float, shape (models, n, options)
        What each predicts, as in `least_confident`; a model that has no row for an item
        counts for none, and the result is NaN where fewer than two have one.

    Raises
    ------
    OrderError
        If a probability is negative.
    """
    each = np.stack([scaled(one) for one in models])
    known = ~np.isnan(each).any(axis=2)
    many = known.sum(axis=0)
    filled = np.where(known[:, :, None], each, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        consensus = filled.sum(axis=0) / many[:, None]
        terms = np.where(filled > 0, filled * (np.log(filled) - np.log(consensus)), 0)
        scores: np.ndarray = terms.sum(axis=(0, 2)) / many
    return np.where(many >= 2, np.maximum(scores, 0), np.nan)


def scaled(probabilities: np.ndarray) -> np.ndarray:
    """Return rows of the sum 1, of two columns at least; rows of NaN where nothing is known.

    Raises
    ------
    OrderError
        If a probability is negative, or a single one is above 1.
    """
    table = probabilities.astype(np.float64)
    nothing = np.isnan(table).all(axis=1) if table.shape[1] else np.ones(len(table), bool)
    if (table < 0).any():
        raise OrderError(f"a probability is at least 0, and there is {float(np.nanmin(table)):g}: are these logits?")
    if table.shape[1] <= 1:
        if (table > 1).any():
            raise OrderError(f"a probability is at most 1, and there is {float(np.nanmax(table)):g}")
        only = table if table.shape[1] else np.full((len(table), 1), np.nan)
        table = np.hstack([only, 1 - only])
    table = np.nan_to_num(table)
    sums = table.sum(axis=1)
    table[nothing | (sums == 0)] = np.nan
    with np.errstate(invalid="ignore"):
        found: np.ndarray = table / sums[:, None]
    return found


def _entropy(table: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0, table * np.log(table), np.where(np.isnan(table), np.nan, 0))
    scores: np.ndarray = np.maximum(-terms.sum(axis=1), 0)
    return scores
