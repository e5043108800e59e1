"""`Dataset`: the one object that widgets, the command line and users hold."""

from __future__ import annotations

from nbtools.dataset.core import Core

__all__ = ["Dataset"]


class Dataset(Core):
    """A folder of data points, their labels and versions."""
