"""What a page shows of a split before it is saved: plain values, bounded whatever the split is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbtools.splits.leaks import link_leak
from nbtools.splits.report import SplitReport, make_report
from nbtools.versions.previews import Preview

if TYPE_CHECKING:
    from pandas import Series

    from nbtools.splits.balance import Balance, Cell

MOST_ROWS = 40
MOST_COLUMNS = 6
MOST_OUT = 100
_MOST_MOVES = 20
_LONGEST = 200


def outlook(preview: Preview) -> dict[str, Any]:
    """Return what is to be seen of a split, as JSON can hold it.

    Parameters
    ----------
    preview : Preview
        The split.
    """
    plan, report = preview.plan, make_report(preview.plan)
    said = plan.summary.replace("extends:", f"extends {preview.extends}:") if preview.extends else ""
    return {
        "version": preview.version,
        "items": report.items,
        "units": report.units,
        "counts": {**report.counts, "extends": preview.extends},
        "summary": said,
        "parts": [
            {"name": one.name, "items": one.items, "share": one.share, "target": one.target} for one in report.parts
        ],
        "balances": [_balance(one, report) for one in report.balances[:MOST_COLUMNS]],
        "largest": {
            "items": report.component.items,
            "share": report.component.share,
            "held_by": [words[:_LONGEST] for words in report.component.held_by[:5]],
        },
        "leaks": [{"kind": one.kind, "what": one.what, "count": one.count} for one in report.leaks if one.count],
        "ranked": [str(one) for one in report.ranked],
        "near": _near(preview),
        "quarantine": [
            {"id": plan.ids.array[one.row], "was": one.was, "keeps": one.keeps, "reason": one.reason[:_LONGEST]}
            for one in plan.removals[:MOST_OUT]
        ],
        "confirm": list(report.to_confirm),
    }


def compared(preview: Preview, name: str, earlier: Series[str]) -> dict[str, Any]:
    """Return who would be elsewhere than in a split that there is.

    Parameters
    ----------
    preview : Preview
        The split that is looked at.
    name : str
        The other's name.
    earlier : Series of str
        The part of each item in it, by id.

    Returns
    -------
    dict
        with, stay, moved, new (here only), gone (there only), and moves: from, to, count.
    """
    import pandas as pd

    mine = preview.plan.assignments
    was = earlier.reindex(mine.index)
    known = was.notna()
    moved = known & (was != mine)
    pairs = pd.DataFrame({"was": was[moved], "now": mine[moved]}).value_counts().head(_MOST_MOVES).reset_index()
    return {
        "with": name,
        "stay": int((known & ~moved).sum()),
        "moved": int(moved.sum()),
        "new": int((~known).sum()),
        "gone": int((~earlier.index.isin(mine.index)).sum()),
        "moves": [{"from": row["was"], "to": row["now"], "count": row["count"]} for row in pairs.to_dict("records")],
    }


def _balance(one: Balance, report: SplitReport) -> dict[str, Any]:
    rows = [
        {"value": value[:_LONGEST], "counts": counts}
        for value, counts in zip(one.values[:MOST_ROWS], one.counts[:MOST_ROWS], strict=True)  # noqa: PD011 -- no table: the values of a column
    ]
    return {
        "column": one.column,
        "rows": rows,
        "more": max(0, len(one.values) - MOST_ROWS),
        "without": one.without,
        "worst": _cell(one.worst),
        "empty": len(one.empty),
        "variation": max(one.total_variation.values(), default=0.0),
        "parts": [part.name for part in report.parts],
    }


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {
        "value": cell.value[:_LONGEST],
        "part": cell.split,
        "items": cell.items,
        "of": cell.of,
        "share": cell.share,
        "target": cell.target,
    }


def _near(preview: Preview) -> dict[str, Any] | None:
    if preview.near is None:
        return None
    found = sum(len(one) for one in preview.near)
    return {
        "pairs": found,
        "across": sum(link_leak(preview.plan, one).count for one in preview.alike),
        "together": preview.wanted.near_duplicates,
        "linked": len(preview.decided.linked),
        "dismissed": found - sum(len(one) for one in preview.alike),
        "unlinked": sum(len(one.unlinked) for one in preview.near),
    }
