"""What is current: the head of the chain of acts of one annotator on one item.

Each act names the act that it saw as current. So the acts of one (task, item,
annotator) form a forest, and what is current is a function of the set of acts alone:
the order in which they arrived never matters, and no client's clock does either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from nbtools.labels.act import Act


class Resolution(NamedTuple):
    """What a set of acts comes to.

    Attributes
    ----------
    head : Act or None
        The current act; None where there is none.
    conflicts : tuple of Act
        Acts off the chain that say something else, in order.
    """

    head: Act | None
    conflicts: tuple[Act, ...]


class Answer(NamedTuple):
    """What an act says, without who said it and when."""

    value: Any
    status: str
    flagged: bool = False
    unsure: bool = False
    comment: str | None = None


CLEARED = Answer(None, "cleared")


def rank(act: Act) -> tuple[str, str, int]:
    """Return what acts are ordered by: the server's clock, then the place in the log."""
    return act.received_at or "", act.writer, act.line


def distinct(acts: Iterable[Act]) -> dict[str, Act]:
    """Return the acts by id, in order; of several with one id the first."""
    found: dict[str, Act] = {}
    for act in sorted(acts, key=rank):
        found.setdefault(act.act, act)
    return found


def resolve(acts: Iterable[Act]) -> Resolution:
    """Return the current act of one (task, item, annotator), and what it contradicts.

    Parameters
    ----------
    acts : iterable of Act
        All acts of one task, item and annotator, in any order, any of them repeated.

    Notes
    -----
    Of the acts that follow none (or one that is not known) the first is taken; of
    those that follow it again the first, and so on. Acts that follow each other in a
    circle count as following none from the first of them on.
    """
    known = distinct(acts)
    if not known:
        return Resolution(None, ())
    if len(known) == 1:
        return Resolution(next(iter(known.values())), ())
    children: dict[str | None, list[Act]] = {}
    for act in known.values():
        follows = act.supersedes if act.supersedes in known else None
        children.setdefault(follows, []).append(act)
    head = children[None][0] if None in children else next(iter(known.values()))
    chain = {head.act}
    while following := [act for act in children.get(head.act, ()) if act.act not in chain]:
        head = following[0]
        chain.add(head.act)
    off = (act for act in known.values() if act.act not in chain)
    return Resolution(head, tuple(act for act in off if _said(act) != _said(head)))


def latest(acts: Iterable[Act]) -> Act | None:
    """Return the last act, for what has no chain: excluding and including."""
    return max(distinct(acts).values(), key=rank, default=None)


def answer_of(act: Act | None) -> Answer:
    """Return what an act says; nothing, where there is none."""
    if act is None:
        return CLEARED
    return Answer(act.value, act.status or "cleared", act.flagged, act.unsure, act.comment)


def before(acts: Mapping[str, Act], undone: str) -> Answer:
    """Return what held before an act: what undoing that act has to say again.

    Parameters
    ----------
    acts : mapping of act id to Act
        All acts of one task, item and annotator.
    undone : str
        The id of the act that is undone. Undoing an undo brings back what that
        undo had taken away.
    """
    previous = acts[undone].supersedes
    return answer_of(acts.get(previous) if previous else None)


def _said(act: Act) -> tuple[Any, str | None]:
    return act.value, act.status
