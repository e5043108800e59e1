"""Adversarial validation: whether a classifier can tell the splits apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nbtools.errors import MissingExtraError, SplitError
from nbtools.splits.plan import Plan
from nbtools.splits.ratios import train_and_test

_NAMED = 5


@dataclass(frozen=True)
class Adversarial:
    """How well a classifier tells the test split from the training split.

    Attributes
    ----------
    train, test : str
        The two splits.
    auc : float
        Out of fold: 0.5 for not at all, 1 for always.
    features : list of (str, float)
        What it goes by, the most important first, with the part of the importance.
    """

    train: str
    test: str
    auc: float
    features: list[tuple[str, float]]

    def __repr__(self) -> str:
        """Return it in a line."""
        named = ", ".join(f"{name} {part:.0%}" for name, part in self.features)
        return f"{self.test} is told from {self.train} with an AUC of {self.auc:.3f} (0.5: not at all), by {named}"


def adversarial_validation(plan: Plan, features: Any, *, seed: int = 0, folds: int = 5) -> Adversarial:
    """Train a classifier to tell test from train, and return how well it does out of fold.

    Units stay together in its folds: else it would know an item by its group.

    Parameters
    ----------
    plan : Plan
        Who goes where.
    features : DataFrame or array-like of float, shape (n, d)
        Metadata or embeddings of the items, in the plan's order.
    seed : int
        Of the forest and the folds.
    folds : int
        How many.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    SplitError
        If there is not a row for each item, or one of the splits has too few units.
    """
    try:
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    except ImportError as error:
        raise MissingExtraError(
            'adversarial validation needs scikit-learn: pip install "nbtools-data[demo]"'
        ) from error
    names = [str(name) for name in features.columns] if hasattr(features, "columns") else None
    table = np.asarray(features, np.float64)
    if table.ndim != 2 or len(table) != len(plan.ids):
        raise SplitError(f"features have the shape {table.shape}: one row for each item is wanted")
    train, test = train_and_test(plan.names)
    rows = np.concatenate([plan.positions(train), plan.positions(test)])
    held = np.isin(rows, plan.positions(test))
    units = plan.units.of[rows]
    few = min(len(np.unique(units[held == side])) for side in (False, True))
    if few < folds:
        raise SplitError(f"{few} units in {train} or {test} are too few for {folds} folds: pass folds={max(few, 2)}")
    forest = RandomForestClassifier(100, max_depth=8, min_samples_leaf=5, random_state=seed)
    cut = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    scores = cross_val_predict(forest, table[rows], held, groups=units, cv=cut, method="predict_proba")[:, 1]
    parts = forest.fit(table[rows], held).feature_importances_
    top = np.argsort(-parts, kind="stable")[:_NAMED]
    said = [(names[at] if names else f"column {at}", float(parts[at])) for at in top]
    return Adversarial(train, test, float(roc_auc_score(held, scores)), said)
