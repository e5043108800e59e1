"""`rank`: candidates in order, the best first.

A value is the list of them; those that are even stand in a list of their own, in the order
of the task: ``["c", ["a", "b"]]``. Candidates are the columns that the task names, or its options.
Where they stood in an order drawn by chance, that order goes with it, and is no part of the
answer: ``{"ranking": ["c", ["a", "b"]], "shown": ["b", "c", "a"]}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import UNKNOWN, Columns, ItemFacts, Kind
from nbtools.labels.kinds.candidates import MOST, SHOWS, columns, missing, present
from nbtools.labels.kinds.parts import mapping_of
from nbtools.labels.kinds.settings import flag, one_of, whole
from nbtools.labels.options import chosen

if TYPE_CHECKING:
    from nbtools.labels.task import Task

_KEYS = ("ranking", "shown")
_SHOWN = 60


class Rank(Kind):
    """Candidates in order: its options, or what each item has in the columns that `of` names.

    Its settings:

    ``of`` : list of str, optional
        The columns of a row, or attributes of an item, that are ranked; the other columns
        stand above them. An item may lack some.
    ``shows`` : {"text", "items"}
        What the columns hold: text, or ids or paths of other items of the dataset.
    ``ties`` : bool
        Whether some may be even.
    ``top`` : int, optional
        How many are ranked, from the best; all unless given.
    ``shuffle`` : bool, optional
        Whether they stand in an order drawn by chance for each item and annotator before
        they are ranked; so it is with columns unless said otherwise.
    """

    has_options: ClassVar[bool] = True
    needs_options: ClassVar[bool] = False
    needs_item: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"of": None, "shows": "text", "ties": False, "top": None, "shuffle": None}
    )

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type."""
        one_of(settings, "shows", SHOWS)
        flag(settings, "ties")
        of = None if settings["of"] is None else columns(settings)
        if settings["top"] is not None:
            whole(settings, "top", 1, (len(of) if of else MOST) - 1)
        shuffle = of is not None if settings["shuffle"] is None else flag(settings, "shuffle")
        return settings | {"of": of, "shuffle": shuffle}

    def fits(self, task: Task) -> None:
        """Refuse a task with columns and options, or with fewer than two candidates."""
        of = task.settings["of"]
        if of and task.options:
            raise SchemaError(f"a task of kind 'rank' has options or of=[…], and {task.name!r} has both: leave out one")
        if not of and not 2 <= len(task.offered) <= MOST:
            raise SchemaError(
                f"a task of kind 'rank' ranks 2 to {MOST} options, or the columns that of=[…] names, "
                f"and {task.name!r} has {len(task.offered)}"
            )

    def attributes(self, task: Task) -> tuple[str, ...]:
        """Return the names of the candidates, where they may be attributes."""
        return tuple(task.settings["of"] or ())

    def candidates(self, task: Task) -> Columns | None:
        """Return the columns of the candidates, unless they are options."""
        of = task.settings["of"]
        return None if of is None else Columns(tuple(of), task.settings["shows"])

    def check(self, task: Task, value: Any, item: ItemFacts) -> list[Any] | dict[str, Any]:
        """Return the candidates in order, options by id, with the order in which they stood where that is known."""
        given = mapping_of(task, value, _KEYS, "the value") if isinstance(value, Mapping) else {"ranking": value}
        ranking = self._ranking(task, given.get("ranking"), item)
        shown = _stood(task, given.get("shown"), _flat(ranking))
        return ranking if shown is None else {"ranking": ranking, "shown": shown}

    def _ranking(self, task: Task, value: object, item: ItemFacts) -> list[Any]:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise LabelError(f"{task.name!r} takes a list, the best first, and {str(value)[:80]!r} is none")
        order = _candidates(task)
        groups = [[_known(task, one) for one in _even(task, group)] for group in value[: MOST + 1]]
        ranked = [one for group in groups for one in group]
        twice = next((one for one in ranked if ranked.count(one) > 1), None)
        if twice is not None:
            raise LabelError(f"{task.name!r}: {twice!r} is there twice: leave it where it belongs")
        _complete(task, ranked, item)
        return [group[0] if len(group) == 1 else sorted(group, key=order.index) for group in groups]

    def answer(self, value: Any) -> Any:
        """Return the candidates in order, without that in which they stood."""
        return value["ranking"] if isinstance(value, Mapping) else value

    def truth(self, value: Any) -> Any:
        """Return the candidates in order, without that in which they stood."""
        return self.answer(value)

    def used(self, value: Any) -> frozenset[str]:
        """Return the candidates that have a place."""
        return frozenset(_flat(self.answer(value)))

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return what the options have become, each where the better of two stood."""
        if isinstance(value, Mapping):
            shown = list(dict.fromkeys(into.get(one, one) for one in value["shown"]))
            return {**value, "ranking": self.merged(task, value["ranking"], into), "shown": shown}
        if not self.used(value) & set(into):
            return value
        seen: set[str] = set()
        groups = []
        for group in value:
            became = dict.fromkeys(into.get(one, one) for one in ([group] if isinstance(group, str) else group))
            fresh = [one for one in became if one not in seen]
            seen.update(fresh)
            groups += [fresh[0] if len(fresh) == 1 else fresh] if fresh else []
        return groups

    def words(self, task: Task, value: Any) -> str:
        """Return the candidates' names, the best first."""
        names = task.names()
        groups = [[group] if isinstance(group, str) else group for group in self.answer(value)]
        line = " > ".join(" = ".join(names.get(one, one) for one in group) for group in groups)
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _candidates(task: Task) -> list[str]:
    return task.settings["of"] or [option.id for option in task.options]


def _flat(value: Sequence[Any]) -> list[str]:
    return [one for group in value for one in ([group] if isinstance(group, str) else group)]


def _even(task: Task, group: object) -> Sequence[Any]:
    if isinstance(group, str):
        return [group]
    if not isinstance(group, Sequence) or isinstance(group, bytes) or not group:
        raise LabelError(f"{task.name!r} takes names, or lists of those that are even, not {str(group)[:80]!r}")
    if len(group) > 1 and not task.settings["ties"]:
        raise LabelError(f"{task.name!r} takes no ties, and {str(list(group))[:80]} is one: say which is better")
    return group[: MOST + 1]


def _known(task: Task, one: object) -> str:
    of = task.settings["of"]
    if of is None:
        return chosen(task.name, task.options, one)
    if not isinstance(one, str) or one not in of:
        raise LabelError(f"{str(one)[:80]!r} is no candidate of {task.name!r}, which has {', '.join(of)}")
    return one


def _stood(task: Task, shown: object, ranked: Sequence[str]) -> list[str] | None:
    """Return the order in which candidates stood; one that was retired since may be among them."""
    if shown is None:
        return None
    order = list(shown) if isinstance(shown, Sequence) and not isinstance(shown, str | bytes) else []
    known = all(isinstance(one, str) and one in _candidates(task) for one in order)
    if not known or len(set(order)) < len(order) or not set(ranked) <= set(order):
        raise LabelError(
            f"{task.name!r}: shown is {str(shown)[:80]!r}: it names each candidate once, in the order in which they "
            "stood; leave it out if unknown"
        )
    return order


def _complete(task: Task, ranked: Sequence[str], item: ItemFacts) -> None:
    there = [option.id for option in task.offered]
    if task.settings["of"]:
        there = present(task, item) if item is not UNKNOWN else list(ranked)
    strange = next((one for one in ranked if one not in there), None)
    if strange is not None or not there:
        raise missing(task, item) if item is not UNKNOWN else LabelError(f"{task.name!r} takes no empty list")
    top = task.settings["top"]
    wanted = len(there) if top is None else min(top, len(there))
    if len(ranked) < wanted:
        left = ", ".join(repr(one) for one in there if one not in ranked)
        raise LabelError(f"{task.name!r} ranks {wanted} of {len(there)}, and {left} wait for a place: rank them")
    if top is not None and len(ranked) > wanted and not task.settings["ties"]:
        raise LabelError(f"{task.name!r} ranks the best {wanted}, and this ranks {len(ranked)}: leave out the others")
