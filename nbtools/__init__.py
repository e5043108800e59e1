"""Turn a folder of files into a labeled dataset without leaving the notebook.

The public names are loaded when they are first used, because each visitor of a
dashboard is a process of its own and pays for every import.
"""

from __future__ import annotations

import os

# As typing has it; importing typing would take longer than all else that is done here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from nbtools import orders as orders
    from nbtools.dataset import Dataset as Dataset
    from nbtools.labels.telling import kinds as kinds
    from nbtools.splits.folds import KFoldSplit as KFoldSplit
    from nbtools.splits.hashed import HashSplit as HashSplit
    from nbtools.splits.ledger import LedgerSplit as LedgerSplit
    from nbtools.splits.predefined import PredefinedSplit as PredefinedSplit
    from nbtools.splits.timed import TimeSplit as TimeSplit
    from nbtools.widgets.annotating import annotate as annotate
    from nbtools.widgets.chooser import DatasetChooser as DatasetChooser
    from nbtools.widgets.labeler import Labeler as Labeler
    from nbtools.widgets.splitbuilder import SplitBuilder as SplitBuilder
    from nbtools.widgets.versionbrowser import VersionBrowser as VersionBrowser

__version__ = "0.1.0"

_HOMES = {
    "Dataset": "nbtools.dataset",
    "DatasetChooser": "nbtools.widgets.chooser",
    "HashSplit": "nbtools.splits.hashed",
    "KFoldSplit": "nbtools.splits.folds",
    "Labeler": "nbtools.widgets.labeler",
    "LedgerSplit": "nbtools.splits.ledger",
    "PredefinedSplit": "nbtools.splits.predefined",
    "SplitBuilder": "nbtools.widgets.splitbuilder",
    "TimeSplit": "nbtools.splits.timed",
    "VersionBrowser": "nbtools.widgets.versionbrowser",
    "annotate": "nbtools.widgets.annotating",
    "kinds": "nbtools.labels.telling",
}

_ROOMS = ("orders",)

__all__ = sorted(_HOMES)

# Another project's distribution is named nbtools and owns the same import name; this is a file of its.
if os.path.exists(os.path.join(os.path.dirname(__file__), "uibuilder.py")):  # noqa: PTH110, PTH118, PTH120 -- pathlib is slow to import
    import warnings

    warnings.warn(
        "the distributions nbtools-data (this one) and nbtools (GenePattern's) are both installed, in one folder. "
        "Remove both and install the one you need: pip uninstall nbtools nbtools-data, then pip install nbtools-data",
        stacklevel=2,
    )


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562)."""
    import importlib

    if name in _ROOMS:
        return importlib.import_module(f"nbtools.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'nbtools' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not, so that Tab finds them."""
    return sorted({*__all__, *_ROOMS, "__version__"})
