"""Takes the acts of a message in, and says of each whether it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nbtools.dataset.inbox import Batch, Known, TryLaterError
from nbtools.dataset.person import Person
from nbtools.dataset.views import current_of
from nbtools.errors import DatasetError, LabelError, NotSavedError
from nbtools.labels.act import Act
from nbtools.labels.current import distinct, resolve
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts
from nbtools.labels.suggestion import Suggestion
from nbtools.labels.task import Task

_REMEMBERED = 10_000


class Answering:
    """Takes acts in for as long as a session lasts, and acknowledges them.

    Parameters
    ----------
    known : Known
        Where items and acts are found.
    append : callable
        Puts acts on the disk, or raises NotSavedError.
    follow : callable
        Brings what is known up to date with what was appended.
    facts : callable
        What a value can be checked against, of an item as `known` returns it.
    suggestion : callable
        What was proposed for an item in a table, by their ids; None where nothing was.
    why : callable
        Why an item was shown, by its id.
    """

    def __init__(
        self,
        known: Known,
        append: Callable[[Sequence[Act]], None],
        follow: Callable[[], None],
        facts: Callable[[Any], ItemFacts] = lambda _: UNKNOWN,
        suggestion: Callable[[str, str], Suggestion | None] = lambda _item, _table: None,
        why: Callable[[str], Any] = lambda _: None,
    ) -> None:
        self._known = known
        self._append = append
        self._follow = follow
        self._facts = facts
        self._suggestion = suggestion
        self._why = why
        self._refused: dict[str, None] = {}

    def take(
        self,
        acts: Sequence[Mapping[str, Any]],
        task: Task,
        schema: Callable[[int], Task | None],
        who: Person,
    ) -> list[dict[str, Any]]:
        """Take acts; those that are saved are on the disk on return.

        Parameters
        ----------
        acts : sequence of mapping
            As they came from the front end.
        task : Task
            What is labeled.
        schema : callable
            The task as it was at an earlier schema, by number.
        who : Person
            Who labels.

        Returns
        -------
        list of dict
            One acknowledgement per act, in order.
        """
        if who.name is None or who.identity is None:
            why = "nobody has said yet who is labeling: give your name first"
            return [_refusal(message, why, final=False) for message in acts]
        known, refused = self._known, set(self._refused)
        about = self._facts, self._suggestion, self._why
        batch = Batch(known, schema, task, who.name, who.identity, refused, *about)
        outcomes = [self._taken(batch, message) for message in acts]
        reason = self._kept(batch.new)
        self._follow()
        return [self._answered(batch, outcome, reason) for outcome in outcomes]

    def _taken(self, batch: Batch, message: Mapping[str, Any]) -> dict[str, Any] | tuple[Act, bool]:
        try:
            return batch.take(message)
        except TryLaterError as error:
            return _refusal(message, str(error), final=False)
        except LabelError as error:
            refusal = _refusal(message, str(error), final=True)
            self._refused[refusal["act"]] = None
            batch.refused.add(refusal["act"])
            if len(self._refused) > _REMEMBERED:
                del self._refused[next(iter(self._refused))]
            return refusal

    def _kept(self, new: Sequence[Act]) -> str | None:
        try:
            self._append(new)
        except NotSavedError as error:
            return str(error.strerror or error)
        return None

    def _answered(self, batch: Batch, outcome: dict[str, Any] | tuple[Act, bool], reason: str | None) -> dict[str, Any]:
        if isinstance(outcome, dict):
            return outcome
        act, duplicate = outcome
        if reason is not None and act in batch.new:
            return {"act": act.act, "saved": False, "final": False, "why": reason}
        acts = self._stored(batch, act)
        resolution = resolve(acts.values())
        off = any(one.act == act.act for one in resolution.conflicts)
        said = {"act": act.act, "saved": True, "current": current_of(acts)}
        return said | ({"duplicate": True} if duplicate else {}) | ({"conflict": True} if off else {})

    def _stored(self, batch: Batch, act: Act) -> dict[str, Act]:
        item = act.item or ""
        try:
            stored = distinct(self._known.acts(batch.task.name, item, batch.annotator))
        except DatasetError:
            stored = {}
        return stored if act.act in stored else batch.acts(item)


def _refusal(message: Mapping[str, Any], why: str, *, final: bool) -> dict[str, Any]:
    return {"act": str(message.get("act"))[:64], "saved": False, "final": final, "why": why}
