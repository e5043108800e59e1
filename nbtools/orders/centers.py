"""Greedy k-center: the points that leave no other far away."""

from __future__ import annotations

import numpy as np

_BLOCK = 256


def k_center(points: np.ndarray, count: int, covered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Choose points, each the farthest from all that were chosen before (Gonzalez 1985).

    Parameters
    ----------
    points : array of float, shape (n, d)
        What can be chosen. float32 is computed with as such.
    count : int
        How many are chosen, at most n.
    covered : array of float, shape (m, d)
        What counts as chosen already: the embeddings of what is labeled. Without any,
        the first is the point nearest to the mean.

    Returns
    -------
    chosen : array of int, shape (count,)
        Rows of `points`, in the order in which they were chosen.
    distances : array of float, shape (count,)
        How far each was from the nearest one before it; of the first one, without any
        before it, from the mean.

    Notes
    -----
    Gonzalez, "Clustering to minimize the maximum intercluster distance", Theoretical
    Computer Science 38, 1985: at most twice the least possible radius. As an order for
    labeling: Sener and Savarese, "Active learning for convolutional neural networks: a
    core-set approach", ICLR 2018. n · d · (count + m) steps.
    """
    count = min(count, len(points))
    chosen = np.empty(count, np.int64)
    distances = np.empty(count, np.float64)
    if count == 0:
        return chosen, distances
    lengths = np.einsum("ij,ij->i", points, points)
    nearest = np.full(len(points), np.inf, points.dtype)
    for start in range(0, len(covered), _BLOCK):
        block = covered[start : start + _BLOCK].astype(points.dtype)
        np.minimum(nearest, _squared(points, lengths, block).min(axis=1), out=nearest)
    begin = 0
    if not len(covered):
        from_mean = _squared(points, lengths, points.mean(axis=0, dtype=np.float64).astype(points.dtype)[None])[:, 0]
        chosen[0] = from_mean.argmin()
        distances[0] = np.sqrt(from_mean[chosen[0]])
        nearest = _squared(points, lengths, points[chosen[:1]])[:, 0]
        nearest[chosen[0]] = -1
        begin = 1
    for step in range(begin, count):
        at = chosen[step] = nearest.argmax()
        distances[step] = np.sqrt(nearest[at])
        np.minimum(nearest, _squared(points, lengths, points[at][None])[:, 0], out=nearest)
        # Equal points are at the distance 0 too, and none is chosen twice.
        nearest[at] = -1
    return chosen, distances


def _squared(points: np.ndarray, lengths: np.ndarray, others: np.ndarray) -> np.ndarray:
    found: np.ndarray = points @ others.T
    found *= -2
    found += lengths[:, None]
    found += np.einsum("ij,ij->i", others, others)
    np.maximum(found, 0, out=found)
    return found
