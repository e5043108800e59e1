"""`Dataset`: the one object that widgets, the command line and users hold."""

from __future__ import annotations

from nbtools.dataset.labeling import Labeling

__all__ = ["Dataset"]


class Dataset(Labeling):
    """A folder of data points, their labels and versions."""
