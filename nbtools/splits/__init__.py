"""Who is trained on and who is tested: strategies, the report, and links between items. Pure: tables in, tables out.

The names are loaded when they are first used: this room stands on NumPy, which no
kernel behind a dashboard should have to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbtools.splits.adversarial import adversarial_validation as adversarial_validation
    from nbtools.splits.folds import KFoldSplit as KFoldSplit
    from nbtools.splits.hashed import HashSplit as HashSplit
    from nbtools.splits.ledger import LedgerSplit as LedgerSplit
    from nbtools.splits.links import Links as Links
    from nbtools.splits.links.images import near_hashes as near_hashes
    from nbtools.splits.links.join import equal_items as equal_items
    from nbtools.splits.links.texts import near_texts as near_texts
    from nbtools.splits.links.vectors import near_vectors as near_vectors
    from nbtools.splits.plan import Plan as Plan
    from nbtools.splits.predefined import PredefinedSplit as PredefinedSplit
    from nbtools.splits.report import SplitReport as SplitReport
    from nbtools.splits.report import make_report as make_report
    from nbtools.splits.timed import TimeSplit as TimeSplit

_HOMES = {
    "HashSplit": "nbtools.splits.hashed",
    "KFoldSplit": "nbtools.splits.folds",
    "LedgerSplit": "nbtools.splits.ledger",
    "Links": "nbtools.splits.links",
    "Plan": "nbtools.splits.plan",
    "PredefinedSplit": "nbtools.splits.predefined",
    "SplitReport": "nbtools.splits.report",
    "TimeSplit": "nbtools.splits.timed",
    "adversarial_validation": "nbtools.splits.adversarial",
    "equal_items": "nbtools.splits.links.join",
    "make_report": "nbtools.splits.report",
    "near_hashes": "nbtools.splits.links.images",
    "near_texts": "nbtools.splits.links.texts",
    "near_vectors": "nbtools.splits.links.vectors",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Load a name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'nbtools.splits' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the names, loaded or not, so that Tab finds them."""
    return list(__all__)
