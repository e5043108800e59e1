"""`Dataset`: the one object that widgets, the command line and users hold."""

from __future__ import annotations

from nbtools.dataset.intake import Intake

__all__ = ["Dataset"]


class Dataset(Intake):
    """A folder of data points, their labels and versions."""
