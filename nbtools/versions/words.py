"""Changes and counts as people say them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

_SAID = ("added", "removed", "replaced", "relabeled", "labeled", "moved")
_SIGNS = {"added": "+", "removed": "−"}
_OTHERS = {"attributes": "attributes changed", "labels": "labels changed"}


def no_changes(tasks: Sequence[str]) -> dict[str, Any]:
    """Return the counts of two that are equal."""
    by_task = {"relabeled": dict.fromkeys(tasks, 0), "labeled": dict.fromkeys(tasks, 0)}
    return {"added": 0, "removed": 0, "excluded": 0, "replaced": 0, "moved": 0, **by_task}


def total(changed: Mapping[str, Any], name: str) -> int:
    """Return one of the counts of a difference, over all tasks."""
    found = changed.get(name, 0)
    return sum(found.values()) if isinstance(found, Mapping) else int(found)


def changes_in_words(changed: Mapping[str, Any]) -> str:
    """Return a difference in one line, such as ``+ 800 − 12, relabeled 31``; nothing where there is none.

    Parameters
    ----------
    changed : mapping
        As `Diff.summary` or a version's record has it.
    """
    counts = {name: count for name in _SAID if (count := total(changed, name))}
    signed = " ".join(
        f"{_SIGNS[name]} {count:,}{_excluded(changed, name)}" for name, count in counts.items() if name in _SIGNS
    )
    parts = [
        *([signed] if signed else []),
        *(f"{name} {count:,}" for name, count in counts.items() if name not in _SIGNS),
    ]
    if not parts:
        parts = [said for name, said in _OTHERS.items() if changed.get(name)]
    return ", ".join([*parts, *(["labels only"] if changed.get("labels_only") else [])])


def _excluded(changed: Mapping[str, Any], name: str) -> str:
    return f" (excluded {changed['excluded']:,})" if name == "removed" and changed.get("excluded") else ""


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: ``1 item``, ``2,000 items``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def say(text: str) -> None:
    """Tell the person at the notebook or the command line something they should know."""
    sys.stdout.write(f"{text}\n")
